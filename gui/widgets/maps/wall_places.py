"""Where things are on a wall of maps: each map's tile, the enlarged map, and the cell at a point. Called by the feature wall.

Geometry only; nothing is painted here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from PySide6.QtCore import QPoint, QRect

from gui.widgets.maps.tiling import GAP, Grid, aspect_of, pair_aspect, split, tiled

ENLARGED_SHARE = 0.62  # of the width, for the enlarged map beside the others; of the height, for one above them


@dataclass(frozen=True)
class Spot:
    """A cell of a map, or of the input channel beside it."""

    number: int
    row: int
    column: int
    source: bool = False


@dataclass(frozen=True)
class WallPlaces:
    """The places of maps of `shape` (C, H, W) inside `area`, in `order`. The map `chosen` is enlarged beside the others, or
    above them where that makes it larger.
    `sources` is the (height, width) of input channels that are shown beside their maps, with pooling."""

    shape: tuple[int, int, int] = (1, 1, 1)
    sources: tuple[int, int] | None = None
    chosen: int | None = None
    order: tuple[int, ...] = (0,)  # the number of the map at each position
    area: QRect = field(default_factory=lambda: QRect(0, 0, 1, 1))

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """The position of each map."""
        positions = [0] * len(self.order)
        for position, number in enumerate(self.order):
            positions[number] = position
        return tuple(positions)

    @property
    def alone(self) -> bool:
        """Whether the enlarged map is the only one."""
        return self.chosen is not None and self.shape[0] == 1

    @property
    def grid(self) -> Grid:
        """The places of the tiles, or of the pairs of a map and its input channel."""
        return self._arranged[0]

    @property
    def stage(self) -> QRect | None:
        """The place of the enlarged map."""
        return self._arranged[1]

    @property
    def source_stage(self) -> QRect | None:
        """The place of the enlarged map's input channel."""
        return self._arranged[2]

    @cached_property
    def _arranged(self) -> tuple[Grid, QRect | None, QRect | None]:
        count, height, width = self.shape
        pairs, area = self.sources is not None, self.area
        stage = source_stage = None
        if self.chosen is not None:
            aspect = pair_aspect((height, width)) if pairs else aspect_of((height, width))
            share = 1.0 if count == 1 else ENLARGED_SHARE
            beside, above = (
                max(1, min(int(area.width() * part), int(area.height() * rest * aspect)))
                for part, rest in ((share, 1.0), (1.0, share))
            )
            across = max(beside, above)
            down = max(1, min(area.height(), int(across / aspect)))
            left = area.left() + (area.width() - across) // 2
            top = area.top() + (area.height() - down) // 2
            if above > beside:
                stage, area = QRect(left, area.top(), across, down), area.adjusted(0, down + 2 * GAP, 0, 0)
            elif count > 1:
                stage, area = QRect(area.left(), top, across, down), area.adjusted(across + 2 * GAP, 0, 0, 0)
            else:
                stage, area = QRect(left, top, across, down), QRect(0, 0, 1, 1)
            if pairs:
                source_stage, stage = split(stage, (height, width))
        return tiled(count, (height, width), area, pairs=pairs), stage, source_stage

    def place(self, number: int) -> QRect:
        """The place of a map's tile."""
        place = self.grid.place(self.positions[number])
        return place if self.sources is None else split(place, self.shape[1:])[1]

    def source_place(self, number: int) -> QRect | None:
        """The place of the tile of a map's input channel, if there is one."""
        return None if self.sources is None else split(self.grid.place(self.positions[number]), self.shape[1:])[0]

    def places_of(self, number: int, source: bool = False) -> list[QRect]:
        """All places where a map, or its input channel, is shown: among the others and enlarged."""
        stage = self.source_stage if source else self.stage
        tile = self.source_place(number) if source else self.place(number)
        places = [] if self.alone or tile is None else [tile]
        return [*places, stage] if stage is not None and number == self.chosen else places

    def size(self, source: bool) -> tuple[int, int]:
        """(height, width) of a map, or of an input channel."""
        return self.sources if source and self.sources is not None else self.shape[1:]

    def spot_at(self, point: QPoint) -> Spot | None:
        """The cell at `point`, found from where it is painted, never from the colour there."""
        position = None if self.alone else self.grid.at(point)
        number = self.chosen if position is None else self.order[position]
        if number is None:
            return None
        for source in (False, True):
            for place in self.places_of(number, source):
                if place.contains(point):
                    height, width = self.size(source)
                    row = (point.y() - place.top()) * height // place.height()
                    column = (point.x() - place.left()) * width // place.width()
                    return Spot(number, min(row, height - 1), min(column, width - 1), source)
        return None

    def holds(self, spot: Spot) -> bool:
        """Whether a cell exists."""
        height, width = self.size(spot.source)
        inside = spot.number < self.shape[0] and spot.row < height and spot.column < width
        return inside and not (spot.source and self.sources is None)
