"""Where the lanes and maps of the gates stand: the input above, under it the chosen unit as a curve, then a map for each array,
all over the same time axis. No Qt. Called by `gate_maps`.
"""

from __future__ import annotations

from typing import NamedTuple

NAMES_PX, LETTERS_PX = 122.0, 26.0  # for the names at the left; for letters alone
NARROW_PX = 330.0  # a narrower place has letters alone
AXIS_PX = 18.0  # for the figures of the time axis
GAP_PX = 7.0
INPUT_PX, UNIT_PX = 58.0, 44.0
LEAST_MAP_PX = 30.0  # with less, the curve of the unit gives way
LEAST_INPUT_PX = 40.0
EDGE_PX = 4.0


class MapBand(NamedTuple):
    """From `top` to `bottom`."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


class GatePlaces(NamedTuple):
    """`steps` time steps between `left` and `right`; `unit` is None where there is no room for the curve of the chosen unit."""

    left: float
    right: float
    steps: int
    named: bool  # names, or letters alone
    input: MapBand
    unit: MapBand | None
    maps: tuple[MapBand, ...]
    axis: float  # the top of its figures

    def step_at(self, x: float) -> int:
        """The time step at a pixel, the nearest one beside the axis."""
        part = (x - self.left) / max(self.right - self.left, 1.0)
        return min(max(int(part * self.steps), 0), max(self.steps, 1) - 1)

    def span(self, t: int) -> tuple[float, float]:
        """Where a time step begins and ends."""
        each = (self.right - self.left) / max(self.steps, 1)
        return self.left + t * each, self.left + (t + 1) * each

    def map_at(self, y: float) -> int | None:
        """The number of the map at a pixel."""
        return next((number for number, band in enumerate(self.maps) if band.top <= y < band.bottom), None)


def gate_places(width: float, height: float, steps: int, maps: int) -> GatePlaces:
    """The places of `maps` maps over `steps` time steps in a widget of that size."""
    named = width >= NARROW_PX
    left, right = (NAMES_PX if named else LETTERS_PX), width - EDGE_PX
    end = height - AXIS_PX
    input_px = INPUT_PX if height >= 300 else LEAST_INPUT_PX
    top = EDGE_PX + input_px + GAP_PX
    count = max(maps, 1)

    def each(begin: float) -> float:
        return (end - begin - (count - 1) * GAP_PX) / count

    unit = None
    if each(top + UNIT_PX + GAP_PX) >= LEAST_MAP_PX:
        unit = MapBand(top, top + UNIT_PX)
        top += UNIT_PX + GAP_PX
    room = max(each(top), 4.0)
    bands = tuple(MapBand(top + number * (room + GAP_PX), top + number * (room + GAP_PX) + room) for number in range(maps))
    return GatePlaces(left, right, steps, named, MapBand(EDGE_PX, EDGE_PX + input_px), unit, bands, end + 2)
