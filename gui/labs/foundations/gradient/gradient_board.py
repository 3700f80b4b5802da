"""The board "gradient by hand": six topics, from a line through points to the race of two gradients. One of them is shown; its
page is made when it is first chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gui.labs.foundations.board import AnswerCell, Board
from gui.labs.foundations.board_state import BoardLink
from gui.labs.foundations.boards import board_table
from gui.labs.foundations.gradient.arrows_page import ArrowsPage
from gui.labs.foundations.gradient.derivative_page import DerivativePage
from gui.labs.foundations.gradient.descent_page import DescentPage
from gui.labs.foundations.gradient.race_page import RacePage
from gui.labs.foundations.gradient.regression_page import RegressionPage
from gui.labs.foundations.gradient.state import BOOKS, LINKS, TOPIC_FIELDS, TOPICS, GradientState, GradientTopic
from gui.labs.foundations.gradient.topic_page import TopicPage
from gui.labs.foundations.gradient.weight_page import WeightPage
from gui.shell.focus_home import home_of
from gui.shell.language import say
from gui.shell.tab_order import tab_in_order
from gui.widgets.forms.controls import Segmented

_PAGES: Mapping[GradientTopic, type[TopicPage]] = {
    kind.topic: kind for kind in (RegressionPage, DescentPage, DerivativePage, ArrowsPage, WeightPage, RacePage)
}
_GAP_PX = 7


class GradientBoard(Board[GradientState]):
    name = "gradient"
    state_type = GradientState
    FORM = tuple(field for names in TOPIC_FIELDS.values() for field in names)
    BOOKS: ClassVar[Mapping[str, str]] = BOOKS
    LINKS: ClassVar[Sequence[BoardLink]] = LINKS

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: dict[GradientTopic, TopicPage] = {}
        self._shown: TopicPage | None = None
        self._above, self._below = _holder(), _holder()
        self.topics = Segmented((topic, "") for topic in TOPICS)
        self.topics.chosen.connect(self._topic_chosen)
        self.stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.topics)
        column.addWidget(self.stack, 1)

    # --- what a board is

    def draw(self) -> None:
        page = self.page
        if page is not self._shown:
            if self._shown is not None:
                self._shown.leave()
            self._shown = page
            self.topics.set_current(page.topic)
            self.stack.setCurrentWidget(page)
            own = TOPIC_FIELDS[page.topic]
            for field in self.FORM:
                self.form.set_row_visible(field, field in own)
            for each in self._pages.values():
                for control in (*each.above, *each.below):
                    control.setVisible(each is page)
        page.show_state(self.state)

    def answers(self) -> Sequence[AnswerCell]:
        return self.page.answers()

    def controls(self) -> Sequence[QWidget]:
        return self._above, self.form, self._below

    def play_key(self) -> bool:
        return self.page.play_key()

    def busy(self) -> bool:
        return any(page.busy() for page in self._pages.values())

    def close_board(self, deadline_s: float) -> None:
        for page in self._pages.values():
            page.close_page(deadline_s)

    # --- topics

    @property
    def page(self) -> TopicPage:
        """The page of the topic that is shown; it is made when it is first asked for."""
        topic = self.state.topic
        if topic not in self._pages:
            page = self._pages[topic] = _PAGES[topic]()
            self.stack.addWidget(page)
            for holder, controls in ((self._above, page.above), (self._below, page.below)):
                for control in controls:
                    column = holder.layout()
                    assert column is not None
                    column.addWidget(control)
            page.changed.connect(self._page_changed)
            page.looked.connect(self._page_looked)
            page.answers_changed.connect(self.answers_changed)
            page.refused.connect(self.refused)
            page.state = self.state
            page.retranslate()
            if (home := home_of(self)) is not None:
                tab_in_order(home)
        return self._pages[topic]

    @Slot(str)
    def _topic_chosen(self, topic: str) -> None:
        """Which topic is shown is a way of looking."""
        self.refused.emit("")
        self.look(topic=topic)

    @Slot(object)
    def _page_changed(self, changes: Mapping[str, object]) -> None:
        self.edit(**changes)

    @Slot(object)
    def _page_looked(self, changes: Mapping[str, object]) -> None:
        self.look(**changes)

    # --- words

    def retranslate(self) -> None:
        table = board_table(self.name)
        self.topics.set_choices((topic, say(table, f"topic.{topic}")) for topic in TOPICS)
        self.topics.set_current(self.state.topic)
        self.topics.setAccessibleName(self.tr("Topics"))
        for topic in TOPICS:
            self.topics.button(topic).setToolTip(say(table, f"topic.{topic}.help"))


def _holder() -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP_PX)
    return holder
