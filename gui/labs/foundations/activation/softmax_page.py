"""Softmax as a function of one score, with the derivatives of every output by it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.figures import fixed, measured
from engine.foundations.boards.activation.softmax_steps import shares_by_score, softmax_steps
from engine.foundations.unit_functions import softmax_slopes
from gui.labs.foundations.activation.state import ActivationState
from gui.labs.foundations.score_rows import numbered
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable

REACHES, STEPS = (10.0, 100.0, 1000.0, 10000.0), 161  # of the axis: a handle at its edge does not move it on


class SoftmaxPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.shares, self.slopes = GraphPlot(), GraphPlot()
        self.shares.export_name, self.slopes.export_name = "softmax", "softmax-derivative"
        for plot in (self.shares, self.slopes):
            plot.handle_moved.connect(lambda _key, x, _y: self._moved(x))
            plot.clicked.connect(lambda x, _y: self._moved(x))
        self.table = FigureTable()
        self.column.addWidget(self.shares, 3)
        self.column.addWidget(self.slopes, 2)
        self.column.addWidget(self.table)
        self._shown: ActivationState | None = None

    def _moved(self, x: float) -> None:
        state = self._shown
        if state is not None:
            scores = list(state.scores)
            scores[state.moved_score] = round(x, 2)
            self.edited.emit({"scores": tuple(scores)})

    def show_page(self, state: ActivationState) -> None:
        self._shown = state
        scores, moved = np.array(state.scores), state.moved_score
        at = float(scores[moved])
        reach = next(each for each in REACHES if abs(at) <= each)
        across = np.linspace(-reach, reach, STEPS)
        all_shares, all_slopes = shares_by_score(scores, moved, across)
        steps = softmax_steps(scores, np.float64)
        jacobian = softmax_slopes(steps.shares)
        name = numbered("x", moved)
        others = [k for k in range(len(scores)) if k != moved]
        for plot, values, now, what, up in (
            (self.shares, all_shares, steps.shares, "p", (-0.03, 1.05)),
            (self.slopes, all_slopes, jacobian[:, moved], f"∂p/∂{name}", (-0.27, 0.27)),
        ):
            plot.show_picture(
                GraphPicture(
                    lines=[
                        GraphLine(numbered("p", k), across, values[:, k], k, width=2.5 if k == moved else 1.5)
                        for k in range(len(scores))
                    ],
                    points=(GraphPoints("", [at] * len(others), [now[k] for k in others], "text", px=3.0),),
                    handles=(GraphHandle("score", name, at, float(now[moved]), moves="x", colour=moved),),
                    marks=(GraphMark("", at),),
                    x=(-reach, reach),
                    y=up,
                    x_name=name,
                    y_name=what,
                    legend=plot is self.shares,
                )
            )
        heading = ("", self.tr("score x"), "exp(x − max)", "p", *(f"∂p/∂{numbered('x', k)}" for k in range(len(scores))))
        rows = [heading]
        for k in range(len(scores)):
            found = (fixed(float(steps.exponentials[k])), fixed(float(steps.shares[k])))
            derivatives = (fixed(float(slope)) for slope in jacobian[k])
            rows.append((numbered("p", k), measured(state.scores[k]), *found, *derivatives))
        sums = (fixed(float(column)) for column in np.abs(jacobian.sum(axis=0)).round(12))
        rows.append((self.tr("sum"), "", fixed(steps.total), fixed(float(steps.shares.sum())), *sums))
        self.table.set_rows(rows)

    def page_answers(self, state: ActivationState) -> Sequence[TopicFigure]:
        steps = softmax_steps(np.array(state.scores), np.float64)
        moved = state.moved_score
        own = float(softmax_slopes(steps.shares)[moved, moved])
        p, x = numbered("p", moved), numbered("x", moved)
        largest = int(steps.shares.argmax())
        return (
            (p, fixed(float(steps.shares[moved])), f"{x} = {measured(state.scores[moved])}"),
            (f"∂{p}/∂{x} = {p}(1 − {p})", fixed(own), self.tr("at most 0.25")),
            (self.tr("Largest"), numbered("p", largest), fixed(float(steps.shares[largest]))),
        )
