"""The curves of one plot, as data: points, the same smoothed, and what of them is to be drawn. No Qt.

Data comes in with `append`; asking for what to draw never adds any. Written by the labs, drawn by
`gui.plots.curves`, saved as a table by `gui.plots.save`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.figures import UNKNOWN, fixed, percent
from gui.plots.numbers.across import Across
from gui.plots.numbers.ranges import Range, log_limits, rate_limits, value_limits
from gui.plots.numbers.reduction import Floats, Integers, Missing, Outline, Places, Points, Smoothing, as_float32
from gui.plots.numbers.view import CurveView

Kind = Literal["value", "rate"]  # a rate is a part of one, shown in percent
Entry = tuple[str, str, str]  # key, name, value
PATTERNS: tuple[tuple[float, ...], ...] = ((), (5.0, 3.0), (1.5, 2.5), (8.0, 3.0, 2.0, 3.0))  # of dashes, by number
MISSING: tuple[Missing, ...] = ("nan", "above", "below", "not_positive")


class CurveMark(NamedTuple):
    """Something that happened at an iteration of the run, and what it says."""

    step: float
    text: str


@dataclass
class Strand:
    """One curve: its points, the same smoothed when that is asked for, and the look it was given."""

    colour: int
    dashed: int  # the number of its dashes; 1, or True, for what is measured on data held back
    smoothed: bool  # whether smoothing applies: measurements of single batches are noisy, of a whole set they are not
    raw: Points = field(default_factory=Points)
    smooth: Points | None = None
    smoothing: Smoothing | None = None
    drawn: tuple[object, Drawn] | None = None  # what was drawn last, and of what: a validation comes once in many frames

    @property
    def shown(self) -> Points:
        return self.raw if self.smooth is None else self.smooth

    def smooth_anew(self, amount: float) -> None:
        if amount == 0.0 or not self.smoothed:
            self.smooth = self.smoothing = None
            return
        self.smoothing, self.smooth = Smoothing(amount), Points()
        steps, values = self.raw.everything()
        self.smooth.append(steps, self.smoothing.feed(values))


class Ribbon(NamedTuple):
    """What lies around a curve: at each step a lowest and a highest value; NaN where there is none."""

    steps: npt.NDArray[np.int64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """What is drawn of one curve, in the units of the axes."""

    line: Outline
    behind: Outline | None  # what was measured, behind the smoothed curve
    marks: dict[Missing, npt.NDArray[np.float64]]  # where something is missing
    ribbon: tuple[Places, Places, Places] | None = None  # places, lowest and highest values around it


class CurveData:
    """The curves by key, and what people call them. `total` is how many iterations the whole run has, `chance` what guessing
    would reach, `marks` what happened to the run on its way."""

    def __init__(self, kind: Kind = "value") -> None:
        self.kind = kind
        self.names: dict[str, str] = {}
        self.strands: dict[str, Strand] = {}
        self.total: float | None = None
        self.chance: float | None = None
        self.marks: tuple[CurveMark, ...] = ()
        self.ribbons: dict[str, Ribbon] = {}  # by the key of the curve that they lie around
        self.across = Across()
        self.view = CurveView()

    def add(self, key: str, colour: int, *, dashed: int = False, smoothed: bool = True) -> None:
        """Add an empty curve in the colour of that number; dashed for what is measured on data held back, or with the dashes of
        that number."""
        self.strands[key] = Strand(colour, dashed, smoothed)
        self.strands[key].smooth_anew(self.view.smoothing)

    def append(self, key: str, steps: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Put points at the end of a curve; what is not finite is a gap. Costs as much as there are new points."""
        strand, new = self.strands[key], as_float32(values)
        strand.raw.append(steps, new)
        if strand.smooth is not None and strand.smoothing is not None:
            strand.smooth.append(steps, strand.smoothing.feed(new))

    def keep(self, keys: Collection[str]) -> None:
        """Let go of all curves and ribbons but these."""
        self.strands = {key: strand for key, strand in self.strands.items() if key in keys}
        self.ribbons = {key: ribbon for key, ribbon in self.ribbons.items() if key in keys}

    def note_time(self, step: float, seconds: float) -> None:
        """So many iterations were done after so many seconds of running."""
        self.across.pace.note(step, seconds)

    def clear(self) -> None:
        """Forget every point and all times."""
        for strand in self.strands.values():
            strand.raw = Points()
            strand.smooth_anew(self.view.smoothing)
        epoch_steps, self.across = self.across.epoch_steps, Across()
        self.across.epoch_steps = epoch_steps
        self.across.unit = self.view.across

    def set_view(self, view: CurveView) -> None:
        before, self.view = self.view, view
        self.across.unit = view.across
        if before.smoothing != view.smoothing:
            for strand in self.strands.values():
                strand.smooth_anew(view.smoothing)

    # --- what is read

    def latest(self) -> float:
        """The last iteration that any curve has reached."""
        return float(max((each.raw.last_step or 0 for each in self.strands.values()), default=0))

    def nearest(self, step: float) -> float | None:
        """The measured iteration nearest to `step`; None while there is none."""
        found = [near for each in self.strands.values() if (near := each.raw.nearest(step)) is not None]
        return float(min(found, key=lambda near: abs(near - step))) if found else None

    def values_at(self, step: float | None) -> dict[str, float]:
        """What was measured of each curve last, up to an iteration or of all; NaN and the infinities as they are. Smoothing
        changes how a curve is drawn, not what is read. A curve that had no measurement yet is left out."""
        at = self.latest() if step is None else step
        points = {key: strand.raw.value_at(at) for key, strand in self.strands.items()}
        return {key: point[1] for key, point in points.items() if point is not None}

    def read_out(self, step: float | None) -> list[Entry]:
        """Key, name and value of every curve: what was measured last, up to an iteration or of all."""
        values = self.values_at(step)
        return [(key, self.names.get(key, key), figure_of(self.kind, values.get(key))) for key in self.strands]

    def columns(self) -> dict[str, tuple[Integers, Floats]]:
        """All that was measured, not smoothed and not reduced: steps and values of every curve."""
        return {key: strand.raw.everything() for key, strand in self.strands.items()}

    def marks_near(self, low: float, high: float) -> tuple[CurveMark, ...]:
        """The marks between two iterations."""
        return tuple(mark for mark in self.marks if low <= mark.step <= high)

    # --- what is drawn

    def drawn(self, limits: Range, pixels: int) -> dict[str, Drawn]:
        """What to draw between `limits`, in the unit that lies across, on that many pixels."""
        edges = self.across.edges(limits)
        log = self.view.log
        found = {key: self._drawn(strand, edges, pixels, log) for key, strand in self.strands.items()}
        for key, ribbon in self.ribbons.items():
            if key in found:
                found[key] = replace(found[key], ribbon=self._ribbon(ribbon, edges, pixels, log))
        return found

    def _drawn(self, strand: Strand, edges: list[float], pixels: int, log: bool) -> Drawn:
        unit = self.across.shown
        of = strand.raw, len(strand.raw), strand.smooth, edges, pixels, log, unit, self.across.epoch_steps
        if strand.drawn is not None and strand.drawn[0] == of and unit != "time":  # the pace of a run is never done
            return strand.drawn[1]
        kinds = MISSING if log else MISSING[:-1]
        found = {kind: strand.raw.marks(edges, pixels, kind) for kind in kinds if kind in strand.raw.faults}
        marks = {kind: self.across.places(steps) for kind, steps in found.items()}
        line = self._placed(strand.shown.outline(edges, pixels, log=log))
        behind = None if strand.smooth is None else self._placed(strand.raw.outline(edges, pixels, log=log))
        drawn = Drawn(line, behind, marks)
        strand.drawn = of, drawn
        return drawn

    def _ribbon(self, ribbon: Ribbon, edges: list[float], pixels: int, log: bool) -> tuple[Places, Places, Places]:
        """The part between the edges, with one step outside at each end; of many steps on a pixel, their extremes."""
        there = np.isfinite(ribbon.low) & np.isfinite(ribbon.high)
        steps, low, high = ribbon.steps[there], ribbon.low[there], ribbon.high[there]
        start = max(int(np.searchsorted(steps, edges[0])) - 1, 0)
        stop = int(np.searchsorted(steps, edges[-1], "right")) + 1
        steps, low, high = steps[start:stop], low[start:stop], high[start:stop]
        if (every := len(steps) // max(pixels, 1)) > 1:
            firsts = np.arange(0, len(steps), every)
            steps, low, high = steps[firsts], np.minimum.reduceat(low, firsts), np.maximum.reduceat(high, firsts)
        if log:
            shown = high > 0
            steps, low, high = steps[shown], low[shown], high[shown]
            low = np.log10(np.where(low > 0, low, high / 1000))  # no place on this axis: to three decades below
            high = np.log10(high)
        return self.across.places(steps), low, high

    def _placed(self, outline: Outline) -> Outline:
        if self.across.shown == "iteration":
            return outline
        return Outline(self.across.places(outline.x), outline.y, outline.joined)

    def value_limits(self, drawn: dict[str, Drawn]) -> Range:
        """Round limits around all that is drawn, or from zero to the line of pure chance where nothing is yet; powers of ten
        on a logarithmic axis."""
        outlines = [part for each in drawn.values() for part in (each.line, each.behind) if part is not None and len(part)]
        ribbons = [each.ribbon for each in drawn.values() if each.ribbon is not None and len(each.ribbon[0])]
        spans = [*(outline.span for outline in outlines), *((float(low.min()), float(high.max())) for _, low, high in ribbons)]
        lowest = min((low for low, _ in spans), default=np.inf)
        highest = max((high for _, high in spans), default=-np.inf)
        if self.kind == "rate":
            return rate_limits(lowest if isfinite(lowest) else 0.0)
        if not isfinite(lowest):
            return self._limits_of_nothing()
        return log_limits(10**lowest, 10**highest) if self.view.log else value_limits(lowest, highest)

    def _limits_of_nothing(self) -> Range:
        chance = self.chance if self.view.chance and self.chance is not None and self.chance > 0 else 1.0
        return log_limits(chance / 1000, chance) if self.view.log else value_limits(0.0, chance)


def figure_of(kind: Kind, value: float | None) -> str:
    """A value of a curve as it is read out; a dash where there is none."""
    if value is None:
        return UNKNOWN
    return percent(value) if kind == "rate" and isfinite(value) else fixed(value)
