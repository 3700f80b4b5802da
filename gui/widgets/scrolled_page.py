"""A page that is as wide as its place, and scrolls up and down where it is higher."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.widgets.forms.controls import keep_room_for_bar


class ScrolledPage(QScrollArea):
    """`page` has the card's own ground. Its scroll bar has its room at any time; the Tab key goes to what is on it."""

    def __init__(self, page: QWidget | None = None, parent: QWidget | None = None) -> None:
        """`page`, or whatever `setWidget` gets later."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        keep_room_for_bar(self)
        if page is not None:
            page.setProperty("role", "page")
            self.setWidget(page)
