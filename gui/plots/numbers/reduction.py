"""A growing curve, reduced to about two points a pixel, with every extreme kept and every gap left open.

Hides how a frame of a million points costs as little as one of ten thousand: next to the points lies a pyramid
of the smallest and largest value of every 16, 32, 64, ... of them, which grows as the points do. Values that
have no place on the axis are never part of the line: NaN and the infinities, and zero and negative values on a
logarithmic axis. Their steps are kept, so that the plot can mark them. Pure numpy; called by `gui.plots.numbers.curve_data`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil, floor, inf, nan
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.float64]
Blocks = npt.NDArray[np.float32]  # a row a block
Joins = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Missing = Literal["nan", "above", "below", "not_positive"]

LOW, HIGH, LEAST = range(3)  # columns of blocks
BASE = 16  # points in a block of the lowest level; below it the points themselves are read
WAITING = 1024  # points that lie in no block yet, at most: many at once take as long as a few
CHUNK = 256  # points smoothed by one product with a triangular matrix


class Column:
    """Rows of numbers at the end of which more are put, in one array that doubles when it is full."""

    def __init__(self, dtype: npt.DTypeLike, *width: int, room: int = 1024) -> None:
        self._room = np.empty((room, *width), dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> npt.NDArray[Any]:
        """What is there, as a view."""
        return self._room[: self._count]

    def extend(self, values: npt.ArrayLike) -> None:
        new = np.asarray(values, self._room.dtype)
        end = self._count + len(new)
        if end > len(self._room):
            room = np.empty((max(end, 2 * len(self._room)), *self._room.shape[1:]), self._room.dtype)
            room[: self._count] = self.values
            self._room = room
        self._room[self._count : end] = new
        self._count = end


class Level:
    """The extremes of every block of `size` consecutive points, full blocks only."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.blocks = Column(np.float32, 3, room=64)


def _extremes(values: Floats, size: int) -> Blocks:
    """The smallest, the largest and the smallest positive value of every `size` of them, which divides their number. The
    last is infinity where none is positive."""
    values = values.reshape(-1, size)
    found = np.empty((len(values), 3), np.float32)
    values.min(axis=1, out=found[:, LOW])
    values.max(axis=1, out=found[:, HIGH])
    found[:, LEAST] = found[:, LOW]
    if len(found) and found[:, LOW].min() <= 0:
        np.where(values > 0, values, np.float32(inf)).min(axis=1, out=found[:, LEAST])
    return found


def _merged(blocks: Blocks, size: int) -> Blocks:
    """The extremes of every `size` blocks, which divides their number."""
    found: Blocks = blocks.reshape(-1, size, 3).min(axis=1)
    blocks[:, HIGH].reshape(-1, size).max(axis=1, out=found[:, HIGH])
    return found


@dataclass(frozen=True)
class Outline:
    """What to draw of a curve: points, and for each whether a line leads to the next one."""

    x: Places
    y: Places  # powers of ten on a logarithmic axis
    joined: Joins | None = None  # None: to every one

    def __len__(self) -> int:
        return len(self.x)

    def within(self, left: float, right: float) -> Outline:
        """The same, its first and its last point moved along their lines to the ends of the axis: a file clips nothing."""
        x, y = self.x, self.y
        if len(x) < 2 or (x[0] >= left and x[-1] <= right):
            return self
        x, y = x.copy(), y.copy()
        for out, near, end in ((0, 1, left), (len(x) - 1, len(x) - 2, right)):
            if (x[out] < left if out == 0 else x[out] > right) and (self.joined is None or self.joined[min(out, near)]):
                share = (end - x[near]) / (x[out] - x[near])
                x[out], y[out] = end, y[near] + share * (y[out] - y[near])
        return Outline(x, y, self.joined)

    @cached_property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest value; there is one at least."""
        return float(self.y.min()), float(self.y.max())

    @cached_property
    def alone(self) -> Integers:
        """The points that no line would show, by number: of each stretch that is one place only, its first."""
        if len(self.x) == 0:
            return np.empty(0, np.int64)
        if self.joined is None:
            one = self.x[0] == self.x[-1] and bool((self.y == self.y[0]).all())
            return np.zeros(int(one), np.int64)
        moved = np.zeros(len(self.x), bool)  # whether a visible line leads to the next point
        moved[:-1] = self.joined[:-1] & ((np.diff(self.x) != 0) | (np.diff(self.y) != 0))
        first = np.flatnonzero(np.concatenate(([True], ~self.joined[:-1])))  # here a stretch begins
        found: Integers = first[np.add.reduceat(moved, first) == 0]
        return found


_FAULTS: tuple[tuple[Missing, float], ...] = (("nan", nan), ("above", inf), ("below", -inf))  # what stands for a value


class Points:
    """Values over steps. The steps must increase."""

    def __init__(self) -> None:
        self._x = Column(np.int64)
        self._y = Column(np.float32)
        self._levels: list[Level] = []
        self._blocked = 0  # so many points had been there when the levels grew last
        self._missing: dict[Missing, Column] = {}  # the steps of what has no place on an axis
        self._last: int | None = None

    def __len__(self) -> int:
        """How many values were put in, those without a place included."""
        return len(self._x) + sum(len(self._missing[kind]) for kind in self._missing if kind != "not_positive")

    @property
    def x(self) -> Integers:
        """The steps of the finite values."""
        return self._x.values

    @property
    def y(self) -> Floats:
        """The finite values."""
        return self._y.values

    @property
    def last_step(self) -> int | None:
        """The newest step, also where its value is missing; None while there is none."""
        return self._last

    @property
    def faults(self) -> Collection[Missing]:
        """Those of which `missing` has steps."""
        return self._missing.keys()

    def append(self, steps: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Put points at the end: two arrays of one length, steps beyond those that are there."""
        x, y = np.asarray(steps), as_float32(values)
        if len(x) == 0:
            return
        self._last = int(x[-1])
        low, high = y.min(), y.max()
        if not (low > -inf and high < inf):  # NaN is neither
            self._miss("nan", x[np.isnan(y)])
            self._miss("above", x[np.isposinf(y)])
            self._miss("below", x[np.isneginf(y)])
            finite = np.isfinite(y)
            x, y = x[finite], y[finite]
            low = y.min(initial=inf)
        if low <= 0:
            self._miss("not_positive", x[y <= 0])
        self._x.extend(x)
        self._y.extend(y)
        if len(self._y) - self._blocked >= WAITING:
            self._blocked = len(self._y)
            self._grow()

    def _miss(self, kind: Missing, steps: npt.NDArray[np.generic]) -> None:
        if len(steps):
            self._missing.setdefault(kind, Column(np.int64, room=64)).extend(steps)

    def _grow(self) -> None:
        """Add to every level the blocks that the one below it now fills."""
        below, group = len(self._y), BASE
        for number in range(64):
            if number == len(self._levels):
                if below < group:
                    return
                self._levels.append(Level(BASE << number))
            blocks = self._levels[number].blocks
            start, stop = len(blocks) * group, below // group * group
            if start == stop:
                return
            if number == 0:
                blocks.extend(_extremes(self.y[start:stop], group))
            else:
                blocks.extend(_merged(self._levels[number - 1].blocks.values[start:stop], group))
            below, group = len(blocks), 2

    def everything(self) -> tuple[Integers, Floats]:
        """Every step and value, missing ones included, in the order of the steps."""
        parts = [(self.x, self.y)]
        for kind, value in _FAULTS:
            steps = self.missing(kind)
            parts.append((steps, np.full(len(steps), value, np.float32)))
        x, y = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        order = np.argsort(x, kind="stable")
        return x[order], y[order]

    def missing(self, kind: Missing) -> Integers:
        """The steps whose value has that fault. `not_positive` is one on a logarithmic axis only."""
        column = self._missing.get(kind)
        return np.empty(0, np.int64) if column is None else column.values

    def _columns(self) -> list[tuple[Integers, Floats | float]]:
        """Steps and values, and the steps of each fault with what is there in place of a value; none is empty."""
        found: list[tuple[Integers, Floats | float]] = [(self.x, self.y)] if len(self._y) else []
        if self._missing:
            for kind, stands in _FAULTS:
                if kind in self._missing:
                    found.append((self.missing(kind), stands))
        return found

    def value_at(self, step: float) -> tuple[int, float] | None:
        """The last point at or before `step`, also one whose value is no number; None where nothing had been measured."""
        found, at = [], _whole(step, floor)
        for steps, values in self._columns():
            number = (len(steps) if steps[-1] <= at else int(np.searchsorted(steps, at, "right"))) - 1
            if number >= 0:
                found.append((int(steps[number]), values if isinstance(values, float) else float(values[number])))
        return max(found, key=lambda point: point[0], default=None)

    def nearest(self, step: float) -> int | None:
        """The step of the point nearest to `step`, also of one whose value is no number; None of an empty curve."""
        found, at = list[int](), _whole(step, ceil)
        for steps, _ in self._columns():
            right = min(int(np.searchsorted(steps, at)), len(steps) - 1)
            found += steps[max(right - 1, 0) : right + 1].tolist()
        return min(found, key=lambda each: abs(each - step), default=None)

    # --- what is drawn

    def outline(self, edges: Sequence[float], pixels: int, *, log: bool = False) -> Outline:
        """What to draw for the steps from the first to the last of `edges` on `pixels` columns, a point beyond either
        end included. Edges between them cut the width into equal parts.

        Few points come back as they are. More than two a pixel are grouped into blocks at places that do not move
        while the curve grows; each gives its smallest and its largest value, both at its first step, so that no
        extreme of what is visible is lost. With `log`, the values are powers of ten of the positive ones.
        """
        x = self.x
        # whole numbers: of a float, searchsorted would first make floats of all the steps
        first = int(np.searchsorted(x, _whole(edges[0], ceil), "left"))
        end = int(np.searchsorted(x, _whole(edges[-1], floor), "right"))
        inner = [int(np.searchsorted(x, _whole(edge, ceil), "left")) for edge in edges[1:-1]]
        cuts = [first, *(min(max(cut, first), end) for cut in inner), end]
        share = max((pixels - 1) // (len(edges) - 1), 1)
        parts = [self._reduced(start, stop, share, log) for start, stop in pairwise(cuts) if stop > start]
        if first > 0:  # the points beyond either end
            parts.insert(0, self._reduced(first - 1, first, 1, log))
        if end < len(x):
            parts.append(self._reduced(end, end + 1, 1, log))
        if not parts:
            return Outline(np.empty(0), np.empty(0))
        steps, values = parts[0]
        if len(parts) > 1:
            steps, values = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        if len(steps) == 0:
            return Outline(np.empty(0), np.empty(0))
        up = values.astype(np.float64)
        return Outline(steps.astype(np.float64), np.log10(up) if log else up, self._joined(steps, log))

    def marks(self, edges: Sequence[float], pixels: int, kind: Missing) -> Integers:
        """The steps of that fault from the first to the last of `edges`, at most one a pixel."""
        missing = self.missing(kind)
        if len(missing) == 0:
            return missing
        share = max(pixels // (len(edges) - 1), 1)
        columns = [np.linspace(start, stop, share, endpoint=False) for start, stop in pairwise(edges)]
        bounds = np.ceil(np.append(np.concatenate(columns), edges[-1] + 1)).clip(-(2**62), 2**62).astype(np.int64)
        begins = np.searchsorted(missing, bounds)
        found: Integers = missing[begins[:-1][begins[1:] > begins[:-1]]]
        return found

    def _reduced(self, first: int, end: int, pixels: int, log: bool) -> tuple[Integers, Floats]:
        """The points from number `first` to before `end`, at most two a pixel."""
        x, y = self.x[first:end], self.y[first:end]
        if end - first <= 2 * max(pixels, 1):
            if not log:
                return x, y
            return x[y > 0], y[y > 0]
        size = 2
        while -(-(end - first) // size) + 1 > max(pixels, 2):  # blocks at fixed places: two at least, where one is cut
            size *= 2
        start = min(-(-first // size) * size, end)
        full = (end - start) // size
        stop = start + full * size
        found, begins = [self._blocks(size, start // size, full)], [self.x[start:stop:size]]
        if start > first:
            found.insert(0, _extremes(self.y[first:start], start - first))
            begins.insert(0, x[:1])
        if end > stop:
            found.append(_extremes(self.y[stop:end], end - stop))
            begins.append(self.x[stop : stop + 1])
        steps, blocks = np.concatenate(begins), np.concatenate(found)
        if log and self._missing.get("not_positive"):
            placed = np.isfinite(blocks[:, LEAST])
            steps, blocks = steps[placed], blocks[placed]
        points = blocks[:, [LEAST, HIGH]] if log else blocks[:, :LEAST]
        return np.repeat(steps, 2), points.reshape(-1)

    def _blocks(self, size: int, first: int, count: int) -> Blocks:
        """The extremes of `count` full blocks of `size` points, from block number `first` on."""
        end = first + count
        there = next((level.blocks.values[first:end] for level in self._levels if level.size == size), None)
        if there is None or len(there) == 0:
            return _extremes(self.y[first * size : end * size], size)
        if len(there) == count:
            return there
        return np.concatenate((there, _extremes(self.y[(first + len(there)) * size : end * size], size)))

    def _joined(self, steps: Integers, log: bool) -> Joins | None:
        """For each of the points at `steps`, whether nothing is missing between it and the next one."""
        joined = None
        for kind, column in self._missing.items():
            if kind != "not_positive" or log:
                before, until = np.searchsorted(column.values, steps), np.searchsorted(column.values, steps, "right")
                if before[0] != until[-1]:  # a block may begin at a step that is missing itself
                    joined = np.ones(len(steps), bool) if joined is None else joined
                    joined[:-1] &= (until[1:] == before[:-1]) | (steps[1:] == steps[:-1])
                    joined[-1] = False
        return joined


def as_float32(values: npt.ArrayLike) -> Floats:
    """Values in 32 bits; what is too large for them is infinite."""
    found = np.asarray(values)
    if found.dtype == np.float32:
        return found
    with np.errstate(over="ignore"):
        return found.astype(np.float32)


def _whole(step: float, rounded: Callable[[float], int]) -> int:
    return rounded(min(max(step, -(2.0**62)), 2.0**62))


class Smoothing:
    """A running mean with exponentially fading memory, fed bit by bit.

    m_t = a m_(t-1) + (1 - a) y_t, divided by 1 - a^t so that the beginning is not pulled to zero (the bias
    correction of Kingma and Ba, "Adam", 2015, section 3). `amount` is a: 0 changes nothing. What is not finite is
    no part of the mean and comes back as it is.
    """

    def __init__(self, amount: float) -> None:
        self.amount = amount
        powers = np.arange(CHUNK)
        distance = powers[:, None] - powers[None, :]
        self._matrix = np.where(distance >= 0, (1 - amount) * float(amount) ** np.maximum(distance, 0), 0.0)
        self._fading = float(amount) ** (powers + 1.0)
        self._mean = 0.0
        self._seen = 0

    def feed(self, values: npt.ArrayLike) -> Floats:
        """The smoothed values of the next ones, in which the earlier calls are remembered."""
        y = np.asarray(values, np.float64)
        if self.amount == 0.0:
            return as_float32(y)
        finite = np.isfinite(y)
        if finite.all():
            return self._means(y)
        smooth = as_float32(y)
        smooth[finite] = self._means(y[finite])
        return smooth

    def _means(self, y: npt.NDArray[np.float64]) -> Floats:
        means = np.empty(len(y))
        for begin in range(0, len(y), CHUNK):
            part = y[begin : begin + CHUNK]
            n = len(part)
            means[begin : begin + n] = self._matrix[:n, :n] @ part + self._fading[:n] * self._mean
            self._mean = float(means[begin + n - 1])
        ages = np.arange(self._seen + 1, self._seen + len(y) + 1, dtype=np.float64)
        self._seen += len(y)
        smooth: Floats = (means / -np.expm1(ages * np.log(self.amount))).astype(np.float32)
        return smooth
