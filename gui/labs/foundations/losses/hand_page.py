"""From the likelihood of the truth to the loss and to y - t, every number in a table, with the scores as handles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from engine.figures import bracketed, fixed, measured
from engine.foundations.boards.losses.passed_back import WayToGradient, passed_back
from gui.labs.foundations.losses.state import LossesState
from gui.labs.foundations.score_rows import numbered
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphArrow, GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints, bar_outline
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range
from gui.shell.language import say
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

WORDS = "board_losses"
BAR_HALF = 0.3  # of an output's room
REACHES = (6.0, 12.0, 20.0)  # of the axis of the scores: a handle at its edge does not move it on
BESIDE = 0.16  # an arrow of its handle


def way_of(state: LossesState) -> WayToGradient:
    """The whole way for a state."""
    if state.kind == "softmax":
        return passed_back("softmax", np.array(state.scores), np.eye(len(state.scores))[state.true_class])
    truth = float(state.label) if state.kind == "sigmoid" else state.target
    return passed_back(state.kind, np.array(state.scores[:1]), np.array([truth]))


class HandPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.outputs, self.scores = GraphPlot(), GraphPlot()
        self.outputs.export_name, self.scores.export_name = "answer-and-truth", "scores-and-gradient"
        self.scores.handle_moved.connect(self._moved)
        self.formula, self.worked = label("worked", wraps=True), label("muted", wraps=True)
        self.table = FigureTable()
        self._shown = LossesState()
        plots = QHBoxLayout()
        plots.setSpacing(8)
        plots.addWidget(self.scores, 1)
        plots.addWidget(self.outputs, 1)
        self.column.addLayout(plots, 1)
        self.column.addWidget(self.formula)
        self.column.addWidget(self.table)
        self.column.addWidget(self.worked)

    def _moved(self, key: str, _x: float, y: float) -> None:
        scores, place = self._shown.scores, int(key)
        self.edited.emit({"scores": (*scores[:place], round(y, 2), *scores[place + 1 :])})

    def show_page(self, state: LossesState) -> None:
        self._shown = state
        way = way_of(state)
        count = len(way.scores)
        across: Range = (-0.6, count - 0.4)
        ticks = [(float(k), numbered("z", k)) for k in range(count)]
        reach = next(each for each in REACHES if np.abs(way.scores).max() <= each)
        self.scores.show_picture(
            GraphPicture(
                arrows=[
                    GraphArrow(
                        self.tr("−∂E/∂z = t − y"), k + BESIDE, float(way.scores[k]), 0.0, float(-way.gradient[k]), "warn"
                    )
                    for k in range(count)
                ],
                handles=[
                    GraphHandle(str(k), numbered("z", k), float(k), float(way.scores[k]), moves="y", colour=k)
                    for k in range(count)
                ],
                marks=(GraphMark("", 0.0, "y"),),
                x=across,
                y=(-reach, reach),
                x_ticks=ticks,
                y_name=self.tr("score z"),
                tip=lambda x, _y: self._told(way, x),
            )
        )
        ends = [0.0, 1.0, *way.outputs.tolist(), *way.truth.tolist()]
        low, high = min(ends), max(ends)
        bars = [
            GraphLine(
                self.tr("answer y") if k == 0 else "",
                *bar_outline([k], [way.outputs[k]], BAR_HALF),
                k,
                filled_to=0.0,
            )
            for k in range(count)
        ]
        self.outputs.show_picture(
            GraphPicture(
                lines=bars,
                points=(GraphPoints(self.tr("truth t"), np.arange(count), way.truth, "text", "diamond", 5.5, hollow=True),),
                arrows=[
                    GraphArrow("t − y", k + BAR_HALF, float(way.outputs[k]), 0.0, float(-way.difference[k]), "warn")
                    for k in range(count)
                ],
                x=across,
                y=(1.1 * low - 0.02 * high, 1.1 * high),
                x_ticks=[(float(k), numbered("y", k)) for k in range(count)],
                y_name=self.tr("answer y"),
                tip=lambda x, _y: self._told(way, x),
            )
        )
        set_text(self.formula, say(WORDS, f"way.{state.kind}"))
        self.table.set_rows(self._rows(state, way))
        place = state.true_class if state.kind == "softmax" else 0
        set_text(self.worked, self._product(way, place))

    def _product(self, way: WayToGradient, place: int) -> str:
        """∂E/∂z₁ = (−4.078) · 0.1851 = −0.7548 = 0.2452 − 1"""
        slopes = float(way.loss_slopes[place]), float(way.output_slopes[place, place])
        factors = " · ".join(bracketed(measured(slope)) for slope in slopes)
        apart = f"{measured(float(way.outputs[place]))} − {bracketed(measured(float(way.truth[place])))}"
        return f"∂E/∂{numbered('z', place)} = {factors} = {measured(float(way.gradient[place]))} = {apart}"

    def _rows(self, state: LossesState, way: WayToGradient) -> list[Sequence[str]]:
        count, several = len(way.scores), state.kind == "softmax"
        place = state.true_class if several else 0

        def row(name: str, values: Iterable[float], total: float | None = None, *, short: bool = False) -> Sequence[str]:
            write = measured if short else fixed
            cells = [write(float(value) + 0.0) for value in values]
            return (name, *cells, *([""] if total is None else [fixed(total)])) if several else (name, *cells)

        logs = way.truth * np.log(np.maximum(way.outputs, 1e-300)) if several else [way.log_likelihood]
        of_truth = numbered("y", place)
        heading = ("", *(numbered("z", k) for k in range(count)), *(["Σ"] if several else []))
        return [
            heading,
            row(self.tr("score z"), way.scores, short=True),
            row(f"y = {say(WORDS, f'kind.{state.kind}')}", way.outputs, float(way.outputs.sum())),
            row(self.tr("truth t"), way.truth, short=True),
            row(say(WORDS, f"log.{state.kind}"), logs, way.log_likelihood),
            row(say(WORDS, f"by_output.{state.kind}"), way.loss_slopes),
            row(say(WORDS, f"output_by_score.{state.kind}").format(y=of_truth), way.output_slopes[place]),
            row(self.tr("product: ∂E/∂z"), way.gradient, float(np.round(way.gradient.sum(), 12))),
            row("y − t", way.difference, float(np.round(way.difference.sum(), 12))),
            row(self.tr("difference quotient, h = 10⁻⁴"), way.checked),
        ]

    def _told(self, way: WayToGradient, x: float) -> str:
        k = round(x)
        if not 0 <= k < len(way.scores):
            return ""
        said = self.tr("{z} = {score}, y = {output}, t = {truth}, y − t = {difference}")
        return said.format(
            z=numbered("z", k),
            score=measured(float(way.scores[k])),
            output=measured(float(way.outputs[k])),
            truth=measured(float(way.truth[k])),
            difference=measured(float(way.difference[k])),
        )

    def page_answers(self, state: LossesState) -> Sequence[TopicFigure]:
        way = way_of(state)
        likelihood = self.tr("Likelihood of the truth")
        apart = float(np.abs(way.checked - way.gradient).max())
        largest = float(np.abs(way.gradient).max())
        checked = self.tr("difference quotient: {apart} off").format(apart=measured(apart, 2))
        return (
            (likelihood, fixed(way.likelihood), self.tr("log: {value}").format(value=fixed(way.log_likelihood))),
            (self.tr("Loss E = −ln L"), fixed(way.loss), ""),
            (self.tr("Largest |y − t|"), fixed(largest), checked),
        )
