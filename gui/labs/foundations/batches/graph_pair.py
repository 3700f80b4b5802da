"""A topic's picture on the board of batches: two graphs, one below the other, each with its title; what is said stands
below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from gui.labs.foundations.batches.state import BatchesState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.labels import label, set_text
from gui.widgets.one_line import OneLine


class PairShown(NamedTuple):
    """Two graphs with their titles, figures for the answer line, and a sentence."""

    upper: GraphPicture
    upper_title: str
    lower: GraphPicture
    lower_title: str
    figures: Sequence[TopicFigure]
    said: str = ""


class GraphPair(TopicPage):
    """A topic fills in `shown_of`. `tools` stand at the right of the upper graph's title."""

    def __init__(self) -> None:
        super().__init__()
        self._state = BatchesState()
        self._shown: PairShown | None = None
        self.above, self.below = GraphPlot(), GraphPlot()
        self._titles = OneLine("title"), OneLine("title")
        self._said = label("muted", wraps=True)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._titles[0], 1)
        row.addLayout(self.tools)
        self.column.addLayout(row)
        self.column.addWidget(self.above, 1)
        self.column.addWidget(self._titles[1])
        self.column.addWidget(self.below, 1)
        self.column.addWidget(self._said)
        self.above.clicked.connect(self.above_clicked)
        self.below.clicked.connect(self.below_clicked)
        for plot in (self.above, self.below):
            plot.setMinimumHeight(120)

    def shown_of(self, state: BatchesState) -> PairShown:
        raise NotImplementedError

    @Slot(float, float)
    def above_clicked(self, x: float, y: float) -> None:
        """A click on the upper graph."""

    @Slot(float, float)
    def below_clicked(self, x: float, y: float) -> None:
        """The same of the lower one."""

    @property
    def shown(self) -> PairShown:
        """What is on the screen."""
        assert self._shown is not None
        return self._shown

    def show_page(self, state: BatchesState) -> None:
        self._state = state
        shown = self._shown = self.shown_of(state)
        for plot, title, picture, text in (
            (self.above, self._titles[0], shown.upper, shown.upper_title),
            (self.below, self._titles[1], shown.lower, shown.lower_title),
        ):
            plot.show_picture(picture)
            plot.setAccessibleName(text)
            title.set_text(text)
        set_text(self._said, shown.said)
        self._said.setVisible(bool(shown.said))

    def page_answers(self, state: BatchesState) -> Sequence[TopicFigure]:
        if self._shown is None or state != self._state:
            self.show_page(state)
        return self.shown.figures

    def show_again(self) -> None:
        """Something besides the state has come: draw anew."""
        self.show_page(self._state)
        self.answers_changed.emit()
