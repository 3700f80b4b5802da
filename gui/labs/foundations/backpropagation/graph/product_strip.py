"""Products of a step, painted: upstream times local makes what is passed back, each as a number or a small grid, an equation
for each input; after them what has come together at a leaf that is read more than once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import MINUS, TIMES
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.backpropagation.graph.number_plates import LINE_PX, NumberPlate, paint_plate, plate_of
from gui.shell.theme import THEME, font, theme
from gui.widgets.stack.stack_painting import measure_of

ARITHMETIC = (TIMES, "+", MINUS, "/", "^")
HEAD_PX, TEXT_PX, GAP_PX, LINE_GAP_PX = 12, 13, 8.0, 8.0
NOTE_LINE_PX = 16.0
SMALLEST = 0.75  # scale of an equation that is wider than the place
BESIDE_PX = 30.0  # between two equations in one line


class ProductPart(NamedTuple):
    """A number or a grid with its name below ("upstream"), or a sign between two of them."""

    value: RealArray | None = None
    note: str = ""
    sign: str = ""
    back: bool = False  # a gradient: in the colour of what goes back


class ProductLine(NamedTuple):
    """One equation, led by the name of what it is of."""

    head: str
    parts: tuple[ProductPart, ...]


class _Placed(NamedTuple):
    x: float
    width: float
    plate: NumberPlate | None
    part: ProductPart


class _Equation(NamedTuple):
    head: str
    placed: tuple[_Placed, ...]  # from the equation's left end
    head_width: float
    width: float
    height: float
    notes: float


class ProductStrip(QWidget):
    """`show_lines` shows the equations, beside each other where there is room; as wide and high as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[ProductLine, ...] = ()
        self._room = 400
        self._scale = 1.0
        self._laid: list[tuple[float, float, _Equation]] = []
        self._size = QSize(10, 10)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_lines(self, lines: Sequence[ProductLine]) -> None:
        self._lines = tuple(lines)
        self._lay_out()

    def set_room(self, width: int) -> None:
        """How wide the place is."""
        if width != self._room:
            self._room = width
            self._lay_out()

    @property
    def lines(self) -> tuple[ProductLine, ...]:
        return self._lines

    def sizeHint(self) -> QSize:
        return self._size

    def _lay_out(self) -> None:
        self._laid, x, top, row, widest = [], 0.0, 0.0, 0.0, 10.0
        for line in self._lines:
            equation = _equation(line)
            if x and x + equation.width > self._room:
                x, top, row = 0.0, top + row + LINE_GAP_PX, 0.0
            self._laid.append((x, top, equation))
            widest = max(widest, x + equation.width)
            x += equation.width + BESIDE_PX
            row = max(row, equation.height + equation.notes)
        self._scale = min(max(self._room / (widest + 2), SMALLEST), 1.0)
        self._size = QSize(int((widest + 2) * self._scale), int((max(top + row, 10.0) + 2) * self._scale))
        self.setFixedSize(self._size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        for left, top, equation in self._laid:
            painter.setFont(font(HEAD_PX, bold=True))
            painter.setPen(now.text)
            place = QRectF(left, top, equation.head_width + GAP_PX, equation.height)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, equation.head)
            for each in equation.placed:
                colour = now.accent if each.part.back else now.text
                _paint(painter, each._replace(x=left + each.x), top, equation.height, colour)


def _equation(line: ProductLine) -> _Equation:
    head = measure_of(HEAD_PX, True).horizontalAdvance(line.head)
    x, height, placed = head + GAP_PX if head else 0.0, LINE_PX, []
    for before, part in zip((ProductPart(), *line.parts), line.parts, strict=False):
        plate = plate_of(part.value, behind_sign=before.sign in ARITHMETIC) if part.value is not None else None
        width = plate.width if plate is not None else measure_of(TEXT_PX).horizontalAdvance(part.sign)
        width = max(width, measure_of(HEAD_PX - 1).horizontalAdvance(part.note) if part.note else 0.0)
        placed.append(_Placed(x, width, plate, part))
        x += width + GAP_PX
        height = max(height, plate.height if plate is not None else 0.0)
    notes = NOTE_LINE_PX if any(part.note for part in line.parts) else 0.0
    return _Equation(line.head, tuple(placed), head, x - GAP_PX, height, notes)


def _paint(painter: QPainter, each: _Placed, top: float, height: float, colour: QColor) -> None:
    now = theme()
    if each.plate is None:
        painter.setFont(font(TEXT_PX))
        painter.setPen(now.muted)
        painter.drawText(QRectF(each.x, top, each.width, height), Qt.AlignmentFlag.AlignCenter, each.part.sign)
    else:
        left = each.x + (each.width - each.plate.width) / 2
        paint_plate(painter, each.plate, left, top + (height - each.plate.height) / 2, colour)
    if each.part.note:
        painter.setFont(font(HEAD_PX - 1))
        painter.setPen(now.muted)
        place = QRectF(each.x, top + height - 1, each.width, NOTE_LINE_PX)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, each.part.note)
