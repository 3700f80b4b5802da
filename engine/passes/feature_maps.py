"""All maps of one layer over one plane of its input: as exact numbers, and as the wall of tiles that is shown.

`wall` has to follow a dragged slider. It computes the output channels in blocks, and reduces each block to the size shown, and
to colours, while the block is still in the processor's cache: a whole result of 64 maps is 13 MB that nobody looks at, and
writing it to new memory costs several times the convolution itself. Numbers are never read from the tiles: `cell` computes the
one under the pointer, `piece` and `padded` those in a lens, and `maps` all of them. `paint` makes the same wall from maps that
are already computed.

Layers are the four 2-d kinds of `planes`; `filters` is None for pooling. `activation` names a class of torch.nn with its
default arguments, applied to the maps.

Called by the convolution lab, `wall` in its preview thread. torch is imported at the first call, not with this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import filter_of
from engine.cells.correspondence import EMPTY, input_channels, mean_counts, source, source_table
from engine.cells.filters import Filters
from engine.cells.planes import Flat
from engine.colours import ColourMap
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.passes.forward import BLOCK_CELLS, LEAK, activate, blocks, map_count

if TYPE_CHECKING:
    from torch import Tensor

ROUNDING = 2.0**-24  # of a float32, as a share of its value
TINY = 1e-30  # a smaller range counts as 0: its levels would not be finite


@dataclass(frozen=True, eq=False)
class Wall:
    """Every map as a tile of colours. `pixels` is 0xffRRGGBB, `columns` tiles wide, each `tile` = (height, width) pixels; tile
    i is in row i // columns and column i % columns. The arrays have one entry for each map.

    For pooling, the tile of the input channel can precede each map's tile: then tile 2i is the input channel and tile 2i + 1
    the map, both with the same colour range."""

    pixels: NDArray[np.uint32]
    tile: tuple[int, int]
    columns: int
    first: int  # the number of the map in tile 0
    shape: tuple[int, int, int]  # of the layer's whole output, (C, H, W)
    low: NDArray[np.float32]  # each map's exact range
    high: NDArray[np.float32]
    total: NDArray[np.float64]  # each map's sum, with the seven digits of float32; 0 where it is but their rounding
    ends: NDArray[np.float32]  # (2, count): the values of the lowest and the highest colour of each map
    shared: bool
    convolution_ms: float  # the layer alone, without its activation
    kept_HW: NDArray[np.float32] | None = None  # the map `keep`, as torch computed it, before the activation
    activity: NDArray[np.float64] | None = None  # each map's mean absolute value, if it was asked for
    sources: tuple[int, int] | None = None  # (height, width) of the input channels, if they have tiles

    @property
    def count(self) -> int:
        return len(self.low)

    @property
    def mean(self) -> NDArray[np.float64]:
        return self.total / (self.shape[1] * self.shape[2])

    @property
    def dead(self) -> NDArray[np.bool_]:
        """The maps with the same value everywhere; a map of one cell does not count."""
        same: NDArray[np.bool_] = (self.low == self.high) & (self.shape[1] * self.shape[2] > 1)
        return same


def maps(
    layer: Flat, values_CHW: NDArray[np.float32], filters: Filters | None, activation: str = "none"
) -> NDArray[np.float32]:
    """The layer's whole output, (C, H, W)."""
    import torch

    with torch.inference_mode():
        every = blocks(layer, values_CHW, filters, 0, map_count(layer, values_CHW))
        whole: NDArray[np.float32] = torch.cat([activate(block, activation) for _, block in every]).numpy()
    return whole


def cell(
    layer: Flat,
    values_CHW: NDArray[np.float32],
    filters: Filters | None,
    channel: int,
    row: int,
    column: int,
    activation: str = "none",
) -> float:
    """One cell of the output, in double precision."""
    window = range(row, row + 1), range(column, column + 1)
    return float(piece(layer, values_CHW, filters, channel, *window, activation)[0, 0])


def padded(layer: Flat, values_CHW: NDArray[np.float32], rows: range, columns: range) -> NDArray[np.float64]:
    """A part of the padded input, (C, rows, columns). Positions are counted from the input's first cell, so those of the
    padding before it are negative. Empty padding is 0, in max pooling −∞. The input of a transposed convolution has no
    padding."""
    y, x = (_sources(layer, values_CHW.shape, axis, places) for axis, places in ((0, rows), (1, columns)))
    values: NDArray[np.float64] = values_CHW[:, y[:, None], x[None, :]].astype(np.float64)
    values[:, (y[:, None] < 0) | (x[None, :] < 0)] = -np.inf if isinstance(layer, MaxPool2d) else 0.0
    return values


def piece(
    layer: Flat,
    values_CHW: NDArray[np.float32],
    filters: Filters | None,
    channel: int,
    rows: range,
    columns: range,
    activation: str = "none",
) -> NDArray[np.float64]:
    """A part of one map, (rows, columns), in double precision.

    It is computed row by row: the K_h input lines of a row become one line for each column of the filter, and these lines are
    then summed along the row. All windows at once would need as many numbers as there are products."""
    shape = values_CHW.shape
    y, x = (_reads(layer, shape, axis, outputs) for axis, outputs in ((0, rows), (1, columns)))
    group = input_channels(layer, shape, channel)
    wanted, x = _compact(x)
    source_IHW = values_CHW[group.start : group.stop][:, :, wanted].astype(np.float64)
    result = np.empty((len(rows), len(columns)))
    if isinstance(layer, MaxPool2d | AvgPool2d):
        for number, places in enumerate(y):
            lines = source_IHW[0][places[places >= 0]]
            if isinstance(layer, MaxPool2d):
                line = np.append(lines.max(0, initial=-np.inf), -np.inf)  # the last one stands for cells outside, index −1
                result[number] = line[x].max(1)
            else:
                result[number] = np.append(lines.sum(0), 0.0)[x].sum(1)
        if isinstance(layer, AvgPool2d):
            down, across = (mean_counts(layer, shape, axis, np.asarray(outputs)) for axis, outputs in ((0, rows), (1, columns)))
            result /= down[:, None] * across[None, :]
    else:
        assert filters is not None
        weight_IHW = filter_of(layer, shape, filters.weight, channel).astype(np.float64)
        taps = np.arange(weight_IHW.shape[2])
        for number, places in enumerate(y):
            inside = places >= 0
            lines = source_IHW[:, places[inside]]
            products = np.tensordot(lines, weight_IHW[:, inside], axes=((0, 1), (0, 1)))  # (columns read, K_w)
            result[number] = np.append(products, np.zeros((1, len(taps))), axis=0)[x, taps].sum(1)
        result += float(filters.bias_O[channel])
    return activated(result, activation)


def activated(values: NDArray[np.float64], activation: str) -> NDArray[np.float64]:
    """Numbers after an activation ("none", or a name of torch.nn), in the precision that they have."""
    match activation:
        case "none":
            return values
        case "ReLU":
            return np.maximum(values, 0)
        case "LeakyReLU":
            return np.where(values >= 0, values, values * LEAK)
        case "Sigmoid":
            return 0.5 * np.tanh(0.5 * values) + 0.5  # = 1 / (1 + e^−x), without overflow
        case "Tanh":
            return np.tanh(values)
    raise ValueError(f"no activation {activation!r}")


def wall(
    layer: Flat,
    values_CHW: NDArray[np.float32],
    filters: Filters | None,
    *,
    tile: tuple[int, int],
    columns: int,
    colours: ColourMap,
    activation: str = "none",
    shared: bool = False,
    only: int | None = None,
    keep: int | None = None,
    ends: tuple[float, float] | None = None,
    sources: bool = False,
    activity: bool = False,
    checkpoint: Callable[[], None] | None = None,
) -> Wall:
    """Compute and paint the maps: one tile of (height, width) pixels for each, `columns` tiles in a row. With `only`, that map
    alone.

    Colours range over each map's own values, with `shared` over the values of all maps, or over `ends`. A tile smaller than its
    map shows means of neighbouring cells (halved as often as possible, then interpolated); a larger one shows each cell as a
    block. `keep` is the number of a map whose values are kept too. With `sources`, which is for pooling, the tile of its input
    channel precedes each map. `activity` asks for mean absolute values. `checkpoint` is called between blocks and may raise, to
    give up.
    """
    total = map_count(layer, values_CHW)
    start, stop = (0, total) if only is None else (only, only + 1)
    origins = values_CHW if sources and isinstance(layer, MaxPool2d | AvgPool2d) else None
    return _painted(
        blocks(layer, values_CHW, filters, start, stop),
        (start, stop, total),
        (tile, columns, colours),
        activation=activation,
        shared=shared,
        keep=keep,
        ends=ends,
        origins_CHW=origins,
        activity=activity,
        checkpoint=checkpoint,
    )


def paint(
    maps_CHW: NDArray[np.float32],
    *,
    tile: tuple[int, int],
    columns: int,
    colours: ColourMap,
    shared: bool = False,
    maps: range | None = None,
    ends: tuple[float, float] | None = None,
    checkpoint: Callable[[], None] | None = None,
) -> Wall:
    """Paint maps that are already computed, (C, H, W) and finite, as `wall` does; with `maps`, only those numbers. The maps are
    not written to."""
    import torch

    count, height, width = maps_CHW.shape
    chosen = range(count) if maps is None else maps
    size = max(1, BLOCK_CELLS // (height * width))
    whole = torch.from_numpy(maps_CHW)
    ready = ((first, whole[first : min(first + size, chosen.stop)]) for first in range(chosen.start, chosen.stop, size))
    return _painted(
        ready, (chosen.start, chosen.stop, count), (tile, columns, colours), shared=shared, ends=ends, checkpoint=checkpoint
    )


# --- inside


def _painted(
    passing: Iterator[tuple[int, Tensor]],
    numbers: tuple[int, int, int],
    look: tuple[tuple[int, int], int, ColourMap],
    *,
    activation: str = "none",
    shared: bool = False,
    keep: int | None = None,
    ends: tuple[float, float] | None = None,
    origins_CHW: NDArray[np.float32] | None = None,
    activity: bool = False,
    checkpoint: Callable[[], None] | None = None,
) -> Wall:
    """The Wall of the blocks in `passing`. `numbers` are the first map, the one past the last, and the layer's number of maps;
    `look` is tile, columns and colours; `origins_CHW` are the input channels, if they have tiles."""
    import torch

    (start, stop, channels), (tile, columns, colours) = numbers, look
    count = stop - start
    each = 1 if origins_CHW is None else 2
    height, width = tile
    sheet = np.zeros((-(-count * each // columns) * height, columns * width), np.uint8)
    grid = sheet.reshape(-1, height, columns, width)
    low, high, total = np.empty(count, np.float32), np.empty(count, np.float32), np.empty(count)
    colour_ends = np.empty((2, count), np.float32)
    absolute = np.empty(count) if activity else None
    waiting: list[tuple[int, Tensor]] = []
    kept: NDArray[np.float32] | None = None
    spent = 0.0
    shape = (0, 0)

    def put(number: int, shown: Tensor, lows: Tensor, highs: Tensor) -> None:
        for level in _levels(shown, lows, highs, height, width):
            grid[number // columns, :, number % columns] = level
            number += each

    with torch.inference_mode():
        while True:
            before = perf_counter()
            found = next(passing, None)
            spent += perf_counter() - before
            if found is None:
                break
            first, block = found
            shape = (block.shape[1], block.shape[2])
            here = slice(first - start, first - start + len(block))
            if keep is not None and first <= keep < first + len(block):
                kept = block[keep - first].numpy().copy()
            block = activate(block, activation)
            flat = block.reshape(len(block), -1)
            lows, highs = flat.amin(1), flat.amax(1)
            low[here], high[here] = lows.numpy(), highs.numpy()
            halved = _halved(block, height, width)
            total[here] = _totals(block, halved)
            if absolute is not None:
                sizes = block.abs()
                absolute[here] = _totals(sizes, sizes) / flat.shape[1]
            painted = [(each * (here.start + 1) - 1, _fitted(halved, height, width))]
            del halved
            if origins_CHW is not None:
                origin = torch.from_numpy(origins_CHW[first : first + len(block)])
                lows, highs = torch.minimum(lows, origin.amin((1, 2))), torch.maximum(highs, origin.amax((1, 2)))
                painted.append((each * here.start, _fitted(_halved(origin, height, width), height, width)))
            if ends is not None:
                lows, highs = (torch.full_like(lows, end) for end in ends)
            colour_ends[:, here] = lows.numpy(), highs.numpy()
            del block, flat, found
            if shared and ends is None:
                waiting += painted
            else:
                for number, shown in painted:
                    put(number, shown, lows[:, None, None], highs[:, None, None])
            if checkpoint is not None:
                checkpoint()
        if waiting:
            colour_ends[:] = [[colour_ends[0].min()], [colour_ends[1].max()]]
            for number, shown in waiting:
                put(number, shown, *torch.from_numpy(colour_ends[:, 0]))
    total[np.abs(total) < ROUNDING * shape[0] * shape[1] * np.maximum(np.abs(low), np.abs(high))] = 0
    # torch's memory, because a large array of numpy's own takes new pages each time; mode="clip" only saves take() a buffer
    pixels = torch.empty(sheet.shape, dtype=torch.int32).numpy().view(np.uint32)
    np.take(colours, sheet, out=pixels, mode="clip")
    return Wall(
        pixels,
        tile,
        columns,
        start,
        (channels, *shape),
        low,
        high,
        total,
        colour_ends,
        shared,
        1e3 * spent,
        kept,
        absolute,
        None if origins_CHW is None else (origins_CHW.shape[1], origins_CHW.shape[2]),
    )


def _totals(maps_CHW: Tensor, halved_CHW: Tensor) -> NDArray[np.float64]:
    """The sum of each map in float32, which torch adds up in a cascade: from the halved maps, which have fewer numbers, if
    halving has left no row or column out."""
    down, across = maps_CHW.shape[1] // halved_CHW.shape[1], maps_CHW.shape[2] // halved_CHW.shape[2]
    whole = maps_CHW.shape[1:] == (down * halved_CHW.shape[1], across * halved_CHW.shape[2])
    whole = whole and down & (down - 1) == across & (across - 1) == 0
    added, times = (halved_CHW, down * across) if whole else (maps_CHW, 1)
    totals: NDArray[np.float64] = added.reshape(len(added), -1).sum(1).numpy().astype(np.float64) * times
    return totals


def _halved(maps_CHW: Tensor, height: int, width: int) -> Tensor:
    """The maps, halved while they are at least twice (height, width). An odd last row or column is left out: it is less than
    half a pixel."""
    times = 0
    while maps_CHW.shape[1] >= 2 * height:
        rows = maps_CHW.shape[1] // 2 * 2
        maps_CHW = maps_CHW[:, 0:rows:2] + maps_CHW[:, 1:rows:2]
        times += 1
    while maps_CHW.shape[2] >= 2 * width:
        columns = maps_CHW.shape[2] // 2 * 2
        maps_CHW = maps_CHW[:, :, 0:columns:2] + maps_CHW[:, :, 1:columns:2]
        times += 1
    return maps_CHW.mul_(0.5**times) if times else maps_CHW


def _fitted(maps_CHW: Tensor, height: int, width: int) -> Tensor:
    """Halved maps, interpolated down to (height, width) if they are larger."""
    from torch.nn.functional import interpolate

    size = (min(height, maps_CHW.shape[1]), min(width, maps_CHW.shape[2]))
    if size == tuple(maps_CHW.shape[1:]):
        return maps_CHW
    return interpolate(maps_CHW[None], size=size, mode="bilinear", align_corners=False)[0]


def _levels(shown: Tensor, low: Tensor, high: Tensor, height: int, width: int) -> NDArray[np.uint8]:
    """Numbers scaled to 0..255 over the range low..high (all 0 if the range is 0), then to the tile's size by repeating
    cells."""
    import torch

    spread = high - low
    scale = torch.where(spread > TINY, 255.99 / spread, torch.zeros(()))
    levels = (shown - low).mul_(scale).to(torch.uint8)
    for axis, size in ((1, height), (2, width)):
        if levels.shape[axis] < size:
            levels = levels.index_select(axis, torch.arange(size) * levels.shape[axis] // size)
    result: NDArray[np.uint8] = levels.numpy()
    return result


def _sources(layer: Flat, shape: tuple[int, ...], axis: int, places: range) -> NDArray[np.int64]:
    """The input cells with the values at `places` of the padded input, along one axis; −1 in empty padding."""
    if isinstance(layer, ConvTranspose2d):
        length = shape[1 + axis]
        return np.array([place if 0 <= place < length else -1 for place in places])
    slide = layer.slides(shape)[axis]
    mode = layer.padding_mode if isinstance(layer, Conv2d) else "zeros"
    found = (source(slide, place, mode) for place in places)
    return np.array([-1 if at is None else at for at in found])


def _reads(layer: Flat, shape: tuple[int, ...], axis: int, outputs: range) -> NDArray[np.int64]:
    """The input cell of each weight for each output, (outputs, kernel), along one axis; −1 if there is none."""
    return np.maximum(source_table(layer, shape, axis, np.arange(outputs.start, outputs.stop)), EMPTY)


def _compact(reads: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct cells in `reads`, and `reads` as indices into them; −1 stays −1."""
    wanted, numbers = np.unique(reads, return_inverse=True)
    numbers = numbers.reshape(reads.shape)
    return (wanted[1:], numbers - 1) if wanted[0] < 0 else (wanted, numbers)
