"""What flows through a stack, layer by layer: a histogram each, their deviations beside theory, and all combinations as a map.

Up to ten layers stand side by side as histograms; more are columns of a heat map, with the chosen layer's histogram beside it.
Shown on the board of first weights, which computes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.figures import fixed, full_count, measured, percent
from engine.foundations.boards.initialisation.initialisation_numbers import (
    STACK_ACTIVATIONS,
    STACK_WEIGHTS,
    Combination,
    LayerBars,
    StackPass,
    findings,
    left_over,
)
from engine.foundations.boards.initialisation.initialisation_theory import Predicted
from gui.labs.foundations.initialisation.combination_table import CombinationTable
from gui.labs.foundations.initialisation.flow_section import FlowSection
from gui.labs.foundations.initialisation.state import InitialisationState
from gui.plots.lines import PlotLine
from gui.plots.matrices.heat_map import HeatMap
from gui.plots.matrices.small_multiples import PlotPanel, SmallMultiples
from gui.plots.numbers.ranges import Tick, round_above, value_ticks
from gui.plots.sequences.log_lines import LogLinePlot
from gui.shell.language import language, say
from gui.shell.theme import restyle_when_seen, theme
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label, set_text

CLOSE = 7  # panels, from which on there is little room for words
MOST_PANELS = 10  # layers that stand side by side
BESIDE_PX = 210  # of the chosen layer's histogram, beside the heat map
TABLE_PX = 336  # of the map of combinations, at most


class LayerFlowView(QWidget):
    """`show_pass` shows all of it. What the user chooses comes as signals; the owner answers with another pass."""

    side_chosen = Signal(str)
    axis_chosen = Signal(str)
    layer_chosen = Signal(int)  # from 1
    combination_chosen = Signal(str, str)  # first weights and activation

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[InitialisationState, StackPass, Predicted, list[LayerBars]] | None = None
        self._combinations: Sequence[Combination] = ()
        self.spread, self.curves, self.map = FlowSection(), FlowSection(), FlowSection()
        self.side, self.axis = Segmented(), Segmented()
        self.verdict, self.legend = label("fact", wraps=True), label("small", rich=True, wraps=True)
        self.heat = HeatMap()
        self.panels = SmallMultiples()
        self.lines = LogLinePlot()
        self.table = CombinationTable()
        self.heat.export_name = "histograms by layer"
        self.panels.export_name = "histograms"
        self.lines.export_name = "deviations"
        self.heat.margins = (52.0, 4.0, 76.0, 34.0)
        self.lines.margins = (52.0, 6.0, 10.0, 34.0)
        self.panels.margins = (46.0, 2.0, 8.0, 20.0)
        self.map.setMaximumWidth(TABLE_PX)
        self._lay_out()
        self.side.chosen.connect(self.side_chosen)
        self.axis.chosen.connect(self.axis_chosen)
        self.panels.panel_chosen.connect(self._panel_chosen)
        self.heat.cell_chosen.connect(lambda _row, column: self.layer_chosen.emit(column + 1))
        self.table.cell_chosen.connect(self._cell_chosen)
        restyle_when_seen(self, self._write_legend)
        self.retranslate()

    def _lay_out(self) -> None:
        self.spread.tools.addWidget(self.side)
        self.spread.tools.addWidget(self.axis)
        plots = QHBoxLayout()
        plots.setSpacing(8)
        plots.addWidget(self.heat, 1)
        plots.addWidget(self.panels, 1)
        self.spread.body.addLayout(plots, 1)
        self.spread.body.addWidget(self.verdict)
        self.curves.body.addWidget(self.lines, 1)
        self.curves.body.addWidget(self.legend)
        self.map.body.addWidget(self.table, 1)
        below = QHBoxLayout()
        below.setSpacing(20)
        below.addWidget(self.curves, 3)
        below.addWidget(self.map, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.spread, 6)
        column.addLayout(below, 5)

    def minimumSizeHint(self) -> QSize:
        return QSize(480, 380)

    # --- what is shown

    def show_pass(self, state: InitialisationState, found: StackPass, theory: Predicted, counted: list[LayerBars]) -> None:
        """`counted` are the histograms of the side and on the axes that the state asks for."""
        before, self._shown = self._shown, (state, found, theory, counted)
        self.side.set_current(state.side)
        self.axis.set_current(state.axis)
        self._show_histograms(state, found, counted)
        if before is None or before[1] is not found:
            self._show_lines(found, theory)
        self._show_table()
        said = " ".join(phrase.say(language()) for phrase in findings(state.stack, found.layers))
        set_text(self.verdict, said)

    def show_combinations(self, found: Sequence[Combination]) -> None:
        """Those that have been computed so far."""
        self._combinations = found
        self._show_table()

    def show_nothing(self) -> None:
        """It is still being computed."""
        self._shown = None
        self.heat.hide()
        self.panels.set_panels((), per_row=1, up=(0.0, 1.0), up_figures=())
        self.lines.set_lines(())
        self.table.set_values({}, None)
        set_text(self.verdict, self.tr("Being computed"))

    def _show_histograms(self, state: InitialisationState, found: StackPass, histograms: list[LayerBars]) -> None:
        chosen = state.shown_layer - 1
        many = len(histograms) > MOST_PANELS
        top = _top(histograms)
        self.heat.setVisible(many)
        self.panels.setMaximumWidth(BESIDE_PX if many else 16_777_215)
        if many:
            self._show_heat(histograms, chosen, state.axis == "own_axis")
        numbers = [chosen] if many else range(len(histograms))
        deviations = self._deviations(state, found)
        panels = [
            PlotPanel(
                (self.tr("Layer {number}") if many or len(numbers) < CLOSE else "{number}").format(number=number + 1),
                (float(histograms[number].edges[0]), float(histograms[number].edges[-1])),
                fixed(deviations[number], 3) if many or len(numbers) < CLOSE else measured(deviations[number], 2),
                histograms[number].edges,
                histograms[number].shares,
            )
            for number in numbers
        ]
        self.panels.set_panels(
            panels,
            per_row=len(panels),
            up=(0.0, top),
            across=_around_middle if state.axis == "own_axis" else None,
            up_figures=value_ticks((0.0, top), max(self.panels.area.height() - 40, 40), percent=True),
            written=lambda share: percent(share, fine=True),
            colour=0 if state.side == "activations" else 1,
            chosen=0 if many else chosen,
        )

    def _deviations(self, state: InitialisationState, found: StackPass) -> list[float]:
        if state.side == "activations":
            return [sums.deviation for sums in found.layers]
        return [sums.gradient_deviation for sums in found.layers]

    def _show_heat(self, histograms: list[LayerBars], chosen: int, own: bool) -> None:
        shares = np.array([counted.shares for counted in histograms]).T[::-1]
        edges = histograms[0].edges
        if own:  # each layer's axis is another one: how far along it
            edges = np.linspace(-1, 1, len(edges)) if edges[0] < 0 else np.linspace(0, 1, len(edges))
        middles = (edges[:-1] + edges[1:])[::-1] / 2
        self.heat.set_values(
            shares,
            levels=(0.0, _top(histograms)),
            rows=[measured(float(value), 2) for value in middles],
            columns=[str(number + 1) for number in range(len(histograms))],
        )
        self.heat.set_cursor(chosen)

    def _show_lines(self, found: StackPass, theory: Predicted) -> None:
        seen = (
            (self.tr("all"), [sums.deviation for sums in found.layers], theory.deviation),
            (self.tr("between samples"), [sums.between_samples for sums in found.layers], theory.between_samples),
            (self.tr("gradients"), [sums.gradient_deviation for sums in found.layers], theory.gradient_deviation),
        )
        lines = [PlotLine(name, values, colour) for colour, (name, values, _) in enumerate(seen)]
        for colour, (name, _, predicted) in enumerate(seen):
            said = self.tr("{name}, theory").format(name=name)
            lines.append(PlotLine(said, predicted.tolist(), colour, dashed=2))
        self.lines.set_lines(lines)

    def _show_table(self) -> None:
        if self._shown is None:
            return
        state, found, *_ = self._shown
        forwards = state.side == "activations"
        values: dict[tuple[int, int], float] = {}
        for one in self._combinations:
            place = STACK_WEIGHTS.index(one.first_weights), STACK_ACTIVATIONS.index(one.activation)
            values[place] = one.forwards if forwards else one.backwards
        chosen = STACK_WEIGHTS.index(state.first_weights), STACK_ACTIVATIONS.index(state.activation)
        if found.samples == found.stack.samples:  # the number that this cell has among all combinations
            values[chosen] = left_over(found.layers)[0 if forwards else 1]
        self.table.set_values(values, chosen)
        title = self.tr("Between samples: last layer / first") if forwards else self.tr("Gradients: first layer / last")
        tip = self.tr("How many times as much is left at the other end of the stack; a click chooses")
        self.map.set_title(title, tip=tip)
        name = self.tr("Activations") if forwards else self.tr("Gradients")
        self.spread.set_title(
            self.tr("{name}, {count} samples").format(name=name, count=full_count(found.samples)),
            tip=self.tr("The share of the values in each thirtieth of the axis"),
        )

    # --- what the user does

    def _panel_chosen(self, number: int) -> None:
        assert self._shown is not None
        state = self._shown[0]
        self.layer_chosen.emit(state.shown_layer if state.layers > MOST_PANELS else number + 1)

    def _cell_chosen(self, row: int, column: int) -> None:
        self.combination_chosen.emit(STACK_WEIGHTS[row], STACK_ACTIVATIONS[column])

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.side.set_choices([("activations", self.tr("Activations")), ("gradients", self.tr("Gradients"))])
        self.axis.set_choices([("shared_axis", self.tr("One axis")), ("own_axis", self.tr("An axis a layer"))])
        self.side.setAccessibleName(self.tr("Histograms of"))
        self.axis.setAccessibleName(self.tr("Axes of the histograms"))
        self.axis.setToolTip(say("board_initialisation", "axis.help"))
        self.curves.set_title(
            self.tr("Deviation, layer by layer"),
            tip=self.tr("Solid: measured. Dashed: what theory says of very wide layers. Zero has no place on this axis"),
        )
        self.lines.set_axis_names(self.tr("layer"), "")
        self.panels.set_axis_names("", "")
        self.heat.set_axis_names(self.tr("layer"), "")
        self.panels.setAccessibleName(self.tr("Histograms of the layers"))
        self.heat.setAccessibleName(self.tr("Histograms of the layers as columns"))
        self.lines.setAccessibleName(self.tr("Deviation, layer by layer"))
        self.table.setAccessibleName(self.tr("All first weights with all activation functions"))
        self.table.set_names(
            [say("choices", rule) for rule in STACK_WEIGHTS], [say("choices", name) for name in STACK_ACTIVATIONS]
        )
        self._write_legend()
        shown, self._shown = self._shown, None
        if shown is not None:
            self.show_pass(*shown)

    def _write_legend(self) -> None:
        names = (self.tr("all"), self.tr("between samples"), self.tr("gradients"))
        spans = [
            f'<nobr><span style="color:{theme().curves[colour].name()}">—</span> {name}</nobr>'
            for colour, name in enumerate(names)
        ]
        spans.append("<nobr>··· " + self.tr("theory") + "</nobr>")
        set_text(self.legend, "&nbsp; ".join(spans))


def _top(histograms: Sequence[LayerBars]) -> float:
    """Where the axis of shares ends: above all bars but the highest of each layer, which may be cut off; a round number."""
    seconds = [float(np.sort(counted.shares)[-2]) for counted in histograms]
    highest = max(float(counted.shares.max()) for counted in histograms)
    wanted = 1.15 * max(seconds)
    return round_above(min(wanted, highest)) if wanted > 0 else round_above(max(highest, 0.01))


def _around_middle(panel: PlotPanel) -> list[Tick]:
    """One figure for an axis of its own size: how far it goes, below the middle."""
    low, high = panel.x
    middle = (low + high) / 2
    if low == 0:
        return [(middle, f"0…{measured(high, 2)}")]
    far = f"±{measured((high - low) / 2, 2)}"
    return [(middle, far if abs(middle) < 1e-3 * (high - low) else f"{measured(middle, 2)}{far}")]
