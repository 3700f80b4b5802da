"""Which cells belong together: the input cells that an output cell reads, the output cells that read an input cell, and the
input cells that a weight is multiplied with.

This module hides the geometry of every kind of convolution and pooling: dilation, groups, padding on each side and its mode,
windows over the edge, transposition. Along one axis the geometry is a `Slide`'s. The axes are independent, so every answer is a
product of short answers along the axes, and costs as much as these, however large the picture is.

Called by `arithmetic`, and by the convolution lab for the cells that are lit under the pointer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, product, repeat
from math import prod
from typing import NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from engine.layers.axes import per_axis
from engine.layers.base import Shape
from engine.layers.catalog import Sliding
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.pooling import AveragePooling, Pooling
from engine.layers.kinds.transposed import Transposed
from engine.layers.windows import Slide, readers

Index: TypeAlias = tuple[int, ...]

EMPTY, BEYOND = -1, -2  # in a table of sources: empty padding; no cell at all (a pooling window over the edge)


class Tap(NamedTuple):
    """One reading of an input cell through one weight of the filter."""

    weight: Index  # (channel within the group, *kernel index): `filter_of(...)[weight]`; pooling's channel is 0
    cell: Index  # (channel, *position) in the padded input; 0 is the input's first cell, negative positions are before it
    source: Index | None  # (channel, *position) of the input cell with the value there; None in empty padding


@dataclass(frozen=True)
class IndexGrid(Sequence[Index]):
    """Every combination of `axes`, the last one fastest. It behaves as a tuple of places, but stores only its sides: one
    channel of 512 rows and 512 columns takes 1,025 numbers."""

    axes: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return prod(map(len, self.axes))

    def __iter__(self) -> Iterator[Index]:
        return product(*self.axes)

    def __contains__(self, place: object) -> bool:
        return (
            isinstance(place, tuple)
            and len(place) == len(self.axes)
            and all(at in axis for at, axis in zip(place, self.axes, strict=True))
        )

    @overload
    def __getitem__(self, index: int) -> Index: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Index, ...]: ...
    def __getitem__(self, index: int | slice) -> Index | tuple[Index, ...]:
        chosen = range(len(self))[index]  # as a tuple does: from the end, IndexError
        return self._at(chosen) if isinstance(chosen, int) else tuple(map(self._at, chosen))

    def _at(self, number: int) -> Index:
        indices = _unravelled(number, tuple(map(len, self.axes)))
        return tuple(axis[index] for axis, index in zip(self.axes, indices, strict=True))


class Axis(NamedTuple):
    """The cells that one output cell reads along one axis."""

    kernel: range
    cells: range
    sources: Sequence[int | None]

    @property
    def copies(self) -> bool:
        """Whether padding repeats cells of the input; then none of it is empty."""
        return any(source is not None and source != cell for source, cell in zip(self.sources, self.cells, strict=True))


class Meeting(NamedTuple):
    """Along one axis: for output `output`, weight `kernel` of the filter is multiplied with `cell` of the padded input, which
    has the value of input cell `source` (None in empty padding)."""

    kernel: int
    output: int
    cell: int
    source: int | None


class ReadWindow(NamedTuple):
    """The cells that one output cell reads: each of `channels` at each combination of the axes, the last axis fastest."""

    channels: range
    axes: tuple[Axis, ...]

    def taps(self) -> tuple[Tap, ...]:
        weights = _places(range(len(self.channels)), *(axis.kernel for axis in self.axes))
        cells = tuple(product(self.channels, *(axis.cells for axis in self.axes)))
        sources: Iterable[Index | None] = cells
        if any(axis.copies for axis in self.axes):
            sources = product(self.channels, *(axis.sources for axis in self.axes))
        elif any(None in axis.sources for axis in self.axes):
            inside = product(*([place is not None for place in axis.sources] for axis in self.axes))
            once = [all(flags) for flags in inside]
            flags = chain.from_iterable(repeat(once, len(self.channels)))
            sources = (cell if flag else None for cell, flag in zip(cells, flags, strict=True))
        return tuple(map(partial(tuple.__new__, Tap), zip(weights, cells, sources, strict=True)))  # Tap._make, twice as fast

    def tap(self, number: int) -> Tap:
        first, *rest = _unravelled(number, (len(self.channels), *(len(axis.kernel) for axis in self.axes)))
        channel = self.channels[first]
        readings = list(zip(self.axes, rest, strict=True))
        source = tuple(place for axis, index in readings if (place := axis.sources[index]) is not None)
        return Tap(
            (first, *(axis.kernel[index] for axis, index in readings)),
            (channel, *(axis.cells[index] for axis, index in readings)),
            (channel, *source) if len(source) == len(rest) else None,
        )


def window(layer: Sliding, shape: Shape, channel: int, position: Index) -> ReadWindow:
    """The cells of an input of `shape` that cell (`channel`, *`position`) of the output reads. Raises IndexError for a cell
    outside the output, and Refusal for a layer that does not accept the input."""
    _require(position=(channel, *position), inside=layer.output_shape(shape))
    channels = input_channels(layer, shape, channel)
    axes = []
    if isinstance(layer, Transposed):
        # The same slide in reverse: its windows are the input's cells, and the cells of its windows are the output's.
        for slide, at in zip(transposed_slides(layer, shape), position, strict=True):
            taps, inputs = readers(slide, at)
            axes.append(Axis(taps, inputs, inputs))
    else:
        mode = _mode(layer)
        for slide, at in zip(layer.slides(shape), position, strict=True):
            cells = slide.cells(at)
            if slide.ceil_mode:
                cells = range(cells.start, min(cells.stop, slide.length + slide.after), cells.step)
            axes.append(Axis(range(len(cells)), cells, [source(slide, cell, mode) for cell in cells]))
    return ReadWindow(channels, tuple(axes))


def reads(layer: Sliding, shape: Shape, channel: int, position: Index) -> tuple[Tap, ...]:
    """The cells of an input of `shape` that cell (`channel`, *`position`) of the output reads, in the order of the filter's
    weights.

    For a transposed convolution these are the input cells whose filters reach the output cell, perhaps none. Cells of a pooling
    window beyond the padding (`ceil_mode`) do not exist and are left out. Raises as `window` does."""
    return window(layer, shape, channel, position).taps()


def read_by(layer: Sliding, shape: Shape, cell: Index) -> IndexGrid:
    """The output positions (without the channel) whose windows read the input cell (channel, *position), directly or through
    padding. They are the same in each of `output_channels(layer, shape, channel)`; other channels have none."""
    _require(position=cell, inside=shape)
    layer.output_shape(shape)
    if isinstance(layer, Transposed):
        slides = zip(transposed_slides(layer, shape), cell[1:], strict=True)
        return IndexGrid(tuple(tuple(at for at in slide.cells(place) if 0 <= at < slide.length) for slide, place in slides))
    mode = _mode(layer)
    return IndexGrid(
        tuple(
            tuple(sorted({output for at in _copies(slide, place, mode) for output in readers(slide, at)[1]}))
            for slide, place in zip(layer.slides(shape), cell[1:], strict=True)
        )
    )


def touched(layer: Sliding, shape: Shape, weight: Index, channel: int = 0) -> IndexGrid:
    """The input cells (channel, *position) that a weight (channel within the group, *kernel index) of output `channel`'s filter
    is multiplied with, for any output. Cells of zero padding are not among them."""
    output = layer.output_shape(shape)
    inputs = input_channels(layer, shape, channel)
    kernel = per_axis(layer.kernel_size, layer.AXES)
    _require(position=(channel, *weight), inside=(output[0], len(inputs), *kernel))
    mode = _mode(layer)
    axes: list[tuple[int, ...]] = []
    if isinstance(layer, Transposed):
        for slide, at in zip(transposed_slides(layer, shape), weight[1:], strict=True):
            places = slide.tap(at)
            axes.append(tuple(number for number, place in enumerate(places) if 0 <= place < slide.length))
    else:
        for slide, at in zip(layer.slides(shape), weight[1:], strict=True):
            found = {source(slide, place, mode) for place in slide.tap(at)}
            axes.append(tuple(sorted(place for place in found if place is not None)))
    return IndexGrid(((inputs[weight[0]],), *axes))


def cell_meetings(layer: Sliding, shape: Shape, cell: Index) -> tuple[tuple[Meeting, ...], ...]:
    """The meetings of input cell (channel, *position) with weights along each axis, output by output, directly or through
    padding. Every combination across the axes is a product with the cell, once for each of its `output_channels`."""
    _require(position=cell, inside=shape)
    layer.output_shape(shape)
    axes: list[tuple[Meeting, ...]] = []
    if isinstance(layer, Transposed):
        for slide, at in zip(transposed_slides(layer, shape), cell[1:], strict=True):
            found = [Meeting(kernel, output, at, at) for kernel, output in enumerate(slide.cells(at))]
            axes.append(tuple(each for each in found if 0 <= each.output < slide.length))
    else:
        mode = _mode(layer)
        for slide, at in zip(layer.slides(shape), cell[1:], strict=True):
            pairs = [(place, *pair) for place in _copies(slide, at, mode) for pair in zip(*readers(slide, place), strict=True)]
            axes.append(tuple(Meeting(kernel, output, place, at) for output, place, kernel in _ordered(pairs)))
    return tuple(axes)


def weight_meetings(layer: Sliding, shape: Shape, kernel: Index) -> tuple[tuple[Meeting, ...], ...]:
    """The meetings of weight *`kernel` of a filter with input cells along each axis, output by output. Every combination across
    the axes is a product with the weight. A transposed convolution's products beyond its output are left out. Raises IndexError
    for a weight outside the kernel."""
    layer.output_shape(shape)
    _require(position=kernel, inside=per_axis(layer.kernel_size, layer.AXES))
    if isinstance(layer, Transposed):
        return tuple(
            tuple(Meeting(at, place, cell, cell) for cell, place in enumerate(slide.tap(at)) if 0 <= place < slide.length)
            for slide, at in zip(transposed_slides(layer, shape), kernel, strict=True)
        )
    mode = _mode(layer)
    return tuple(
        tuple(Meeting(at, output, place, source(slide, place, mode)) for output, place in enumerate(slide.tap(at)))
        for slide, at in zip(layer.slides(shape), kernel, strict=True)
    )


def output_channels(layer: Sliding, shape: Shape, channel: int) -> range:
    """The output channels that read input `channel`: those of its group; in pooling the channel with the same number."""
    if isinstance(layer, Pooling):
        return range(channel, channel + 1)
    count = layer.out_channels // layer.groups
    group = channel // (shape[0] // layer.groups)
    return range(group * count, (group + 1) * count)


def input_channels(layer: Sliding, shape: Shape, channel: int) -> range:
    """The input channels that output `channel` reads."""
    if isinstance(layer, Pooling):
        return range(channel, channel + 1)
    count = shape[0] // layer.groups
    group = channel // (layer.out_channels // layer.groups)
    return range(group * count, (group + 1) * count)


def transposed_slides(layer: Transposed, shape: Shape) -> tuple[Slide, ...]:
    """The slides of the convolution that `layer` transposes, which goes from `layer`'s output to its input."""
    return tuple(
        Slide(size, kernel, stride, padding, padding - extra, dilation)
        for size, (kernel, stride, padding, dilation, extra) in zip(layer.sizes(shape), layer.steps(), strict=True)
    )


def source_table(layer: Sliding, shape: Shape, axis: int, outputs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Along spatial axis number `axis`: the input cell of each weight (columns) for each output (rows). EMPTY in padding
    without a value, BEYOND where a pooling window has no cell at all (`ceil_mode`); both are negative."""
    distinct, back = np.unique(outputs, return_inverse=True)
    if isinstance(layer, Transposed):  # output = cell·S − P + k·D
        slide = transposed_slides(layer, shape)[axis]
        cells, rest = np.divmod(distinct[:, None] + slide.before - np.arange(slide.kernel) * slide.dilation, slide.stride)
        there = (rest == 0) & (cells >= 0) & (cells < slide.outputs)
        return np.asarray(np.where(there, cells, EMPTY))[back]
    slide, mode = layer.slides(shape)[axis], _mode(layer)
    places = distinct[:, None] * slide.stride - slide.before + np.arange(slide.kernel) * slide.dilation
    known, index = np.unique(places, return_inverse=True)
    found = np.array([_source_code(slide, place, mode) for place in known.tolist()], np.int64)
    table: NDArray[np.int64] = found[index.reshape(places.shape)][back]
    return table


def mean_counts(layer: AveragePooling, shape: Shape, axis: int, outputs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Along spatial axis number `axis`: the cells that count in the mean of each output."""
    least = EMPTY if layer.count_include_pad else 0
    return np.asarray((source_table(layer, shape, axis, outputs) >= least).sum(1), np.int64)


# --- inside


def _source_code(slide: Slide, place: int, mode: str) -> int:
    if place >= slide.length + slide.after:
        return BEYOND
    cell = source(slide, place, mode)
    return EMPTY if cell is None else cell


def _mode(layer: Sliding) -> str:
    return layer.padding_mode if isinstance(layer, Convolution) else "zeros"


def source(slide: Slide, place: int, mode: str) -> int | None:
    """The input cell with the value at `place` of the padded input; None in empty padding."""
    if 0 <= place < slide.length:
        return place
    match mode:
        case "reflect":  # the edge itself is not repeated
            return -place if place < 0 else 2 * (slide.length - 1) - place
        case "replicate":
            return 0 if place < 0 else slide.length - 1
        case "circular":
            return place % slide.length
        case _:
            return None


def _copies(slide: Slide, cell: int, mode: str) -> Sequence[int]:
    """The places of the padded input with the value of input cell `cell`: the inverse of `source`."""
    end = slide.length - 1
    match mode:
        case "reflect":
            candidates = {cell, -cell, 2 * end - cell}
        case "circular":
            candidates = {cell - slide.length, cell, cell + slide.length}
        case "replicate":
            return range(-slide.before if cell == 0 else cell, (end + slide.after if cell == end else cell) + 1)
        case _:
            return (cell,)
    return [place for place in candidates if -slide.before <= place <= end + slide.after]


def _ordered(pairs: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The triples (place, kernel, output) as (output, place, kernel), sorted."""
    return sorted((output, place, kernel) for place, kernel, output in pairs)


def _require(*, position: Index, inside: Shape) -> None:
    if len(position) != len(inside) or not all(0 <= at < size for at, size in zip(position, inside, strict=True)):
        raise IndexError(f"{position} is not in {inside}")


@lru_cache(maxsize=8)
def _places(*axes: range) -> tuple[Index, ...]:
    """Every combination. Cached, because a window has the same weights at every position."""
    return tuple(product(*axes))


def _unravelled(number: int, sizes: tuple[int, ...]) -> Index:
    """The indices of cell `number` of an array of `sizes`, the last one fastest."""
    place = []
    for size in reversed(sizes):
        number, index = divmod(number, size)
        place.append(index)
    return tuple(reversed(place))
