"""What the signs of the decision boundary mean: a shape and a colour for each class, and the signs of the points and lines.

Called by the page of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import viridis
from engine.figures import measured
from gui.shell.theme import THEME, font, theme
from gui.widgets.maps.colour_legend import strip_of

ROW_PX, SIGN_PX, SIDE_PX = 19, 20, 4.0
WIDE_PX, STRIP_PX = 104, 36
MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

PaintedSign: TypeAlias = Callable[[QPainter, QPointF], None]


class PlaneLegend(QWidget):
    """A column of signs with a word each; `show_classes` says what there is. Those that have no room are left out, the last
    ones first, and stand in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._ends: tuple[float, float] | None = None
        self._has_units = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(WIDE_PX)
        THEME.changed.connect(self.update)

    def show_classes(self, classes: tuple[str, ...], *, units: bool) -> None:
        """`units`: whether there are lines of them."""
        if (classes, None, units) != (self._classes, self._ends, self._has_units):
            self._classes, self._ends, self._has_units = classes, None, units
            self._tell()

    def show_numbers(self, ends: tuple[float, float], *, units: bool) -> None:
        """The same for a regression, whose colours go from the one of `ends` to the other."""
        if ((), ends, units) != (self._classes, self._ends, self._has_units):
            self._classes, self._ends, self._has_units = (), ends, units
            self._tell()

    def sizeHint(self) -> QSize:
        return QSize(WIDE_PX, 6 * ROW_PX)

    def _tell(self) -> None:
        self.setToolTip("\n".join(text for _, text in self.entries()))
        self.setAccessibleDescription(", ".join(text for _, text in self.entries()))
        self.update()

    def entries(self) -> list[tuple[PaintedSign, str]]:
        """The signs and what they mean, the most important first."""
        from gui.plots.matrices.plane_plot import class_colour, class_corners

        found: list[tuple[PaintedSign, str]] = []
        for number, name in enumerate(self._classes):
            found.append(
                (_shape(class_corners(number).tolist(), class_colour(number)), self.tr("class {name}").format(name=name))
            )
        if self._ends is not None:
            low, high = (measured(end, 3) for end in self._ends)
            found.append((_strip, f"{low} … {high}"))
        if self._classes:
            found.append((_cross, self.tr("wrong")))
        found.append((_dot(filled=True), self.tr("training")))
        found.append((_dot(filled=False), self.tr("validation")))
        if self._classes:
            boundary = "p = 0.5" if len(self._classes) == 2 else self.tr("boundary")
            found.append((_line(width=2.0, dashed=False), boundary))
        if self._has_units:
            found.append((_line(width=1.0, dashed=True), self.tr("unit's line")))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(11))
        measure = painter.fontMetrics()
        for row, (sign, text) in enumerate(self.entries()[: max(self.height() // ROW_PX, 1)]):
            lead = STRIP_PX + 6 if sign is _strip else SIGN_PX
            sign(painter, QPointF(0, row * ROW_PX + ROW_PX / 2))
            painter.setPen(theme().muted)
            room = QRectF(lead, row * ROW_PX, self.width() - lead, ROW_PX)
            painter.drawText(room, MIDDLE, measure.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._tell()


def _shape(corners: Sequence[Sequence[float]], colour: QColor) -> PaintedSign:
    def paint(painter: QPainter, at: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        centre = at + QPointF(SIGN_PX / 2 - 2, 0)
        painter.drawPolygon(QPolygonF([centre + QPointF(SIDE_PX * x, -SIDE_PX * y) for x, y in corners]))

    return paint


def _dot(*, filled: bool) -> PaintedSign:
    def paint(painter: QPainter, at: QPointF) -> None:
        now = theme()
        painter.setPen(QPen(now.muted, 1.8))
        painter.setBrush(now.muted if filled else now.panel)
        painter.drawEllipse(at + QPointF(SIGN_PX / 2 - 2, 0), SIDE_PX - 1, SIDE_PX - 1)

    return paint


def _cross(painter: QPainter, at: QPointF) -> None:
    centre = at + QPointF(SIGN_PX / 2 - 2, 0)
    painter.setPen(QPen(theme().text, 1.8))
    for way in (-1, 1):
        painter.drawLine(QLineF(centre + QPointF(-SIDE_PX, -SIDE_PX * way), centre + QPointF(SIDE_PX, SIDE_PX * way)))


def _line(*, width: float, dashed: bool) -> PaintedSign:
    def paint(painter: QPainter, at: QPointF) -> None:
        pen = QPen(theme().text, width)
        if dashed:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QLineF(at, at + QPointF(SIGN_PX - 4, 0)))

    return paint


def _strip(painter: QPainter, at: QPointF) -> None:
    strip: QImage = strip_of(viridis())
    painter.drawImage(QRectF(at.x(), at.y() - 4, STRIP_PX, 8), strip)
