"""Where the tiles of a wall stand: the arrangement that makes them largest. Called by the feature wall; paints nothing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 6  # px between tiles
SMALLEST = 4  # px: a tile is never smaller
LONGEST = 6.0  # a longer map's tile is squeezed to this aspect


def aspect_of(shape: tuple[int, int]) -> float:
    """Width over height of the tile of a map of (height, width)."""
    return min(max(shape[1] / shape[0], 1 / LONGEST), LONGEST)


@dataclass(frozen=True)
class Grid:
    """Where tiles stand inside `area`: the arrangement that makes them largest."""

    count: int
    columns: int
    tile: QSize
    area: QRect

    def place(self, number: int) -> QRect:
        row, column = divmod(number, self.columns)
        left = self.area.left() + column * (self.tile.width() + GAP)
        top = self.area.top() + row * (self.tile.height() + GAP)
        return QRect(QPoint(left, top), self.tile)

    def at(self, point: QPoint) -> int | None:
        """The tile under `point`."""
        inside = point - self.area.topLeft()
        column, x = divmod(inside.x(), self.tile.width() + GAP)
        row, y = divmod(inside.y(), self.tile.height() + GAP)
        number = row * self.columns + column
        if not (0 <= column < self.columns and 0 <= number < self.count):
            return None
        return number if x < self.tile.width() and y < self.tile.height() else None


def tiled(count: int, shape: tuple[int, int], area: QRect) -> Grid:
    """`count` tiles of maps of `shape` = (height, width) in `area`, as large as they can be, in the middle."""
    aspect = aspect_of(shape)
    best, best_columns = 0.0, 1
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        if rows > 1 and (rows - 1) * columns >= count:
            continue
        across = (area.width() - (columns - 1) * GAP) / columns
        down = (area.height() - (rows - 1) * GAP) / rows
        width = min(across, down * aspect)
        if width > best:
            best, best_columns = width, columns
    width = max(SMALLEST, int(best))
    tile = QSize(width, max(SMALLEST, int(best / aspect)))
    used = best_columns * (tile.width() + GAP) - GAP
    left = area.left() + max(0, (area.width() - used) // 2)
    used = -(-count // best_columns) * (tile.height() + GAP) - GAP
    top = area.top() + max(0, (area.height() - used) // 2)
    return Grid(count, best_columns, tile, QRect(QPoint(left, top), area.bottomRight()))
