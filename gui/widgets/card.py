"""The panel that everything stands in: a quiet card with a small grey title and its tools at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.one_line import OneLine

ALL = 1000  # of the room beside the tools


class Card(QFrame):
    """`title` names what it shows, `tools` holds its controls at the right of the title, `body` its content.
    `title_clicked`: twice, quickly."""

    title_clicked = Signal()

    def __init__(self, title: str = "", parent: QWidget | None = None, *, role: str = "title") -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._text = title
        self._title = OneLine(role)  # "heading" for a card that is a whole page
        self._title.set_text(title)
        self._aside: OneLine | None = None
        self._box = QWidget()
        self.tools = QHBoxLayout(self._box)
        self.tools.setContentsMargins(0, 0, 0, 0)
        self.tools.setSpacing(4)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._header = QHBoxLayout()
        self._header.setContentsMargins(0, 0, 0, 0)
        self._box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)  # the title gives way
        self._header.addWidget(self._title, ALL)
        self._header.addStretch(1)  # where something else leads
        self._top.setSpacing(8)
        self._top.addLayout(self._header, 1)
        self._top.addWidget(self._box)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(self._top)
        layout.addLayout(self.body, 1)

    @property
    def title(self) -> str:
        return self._text

    def add_lead(self, widget: QWidget) -> None:
        """Put `widget`, which is in no layout yet and stays in this one, at the left of the header, instead of the title."""
        self._header.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignTop)  # at one height, however tall the tools are
        self.set_title_shown(False)

    def set_aside(self, *wordings: str, tip: str = "") -> None:
        """Say something in small at the right of what leads, where there is room: the first of `wordings` that fits."""
        if self._aside is None:
            if not any(wordings):
                return
            self._aside = OneLine()
            self._aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._header.insertWidget(self._header.count() - 1, self._aside, ALL)
        self._aside.set_text(*(wordings or ("",)), tip=tip)

    @property
    def aside(self) -> str:
        """What is said in small beside what leads."""
        return "" if self._aside is None else self._aside.wording

    def set_title_shown(self, shown: bool) -> None:
        """Beside whatever leads."""
        self._title.setVisible(shown)

    def set_tools_below(self, below: bool) -> None:
        """The tools beside the title, or where that is too narrow in a row of their own."""
        self._top.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        self._top.setAlignment(self._box, Qt.AlignmentFlag.AlignRight if below else Qt.AlignmentFlag(0))

    @property
    def cuts_title(self) -> bool:
        """Whether the title is too long for the room that tools beside it leave."""
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self._top.spacing() - self._box.sizeHint().width()
        return self._title.fontMetrics().horizontalAdvance(self._text) > room

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._title.isVisible() and self._title.geometry().contains(event.position().toPoint()):
            self.title_clicked.emit()
        super().mouseDoubleClickEvent(event)

    def set_title(self, title: str, *, tip: str = "") -> None:
        self._text = title
        self._title.set_text(title, tip=tip)
        self.setAccessibleName(title)
