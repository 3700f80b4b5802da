"""A grid of numbers and colours, drawn to scale: an input with its padding, a filter, a part of an output.

It shows a `Sheet`, the part of something larger that is in view (the lens), and says which cell the pointer or the keyboard is
at. Its owner decides what that means, where the lens moves and which cells light up. A cell is (row, column) in the owner's
coordinates; cells of the padding have negative ones.

Numbers, colours and hatches are painted once into a picture (`grid_painting`); a frame costs that picture and the lit cells.
Called by the labs' views of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, theme
from gui.widgets.figures.written_numbers import number_text
from gui.widgets.grids import grid_painting
from gui.widgets.grids.grid_editing import NOTCH, GridEditing, Notches
from gui.widgets.grids.grid_painting import LEAST_TEXT_PX, cell_rect, grid_size
from gui.widgets.grids.sheet import GridCell, Sheet, cell_text


class NumberGrid(QWidget):
    """`set_sheet` shows a sheet with cells of so many pixels, `set_lit` lights some of its cells.

    Arrow keys go from cell to cell (Home and End along the row), Enter pins, Escape frees. The wheel and a drag move the lens;
    the wheel with Ctrl zooms.

    In an editable grid a double click, F2 or the first digit opens a field over the cell; Alt with Up or Down, or Shift with
    the wheel, changes the number by a step. `typed` is a request: the owner answers it with a new sheet."""

    pointed = Signal(object)  # the cell under the cursor, or None
    walked = Signal(object)  # arrow keys went to this cell, which may be out of view
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
        self._notches = Notches()
        self._base: QPixmap | None = None
        self._figures: list[str] = []
        self._editing: GridEditing | None = None
        THEME.changed.connect(self._forget_base)

    # --- what is shown

    def set_sheet(self, sheet: Sheet, px: int) -> None:
        """Show `sheet` with cells that are `px` pixels high. Only a new object is a new sheet."""
        if sheet is self._sheet and px == self._px:
            return
        self._sheet, self._px = sheet, px
        self.resize(grid_size(sheet, px))
        if self._current is None or not self._inside(self._current):
            self._current = sheet.first
        self._forget_base()
        self._describe()
        if self._editing is not None:
            self._editing.show_sheet(sheet, px)

    def set_lit(self, cells: Iterable[GridCell], mark: GridCell | None = None, echoes: Iterable[GridCell] = ()) -> None:
        """Light `cells` in the window's colour; they belong to the cell `mark`. `echoes` are cells whose values are read at
        another place, through the padding: they get a dotted line."""
        lit = (frozenset(cells), mark, frozenset(echoes))
        if lit == (self._lit, self._mark, self._echoes):
            return
        self._lit, self._mark, self._echoes = lit
        if mark is not None:
            self._current = mark
        self._describe()
        self.update()

    @property
    def sheet(self) -> Sheet | None:
        return self._sheet

    @property
    def lit(self) -> frozenset[GridCell]:
        """The lit cells, including those out of view."""
        return self._lit

    @property
    def echoes(self) -> frozenset[GridCell]:
        return self._echoes

    @property
    def mark(self) -> GridCell | None:
        return self._mark

    @property
    def current(self) -> GridCell | None:
        """The cell that the keyboard is at."""
        return self._current

    def set_current(self, cell: GridCell) -> None:
        """Put the keyboard at a cell without emitting a signal."""
        self._current = cell
        self._describe()
        self.update()

    def set_editable(self, editable: bool, limit: float = 1e6) -> None:
        """Let numbers between −`limit` and `limit` be typed into the cells, or not."""
        if self._editing is not None:
            self._editing.close_up()
            self._editing.deleteLater()
        self._editing = GridEditing(self, limit) if editable else None
        if self._editing is not None:
            self._editing.typed.connect(self.typed)
            self._editing.went_to.connect(self.set_current)
            if self._sheet is not None:
                self._editing.show_sheet(self._sheet, self._px)
        self._describe()

    @property
    def editing(self) -> GridEditing | None:
        """The editing of its numbers; None in a grid that is not editable."""
        return self._editing

    @property
    def cell_px(self) -> int:
        return self._px

    @property
    def figures(self) -> list[str]:
        """The numbers in the cells as they are painted, row by row; none where the cells are too small for them."""
        self._painted_base()
        return self._figures

    def place(self, cell: GridCell) -> QRect:
        """The place of a cell of the sheet."""
        assert self._sheet is not None
        return cell_rect(self._sheet, cell, self._px)

    def cell_at(self, point: QPointF) -> GridCell | None:
        if self._sheet is None or point.x() < 0 or point.y() < 0:
            return None
        first, wide = self._sheet.first, self._px + self._sheet.wider_px
        cell = (first[0] + int(point.y()) // self._px, first[1] + int(point.x()) // wide)
        return cell if self._sheet.holds(cell) else None

    def sizeHint(self) -> QSize:
        return QSize(1, 1) if self._sheet is None else grid_size(self._sheet, self._px)

    def _inside(self, cell: GridCell) -> bool:
        assert self._sheet is not None
        top, left, bottom, right = self._sheet.extent
        return top <= cell[0] < bottom and left <= cell[1] < right

    def _describe(self) -> None:
        """Tell screen readers the cell that the keyboard is at, and its value."""
        if self._sheet is None or self._current is None or not self._sheet.holds(self._current):
            self.setAccessibleDescription("")
            return
        text = f"{cell_text(self._current)} = {number_text(self._sheet.value(self._current))}"
        if self._sheet.is_padding(self._current):
            text += ", " + self.tr("padding")
        elif self._editing is not None:
            text += ", " + self.tr("type a number to change it")
        self.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sheet is None:
            return
        painter, px = QPainter(self), self._px
        painter.drawPixmap(0, 0, self._painted_base())
        echoes, lit = self._places(self._echoes), self._places(self._lit)
        if echoes:
            grid_painting.paint_echoes(painter, echoes, px)
        if lit and len(lit) == self._sheet.values_HW.size:
            grid_painting.paint_all_lit(painter, self.rect())
        elif lit:
            grid_painting.paint_lit(painter, lit, px)
        if self._mark is not None and self._sheet.holds(self._mark):
            grid_painting.paint_mark(painter, self.place(self._mark), px)
        if self.hasFocus():
            self._paint_focus(painter, self._sheet)

    def _places(self, cells: Iterable[GridCell]) -> list[QRect]:
        assert self._sheet is not None
        return [self.place(cell) for cell in cells if self._sheet.holds(cell)]

    def _paint_focus(self, painter: QPainter, sheet: Sheet) -> None:
        accent = theme().accent
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._current is not None and self._current != self._mark and sheet.holds(self._current):
            painter.setPen(QPen(accent, 2))
            painter.drawRect(self.place(self._current).adjusted(1, 1, 0, 0))

    def _forget_base(self) -> None:
        self._base = None
        self.update()

    def _painted_base(self) -> QPixmap:
        """A picture of all that stays while cells light up."""
        if self._base is None and self._sheet is not None:
            ratio = self.devicePixelRatioF()
            self._base = QPixmap(grid_size(self._sheet, self._px) * ratio)
            self._base.setDevicePixelRatio(ratio)
            self._base.fill(theme().panel)
            painter = QPainter(self._base)
            self._figures = grid_painting.paint_base(painter, self._sheet, self._px)
            painter.end()
        return self._base or QPixmap(1, 1)

    # --- what the user does

    def _point(self, cell: GridCell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.pointed.emit(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and self._sheet is not None and event.buttons() & Qt.MouseButton.LeftButton:
            start, moved = self._grip
            drag = start - event.position()
            goal = (round(drag.y() / self._px), round(drag.x() / (self._px + self._sheet.wider_px)))
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
            if notches := self._notches.turn(turned.y()):
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
        """Whether only a part of the whole is in view."""
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
