"""The whole state of the convolution lab as one frozen value, and what its layer may be.

`bounds` says how far each control goes for the layer and the picture at hand; `fitted` brings any layer inside, so that no
edit, picture or file ever leads to a layer that cannot be.
"""

from __future__ import annotations

from math import gcd
from typing import Annotated, Any, NamedTuple

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


class ConvolutionState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`picture` is a sample's name or a file's path. `linked`: the filter is square. `enlarged` is a map's number."""

    picture: str = "china"
    layer: Conv2d = Conv2d(out_channels=16, kernel_size=(3, 3), padding="same")
    linked: bool = True
    seed: Seed = FIRST_SEED
    shared_range: bool = False
    enlarged: Annotated[int, Meta(ge=0, lt=MOST_MAPS)] | None = None


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
