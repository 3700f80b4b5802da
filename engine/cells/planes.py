"""One plane of a layer's work, as everything on the screen shows it: a 2-d layer over channels of height and width.

A picture is made the input of any kind of layer (`input_of`): one of its rows is a signal for 1-d kinds, and moved on frame by
frame it is a clip for 3-d ones. `cut` then takes the plane that is looked at out of the layer: a 1-d layer is a 2-d one over
one row, and plane z of a Conv3d is a 2-d convolution over the input planes that it reads, put side by side as channels. Scene,
sums and walls know 2-d kinds only.

No torch. Called by the convolution lab and `feature_maps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.cells.correspondence import source
from engine.cells.filters import Filters
from engine.layers.axes import PerAxis, per_axis
from engine.layers.base import Shape
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d

Studied: TypeAlias = Conv1d | Conv2d | Conv3d | ConvTranspose2d | MaxPool1d | MaxPool2d | AvgPool1d | AvgPool2d
Flat: TypeAlias = Conv2d | ConvTranspose2d | MaxPool2d | AvgPool2d


@dataclass(frozen=True, eq=False)
class Cut:
    """`layer` over `values_CHW` is the plane that is looked at. `filters` is None for pooling. `planes` says which (channel,
    plane) of the layer's own input each channel of `values_CHW` is; a plane of the padding lies outside the input."""

    layer: Flat
    values_CHW: NDArray[np.float32]
    filters: Filters | None
    planes: tuple[tuple[int, int], ...]
    empty: frozenset[int] = frozenset()


def input_shape(layer: Studied, picture_shape: Shape, frames: int) -> Shape:
    """The shape of a picture of (C, H, W) as the layer's input: (C, W) for 1-d kinds, (C, `frames`, H, W) for 3-d ones."""
    channels, height, width = picture_shape
    if layer.AXES == 1:
        return channels, width
    return (channels, frames, height, width) if layer.AXES == 3 else (channels, height, width)


def input_of(
    layer: Studied, picture_CHW: NDArray[np.float32], *, shift: tuple[int, int] = (0, 0), row: int = 0, frames: int = 1
) -> NDArray[np.float32]:
    """The picture as the layer's input, shaped as `input_shape` says, contiguous and not to be written to.

    `shift` moves the picture by (rows, columns), around its edges; `row` is the signal of 1-d kinds (the last one if there are
    fewer); frame d of a clip is the picture d columns further to the right."""
    moved = picture_CHW if tuple(shift) == (0, 0) else np.roll(picture_CHW, shift, axis=(1, 2))
    if layer.AXES == 1:
        return np.ascontiguousarray(moved[:, min(row, moved.shape[1] - 1)])
    if layer.AXES == 3:
        return np.stack([np.roll(moved, frame, axis=2) for frame in range(frames)], axis=1)
    return np.ascontiguousarray(moved)


def depths(layer: Studied, shape: Shape) -> int:
    """How many planes the output for an input of `shape` has: 1 unless the layer is a 3-d one."""
    return layer.slides(shape)[0].outputs if isinstance(layer, Conv3d) else 1


def plane_shape(output: Shape) -> tuple[int, int, int]:
    """(C, H, W) of one plane of an output of (C, L), (C, H, W) or (C, D, H, W): the shape of a cut's maps."""
    return output[0], output[-2] if len(output) > 2 else 1, output[-1]


def cut(layer: Studied, values: NDArray[np.float32], filters: Filters | None, depth: int = 0) -> Cut:
    """The plane `depth` of the layer's output (the last one if there are fewer), as a 2-d layer's work.

    Its map is the layer's own in exact arithmetic. Torch may add up a Conv3d in another order, so that its last bits differ:
    `forward.torchs_map` is the layer's own number."""
    if isinstance(layer, Conv3d):
        return _plane(layer, values, filters, depth)
    if isinstance(layer, Conv1d | MaxPool1d | AvgPool1d):
        return _line(layer, values, filters)
    return Cut(layer, values, filters, tuple((channel, 0) for channel in range(len(values))))


def planes_read(layer: Conv3d, shape: Shape, depth: int) -> tuple[tuple[int, int | None], ...]:
    """What plane `depth` of the output reads, for each weight along the depth: where (outside the input in the padding), and
    which plane of the input stands there; None where the padding is empty."""
    slide = layer.slides(shape)[0]
    return tuple((at, source(slide, at, layer.padding_mode)) for at in slide.cells(min(depth, slide.outputs - 1)))


# --- inside


def _line(layer: Conv1d | MaxPool1d | AvgPool1d, values: NDArray[np.float32], filters: Filters | None) -> Cut:
    """A 1-d layer over (C, L) as a 2-d one over (C, 1, L), whose kernel is one row high."""
    values_CHW = values[:, None, :].reshape(len(values), 1, values.shape[1])
    planes = tuple((channel, 0) for channel in range(len(values)))
    if isinstance(layer, Conv1d):
        assert filters is not None
        fields = {name: getattr(layer, name) for name in layer.__struct_fields__}
        for name, beside in (("kernel_size", 1), ("stride", 1), ("dilation", 1), ("padding", 0), ("padding_after", 0)):
            if name in fields and fields[name] is not None and not isinstance(fields[name], str):
                fields[name] = _beside(beside, fields[name])
        outputs, inputs, length = filters.weight.shape
        return Cut(
            Conv2d(**fields), values_CHW, Filters(filters.weight.reshape(outputs, inputs, 1, length), filters.bias_O), planes
        )
    stride = layer.kernel_size if layer.stride is None else layer.stride
    kernel_size, stride, padding = _beside(1, layer.kernel_size), _beside(1, stride), _beside(0, layer.padding)
    if isinstance(layer, MaxPool1d):
        dilation = _beside(1, layer.dilation)
        flat: Flat = MaxPool2d(
            kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=layer.ceil_mode
        )
    else:
        include = layer.count_include_pad
        flat = AvgPool2d(
            kernel_size=kernel_size, stride=stride, padding=padding, ceil_mode=layer.ceil_mode, count_include_pad=include
        )
    return Cut(flat, values_CHW, None, planes)


def _plane(layer: Conv3d, values: NDArray[np.float32], filters: Filters | None, depth: int) -> Cut:
    """Plane `depth` of a Conv3d. Σ over channels c and planes k of the kernel is one sum over the channels c·K + k, and groups
    stay groups, because the channels of each keep together."""
    assert filters is not None
    shape = values.shape
    read = planes_read(layer, shape, depth)
    empty = np.zeros(shape[2:], np.float32)
    values_CHW = np.stack([empty if plane is None else channel[plane] for channel in values for _, plane in read])
    (_, *before), (_, *after) = zip(*((slide.before, slide.after) for slide in layer.slides(shape)), strict=True)
    outputs, inputs, *kernel = filters.weight.shape
    fields: dict[str, Any] = {"padding": tuple(before)}
    if before != after:  # what `same` adds for an even kernel, or padding of its own after the input
        fields = {"padding": "same"} if layer.padding == "same" else {"padding": tuple(before), "padding_after": tuple(after)}
    flat = Conv2d(
        out_channels=layer.out_channels,
        kernel_size=(kernel[1], kernel[2]),
        stride=per_axis(layer.stride, 3)[1:],
        dilation=per_axis(layer.dilation, 3)[1:],
        groups=layer.groups,
        bias=layer.bias,
        padding_mode=layer.padding_mode,
        **fields,
    )
    weight = filters.weight.reshape(outputs, inputs * kernel[0], *kernel[1:])
    planes = tuple((channel, at) for channel in range(shape[0]) for at, _ in read)
    nothing = [plane is None for _ in range(shape[0]) for _, plane in read]
    return Cut(flat, values_CHW, Filters(weight, filters.bias_O), planes, frozenset(np.flatnonzero(nothing).tolist()))


def _beside(first: int, value: PerAxis) -> tuple[int, int]:
    """A 1-d kind's field for a 2-d one: what it is across the row, then along it."""
    return first, per_axis(value, 1)[0]
