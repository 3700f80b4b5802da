"""What the scene shows: one map of the plane in view, with its numbers. Read by every view of a cell; `Subjects` makes
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import filter_of
from engine.cells.correspondence import input_channels
from engine.cells.filters import Filters
from engine.cells.planes import Cut, Flat, depths, input_shape
from engine.figures import typeset
from engine.layers.kinds.pooling import Pooling
from engine.layers.kinds.transposed import Transposed
from engine.passes.feature_maps import activated
from engine.pictures import Picture
from gui.labs.convolution.cell.lens import Track, tracks
from gui.labs.convolution.state import SceneState
from gui.labs.convolution.work import Activation, Work
from gui.widgets.grids.sheet import GridCell

COLOURS = ("R", "G", "B")


@dataclass(frozen=True, eq=False)
class Subject:
    """Map `channel` of `cut`, the plane in view of `work`. `picture` is the one that was chosen, shifted; of a signal its row.
    `activation` follows the layer, whether the maps are shown after it or before. `ends` is the range of the map's values where
    it is known; else views take the range of what they show."""

    cut: Cut
    work: Work
    picture: Picture
    channel: int
    activation: Activation = "none"
    ends: tuple[float, float] | None = None

    @property
    def activated(self) -> bool:
        """Whether the output is shown after the activation."""
        return self.work.activation != "none"

    @property
    def flipped(self) -> bool:
        """Whether the filters have been flipped, for a true convolution."""
        return self.work.flipped

    @property
    def layer(self) -> Flat:
        return self.cut.layer

    @property
    def values_CHW(self) -> NDArray[np.float32]:
        return self.cut.values_CHW

    @property
    def filters(self) -> Filters | None:
        return self.cut.filters

    @property
    def shape(self) -> tuple[int, int, int]:
        channels, height, width = self.cut.values_CHW.shape
        return channels, height, width

    @cached_property
    def tracks(self) -> tuple[Track, Track]:
        return tracks(self.layer, self.shape)

    @cached_property
    def outputs(self) -> tuple[int, int]:
        down, across = self.tracks
        return len(down.outputs), len(across.outputs)

    @cached_property
    def kernel(self) -> tuple[int, int]:
        down, across = self.tracks
        return down.slide.kernel, across.slide.kernel

    @property
    def pools(self) -> bool:
        return isinstance(self.layer, Pooling)

    @property
    def transposed(self) -> bool:
        return isinstance(self.layer, Transposed)

    @property
    def plane(self) -> int | None:
        """The plane of the output that is in view; None where the layer has only one."""
        layer, work = self.work.layer, self.work
        planes = depths(layer, input_shape(layer, self.picture.shape, work.frames))
        return min(work.depth, planes - 1) if planes > 1 else None

    @property
    def maps(self) -> int:
        """How many maps the layer has."""
        return self.shape[0] if isinstance(self.layer, Pooling) else self.layer.out_channels

    @cached_property
    def inputs(self) -> range:
        """The input channels that the map is computed from: those of its group."""
        return input_channels(self.layer, self.shape, self.channel)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of these channels: R, G, B or c with their number; for a clip with the plane."""
        planes = self.cut.planes
        several = len({plane for _, plane in planes}) > 1
        channels = 1 + max(channel for channel, _ in planes)
        found = []
        for number in self.inputs:
            channel, plane = planes[number]
            name = COLOURS[channel] if channels == len(COLOURS) else f"c{channel}"
            moment = f"t{typeset(str(plane))}"
            found.append(name if not several else moment if channels == 1 else f"{name}·{moment}")
        return tuple(found)

    @property
    def input_ends(self) -> tuple[float, float]:
        """The range of the input's colours."""
        return self.picture.black, self.picture.white

    def shown(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of the map as they are shown: after the activation, or before it."""
        return activated(values, self.activation) if self.activated else values

    def filter_IHW(self) -> NDArray[np.float32]:
        """The filter of the map, (channels of its group, height, width)."""
        assert self.filters is not None
        assert not isinstance(self.layer, Pooling)
        return filter_of(self.layer, self.shape, self.filters.weight, self.channel)

    def cell(self, scene: SceneState) -> GridCell:
        """The output cell that the scene's window is at."""
        rows, columns = self.outputs
        return (rows // 2, columns // 2) if scene.cell is None else (scene.cell.row, scene.cell.column)

    def same_place(self, other: Subject | None) -> bool:
        """Whether the other subject has the same input and the same layer."""
        return other is not None and self.layer == other.layer and self.cut.values_CHW is other.cut.values_CHW
