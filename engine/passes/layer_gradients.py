"""The gradients of one layer by torch's own autograd, beside the exact sums of `engine.cells.backward`: those of an output
channel's filter, and those of a piece of an input channel.

Called by the convolution lab's backward view, in a thread of its own. torch is imported at the first call,
not with this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import filter_of
from engine.cells.backward import Upstream
from engine.cells.correspondence import cell_meetings, input_channels, output_channels, transposed_slides
from engine.cells.filters import Filters
from engine.cells.planes import Flat
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d, Pooling
from engine.layers.kinds.transposed import ConvTranspose2d, Transposed

if TYPE_CHECKING:
    from torch import Tensor

TORCH_CELLS = 2**22  # of the output, computed at a time


def weight_by_torch(
    layer: Conv2d | ConvTranspose2d, values_CHW: NDArray[np.float32], filters: Filters, above: Upstream, channel: int
) -> NDArray[np.float32]:
    """torch's own gradient of output `channel`'s filter, (channels of the group, height, width)."""
    import torch
    from torch.nn.functional import conv2d, conv_transpose2d, pad

    shape = values_CHW.shape
    _, height, width = layer.output_shape(shape)
    inputs = input_channels(layer, shape, channel)
    group = torch.from_numpy(values_CHW[inputs.start : inputs.stop])[None]
    filter_ = torch.from_numpy(np.ascontiguousarray(filter_of(layer, shape, filters.weight, channel)))
    given = torch.from_numpy(above(range(channel, channel + 1), range(height), range(width)))
    with torch.enable_grad():
        if isinstance(layer, Transposed):
            weight = filter_[:, None].requires_grad_()
            _, stride, padding, dilation, extra = zip(*layer.steps(), strict=True)
            maps = conv_transpose2d(group, weight, None, stride, padding, extra, 1, dilation)[0]
        else:
            weight = filter_[None].requires_grad_()
            down, across = layer.slides(shape)
            mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
            padded = pad(group, (across.before, across.after, down.before, down.after), mode=mode)
            strides, steps = (down.stride, across.stride), (down.dilation, across.dilation)
            maps = conv2d(padded, weight, None, strides, 0, steps)[0]
        (found,) = torch.autograd.grad(maps, weight, given)
    result: NDArray[np.float32] = found.reshape(filter_.shape).numpy()
    return result


def input_by_torch(
    layer: Flat,
    values_CHW: NDArray[np.float32],
    filters: Filters | None,
    above: Upstream,
    source: int,
    rows: range,
    columns: range,
) -> NDArray[np.float32]:
    """torch's own gradient of `rows` and `columns` of input channel `source`, from all maps that read them.

    Only the part of the output that reads them is computed, a few million cells at a time, and from this channel alone: the
    layer is linear in each channel, or keeps the channels apart."""
    import torch

    shape = values_CHW.shape
    channels = output_channels(layer, shape, source)
    down = {each.output for row in rows for each in cell_meetings(layer, shape, (source, row, columns[0]))[0]}
    across = {each.output for column in columns for each in cell_meetings(layer, shape, (source, rows[0], column))[1]}
    result = torch.zeros(len(rows), len(columns))
    if not (down and across):
        return result.numpy()
    high, wide = range(min(down), max(down) + 1), range(min(across), max(across) + 1)
    at_once = max(1, TORCH_CELLS // (len(high) * len(wide)))
    with torch.enable_grad():
        for start in range(channels.start, channels.stop, at_once):
            part = range(start, min(start + at_once, channels.stop))
            leaf = torch.from_numpy(values_CHW[source]).clone().requires_grad_()
            maps = _torch_maps(layer, shape, filters, leaf, source, part, rows, columns, high, wide)
            given = torch.from_numpy(above(part, high, wide))
            (found,) = torch.autograd.grad(maps, leaf, given)
            result += found[rows.start : rows.stop, columns.start : columns.stop]
    return result.numpy()


def _torch_maps(
    layer: Flat,
    shape: tuple[int, ...],
    filters: Filters | None,
    leaf_HW: Tensor,
    source: int,
    part: range,
    rows: range,
    columns: range,
    high: range,
    wide: range,
) -> Tensor:
    """Rows `high` and columns `wide` of maps `part`, as a function of `rows` and `columns` of input channel `source`."""
    import torch
    from torch.nn.functional import avg_pool2d, conv2d, conv_transpose2d, max_pool2d, pad

    if isinstance(layer, Pooling):
        kernel, stride, padding = layer.kernel_size, layer.step, layer.padding
        if isinstance(layer, MaxPool2d):
            whole = max_pool2d(leaf_HW[None], kernel, stride, padding, layer.dilation, layer.ceil_mode)
        else:
            assert isinstance(layer, AvgPool2d)
            whole = avg_pool2d(leaf_HW[None], kernel, stride, padding, layer.ceil_mode, layer.count_include_pad)
        return whole[:, high.start : high.stop, wide.start : wide.stop]
    assert filters is not None
    inputs = input_channels(layer, shape, part[0])
    weight = torch.from_numpy(
        np.stack([filter_of(layer, shape, filters.weight, channel)[source - inputs.start] for channel in part])
    )
    slides = transposed_slides(layer, shape) if isinstance(layer, Transposed) else layer.slides(shape)
    strides, steps = tuple(slide.stride for slide in slides), tuple(slide.dilation for slide in slides)
    if isinstance(layer, Transposed):
        piece = leaf_HW[rows.start : rows.stop, columns.start : columns.stop]
        spread = conv_transpose2d(piece[None, None], weight[None], None, strides, dilation=steps)[0]
        # Its first cell is the first cell of the filter of the piece's first cell; what is outside the output is cut off.
        first = [slide.cells(cells[0])[0] for slide, cells in zip(slides, (rows, columns), strict=True)]
        top, left = high.start - first[0], wide.start - first[1]
        return spread[:, top : top + len(high), left : left + len(wide)]
    down, across = slides
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    padded = pad(leaf_HW[None, None], (across.before, across.after, down.before, down.after), mode=mode)
    lines = slice(high.start * down.stride, (high.stop - 1) * down.stride + down.span)
    cells = slice(wide.start * across.stride, (wide.stop - 1) * across.stride + across.span)
    return conv2d(padded[:, :, lines, cells], weight[:, None], None, strides, dilation=steps)[0]
