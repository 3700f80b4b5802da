"""A board of several topics: one picture each, chosen above it, with the rows of the form that belong to it.

Called by the boards whose idea has several pictures. A page is made when its topic is first shown.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.labs.foundations.board import AnswerCell, Board
from gui.labs.foundations.board_state import BoardState
from gui.labs.foundations.boards import board_table
from gui.shell.language import say
from gui.shell.undo import PlayKey
from gui.widgets.forms.controls import Segmented
from gui.widgets.page_stack import PageStack

TopicFigure: TypeAlias = tuple[str, str, str]  # title, value, note
TopicStateT = TypeVar("TopicStateT", bound=BoardState)


class TopicPage(QWidget):
    """The picture of one topic. `show_page` draws it from a state and emits nothing; `edited` carries fields with their new
    values, as the user moved something in the picture, `played` the same as a play goes on, with the key of the
    play, `looked` the same of fields that are a way of looking."""

    edited = Signal(dict)
    played = Signal(dict, object)
    looked = Signal(dict)
    answers_changed = Signal()  # `page_answers` says something else, though the state is the same

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)

    def show_page(self, state: Any) -> None:
        raise NotImplementedError

    def page_answers(self, state: Any) -> Sequence[TopicFigure]:
        """The main figures of the picture: (title, value, note). Where every topic has as many, nothing jumps."""
        raise NotImplementedError

    def play_page(self) -> bool:
        """Do what Space does. Whether it does anything."""
        return False

    def page_busy(self) -> bool:
        """Whether something that the state asks for is still being computed."""
        return False

    def page_left(self) -> None:
        """Another topic or board is shown: what plays, rests."""

    def close_page(self, deadline_s: float) -> None:
        """Stop what runs, and join every thread, within `deadline_s` seconds."""


class TopicBoard(Board[TopicStateT]):
    """A subclass has a state with a field `topic`, and names the page of each topic, in order, with the fields of its rows."""

    PAGES: ClassVar[Mapping[str, type[TopicPage]]]
    TOPIC_FIELDS: ClassVar[Mapping[str, Sequence[str]]]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.topics = Segmented((name, "") for name in self.PAGES)
        self.topics.chosen.connect(self._topic_chosen)
        self.stack = PageStack()
        self._pages: dict[str, TopicPage] = {}
        self._rows_shown: tuple[str, ...] | None = None
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 10, 12, 12)
        inside.setSpacing(10)
        inside.addWidget(self.topics)
        inside.addWidget(self.stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)

    @property
    def topic(self) -> str:
        return str(self.state.topic)  # type: ignore[attr-defined]

    @property
    def page(self) -> TopicPage:
        """The picture that is shown."""
        return self.page_of(self.topic)

    def page_of(self, topic: str) -> TopicPage:
        if topic not in self._pages:
            made = self._pages[topic] = self.PAGES[topic]()
            made.edited.connect(self._page_edited)
            made.played.connect(self._page_played)
            made.looked.connect(self._page_looked)
            made.answers_changed.connect(self.answers_changed)
            self.stack.addWidget(made)
        return self._pages[topic]

    def rows_of(self, state: TopicStateT) -> Sequence[str]:
        """The fields whose rows the form shows."""
        return self.TOPIC_FIELDS[str(state.topic)]  # type: ignore[attr-defined]

    def draw(self) -> None:
        self.topics.set_current(self.topic)
        shown = tuple(self.rows_of(self.state))
        if shown != self._rows_shown:
            self._rows_shown = shown
            self.form.show_rows(shown)
            self.form.setVisible(bool(shown))
        page = self.page
        before = self.stack.currentWidget()
        if before is not page:
            if isinstance(before, TopicPage):
                before.page_left()
            self.stack.setCurrentWidget(page)
        page.show_page(self.state)

    def answers(self) -> Sequence[AnswerCell]:
        """The keys are the places, "0" the first, so that the cells stay where another topic is shown."""
        return [(str(place), *figure) for place, figure in enumerate(self.page.page_answers(self.state))]

    def play_key(self) -> bool:
        return self.page.play_page()

    def busy(self) -> bool:
        return self.page.page_busy()

    def board_left(self) -> None:
        self.page.page_left()

    def close_board(self, deadline_s: float) -> None:
        until = time.monotonic() + deadline_s
        for page in self._pages.values():
            page.close_page(max(0.05, until - time.monotonic()))

    def retranslate(self) -> None:
        table = board_table(self.name)
        self.topics.set_choices((name, say(table, f"topic.{name}")) for name in self.PAGES)
        self.topics.setAccessibleName(self.tr("Topics"))
        for name in self.PAGES:
            self.topics.button(name).setToolTip(say(table, f"topic.{name}.help"))
        if self._pages:  # before the first state there is nothing to write anew
            self.draw()

    @Slot(str)
    def _topic_chosen(self, topic: str) -> None:
        self.look(topic=topic)

    @Slot(dict)
    def _page_edited(self, changes: dict[str, Any]) -> None:
        self.edit(**changes)

    @Slot(dict, object)
    def _page_played(self, changes: dict[str, Any], key: PlayKey) -> None:
        self.play(key, **changes)

    @Slot(dict)
    def _page_looked(self, changes: dict[str, Any]) -> None:
        self.look(**changes)
