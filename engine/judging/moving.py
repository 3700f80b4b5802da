"""Pictures scaled, turned and shifted, as one transform of the plane: bilinear, with zeros around the picture.

An output cell at (row, column) reads the input at the place that the movement brings there. With the centre at
c = ((H − 1) / 2, (W − 1) / 2), scale s, rotation θ and shift t, an input place p goes to

    c + t + s · R(θ) (p − c),

so the output cell q reads p = c + R(−θ)(q − c − t) / s, between its four neighbours (for sampling as such: Jaderberg et al.,
"Spatial Transformer Networks", 2015). The same as torch's grid_sample with zeros outside. Pure numpy. Called by the
training lab while a slider moves, and by `moved_accuracy`.
"""

from __future__ import annotations

from math import cos, radians, sin
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_EDGE = 1e-9  # cells: rounding of sines leaves no cell of a quarter turn outside


class Motion(NamedTuple):
    """`rotation` is in degrees, clockwise; `down` and `across` are in cells; `scale` 2 is twice as large."""

    rotation: float = 0.0
    down: float = 0.0
    across: float = 0.0
    scale: float = 1.0

    @property
    def is_none(self) -> bool:
        return self == Motion()


def moved(x: NDArray[np.float32], motion: Motion) -> NDArray[np.float32]:
    """`x`, (..., H, W), moved: a new array of the same shape. Raises ValueError for a scale that is not above 0."""
    if motion.scale <= 0:
        raise ValueError(f"a scale is above 0, not {motion.scale}")
    if motion.is_none:
        return x.copy()
    rows, columns = _places(x.shape[-2], x.shape[-1], motion)
    return _read(x, rows, columns)


def _places(height: int, width: int, motion: Motion) -> tuple[NDArray[Any], NDArray[Any]]:
    """The row and the column that each output cell reads, (H, W) each."""
    middle_row, middle_column = (height - 1) / 2, (width - 1) / 2
    down = np.arange(height).reshape(-1, 1) - middle_row - motion.down
    across = np.arange(width).reshape(1, -1) - middle_column - motion.across
    turn = radians(motion.rotation)
    c, s = cos(turn) / motion.scale, sin(turn) / motion.scale
    rows, columns = middle_row + c * down - s * across, middle_column + s * down + c * across
    for places in (rows, columns):
        whole = np.rint(places)
        np.copyto(places, whole, where=np.abs(places - whole) < _EDGE)
    return rows, columns


def _read(x: NDArray[np.float32], rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[np.float32]:
    """The values between the cells of `x`; outside is 0."""
    height, width = x.shape[-2:]
    cells = x.reshape(*x.shape[:-2], height * width)
    top, left = np.floor(rows).astype(np.int64), np.floor(columns).astype(np.int64)
    result = np.zeros((*x.shape[:-2], *rows.shape), np.float64)
    for row, by_row in ((top, top + 1 - rows), (top + 1, rows - top)):
        for column, by_column in ((left, left + 1 - columns), (left + 1, columns - left)):
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            place = np.where(inside, row * width + column, 0)
            result += cells[..., place] * np.where(inside, by_row * by_column, 0.0)
    return result.astype(np.float32)
