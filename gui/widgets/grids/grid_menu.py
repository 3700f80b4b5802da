"""The menu of a grid of numbers, for the right button and the menu key: show the numbers as a table, copy them as text or as a
picture. The key T opens the table at once. Called by the labs for their grids.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu

from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.number_table import NumberTable, copy_picture, copy_table, open_table
from gui.widgets.grids.table_data import Table, table_of


class GridMenu(QMenu):
    """Belongs to one grid. `grid_menu` makes it."""

    def __init__(self, grid: NumberGrid, title: str | Callable[[], str], table: Callable[[], Table] | None) -> None:
        super().__init__(grid)
        self._grid, self._title, self._table = grid, title, table
        self.show_action, self.copy_action, self.picture_action = (QAction(self) for _ in range(3))
        self.show_action.setShortcut(QKeySequence(Qt.Key.Key_T))
        self.show_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # only of the grid with the focus
        self.show_action.triggered.connect(self.open)
        self.copy_action.triggered.connect(self.copy)
        self.picture_action.triggered.connect(self.copy_picture)
        grid.addAction(self.show_action)
        self.addActions([self.show_action, self.copy_action, self.picture_action])
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(self._pop_up)
        self.retranslate()

    @property
    def table(self) -> Table | None:
        """The grid's numbers as they are now; None for an empty grid."""
        if self._grid.sheet is None:
            return None
        if self._table is not None:
            return self._table()
        return table_of(self._grid.sheet, self._title if isinstance(self._title, str) else self._title())

    @Slot()
    def open(self) -> NumberTable | None:
        """Show the numbers in a window, with the cell that the keyboard is at in view."""
        table = self.table
        if table is None:
            return None
        window = open_table(table, self._grid)
        cell = self._grid.current
        if cell is not None and cell[0] in table.rows and cell[1] in table.columns:
            place = window.view.model().index(table.rows.index(cell[0]), table.columns.index(cell[1]))
            window.view.setCurrentIndex(place)
            window.view.scrollTo(place, QAbstractItemView.ScrollHint.PositionAtCenter)
        window.view.setFocus()
        return window

    @Slot()
    def copy(self) -> None:
        if (table := self.table) is not None:
            copy_table(table)

    @Slot()
    def copy_picture(self) -> None:
        copy_picture(self._grid)

    @Slot(QPoint)
    def _pop_up(self, point: QPoint) -> None:
        if self._grid.sheet is not None:
            self.popup(self._grid.mapToGlobal(point))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.show_action.setText(self.tr("Show as table..."))
        self.copy_action.setText(self.tr("Copy table"))
        self.picture_action.setText(self.tr("Copy picture"))


def grid_menu(grid: NumberGrid, title: str | Callable[[], str] = "", *, table: Callable[[], Table] | None = None) -> GridMenu:
    """Give `grid` its menu. `table` makes the table of the whole where the grid shows a part; without it, the table is what the
    grid shows, under `title`."""
    return GridMenu(grid, title, table)
