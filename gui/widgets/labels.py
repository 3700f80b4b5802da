"""The small texts and lines of a panel, in the roles that the style sheet knows."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel


def label(role: str, *, wraps: bool = False) -> QLabel:
    """An empty text in a role: title, muted, small, ..."""
    made = QLabel()
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    return made


def separator() -> QFrame:
    """A line between two parts of a panel."""
    made = QFrame()
    made.setProperty("role", "line")
    return made
