"""The board of losses: one example in two losses, -ln y, likelihoods by dragging, y - t by hand, and losses with a floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, get_args

import numpy as np
from PySide6.QtWidgets import QPushButton, QWidget

from engine.fields import Field
from engine.foundations.boards.losses.likelihoods import most_likely_gaussian
from engine.foundations.boards.losses.passed_back import HandOutput
from gui.labs.foundations.graph_names import name_graphs
from gui.labs.foundations.losses.coin_page import CoinPage, best_share
from gui.labs.foundations.losses.example_page import ExamplePage
from gui.labs.foundations.losses.gaussian_page import GaussianPage
from gui.labs.foundations.losses.hand_page import WORDS, HandPage
from gui.labs.foundations.losses.logarithm_page import LogarithmPage
from gui.labs.foundations.losses.smoothing_page import SmoothingPage
from gui.labs.foundations.losses.state import BOOKS, LINKS, MOST_SCORES, TOPIC_FIELDS, LossesState
from gui.labs.foundations.losses.twice_page import TwicePage
from gui.labs.foundations.score_rows import ScoreRows
from gui.labs.foundations.topic_board import TopicBoard, TopicPage
from gui.shell.language import say
from gui.widgets.forms.controls import ChoiceRow

SCORE = Field(name="score", kind="number", default=0.0, low=-20.0, high=20.0, slider=(-6.0, 6.0), step=0.1)
KINDS: tuple[HandOutput, ...] = get_args(HandOutput)


class LossesBoard(TopicBoard[LossesState]):
    name = "losses"
    state_type = LossesState
    FORM = tuple(dict.fromkeys(name for names in TOPIC_FIELDS.values() for name in names))
    BOOKS, LINKS, TOPIC_FIELDS = BOOKS, LINKS, TOPIC_FIELDS
    PAGES: ClassVar[Mapping[str, type[TopicPage]]] = {
        "example": ExamplePage,
        "logarithm": LogarithmPage,
        "gaussian": GaussianPage,
        "coin": CoinPage,
        "hand": HandPage,
        "smoothing": SmoothingPage,
        "twice": TwicePage,
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.scores, self.most_likely = ChoiceRow(), ScoreRows(SCORE, MOST_SCORES, "z"), QPushButton()
        self.kind.chosen.connect(lambda kind: self.edit(kind=kind))
        self.scores.scores_edited.connect(lambda scores: self.edit(scores=scores))
        self.scores.one_chosen.connect(lambda number: self.edit(hand_truth=number))
        self.most_likely.clicked.connect(self.take_most_likely)

    def controls(self) -> Sequence[QWidget]:
        return (self.kind, self.scores, self.form, self.most_likely)

    def rows_of(self, state: LossesState) -> Sequence[str]:
        if state.topic != "hand":
            return TOPIC_FIELDS[state.topic]
        return {"softmax": (), "sigmoid": ("label",), "identity": ("target",)}[state.kind]

    def draw(self) -> None:
        state = self.state
        by_hand, several = state.topic == "hand", state.kind == "softmax"
        self.kind.setVisible(by_hand)
        self.kind.set_value(state.kind)
        self.scores.setVisible(by_hand)
        self.scores.show_scores(state.scores, state.true_class, chosen=several, several=several)
        self.most_likely.setVisible(state.topic in ("gaussian", "coin"))
        self.most_likely.setEnabled(state.topic != "coin" or best_share(state) is not None)
        super().draw()
        name_graphs(self.page)

    def take_most_likely(self) -> None:
        """Set mean and deviation, or the coin's share, to what makes the points or the throws most likely."""
        state = self.state
        if state.topic == "coin":
            best = best_share(state)
            if best is not None:
                self.edit(heads_share=best)
            return
        mean, deviation = most_likely_gaussian(np.array(state.points))
        self.edit(mean=mean, deviation=deviation)

    def retranslate(self) -> None:
        self.kind.set_choices([(kind, say(WORDS, f"kind.{kind}")) for kind in KINDS])
        self.kind.set_label(
            self.tr("Output"), self.tr("What makes the answer y of the score z, and the likelihood that fits it")
        )
        self.scores.write(self.tr("True class"), self.tr("The class whose t is 1"))
        self.most_likely.setText(self.tr("Most likely values"))
        self.most_likely.setToolTip(self.tr("The values with the largest likelihood"))
        super().retranslate()
