"""What the topics of this board have in common: two pictures beside each other, the table of their terms below, and controls
of their own beside the form.

A page draws from the board's state alone. Called by the board.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.labs.foundations.gradient.state import GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_table import TermsTable
from gui.labs.foundations.topic_board import TopicPage
from gui.widgets.labels import separator
from gui.widgets.one_line import OneLine

GAP_PX = 14


class TitledPart(QWidget):
    """A small grey title above what it names."""

    def __init__(self, shown: QWidget) -> None:
        super().__init__()
        self._title = OneLine("title")
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(shown, 1)
        self._shown = shown

    def set_title(self, title: str) -> None:
        self._title.set_text(title)
        self._shown.setAccessibleName(title)

    @property
    def title(self) -> str:
        return self._shown.accessibleName()


class TermsPage(TopicPage):
    """`above` and `below` are the widgets that stand around the form in the left column."""

    topic: ClassVar[GradientTopic]

    refused = Signal(str)  # why what was typed cannot be shown; empty: nothing is wrong

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self.state = GradientState()
        self.table = TermsTable()
        self.left_part, self.right_part, self.table_part = TitledPart(left), TitledPart(right), TitledPart(self.table)
        self.above: tuple[QWidget, ...] = ()
        self.below: tuple[QWidget, ...] = ()
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.left_part, 0, 0)
        grid.addWidget(self.right_part, 0, 1)
        grid.addWidget(separator(), 1, 0, 1, 2)
        grid.addWidget(self.table_part, 2, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 200)
        grid.setRowStretch(0, 7)
        grid.setRowStretch(2, 5)
        self.column.addLayout(grid, 1)

    def show_page(self, state: Any) -> None:
        self.state = state
        self.draw()

    def draw(self) -> None:
        """Bring the pictures, the table and the controls to the state."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Write the page's own words, and draw what has words in it."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def button_row(*buttons: QPushButton) -> QWidget:
    """Buttons side by side, as wide as each other."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(6)
    for button in buttons:
        button.setMinimumWidth(0)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line.addWidget(button, 1)
    return row
