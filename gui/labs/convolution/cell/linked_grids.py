"""Grids of numbers side by side, each under its title: what the hand does on one is told with the grid's name, so that the
others can answer. The views of a cell are such."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.shell.theme import set_role
from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.sheet import GridCell

Name = TypeVar("Name", bound=str)


class LinkedGrids(QWidget, Generic[Name]):
    """A subclass lays the grids out, and says what a hand means on each."""

    def __init__(self, names: Iterable[Name], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 150)
        self.grids: dict[Name, NumberGrid] = {}
        self._titles: dict[Name, QLabel] = {}
        for name in names:
            grid, title = NumberGrid(self), QLabel(self)
            set_role(title, "title")
            title.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.pointed.connect(lambda cell, name=name: self._pointed(name, cell))
            grid.walked.connect(lambda cell, name=name: self._walked_to(name, cell))
            grid.pinned.connect(lambda cell, name=name: self._pinned(name, cell))
            grid.shifted.connect(lambda rows, columns, name=name: self._shifted(name, rows, columns))
            grid.freed.connect(self.free)
            self.grids[name], self._titles[name] = grid, title

    def _sign(self, text: str = "") -> QLabel:
        """What stands between two grids: an operator, an arrow."""
        made = QLabel(text, self)
        set_role(made, "sign")
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return made

    # --- what the hand does; cells are counted as the grid's are

    def _pointed(self, name: Name, cell: GridCell | None) -> None:
        raise NotImplementedError

    def _walked_to(self, name: Name, cell: GridCell) -> None:
        raise NotImplementedError

    def _pinned(self, name: Name, cell: GridCell) -> None:
        raise NotImplementedError

    def _shifted(self, name: Name, rows: int, columns: int) -> None:
        raise NotImplementedError

    def free(self) -> None:
        """Let go of the cell that is pinned."""
        raise NotImplementedError
