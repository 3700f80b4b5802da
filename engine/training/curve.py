"""A growing curve, reduced to about two points a pixel without losing an extreme.

Hides how a frame of a million points costs as little as one of ten thousand: next to the points lies a
pyramid of the smallest and largest value of every 16, 32, 64, ... of them, which grows as the points do.
Called by the plots, whose frames ask for what is visible only. Pure numpy; nothing of the screen is known
here.
"""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Steps = npt.NDArray[np.int64]

BASE = 16  # points in a block of the lowest level; below it the points themselves are read
CHUNK = 256  # points smoothed by one product with a triangular matrix


class Column:
    """Numbers at the end of which more are put, in one array that doubles when it is full."""

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self._room = np.empty(1024, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> npt.NDArray[np.generic]:
        """What is there, as a view."""
        return self._room[: self._count]

    def extend(self, values: npt.ArrayLike) -> None:
        new = np.asarray(values, self._room.dtype)
        end = self._count + len(new)
        if end > len(self._room):
            room = np.empty(max(end, 2 * len(self._room)), self._room.dtype)
            room[: self._count] = self.values
            self._room = room
        self._room[self._count : end] = new
        self._count = end


class Level:
    """The smallest and largest value of every block of `size` consecutive points, full blocks only."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.low = Column(np.float32)
        self.high = Column(np.float32)

    def extend(self, low: Floats, high: Floats, group: int) -> bool:
        """Add the blocks that `low` and `high`, all there is one level below, can fill: `group` of them make
        a block. Returns whether there was a new one."""
        done, full = len(self.low), len(low) // group
        if full == done:
            return False
        part = slice(done * group, full * group)
        self.low.extend(low[part].reshape(-1, group).min(axis=1))
        self.high.extend(high[part].reshape(-1, group).max(axis=1))
        return True


class Curve:
    """Values over steps. The steps must increase; a value that is not finite is left out, it has no place on
    a curve."""

    def __init__(self) -> None:
        self._x = Column(np.int64)
        self._y = Column(np.float32)
        self._levels: list[Level] = []

    def __len__(self) -> int:
        return len(self._x)

    @property
    def x(self) -> Steps:
        return self._x.values  # type: ignore[return-value]

    @property
    def y(self) -> Floats:
        return self._y.values  # type: ignore[return-value]

    def append(self, steps: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Put points at the end: two arrays of one length, steps beyond those that are there."""
        x, y = np.asarray(steps), np.asarray(values, np.float32)
        finite = np.isfinite(y)
        if not finite.all():
            x, y = x[finite], y[finite]
        if len(x) == 0:
            return
        self._x.extend(x)
        self._y.extend(y)
        self._grow()

    def _grow(self) -> None:
        low = high = self.y
        for number, level in enumerate(self._levels):
            if not level.extend(low, high, BASE if number == 0 else 2):
                return
            low, high = level.low.values, level.high.values  # type: ignore[assignment]
        while len(low) >= (BASE if not self._levels else 2):
            level = Level(self._levels[-1].size * 2 if self._levels else BASE)
            level.extend(low, high, 2 if self._levels else BASE)
            self._levels.append(level)
            low, high = level.low.values, level.high.values  # type: ignore[assignment]

    def value_at(self, step: float) -> tuple[int, float] | None:
        """The point nearest to `step`; None of an empty curve."""
        x = self.x
        if len(x) == 0:
            return None
        right = min(int(np.searchsorted(x, ceil(step))), len(x) - 1)
        left = max(right - 1, 0)
        nearest = left if abs(step - x[left]) <= abs(x[right] - step) else right
        return int(x[nearest]), float(self.y[nearest])

    def reduced(self, start: float, stop: float, pixels: int) -> tuple[Steps, Floats]:
        """What to draw for the steps from `start` to `stop` on `pixels` columns, a point beyond either end
        included.

        Few points come back as they are. More than two a pixel are grouped into blocks, at most `pixels` of
        them and at places that do not move while the curve grows; each gives its smallest and its largest
        value, both at its first step, so that no extreme of what is visible is lost.
        """
        x, y = self.x, self.y
        # whole numbers: of a float, searchsorted would first make floats of all the steps
        first = max(int(np.searchsorted(x, ceil(start), "left")) - 1, 0)
        end = min(int(np.searchsorted(x, floor(stop), "right")) + 1, len(x))
        count = end - first
        if count <= 2 * max(pixels, 1):
            return x[first:end], y[first:end]
        size = 2
        while -(-count // size) + 1 > max(pixels, 2):  # blocks at fixed places: two at least, where one is cut
            size *= 2
        first -= first % size
        full = (end - first) // size
        low, high = self._blocks(size, first // size, full)
        rest = first + full * size
        points = np.empty((full + (rest < end), 2), np.float32)
        points[:full, 0], points[:full, 1] = low, high
        if rest < end:
            points[full] = y[rest:end].min(), y[rest:end].max()
        return np.repeat(x[first:end:size], 2), points.reshape(-1)

    def _blocks(self, size: int, first: int, count: int) -> tuple[Floats, Floats]:
        """Smallest and largest value of `count` full blocks of `size` points, from block number `first`
        on."""
        for level in self._levels:
            if level.size == size and first + count <= len(level.low):
                part = slice(first, first + count)
                return level.low.values[part], level.high.values[part]  # type: ignore[return-value]
        blocks = self.y[first * size : (first + count) * size].reshape(count, size)
        return blocks.min(axis=1), blocks.max(axis=1)


class Smoothing:
    """A running mean with exponentially fading memory, fed bit by bit.

    m_t = a m_(t-1) + (1 - a) y_t, divided by 1 - a^t so that the beginning is not pulled to zero (the bias
    correction of Kingma and Ba, "Adam", 2015, section 3). `amount` is a: 0 changes nothing.
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
            return y.astype(np.float32)
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
