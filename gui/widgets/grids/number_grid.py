"""A grid of numbers and colours, drawn to scale: an input with its padding, a filter, a piece of an output.

It paints a `Sheet`, the part of something larger that is in view (the lens), and says which cell the hand or the keyboard is
on. What that means, where the lens goes and which cells light up is its owner's matter. Cells are named by (row, column) in the
owner's coordinates, so cells of the padding have negative ones.

The numbers, colours and hatches are painted once into a picture of their own; a frame while something is lit costs that
picture and the lit cells. Called by the convolution lab's scene.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme
from gui.widgets.grids.grid_editing import GridEditing
from gui.widgets.grids.sheet import GridCell, Sheet, texts

LEAST_TEXT_PX = 18  # a smaller cell is colour alone
LINED_PX = 6  # a smaller cell has no line around it
NOTCH = 120  # of a mouse wheel
_FONTS = ((18, 9), (21, 10), (26, 11), (34, 12), (42, 13), (56, 15))  # from so large a cell: so large figures


class NumberGrid(QWidget):
    """`set_sheet` says what is in view and how many pixels a cell has; `set_lit` which cells are lit.

    Arrow keys walk from cell to cell (Home and End along the row), Enter pins, Escape frees; the wheel and a drag move the
    lens, with Ctrl the wheel zooms.

    Where it is editable, a double click, F2 or the first digit opens a field over the cell; Alt with Up or Down, or Shift with
    the wheel, nudges the number. `typed` is a wish: the owner makes a new sheet of it."""

    pointed = Signal(object)  # the cell under the cursor, or None
    walked = Signal(object)  # arrow keys went to this cell, perhaps out of view
    pinned = Signal(object)  # a click or Enter on this cell
    freed = Signal()  # Escape
    shifted = Signal(int, int)  # the lens is to move by (rows, columns)
    zoomed = Signal(int)  # so many notches nearer; negative: farther
    typed = Signal(object, float)  # this cell is to hold this number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._sheet: Sheet | None = None
        self._px = LEAST_TEXT_PX
        self._lit: frozenset[GridCell] = frozenset()
        self._echoes: frozenset[GridCell] = frozenset()
        self._mark: GridCell | None = None
        self._current: GridCell | None = None
        self._hovered: GridCell | None = None
        self._grip: tuple[QPointF, GridCell] | None = None  # where a drag began, and how far it has moved the lens
        self._turned = 0
        self._base: QPixmap | None = None
        self._drawn: list[str] = []
        self._editing: GridEditing | None = None
        THEME.changed.connect(self._forget_base)

    # --- what is shown

    def set_sheet(self, sheet: Sheet, px: int) -> None:
        """Show `sheet` with cells of `px` pixels. Only a new object is a new sheet."""
        if sheet is self._sheet and px == self._px:
            return
        self._sheet, self._px = sheet, px
        self.resize(self.size_for(sheet, px))
        if self._current is None or not self._inside(self._current):
            self._current = sheet.first
        self._forget_base()
        self._describe()
        if self._editing is not None:
            self._editing.settle()

    @staticmethod
    def size_for(sheet: Sheet, px: int) -> QSize:
        return QSize(sheet.columns * px + 1, sheet.rows * px + 1)

    def set_lit(self, cells: Iterable[GridCell], mark: GridCell | None = None, echoes: Iterable[GridCell] = ()) -> None:
        """Light these cells in the window's colour; `mark` is the one that it is about. `echoes` are cells whose values are
        read at another place, through the padding: they get a broken line."""
        lit, echo = frozenset(cells), frozenset(echoes)
        if (lit, mark, echo) == (self._lit, self._mark, self._echoes):
            return
        self._lit, self._mark, self._echoes = lit, mark, echo
        if mark is not None:
            self._current = mark
        self._describe()
        self.update()

    @property
    def sheet(self) -> Sheet | None:
        return self._sheet

    @property
    def lit(self) -> frozenset[GridCell]:
        """The lit cells, those out of view included."""
        return self._lit

    @property
    def echoes(self) -> frozenset[GridCell]:
        return self._echoes

    @property
    def mark(self) -> GridCell | None:
        return self._mark

    @property
    def current(self) -> GridCell | None:
        """The cell that the keyboard is on."""
        return self._current

    def set_current(self, cell: GridCell) -> None:
        """Put the keyboard on a cell; nothing is emitted."""
        self._current = cell
        self._describe()
        self.update()

    def set_editable(self, editable: bool, limit: float = 1e6) -> None:
        """Whether numbers between −`limit` and `limit` can be typed into the cells."""
        if self._editing is not None:
            self._editing.close_up()
            self._editing.deleteLater()
        self._editing = GridEditing(self, limit) if editable else None
        self._describe()

    @property
    def editing(self) -> GridEditing | None:
        """What can be done to its numbers; None: nothing."""
        return self._editing

    @property
    def cell_px(self) -> int:
        return self._px

    @property
    def figures(self) -> list[str]:
        """The numbers that stand in the cells, row by row; empty where cells are too small for them."""
        self._painted_base()
        return self._drawn

    def place(self, cell: GridCell) -> QRect:
        """Where a cell of the sheet stands."""
        assert self._sheet is not None
        row, column = cell[0] - self._sheet.first[0], cell[1] - self._sheet.first[1]
        return QRect(column * self._px, row * self._px, self._px, self._px)

    def cell_at(self, point: QPointF) -> GridCell | None:
        if self._sheet is None or point.x() < 0 or point.y() < 0:
            return None
        cell = (self._sheet.first[0] + int(point.y()) // self._px, self._sheet.first[1] + int(point.x()) // self._px)
        return cell if self._sheet.holds(cell) else None

    def sizeHint(self) -> QSize:
        return QSize(1, 1) if self._sheet is None else self.size_for(self._sheet, self._px)

    def _inside(self, cell: GridCell) -> bool:
        assert self._sheet is not None
        top, left, bottom, right = self._sheet.extent
        return top <= cell[0] < bottom and left <= cell[1] < right

    def _describe(self) -> None:
        """What a screen reader says: the cell that the keyboard is on, and its value."""
        if self._sheet is None or self._current is None or not self._sheet.holds(self._current):
            self.setAccessibleDescription("")
            return
        row, column = self._current
        padding = self._sheet.padding_HW
        where = (row - self._sheet.first[0], column - self._sheet.first[1])
        text = f"({row}, {column}) = {texts(self._sheet.values_HW[where].reshape(1), 4)[0]}"
        if padding is not None and padding[where]:
            text += ", " + self.tr("padding")
        elif self._editing is not None:
            text += ", " + self.tr("type a number to change it")
        self.setAccessibleDescription(text)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sheet is None:
            return
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted_base())
        now = theme()
        echoes = [self.place(cell).adjusted(2, 2, -1, -1) for cell in self._echoes if self._sheet.holds(cell)]
        if echoes:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.window, 1 if self._px < 12 else 2, Qt.PenStyle.DotLine))
            painter.drawRects(echoes)
        lit = [self.place(cell) for cell in self._lit if self._sheet.holds(cell)]
        if lit and len(lit) == self._sheet.values_HW.size:  # all of them: one frame says it
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.window, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        elif lit:
            self._paint_lit(painter, lit, now.window)
        if self._mark is not None and self._sheet.holds(self._mark):
            place = self.place(self._mark).adjusted(0, 0, 1, 1)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if self._px >= 12:
                painter.setPen(QPen(_SHADE, 1))
                painter.drawRect(place.adjusted(3, 3, -4, -4))
            painter.setPen(QPen(now.window, 3 if self._px >= 12 else 2))
            painter.drawRect(place.adjusted(1, 1, -2, -2) if self._px >= 12 else place)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            if self._current is not None and self._current != self._mark and self._sheet.holds(self._current):
                painter.setPen(QPen(now.accent, 2))
                painter.drawRect(self.place(self._current).adjusted(1, 1, 0, 0))

    def _paint_lit(self, painter: QPainter, places: list[QRect], colour: QColor) -> None:
        if self._px < LINED_PX:
            tint = QColor(colour)
            tint.setAlpha(150)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRects(places)
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._px >= 12:  # amber on yellow needs a shade beside it
            painter.setPen(QPen(_SHADE, 1))
            painter.drawRects([place.adjusted(2, 2, -2, -2) for place in places])
        painter.setPen(QPen(colour, 2 if self._px >= 12 else 1))
        painter.drawRects([place.adjusted(1, 1, 0, 0) for place in places])

    def _forget_base(self) -> None:
        self._base = None
        self.update()

    def _painted_base(self) -> QPixmap:
        """Colours, hatches, lines and figures: all that stays while cells light up."""
        if self._base is None and self._sheet is not None:
            ratio = self.devicePixelRatioF()
            size = self.size_for(self._sheet, self._px)
            self._base = QPixmap(size * ratio)
            self._base.setDevicePixelRatio(ratio)
            self._base.fill(theme().panel)
            painter = QPainter(self._base)
            self._paint_base(painter, self._sheet)
            painter.end()
        return self._base or QPixmap(1, 1)

    def _paint_base(self, painter: QPainter, sheet: Sheet) -> None:
        now, px = theme(), self._px
        across, down = sheet.columns * px, sheet.rows * px
        pixels = np.ascontiguousarray(sheet.pixels(now.panel.rgb()))
        image = QImage(pixels.data, sheet.columns, sheet.rows, 4 * sheet.columns, QImage.Format.Format_RGB32)
        painter.drawImage(QRect(0, 0, across, down), image)
        if sheet.padding_HW is not None:
            self._hatch(painter, sheet.padding_HW, now.line if sheet.padding_is_zero else now.muted, rising=True)
        if sheet.unread_HW is not None:
            self._hatch(painter, sheet.unread_HW, now.warn, rising=False)
        lines = []
        if px >= LINED_PX:
            lines = [QLineF(column * px, 0, column * px, down) for column in range(1, sheet.columns)]
            lines += [QLineF(0, row * px, across, row * px) for row in range(1, sheet.rows)]
            painter.setPen(QPen(now.line if self._pale(sheet) else now.panel, 1))
            painter.drawLines(lines)
        painter.setPen(QPen(now.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRect(0, 0, across, down))
        self._paint_edited(painter, sheet)
        self._paint_figures(painter, sheet, pixels)

    def _paint_edited(self, painter: QPainter, sheet: Sheet) -> None:
        """A small corner in the accent on cells that were set by hand."""
        side = min(8.0, max(3.0, self._px / 4))
        painter.setPen(QPen(theme().panel, 1))
        painter.setBrush(theme().accent)
        for cell in sheet.edited:
            if sheet.holds(cell):
                place = self.place(cell)
                x, y = place.x() + place.width(), place.y()
                painter.drawPolygon(QPolygonF([QPointF(x - side, y), QPointF(x, y), QPointF(x, y + side)]))

    @staticmethod
    def _pale(sheet: Sheet) -> bool:
        """Whether cells without a colour need lines that are seen on the panel."""
        return sheet.padding_HW is not None and sheet.padding_is_zero and bool(sheet.padding_HW.any())

    def _hatch(self, painter: QPainter, where: NDArray[np.bool_], colour: QColor, *, rising: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        brush = _hatching(colour, rising)
        for row, start, stop in _runs(where):
            painter.fillRect(QRect(start * self._px, row * self._px, (stop - start) * self._px, self._px), brush)

    def _paint_figures(self, painter: QPainter, sheet: Sheet, pixels: NDArray[np.uint32]) -> None:
        self._drawn = []
        if self._px < LEAST_TEXT_PX:
            return
        px = self._px
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        for decimals in (2, 1):
            found = texts(sheet.values_HW.ravel(), decimals)
            fitting = self._fitting_font(found)
            if fitting:
                break
        if not fitting:
            return
        self._drawn = found
        chosen = font(fitting)
        painter.setFont(chosen)
        measure = QFontMetricsF(chosen)
        advance = {letter: measure.horizontalAdvance(letter) for letter in set("".join(found))}
        baseline = (px + measure.capHeight()) / 2
        channels = pixels.view(np.uint8).reshape(-1, 4)
        dark_ground = (channels[:, 0] * 0.114 + channels[:, 1] * 0.587 + channels[:, 2] * 0.299) < 128
        pale = sheet.padding_HW.ravel() if sheet.padding_HW is not None else np.zeros(len(found), bool)
        now = theme()
        kinds = np.where(pale, 2, dark_ground)
        for kind, colour in ((0, DARK), (1, LIGHT), (2, now.muted if sheet.padding_is_zero else now.text)):
            painter.setPen(colour)
            for number in np.flatnonzero(kinds == kind).tolist():
                row, column = divmod(number, sheet.columns)
                text = found[number]
                wide = sum(advance[letter] for letter in text)
                painter.drawText(QPointF(column * px + (px + 1 - wide) / 2, row * px + baseline), text)

    def _fitting_font(self, found: list[str]) -> int:
        """The size of figures that the widest text leaves room for; 0: none."""
        usual = [size for least, size in _FONTS if self._px >= least]
        longest = sorted(set(found), key=len)[-4:]
        for size in reversed(usual[-2:]):
            measure = QFontMetricsF(font(size))
            if max(measure.horizontalAdvance(text) for text in longest) <= self._px - 3:
                return size
        return 0

    # --- what the user does

    def _point(self, cell: GridCell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.pointed.emit(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            start, moved = self._grip
            way = start - event.position()
            goal = (round(way.y() / self._px), round(way.x() / self._px))
            if goal != moved:
                self._grip = (start, goal)
                self.shifted.emit(goal[0] - moved[0], goal[1] - moved[1])
            return
        self._point(self.cell_at(event.position()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._point(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = (event.position(), (0, 0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._grip is None:
            return
        start, moved = self._grip
        self._grip = None
        cell = self.cell_at(event.position())
        if moved == (0, 0) and cell is not None and cell == self.cell_at(start):  # a drag is no click
            self._current = cell
            self.pinned.emit(cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None and self._editing is not None:
            self._editing.open(cell)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if self._editing is not None and self._editing.wheel(event, self.cell_at(event.position())):
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._turned += turned.y()
            notches = int(self._turned / NOTCH)
            self._turned -= notches * NOTCH
            if notches:
                self.zoomed.emit(notches)
            event.accept()
            return
        rows, columns = -round(turned.y() / NOTCH), -round(turned.x() / NOTCH)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            rows, columns = columns, rows
        if self._partial() and (rows or columns):
            self.shifted.emit(rows, columns)
            event.accept()
        else:
            event.ignore()

    def _partial(self) -> bool:
        """Whether there is more than what is in view."""
        if self._sheet is None:
            return False
        top, left, bottom, right = self._sheet.extent
        return self._sheet.rows < bottom - top or self._sheet.columns < right - left

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._sheet is None or self._current is None:
            super().keyPressEvent(event)
            return
        if self._editing is not None and self._editing.key(event, self._current):
            return
        top, left, bottom, right = self._sheet.extent
        row, column = self._current
        match event.key():
            case Qt.Key.Key_Left:
                column -= 1
            case Qt.Key.Key_Right:
                column += 1
            case Qt.Key.Key_Up:
                row -= 1
            case Qt.Key.Key_Down:
                row += 1
            case Qt.Key.Key_Home:
                column = left
            case Qt.Key.Key_End:
                column = right - 1
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.pinned.emit(self._current)
                return
            case Qt.Key.Key_Escape:
                self.freed.emit()
                return
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoomed.emit(1)
                return
            case Qt.Key.Key_Minus:
                self.zoomed.emit(-1)
                return
            case _:
                super().keyPressEvent(event)
                return
        goal = (min(max(row, top), bottom - 1), min(max(column, left), right - 1))
        if goal != self._current:
            self._current = goal
            self.walked.emit(goal)
            self._describe()
            self.update()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self._editing is not None:
            self._editing.follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._editing is not None:
            self._editing.close_up()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


DARK, LIGHT = QColor("#14171b"), QColor("#ffffff")  # figures on the maps' colours, which are the same in both themes
_SHADE = QColor(0, 0, 0, 70)
_HATCHES: dict[tuple[str, bool], QBrush] = {}
_HATCH_PX = 6


def _hatching(colour: QColor, rising: bool) -> QBrush:
    """Diagonal lines, six pixels apart."""
    key = (colour.name(), rising)
    if key not in _HATCHES:
        scale = 2
        tile = QPixmap(_HATCH_PX * scale, _HATCH_PX * scale)
        tile.setDevicePixelRatio(scale)
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1))
        for shift in (-_HATCH_PX, 0, _HATCH_PX):
            if rising:
                painter.drawLine(QPointF(shift - 1, _HATCH_PX + 1), QPointF(shift + _HATCH_PX + 1, -1))
            else:
                painter.drawLine(QPointF(shift - 1, -1), QPointF(shift + _HATCH_PX + 1, _HATCH_PX + 1))
        painter.end()
        _HATCHES[key] = QBrush(tile)
    return _HATCHES[key]


def _runs(where: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """(row, start, stop) of each run of neighbouring cells in a row."""
    edges = np.diff(np.pad(where, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, stops = np.nonzero(edges == -1)
    yield from zip(rows.tolist(), starts.tolist(), stops.tolist(), strict=True)
