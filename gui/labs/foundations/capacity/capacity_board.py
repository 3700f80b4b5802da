"""The board of over- and underfitting: capacity, error and gap, the number of points, folds, early stopping, and what the
books' 300 digits really show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from PySide6.QtCore import Slot

from gui.labs.foundations.capacity.capacity_pages import CurvePage, FitPage, FoldsPage, StoppingPage
from gui.labs.foundations.capacity.few_page import FewPage
from gui.labs.foundations.capacity.state import BOOKS, FORM, LINKS, ROWS, CapacityState, shown_rows
from gui.labs.foundations.capacity.two_graphs import TwoGraphs
from gui.labs.foundations.topic_board import TopicBoard, TopicPage


class CapacityBoard(TopicBoard[CapacityState]):
    name = "capacity"
    state_type = CapacityState
    FORM = FORM
    BOOKS = BOOKS
    LINKS = LINKS
    PAGES: ClassVar[Mapping[str, type[TopicPage]]] = {
        "fit": FitPage,
        "learning_curve": CurvePage,
        "folds": FoldsPage,
        "early_stopping": StoppingPage,
        "few_samples": FewPage,
    }
    TOPIC_FIELDS = ROWS

    def page_of(self, topic: str) -> TopicPage:
        made = topic not in self._pages
        page = super().page_of(topic)
        if made and isinstance(page, TwoGraphs):
            page.stepped.connect(self._stepped)
        return page

    @Slot(dict)
    def _stepped(self, changes: dict[str, Any]) -> None:
        self.open_state(msgspec.structs.replace(self.state, **changes))

    def rows_of(self, state: CapacityState) -> Sequence[str]:
        return shown_rows(state)
