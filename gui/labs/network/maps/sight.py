"""A unit of a layer and what it sees, for the card that frames it: the state's `MapUnit` as the engine's `UnitIndex`, and
patches as frames. Pure, but for the widget's `Frame`; no torch.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.layers.base import Shape
from engine.networks.receptive import Patch, UnitIndex, patches
from engine.networks.trace import Path
from engine.passes.picture_input import input_of
from engine.pictures import Picture
from gui.labs.network.maps.patch_picture import Frame
from gui.labs.network.reading import Reading
from gui.labs.network.state import MapUnit

MOST_NUMBERS = 2**22  # of an input that is shown as a picture


class Sight(NamedTuple):
    """`unit` of the layer at `path`, and what it sees of the layers before; `patches` are by place in the whole network. `at`
    is the unit as the engine counts it."""

    path: Path
    unit: MapUnit
    at: UnitIndex
    patches: dict[Path, Patch]

    def frame(self, path: Path) -> Frame | None:
        """What is seen of a layer's output, or of the input with (); None where nothing of it is."""
        found = self.patches.get(path)
        return None if found is None else frame_of(found)


def plane(shape: Shape) -> tuple[int, int, int]:
    """An output of any shape as maps (C, H, W), as `activations.Look` has them: a sheet (T, F) is one map, (C, D, H, W) its
    middle plane; a vector is one line, and so are maps of one cell (C, 1, 1)."""
    match shape:
        case (channels, 1, 1) | (channels, 1, 1, 1):
            return 1, 1, channels
        case (channels, height, width) | (channels, _, height, width):
            return channels, height, width
        case (height, width):
            return 1, height, width
        case _:
            return 1, 1, shape[0]


def fitted_unit(unit: MapUnit | None, shape: Shape) -> MapUnit:
    """`unit`, moved inside a layer's output of `shape`; for None the middle one of the first map."""
    channels, height, width = plane(shape)
    if unit is None:
        return MapUnit(0, height // 2, width // 2)
    return MapUnit(min(unit.channel, channels - 1), min(unit.row, height - 1), min(unit.column, width - 1))


def middle(shape: Shape, like: MapUnit | None = None) -> MapUnit:
    """The unit to look at where the user has chosen none: the middle one of the first map, or of the map of `like`. Of a line
    it is `like` itself."""
    unit = fitted_unit(None, shape)
    if like is None:
        return unit
    return fitted_unit(like if plane(shape)[:2] == (1, 1) else MapUnit(like.channel, unit.row, unit.column), shape)


def living(maps_CHW: NDArray[np.float32], unit: MapUnit, among: range) -> MapUnit:  # noqa: N803  (named by its layout)
    """`unit`, or a living one where its value is 0, as that of a unit which is off: the one with the largest value at the same
    place in the maps `among`; of a line the one with the largest value of all."""
    if maps_CHW[unit.channel, unit.row, unit.column] != 0:
        return unit
    if maps_CHW.shape[:2] == (1, 1):
        return MapUnit(0, 0, int(np.abs(maps_CHW[0, 0]).argmax()))
    values = np.abs(maps_CHW[among.start : among.stop, unit.row, unit.column])
    return MapUnit(among.start + int(values.argmax()), unit.row, unit.column) if values.any() else unit


def index_of(unit: MapUnit, shape: Shape) -> UnitIndex:
    """The unit as the engine counts it: an index along each axis of `shape`; of (C, D, H, W) in the middle plane."""
    match shape:
        case (_, 1, 1) | (_, 1, 1, 1):
            return unit.column, *(0 for _ in shape[1:])
        case (_, depth, _, _):
            return unit.channel, depth // 2, unit.row, unit.column
        case (_, _, _):
            return unit.channel, unit.row, unit.column
        case (_, _):
            return unit.row, unit.column
        case _:
            return (unit.column,)


def sight(reading: Reading, path: Path, unit: MapUnit | None) -> Sight | None:
    """What a unit of the layer at `path` sees; None where the layer is not built, is switched off, or is in the composite that
    breaks."""
    shape, here = reading.output(path), reading.places.get(path, path)
    if shape is None or (path and path not in reading.places):
        return None
    unit = fitted_unit(unit, shape)
    at = index_of(unit, shape)
    try:
        found = patches(reading.enabled.layers, reading.input, here, at)
    except (LookupError, IndexError):
        return None
    if found is None:
        return None
    return Sight(path, unit, at, {reading.enabled.back(place): patch for place, patch in found.items()})


def frame_of(patch: Patch) -> Frame:
    """A patch as a frame in the map that is drawn."""
    seen = patch.seen or tuple(range(0) for _ in patch.reach)
    line = range(1)
    if len(seen) == 1:
        return Frame(line if seen[0] else range(0), seen[0], (line, patch.reach[0]))
    return Frame(seen[-2], seen[-1], (patch.reach[-2], patch.reach[-1]))


def seen_input(picture: Picture, shape: Shape) -> NDArray[np.float32] | None:
    """The picture as the network's input, as (C, H, W) with values from 0 to 1; None where it is too large to be shown."""
    if prod(shape) > MOST_NUMBERS:
        return None
    values = np.asarray(input_of(picture, shape), np.float32)
    if values.ndim == 4:
        values = values[:, values.shape[1] // 2]
    return values if values.ndim == 3 else values.reshape(plane(shape))
