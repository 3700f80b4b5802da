"""Histograms of one layer over time, gathered while somebody looks, at a run or back into its past, as one matrix. No Qt.

Each histogram comes with its own range; the picture has one range for all of them.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.passes.layer_values import ValueSpread

MOST = 120  # histograms; of more, every second one is left out
BINS = 36


@dataclass(frozen=True, eq=False)
class SpreadPicture:
    """`shares_VT` has a row for each part of the range, the highest values on top, and a column for each of `steps`; a column
    adds up to 1. `edges` go from the lowest value to the highest."""

    shares_VT: NDArray[np.float64]
    edges: NDArray[np.float64]
    steps: tuple[int, ...]


class SpreadHistory:
    """`add` takes histograms in the order of their steps, `put` one of any moment of the past."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, ValueSpread]] = []
        self._stride = 1  # only every so manyth is kept
        self._left = 0  # to leave out before the next one is kept
        self._latest: tuple[int, ValueSpread] | None = None

    def __len__(self) -> int:
        return len(self._all())

    def add(self, step: int, spread: ValueSpread) -> None:
        """Keep it. A step before the latest begins anew: the run has. The same step again takes its place."""
        latest = self._latest
        if latest is not None and step < latest[0]:
            self._kept, self._stride, self._left = [], 1, 0
        elif latest is not None and step == latest[0]:
            self._latest = step, spread
            if self._kept and self._kept[-1][0] == step:
                self._kept[-1] = self._latest
            return
        self._latest = step, spread
        if self._left:
            self._left -= 1
            return
        self._kept.append((step, spread))
        self._left = self._stride - 1
        if len(self._kept) > MOST:
            self._kept = self._kept[::2]
            self._stride *= 2
            self._left = self._stride - 1

    def put(self, step: int, spread: ValueSpread) -> None:
        """Keep it in its place among the others; the same step again takes the place of what was there."""
        latest = self._latest
        if latest is None or step >= latest[0]:
            self.add(step, spread)
            return
        place = bisect_left(self._kept, step, key=lambda kept: kept[0])
        if place < len(self._kept) and self._kept[place][0] == step:
            self._kept[place] = step, spread
            return
        self._kept.insert(place, (step, spread))
        if len(self._kept) > 2 * MOST:
            self._kept = self._kept[::2]

    def picture(self) -> SpreadPicture | None:
        """All that is kept, and the latest; None where nothing is."""
        everything = [(step, spread) for step, spread in self._all() if spread.counts.sum()]
        if not everything:
            return None
        low, high = min(spread.low for _, spread in everything), max(spread.high for _, spread in everything)
        if high <= low:
            low, high = low - 0.5, high + 0.5
        edges = np.linspace(low, high, BINS + 1)
        columns = np.stack([spread.within(edges) for _, spread in everything], axis=1)
        return SpreadPicture(columns[::-1], edges, tuple(step for step, _ in everything))

    def _all(self) -> list[tuple[int, ValueSpread]]:
        last = self._latest
        return self._kept if last is None or (self._kept and self._kept[-1][0] == last[0]) else [*self._kept, last]
