"""The arrow keys that walk over the cells of a matrix. Called by its plots."""

from __future__ import annotations

from PySide6.QtCore import Qt

STRIDES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


def walked(cell: tuple[int, int] | None, key: int, rows: int, columns: int) -> tuple[int, int] | None:
    """The cell that `key` leads to from `cell`, which stays inside of the matrix; from no cell, the first one. None where the
    key is none of these."""
    stride = STRIDES.get(Qt.Key(key))
    if stride is None:
        return None
    if cell is None:
        return 0, 0
    return min(max(cell[0] + stride[0], 0), rows - 1), min(max(cell[1] + stride[1], 0), columns - 1)
