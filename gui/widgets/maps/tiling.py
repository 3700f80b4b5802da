"""The arrangement of a wall's tiles in which they are largest. Called by the feature wall. Geometry only."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 6  # px between tiles
PAIR_GAP = 2  # px between the two tiles of a pair
PAIRS_GAP = 14  # px between pairs, more than inside them
ROUNDING = 1e-9  # of a pixel: a side that was computed as 11.999999999999998 is 12
SMALLEST = 4  # px, the least side of a tile
LONGEST = 6.0  # the largest aspect of a tile; longer maps are squeezed
WIDE = 2.0  # from this aspect on, the tiles of a pair are one above the other


def aspect_of(shape: tuple[int, int]) -> float:
    """Width over height of the tile for a map of (height, width)."""
    return min(max(shape[1] / shape[0], 1 / LONGEST), LONGEST)


def pair_aspect(shape: tuple[int, int]) -> float:
    """Width over height of a pair of such tiles, beside or above each other."""
    aspect = aspect_of(shape)
    return aspect / 2 if aspect >= WIDE else aspect * 2


def split(pair: QRect, shape: tuple[int, int]) -> tuple[QRect, QRect]:
    """The two tiles of a pair, for maps of (height, width): left and right, or above and below."""
    if aspect_of(shape) >= WIDE:
        size = QSize(pair.width(), max(1, (pair.height() - PAIR_GAP) // 2))
        return QRect(pair.topLeft(), size), QRect(pair.topLeft() + QPoint(0, size.height() + PAIR_GAP), size)
    size = QSize(max(1, (pair.width() - PAIR_GAP) // 2), pair.height())
    return QRect(pair.topLeft(), size), QRect(pair.topLeft() + QPoint(size.width() + PAIR_GAP, 0), size)


@dataclass(frozen=True)
class Grid:
    """`count` tiles, or pairs of tiles, in rows inside `area`."""

    count: int
    columns: int
    tile: QSize
    area: QRect
    gap: int = GAP

    def place(self, number: int) -> QRect:
        row, column = divmod(number, self.columns)
        left = self.area.left() + column * (self.tile.width() + self.gap)
        top = self.area.top() + row * (self.tile.height() + self.gap)
        return QRect(QPoint(left, top), self.tile)

    def at(self, point: QPoint) -> int | None:
        """The tile at `point`; None between tiles."""
        inside = point - self.area.topLeft()
        column, x = divmod(inside.x(), self.tile.width() + self.gap)
        row, y = divmod(inside.y(), self.tile.height() + self.gap)
        number = row * self.columns + column
        if not (0 <= column < self.columns and 0 <= number < self.count):
            return None
        return number if x < self.tile.width() and y < self.tile.height() else None


def tiled(count: int, shape: tuple[int, int], area: QRect, *, pairs: bool = False) -> Grid:
    """`count` tiles, or pairs, for maps of (height, width), as large as possible, in the middle of `area`."""
    aspect = pair_aspect(shape) if pairs else aspect_of(shape)
    gap = PAIRS_GAP if pairs else GAP
    best, best_columns = 0.0, 1
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        if rows > 1 and (rows - 1) * columns >= count:
            continue
        across = (area.width() - (columns - 1) * gap) / columns
        down = (area.height() - (rows - 1) * gap) / rows
        width = min(across, down * aspect)
        if width > best:
            best, best_columns = width, columns
    tile = QSize(*(max(SMALLEST, int(side + ROUNDING)) for side in (best, best / aspect)))
    used = best_columns * (tile.width() + gap) - gap
    left = area.left() + max(0, (area.width() - used) // 2)
    used = -(-count // best_columns) * (tile.height() + gap) - gap
    top = area.top() + max(0, (area.height() - used) // 2)
    return Grid(count, best_columns, tile, QRect(QPoint(left, top), area.bottomRight()), gap)
