"""The perceptron board: one unit, two layers, logistic regression, a small network trained live, and layers that collapse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from PySide6.QtCore import Slot

from gui.labs.foundations.perceptron.collapse_page import CollapsePage
from gui.labs.foundations.perceptron.logistic_page import LogisticPage
from gui.labs.foundations.perceptron.network_page import CourseKeeper, NetworkPage
from gui.labs.foundations.perceptron.state import BOOKS, FORM_FIELDS, LINKS, TOPIC_FIELDS, PerceptronState, edited_unit
from gui.labs.foundations.perceptron.two_layers_page import TwoLayersPage
from gui.labs.foundations.perceptron.unit_page import UnitPage
from gui.labs.foundations.topic_board import TopicBoard, TopicPage
from gui.shell.undo import difference


class PerceptronBoard(TopicBoard[PerceptronState]):
    name = "perceptron"
    state_type = PerceptronState
    FORM = FORM_FIELDS
    TOPIC_FIELDS = TOPIC_FIELDS
    PAGES: ClassVar[Mapping[str, type[TopicPage]]] = {
        "unit": UnitPage,
        "xor": TwoLayersPage,
        "logistic": LogisticPage,
        "network": NetworkPage,
        "collapse": CollapsePage,
    }
    BOOKS = BOOKS
    LINKS = LINKS

    _keeper: CourseKeeper | None = None

    def page_of(self, topic: str) -> TopicPage:
        """The pages of networks share one training: what was trained on one is looked at on the other."""
        page = super().page_of(topic)
        if isinstance(page, NetworkPage):
            self._keeper = self._keeper or page.keeper
            page.keeper = self._keeper
        return page

    def draw(self) -> None:
        """Besides, leave the rows alone that change nothing: own points are not drawn, no hidden layer has no units."""
        super().draw()
        made, hidden = self.state.data != "own", self.state.layers > 0
        if not made:
            self.form.number("samples").set_value(len(self.state.own))
        for name in ("samples", "noise", "data_seed"):
            self.form.set_row_enabled(name, made)
        for name in ("width", "activation"):
            self.form.set_row_enabled(name, hidden)

    def edit(self, **changes: Any) -> None:
        self._take(msgspec.structs.replace(self.state, **changes))

    @Slot(object)
    def _form_edited(self, state: PerceptronState) -> None:
        self.refused.emit("")
        self._take(state)

    def _take(self, state: PerceptronState) -> None:
        key = difference(self.state, state)
        self.edited.emit(edited_unit(self.state, state), key)
