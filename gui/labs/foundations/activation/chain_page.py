"""What the chain rule multiplies through n layers, and how much of the gradient each layer gets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.figures import bracketed, fixed, measured, raised
from engine.foundations.boards.activation.unit_chains import UnitChain, UnitFunctionName, unit_chain, unit_function
from gui.labs.foundations.activation.state import ActivationState
from gui.labs.foundations.activation.unit_choice import COLOURS, function_title
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.labs.foundations.worked_lines import WorkedLines
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture, GraphPoints, bar_outline
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range

BAR_HALF = 0.36  # of a layer's room
WRITTEN = 5  # factors that are written out: in one line, so that the plots keep their size
REACHES = (10, 20, 50)  # layers that the axis shows: it moves seldom, as one that moves costs more than its curve
DECADES = 5.0  # the same of powers of ten


def _powers(values: Sequence[float]) -> Range:
    """Powers of ten around all of them and 1, every fifth where there are many."""
    there = [abs(value) for value in values if value and np.isfinite(value)] + [1.0]
    low, high = np.log10(min(there)), np.log10(max(there))
    low, high = DECADES * np.floor(low / DECADES), DECADES * np.ceil(high / DECADES)
    if low == high:
        low -= DECADES
    return float(10**low) / 1.5, float(10**high) * 1.5


class ChainPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.factors, self.reaching = GraphPlot(), GraphPlot()
        self.factors.export_name, self.reaching.export_name = "chain-factors", "chain-product"
        self.written, self.note = WorkedLines(1, 480), WorkedLines(1, 460, muted=True)
        self.column.addWidget(self.factors, 2)
        self.column.addWidget(self.reaching, 3)
        self.column.addWidget(self.written)
        self.column.addWidget(self.note)

    def show_page(self, state: ActivationState) -> None:
        chains = {name: self._chain(name, state) for name in state.functions}
        own = chains[state.function]
        steepest = abs(state.weight) * unit_function(state.function, state.leak).steepest
        most = next(each for each in REACHES if state.layers <= each)
        across = (0.5, most + 0.5)
        places = np.arange(1.0, state.layers + 1)
        stride = max(1, most // 10)
        ticks = [(float(layer), str(layer)) for layer in range(1, most + 1) if layer == 1 or layer % stride == 0]
        bar_x, bar_y = bar_outline(range(1, len(own.factors) + 1), own.factors, BAR_HALF)
        beside = [name for name in state.functions if name != state.function]
        self.factors.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(function_title(state.function), bar_x, bar_y, COLOURS[state.function], width=1.0, filled_to=0.0),
                    *(
                        GraphLine(function_title(name), places, chains[name].factors, COLOURS[name], width=1.5, dots=True)
                        for name in beside
                    ),
                ),
                marks=(GraphMark(self.tr("at most {value}").format(value=measured(steepest)), steepest, "y"),),
                x=across,
                y=self._factor_limits(chains, steepest),
                x_name=self.tr("layer"),
                y_name="w·f′",
                x_ticks=ticks,
                tip=lambda x, _y: self._told(state, chains, x),
            )
        )
        everything = [value for chain in chains.values() for value in chain.reaching] + own.limits.tolist()
        up = _powers(everything)
        lines = [
            GraphLine(self.tr("at most"), places, own.limits, "muted", dashed=1, width=1.5),
            *(
                GraphLine(
                    function_title(name),
                    places,
                    np.abs(chains[name].reaching),
                    COLOURS[name],
                    width=2.5 if name == state.function else 1.5,
                    dots=True,
                )
                for name in (*beside, state.function)
            ),
        ]
        zero = [layer for layer in places.tolist() if any(chain.reaching[int(layer) - 1] == 0 for chain in chains.values())]
        points = [GraphPoints(self.tr("exactly 0"), zero, [up[0] * 1.5] * len(zero), "warn", "cross")] if zero else []
        self.reaching.show_picture(
            GraphPicture(
                lines=lines,
                points=points,
                x=across,
                y=up,
                log_y=True,
                x_name=self.tr("layer"),
                y_name=self.tr("gradient that reaches it"),
                x_ticks=ticks,
                tip=lambda x, _y: self._told(state, chains, x),
            )
        )
        self.written.show_lines([self.tr("Product: {product}").format(product=self._product(own))])
        self.note.show_lines([self._verdict(own)])

    @staticmethod
    def _chain(name: UnitFunctionName, state: ActivationState) -> UnitChain:
        return unit_chain(name, state.x, state.weight, state.layers, state.leak)

    @staticmethod
    def _factor_limits(chains: dict[UnitFunctionName, UnitChain], steepest: float) -> Range:
        values = np.concatenate([chain.factors for chain in chains.values()])
        low, high = min(0.0, float(values.min())), max(float(values.max()), steepest, 0.1)
        return low - (0.05 * high if low < 0 else 0.0), 1.3 * high

    @staticmethod
    def _product(chain: UnitChain) -> str:
        """0.25 × 0.235 × … = 1.2×10⁻⁷"""
        factors = [bracketed(fixed(each)) for each in chain.factors[:WRITTEN]]
        if len(chain.factors) > WRITTEN:
            factors.append("…")
        return f"{' × '.join(factors)} = {measured(chain.product)}"

    def _told(self, state: ActivationState, chains: dict[UnitFunctionName, UnitChain], x: float) -> str:
        """The layer under the pointer: what it reads and answers, its factor, and what reaches it."""
        layer = round(x)
        if not 1 <= layer <= state.layers:
            return ""
        rows = [self.tr("Layer {number}").format(number=layer)]
        for name, chain in chains.items():
            place = layer - 1
            said = self.tr("{name}: sum {total}, output {output}, w·f′ {factor}, gradient {reaching}")
            rows.append(
                said.format(
                    name=function_title(name),
                    total=measured(chain.sums[place]),
                    output=measured(chain.outputs[place]),
                    factor=measured(chain.factors[place]),
                    reaching=measured(chain.reaching[place]),
                )
            )
        return "\n".join(rows)

    def _verdict(self, chain: UnitChain) -> str:
        size = abs(chain.product)
        if size == 0:
            return self.tr("No gradient reaches the first layer: one of the slopes is 0.")
        if size < 1e-3:
            said = self.tr("The gradient vanishes: at the first layer it is {times} times smaller.")
            return said.format(times=measured(1 / size))
        if size > 1e3:
            return self.tr("The gradient explodes: at the first layer it is {times} times larger.").format(times=measured(size))
        return self.tr("The gradient stays of a usable size.")

    def page_answers(self, state: ActivationState) -> Sequence[TopicFigure]:
        chain = self._chain(state.function, state)
        steepest = unit_function(state.function, state.leak).steepest
        base = measured(steepest) if state.weight == 1 else f"({measured(abs(state.weight))} · {measured(steepest)})"
        power = f"{base}{raised(state.layers)}"
        return (
            (self.tr("Gradient at the first layer"), measured(chain.product), ""),
            (self.tr("At most {power}").format(power=power), measured(chain.limit), ""),
            (self.tr("Output of layer {number}").format(number=state.layers), measured(chain.outputs[-1]), ""),
        )
