"""Keys that a painted control needs itself, while it has the focus. Called from the `event` of such controls."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent


def claims_key(event: QEvent, keys: Container[int]) -> bool:
    """Whether Qt asks with `event` if one of `keys` is the control's own: then it is, and no shortcut of the window."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or event.key() not in keys:
        return False
    event.accept()
    return True
