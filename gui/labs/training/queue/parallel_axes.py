"""A sweep as lines across axes: where each combination of settings lies on each. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from typing import Any, NamedTuple


class PlacedAxis(NamedTuple):
    """Texts at places from 0 to 1, and the place of each value."""

    ticks: tuple[tuple[float, str], ...]
    places: tuple[float, ...]


def placed(values: Sequence[Any], written: Callable[[Any], str], *, logarithmic: bool = False) -> PlacedAxis:
    """Numbers between the smallest and the largest, in the logarithm where that is asked for and all are above 0; words, each
    at a place of its own, in the order in which they come."""
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        words = list(dict.fromkeys(values))
        at = {value: (number + 0.5) / len(words) for number, value in enumerate(words)}
        return PlacedAxis(tuple((at[value], written(value)) for value in words), tuple(at[value] for value in values))
    low, high = min(values), max(values)
    if low == high:
        return PlacedAxis(((0.5, written(low)),), (0.5,) * len(values))
    scaled: Callable[[float], float] = log if logarithmic and low > 0 else float
    span = scaled(high) - scaled(low)
    places = tuple((scaled(value) - scaled(low)) / span for value in values)
    few = sorted(set(values))
    shown = few if len(few) <= 6 else (low, high)
    return PlacedAxis(tuple(((scaled(value) - scaled(low)) / span, written(value)) for value in shown), places)
