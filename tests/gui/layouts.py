"""Layouts that have come to rest."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

ROUNDS = 10  # a layout may ask the one around it to be done again


def lay_out() -> None:
    """Carry out every layout, and every timer of 0 ms, that has been asked for."""
    for _ in range(ROUNDS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
