"""Throws of a coin: the likelihood and its logarithm by the share of heads."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.figures import fixed, full_count, measured
from engine.foundations.boards.losses.likelihoods import coin_curve
from engine.foundations.single_losses import coin_log_likelihood
from gui.labs.foundations.losses.state import LossesState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable

SHARES = np.linspace(0.0, 1.0, 201)


def best_share(state: LossesState) -> float | None:
    """The share of heads that makes the throws most likely; None before the first throw."""
    throws = state.heads + state.tails
    return state.heads / throws if throws else None


class CoinPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.likelihood, self.logs = GraphPlot(), GraphPlot()
        self.likelihood.export_name, self.logs.export_name = "coin-likelihood", "coin-log-likelihood"
        for plot in (self.likelihood, self.logs):
            plot.handle_moved.connect(lambda _key, x, _y: self._moved(x))
            plot.clicked.connect(lambda x, _y: self._moved(x))
        self.table = FigureTable()
        self.column.addWidget(self.likelihood, 1)
        self.column.addWidget(self.logs, 1)
        self.column.addWidget(self.table)

    def _moved(self, x: float) -> None:
        self.edited.emit({"heads_share": min(max(round(x, 3), 0.0), 1.0)})

    def show_page(self, state: LossesState) -> None:
        logs = coin_curve(state.heads, state.tails, SHARES)
        best, p = best_share(state), state.heads_share
        found = coin_log_likelihood(state.heads, state.tails, p)
        most = 0.0 if best is None else coin_log_likelihood(state.heads, state.tails, best)
        marks = [GraphMark("", p)]
        if best is not None:
            marks.append(GraphMark(self.tr("most likely {share}").format(share=measured(best)), best, colour="ok"))
        top = math.exp(most) if most > -700 else 0.0
        scaled = np.exp(np.maximum(logs - most, -745.0))  # over its largest where it is too small for an axis
        self.likelihood.show_picture(
            GraphPicture(
                lines=(GraphLine(self.tr("likelihood"), SHARES, scaled * (top or 1.0), 0, filled_to=0.0),),
                handles=(GraphHandle("p", "p", p, math.exp(max(found - most, -745.0)) * (top or 1.0), "x", 0),),
                marks=marks,
                x=(-0.02, 1.02),
                y=(-0.03 * (top or 1.0), 1.4 * (top or 1.0)),  # above the curve is room for the words
                x_name=self.tr("p, the probability of heads"),
                y_name="L" if top else self.tr("L over its largest"),
                legend=False,
            )
        )
        low = most - max(12.0, 1.5 * (most - found) if math.isfinite(found) else 0.0)
        shown = np.where(logs >= low, logs, np.nan)
        self.logs.show_picture(
            GraphPicture(
                lines=(GraphLine("ln L", SHARES, shown, 1),),
                handles=(GraphHandle("p", "p", p, max(found, low), "x", 1),),
                marks=[GraphMark("", mark.at, colour=mark.colour) for mark in marks],
                x=(-0.02, 1.02),
                y=(low, most + 0.08 * (most - low)),
                x_name=self.tr("p, the probability of heads"),
                y_name="ln L",
                legend=False,
            )
        )
        heads, tails = self._log(p), self._log(1 - p)
        rows: list[Sequence[str]] = [("", self.tr("count"), self.tr("ln of its share"), self.tr("product"))]
        rows.append((self.tr("heads"), full_count(state.heads), heads, self._term(state.heads, p)))
        rows.append((self.tr("tails"), full_count(state.tails), tails, self._term(state.tails, 1 - p)))
        rows.append(("ln L", full_count(state.heads + state.tails), "", fixed(found)))
        self.table.set_rows(rows)

    @staticmethod
    def _log(share: float) -> str:
        return fixed(math.log(share) + 0.0) if share > 0 else measured(-math.inf)

    @staticmethod
    def _term(count: int, share: float) -> str:
        if not count:
            return "0"
        return fixed(count * math.log(share) + 0.0) if share > 0 else measured(-math.inf)

    def page_answers(self, state: LossesState) -> Sequence[TopicFigure]:
        found = coin_log_likelihood(state.heads, state.tails, state.heads_share)
        best, throws = best_share(state), state.heads + state.tails
        if best is None:
            most, each, least = "–", "–", ""
        else:
            top = coin_log_likelihood(state.heads, state.tails, best)
            most, each = fixed(top), fixed(-found / throws + 0.0)
            least = self.tr("at least {value}").format(value=fixed(-top / throws + 0.0))
        at = "" if best is None else self.tr("at p = {share}").format(share=measured(best))
        return (
            (self.tr("Log likelihood"), fixed(found), f"p = {measured(state.heads_share)}"),
            (self.tr("Largest"), most, at),
            (self.tr("Cross-entropy per throw"), each, least),
        )
