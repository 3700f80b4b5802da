"""What a topic is to the board: two plots beside each other, a table of their terms below, and its own controls.

A page draws from the board's state alone. What the user does comes back as the fields that change: `changed` is an edit,
`looked` a way of looking. Called by the board.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from gui.labs.foundations.board import AnswerCell
from gui.labs.foundations.gradient.state import GradientState, GradientTopic
from gui.labs.foundations.gradient.terms_table import TermsTable
from gui.widgets.card import Card

GAP_PX = 12


class TopicPage(QWidget):
    """`above` and `below` are the widgets that stand around the form in the left column."""

    topic: ClassVar[GradientTopic]

    changed = Signal(object)  # fields -> values: a step that can be undone
    looked = Signal(object)  # the same, and no step
    answers_changed = Signal()
    refused = Signal(str)  # why what was typed cannot be shown; empty: nothing is wrong

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = GradientState()
        self.table = TermsTable()
        self.left_card, self.right_card, self.table_card = Card(), Card(), Card()
        for card, body in ((self.left_card, left), (self.right_card, right), (self.table_card, self.table)):
            card.body.addWidget(body, 1)
        self.above: tuple[QWidget, ...] = ()
        self.below: tuple[QWidget, ...] = ()
        grid = self.grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_PX)
        grid.addWidget(self.left_card, 0, 0)
        grid.addWidget(self.right_card, 0, 1)
        grid.addWidget(self.table_card, 1, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 200)
        grid.setRowStretch(0, 8)
        grid.setRowStretch(1, 5)

    def show_state(self, state: GradientState) -> None:
        """Draw a state; nothing is emitted."""
        self.state = state
        self.draw()

    def draw(self) -> None:
        raise NotImplementedError

    def answers(self) -> Sequence[AnswerCell]:
        raise NotImplementedError

    def retranslate(self) -> None:
        """Write the page's own words, and draw what has words in it."""

    def play_key(self) -> bool:
        """Do what Space does. Whether it does anything."""
        return False

    def leave(self) -> None:
        """Another topic is shown now: stop what plays."""

    def busy(self) -> bool:
        return False

    def close_page(self, deadline_s: float) -> None:
        """Stop what runs, and join every thread."""

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
        line.addWidget(button, 1)
    return row
