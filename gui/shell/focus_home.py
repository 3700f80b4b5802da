"""A page to which the keyboard goes back when a number has been typed, when nothing that takes keys is clicked, or when the
control that has it goes, so that the page's own keys (Space, the arrows) work again.

Called by `gui.lab.base.Lab`, which is such a page, by the boxes for numbers, and by the buttons that choose what is shown.
"""

from __future__ import annotations

import weakref

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gui.shell.tab_order import tab_in_order


class FocusHome(QWidget):
    """A subclass may pass the focus on to one of its widgets, by a focus proxy. Where it has none, Tab goes on from the widget
    that gave the focus back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._before: weakref.ref[QWidget] | None = None
        self._listened: QWidget | None = None  # the focused one, while Backspace still belongs to `_before`

    def take_back(self, before: QWidget) -> None:
        """Take the focus from `before`, a box inside whose text has been taken. Backspace as the next key is still the box's:
        it corrects what was typed, and is no key of the page."""
        self.take_from(before)
        self._listen(QApplication.focusWidget())

    def take_from(self, before: QWidget) -> None:
        """Take the focus from `before`, which has been clicked and needs no keys: Tab goes on from there."""
        self._before = weakref.ref(before)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _listen(self, focused: QWidget | None) -> None:
        if self._listened is not None and isValid(self._listened):
            self._listened.removeEventFilter(self)
        self._listened = focused
        if focused is not None:
            focused.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._listened:
            return super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress, QEvent.Type.Hide):
            self._listen(None)
        elif isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            before = self._before() if self._before is not None else None
            if event.key() != Qt.Key.Key_Backspace or before is None or not isValid(before) or not before.isVisible():
                self._listen(None)
            elif event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            else:
                self._listen(None)
                before.setFocus(Qt.FocusReason.OtherFocusReason)
                QApplication.sendEvent(before, event)
                return True
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  (Qt's name)
        """The next control for Tab, in the order of the layouts. Where the focused one has been hidden or disabled, none is:
        the keys that follow were not meant for whatever comes after it."""
        tab_in_order(self)  # the pages' parts come and go
        focus = self.window().focusWidget()  # also of a window that is not active
        if focus is not None and self.isVisible() and self.isAncestorOf(focus) and _gone(focus):
            self.take_from(focus)
            return True
        before = self._before() if self._before is not None and self.hasFocus() else None
        self._before = None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        return super().focusNextPrevChild(next)


def _gone(widget: QWidget) -> bool:
    return widget.isHidden() or not widget.isVisible() or not widget.isEnabled()


def home_of(widget: QWidget) -> FocusHome | None:
    """The page that `widget` is in, within its window."""
    around = widget
    while not around.isWindow() and (parent := around.parentWidget()) is not None:
        if isinstance(parent, FocusHome):
            return parent
        around = parent
    return None
