"""Where a field of values on a grid is zero, as straight pieces: marching squares, all cells at once.

Called by plots of planes. Pure arithmetic.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Of the corners of a square, counterclockwise from the lower left one, side k leads from corner k to corner k + 1.
_SIDES = 4


def zero_lines(values: NDArray[np.floating], across: NDArray[np.floating], up: NDArray[np.floating]) -> NDArray[np.float64]:
    """(pieces, 2, 2): both ends (x, y) of each straight piece of the line on which `values` (rows, columns) are zero. A value
    stands at (`across[column]`, `up[row]`), between two of them the field is straight. In a square whose corners alternate the
    mean of the four says which two belong together. Squares with a value that is not finite are left out."""
    field = np.asarray(values, np.float64)
    inside, known = field > 0, np.isfinite(field)
    met = _in_squares(np.logical_or, inside) & ~_in_squares(np.logical_and, inside) & _in_squares(np.logical_and, known)
    row, column = np.nonzero(met)
    rows, columns = np.stack([row, row, row + 1, row + 1]), np.stack([column, column + 1, column + 1, column])
    corners = field[rows, columns]  # (4, squares)
    places = np.stack([np.asarray(across, np.float64)[columns], np.asarray(up, np.float64)[rows]], axis=-1)
    above = corners > 0
    crossed = above != np.roll(above, -1, axis=0)  # (4, squares) whether the line goes through that side
    following, beyond = np.roll(corners, -1, axis=0), np.roll(places, -1, axis=0)
    share = np.divide(corners, corners - following, out=np.zeros_like(corners), where=crossed)
    at = places + share[..., None] * (beyond - places)  # (4, squares, 2)

    sides = crossed.sum(axis=0)
    squares = np.arange(len(row))
    first = crossed.argmax(axis=0)
    last = _SIDES - 1 - crossed[::-1].argmax(axis=0)
    single = sides == 2
    pieces = [np.stack([at[first[single], squares[single]], at[last[single], squares[single]]], axis=1)]
    both = np.flatnonzero(sides == _SIDES)
    if len(both):  # a saddle: each piece cuts off a corner of the sign that the middle does not have
        middle = corners[:, both].mean(axis=0) > 0
        cuts_even = above[0, both] != middle  # the corners 0 and 2 are cut off
        for corner in range(_SIDES):
            here = both[cuts_even if corner % 2 == 0 else ~cuts_even]
            pieces.append(np.stack([at[corner - 1, here], at[corner, here]], axis=1))
    return np.concatenate(pieces)


def _in_squares(join: np.ufunc, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(rows - 1, columns - 1) the four corners of each square, joined."""
    found: NDArray[np.bool_] = join(join(values[:-1, :-1], values[:-1, 1:]), join(values[1:, :-1], values[1:, 1:]))
    return found
