"""Which cells belong together: what an output cell reads, who reads an input cell, what a filter's weight touches.

Hides the geometry of every kind of convolution and pooling: dilation, groups, each side's padding and its mode, windows over
the edge, transposition. Along one axis it is a `Slide`'s; the axes are independent, so every answer is a product of short
answers along the axes, made in the time of its sides however large the picture is.

Called by `arithmetic`, and by the convolution lab for what lights up under the cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, product, repeat
from math import prod
from typing import NamedTuple, TypeAlias, overload

from engine.layers.axes import per_axis
from engine.layers.base import Shape
from engine.layers.catalog import Sliding
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.pooling import Pooling
from engine.layers.kinds.transposed import Transposed
from engine.layers.windows import Slide, readers

Index: TypeAlias = tuple[int, ...]


class Tap(NamedTuple):
    """One reading of an input cell through one weight of the filter."""

    weight: Index  # (channel within the group, *kernel index): `filter_of(...)[weight]`; pooling's channel is 0
    cell: Index  # (channel, *position) in the padded input; 0 is the unpadded input's first cell, negative lies before it
    source: Index | None  # (channel, *position) of the input cell whose value stands there; None: padding without one


@dataclass(frozen=True)
class IndexGrid(Sequence[Index]):
    """Every combination of `axes`, the last running fastest. A tuple of places in all that matters, but made in the time of its
    sides: (0, *512 rows, *512 columns) costs 1,025 numbers."""

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
    """What one output cell reads along one axis, reading by reading."""

    kernel: range
    cells: range
    sources: Sequence[int | None]

    @property
    def copies(self) -> bool:
        """Whether padding repeats cells of the input: then none of it is empty."""
        return any(source is not None and source != cell for source, cell in zip(self.sources, self.cells, strict=True))


class Meeting(NamedTuple):
    """Along one axis: for output `output`, weight `kernel` of the filter lies on `cell` of the padded input, where the value of
    input cell `source` stands (None: padding without one)."""

    kernel: int
    output: int
    cell: int
    source: int | None


class ReadWindow(NamedTuple):
    """What one output cell reads: each of `channels` at each combination of the axes' readings, the last axis fastest."""

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
    """What cell (`channel`, *`position`) of the output reads of an input of `shape`. Raises IndexError for a cell outside the
    output, and Refusal for a layer that cannot take the input."""
    _require(position=(channel, *position), inside=layer.output_shape(shape))
    channels = input_channels(layer, shape, channel)
    axes = []
    if isinstance(layer, Transposed):
        # The same slide read backwards: its windows are the input's cells, and what they hold is the output's.
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
    """What cell (`channel`, *`position`) of the output reads of an input of `shape`, in the order of the filter's weights.

    A transposed convolution's cell lists the input cells whose filters reach it, perhaps none. Cells of a pooling window
    beyond the padding (`ceil_mode`) do not exist, and are left out. Raises as `window` does."""
    return window(layer, shape, channel, position).taps()


def read_by(layer: Sliding, shape: Shape, cell: Index) -> IndexGrid:
    """The output positions (without the channel) whose window holds the input cell (channel, *position), also by way of the
    padding. They are the same in each of `output_channels(layer, shape, channel)`, and empty elsewhere."""
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
    is multiplied with, somewhere on its way. Cells of zero padding are not among them."""
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
    """Along each axis, where input cell (channel, *position) meets weights, output by output, also by way of the padding. Every
    combination across the axes is a product in which the cell takes part, once for each of its `output_channels`."""
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
    """Along each axis, which input cells weight *`kernel` of a filter is multiplied with, output by output. Every combination
    across the axes is a product in which the weight takes part. A transposed convolution's products beyond its output are not
    made. Raises IndexError for a weight outside the kernel."""
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
    """The output channels that read input `channel`: those of its group; in pooling, the channel of the same number."""
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
    """The way of the convolution that `layer` transposes, along each axis: from `layer`'s output to its input."""
    return tuple(
        Slide(size, kernel, stride, padding, padding - extra, dilation)
        for size, (kernel, stride, padding, dilation, extra) in zip(layer.sizes(shape), layer.steps(), strict=True)
    )


# --- inside


def _mode(layer: Sliding) -> str:
    return layer.padding_mode if isinstance(layer, Convolution) else "zeros"


def source(slide: Slide, place: int, mode: str) -> int | None:
    """Which input cell's value stands at `place` of the padded input; None where the padding is empty."""
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
    """Where in the padded input the value of input cell `cell` stands: `_source` turned round."""
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
    """(place, kernel, output) as (output, place, kernel), in this order."""
    return sorted((output, place, kernel) for place, kernel, output in pairs)


def _require(*, position: Index, inside: Shape) -> None:
    if len(position) != len(inside) or not all(0 <= at < size for at, size in zip(position, inside, strict=True)):
        raise IndexError(f"{position} is not in {inside}")


@lru_cache(maxsize=8)
def _places(*axes: range) -> tuple[Index, ...]:
    """Every combination; kept, because a window has the same weights wherever it stands."""
    return tuple(product(*axes))


def _unravelled(number: int, sizes: tuple[int, ...]) -> Index:
    """The indices of cell `number` of an array of `sizes`, the last running fastest."""
    place = []
    for size in reversed(sizes):
        number, index = divmod(number, size)
        place.append(index)
    return tuple(reversed(place))
