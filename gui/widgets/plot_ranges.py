"""Where the axes of a live plot end, so that they stay calm: limits move seldom and in round steps.

Redrawing an axis costs more than redrawing its curve, and an axis that creeps cannot be read. Pure
arithmetic, called by the plots.
"""

from __future__ import annotations

from math import ceil, floor, log10

_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
SMALLEST = 1e-12  # on a logarithmic axis: what is not above zero has no place there


def round_above(value: float) -> float:
    """The next round number that is not below `value` > 0: 1, 1.2, 1.5, 2, ... 8, 10 times a power of ten."""
    power = 10.0 ** floor(log10(value))
    part = value / power
    return next(step for step in _ROUND if part <= step * (1 + 1e-9)) * power


def step_limit(latest: float, total: float | None) -> float:
    """The right end of an iteration axis: round, at least 10, and never beyond the end of the run."""
    limit = max(round_above(max(latest, 1.0)), 10.0)
    return max(min(limit, total), latest, 1.0) if total else limit


def value_limits(low: float, high: float) -> tuple[float, float]:
    """Round limits around `low` .. `high` on a linear axis. Zero is one of them unless the values lie far
    from it."""
    if high <= low:
        high = low + (abs(low) * 0.1 or 1.0)
    if 0 <= low <= 0.7 * high:
        return 0.0, round_above(high)
    unit = round_above((high - low) / 5)
    return floor(low / unit) * unit, ceil(high / unit) * unit


def log_limits(low: float, high: float) -> tuple[float, float]:
    """The same as powers of ten: limits at 1, 2 and 5 times a power."""
    low, high = max(low, SMALLEST), max(high, SMALLEST)
    bottom, top = _one_two_five(low, up=False), _one_two_five(high, up=True)
    if top <= bottom:
        bottom, top = bottom / 2, top * 2
    return log10(bottom), log10(top)


def _one_two_five(value: float, *, up: bool) -> float:
    power = 10.0 ** floor(log10(value))
    part = value / power
    if up:
        return float(next(step for step in (1, 2, 5, 10) if part <= step * (1 + 1e-9))) * power
    return float(next(step for step in (10, 5, 2, 1) if part >= step * (1 - 1e-9))) * power


def rate_limits(low: float) -> tuple[float, float]:
    """Limits of a part of one (an accuracy) whose smallest visible value is `low`: the top is always the
    whole."""
    return next((bottom for bottom in (0.95, 0.9, 0.8, 0.5) if low >= bottom), 0.0), 1.0
