"""Gates and states as numbers of colours, and the cells that a map has room for. No Qt: the page paints what is found here.

A map of more cells than pixels shows means of neighbours, and says so: each column the mean of some time steps, each row the
mean of some units. Called by `gate_maps`.
"""

from __future__ import annotations

from math import ceil, floor, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.sequences.opened import ArrayName, OpenedDirection

COLOURS = 255  # numbers of colours, from low to high
NOT_FINITE = 255  # the number of the colour of what is no finite number

GATES = ("i", "f", "o", "r", "z")  # sigmoids
CANDIDATES = ("g", "n")  # hyperbolic tangents
USUAL = 0.95  # the share of the cell state's values that the colours reach to, where the largest are
FAR = 1.5  # times as large
ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)


class MapLevels(NamedTuple):
    """The values of the first and the last colour. `signed`: zero is in the middle."""

    low: float
    high: float
    signed: bool


class GateImage(NamedTuple):
    """`pixels` (rows, columns) uint8, the first row on top: units downwards, time to the right. `steps` and `units`: how many
    of them each cell is the mean of. `beyond`: there are larger values, which have the colours of both ends."""

    pixels: NDArray[np.uint8]
    levels: MapLevels
    steps: int
    units: int
    beyond: bool = False


def arrays_of(direction: OpenedDirection) -> tuple[ArrayName, ...]:
    """The maps of a layer's direction from top to bottom: its gates, then its states."""
    states: tuple[ArrayName, ...] = ("c", "h") if direction.kind == "LSTM" else ("h",)
    return (*(name for name in direction.gates if name not in states), *states)


def levels_of(name: str, values: NDArray[np.float32]) -> MapLevels:
    """Gates lie from 0 to 1 and candidates from -1 to 1, whatever they are; states on both sides of zero as far as they reach,
    in round numbers, so that the colours keep still while they learn. The cell state alone has no bound: where a few values are
    far larger than all others, of a unit that counts, say, the colours reach as far as the others do, which would have
    none beside it."""
    if name in GATES:
        return MapLevels(0.0, 1.0, signed=False)
    if name in CANDIDATES:
        return MapLevels(-1.0, 1.0, signed=True)
    most = _most(values)
    if name == "c" and most > 0:
        lengths = np.abs(values[np.isfinite(values)])
        usual = float(np.partition(lengths, last := ceil(USUAL * (lengths.size - 1)))[last])
        if 0 < FAR * usual < most:
            most = usual
    reach = _round_up(most) if most > 0 else 1.0
    return MapLevels(-reach, reach, signed=True)


def levels_of_unit(levels: MapLevels, values: NDArray[np.float32]) -> MapLevels:
    """`levels` of a map, wider where the `values` of one unit reach beyond."""
    if not levels.signed or (most := _most(values)) <= levels.high:
        return levels
    reach = _round_up(most)
    return MapLevels(-reach, reach, signed=True)


def gate_image(
    name: str, values: NDArray[np.float32], order: NDArray[np.int64] | None, most_columns: int, most_rows: int
) -> GateImage:
    """`values` (T, H) as colours, the units in `order` (None: as they are), in at most that many columns and rows."""
    levels = levels_of(name, values)
    steps, columns = _binned(values, most_columns)
    shown = columns.T if order is None or len(order) != columns.shape[1] else columns.T[order]
    units, rows = _binned(shown, most_rows)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = (rows - levels.low) * np.float32((COLOURS - 1) / (levels.high - levels.low))
        finite = np.isfinite(scaled)
        pixels = np.clip(np.rint(np.where(finite, scaled, 0)), 0, COLOURS - 1).astype(np.uint8)
    if not finite.all():
        pixels[~finite] = NOT_FINITE
    beyond = levels.signed and _most(values) > levels.high
    return GateImage(np.ascontiguousarray(pixels), levels, steps, units, beyond)


def shown_row(unit: int, order: NDArray[np.int64] | None) -> int:
    """The row of a unit, before rows are joined."""
    return unit if order is None else int(np.nonzero(order == unit)[0][0])


def _most(values: NDArray[np.float32]) -> float:
    """The largest finite length."""
    most = max(-float(values.min()), float(values.max())) if values.size else 0.0
    if not np.isfinite(most):
        finite = values[np.isfinite(values)]
        most = float(np.abs(finite).max()) if finite.size else 0.0
    return most


def _binned(values: NDArray[np.float32], most: int) -> tuple[int, NDArray[np.float32]]:
    """The mean of each `size` neighbours along the first axis, so that at most `most` are left, and that size."""
    count = len(values)
    size = max(1, -(-count // max(1, most)))
    if size == 1:
        return 1, values
    starts = np.arange(0, count, size)
    lengths = np.minimum(starts + size, count) - starts
    with np.errstate(invalid="ignore", over="ignore"):
        means = (np.add.reduceat(values, starts, axis=0) / lengths[:, None]).astype(np.float32)
    return size, means


def _round_up(value: float) -> float:
    """The next round number, at most a third larger."""
    power = 10.0 ** floor(log10(value))
    return next((factor * power for factor in ROUND if value <= factor * power * (1 + 1e-6)), 10 * power)
