"""Whether the steps stay near here: rate times curvature against its limit for each optimiser, and what a step makes of the
distance at every rate. Called by the board of optimisers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from engine.figures import beside_one, measured, to_figures
from engine.foundations.boards.optimisers.stability import SCALED, Stability, growth_of
from gui.labs.foundations.optimisers.descent_pictures import decades, paths_picture
from gui.labs.foundations.optimisers.descents_page import TABLE, DescentsPage, rule_name
from gui.labs.foundations.optimisers.parts.rule_colours import RULE_TONES
from gui.labs.foundations.optimisers.parts.stability_meter import MeterRow, StabilityMeter
from gui.labs.foundations.optimisers.shown_descents import ShownDescents, settings_of
from gui.labs.foundations.optimisers.state import OptimisersState, RuleName
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell.language import say
from gui.shell.theme import set_role
from gui.widgets.labels import label, set_text

PLACES, REACH = 160, 3.0  # rates of the plot: from a third of the nearer to three times the further of rate and limit
MOST_GROWTH = 2.5
MOST_WITH_PICTURE = 5  # rules; with more of them the meter needs the room
SMALL_MARGINS = (40.0, 4.0, 6.0, 22.0)
LEAST_RATE, MOST_RATE = 1e-8, 1e4


class StabilityPage(DescentsPage):
    def __init__(self) -> None:
        super().__init__()
        self.plot = GraphPlot()
        self.plot.export_name = "growth by rate"
        self.heading, self.sentence = label("muted", wraps=True), label("note", wraps=True)
        self.sentence.setMinimumHeight(54)
        self.meter, self.where = StabilityMeter(), GraphPlot()
        self.where.margins = SMALL_MARGINS
        self.where.setMinimumSize(80, 60)
        self.where.export_name = "where the rules are"
        self._lay_out()
        self.plot.handle_moved.connect(self._rate_moved)
        self.where.handle_moved.connect(self.start_moved)
        self.retranslate_page()

    def _lay_out(self) -> None:
        assert self.player is not None
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.heading)
        right.addWidget(self.meter)
        right.addWidget(self.sentence)
        right.addWidget(self.where, 1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.plot, 1)
        both.addLayout(right, 1)
        self.column.addLayout(both, 1)
        self.column.addWidget(self.player)

    def plots(self) -> Sequence[GraphPlot]:
        return (self.plot, self.where)

    def draw_page(self, shown: ShownDescents) -> None:
        state = shown.state
        found = {rule: shown.stability(rule) for rule in state.rules}
        self.where.setVisible(len(state.rules) <= MOST_WITH_PICTURE)
        if len(state.rules) <= MOST_WITH_PICTURE:
            self.where.show_picture(paths_picture(shown, state.rules, self.words(), small=True))
        meters = [MeterRow(rule, rule_name(rule), found[rule], self._note(state, rule, found[rule])) for rule in state.rules]
        self.meter.set_meters(meters, state.looked)
        looked = found[state.looked]
        self.plot.show_picture(self._picture(state, looked))
        self._say(state, looked)

    def _note(self, state: OptimisersState, rule: RuleName, found: Stability | None) -> str:
        """The largest rate that stays here."""
        if found is None or not found.product > 0 or not math.isfinite(found.product):
            return ""
        return self.tr("η below {rate}").format(rate=measured(state.rate(rule) * found.limit / found.product, 3))

    def _picture(self, state: OptimisersState, found: Stability | None) -> GraphPicture:
        """What a step makes of the distance at other rates, in the direction of the most and of the least curvature."""
        rule, rate = state.looked, state.rate(state.looked)
        axes = {"x_name": self.tr("learning rate η of {rule}").format(rule=rule_name(rule)), "y": (0.0, MOST_GROWTH)}
        axes["y_name"] = self.tr("distance after a step / before it")
        if found is None or not math.isfinite(found.product) or found.product <= 0:
            return GraphPicture(x=(rate / 10, rate * 10), log_x=True, marks=(GraphMark("1", 1.0, "y", "warn"),), **axes)  # type: ignore[arg-type]
        limit = rate * found.limit / found.product
        low, high = decades(min(rate, limit) / REACH, max(rate, limit) * REACH)
        ends = max(low, LEAST_RATE), min(high, MOST_RATE)
        rates = np.geomspace(*ends, PLACES)
        settings = settings_of(state, rule)
        lines = []
        for name, product, dashed in (
            (self.tr("{rule}, steepest direction"), found.product, 0),
            (self.tr("{rule}, flattest direction"), found.lowest, 1),
        ):
            growths = [growth_of(rule, settings._replace(lr=one), product * one / rate) for one in rates.tolist()]
            shown = np.minimum(growths, MOST_GROWTH * 1.2)
            lines.append(GraphLine(name.format(rule=rule_name(rule)), rates, shown, RULE_TONES[rule] % 4, dashed))
        own = min(max(growth_of(rule, settings, found.product), 0.0), MOST_GROWTH)
        return GraphPicture(
            lines=tuple(lines),
            marks=(
                GraphMark(self.tr("the same distance"), 1.0, "y", "muted"),
                GraphMark(self.tr("limit {rate}").format(rate=measured(limit, 3)), limit, "x", "warn"),
            ),
            handles=(GraphHandle("rate", self.tr("learning rate"), rate, own, "x", "accent"),),
            x=ends,
            log_x=True,
            **axes,  # type: ignore[arg-type]
        )

    def _rate_moved(self, _key: str, rate: float, _growth: float) -> None:
        if self.shown is not None:
            figures = to_figures(min(max(rate, LEAST_RATE), MOST_RATE), 3)
            self.edited.emit({f"{self.shown.state.looked}_lr": figures})

    def _say(self, state: OptimisersState, found: Stability | None) -> None:
        code, rule = _code(state.looked, found), rule_name(state.looked)
        values: dict[str, object] = {"rule": rule}
        if found is not None and math.isfinite(found.product):
            values |= {
                "product": measured(found.product, 3),
                "limit": _limit_text(state.looked, measured(found.limit, 4)),
                "growth": beside_one(found.growth, 3),
                "lowest": measured(found.lowest, 3),
            }
        set_text(self.sentence, say(TABLE, code, **values))
        role = "warning" if code in ("leaves", "falls", "leaves_scaled") else "fact"
        if self.sentence.property("role") != role:
            set_role(self.sentence, role)
        set_text(self.heading, self.tr("Rate × largest curvature at each optimizer's place, and its limit (the line)"))

    def retranslate_page(self) -> None:
        self.plot.setAccessibleName(self.tr("What a step makes of the distance, by the rate"))
        self.meter.setAccessibleName(self.tr("Rate times curvature against its limit"))


def _limit_text(rule: RuleName, limit: str) -> str:
    """2 + 2β = 3.8; 2 alone where it is no formula."""
    formula = say(TABLE, f"limit.{rule}")
    return limit if formula == limit else f"{formula} = {limit}"


def _code(rule: RuleName, found: Stability | None) -> str:
    if found is None or not math.isfinite(found.product):
        return "no_curvature"
    if not found.stays:
        return "leaves_scaled" if rule in SCALED else "leaves"
    if found.lowest < 0 and found.growth > 1:
        return "falls"
    return "stays_scaled" if rule in SCALED else "stays"
