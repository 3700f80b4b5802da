"""Where the parts of a topic stand: a main picture that takes the room, and smaller ones beside it, or beside and below where
there is not much width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.widgets.one_line import OneLine

WIDE_PX = 640  # everything stands beside the main picture, which has the larger share
FEW = 3  # parts beside the main one, of which the last one goes below it
MAIN_SHARE = 2  # of the height, to 1 of what is below
GAP_PX = 12


class TitledSection(QWidget):
    """A small grey title with its `tools` at the right, and under it what `body` holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = OneLine("title")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(4)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addLayout(self.tools)
        self.body.addLayout(top)

    def set_title(self, title: str) -> None:
        self._title.set_text(title)
        self.setAccessibleName(title)


class PartsGrid(QWidget):
    """`set_parts` gives the parts, the main one first. Where there is not much width the last of four stands below the main
    one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP_PX)
        self._columns = QVBoxLayout(), QVBoxLayout()
        for column in self._columns:
            column.setSpacing(GAP_PX)
            self._row.addLayout(column)
        self._parts: tuple[QWidget, ...] = ()
        self._placed: tuple[object, ...] = ()

    def set_parts(self, parts: Sequence[QWidget]) -> None:
        self._parts = tuple(parts)
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def is_wide(self) -> bool:
        return self.width() >= WIDE_PX

    def _place(self) -> None:
        wanted = (self.is_wide, *self._parts)
        if wanted == self._placed or not self._parts:
            return
        self._placed = wanted
        for column in self._columns:
            while column.count():
                column.takeAt(0)
        main, *others = self._parts
        below = [others.pop()] if len(others) == FEW and not self.is_wide else []
        for column, parts in zip(self._columns, ([main, *below], others), strict=True):
            for number, part in enumerate(parts):
                column.addWidget(part)
                column.setStretch(number, MAIN_SHARE if part is main and below else 1)
        for place, share in enumerate((8, 5) if self.is_wide else (1, 1)):
            self._row.setStretch(place, share)
