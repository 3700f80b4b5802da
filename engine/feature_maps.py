"""One convolution of a picture, all maps: exact, and as the wall of tiles that is shown.

`wall` is the part that has to keep up with a hand on a slider. It works through the output channels in blocks, and reduces each
block to the size shown, and to colours, while it still lies in the processor's cache: a whole result of 64 maps is 13 MB that
nobody looks at, and writing it into fresh memory costs several times the convolution itself. Numbers are never read off the
tiles: `cell` computes the one under the cursor, `piece` and `padded` those in a lens, and `maps` gives all of them.

Called by the convolution lab, `wall` in its preview thread. torch is imported at the first call, not with this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.colours import ColourMap
from engine.correspondence import source

if TYPE_CHECKING:
    from torch import Tensor

    from engine.layers.convolution import Conv2d
    from engine.layers.windows import Slide

BLOCK_CELLS = 2**20  # a block's output, in cells of four bytes: 4 MB stay in the cache
BLOCK_MAPS = 16  # a vector of the widest processors: fewer maps at a time cost as much as this many
TINY = 1e-30  # a range below this is nothing: its levels would not be numbers
COURSE_FILTER = ((1, 2, 3), (-4, 7, 4), (2, -5, 1))  # the example that courses work by hand; its picture is `pictures.course`
SINGLY = 4  # up to so many groups, each is a convolution of its own: torch's grouped one takes a slower way


@dataclass(frozen=True, eq=False)
class Filters:
    """A layer's weights: `weight_OIHW` float32 with I = in_channels / groups, `bias_O` float32."""

    weight_OIHW: NDArray[np.float32]
    bias_O: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Wall:
    """Every map as a tile of colours. `pixels` is 0xffRRGGBB, `columns` tiles wide, each `tile` = (height, width) pixels;
    tile i stands in row i // columns and column i % columns. `low` and `high` are each map's exact range."""

    pixels: NDArray[np.uint32]
    tile: tuple[int, int]
    columns: int
    first: int  # the number of the map in tile 0
    shape: tuple[int, int, int]  # of the layer's whole output, (C, H, W)
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    shared: bool
    convolution_ms: float  # the convolution alone
    kept_HW: NDArray[np.float32] | None = None  # the map that was asked to be kept, as torch computed it

    @property
    def count(self) -> int:
        return len(self.low)


def he(layer: Conv2d, channels: int, seed: int) -> Filters:
    """Random filters for an input of `channels`, drawn as He et al. 2015 propose: normal with variance 2 / fan_in, biases 0.

    Filters are drawn one after another from a generator of their own, so more output channels leave the first ones as they
    were."""
    height, width = layer.kernel
    inputs = channels // layer.groups
    deviation = np.sqrt(2 / (inputs * height * width))
    drawn = np.random.default_rng(seed).standard_normal((layer.out_channels, inputs, height, width))
    return Filters((drawn * deviation).astype(np.float32), np.zeros(layer.out_channels, np.float32))


def course(layer: Conv2d, channels: int) -> Filters:
    """The filter that courses work by hand, for every pair of channels; no bias. `layer` has a kernel of 3×3."""
    shape = (layer.out_channels, channels // layer.groups, *layer.kernel)
    weight_OIHW = np.broadcast_to(np.array(COURSE_FILTER, np.float32), shape)
    return Filters(weight_OIHW.copy(), np.zeros(layer.out_channels, np.float32))


def maps(layer: Conv2d, picture_CHW: NDArray[np.float32], filters: Filters) -> NDArray[np.float32]:
    """The layer's whole output, (C, H, W)."""
    import torch

    with torch.inference_mode():
        blocks = [block for _, block in _blocks(layer, picture_CHW, filters, 0, layer.out_channels)]
        whole: NDArray[np.float32] = torch.cat(blocks).numpy()
    return whole


def cell(layer: Conv2d, picture_CHW: NDArray[np.float32], filters: Filters, channel: int, row: int, column: int) -> float:
    """One cell of the output: the sum of products of one window and one filter, in double precision, and the bias."""
    return float(piece(layer, picture_CHW, filters, channel, range(row, row + 1), range(column, column + 1))[0, 0])


def padded(layer: Conv2d, picture_CHW: NDArray[np.float32], rows: range, columns: range) -> NDArray[np.float64]:
    """A piece of the padded picture, (C, rows, columns). Positions are counted from the picture's own first cell, so those of
    the padding before it are negative; they lie within the padding."""
    down, across = layer.slides(picture_CHW.shape)
    y, inside_y = _read_from(down, rows, layer.padding_mode)
    x, inside_x = _read_from(across, columns, layer.padding_mode)
    values = picture_CHW[:, y[:, None], x[None, :]].astype(np.float64)
    values *= inside_y[:, None] & inside_x[None, :]
    return values


def piece(
    layer: Conv2d, picture_CHW: NDArray[np.float32], filters: Filters, channel: int, rows: range, columns: range
) -> NDArray[np.float64]:
    """A piece of one map, (rows, columns): sums in double precision."""
    weight_IHW = filters.weight_OIHW[channel].astype(np.float64)
    inputs = len(weight_IHW)
    first = channel // (layer.out_channels // layer.groups) * inputs
    down, across = layer.slides(picture_CHW.shape)
    result = np.empty((len(rows), len(columns)))
    reads = [
        range(slide.cells(outputs[0]).start, slide.cells(outputs[-1])[-1] + 1)
        for slide, outputs in ((down, rows), (across, columns))
    ]
    source_IHW = padded(layer, picture_CHW[first : first + inputs], *reads)
    for number in range(len(rows)):  # a row at a time: the windows of all would be as many numbers as there are products
        start = number * down.stride
        lines = source_IHW[:, start : start + down.span : down.dilation]
        windows = np.lib.stride_tricks.sliding_window_view(lines, across.span, axis=2)[
            :, :, :: across.stride, :: across.dilation
        ]
        result[number] = np.tensordot(windows, weight_IHW, axes=((0, 1, 3), (0, 1, 2)))
    result += float(filters.bias_O[channel])
    return result


def wall(
    layer: Conv2d,
    picture_CHW: NDArray[np.float32],
    filters: Filters,
    *,
    tile: tuple[int, int],
    columns: int,
    colours: ColourMap,
    shared: bool = False,
    only: int | None = None,
    keep: int | None = None,
    ends: tuple[float, float] | None = None,
    checkpoint: Callable[[], None] | None = None,
) -> Wall:
    """Convolve and paint: one tile of (height, width) pixels a map, `columns` tiles in a row; with `only`, that one map alone.

    Colours run over each map's own range, or with `shared` over that of all maps together, or over `ends`. A tile smaller than
    its map shows means of neighbouring cells (halved as often as it goes, then interpolated), a larger one shows each cell as
    a block. `keep` is the number of a map whose values are also kept as they are.
    `checkpoint` is called between blocks and may raise, to give up.
    """
    import torch

    start, stop = (0, layer.out_channels) if only is None else (only, only + 1)
    count = stop - start
    height, width = tile
    sheet = np.zeros((-(-count // columns) * height, columns * width), np.uint8)
    grid = sheet.reshape(-1, height, columns, width)
    low, high = np.empty(count, np.float32), np.empty(count, np.float32)
    waiting: list[Tensor] = []
    kept: NDArray[np.float32] | None = None
    spent = 0.0
    shape = (0, 0)

    def put(number: int, levels: NDArray[np.uint8]) -> None:
        for level in levels:
            grid[number // columns, :, number % columns] = level
            number += 1

    with torch.inference_mode():
        blocks = _blocks(layer, picture_CHW, filters, start, stop)
        while True:
            before = perf_counter()
            found = next(blocks, None)
            spent += perf_counter() - before
            if found is None:
                break
            first, block = found
            shape = (block.shape[1], block.shape[2])
            flat = block.reshape(len(block), -1)
            here = slice(first - start, first - start + len(block))
            lows, highs = flat.amin(1), flat.amax(1)
            low[here], high[here] = lows.numpy(), highs.numpy()
            if keep is not None and first <= keep < first + len(block):
                kept = block[keep - first].numpy().copy()
            shown = _shrunk(block, height, width)
            del block, flat, found
            if ends is not None:
                lowest, highest = (torch.tensor(end, dtype=torch.float32) for end in ends)
                put(here.start, _levels(shown, lowest, highest, height, width))
            elif shared:
                waiting.append(shown)
            else:
                put(here.start, _levels(shown, lows[:, None, None], highs[:, None, None], height, width))
            if checkpoint is not None:
                checkpoint()
        number = 0
        for shown in waiting:
            put(number, _levels(shown, torch.tensor(low.min()), torch.tensor(high.max()), height, width))
            number += len(shown)
    # torch's memory, because a large array of numpy's own lies in fresh pages each time; clip only spares take() a buffer
    pixels = torch.empty(sheet.shape, dtype=torch.int32).numpy().view(np.uint32)
    np.take(colours, sheet, out=pixels, mode="clip")
    output = (layer.out_channels, *shape)
    return Wall(pixels, tile, columns, start, output, low, high, shared, 1e3 * spent, kept)


# --- inside


def _blocks(
    layer: Conv2d, picture_CHW: NDArray[np.float32], filters: Filters, start: int, stop: int
) -> Iterator[tuple[int, Tensor]]:
    """Output channels `start` to `stop`, a block at a time: (number of its first channel, maps as (n, H, W)).

    A block never crosses a group's border, unless it holds whole groups."""
    import torch
    from torch.nn.functional import conv2d, pad

    weight, bias = torch.from_numpy(filters.weight_OIHW), torch.from_numpy(filters.bias_O)
    picture = torch.from_numpy(picture_CHW)[None]
    down, across = layer.slides(picture_CHW.shape)
    around = (down.before, across.before)
    if layer.padding_mode != "zeros" or around != (down.after, across.after):
        mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
        picture = pad(picture, (across.before, across.after, down.before, down.after), mode=mode)
        around = (0, 0)
    strides, steps = (down.stride, across.stride), (down.dilation, across.dilation)
    inputs = weight.shape[1]
    per_group = layer.out_channels // layer.groups
    cells = down.outputs * across.outputs
    fitting = BLOCK_CELLS // cells
    size = min(stop - start, max(BLOCK_MAPS, fitting - fitting % BLOCK_MAPS))
    # Freeing one piece that is larger than any block tells the C library to keep freed blocks of that size instead of
    # returning them to the system, so that the next block finds warm pages.
    torch.empty(size * cells + 2**16)
    number = start
    while number < stop:
        group, within = divmod(number, per_group)
        if layer.groups > SINGLY and within == 0 and per_group < size and stop - number >= per_group:
            groups = min(size // per_group, (stop - number) // per_group)
            taken = groups * per_group
        else:
            groups = 1
            taken = min(size, per_group - within, stop - number)
        source = picture[:, group * inputs : (group + groups) * inputs]
        part = slice(number, number + taken)
        yield number, conv2d(source, weight[part], bias[part], strides, around, steps, groups)[0]
        number += taken


def _shrunk(maps_CHW: Tensor, height: int, width: int) -> Tensor:
    """The maps, made no larger than (height, width). An odd last row or column is left out when halving: it is less than
    half a pixel."""
    from torch.nn.functional import interpolate

    while maps_CHW.shape[1] >= 2 * height:
        rows = maps_CHW.shape[1] // 2 * 2
        maps_CHW = (maps_CHW[:, 0:rows:2] + maps_CHW[:, 1:rows:2]).mul_(0.5)
    while maps_CHW.shape[2] >= 2 * width:
        columns = maps_CHW.shape[2] // 2 * 2
        maps_CHW = (maps_CHW[:, :, 0:columns:2] + maps_CHW[:, :, 1:columns:2]).mul_(0.5)
    size = (min(height, maps_CHW.shape[1]), min(width, maps_CHW.shape[2]))
    if size == tuple(maps_CHW.shape[1:]):
        return maps_CHW
    return interpolate(maps_CHW[None], size=size, mode="bilinear", align_corners=False)[0]


def _levels(shown: Tensor, low: Tensor, high: Tensor, height: int, width: int) -> NDArray[np.uint8]:
    """Numbers to 0..255 over the range low..high (a range of nothing is 0), then to the tile's size by repeating cells."""
    import torch

    spread = high - low
    scale = torch.where(spread > TINY, 255.99 / spread, torch.zeros(()))
    levels = (shown - low).mul_(scale).to(torch.uint8)
    for axis, size in ((1, height), (2, width)):
        if levels.shape[axis] < size:
            levels = levels.index_select(axis, torch.arange(size) * levels.shape[axis] // size)
    result: NDArray[np.uint8] = levels.numpy()
    return result


def _read_from(slide: Slide, places: range, mode: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """What stands at places of the padded input along one axis: cells of the picture, and whether each counts."""
    cells = [source(slide, place, mode) for place in places]
    return np.array([each or 0 for each in cells]), np.array([each is not None for each in cells])
