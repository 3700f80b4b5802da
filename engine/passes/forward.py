"""One forward pass of a 2-d layer by torch, a block of maps at a time, so that a block is still in the processor's cache when
it is used. Hides torch's functions for each kind, groups and margins.

Called by `feature_maps`. torch is imported at the first call, not with this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.cells.correspondence import input_channels
from engine.cells.filters import Filters
from engine.cells.planes import Flat, Studied, cut, planes_read
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d

if TYPE_CHECKING:
    from torch import Tensor

BLOCK_CELLS = 2**20  # a block's output, in cells of four bytes: 4 MB stay in the cache
BLOCK_MAPS = 16  # the width of the widest vector registers: a convolution of fewer maps costs as much as one of so many
MOST_BESIDE = 6 * 2**20  # cells: 24 MB; the C library returns pieces of more than 32 MB to the system in any case
SINGLY = 4  # up to so many groups, each is a convolution of its own: torch's grouped one is slower
LEAK = 0.01  # LeakyReLU's slope below zero, as torch has it


def map_count(layer: Flat, values_CHW: NDArray[np.float32]) -> int:
    """The number of the layer's maps."""
    return layer.out_channels if isinstance(layer, Conv2d | ConvTranspose2d) else len(values_CHW)


def blocks(
    layer: Flat, values_CHW: NDArray[np.float32], filters: Filters | None, start: int, stop: int
) -> Iterator[tuple[int, Tensor]]:
    """Output channels `start` to `stop`, a block at a time: (number of its first channel, maps as (n, H, W)).

    A block holds a part of one group, or several whole groups."""
    import torch

    _, height, width = layer.output_shape(values_CHW.shape)
    cells = height * width
    fitting, least = BLOCK_CELLS // cells, BLOCK_MAPS if isinstance(layer, Conv2d) else 1
    beside = 0  # cells that torch allocates for each map besides its result
    if isinstance(layer, ConvTranspose2d):
        beside = prod(layer.kernel) * prod(values_CHW.shape[1:])
        fitting = min(fitting, MOST_BESIDE // beside)
    size = min(stop - start, max(least, fitting - fitting % least))
    # After freeing one piece that is larger than any block, the C library keeps freed blocks of that size instead of returning
    # them to the system, so that the next block is in warm pages.
    torch.empty(size * max(cells, beside) + 2**16)
    compute, groups, inputs = _computation(layer, values_CHW, filters)
    per_group = map_count(layer, values_CHW) // groups
    number = start
    while number < stop:
        group, within = divmod(number, per_group)
        if groups > SINGLY and within == 0 and per_group < size and stop - number >= per_group:
            together = min(size // per_group, (stop - number) // per_group)
            taken = together * per_group
        else:
            together = 1
            taken = min(size, per_group - within, stop - number)
        yield number, compute(slice(group * inputs, (group + together) * inputs), slice(number, number + taken), together)
        number += taken


def activate(block: Tensor, activation: str) -> Tensor:
    """The maps after an activation, computed in place."""
    import torch

    match activation:
        case "none":
            return block
        case "ReLU":
            return block.relu_()
        case "LeakyReLU":
            return torch.nn.functional.leaky_relu_(block, LEAK)
        case "Sigmoid":
            return block.sigmoid_()
        case "Tanh":
            return block.tanh_()
    raise ValueError(f"no activation {activation!r}")


def torchs_map(
    layer: Studied, values: NDArray[np.float32], filters: Filters | None, channel: int, depth: int = 0
) -> NDArray[np.float32]:
    """One map, (H, W), computed by torch's own function for that kind of layer, before any activation: for a Conv3d by conv3d
    from the planes that plane `depth` of the output reads. `values` is the layer's whole input, as from `planes.input_of`."""
    import torch
    from torch.nn.functional import conv1d, conv3d, pad

    if not isinstance(layer, Conv1d | Conv3d):
        work = cut(layer, values, filters, depth)
        with torch.inference_mode():
            (_, block), *_ = blocks(work.layer, work.values_CHW, work.filters, channel, channel + 1)
            return np.asarray(block[0].numpy())
    assert filters is not None
    group = input_channels(layer, values.shape, channel)
    inputs = values[group.start : group.stop]
    slides = layer.slides(values.shape)
    if isinstance(layer, Conv3d):
        read = planes_read(layer, values.shape, depth)
        empty = np.zeros((len(inputs), *values.shape[2:]), np.float32)
        inputs = np.stack([empty if plane is None else inputs[:, plane] for _, plane in read], axis=1)
        slides = slides[1:]
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    margins = [amount for slide in reversed(slides) for amount in (slide.before, slide.after)]
    strides, steps = [slide.stride for slide in slides], [slide.dilation for slide in slides]
    with torch.inference_mode():
        source_, weight = torch.from_numpy(inputs), torch.from_numpy(filters.weight[channel : channel + 1])
        bias = torch.from_numpy(filters.bias_O[channel : channel + 1])
        if isinstance(layer, Conv1d):
            return np.asarray(conv1d(pad(source_[None], margins, mode=mode), weight, bias, strides, 0, steps)[0].numpy())
        # Padding in the plane only: `inputs` already has the planes of the padding along the depth. Channels and planes are one
        # axis, because torch pads two axes of at most four dimensions.
        _, planes, height, width = source_.shape
        padded_ = pad(source_.reshape(1, -1, height, width), margins, mode=mode)
        volume = padded_.reshape(1, len(inputs), planes, *padded_.shape[2:])
        return np.asarray(conv3d(volume, weight, bias, [1, *strides], 0, [1, *steps])[0, 0, 0].numpy())


# --- inside


def _computation(
    layer: Flat, values_CHW: NDArray[np.float32], filters: Filters | None
) -> tuple[Callable[[slice, slice, int], Tensor], int, int]:
    """A function that computes maps (n, H, W) from the input and output channels of some whole groups, or of a part of one; the
    number of groups, and of input channels in each. In pooling every channel is a group."""
    import torch
    from torch.nn.functional import avg_pool2d, conv2d, conv_transpose2d, max_pool2d, pad

    picture = torch.from_numpy(values_CHW)[None]
    channels = len(values_CHW)
    if isinstance(layer, ConvTranspose2d):
        assert filters is not None
        weight, bias = torch.from_numpy(filters.weight), torch.from_numpy(filters.bias_O)
        strides, around, steps, extra = ([step[at] for step in layer.steps()] for at in (1, 2, 3, 4))
        per_group = weight.shape[1]

        def transposed(inputs: slice, outputs: slice, groups: int) -> Tensor:
            first = outputs.start % per_group  # for whole groups it is 0, and the slice is all of it
            part = weight[inputs, first : first + outputs.stop - outputs.start]
            return conv_transpose2d(picture[:, inputs], part, bias[outputs], strides, around, extra, groups, steps)[0]

        return transposed, layer.groups, channels // layer.groups
    down, across = layer.slides(values_CHW.shape)
    strides, steps = [down.stride, across.stride], [down.dilation, across.dilation]
    around = [down.before, across.before]
    kernel = [down.kernel, across.kernel]
    if isinstance(layer, MaxPool2d):
        ceil_mode = layer.ceil_mode
        return (
            lambda _, outputs, __: max_pool2d(picture[0, outputs], kernel, strides, around, steps, ceil_mode),
            channels,
            1,
        )
    if isinstance(layer, AvgPool2d):
        modes = layer.ceil_mode, layer.count_include_pad
        return lambda _, outputs, __: avg_pool2d(picture[0, outputs], kernel, strides, around, *modes), channels, 1
    assert filters is not None
    weight, bias = torch.from_numpy(filters.weight), torch.from_numpy(filters.bias_O)
    if layer.padding_mode != "zeros" or around != [down.after, across.after]:
        mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
        picture = pad(picture, [across.before, across.after, down.before, down.after], mode=mode)
        around = [0, 0]

    def convolved(inputs: slice, outputs: slice, groups: int) -> Tensor:
        return conv2d(picture[:, inputs], weight[outputs], bias[outputs], strides, around, steps, groups)[0]

    return convolved, layer.groups, weight.shape[1]
