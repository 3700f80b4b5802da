"""Activation functions over their derivatives, touched by a straight line where the user drags the point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from engine.figures import MINUS, fixed, measured
from engine.foundations.boards.activation.unit_chains import Touch, UnitFunctionName, touched, unit_function
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.activation.state import ActivationState
from gui.labs.foundations.activation.unit_choice import COLOURS, WORDS, function_title
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range
from gui.shell.language import say
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

REACHES = (6.0, 12.0, 25.0, 50.0)  # of the axis to either side: a handle at its edge does not move it on
STEPS = 120  # to either side of 0
JUMPS = {"value": ("step",), "slope": ("relu", "leaky_relu")}  # which are in two pieces at 0


@lru_cache(maxsize=64)
def _curves(name: UnitFunctionName, leak: float, reach: float) -> tuple[RealArray, RealArray, RealArray]:
    """x, f(x) and f′(x), with a gap at 0 where the curve jumps."""
    right = np.linspace(0, reach, STEPS + 1)[1:]
    x = np.concatenate([-right[::-1], [-1e-12, 0.0, 1e-12], right])
    function = unit_function(name, leak)
    value, slope = function.value(x), function.slope(x)
    middle = STEPS + 1
    if name in JUMPS["value"]:
        value = np.where(np.arange(len(x)) == middle, np.nan, value)
    if name in JUMPS["slope"]:
        slope = np.where(np.arange(len(x)) == middle, np.nan, slope)
    return x, value, slope


def _around(curves: Sequence[RealArray]) -> Range:
    low, high = min(np.nanmin(each) for each in curves), max(np.nanmax(each) for each in curves)
    room = 0.08 * (high - low) if high > low else 0.5
    return float(low - room), float(high + room)


def line_text(touch: Touch) -> str:
    """y = 0.1966x + 0.5344; y = x, y = −x or y = 1 where that is all."""
    slope, meets = measured(touch.slope), measured(abs(touch.meets))
    steep = {"0": "", "1": "x", f"{MINUS}1": f"{MINUS}x"}.get(slope, f"{slope}x")
    if meets == "0":
        return f"y = {steep or '0'}"
    if not steep:
        return f"y = {measured(touch.meets)}"
    return f"y = {steep} {MINUS if touch.meets < 0 else '+'} {meets}"


class TouchedPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.values, self.slopes = GraphPlot(), GraphPlot()
        self.values.export_name, self.slopes.export_name = "activation", "activation-derivative"
        for plot in (self.values, self.slopes):
            plot.handle_moved.connect(self._moved)
            plot.clicked.connect(lambda x, _y: self._moved("x", x, 0.0))
        self.formula = label("worked", wraps=True)
        self.table = FigureTable()
        self.column.addWidget(self.values, 3)
        self.column.addWidget(self.slopes, 2)
        self.column.addWidget(self.formula)
        self.column.addWidget(self.table)

    def _moved(self, _key: str, x: float, _y: float) -> None:
        self.edited.emit({"x": round(x, 2)})

    def show_page(self, state: ActivationState) -> None:
        reach = next(each for each in REACHES if abs(state.x) <= each)
        drawn = {name: _curves(name, state.leak, reach) for name in state.functions}
        touches = {name: touched(name, state.x, state.leak) for name in state.functions}
        touch = touches[state.function]
        up = _around([value for _, value, _ in drawn.values()])
        slope_up = _around([slope for _, _, slope in drawn.values()] + [np.zeros(1)])
        x = drawn[state.function][0]
        line = touch.line(x)
        line = np.where((line >= up[0]) & (line <= up[1]), line, np.nan)
        tangent = GraphLine(self.tr("tangent"), x, line, "muted", dashed=1, width=1.5)
        beside = [name for name in state.functions if name != state.function]
        names = [*beside, state.function]  # the touched one on top
        at = GraphMark("", state.x)
        self.values.show_picture(
            GraphPicture(
                lines=(tangent, *(self._line(name, state, drawn[name][0], drawn[name][1]) for name in names)),
                points=[self._points(state.x, [touches[name].value for name in beside])],
                handles=(self._handle(state, touch.value),),
                marks=(at,),
                x=(-reach, reach),
                y=up,
                x_name="x",
                y_name="f(x)",
            )
        )
        steepest = unit_function(state.function, state.leak).steepest
        marks = [at]
        if 0 < steepest != 1:
            marks.append(GraphMark(measured(steepest), steepest, "y"))
        self.slopes.show_picture(
            GraphPicture(
                lines=[self._line(name, state, drawn[name][0], drawn[name][2]) for name in names],
                points=[self._points(state.x, [touches[name].slope for name in beside])],
                handles=(self._handle(state, touch.slope),),
                marks=marks,
                x=(-reach, reach),
                y=slope_up,
                x_name="x",
                y_name="f′(x)",
                legend=False,
            )
        )
        set_text(self.formula, f"{say(WORDS, f'formula.{state.function}')}   ·   {say(WORDS, f'slope.{state.function}')}")
        rows = [("", "f(x)", "f′(x)", self.tr("largest f′"), self.tr("tangent"))]
        rows += [
            (
                function_title(name),
                fixed(each.value),
                fixed(each.slope),
                fixed(unit_function(name, state.leak).steepest),
                line_text(each),
            )
            for name, each in touches.items()
        ]
        self.table.set_rows(rows, ["", *(f"{say(WORDS, f'formula.{n}')}\n{say(WORDS, f'slope.{n}')}" for n in touches)])

    def _line(self, name: UnitFunctionName, state: ActivationState, x: RealArray, y: RealArray) -> GraphLine:
        return GraphLine(function_title(name), x, y, COLOURS[name], width=2.5 if name == state.function else 1.5)

    @staticmethod
    def _handle(state: ActivationState, y: float) -> GraphHandle:
        name = state.function
        return GraphHandle("x", function_title(name), state.x, y, moves="x", colour=COLOURS[name])

    @staticmethod
    def _points(x: float, y: Sequence[float]) -> GraphPoints:
        """Where the functions beside it are at x: one kind of points, whatever the curve, which is much less to draw."""
        return GraphPoints("", [x] * len(y), y, "text", px=3.0)

    def page_answers(self, state: ActivationState) -> Sequence[TopicFigure]:
        touch = touched(state.function, state.x, state.leak)
        name = function_title(state.function)
        steepest = unit_function(state.function, state.leak).steepest
        most = self.tr("largest: {value}").format(value=measured(steepest))
        return (
            (self.tr("{name}: f(x)").format(name=name), fixed(touch.value), f"x = {measured(state.x)}"),
            (self.tr("Derivative f′(x)"), fixed(touch.slope), most),
            (self.tr("Tangent"), line_text(touch), ""),
        )
