"""Pages in one place, of which one is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget


class PageStack(QStackedWidget):
    """The place's height follows from the room around it, not from what is written on its pages. Qt's own stack asks every
    page, hidden or not, how high it is at the present width, at every change of a text beside it: with all boards of the
    foundations opened that took 25 ms a move."""

    def hasHeightForWidth(self) -> bool:
        return False
