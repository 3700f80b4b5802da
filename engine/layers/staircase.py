"""The output's size as a function of one setting of a sliding layer: a staircase, because the formula rounds down.

`staircase` varies one setting, `over_input` the input's size. For a value that is not valid the stair holds the reason. No
torch. Called by the convolution lab's page of formulas.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from engine.layers.axes import PerAxis, per_axis
from engine.layers.base import Refusal, Shape
from engine.layers.catalog import Sliding
from engine.layers.kinds.convolution import Convolution

Setting: TypeAlias = Literal["kernel_size", "stride", "padding", "dilation", "output_padding"]
SETTINGS: tuple[Setting, ...] = ("kernel_size", "stride", "padding", "dilation", "output_padding")


class Stair(NamedTuple):
    """The output's size at one value; None if the layer is not valid with it, for the reason in `refusal`."""

    value: int
    size: int | None
    refusal: Refusal | None = None


def settings(layer: Sliding) -> tuple[Setting, ...]:
    """The settings that this kind of layer has."""
    return tuple(name for name in SETTINGS if name in layer.__struct_fields__)


def current(layer: Sliding, shape: Shape, setting: Setting) -> tuple[int | None, ...]:
    """The value along each axis as a number. A pooling without a stride has its kernel's size; "same" is its cells on each
    side, None if it adds one cell more after the input than before it."""
    value = getattr(layer, setting)
    if setting == "stride" and value is None:
        value = layer.kernel_size
    if isinstance(value, str) and isinstance(layer, Convolution):
        return tuple(slide.before if slide.before == slide.after else None for slide in layer.slides(shape))
    return per_axis(value, layer.AXES)


def moves_together(layer: Sliding, shape: Shape, setting: Setting) -> bool:
    """Whether the setting has the same value on all axes."""
    return len(set(current(layer, shape, setting))) == 1


def with_value(layer: Sliding, shape: Shape, setting: Setting, value: int, axis: int | None = None) -> PerAxis:
    """The field's value with `value` along `axis`, or along all axes (None). A tuple stays a tuple."""
    if axis is None:
        return (value,) * layer.AXES if isinstance(getattr(layer, setting), tuple) else value
    values = [number or 0 for number in current(layer, shape, setting)]
    values[axis] = value
    return tuple(values)


def staircase(
    layer: Sliding, shape: Shape, setting: Setting, values: Iterable[int], *, axis: int, alone: bool = False
) -> tuple[Stair, ...]:
    """The output's size along `axis` at each of `values` of the setting, set along that axis only if `alone`, else along all
    axes.

    Padding "same", which torch accepts with stride 1 only, becomes numbers for a longer stride, as everywhere in the program:
    on both sides the cells that it adds before the input.
    """
    stairs = []
    for value in values:
        moved = replace(layer, **{setting: with_value(layer, shape, setting, value, axis if alone else None)})
        if setting == "stride" and value > 1 and isinstance(layer, Convolution) and layer.padding == "same":
            moved = replace(moved, padding=tuple(slide.before for slide in layer.slides(shape)))
        stairs.append(_stair(value, moved, shape, axis))
    return tuple(stairs)


def over_input(layer: Sliding, shape: Shape, lengths: Iterable[int], *, axis: int) -> tuple[Stair, ...]:
    """The output's size along `axis` for inputs that have each of `lengths` along it."""
    return tuple(_stair(length, layer, (*shape[: axis + 1], length, *shape[axis + 2 :]), axis) for length in lengths)


def _stair(value: int, layer: Sliding, shape: Shape, axis: int) -> Stair:
    try:
        return Stair(value, layer.output_shape(shape)[axis + 1])
    except Refusal as refusal:
        return Stair(value, None, refusal)
