"""Where the parts of the board stand: a main picture that takes the room, and smaller ones beside it, or beside and below where
the board is not wide."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

WIDE = 1.2  # times as wide as high: everything stands beside the main picture
GAP_PX = 12


class PartsGrid(QWidget):
    """`set_parts` gives the parts, the main one first. Hidden parts take no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        self._parts: tuple[QWidget, ...] = ()
        self._placed: tuple[object, ...] = ()

    def set_parts(self, parts: Sequence[QWidget]) -> None:
        self._parts = tuple(parts)
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 260)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def is_wide(self) -> bool:
        return self.width() >= WIDE * self.height()

    def _place(self) -> None:
        shown = [part for part in self._parts if not part.isHidden()]
        wanted = (self.is_wide, *shown)
        if wanted == self._placed or not shown:
            return
        self._placed = wanted
        while self._grid.count():
            self._grid.takeAt(0)
        for line in range(12):
            self._grid.setRowStretch(line, 0)
            self._grid.setColumnStretch(line, 0)
        main, *others = shown
        if self.is_wide:
            self._grid.addWidget(main, 0, 0, max(len(others), 1), 1)
            for row, part in enumerate(others):
                self._grid.addWidget(part, row, 1)
                self._grid.setRowStretch(row, 1)
            self._grid.setColumnStretch(0, 8)
            self._grid.setColumnStretch(1, 5)
            return
        beside, *below = others
        columns = max(len(below), 1) * 6
        self._grid.addWidget(main, 0, 0, 1, columns * 4 // 7)
        self._grid.addWidget(beside, 0, columns * 4 // 7, 1, columns - columns * 4 // 7)
        for number, part in enumerate(below):
            self._grid.addWidget(part, 1, 6 * number, 1, 6)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self._grid.setRowStretch(0, 5)
        self._grid.setRowStretch(1, 3)
