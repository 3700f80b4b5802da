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


def set_text(shown: QLabel, text: str) -> None:
    """Write only what is new: a label lays itself out anew at each text it is given."""
    if shown.text() != text:
        shown.setText(text)
