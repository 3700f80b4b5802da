"""What gates and states are called, in the window's language. Called by the page of the gates and its maps."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def gate_name(name: str) -> str:
    """Forget gate f, 망각 게이트 f."""
    translate = QCoreApplication.translate
    return {
        "i": translate("gates", "Input gate i"),
        "f": translate("gates", "Forget gate f"),
        "g": translate("gates", "Candidate g"),
        "o": translate("gates", "Output gate o"),
        "r": translate("gates", "Reset gate r"),
        "z": translate("gates", "Update gate z"),
        "n": translate("gates", "Candidate n"),
        "c": translate("gates", "Cell state c"),
        "h": translate("gates", "Hidden state h"),
    }[name]
