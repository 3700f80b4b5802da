"""Which keys belong to the focused control and are no shortcut of the lab around it. Called by the labs that train."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QApplication, QComboBox


def is_for_focus(event: QKeyEvent) -> bool:
    """Whether the focused control needs the key itself: Space presses a button, Right moves a slider."""
    focus = QApplication.focusWidget()
    if event.key() == Qt.Key.Key_Space:
        return isinstance(focus, QAbstractButton | QComboBox)
    if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        return isinstance(focus, QAbstractSlider | QComboBox | QAbstractItemView)
    return False
