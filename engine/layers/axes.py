"""Sizes along the axes of a layer's window: one number for all of them, or one per axis.

Called by the kinds that slide a window. `Pair[Kernel]` is the type of a field, `per_axis` reads its value.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias, TypeVar

from msgspec import Meta

from engine.fields import setting

LIMIT = 2**31 - 1  # of any size: the largest number of a spin box

T = TypeVar("T")
OneAxis: TypeAlias = T | Annotated[tuple[T, ...], Meta(min_length=1, max_length=1)]
TwoAxes: TypeAlias = T | Annotated[tuple[T, ...], Meta(min_length=2, max_length=2)]
ThreeAxes: TypeAlias = T | Annotated[tuple[T, ...], Meta(min_length=3, max_length=3)]

Channels = Annotated[int, setting(1, LIMIT, slider=(1, 512), scale="log")]
Kernel = Annotated[int, setting(1, LIMIT, slider=(1, 11))]
Stride = Annotated[int, setting(1, LIMIT, slider=(1, 5))]
Padding = Annotated[int, setting(0, LIMIT, slider=(0, 5))]
Dilation = Annotated[int, setting(1, LIMIT, slider=(1, 5))]
Groups = Annotated[int, setting(1, LIMIT, slider=(1, 16))]
OutputPadding = Annotated[int, setting(0, LIMIT, slider=(0, 4))]

PerAxis: TypeAlias = int | tuple[int, ...]

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
AXIS_LETTERS = {"length": "L", "height": "H", "width": "W", "depth": "Z"}  # Z: D is the dilation
LAYOUTS = {1: "(C, L)", 2: "(C, H, W)", 3: "(C, D, H, W)"}


def per_axis(value: PerAxis, axes: int) -> tuple[int, ...]:
    """`value` for each of `axes` axes: 3 -> (3, 3); (3, 5) is returned as it is."""
    return value if isinstance(value, tuple) else (value,) * axes


def as_one(values: tuple[int, ...]) -> PerAxis:
    """`values` as one number if they are all equal."""
    return values[0] if len(set(values)) == 1 else values


def on_axes(value: Any, axes: int) -> Any:
    """The value of a layer's field for a layer over `axes` axes: fewer axes keep the last numbers, more repeat the first. A
    value that is no tuple is returned as it is."""
    return ((value[0],) * axes + value)[-axes:] if isinstance(value, tuple) else value


def spans(kernel: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
    """Cells from the first to the last of a window, along each axis."""
    return tuple(apart * (cells - 1) + 1 for cells, apart in zip(kernel, dilation, strict=True))
