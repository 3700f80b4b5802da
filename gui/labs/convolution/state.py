"""The whole state of the convolution lab as one frozen value, and what of it can be.

`fitted_state` brings any state inside what can be for the picture at hand, so that no edit, picture or file ever leads to a layer
that cannot be; `fitted_scene` does the same for what the scene looks at. How far each control goes is `engine.layers.fitting`'s.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.fields import setting
from engine.filters import Weights
from engine.layers.convolution import Conv2d
from engine.planes import Studied

MOST_MAPS = 256
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
    middle), what is pinned, which input channel (and plane) of the filter's group is shown, how many cells the lens is long (None:
    as the room allows), how many cells a second are played, which view of the cell (`upstream`: the output's gradients in the
    backward one), and which page: in a tall window the one below the scene, in a small one the only one."""

    cell: Place | None = None
    around: Place | None = None
    pin: Pin | None = None
    source: Annotated[int, Meta(ge=0, lt=2**16)] = 0
    lens: Annotated[int, Meta(ge=LEAST_LENS, le=MOST_LENS)] | None = None
    speed: Literal[1, 2, 8, 30] = 2
    view: Literal["window", "im2col", "backward"] = "window"
    upstream: Literal["ones", "output", "random"] = "ones"
    page: Page = "scene"


class ConvolutionState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`picture` is a sample's name, a pattern with its shape ("stripes 3x32x32") or a file's path; `shift` moves it by (rows,
    columns), around its edges. `row` is the signal of a 1-d layer; `frames` is how long the clip of a 3-d one is, `depth` which
    plane of its output is shown. `unlinked` names the fields whose axes move apart. `shows` says whether maps are shown before
    or after the activation. `flipped`: true convolution. `enlarged` is a map's number, `chosen` that of the map in the scene
    while none is enlarged. `preset` is the one that was opened, while its note is of use."""

    picture: str = "china"
    shift: Annotated[tuple[Position, ...], Meta(min_length=2, max_length=2)] = (0, 0)
    row: Annotated[int, setting(0, 2**12)] = 0
    frames: Annotated[int, setting(1, 16)] = 4
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
    def in_scene(self) -> int:
        """The number of the map in the scene."""
        return self.chosen if self.enlarged is None else self.enlarged
