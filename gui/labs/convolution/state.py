"""The whole state of the convolution lab as one frozen value, and which states are valid.

`fitted_state` makes any state valid for the picture at hand, so that no edit, picture or file leads to a layer that torch
refuses; `fitted_scene` does the same for what the scene shows. The ranges of the layer's fields are those of
`engine.layers.fitting`. No Qt here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.cells.filters import Weights
from engine.cells.planes import Studied, depths, input_shape
from engine.fields import setting
from engine.layers.base import Shape
from engine.layers.fitting import MOST_MAPS, changed
from engine.layers.kinds.convolution import Conv2d, Conv3d
from engine.layers.kinds.pooling import Pooling
from gui.lab.picture_state import PicturedState
from gui.labs.convolution.cell.lens import tracks
from gui.labs.convolution.work import Activation, Work

MOST_FRAMES = 16  # of a clip
LEAST_LENS, MOST_LENS = 3, 48  # cells along the lens; with more, no screen has room for their numbers
SPEEDS = (1, 2, 8, 30)  # output cells a second
Position = Annotated[int, Meta(ge=-(2**12), le=2**12)]
SceneGrid = Literal["input", "filter", "output"]
Linkable: TypeAlias = Literal["kernel_size", "stride", "padding", "dilation", "output_padding"]
LabPage: TypeAlias = Literal["scene", "maps", "why", "tensor"]


class OutputPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The place of an output cell."""

    row: Position
    column: Position


class Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cell of one of the scene's three grids that stays lit. Rows and columns of the input are counted from the picture's own
    first cell: those of the padding may be negative."""

    part: SceneGrid
    row: Position
    column: Position


class SceneState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the scene shows. `cell` is the output cell that the window is at, `around` the one that the lens is around (None:
    the middle one). `source` is the input channel that is shown, counted within the filter's group; for a 3-d layer the channel
    and the plane. `lens` is the number of cells along the lens (None: as many as there is room for), `speed` how many cells are
    played a second. `view` is the view of the cell, `upstream` the output's gradient in the backward one. `page` is the one
    below the scene, in a small window the only one."""

    cell: OutputPlace | None = None
    around: OutputPlace | None = None
    pin: Pin | None = None
    source: Annotated[int, Meta(ge=0, lt=2**16)] = 0
    lens: Annotated[int, Meta(ge=LEAST_LENS, le=MOST_LENS)] | None = None
    speed: Literal[1, 2, 8, 30] = 2
    view: Literal["window", "im2col", "backward"] = "window"
    upstream: Literal["ones", "output", "random"] = "ones"
    page: LabPage = "scene"


class ConvolutionState(PicturedState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`shift` moves the picture by (rows, columns), around its edges. `row` is the signal of a 1-d layer; `frames` is the
    length of the clip of a 3-d one, `depth` the plane of its output that is shown. `unlinked` names the fields whose axes are
    changed one by one. `shows` says whether maps are shown before or after the activation. `flipped`: true convolution.
    `enlarged` is the number of the enlarged map; `chosen` is that of the map in the scene while none is enlarged. `preset` is
    the one that was opened, while its note is of use."""

    shift: Annotated[tuple[Position, ...], Meta(min_length=2, max_length=2)] = (0, 0)
    row: Annotated[int, setting(0, 2**12)] = 0
    frames: Annotated[int, setting(1, MOST_FRAMES)] = 4
    depth: Annotated[int, setting(0, 2**12)] = 0
    layer: Studied = Conv2d(out_channels=16, kernel_size=(3, 3), padding="same")
    unlinked: tuple[Linkable, ...] = ()
    activation: Activation = "none"
    shows: Literal["feature", "activation"] = "activation"
    flipped: bool = False
    weights: Weights = Weights()
    shared_range: bool = False
    order: Literal["number", "activity"] = "number"
    enlarged: Annotated[int, Meta(ge=0, lt=MOST_MAPS)] | None = None
    chosen: Annotated[int, Meta(ge=0, lt=MOST_MAPS)] = 0
    preset: str = ""
    scene: SceneState = SceneState()

    @property
    def work(self) -> Work:
        """What is computed of the picture."""
        rows, columns = self.shift
        return Work(
            layer=self.layer,
            shift=(rows, columns),
            row=self.row,
            frames=self.frames,
            depth=self.depth,
            weights=self.weights,
            flipped=self.flipped,
            activation=self.activation if self.shows == "activation" else "none",
        )

    @property
    def in_scene(self) -> int:
        """The number of the map in the scene."""
        return self.chosen if self.enlarged is None else self.enlarged


def fitted_state(state: ConvolutionState, picture: Shape, moved: Collection[str] = ()) -> ConvolutionState:
    """The nearest valid state for a picture of shape (C, H, W). `moved` names the fields of the layer that the user has set:
    they give way only where nothing else can."""
    shape = input_shape(state.layer, picture, state.frames)
    layer = changed(state.layer, shape, **{name: getattr(state.layer, name) for name in moved})
    last = layer.output_shape(shape)[0] - 1
    return msgspec.structs.replace(
        state,
        layer=layer,
        row=min(state.row, picture[1] - 1),
        depth=min(state.depth, depths(layer, shape) - 1),
        shift=tuple(_nearest(cells, size) for cells, size in zip(state.shift, picture[1:], strict=True)),
        enlarged=None if state.enlarged is None else min(state.enlarged, last),
        chosen=min(state.chosen, last),
        scene=fitted_scene(state.scene, layer, shape),
    )


def fitted_scene(scene: SceneState, layer: Studied, shape: Shape) -> SceneState:
    """The nearest valid scene of a valid layer: cells outside the output move to its edge, and a pin whose cell is gone is gone
    too."""
    ways = tracks(layer, shape)
    outputs = [len(track.outputs) for track in ways]
    pin = scene.pin
    if pin is not None:
        reach = {
            "input": [track.drawn_inputs for track in ways],
            "output": [track.outputs for track in ways],
            "filter": [range(0 if isinstance(layer, Pooling) else track.slide.kernel) for track in ways],
        }
        rows, columns = reach[pin.part]
        if pin.row not in rows or pin.column not in columns:
            pin = None
    sources = 1 if isinstance(layer, Pooling) else shape[0] // layer.groups
    if isinstance(layer, Conv3d):
        sources *= layer.kernel[0]
    return msgspec.structs.replace(
        scene,
        cell=_moved_in(scene.cell, outputs),
        around=_moved_in(scene.around, outputs),
        pin=pin,
        source=min(scene.source, sources - 1),
    )


def _moved_in(place: OutputPlace | None, sizes: list[int]) -> OutputPlace | None:
    if place is None:
        return None
    return OutputPlace(min(max(place.row, 0), sizes[0] - 1), min(max(place.column, 0), sizes[1] - 1))


def _nearest(cells: int, size: int) -> int:
    """The shortest way around the edges to the same place: at most half of `size`."""
    return (cells + size // 2) % size - size // 2
