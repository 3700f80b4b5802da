"""How high a descent hovers over the lowest place where its steps read batches: rate against batch size, by running it and by
theory.

Half the height for half the rate or twice the batch, roughly: what counts is rate over batch. With the rate in proportion to
the batch (Goyal et al., Accurate, Large Minibatch SGD, 2017) the height stays, until the rate leaves what is stable.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.foundations.boards.optimisers.batch_draws import (
    BatchDraws,
    batch_sizes,
    measured_deviation,
    noise_deviation,
)
from engine.foundations.boards.optimisers.descents import DescentRequest, descent
from engine.foundations.boards.optimisers.point_gradient import point_gradient
from engine.foundations.boards.optimisers.stability import SCALED, hessian_at, hovering_height
from engine.foundations.boards.optimisers.suited import lowest_place
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.surfaces import Surface

STEPS, SETTLING = 2_000, 500  # that are run, and that do not count
NOISE_STEPS = 1_000


class NoiseByBatch(NamedTuple):
    """The deviation of a batch's gradient along each axis, for each of `sizes`."""

    sizes: tuple[int, ...]
    theory: tuple[float, ...]
    measured: tuple[float, ...]


class HeightByBatch(NamedTuple):
    """The mean height over the lowest place, for each of `sizes`: at the rate that is set, and at one in proportion to the
    batch, which is the same at `batch`. No number where it leaves for good, or where there is no theory (the rules that scale
    themselves) or no lowest place."""

    sizes: tuple[int, ...]
    theory: tuple[float, ...]
    scaled_theory: tuple[float, ...]
    measured: tuple[float, ...]
    scaled_measured: tuple[float, ...]


def noise_by_batch(draws: BatchDraws) -> NoiseByBatch:
    """Of batches of 1, 2, 4, ... and all samples."""
    sizes = batch_sizes(draws.samples)
    each = [draws._replace(batch=size) for size in sizes]
    return NoiseByBatch(sizes, tuple(map(noise_deviation, each)), tuple(measured_deviation(one, NOISE_STEPS) for one in each))


def height_by_batch(rule: str, settings: RuleSettings, surface: Surface, draws: BatchDraws) -> HeightByBatch:
    """Run the rule from the lowest place of `surface` with each batch size, at both rates; some 0.2 s."""
    sizes = batch_sizes(draws.samples)
    place = lowest_place(surface)
    none = (math.nan,) * len(sizes)
    if place is None:
        return HeightByBatch(sizes, none, none, none, none)
    floor = float(surface.value(place))
    curved = hessian_at(point_gradient(surface.formula), place)
    found: list[list[float]] = [[], [], [], []]
    for size in sizes:
        own = draws._replace(batch=size)
        for number, factor in enumerate((1.0, size / draws.batch)):
            scaled = settings._replace(lr=settings.lr * factor)
            found[number].append(_theory(rule, scaled, np.linalg.eigvalsh(curved), noise_deviation(own)))
            gone = descent(DescentRequest(rule, scaled, surface.formula, place, STEPS, draws=own))
            with np.errstate(all="ignore"):
                height = float(surface.value(gone.points[SETTLING:]).mean()) - floor if not gone.lost else math.nan
            found[2 + number].append(height if height < 1e6 else math.nan)
    return HeightByBatch(sizes, *(tuple(one) for one in found))


def _theory(rule: str, settings: RuleSettings, curvatures: np.ndarray, deviation: float) -> float:
    low, high = float(curvatures[0]), float(curvatures[1])
    if rule in SCALED or not 0 < low <= high < math.inf:
        return math.nan
    height = hovering_height(rule, settings, (low, high), deviation)
    return height if math.isfinite(height) else math.nan
