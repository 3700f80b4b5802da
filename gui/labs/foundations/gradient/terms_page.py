"""What the topics of this board have in common: two pictures beside each other, the table of their terms below, and controls
of their own beside the form. In a low window pictures and table take turns.

A page draws from the board's state alone. Called by the board.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.labs.foundations.gradient.parts.terms_table import TermsTable
from gui.labs.foundations.gradient.state import GradientState, GradientTopic
from gui.labs.foundations.topic_board import TopicPage
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import separator
from gui.widgets.one_line import OneLine

GAP_PX = 14
LOW_PX = 530  # a page that is lower shows the pictures, or the table
PICTURES, TERMS = "pictures", "terms"


class TitledPart(QWidget):
    """A small grey title above what it names, and buttons at its right."""

    def __init__(self, shown: QWidget) -> None:
        super().__init__()
        self._title = OneLine("title")
        self._top = QHBoxLayout()
        self._top.setSpacing(6)
        self._top.addWidget(self._title, 1)
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._top)
        column.addWidget(shown, 1)
        self._shown = shown

    def add_tools(self, *buttons: QPushButton) -> None:
        """Small buttons, from left to right."""
        for button in buttons:
            button.setProperty("role", "compact")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._top.addWidget(button)

    def set_title(self, title: str) -> None:
        self._title.set_text(title)
        self._shown.setAccessibleName(title)

    @property
    def title(self) -> str:
        return self._shown.accessibleName()


class TermsPage(TopicPage):
    """`above` and `below` are the widgets that stand around the form in the left column."""

    topic: ClassVar[GradientTopic]

    stepped = Signal(dict)  # fields with new values: a step of its own, not joined with the one before

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self.state = GradientState()
        self.table = TermsTable()
        self.left_part, self.right_part, self.table_part = TitledPart(left), TitledPart(right), TitledPart(self.table)
        self.above: tuple[QWidget, ...] = ()
        self.below: tuple[QWidget, ...] = ()
        self.turns = Segmented(((PICTURES, ""), (TERMS, "")))
        self.turns.set_current(PICTURES)
        self.turns.chosen.connect(self._arrange)
        self.turns.hide()
        self._line = separator()
        self._pictures = QWidget()
        beside = QHBoxLayout(self._pictures)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(GAP_PX)
        beside.addWidget(self.left_part, 1)
        beside.addWidget(self.right_part, 1)
        self.column.addWidget(self.turns)
        self.column.addWidget(self._pictures, 7)
        self.column.addWidget(self._line)
        self.column.addWidget(self.table_part, 5)

    def keep_rows(self, count: int) -> None:
        """Give the table the height of so many rows, and the pictures all that is left."""
        self.table.keep_rows(count)
        self.column.setStretchFactor(self.table_part, 0)

    @property
    def takes_turns(self) -> bool:
        """Whether the page is too low for pictures and table at once."""
        return self.height() < LOW_PX

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        turns, shown = self.takes_turns, self.turns.current
        self.turns.setVisible(turns)
        self._pictures.setVisible(not turns or shown == PICTURES)
        self.table_part.setVisible(not turns or shown == TERMS)
        self._line.setVisible(not turns)

    def show_page(self, state: Any) -> None:
        self.state = state
        self.draw()

    def draw(self) -> None:
        """Bring the pictures, the table and the controls to the state."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Write the page's own words, and draw what has words in it."""
        self.turns.set_choices(((PICTURES, self.tr("Pictures")), (TERMS, self.table_part.title)))
        self.turns.set_current(self.turns.current or PICTURES)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
