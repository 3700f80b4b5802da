"""Ctrl+Z belongs to the lab while the text box with the focus has nothing to undo.

Qt's text boxes take the keys for undo and redo from every shortcut, even when nothing has been typed: after a click on a number
nothing in the program could be undone. Called by the window. And what the user's hand does, for the history of edits: one drag
of a slider is one step, two clicks are two. Called by the window, and asked by `gui.lab.base.Lab`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from gui.shell.undo import HandMove

_PRESSES = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick, QEvent.Type.TouchBegin}
)
_ACTING = frozenset({" ", "\r", "\t", "\x7f"})  # what the keys type that press, take, leave and remove


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


class HandWatch(QObject):
    """Counts the presses, releases and acting keys of every window of the program that has been active. It watches the windows
    themselves: a filter in Python on all widgets would slow down every event."""

    count = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._window_active)

    @Slot(QWindow)
    def _window_active(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # once, however often it is asked for

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _PRESSES or (
            kind == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.text() in _ACTING
            and not event.isAutoRepeat()
        ):
            HandWatch.count += 1
        return False


def hand_now() -> HandMove:
    """What the hand does now."""
    return HandMove(HandWatch.count, QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton)
