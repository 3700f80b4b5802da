"""Rate against batch size: how much a batch's gradient is off, and how high a descent hovers for it. Called by the board of
optimisers.

The heights come from a thread of its own: they are means over thousands of steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from engine.figures import UNKNOWN, full_count, measured
from engine.foundations.boards.optimisers.batch_draws import BatchDraws, noise_deviation
from engine.foundations.boards.optimisers.hovering import HeightByBatch, NoiseByBatch, height_by_batch, noise_by_batch
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.surfaces import Surface
from gui.bridge import Latest
from gui.labs.foundations.optimisers.descent_pictures import decades
from gui.labs.foundations.optimisers.descents_page import DescentsPage, rule_name
from gui.labs.foundations.optimisers.parts.rule_colours import RULE_TONES
from gui.labs.foundations.optimisers.shown_descents import ShownDescents, draws_of, settings_of
from gui.labs.foundations.optimisers.state import RuleName
from gui.labs.foundations.topic_board import TopicFigure
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints, GraphTone
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.labels import label, set_text

LEAST = 1e-12  # of a height on the logarithmic axis


class HoveringRequest(NamedTuple):
    rule: RuleName
    settings: RuleSettings
    surface: Surface
    draws: BatchDraws


class HoveringFound(NamedTuple):
    request: HoveringRequest
    noise: NoiseByBatch
    heights: HeightByBatch


def _hover(request: HoveringRequest) -> HoveringFound:
    """In its thread."""
    return HoveringFound(
        request,
        noise_by_batch(request.draws),
        height_by_batch(request.rule, request.settings, request.surface, request.draws),
    )


@lru_cache(maxsize=1)
def _theory(draws: BatchDraws) -> tuple[float, ...]:
    """How much a batch of every size up to the given one is off: drawn when it is asked for, and when it is answered."""
    return tuple(noise_deviation(draws._replace(batch=size)) for size in range(1, draws.batch + 1))


class RateBatchPage(DescentsPage):
    def __init__(self) -> None:
        super().__init__(plays=False)
        self.noise, self.heights = GraphPlot(), GraphPlot()
        self.noise.export_name, self.heights.export_name = "gradient noise", "height by batch"
        self.noise_title, self.heights_title = label("muted", wraps=True), label("muted", wraps=True)
        self.sentence = label("fact", wraps=True)
        self._asked: HoveringRequest | None = None
        self._found: HoveringFound | None = None
        self._latest: Latest[HoveringRequest, HoveringFound] = Latest(_hover, self, name="hovering")
        self._latest.answered.connect(self._answered)
        self._lay_out()
        for plot in (self.noise, self.heights):
            plot.handle_moved.connect(self._batch_moved)
        self.retranslate_page()

    def _lay_out(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(16)
        for title, plot in ((self.noise_title, self.noise), (self.heights_title, self.heights)):
            column = QVBoxLayout()
            column.addWidget(title)
            column.addWidget(plot, 1)
            both.addLayout(column, 1)
        self.column.addLayout(both, 1)
        self.column.addWidget(self.sentence)

    def plots(self) -> Sequence[GraphPlot]:
        return (self.noise, self.heights)

    def page_busy(self) -> bool:
        return self._asked is not None and (self._found is None or self._found.request != self._asked)

    def close_page(self, deadline_s: float) -> None:
        self._latest.close(deadline_s)

    def draw_page(self, shown: ShownDescents) -> None:
        state = shown.state
        draws = draws_of(state)
        request = HoveringRequest(state.looked, settings_of(state, state.looked), shown.surface, draws)
        if request != self._asked:
            self._asked = request
            self._latest.ask(request)
        self._draw(request)

    def _draw(self, request: HoveringRequest) -> None:
        """The noise, whose theory is there at once, and the heights as far as they have come."""
        own = noise_deviation(request.draws)
        found = self._found if self._found is not None and self._found.request.draws.samples == request.draws.samples else None
        fresh = found is not None and found.request == request
        self._draw_noise(request, own, found if fresh else None)
        self._draw_heights(request, found, fresh)
        self._say(request, own, found if fresh else None)

    def _draw_noise(self, request: HoveringRequest, own: float, found: HoveringFound | None) -> None:
        samples, tone = request.draws.samples, RULE_TONES["sgd"] % 4
        sizes = list(range(1, samples + 1))
        theory = _theory(request.draws._replace(batch=samples, seed=0))
        points: tuple[GraphPoints, ...] = ()
        if found is not None:
            points = (GraphPoints(self.tr("measured"), found.noise.sizes, found.noise.measured, tone),)
        top = max(theory[0], LEAST)
        self.noise.show_picture(
            GraphPicture(
                lines=(GraphLine(self.tr("σ/√B · √((N − B)/(N − 1))"), sizes, theory, tone, width=1.6),),
                points=points,
                handles=(GraphHandle("batch", self.tr("batch size"), request.draws.batch, max(own, 0.02 * top), "x"),),
                x=(0.9, 1.1 * samples),
                y=(0.02 * top, 1.5 * top),
                log_x=True,
                log_y=True,
                x_name=self.tr("batch size B"),
                y_name=self.tr("deviation of the gradient"),
            )
        )

    def _draw_heights(self, request: HoveringRequest, found: HoveringFound | None, fresh: bool) -> None:
        tone: GraphTone = RULE_TONES[request.rule] % 4
        lines, points = list[GraphLine](), list[GraphPoints]()
        numbers: list[float] = []
        if found is not None:
            got, faded = found.heights, 1.0 if fresh else 0.35
            names = self.tr("rate as it is"), self.tr("rate in proportion to B")
            lines = [
                GraphLine(names[0], got.sizes, _above(got.theory), tone, 0, 1.6, faded),
                GraphLine(names[1], got.sizes, _above(got.scaled_theory), "muted", 1, 1.6, faded),
            ]
            names = self.tr("measured"), self.tr("measured, in proportion")
            points = [
                GraphPoints(names[0], got.sizes, _above(got.measured), tone),
                GraphPoints(names[1], got.sizes, _above(got.scaled_measured), "muted", hollow=True),
            ]
            together = (*got.theory, *got.scaled_theory, *got.measured, *got.scaled_measured)
            numbers = [one for one in together if one > LEAST]
        self.heights.show_picture(
            GraphPicture(
                lines=tuple(lines),
                points=tuple(points),
                marks=(GraphMark("", float(request.draws.batch), "x", "accent"),),
                x=(0.9, 1.1 * request.draws.samples),
                y=decades(0.9 * min(numbers), 1.1 * max(numbers)) if numbers else (1e-3, 1.0),
                log_x=True,
                log_y=True,
                x_name=self.tr("batch size B"),
                y_name=self.tr("mean height above the lowest place"),
            )
        )

    def _say(self, request: HoveringRequest, own: float, found: HoveringFound | None) -> None:
        set_text(self.noise_title, self.tr("How much the gradient of a batch is off, along each axis"))
        title = self.tr("How high {rule} hovers with batches, at η = {rate} and where the rate grows with the batch")
        set_text(
            self.heights_title,
            title.format(rule=rule_name(request.rule), rate=measured(request.settings.lr)),
        )
        text = self.tr(
            "A batch of {batch} of {samples} samples is off by {own} along each axis. Four times the batch halves that: the "
            "noise falls with √B, and the height with rate / B, while the rate is far below its limit."
        )
        told = text.format(
            batch=full_count(request.draws.batch), samples=full_count(request.draws.samples), own=measured(own, 3)
        )
        set_text(self.sentence, told)

    def page_answers(self, state: Any) -> Sequence[TopicFigure]:
        shown = self.shown
        if shown is None:
            return super().page_answers(state)
        draws, rule = draws_of(shown.state), shown.state.looked
        theory, measured_one = self._height_now(draws)
        rate = shown.state.rate(rule)
        return [
            (
                self.tr("Noise of a batch"),
                measured(noise_deviation(draws), 3),
                self.tr("B = {batch} of {samples}").format(batch=draws.batch, samples=draws.samples),
            ),
            (self.tr("Rate / batch"), measured(rate / draws.batch, 3), f"η {measured(rate)}"),
            (self.tr("Height, by theory"), theory, rule_name(rule)),
            (self.tr("Height, measured"), measured_one, self.tr("mean of 1,500 steps")),
        ]

    def _height_now(self, draws: BatchDraws) -> tuple[str, str]:
        """At the batch size that is set, where it is one of those that were run."""
        found = self._found
        if found is None or found.request != self._asked or draws.batch not in found.heights.sizes:
            return UNKNOWN, UNKNOWN
        place = found.heights.sizes.index(draws.batch)
        both = (found.heights.theory[place], found.heights.measured[place])
        theory, height = (UNKNOWN if math.isnan(one) else measured(one, 3) for one in both)
        return theory, height

    def _batch_moved(self, _key: str, batch: float, _height: float) -> None:
        if self.shown is not None:
            self.edited.emit({"batch": min(max(1, round(batch)), self.shown.state.samples)})

    @Slot(object)
    def _answered(self, found: HoveringFound) -> None:
        self._found = found
        if self._asked is not None:
            self._draw(self._asked)
        self.answers_changed.emit()

    def retranslate_page(self) -> None:
        self.noise.setAccessibleName(self.tr("Noise of the gradient by batch size"))
        self.heights.setAccessibleName(self.tr("Height by batch size"))


def _above(heights: Sequence[float]) -> list[float]:
    return [one if one > LEAST else math.nan for one in heights]
