"""The board of over- and underfitting: capacity, error and gap, the number of points, folds, early stopping, and what the
books' 300 digits really show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from gui.labs.foundations.capacity.capacity_pages import CurvePage, FitPage, FoldsPage, StoppingPage
from gui.labs.foundations.capacity.few_page import FewPage
from gui.labs.foundations.capacity.state import BOOKS, FORM, LINKS, ROWS, CapacityState, shown_rows
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

    def rows_of(self, state: CapacityState) -> Sequence[str]:
        return shown_rows(state)
