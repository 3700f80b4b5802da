"""At which steps a run keeps its weights: a pure function of how many steps it has.

Called by `engine.runs.timeline.kept_weights`. No torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import log

import numpy as np

MOST = 200  # moments of a run
BUDGET = 64_000_000  # bytes that they take at most


def most_moments(size: int, budget: int = BUDGET) -> int:
    """How many moments of `size` bytes are kept: `MOST`, or as many as the budget has room for; 0 where that is not even the
    first and the last."""
    room = min(MOST, budget // max(1, size))
    return room if room >= 2 else 0


@lru_cache(maxsize=64)
def steps_to_keep(steps: int, most: int) -> tuple[int, ...]:
    """0 for the first weights, `steps` for the last ones, and between them steps evenly in log(step), at most `most` in all.
    At the beginning that is every step: no two fall together."""
    if most < 2:
        return ()
    if steps < most:
        return tuple(range(steps + 1))
    low, high = most - 1, int(most * (1.0 + log(steps)))  # points on the logarithmic scale; the early ones fall together
    while low < high:
        points = (low + high + 1) // 2
        if len(_distinct(steps, points)) < most:
            low = points
        else:
            high = points - 1
    return (0, *_distinct(steps, low))


def _distinct(steps: int, points: int) -> list[int]:
    found: list[int] = np.unique(np.rint(np.exp(np.linspace(log(steps), 0.0, points))).astype(np.int64)).tolist()
    return found


def thinned(kept: Sequence[int], steps: int, most: int) -> tuple[int, ...]:
    """Which of the moments `kept` stay when the run has become one of `steps` steps: all, while those that come find room
    beside them; or else, for each of `steps_to_keep`, the one that is nearest to it in log(step)."""
    targets = steps_to_keep(steps, most)
    if not kept or len(kept) + sum(target > kept[-1] for target in targets) <= most:
        return tuple(kept)
    places = np.log1p(np.array(kept, np.float64))
    past = np.log1p(np.array([target for target in targets if target <= kept[-1]], np.float64))
    nearest = np.abs(past[:, None] - places[None, :]).argmin(axis=1)
    return tuple(kept[index] for index in sorted(set(nearest.tolist())))
