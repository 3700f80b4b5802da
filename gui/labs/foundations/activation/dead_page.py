"""Units that answer 0 to every sample: which they are, and their share by the bias and by the size of one step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from engine.figures import full_count, measured, percent, to_figures
from engine.foundations.boards.activation.dead_units import (
    INPUTS,
    DrawnLayer,
    SteppedLayer,
    dead_by_bias,
    dead_by_rate,
    dead_share,
    drawn_layer,
    expected_by_bias,
    loss_of,
    stepped_layer,
)
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.activation.state import ActivationState
from gui.labs.foundations.activation.unit_squares import UnitSquares
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.labs.foundations.worked_lines import WorkedLines
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.labels import label, set_text

BIASES = np.linspace(-8.0, 3.0, 221)
RATES = np.logspace(-2, 3, 251)
SHARES = ((0.0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1.0, "100%"))


@lru_cache(maxsize=16)
def _layer(units: int, samples: int, seed: int, positive: bool) -> tuple[DrawnLayer, RealArray, RealArray | None]:
    """The layer, its share of dead units by the bias, and the same in theory where there is one."""
    layer = drawn_layer(units, samples, seed, positive=positive)
    return layer, dead_by_bias(layer, BIASES), None if positive else expected_by_bias(layer, BIASES)


@lru_cache(maxsize=16)
def _stepped(units: int, samples: int, seed: int, positive: bool, bias: float) -> tuple[SteppedLayer, RealArray]:
    """The layer with its bias, and its share of dead units by the size of the step."""
    stepped = stepped_layer(_layer(units, samples, seed, positive)[0], bias)
    return stepped, dead_by_rate(stepped, RATES)


def shown_layer(state: ActivationState) -> tuple[DrawnLayer, SteppedLayer]:
    """The layer of a state, before its step."""
    drawn = (state.units, state.samples, state.seed, state.positive)
    return _layer(*drawn)[0], _stepped(*drawn, state.bias)[0]


class DeadPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.heading = label("title", wraps=True)
        self.squares = UnitSquares()
        self.by_bias, self.by_rate = GraphPlot(), GraphPlot()
        self.by_bias.export_name, self.by_rate.export_name = "dead-units-by-bias", "dead-units-by-step"
        self.note = WorkedLines(2, 520, muted=True)
        self.by_bias.handle_moved.connect(lambda _key, x, _y: self._bias(x))
        self.by_bias.clicked.connect(lambda x, _y: self._bias(x))
        self.by_rate.handle_moved.connect(lambda _key, x, _y: self._rate(x))
        self.by_rate.clicked.connect(lambda x, _y: self._rate(x))
        plots = QHBoxLayout()
        plots.setSpacing(8)
        plots.addWidget(self.by_bias)
        plots.addWidget(self.by_rate)
        self.column.addWidget(self.heading)
        self.column.addWidget(self.squares, 2)
        self.column.addLayout(plots, 3)
        self.column.addWidget(self.note)

    def _bias(self, bias: float) -> None:
        self.edited.emit({"bias": round(bias, 2)})

    def _rate(self, rate: float) -> None:
        self.edited.emit({"rate": min(to_figures(rate, 2), 1e4)})

    def show_page(self, state: ActivationState) -> None:
        drawn = (state.units, state.samples, state.seed, state.positive)
        _, shares, theory = _layer(*drawn)
        stepped, after = _stepped(*drawn, state.bias)
        sums = stepped.after(state.rate or 0.0)
        self.squares.show_units(sums)
        when = self.tr("before the step") if state.rate is None else self.tr("after the step")
        title = self.tr(
            "Each square is a unit ({when}): the stronger its colour, the more samples it answers to; dead ones are crossed out"
        )
        set_text(self.heading, title.format(when=when))
        before = dead_share(stepped.sums_SU)
        lines = [GraphLine(self.tr("counted"), BIASES, shares, 0, filled_to=0.0)]
        if theory is not None:
            lines.append(GraphLine(self.tr("theory"), BIASES, theory, "muted", dashed=1, width=1.5))
        self.by_bias.show_picture(
            GraphPicture(
                lines=lines,
                handles=(GraphHandle("bias", self.tr("bias"), state.bias, before, moves="x", colour=0),),
                marks=(GraphMark("", state.bias),),
                x=(min(-8.0, state.bias), max(3.0, state.bias)),
                y=(-0.02, 1.04),
                x_name=self.tr("bias b, before the step"),
                y_name=self.tr("dead units"),
                y_ticks=SHARES,
                legend=True,
            )
        )
        handle = list[GraphHandle]()
        marks = [GraphMark(self.tr("before the step"), before, "y")]
        if state.rate is not None:
            handle.append(GraphHandle("rate", self.tr("step"), state.rate, dead_share(sums), moves="x", colour=1))
            marks.append(GraphMark("", state.rate))
        self.by_rate.show_picture(
            GraphPicture(
                lines=(GraphLine(self.tr("after one step"), RATES, after, 1, filled_to=0.0),),
                handles=handle,
                marks=marks,
                x=(min(RATES[0], state.rate or 1.0), max(RATES[-1], state.rate or 1.0)),
                y=(-0.02, 1.04),
                log_x=True,
                x_name=self.tr("learning rate of the step"),
                y_name=self.tr("dead units"),
                y_ticks=SHARES,
            )
        )
        said = self.tr(
            "While samples are like these, dead units pass no gradient back: {weights} of the layer's {all} parameters stand "
            "still. A leaky ReLU would pass a little."
        )
        dead = round(dead_share(sums) * state.units)
        count, every = full_count(dead * (INPUTS + 1)), full_count(state.units * (INPUTS + 1))
        self.note.show_lines([said.format(weights=count, all=every)])

    def page_answers(self, state: ActivationState) -> Sequence[TopicFigure]:
        layer, stepped = shown_layer(state)
        before, sums = dead_share(stepped.sums_SU), stepped.after(state.rate or 0.0)
        after = dead_share(sums)
        of = self.tr("of {units} units").format(units=state.units)
        loss = measured(loss_of(layer, sums))
        was = "" if state.rate is None else self.tr("before: {loss}").format(loss=measured(stepped.loss))
        return (
            (self.tr("Dead units"), full_count(round(after * state.units)), of),
            (self.tr("Share of dead units"), percent(after), self.tr("before: {share}").format(share=percent(before))),
            (self.tr("Loss"), loss, was),
        )
