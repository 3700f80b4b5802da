"""What the scene looks at: one map of a plane of a layer's work, with its numbers. Made by the lab, read by every view of a
cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import filter_of
from engine.cells.correspondence import input_channels
from engine.cells.filters import Filters
from engine.cells.planes import Cut, Flat
from engine.figures import typeset
from engine.layers.kinds.pooling import Pooling
from engine.layers.kinds.transposed import Transposed
from engine.passes.feature_maps import activated
from engine.pictures import Picture
from gui.labs.convolution.cell.lens import Track, tracks
from gui.labs.convolution.state import Activation, SceneState
from gui.widgets.grids.sheet import GridCell

COLOURS = ("R", "G", "B")


@dataclass(frozen=True, eq=False)
class Subject:
    """Map `channel` of `cut`. `picture` is what was chosen, moved as it is seen; of a signal its row. `activated`: the output
    is shown after the activation. `flipped`: the filters have been turned round, for a true convolution. `ends` is the range of
    the map's values where it is known; else the range of what is in view."""

    cut: Cut
    picture: Picture
    channel: int
    activation: Activation = "none"
    activated: bool = False
    flipped: bool = False
    ends: tuple[float, float] | None = None

    @property
    def described(self) -> tuple[object, ...]:
        """All but the cut."""
        return self.picture, self.channel, self.activation, self.activated, self.flipped, self.ends

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
    def maps(self) -> int:
        """How many maps there are."""
        return self.shape[0] if isinstance(self.layer, Pooling) else self.layer.out_channels

    @cached_property
    def inputs(self) -> range:
        """The input channels of the map's group."""
        return input_channels(self.layer, self.shape, self.channel)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What these channels are called: R, G, B or c and their number, and the plane of a clip."""
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
        """The input's range of colours."""
        return 0.0, self.picture.white

    def shown(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of the map as they are shown: after the activation, or before."""
        return activated(values, self.activation) if self.activated else values

    def filter_IHW(self) -> NDArray[np.float32]:
        """The filter of the map, (channels of its group, height, width)."""
        assert self.filters is not None
        assert not isinstance(self.layer, Pooling)
        return filter_of(self.layer, self.shape, self.filters.weight, self.channel)

    def cell(self, scene: SceneState) -> GridCell:
        """The output cell that the scene's window stands on."""
        rows, columns = self.outputs
        return (rows // 2, columns // 2) if scene.cell is None else (scene.cell.row, scene.cell.column)

    def same_place(self, other: Subject | None) -> bool:
        """Whether the other one is over the same input with the same layer."""
        return other is not None and self.layer == other.layer and self.cut.values_CHW is other.cut.values_CHW
