"""Grids of numbers side by side, each under its title. What the user does on one grid is passed on with the grid's name, so
that the others can answer. Every view of a cell is made of such grids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.labs.convolution.state import SceneState
from gui.labs.convolution.subject import Subject
from gui.shell.theme import set_role
from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.sheet import GridCell

GridName = TypeVar("GridName", bound=str)


class LinkedGrids(QWidget, Generic[GridName]):
    """A subclass shows `_subject` as `_state` says: it lays the grids out and defines what pointing, walking, pinning and
    shifting do on each."""

    edited = Signal(object)  # the SceneState that the user has asked for
    focus_changed = Signal()  # another cell is looked at

    def __init__(self, names: Iterable[GridName], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: Subject | None = None
        self._state = SceneState()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 150)
        self.grids: dict[GridName, NumberGrid] = {}
        self._titles: dict[GridName, QLabel] = {}
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

    @property
    def subject(self) -> Subject | None:
        return self._subject

    def _sign(self, text: str = "") -> QLabel:
        """A sign between two grids: an operator, an arrow."""
        made = QLabel(text, self)
        set_role(made, "sign")
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return made

    # --- what the user does; cells are counted as the grid counts them

    def _pointed(self, name: GridName, cell: GridCell | None) -> None:
        raise NotImplementedError

    def _walked_to(self, name: GridName, cell: GridCell) -> None:
        raise NotImplementedError

    def _pinned(self, name: GridName, cell: GridCell) -> None:
        raise NotImplementedError

    def _shifted(self, name: GridName, rows: int, columns: int) -> None:
        raise NotImplementedError

    def free(self) -> None:
        """Free the pinned cell."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.free()
        else:
            super().keyPressEvent(event)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        raise NotImplementedError
