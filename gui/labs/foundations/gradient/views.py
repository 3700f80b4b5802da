"""Which part of a plane is shown, and the heights of a surface over it, as values for a graph. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, isfinite

import numpy as np

from engine.foundations.boards.gradient.arrow_field import ArrowField
from engine.foundations.boards.gradient.descent_course import SmoothSurface
from gui.plots.graphs.graph_parts import GraphField, GraphLine, GraphTone, GraphValues
from gui.plots.numbers.ranges import Range, nice_unit

CELLS = 61  # of a field, along each axis
RINGS = 9  # contour lines of a bowl, evenly apart
_MARGIN = 0.06
_BRIGHT = 0.9  # of the cells: what is higher has the last colour, or a bowl would be dark but for its corners
_HEAD = 0.32  # of an arrow's length
_NARROW = 0.16


def around(values: Iterable[float]) -> Range:
    """Round limits that leave a little room on both sides of all values."""
    finite = [value for value in values if isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    span = (high - low) or abs(low) or 1.0
    unit = nice_unit(span / 5)
    return floor((low - _MARGIN * span) / unit) * unit, ceil((high + _MARGIN * span) / unit) * unit


def with_room_for(base: Range, values: Iterable[float]) -> Range:
    """`base`, where all values are inside; else round limits around both."""
    finite = [value for value in values if isfinite(value)]
    return base if all(base[0] <= value <= base[1] for value in finite) else around((*base, *finite))


def heights(surface: SmoothSurface, x: Range, y: Range, name: str, *, rings: int = RINGS) -> GraphField:
    """A surface's heights, with contour lines that are evenly apart where it is a bowl: at squares of their number."""
    across, up = np.meshgrid(np.linspace(*x, CELLS), np.linspace(*y, CELLS))
    with np.errstate(all="ignore"):
        values = np.asarray(surface.value(np.stack([across, up], axis=-1)), np.float64)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    levels = [low + (high - low) * (number / rings) ** 2 for number in range(1, rings)] if high > low else []
    ends = (low, quantile(finite, _BRIGHT)) if high > low else None
    if ends is not None and ends[1] <= ends[0]:
        ends = (low, high)
    return GraphField(values, x, y, ends=ends, levels=levels, name=name)


def quantile(values: GraphValues, share: float) -> float:
    """The value below which that share of the values lies, as numpy has it, which loads its masked arrays for it."""
    place = (len(values) - 1) * share
    before, part = int(place), place % 1
    after = min(before + 1, len(values) - 1)
    low, high = np.partition(values, (before, after))[[before, after]].tolist()
    return float(high - (high - low) * (1 - part) if part >= 0.5 else low + (high - low) * part)


def arrow_line(name: str, field: ArrowField, colour: GraphTone, *, turned: bool) -> GraphLine:
    """All arrows of a field as one line with gaps, which is drawn at once: a shaft and two strokes each. Where axes have one
    scale, heads are even. `turned`: they point down the slope."""
    tips = field.gradients * field.scale * (-1 if turned else 1)
    tails, ends = field.places, field.places + tips
    side = np.stack([-tips[:, 1], tips[:, 0]], axis=-1)
    gap = np.full_like(tails, np.nan)
    first, second = ends - _HEAD * tips + _NARROW * side, ends - _HEAD * tips - _NARROW * side
    strokes = np.stack([tails, ends, gap, first, ends, second, gap], axis=1).reshape(-1, 2)
    return GraphLine(name, strokes[:, 0], strokes[:, 1], colour, width=0.0, told=False)


def shaft(x: Iterable[float], low: Iterable[float], high: Iterable[float]) -> tuple[GraphValues, GraphValues]:
    """Upright pieces from `low` to `high` over each x, as one line with gaps."""
    across = np.asarray([*x], np.float64)
    gaps = np.full(len(across), np.nan)
    up = np.stack([np.asarray([*low]), np.asarray([*high]), gaps], axis=1).ravel()
    return np.repeat(across, 3), up
