"""Ctrl+Z belongs to the lab while the text box with the focus has nothing to undo.

Qt's text boxes take the keys for undo and redo from every shortcut, even when nothing has been typed: after a click on a number
nothing in the program could be undone. Called by the window.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget


class UndoKeys(QObject):
    """Watches only the box that has the focus: an event filter in Python on all widgets would slow down every event."""

    def __init__(self, actions: Sequence[QAction], parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if isinstance(now, QLineEdit | QAbstractSpinBox):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        keys = QKeySequence(event.keyCombination())
        if any(keys in action.shortcuts() for action in self._actions) and _unchanged(watched):
            event.ignore()
            return True
        return False


def _unchanged(box: QObject) -> bool:
    """Whether the box has no text that was typed and not yet taken, and nothing to redo."""
    match box:
        case QAbstractSpinBox():
            return not box.lineEdit().isModified()
        case QLineEdit():
            return not box.isModified() and not box.isRedoAvailable()
        case _:
            return False
