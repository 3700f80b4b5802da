"""Where a field of values on a grid is zero, as straight pieces: marching squares, all cells at once.

Called by plots of planes. Pure arithmetic.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The corners of a square, counterclockwise from the lower left one; side k leads from corner k to the one after it.
_RIGHT, _UP = np.array([[0], [1], [1], [0]]), np.array([[0], [0], [1], [1]])
_AFTER = np.array([1, 2, 3, 0])


def zero_lines(values: NDArray[np.floating], across: NDArray[np.floating], up: NDArray[np.floating]) -> NDArray[np.float64]:
    """(pieces, 2, 2): both ends (x, y) of each straight piece of the lines on which `values` (rows, columns) are zero, or those
    of several fields (fields, rows, columns). A value stands at (`across[column]`, `up[row]`), between two of them the field is
    straight. In a square whose corners alternate the mean of the four says which two belong together. Squares with a value that
    is not finite are left out."""
    fields = np.ascontiguousarray(values, np.float64).reshape(-1, len(up), len(across))
    field, row, column = np.nonzero(_crossed_squares(fields))
    columns, rows = column + _RIGHT, row + _UP
    corners = fields[field, rows, columns]  # (4, squares)
    places = np.empty((*corners.shape, 2))
    places[..., 0], places[..., 1] = np.asarray(across, np.float64)[columns], np.asarray(up, np.float64)[rows]
    above = corners > 0
    crossed = above != above[_AFTER]  # (4, squares) whether the line goes through that side
    share = np.divide(corners, corners - corners[_AFTER], out=np.zeros_like(corners), where=crossed)
    at = places + share[..., None] * (places[_AFTER] - places)  # (4, squares, 2)

    saddle = crossed.all(axis=0)
    single = np.flatnonzero(~saddle)
    ends = np.nonzero(crossed.T[single])[1].reshape(-1, 2).T  # the two sides of each
    pieces = [at[ends, single].swapaxes(0, 1)]
    both = np.flatnonzero(saddle)
    if len(both):  # each piece cuts off a corner of the sign that the middle does not have
        middle = corners[:, both].mean(axis=0) > 0
        cuts_even = above[0, both] != middle  # the corners 0 and 2 are cut off
        for corner in range(4):
            here = both[cuts_even if corner % 2 == 0 else ~cuts_even]
            pieces.append(np.stack([at[corner - 1, here], at[corner, here]], axis=1))
    return np.concatenate(pieces)


def _crossed_squares(fields: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(fields, rows - 1, columns - 1) the squares whose corners are not all of one sign, and finite."""
    above = fields > 0
    across, up = above[:, :, :-1] != above[:, :, 1:], above[:, :-1] != above[:, 1:]
    met: NDArray[np.bool_] = across[:, :-1] | across[:, 1:] | up[:, :, :-1]
    known = np.isfinite(fields)
    if not known.all():
        met &= known[:, :-1, :-1] & known[:, :-1, 1:] & known[:, 1:, :-1] & known[:, 1:, 1:]
    return met
