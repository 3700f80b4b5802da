"""The board "gradient by hand": six topics, from a line through points to the race of two gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.fields import edited
from gui.labs.foundations.board_state import BoardLink
from gui.labs.foundations.gradient.arrows_page import ArrowsPage
from gui.labs.foundations.gradient.derivative_page import DerivativePage
from gui.labs.foundations.gradient.descent_page import DescentPage
from gui.labs.foundations.gradient.race.race_page import RacePage
from gui.labs.foundations.gradient.regression_page import RegressionPage
from gui.labs.foundations.gradient.state import BOOKS, LINKS, TOPIC_FIELDS, GradientState
from gui.labs.foundations.gradient.terms_page import TermsPage
from gui.labs.foundations.gradient.weight_page import WeightPage
from gui.labs.foundations.topic_board import TopicBoard, TopicPage

_GAP_PX = 7


class GradientBoard(TopicBoard[GradientState]):
    """Each topic has controls of its own around the form; they are made, shown and hidden with its page."""

    name = "gradient"
    state_type = GradientState
    PAGES: ClassVar[Mapping[str, type[TopicPage]]] = {
        kind.topic: kind for kind in (RegressionPage, DescentPage, DerivativePage, ArrowsPage, WeightPage, RacePage)
    }
    TOPIC_FIELDS: ClassVar[Mapping[str, Sequence[str]]] = TOPIC_FIELDS
    FORM = tuple(field for names in TOPIC_FIELDS.values() for field in names)
    BOOKS: ClassVar[Mapping[str, str]] = BOOKS
    LINKS: ClassVar[Sequence[BoardLink]] = LINKS

    def __init__(self, parent: QWidget | None = None) -> None:
        self._around: dict[TopicPage, tuple[QWidget, QWidget]] = {}
        self._above, self._below = _holder(), _holder()
        super().__init__(parent)

    def controls(self) -> Sequence[QWidget]:
        return self._above, self.form, self._below

    def page_of(self, topic: str) -> TopicPage:
        page = super().page_of(topic)
        if page not in self._around:
            assert isinstance(page, TermsPage)
            own = self._around[page] = _holder(*page.above), _holder(*page.below)
            for holder, part in zip((self._above, self._below), own, strict=True):
                column = holder.layout()
                assert column is not None
                column.addWidget(part)
            page.stepped.connect(self._page_stepped)
            page.state = self.state
            page.retranslate()
        return page

    @Slot(dict)
    def _page_stepped(self, changes: dict[str, Any]) -> None:
        self.open_state(edited(self.state, **changes))

    def draw(self) -> None:
        changed = self.stack.currentWidget() is not self.page
        super().draw()
        if changed:
            self.refused.emit("")
        for page, parts in self._around.items():
            for part in parts:
                part.setVisible(page is self.page)


def _holder(*parts: QWidget) -> QWidget:
    """Some controls below each other; hidden where there are none."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP_PX)
    for part in parts:
        column.addWidget(part)
    return holder
