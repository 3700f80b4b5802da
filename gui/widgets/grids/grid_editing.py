"""Editing the numbers of a grid: a field over a cell, and keys and the wheel that change a number by a step.

An editable `NumberGrid` passes its keys, wheel turns and double clicks on to a `GridEditing`. An edit is only a request: the
grid's owner answers it with a new sheet, perhaps later. Requests are remembered until then, so that quick steps add up.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.grids.cell_editor import CellEditor, written
from gui.widgets.grids.grid_painting import cell_rect
from gui.widgets.grids.sheet import GridCell, Sheet

NOTCH = 120  # what Qt calls one step of a mouse wheel
NUDGE = 0.1  # what one notch, or one key, adds to a number


class Notches:
    """Counts the whole steps of a wheel that turns smoothly."""

    def __init__(self) -> None:
        self._rest = 0

    def turn(self, delta: int) -> int:
        """The steps completed by turning the wheel on by `delta`; negative backwards."""
        self._rest += delta
        notches = int(self._rest / NOTCH)
        self._rest -= notches * NOTCH
        return notches


class GridEditing(QObject):
    """Belongs to one grid, which calls `show_sheet` for each new sheet. A double click, F2 or the first digit opens the field.
    Alt with Up or Down, or Shift with the wheel, changes the number by a step."""

    typed = Signal(object, float)  # this cell is to hold this number
    went_to = Signal(object)  # this cell is being edited: the keyboard goes there

    def __init__(self, grid: QWidget, limit: float) -> None:
        """Numbers lie between −`limit` and `limit`."""
        super().__init__(grid)
        self._grid = grid
        self._sheet: Sheet | None = None
        self._px = 1
        self._limit = limit
        self._cell: GridCell | None = None  # under the open field
        self._asked: tuple[GridCell, list[float]] | None = None  # a cell's number, and what was requested for it since
        self._notches = Notches()
        self._editor: CellEditor | None = None

    @property
    def editor(self) -> CellEditor | None:
        """The field, while it is open."""
        return self._editor if self._cell is not None else None

    @property
    def cell(self) -> GridCell | None:
        """The cell under the open field."""
        return self._cell

    def hint(self) -> str:
        """How a number is changed, for the grid's owner to say where it does not cover the cells."""
        return self.tr("Double-click a cell or type a number to change it. Shift+wheel or Alt+↑↓: ±0.1")

    def open(self, cell: GridCell, begun: str | None = None) -> None:
        """Open the field over a cell that is in view. It holds `begun`, the text typed so far, or else the cell's number."""
        if not self._changeable(cell):
            return
        self.went_to.emit(cell)
        self._cell = cell
        editor = self._made_editor()
        editor.setAccessibleName(self.tr("Number at ({row}, {column})").format(row=cell[0], column=cell[1]))
        text = written(self._wanted(cell)) if begun is None else begun
        editor.open(self._place(cell), text, self._limit, select=begun is None)

    def close_up(self) -> None:
        """Close the field and discard its text."""
        if self._editor is not None:
            self._editor.close_up()

    def follow(self) -> None:
        """Keep the open field over its cell; close it when the cell is no longer there."""
        if self._cell is None or self._editor is None:
            return
        if self._changeable(self._cell):
            self._editor.cover(self._place(self._cell))
        else:
            self._editor.close_up()

    def show_sheet(self, sheet: Sheet, px: int) -> None:
        """The grid shows a new sheet with cells of `px` pixels. Requests are forgotten, unless the sheet answers one before the
        last: then more sheets follow."""
        self._sheet, self._px = sheet, px
        self.follow()
        if self._asked is None:
            return
        cell, values = self._asked
        if sheet.holds(cell):
            shown = np.float32(sheet.value(cell))
            if shown != np.float32(values[-1]) and any(shown == np.float32(value) for value in values):
                return
        self._asked = None

    # --- events of the grid

    def key(self, event: QKeyEvent, cell: GridCell) -> bool:
        """Take a key that begins or makes an edit of the cell `cell`. Returns False for any other key."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._nudge(cell, 1 if event.key() == Qt.Key.Key_Up else -1)
            return True
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return False
        if event.key() == Qt.Key.Key_F2:
            self.open(cell)
            return True
        text = event.text()
        if len(text) == 1 and text in "0123456789-−.":
            self.open(cell, text)
            return True
        return False

    def wheel(self, event: QWheelEvent, cell: GridCell | None) -> bool:
        """Take a wheel turn with Shift over `cell`. Returns False without Shift."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        turned = event.angleDelta()
        notches = self._notches.turn(turned.y() or turned.x())  # some systems turn the wheel sideways with Shift
        if notches and cell is not None:
            self._nudge(cell, notches)
        event.accept()
        return True

    # --- inside

    def _changeable(self, cell: GridCell) -> bool:
        """Whether the cell is in view and not padding."""
        return self._sheet is not None and self._sheet.holds(cell) and not self._sheet.is_padding(cell)

    def _nudge(self, cell: GridCell, notches: int) -> None:
        if not self._changeable(cell):
            return
        value = round(self._wanted(cell) + notches * NUDGE, 7)  # no 0.30000000000000004
        self.went_to.emit(cell)
        self._ask(cell, min(max(value, -self._limit), self._limit))

    def _wanted(self, cell: GridCell) -> float:
        """The number of a cell, or the last request for it that no sheet has answered yet."""
        if self._asked is not None and self._asked[0] == cell:
            return self._asked[1][-1]
        assert self._sheet is not None
        return self._sheet.value(cell)

    def _ask(self, cell: GridCell, value: float) -> None:
        if np.float32(value) == np.float32(self._wanted(cell)):
            return
        before = self._asked[1] if self._asked is not None and self._asked[0] == cell else [self._wanted(cell)]
        self._asked = (cell, [*before, value])
        self.typed.emit(cell, value)

    def _made_editor(self) -> CellEditor:
        """The field. It is a child of the grid's parent, where it has room even over a grid of one cell."""
        parent = self._grid.parentWidget() or self._grid
        if self._editor is None:
            self._editor = CellEditor(parent)
            self._editor.taken.connect(self._taken)
            self._editor.passed_on.connect(self._passed_on)
            self._editor.left.connect(self._left)
            self.destroyed.connect(self._editor.deleteLater)
        elif self._editor.parentWidget() is not parent:
            self._editor.setParent(parent)
        return self._editor

    def _place(self, cell: GridCell) -> QRect:
        """A cell's rectangle in the field's parent."""
        assert self._sheet is not None
        place = cell_rect(self._sheet, cell, self._px)
        return place if self._grid.parentWidget() is None else place.translated(self._grid.pos())

    @Slot(float)
    def _taken(self, value: float) -> None:
        if self._cell is not None and self._changeable(self._cell):
            self._ask(self._cell, value)

    @Slot(int)
    def _passed_on(self, way: int) -> None:
        sheet = self._sheet
        if self._cell is None or sheet is None or self._editor is None:
            return
        row, column = sheet.index(self._cell)
        row, column = divmod(row * sheet.columns + column + way, sheet.columns)
        if 0 <= row < sheet.rows:
            self.open((sheet.first[0] + row, sheet.first[1] + column))
            return
        self._editor.close_up()
        self._grid.focusNextPrevChild(way > 0)

    @Slot(bool)
    def _left(self, had_focus: bool) -> None:
        self._cell = None
        if had_focus:
            self._grid.setFocus()
