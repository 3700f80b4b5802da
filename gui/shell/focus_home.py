"""A page to which the keyboard goes back when a number has been typed, or when nothing that takes keys is clicked, so that the
page's own keys (Space, the arrows) work again.

Called by `gui.lab.base.Lab`, which is such a page, and by the boxes for numbers.
"""

from __future__ import annotations

import weakref

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class FocusHome(QWidget):
    """A subclass may pass the focus on to one of its widgets, by a focus proxy. Where it has none, Tab goes on from the widget
    that gave the focus back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._before: weakref.ref[QWidget] | None = None

    def take_back(self, before: QWidget) -> None:
        """Take the focus from `before`, a widget inside."""
        self._before = weakref.ref(before)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  (Qt's name)
        before = self._before() if self._before is not None and self.hasFocus() else None
        self._before = None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        return super().focusNextPrevChild(next)


def home_of(widget: QWidget) -> FocusHome | None:
    """The page that `widget` is in, within its window."""
    around = widget
    while not around.isWindow() and (parent := around.parentWidget()) is not None:
        if isinstance(parent, FocusHome):
            return parent
        around = parent
    return None
