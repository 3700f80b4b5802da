"""What repeated runs say together: mean, deviation, and how sure the mean is.

Called for the values at the ends of runs, and for whole curves. Neither numpy nor scipy is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, pi, sin, sqrt, tan
from typing import NamedTuple

COVERED = 0.95


class Spread(NamedTuple):
    """Of `values` numbers: their mean; their standard deviation with n - 1, and the ends of the 95 % interval of the mean after
    Student, which one value alone does not have."""

    values: int
    mean: float
    deviation: float | None
    low: float | None
    high: float | None


def spread(values: Sequence[float]) -> Spread | None:
    """The spread of `values`; None where there are none."""
    count = len(values)
    if count == 0:
        return None
    mean = sum(values) / count
    if count == 1:
        return Spread(1, mean, None, None, None)
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    half = t_quantile(count - 1) * deviation / sqrt(count)
    return Spread(count, mean, deviation, mean - half, mean + half)


@cache
def t_quantile(degrees: int, covered: float = COVERED) -> float:
    """The t between whose negative and itself the part `covered` of Student's distribution lies; 12.706, 4.303, 3.182 for 1, 2,
    3 degrees of freedom. The angle is found by halving, for t = tan(angle) sqrt(degrees)."""
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        if _within(middle, degrees) < covered:
            low = middle
        else:
            high = middle
    return tan(low) * sqrt(degrees)


def _within(angle: float, degrees: int) -> float:
    """The part of Student's distribution within -t..t, where t = tan(angle) sqrt(degrees): Abramowitz and Stegun, Handbook of
    Mathematical Functions, 26.7.3 (odd degrees) and 26.7.4 (even)."""
    square = cos(angle) ** 2
    odd = degrees % 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for each in range(1 + odd, degrees, 2):
        total += term
        term *= square * each / (each + 1)
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


def curve_spread(curves: Sequence[Sequence[float]]) -> list[Spread]:
    """The spread at each position of curves that lie over the same steps, up to the end of the shortest."""
    found = (spread(values) for values in zip(*curves, strict=False))
    return [each for each in found if each is not None]
