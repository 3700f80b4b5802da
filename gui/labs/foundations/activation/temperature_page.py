"""The probabilities of a softmax by its temperature, and at one temperature as bars beside those at 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from engine.figures import fixed, measured, to_figures
from engine.foundations.boards.activation.softmax_steps import entropy, shares_by_temperature, softmax_steps
from engine.foundations.unit_functions import softmax
from gui.labs.foundations.activation.state import ActivationState
from gui.labs.foundations.score_rows import numbered
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints, bar_outline
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable

LOWEST, HIGHEST = 0.05, 50.0
BAR_HALF = 0.34  # of a class's room


class TemperaturePage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.curves, self.bars = GraphPlot(), GraphPlot()
        self.curves.export_name, self.bars.export_name = "softmax-temperature", "softmax-bars"
        self.curves.handle_moved.connect(lambda _key, x, _y: self._moved(x))
        self.curves.clicked.connect(lambda x, _y: self._moved(x))
        self.table = FigureTable()
        plots = QHBoxLayout()
        plots.setSpacing(8)
        plots.addWidget(self.curves, 3)
        plots.addWidget(self.bars, 2)
        self.column.addLayout(plots, 1)
        self.column.addWidget(self.table)

    def _moved(self, x: float) -> None:
        self.edited.emit({"temperature": min(to_figures(x, 3), 1e4)})

    def show_page(self, state: ActivationState) -> None:
        scores, count = np.array(state.scores), len(state.scores)
        lowest, highest = min(LOWEST, state.temperature), max(HIGHEST, state.temperature)
        across = np.geomspace(lowest, highest, 161)
        curves = shares_by_temperature(scores, across)
        steps, plain = softmax_steps(scores, np.float64, state.temperature), softmax(scores)
        largest = int(scores.argmax())
        others = [k for k in range(count) if k != largest]
        self.curves.show_picture(
            GraphPicture(
                lines=[GraphLine(numbered("p", k), across, curves[:, k], k) for k in range(count)],
                points=(GraphPoints("", [state.temperature] * len(others), steps.shares[others], "text", px=3.0),),
                handles=(
                    GraphHandle("temperature", "T", state.temperature, float(steps.shares[largest]), moves="x", colour=largest),
                ),
                marks=(GraphMark("", state.temperature), GraphMark("T = 1", 1.0), GraphMark(f"1/{count}", 1 / count, "y")),
                x=(lowest, highest),
                y=(-0.03, 1.05),
                log_x=True,
                x_name=self.tr("temperature T"),
                y_name="p",
            )
        )
        bars = [
            GraphLine(
                "",
                *bar_outline([k], [steps.shares[k]], BAR_HALF),
                k,
                filled_to=0.0,
                told=False,
            )
            for k in range(count)
        ]
        bars += [
            GraphLine(
                self.tr("at T = 1") if k == 0 else "",
                [k - BAR_HALF, k + BAR_HALF],
                [plain[k], plain[k]],
                "text",
                dashed=1,
                told=False,
            )
            for k in range(count)
        ]
        self.bars.show_picture(
            GraphPicture(
                lines=bars,
                x=(-0.6, count - 0.4),
                y=(0.0, 1.05),
                x_ticks=[(float(k), numbered("p", k)) for k in range(count)],
                x_name=self.tr("class"),
                y_name="p",
                tip=lambda x, _y: self._told(state, x),
            )
        )
        rows = [("", self.tr("score x"), "x/T", self.tr("p at T = 1"), self.tr("p at T"))]
        for k in range(count):
            shares = (fixed(float(plain[k])), fixed(float(steps.shares[k])))
            rows.append((numbered("p", k), measured(state.scores[k]), measured(float(steps.scores[k])), *shares))
        rows.append((self.tr("entropy"), "", "", fixed(entropy(plain)), fixed(entropy(steps.shares))))
        self.table.set_rows(rows)

    def _told(self, state: ActivationState, x: float) -> str:
        k = round(x)
        if not 0 <= k < len(state.scores):
            return ""
        scores = np.array(state.scores)
        now, plain = softmax(scores, temperature=state.temperature)[k], softmax(scores)[k]
        said = self.tr("{name} = {now}, at T = 1: {plain}")
        return said.format(name=numbered("p", k), now=measured(float(now)), plain=measured(float(plain)))

    def page_answers(self, state: ActivationState) -> Sequence[TopicFigure]:
        shares = softmax(np.array(state.scores), temperature=state.temperature)
        largest = int(shares.argmax())
        most = self.tr("at most ln {count} = {value}").format(count=len(shares), value=fixed(float(np.log(len(shares))), 3))
        found = entropy(shares)
        return (
            (self.tr("Largest: {name}").format(name=numbered("p", largest)), fixed(float(shares[largest])), ""),
            (self.tr("Entropy"), fixed(found), most),
            (self.tr("As unsure as among"), measured(float(np.exp(found)), 3), self.tr("equal classes")),
        )
