"""A sentence on what has been done, in the status bar of the program's window. Called by whatever has done it."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow, QWidget

SHOWN_MS = 6_000


def report(page: QWidget, text: str) -> None:
    """Show `text` for a while in the main window that `page` is in, or that `page`'s own window was opened from. Without a
    main window, as in a test of a single widget, nothing is shown."""
    window: QWidget | None = page.window()
    while window is not None and not isinstance(window, QMainWindow):
        opener = window.parentWidget()
        window = None if opener is None else opener.window()
    if window is not None:
        window.statusBar().showMessage(text, SHOWN_MS)
