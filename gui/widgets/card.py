"""The panel that everything stands in: a quiet card with a small grey title and its tools at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.one_line import OneLine

ALL = 1000  # of the room beside the tools


class Card(QFrame):
    """`title` names what it shows, `tools` holds its controls at the right of the title, `body` its content."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, role: str = "title") -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._text = title
        self._title = OneLine(role)  # "heading" for a card that is a whole page
        self._title.set_text(title)
        self._box = QWidget()
        self.tools = QHBoxLayout(self._box)
        self.tools.setContentsMargins(0, 0, 0, 0)
        self.tools.setSpacing(4)
        self._header = QHBoxLayout()
        self._header.setContentsMargins(0, 0, 0, 0)
        self._box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)  # the title gives way
        self._header.addWidget(self._title, ALL)
        self._header.addStretch(1)  # where something else leads
        self._header.addWidget(self._box)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(self._header)
        layout.addLayout(self.body, 1)

    @property
    def title(self) -> str:
        return self._text

    def lead_with(self, widget: QWidget) -> bool:
        """Put `widget` in the place of the title; it may come from another card. Whether it has not stood there before."""
        self._title.hide()
        comes = self._header.indexOf(widget) < 0
        if comes:
            self._header.insertWidget(0, widget)
        return comes

    def lead_with_title(self) -> None:
        """Give the title its place back."""
        self._title.show()

    def set_tools_below(self, below: bool) -> None:
        """The tools beside the title, or where that is too narrow in a row of their own."""
        if below == (self._column.indexOf(self._box) >= 0):
            return
        if below:
            self._column.insertWidget(1, self._box, 0, Qt.AlignmentFlag.AlignRight)
        else:
            self._header.addWidget(self._box)

    def set_title(self, title: str) -> None:
        self._text = title
        self._title.set_text(title)
        self.setAccessibleName(title)
