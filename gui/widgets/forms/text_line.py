"""A line of text to type: Enter, once it has been taken, and Esc give the keyboard back to the page.

Called by pages on which the page's own keys (Space, the arrows) are to work again afterwards.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gui.shell.focus_home import home_of


class TextLine(QLineEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
            if (home := home_of(self)) is not None:
                home.take_back(self)
