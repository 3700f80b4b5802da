"""Where the axes of a plot end and where their figures are: limits move seldom and in round steps.

Redrawing an axis costs more than redrawing its curve, and an axis that creeps cannot be read. Pure arithmetic,
called by the plots.
"""

from __future__ import annotations

from math import ceil, floor, log10

from engine.figures import measured, raised, round_percent, short_count, typeset

Range = tuple[float, float]
Tick = tuple[float, str]

_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400)
SMALLEST = 1e-45  # on a logarithmic axis; float32 has nothing smaller above zero
VALUE_TICK_PX, STEP_TICK_PX, POSITION_TICK_PX = 44.0, 76.0, 48.0  # figures stand at least this far apart
FEW_DECADES = 2.5  # a logarithmic axis of so few has figures at 2 and 5 too
POWER_PX = 28.0  # its powers of ten are at least so far apart
_STRIDES = (1, 2, 3, 5, 10, 20, 30, 50, 100)
CLOSER_PX, FEW_TICKS = (30.0, 18.0), 3  # unless they would be fewer than that


# --- limits


def round_above(value: float) -> float:
    """The next round number that is not below `value` > 0: 1, 1.2, 1.5, 2, ... 8, 10 times a power of ten."""
    power = 10.0 ** floor(log10(value))
    part = value / power
    return next(step for step in _ROUND if part <= step * (1 + 1e-9)) * power


def step_limit(latest: float, total: float | None, least: float = 10.0) -> float:
    """The right end of an axis of iterations, epochs or seconds: round, at least `least`, and never beyond the end
    of the run."""
    limit = max(round_above(max(latest, least / 10)), least)
    return max(min(limit, total), latest, least / 10) if total else limit


def value_limits(low: float, high: float) -> Range:
    """Round limits around `low` .. `high` on a linear axis. Zero is one of them unless the values lie far
    from it."""
    if high <= low:
        high = low + (abs(low) * 0.1 or 1.0)
    if 0 <= low <= 0.7 * high:
        return 0.0, round_above(high)
    unit = round_above((high - low) / 5)
    return floor(low / unit) * unit, ceil(high / unit) * unit


def log_limits(low: float, high: float) -> Range:
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


def rate_limits(low: float) -> Range:
    """Limits of a part of one (an accuracy) whose smallest visible value is `low`: the top is always the
    whole."""
    return next((bottom for bottom in (0.95, 0.9, 0.8, 0.5) if low >= bottom), 0.0), 1.0


# --- figures


def nice_unit(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least `least` > 0."""
    power = 10.0 ** floor(log10(least))
    return next(step for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9)) * power


def step_ticks(limits: Range, width: float, *, whole: bool = True) -> list[Tick]:
    """Iterations with a figure, whole numbers only; or epochs, where a tenth of one may be told too."""
    unit = nice_unit((limits[1] - limits[0]) * STEP_TICK_PX / max(width, STEP_TICK_PX))
    unit = max(unit, 1.0) if whole else unit
    digits = min(max(ceil(-log10(unit) - 1e-9), 0), 9)
    return [(value, f"{value:,.{digits}f}") for value in _multiples(limits, unit)]


def position_ticks(last: int, width: float) -> list[Tick]:
    """Positions from 1 to `last` with a figure: the first one, and round ones."""
    unit = max(nice_unit(max(last - 1, 1) * POSITION_TICK_PX / max(width, POSITION_TICK_PX)), 1.0)
    return [(1.0, "1"), *((at, f"{at:,.0f}") for at in _multiples((1.0, float(last)), unit) if at > 1 + unit / 2)]


def time_ticks(limits: Range, width: float) -> list[Tick]:
    """Seconds with a figure: 45, 1:30, 2:00:00."""
    least = (limits[1] - limits[0]) * STEP_TICK_PX / max(width, STEP_TICK_PX)
    if least <= 0.5:
        return step_ticks(limits, width, whole=False)
    unit = float(next((size for size in _SECONDS if size >= least), ceil(least / 86400) * 86400))
    return [(value, _clock(value)) for value in _multiples(limits, unit)]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return f"{hours}:{left:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest}"


def value_ticks(limits: Range, height: float, *, log: bool = False, percent: bool = False) -> list[Tick]:
    """Values with a figure, and the figure. On a logarithmic axis values are powers of ten."""
    low, high = limits
    if log:
        return [(tick, measured(10**tick, 2)) for tick in log_ticks(low, high)]
    values = list[float]()
    for apart in (VALUE_TICK_PX, *CLOSER_PX):  # a low plot needs three figures too
        if len(values) < FEW_TICKS:
            unit = nice_unit((high - low) * apart / max(height, apart))
            values = _multiples(limits, unit)
    for parts in (2, 5):  # one figure would not tell the scale: of a fifth at most, two multiples lie within
        if len(values) < 2:
            unit = nice_unit((high - low) / parts)
            values = _multiples(limits, unit)
            values = [*values[:1], *values[1:][-1:]]  # the outermost
    if percent:
        return [(value, round_percent(value, 0 if unit >= 0.01 else 1)) for value in values]
    if max(abs(low), abs(high)) >= 1e5 or unit < 1e-4:
        return [(value, measured(value, 3)) for value in values]
    digits = min(max(ceil(-log10(unit) - 1e-9), 0), 9)
    return [(value, typeset(f"{value:,.{digits}f}")) for value in values]


def log_ticks(lowest: float, highest: float) -> list[float]:
    """Where an axis from 10^lowest to 10^highest has its figures: at 1, 2 and 5 times the powers of ten, or
    at the powers alone when there are many. Returned as powers."""
    powers = range(floor(lowest), ceil(highest) + 1)
    factors = (1, 2, 5) if highest - lowest <= 2.5 else (1,)
    stride = max(1, round(len(powers) / 7))
    ticks = [power + log10(factor) for power in powers[::stride] for factor in factors]
    return [tick for tick in ticks if lowest - 1e-9 <= tick <= highest + 1e-9]


def power_ticks(limits: Range, room: float) -> list[Tick]:
    """Of a logarithmic axis: powers of ten, written as such; on a short one also 2 and 5 times one, and there as numbers."""
    if limits[1] - limits[0] <= FEW_DECADES:
        return value_ticks(limits, room, log=True)
    apart = (limits[1] - limits[0]) * POWER_PX / max(room, POWER_PX)
    stride = next((stride for stride in _STRIDES if stride >= apart), _STRIDES[-1])
    first, last = ceil(limits[0] / stride), floor(limits[1] / stride)
    return [(float(number * stride), power_of_ten(number * stride)) for number in range(first, last + 1)]


def power_of_ten(exponent: int) -> str:
    """1, 10, 10², 10⁻³."""
    return {0: "1", 1: "10"}.get(exponent, f"10{raised(exponent)}")


def count_ticks(limits: Range, height: float) -> list[Tick]:
    """Counts with a short figure: 200, 40 k, 61.1 M."""
    least = (limits[1] - limits[0]) * VALUE_TICK_PX / max(height, VALUE_TICK_PX)
    return [(value, short_count(round(value))) for value in _multiples(limits, max(nice_unit(least), 1.0))]


def _multiples(limits: Range, unit: float) -> list[float]:
    first, last = ceil(limits[0] / unit - 1e-9), floor(limits[1] / unit + 1e-9)
    return [number * unit for number in range(first, last + 1)]
