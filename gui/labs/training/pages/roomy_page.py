"""A page beside the curves whose content can go into a window of its own, where there is more room, and comes back.

Derived from by pages that hold more than the column beside the curves shows at once.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gui.running.result_page import ResultPage
from gui.shell.on_screen import show_in_front
from gui.widgets.labels import label
from gui.widgets.one_line import OneLine

OWN_SIZE = QSize(760, 600)


class RoomyPage(ResultPage):
    """A subclass fills `content`. `line` is one line above it, with the button that enlarges at its right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._window = _OwnWindow(self)  # one for always: with a deleted one PySide would let go of widgets that have left it
        self._is_away = False
        self.content = QWidget()
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        self.line = OneLine("muted")
        self.enlarge_button = QToolButton()
        self.enlarge_button.setProperty("role", "link")
        self.enlarge_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.enlarge_button.clicked.connect(self.enlarge)
        self.head = QHBoxLayout()
        self.head.setSpacing(4)
        self.head.addWidget(self.line, 1)
        self.head.addWidget(self.enlarge_button)
        self.column.addLayout(self.head)
        self._away = label("muted", wraps=True)
        self._back = QPushButton()
        self._back.clicked.connect(self.bring_back)
        self._there = QWidget()
        there = QVBoxLayout(self._there)
        there.addStretch(1)
        there.addWidget(self._away)
        there.addWidget(self._back, 0, Qt.AlignmentFlag.AlignHCenter)
        there.addStretch(1)
        self._there.hide()
        self.body.addWidget(self.content, 1)
        self.body.addWidget(self._there, 1)

    @property
    def own_window(self) -> QDialog | None:
        """The window that the content is in; None while it is on the page."""
        return self._window if self._is_away else None

    @Slot()
    def enlarge(self) -> None:
        """Put the content into a window of its own."""
        if not self._is_away:
            self._is_away = True
            self._window.setWindowTitle(self.page_title())
            self._window.column.addWidget(self.content)
            self.enlarge_button.hide()
            self.content.show()
            self._there.show()
            self._window.resize(OWN_SIZE)
            self._to_the_top()
        show_in_front(self._window)

    @Slot()
    def bring_back(self) -> None:
        """Have the content on the page again."""
        if not self._is_away:
            return
        self._is_away = False
        self._there.hide()
        self.body.insertWidget(0, self.content, 1)
        self.content.show()
        self.enlarge_button.show()
        self._window.hide()
        self._to_the_top()

    def _to_the_top(self) -> None:
        """The content lies otherwise in its new place: what it was scrolled by means nothing there."""
        for area in self.content.findChildren(QScrollArea):
            area.verticalScrollBar().setValue(0)

    def took_escape(self) -> bool:
        """Whether Esc, in the window of its own, meant something on the page; else it closes the window."""
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # another page, or another lab: nobody would ask for its answers
            self.bring_back()

    def retranslate(self) -> None:
        super().retranslate()
        self.enlarge_button.setText(self.tr("Enlarge"))
        self.enlarge_button.setToolTip(self.tr("Show this page in a window of its own"))
        self._away.setText(self.tr("This page is in a window of its own."))
        self._back.setText(self.tr("Bring it back"))
        self._window.setWindowTitle(self.page_title())


class _OwnWindow(QDialog):
    """Closing it gives the content back."""

    def __init__(self, page: RoomyPage) -> None:
        super().__init__(page)
        self._page = page
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 14)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._page.bring_back()
        event.accept()

    def reject(self) -> None:
        if not self._page.took_escape():
            self._page.bring_back()
