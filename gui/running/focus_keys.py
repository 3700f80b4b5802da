"""Which keys belong to the focused control and are no shortcut of the lab around it. Called by the labs that train."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QApplication, QComboBox


def is_for_focus(event: QKeyEvent) -> bool:
    """Whether the focused control needs the key itself: Space presses a button, Right moves a slider. A choice that is made
    already needs none: after a click on a page Space is the run's."""
    focus = QApplication.focusWidget()
    if event.key() == Qt.Key.Key_Space:
        return isinstance(focus, QAbstractButton | QComboBox) and not _is_made(focus)
    if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        return isinstance(focus, QAbstractSlider | QComboBox | QAbstractItemView)
    return False


def _is_made(focus: QAbstractButton | QComboBox) -> bool:
    """Whether it is the chosen one of several, which a press leaves as it is."""
    group = focus.group() if isinstance(focus, QAbstractButton) else None
    return group is not None and group.exclusive() and group.checkedButton() is focus
