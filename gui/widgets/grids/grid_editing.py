"""Changing the numbers of a `NumberGrid`: a field over a cell, keys and the wheel that nudge.

The grid hands its keys, wheel and double clicks on to here while it is editable. Whatever changes is a wish, said by the grid's
`typed`. Its owner makes a new sheet of it, perhaps a while later, so wishes are remembered until then: quick notches add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PySide6.QtCore import QObject, QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent

from gui.widgets.grids.cell_editor import CellEditor, written

if TYPE_CHECKING:
    from gui.widgets.grids.number_grid import NumberGrid

Cell: TypeAlias = tuple[int, int]

NOTCH = 120  # of a mouse wheel
NUDGE = 0.1  # what one notch, or one key, adds to a number


class GridEditing(QObject):
    """Belongs to one grid. A double click, F2 or the first digit opens the field; Alt with Up or Down, or Shift with the wheel,
    nudges the number."""

    def __init__(self, grid: NumberGrid, limit: float) -> None:
        super().__init__(grid)
        self._grid = grid
        self._limit = limit
        self._cell: Cell | None = None  # under the open field
        self._asked: tuple[Cell, list[float]] | None = None  # what a cell held, and what was wished for it since
        self._turned = 0
        self._editor: CellEditor | None = None

    @property
    def editor(self) -> CellEditor | None:
        """The field, while it is open."""
        return self._editor if self._cell is not None else None

    @property
    def cell(self) -> Cell | None:
        """The cell under the open field."""
        return self._cell

    def hint(self) -> str:
        """How a number is changed, for the grid's owner to say where it does not cover the cells."""
        return self.tr("Double-click a cell or type a number to change it. Shift+wheel or Alt+↑↓: ±0.1")

    def open(self, cell: Cell, begun: str | None = None) -> None:
        """Open the field over a cell that is in view; with what is typed already, else with the cell's number."""
        if not self._changeable(cell):
            return
        self._grid.set_current(cell)
        self._cell = cell
        editor = self._made_editor()
        editor.setAccessibleName(self.tr("Number at ({row}, {column})").format(row=cell[0], column=cell[1]))
        text = written(self._wanted(cell)) if begun is None else begun
        editor.open(self._place(cell), text, self._limit, select=begun is None)

    def close_up(self) -> None:
        """Close the field; what stands in it is forgotten."""
        if self._editor is not None:
            self._editor.close_up()

    def follow(self) -> None:
        """Keep the open field over its cell; close it where the cell has gone."""
        if self._cell is None or self._editor is None:
            return
        if self._changeable(self._cell):
            self._editor.cover(self._place(self._cell))
        else:
            self._editor.close_up()

    def settle(self) -> None:
        """A new sheet has come: forget the wishes, unless it is still on its way to the last one."""
        self.follow()
        sheet = self._grid.sheet
        if self._asked is None or sheet is None:
            return
        cell, values = self._asked
        if sheet.holds(cell):
            shown = np.float32(sheet.value(cell))
            if shown != np.float32(values[-1]) and any(shown == np.float32(value) for value in values):
                return
        self._asked = None

    # --- what the grid hands on

    def key(self, event: QKeyEvent, cell: Cell) -> bool:
        """Take a key that begins or makes a change of the current cell; False: it is none."""
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

    def wheel(self, event: QWheelEvent, cell: Cell | None) -> bool:
        """Take the wheel over `cell` with Shift; False: it is another turn."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        turned = event.angleDelta()
        self._turned += turned.y() or turned.x()  # some systems turn the wheel sideways with Shift
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        if notches and cell is not None:
            self._nudge(cell, notches)
        event.accept()
        return True

    # --- inside

    def _changeable(self, cell: Cell) -> bool:
        """Whether it is in view and no padding."""
        sheet = self._grid.sheet
        if sheet is None or not sheet.holds(cell):
            return False
        return sheet.padding_HW is None or not sheet.padding_HW[cell[0] - sheet.first[0], cell[1] - sheet.first[1]]

    def _nudge(self, cell: Cell, notches: int) -> None:
        if not self._changeable(cell):
            return
        value = round(self._wanted(cell) + notches * NUDGE, 7)  # no 0.30000000000000004
        self._grid.set_current(cell)
        self._ask(cell, min(max(value, -self._limit), self._limit))

    def _wanted(self, cell: Cell) -> float:
        """The number of a cell; where a wish has not come back as a sheet yet, that wish."""
        if self._asked is not None and self._asked[0] == cell:
            return self._asked[1][-1]
        sheet = self._grid.sheet
        assert sheet is not None
        return sheet.value(cell)

    def _ask(self, cell: Cell, value: float) -> None:
        if np.float32(value) == np.float32(self._wanted(cell)):
            return
        before = self._asked[1] if self._asked is not None and self._asked[0] == cell else [self._wanted(cell)]
        self._asked = (cell, [*before, value])
        self._grid.typed.emit(cell, value)

    def _made_editor(self) -> CellEditor:
        """The field, in the grid's parent: there it has room also over a grid of one cell."""
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

    def _place(self, cell: Cell) -> QRect:
        """Where a cell stands in the field's parent."""
        place = self._grid.place(cell)
        return place if self._grid.parentWidget() is None else place.translated(self._grid.pos())

    @Slot(float)
    def _taken(self, value: float) -> None:
        if self._cell is not None and self._changeable(self._cell):
            self._ask(self._cell, value)

    @Slot(int)
    def _passed_on(self, way: int) -> None:
        sheet = self._grid.sheet
        if self._cell is None or sheet is None or self._editor is None:
            return
        row, column = self._cell[0] - sheet.first[0], self._cell[1] - sheet.first[1]
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
