"""Curves of runs that differ in their seed only: their mean with a band, and the difference of pairs with one seed.

Values are aligned by iteration. The 95 % interval of a mean of n runs is mean +- t(n - 1) s / sqrt(n), with the deviation s of
n - 1 degrees of freedom (Student, "The probable error of a mean", Biometrika 1908). No torch, no scipy. Called by the command
line and by the window's comparison of runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan, cos, nan, pi, sin, sqrt, tan
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

Curve: TypeAlias = tuple[npt.NDArray[Any], npt.NDArray[Any]]  # steps, which increase, and values; NaN is no value
BandKind: TypeAlias = Literal["range", "deviation", "interval"]
BANDS: tuple[BandKind, ...] = get_args(BandKind)
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Band:
    """At each step the mean of the runs that have a value there, how many they are, and what lies around it: the least and the
    greatest value, one deviation, or the 95 % interval of the mean. Of one run there is no deviation: `low` and `high` are
    NaN then, but for the range, which is the value itself."""

    steps: npt.NDArray[np.int64]
    mean: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    count: npt.NDArray[np.int64]


def band(curves: Sequence[Curve], kind: BandKind) -> Band:
    """The mean of `curves` with a band, at every step that any of them has a value at."""
    if not curves:
        nothing = np.empty(0)
        return Band(np.empty(0, np.int64), nothing, nothing, nothing, np.empty(0, np.int64))
    steps, values = _by_step(curves)
    there = np.isfinite(values)
    count = there.sum(axis=0)
    kept = count > 0
    steps, values, there, count = steps[kept], values[:, kept], there[:, kept], count[kept]
    mean = np.where(there, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    if kind == "range":
        low, high = np.where(there, values, np.inf).min(axis=0), np.where(there, values, -np.inf).max(axis=0)
        return Band(steps, mean, low, high, count)
    squares = np.where(there, (values - mean) ** 2, 0.0).sum(axis=0)
    spread = np.full(len(steps), nan)
    several = count > 1
    spread[several] = np.sqrt(squares[several] / (count[several] - 1))
    if kind == "interval":
        spread *= np.array([t_quantile(int(n) - 1) if n > 1 else nan for n in count]) / np.sqrt(count)
    return Band(steps, mean, mean - spread, mean + spread, count)


def difference_curve(one: Curve, other: Curve) -> Curve:
    """`other` minus `one`, at the steps where both have a value."""
    steps, here, there = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    values = np.asarray(other[1], np.float64)[there] - np.asarray(one[1], np.float64)[here]
    kept = np.isfinite(values)
    return steps[kept], values[kept]


@dataclass(frozen=True, slots=True)
class MeanWithError:
    """A mean of `count` values, their deviation, and half the width of the mean's 95 % interval; None where there are too few
    values."""

    count: int
    mean: float
    deviation: float | None
    half_width: float | None


def mean_with_error(values: Sequence[float]) -> MeanWithError | None:
    """None where there are no values."""
    if not values:
        return None
    count = len(values)
    mean = float(np.mean(values))
    if count == 1:
        return MeanWithError(1, mean, None, None)
    deviation = float(np.std(values, ddof=1))
    return MeanWithError(count, mean, deviation, t_quantile(count - 1) * deviation / sqrt(count))


@lru_cache(maxsize=1024)
def t_quantile(freedom: int, confidence: float = CONFIDENCE) -> float:
    """The t of Student's distribution of `freedom` degrees of freedom with P(|T| < t) = `confidence`, to about 12 figures.
    Found by bisection of the angle atan(t / sqrt(freedom)), over which the probability is a finite sum. Raises ValueError for
    fewer degrees than one."""
    if freedom < 1:
        raise ValueError(freedom)
    low, high = 0.0, pi / 2
    for _ in range(80):
        middle = (low + high) / 2
        if _within(middle, freedom) < confidence:
            low = middle
        else:
            high = middle
    return sqrt(freedom) * tan((low + high) / 2)


def t_probability(t: float, freedom: int) -> float:
    """P(|T| < t) of Student's distribution."""
    return _within(atan(abs(t) / sqrt(freedom)), freedom)


def _within(angle: float, freedom: int) -> float:
    """P(|T| < sqrt(n) tan(angle)) for n whole degrees of freedom: Abramowitz & Stegun, "Handbook of Mathematical Functions",
    26.7.3 (n odd) and 26.7.4 (n even)."""
    square = cos(angle) ** 2
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= square * (k - 1) / k
        total += term
    if odd:
        return 2 / pi * (angle + sin(angle) * total)
    return sin(angle) * total


def _by_step(curves: Sequence[Curve]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """All steps, and a row of values a curve, NaN where it has none."""
    first = np.asarray(curves[0][0])
    if all(np.array_equal(first, steps) for steps, _ in curves):
        return first.astype(np.int64), np.array([values for _, values in curves], np.float64)
    steps = np.unique(np.concatenate([np.asarray(steps, np.int64) for steps, _ in curves]))
    values = np.full((len(curves), len(steps)), nan)
    for row, (own, found) in zip(values, curves, strict=True):
        row[np.searchsorted(steps, own)] = found
    return steps, values
