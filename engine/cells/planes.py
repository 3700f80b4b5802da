"""One plane of a layer of any kind, as a 2-d layer over channels of height and width: what every view of the screen shows.

`input_of` makes a picture the input of any kind of layer: one of its rows is the signal of 1-d kinds, and the picture shifted
frame by frame is the clip of 3-d ones. `cut` then takes the plane that is shown out of the layer: a 1-d layer is a 2-d one over
one row, and plane z of a Conv3d is a 2-d convolution whose channels are the input planes that it reads. Scene, sums and walls
know 2-d kinds only.

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
    """The plane that is shown: the output of `layer` for `values_CHW`. `filters` is None for pooling. `planes` gives for each
    channel of `values_CHW` the (channel, plane) of the whole layer's input; a plane in the padding is outside the input.
    `empty` are the channels that are empty padding."""

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

    `shift` moves the picture by (rows, columns), wrapped around its edges. `row` is the row for 1-d kinds, at most the last
    one. Frame d of a clip is the picture shifted d columns to the right."""
    moved = picture_CHW if tuple(shift) == (0, 0) else np.roll(picture_CHW, shift, axis=(1, 2))
    if layer.AXES == 1:
        return np.ascontiguousarray(moved[:, min(row, moved.shape[1] - 1)])
    if layer.AXES == 3:
        return np.stack([np.roll(moved, frame, axis=2) for frame in range(frames)], axis=1)
    return np.ascontiguousarray(moved)


def depths(layer: Studied, shape: Shape) -> int:
    """The number of planes of the output for an input of `shape`: 1 unless the layer is a 3-d one."""
    return layer.slides(shape)[0].outputs if isinstance(layer, Conv3d) else 1


def plane_shape(output: Shape) -> tuple[int, int, int]:
    """(C, H, W) of one plane of an output of (C, L), (C, H, W) or (C, D, H, W): the shape of a cut's maps."""
    return output[0], output[-2] if len(output) > 2 else 1, output[-1]


def cut(layer: Studied, values: NDArray[np.float32], filters: Filters | None, depth: int = 0) -> Cut:
    """Plane `depth` of the layer's output, at most the last one, as a 2-d layer with its input.

    In exact arithmetic its map is the layer's own. torch may add up a Conv3d in another order, so that the last bits differ:
    `forward.torchs_map` gives torch's number for the layer itself."""
    if isinstance(layer, Conv3d):
        return _plane(layer, values, filters, depth)
    if isinstance(layer, Conv1d | MaxPool1d | AvgPool1d):
        return _line(layer, values, filters)
    return Cut(layer, values, filters, tuple((channel, 0) for channel in range(len(values))))


def planes_read(layer: Conv3d, shape: Shape, depth: int) -> tuple[tuple[int, int | None], ...]:
    """The planes that plane `depth` of the output reads, for each weight along the depth: (position in the padded input, plane
    of the input with the values there). The latter is None in empty padding."""
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
    kernel_size, stride, padding = _beside(1, layer.kernel_size), _beside(1, layer.step), _beside(0, layer.padding)
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
    """Plane `depth` of a Conv3d. The sum over channels c and planes k of the kernel is one sum over channels c·K + k. Groups
    stay groups, because the channels of each stay together."""
    assert filters is not None
    shape = values.shape
    read = planes_read(layer, shape, depth)
    empty = np.zeros(shape[2:], np.float32)
    values_CHW = np.stack([empty if plane is None else channel[plane] for channel in values for _, plane in read])
    (_, *before), (_, *after) = zip(*((slide.before, slide.after) for slide in layer.slides(shape)), strict=True)
    outputs, inputs, *kernel = filters.weight.shape
    fields: dict[str, Any] = {"padding": tuple(before)}
    if before != after:  # "same" with an even kernel, or `padding_after`
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
    """A 1-d kind's field for a 2-d one: `first` for the height, then the value for the width."""
    return first, per_axis(value, 1)[0]
