"""The board of activation functions: curves with their derivatives, the product through a chain of layers, dead units, softmax
with its overflow and its temperature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from engine.fields import Field
from gui.labs.foundations.activation.chain_page import ChainPage
from gui.labs.foundations.activation.dead_page import DeadPage
from gui.labs.foundations.activation.overflow_page import OverflowPage
from gui.labs.foundations.activation.softmax_page import SoftmaxPage
from gui.labs.foundations.activation.state import BOOKS, LINKS, MOST_CLASSES, TOPIC_FIELDS, ActivationState
from gui.labs.foundations.activation.temperature_page import TemperaturePage
from gui.labs.foundations.activation.touched_page import TouchedPage
from gui.labs.foundations.activation.unit_choice import UnitChoice
from gui.labs.foundations.graph_names import name_graphs
from gui.labs.foundations.score_rows import ScoreRows
from gui.labs.foundations.topic_board import TopicBoard, TopicPage

SCORE = Field(name="score", kind="number", default=0.0, low=-1e4, high=1e4, slider=(-10.0, 10.0), step=0.1)
OF_FUNCTIONS, OF_SCORES = ("curves", "chain"), ("softmax", "overflow", "temperature")


class ActivationBoard(TopicBoard[ActivationState]):
    name = "activation"
    state_type = ActivationState
    FORM = tuple(dict.fromkeys(name for names in TOPIC_FIELDS.values() for name in names))
    BOOKS, LINKS, TOPIC_FIELDS = BOOKS, LINKS, TOPIC_FIELDS
    PAGES: ClassVar[Mapping[str, type[TopicPage]]] = {
        "curves": TouchedPage,
        "chain": ChainPage,
        "dead": DeadPage,
        "softmax": SoftmaxPage,
        "overflow": OverflowPage,
        "temperature": TemperaturePage,
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice, self.scores = UnitChoice(), ScoreRows(SCORE, MOST_CLASSES, "x")
        self.choice.chosen.connect(lambda name: self.edit(function=name))
        self.choice.compared.connect(lambda names: self.edit(compared=names))
        self.scores.scores_edited.connect(lambda scores: self.edit(scores=scores))
        self.scores.one_chosen.connect(lambda number: self.edit(moved=number))

    def controls(self) -> Sequence[QWidget]:
        return (self.choice, self.scores, self.form)

    def rows_of(self, state: ActivationState) -> Sequence[str]:
        rows = TOPIC_FIELDS[state.topic]
        return rows if "leaky_relu" in state.functions else [name for name in rows if name != "leak"]

    def draw(self) -> None:
        state = self.state
        self.choice.setVisible(state.topic in OF_FUNCTIONS)
        self.choice.show_choice(state.function, state.compared)
        self.scores.setVisible(state.topic in OF_SCORES)
        self.scores.show_scores(state.scores, state.moved_score, chosen=state.topic == "softmax")
        super().draw()
        name_graphs(self.page)

    def retranslate(self) -> None:
        self.choice.retranslate()
        self.scores.write(self.tr("Moved score"), self.tr("The score along the axis of the curves"))
        super().retranslate()
