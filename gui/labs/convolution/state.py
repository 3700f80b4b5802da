"""The whole state of the convolution lab as one frozen value, and what of it can be.

`fitted_state` brings any state inside what can be for the picture at hand, so that no edit, picture or file ever leads to a
layer that cannot be; `fitted_scene` does the same for what the scene looks at. How far each control goes is
`engine.layers.fitting`'s."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.cells.filters import Weights
from engine.cells.planes import Studied, depths, input_shape
from engine.fields import setting
from engine.layers.base import Shape
from engine.layers.fitting import fitted
from engine.layers.kinds.convolution import Conv2d, Conv3d
from engine.layers.kinds.pooling import Pooling
from gui.lab.picture_state import PicturedState
from gui.labs.convolution.cell.lens import tracks

MOST_MAPS = 256
MOST_FRAMES = 16  # of a clip
LEAST_LENS, MOST_LENS = 3, 48  # cells along the lens; beyond, a cell has no room for its number on any screen
SPEEDS = (1, 2, 8, 30)  # output cells a second
Position = Annotated[int, Meta(ge=-(2**12), le=2**12)]
Part = Literal["input", "filter", "output"]
Activation: TypeAlias = Literal["none", "ReLU", "LeakyReLU", "Sigmoid", "Tanh"]
Linkable: TypeAlias = Literal["kernel_size", "stride", "padding", "dilation", "output_padding"]
Page: TypeAlias = Literal["scene", "maps", "why", "tensor"]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cell; of the padded input, counted from the picture's own first cell."""

    row: Position
    column: Position


class Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cell of one of the three grids that stays lit."""

    part: Part
    row: Position
    column: Position


class SceneState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the scene looks at: the output cell that the window stands on, the one that the lens is around (both None: the
    middle), what is pinned, which input channel (and plane) of the filter's group is shown, how many cells the lens is long
    (None: as the room allows), how many cells a second are played, which view of the cell (`upstream`: the output's gradients
    in the backward one), and which page: in a tall window the one below the scene, in a small one the only one."""

    cell: Place | None = None
    around: Place | None = None
    pin: Pin | None = None
    source: Annotated[int, Meta(ge=0, lt=2**16)] = 0
    lens: Annotated[int, Meta(ge=LEAST_LENS, le=MOST_LENS)] | None = None
    speed: Literal[1, 2, 8, 30] = 2
    view: Literal["window", "im2col", "backward"] = "window"
    upstream: Literal["ones", "output", "random"] = "ones"
    page: Page = "scene"


class ConvolutionState(PicturedState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`shift` moves the picture by (rows, columns), around its edges. `row` is the signal of a 1-d layer; `frames` is how long
    the clip of a 3-d one is, `depth` which plane of its output is shown. `unlinked` names the fields whose axes move apart.
    `shows` says whether maps are shown before or after the activation. `flipped`: true convolution. `enlarged` is a map's
    number, `chosen` that of the map in the scene while none is enlarged. `preset` is the one that was opened, while its note
    is of use."""

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
    def moved(self) -> tuple[int, int]:
        """`shift`, as long as it is."""
        rows, columns = self.shift
        return rows, columns

    @property
    def in_scene(self) -> int:
        """The number of the map in the scene."""
        return self.chosen if self.enlarged is None else self.enlarged


def fitted_state(state: ConvolutionState, picture: Shape) -> ConvolutionState:
    """The nearest state that can be, for a picture of shape (C, H, W)."""
    shape = input_shape(state.layer, picture, state.frames)
    layer = fitted(state.layer, shape)
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
    """The scene of a layer that can be: places outside it move to its edge, and a pin that has lost its cell is gone."""
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


def _moved_in(place: Place | None, sizes: list[int]) -> Place | None:
    if place is None:
        return None
    return Place(min(max(place.row, 0), sizes[0] - 1), min(max(place.column, 0), sizes[1] - 1))


def _nearest(cells: int, size: int) -> int:
    """A way around the edges in its shortest form: at most half of `size`."""
    return (cells + size // 2) % size - size // 2
