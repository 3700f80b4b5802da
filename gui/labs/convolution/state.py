"""The whole state of the convolution lab as one frozen value, and what its layer may be.

`bounds` says how far each control goes for the layer and the picture at hand; `fitted` brings any layer inside, so that no
edit, picture or file ever leads to a layer that cannot be. `fitted_scene` does the same for what the scene looks at.
"""

from __future__ import annotations

from math import gcd
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from engine.fields import edited, setting
from engine.layers.axes import per_axis
from engine.layers.base import Shape
from engine.layers.convolution import Conv2d

MOST_CELLS = 64  # of a filter's side, stride, padding and dilation: beyond, a picture of 512 pixels shows nothing new
MOST_MAPS = 256
FIRST_SEED = 7
Seed = Annotated[int, setting(0, 2**31 - 1, slider=(0, 99))]


LEAST_LENS, MOST_LENS = 3, 48  # cells along the lens; beyond, a cell has no room for its number on any screen
SPEEDS = (1, 2, 8, 30)  # output cells a second
Position = Annotated[int, Meta(ge=-(2**12), le=2**12)]
Part = Literal["input", "filter", "output"]


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
    middle), what is pinned, which input channel of the filter's group is shown, how many cells the lens is long (None: as the
    room allows), how many cells a second are played, and which page a small window shows."""

    cell: Place | None = None
    around: Place | None = None
    pin: Pin | None = None
    source: Annotated[int, Meta(ge=0, lt=2**12)] = 0
    lens: Annotated[int, Meta(ge=LEAST_LENS, le=MOST_LENS)] | None = None
    speed: Literal[1, 2, 8, 30] = 2
    page: Literal["scene", "maps"] = "scene"


class ConvolutionState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`picture` is a sample's name or a file's path. `linked`: the filter is square. `enlarged` is a map's number, `chosen`
    that of the map in the scene while none is enlarged. `weights`: random ones, or the filter that courses work by hand, which
    is 3×3."""

    picture: str = "china"
    layer: Conv2d = Conv2d(out_channels=16, kernel_size=(3, 3), padding="same")
    linked: bool = True
    weights: Literal["random", "course"] = "random"
    seed: Seed = FIRST_SEED
    shared_range: bool = False
    enlarged: Annotated[int, Meta(ge=0, lt=MOST_MAPS)] | None = None
    chosen: Annotated[int, Meta(ge=0, lt=MOST_MAPS)] = 0
    scene: SceneState = SceneState()

    @property
    def in_scene(self) -> int:
        """The number of the map in the scene."""
        return self.chosen if self.enlarged is None else self.enlarged


COURSE_KERNEL = (3, 3)
COURSE = ConvolutionState(  # the example of the courses, to the digit: its cell (2, 3) is 101
    picture="course",
    layer=Conv2d(out_channels=1, kernel_size=COURSE_KERNEL, padding=1),
    weights="course",
    scene=SceneState(cell=Place(2, 3)),
)


def fitted_state(state: ConvolutionState, shape: Shape) -> ConvolutionState:
    """The nearest state that can be, for a picture of `shape` (C, H, W)."""
    layer = fitted(state.layer, shape)
    last = layer.out_channels - 1
    enlarged = None if state.enlarged is None else min(state.enlarged, last)
    return msgspec.structs.replace(
        state,
        layer=layer,
        weights=state.weights if layer.kernel == COURSE_KERNEL else "random",
        enlarged=enlarged,
        chosen=min(state.chosen, last),
        scene=fitted_scene(state.scene, layer, shape),
    )


def fitted_scene(scene: SceneState, layer: Conv2d, shape: Shape) -> SceneState:
    """The scene of a layer that can be: places outside it move to its edge, and a pin that has lost its cell is gone."""
    slides = layer.slides(shape)
    outputs = tuple(slide.outputs for slide in slides)
    pin = scene.pin
    if pin is not None:
        low, high = (0, 0), outputs
        if pin.part == "filter":
            high = layer.kernel
        elif pin.part == "input":
            low = tuple(-slide.before for slide in slides)  # type: ignore[assignment]
            high = tuple(slide.length + slide.after for slide in slides)
        if not (low[0] <= pin.row < high[0] and low[1] <= pin.column < high[1]):
            pin = None
    return msgspec.structs.replace(
        scene,
        cell=_moved_in(scene.cell, outputs),
        around=_moved_in(scene.around, outputs),
        pin=pin,
        source=min(scene.source, shape[0] // layer.groups - 1),
    )


def _moved_in(place: Place | None, sizes: tuple[int, ...]) -> Place | None:
    if place is None:
        return None
    return Place(min(max(place.row, 0), sizes[0] - 1), min(max(place.column, 0), sizes[1] - 1))


class Bounds(NamedTuple):
    """How far each control goes. Kernel: a (low, high) for each axis."""

    kernel: tuple[tuple[int, int], tuple[int, int]]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    groups: tuple[int, ...]
    out_channels: tuple[int, ...]


def bounds(layer: Conv2d, shape: Shape) -> Bounds:
    """For a layer that `fitted` has brought inside: every value within one control's bounds is again such a layer's."""
    sides = shape[1:]
    kernel, dilation = layer.kernel, per_axis(layer.dilation, 2)
    kernels = tuple((1, _largest_kernel(layer, side, apart)) for side, apart in zip(sides, dilation, strict=True))
    dilations = [_largest_dilation(layer, side, cells) for side, cells in zip(sides, kernel, strict=True)]
    # `same` gives way to a number when the padding is moved, so its own amount does not bound it
    needed = [_least_padding(side, cells, apart) for side, cells, apart in zip(sides, kernel, dilation, strict=True)]
    return Bounds(
        kernel=(kernels[0], kernels[1]),
        stride=(1, MOST_CELLS),
        padding=(max(needed), max(max(needed), _most_padding(layer.padding_mode, min(sides)))),
        dilation=(1, min(dilations)),
        groups=_divisors(gcd(shape[0], layer.out_channels)),
        out_channels=tuple(range(layer.groups, MOST_MAPS + 1, layer.groups)),
    )


def fitted(layer: Conv2d, shape: Shape) -> Conv2d:
    """The nearest layer that can be, for a picture of `shape` (C, H, W): what is too large is made smaller."""
    sides = shape[1:]
    changes: dict[str, Any] = {"in_channels": None}
    stride = _clipped(layer.stride, 1, MOST_CELLS)
    padding = layer.padding
    if padding == "same" and max(per_axis(stride, 2)) > 1:  # torch knows it for stride 1 only
        padding = beside(layer)
    if isinstance(padding, int | tuple):
        most = _most_padding(layer.padding_mode, min(sides))
        padding = _clipped(padding, 0, most)
    out_channels = min(layer.out_channels, MOST_MAPS)
    groups = layer.groups if shape[0] % layer.groups == 0 and layer.groups <= out_channels else 1
    changes |= {
        "stride": stride,
        "padding": padding,
        "groups": groups,
        "out_channels": out_channels - out_channels % groups,
    }
    layer = edited(layer, **changes)
    kernel = tuple(min(cells, MOST_CELLS) for cells in layer.kernel)
    dilation = tuple(
        min(apart, _largest_dilation(edited(layer, kernel_size=kernel), side, cells))
        for side, apart, cells in zip(sides, per_axis(layer.dilation, 2), kernel, strict=True)
    )
    kernel = tuple(
        min(cells, _largest_kernel(layer, side, apart)) for side, cells, apart in zip(sides, kernel, dilation, strict=True)
    )
    return edited(layer, kernel_size=kernel, dilation=dilation[0] if dilation[0] == dilation[1] else dilation)


def beside(layer: Conv2d) -> int | tuple[int, ...]:
    """The padding as numbers, cells before the picture along each axis: one number where both are equal."""
    if layer.padding == "same":
        dilation = per_axis(layer.dilation, 2)
        before = tuple(apart * (cells - 1) // 2 for apart, cells in zip(dilation, layer.kernel, strict=True))
    else:
        before = (0, 0) if isinstance(layer.padding, str) else per_axis(layer.padding, 2)
    return before[0] if before[0] == before[1] else before


def _clipped(value: int | tuple[int, ...], low: int, high: int) -> int | tuple[int, ...]:
    if isinstance(value, int):
        return min(max(value, low), high)
    return tuple(min(max(each, low), high) for each in value)


def _span(layer: Conv2d, side: int) -> int:
    """The longest window along one axis, first to last cell: the padded picture, or with `same` what the mode can fill."""
    if layer.padding == "same":
        return {"reflect": 2 * side - 1, "circular": 2 * side + 1}.get(layer.padding_mode, MOST_CELLS**2)
    margins = beside(layer)
    return side + 2 * min(per_axis(margins, 2))


def _largest_kernel(layer: Conv2d, side: int, apart: int) -> int:
    return max(1, min(MOST_CELLS, (_span(layer, side) - 1) // apart + 1))


def _largest_dilation(layer: Conv2d, side: int, cells: int) -> int:
    if cells == 1:
        return MOST_CELLS
    return max(1, min(MOST_CELLS, (_span(layer, side) - 1) // (cells - 1)))


def _least_padding(side: int, cells: int, apart: int) -> int:
    """Cells on each side without which the window does not fit."""
    return max(0, (apart * (cells - 1) + 2 - side) // 2)


def _most_padding(mode: str, side: int) -> int:
    return min(MOST_CELLS, {"reflect": side - 1, "circular": side}.get(mode, MOST_CELLS))


def _divisors(number: int) -> tuple[int, ...]:
    return tuple(each for each in range(1, number + 1) if number % each == 0)
