"""The receptive field of one unit: the exact patch of the input, and of every map between, that its value can depend on.

A trace's rows give the size of the fields and the distance between them (Araujo et al.). Here one unit is followed back layer
by layer, and padding is left out at each border, so that the patch is the one that can have a gradient. The set of places is
followed along each axis, channels included: a unit of a Concat is in one of its branches, groups read some of the channels, and
a stride larger than the window leaves cells out. A patch is the rectangle around the places.

A maximum counts as reading its whole window; dropout and batch normalisation count as in evaluation. No torch, so that the
patch is on screen with the numbers. Called by the network lab; `engine.passes.activations` computes the gradient that belongs
to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.cells.correspondence import source
from engine.layers.base import Layer, Shape, dimension
from engine.layers.catalog import AnyLayer, Concat
from engine.layers.kinds.activation import Pointwise, Softmax
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNormalization, GroupNorm, LayerNorm, LocalResponseNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import Adaptive, Pooling
from engine.layers.kinds.recurrent import Recurrent
from engine.layers.kinds.transposed import Transposed
from engine.layers.kinds.upsample import Upsample
from engine.layers.windows import Slide
from engine.networks.trace import Path, Row, trace

UnitIndex: TypeAlias = tuple[int | None, ...]  # an index along each axis of the map's shape: (c, y, x), (n,); None: all of them

MOST_FOLLOWED = 2**22  # cells along one axis, padding included, that are followed


class Patch(NamedTuple):
    """The part of one map of `shape` that a unit sees, as ranges along its axes, channels first: (C, H, W) has three.

    `seen` ends at the map's borders; it is None if only padding is read. `reach` ignores the borders: it starts below 0 or
    stops above the size where a window extends into the padding."""

    shape: Shape
    seen: tuple[range, ...] | None
    reach: tuple[range, ...]

    @property
    def clipped(self) -> bool:
        """Whether a part of it is outside the map."""
        return any(span.start < 0 or span.stop > size for span, size in zip(self.reach, self.shape, strict=True))

    @property
    def whole(self) -> bool:
        """Whether it spans the whole map, whatever the channels."""
        return self.seen is not None and all(
            len(span) == size for span, size in zip(self.seen[1:], self.shape[1:], strict=True)
        )


def patches(
    layers: Sequence[AnyLayer],
    input: Shape,  # noqa: A002
    path: Path,
    unit: UnitIndex,
    *,
    tokens: bool | None = None,
) -> dict[Path, Patch] | None:
    """The patches that `unit` of the output of the layer at `path` sees: of the input, `()`, and of the output of every layer
    between, composites and the layers inside them included, in the order of the network. The last one is the unit itself.
    Branches that the unit does not depend on are left out. `input` is a shape without the batch, `tokens` is as for `trace`.

    None if a map is longer than MOST_FOLLOWED. Raises LookupError if there is no such layer or the network's problem comes
    before it, and IndexError if the map has no such unit."""
    rows = trace(layers, input, tokens=tokens).rows
    shape = row_at(rows, layers, path).output if path else tuple(input)
    if len(unit) != len(shape) or any(at is not None and not 0 <= at < size for at, size in zip(unit, shape, strict=True)):
        raise IndexError(f"no unit {unit} in a map of {shape}")
    found: list[tuple[Path, Patch]] = []
    try:
        sight = _Sight(
            tuple(_only(at, size) for at, size in zip(unit, shape, strict=True)),
            tuple(range(size) if at is None else range(at, at + 1) for at, size in zip(unit, shape, strict=True)),
        )
        if path:
            sight = _followed(layers, rows, (), path, sight, found)
    except _TooLargeError:
        return None
    found.append(((), sight.patch))
    return dict(reversed(found))


def row_at(rows: Sequence[Row], layers: Sequence[Layer], path: Path) -> Row:
    """The row of the layer at `path`. Raises LookupError."""
    index = path[0]
    if not isinstance(index, int) or not 0 <= index < len(rows):
        raise LookupError(f"no layer at {path}")
    if len(path) == 1:
        return rows[index]
    _, branch_layers, branch_rows, rest = _branch_at(layers[index], rows[index], path[1:])
    return row_at(branch_rows, branch_layers, rest)


def unit_over(row: Row, places: Sequence[float]) -> tuple[int, ...] | None:
    """The unit of the row's map whose field's centre is nearest to `places` of the input, (y, x): the unit for a click in the
    picture. None if the row has no position."""
    if row.jump is None or row.start is None:
        return None
    steps = zip(places, row.start, row.jump, row.output[1:], strict=True)
    return tuple(min(max(round((place - start) / jump), 0), size - 1) for place, start, jump, size in steps)


# --- back from the unit to the input


class _TooLargeError(Exception):
    pass


Mask: TypeAlias = NDArray[np.bool_]


class _Sight(NamedTuple):
    """The places of a map that are seen, along each axis, and the ranges that ignore the borders."""

    masks: tuple[Mask, ...]
    reach: tuple[range, ...]

    @property
    def empty(self) -> bool:
        return not all(mask.any() for mask in self.masks)

    @property
    def patch(self) -> Patch:
        shape = tuple(map(len, self.masks))
        seen = tuple(map(_hull, self.masks))
        return Patch(shape, seen if all(seen) else None, self.reach)


def _only(at: int | None, size: int) -> Mask:
    mask = np.full(_sized(size), at is None)
    if at is not None:
        mask[at] = True
    return mask


def _every(size: int) -> Mask:
    return np.ones(_sized(size), np.bool_)


def _sized(cells: int) -> int:
    if cells > MOST_FOLLOWED:
        raise _TooLargeError
    return cells


def _branch_at(layer: Layer, row: Row, path: Path) -> tuple[Path, Sequence[Layer], Sequence[Row], Path]:
    """The branch that `path` begins with: its own path, its layers and rows, and the rest of `path`. Raises LookupError."""
    if isinstance(layer, Composite):
        for branch, (_, rows) in zip(layer.branches_in_order(), row.inside, strict=True):
            length = len(branch.path)
            if path[:length] == branch.path and len(path) > length:
                return branch.path, branch.layers, rows, path[length:]
    raise LookupError(f"no layer at {path}")


def _followed(
    layers: Sequence[Layer], rows: Sequence[Row], where: Path, path: Path, sight: _Sight, found: list[tuple[Path, Patch]]
) -> _Sight:
    """Follows `sight` from the layer at `path` of this chain, which may be inside a composite of it, back to the chain's
    input."""
    index = path[0]
    assert isinstance(index, int)
    if len(path) > 1:
        way, branch_layers, branch_rows, rest = _branch_at(layers[index], rows[index], path[1:])
        sight = _followed(branch_layers, branch_rows, (*where, index, *way), rest, sight, found)
        index -= 1
    before, patch = None, None
    for number in range(index, -1, -1):
        place = (*where, number)
        if patch is None or sight is not before:  # many layers read the same places only
            before, patch = sight, sight.patch
        found.append((place, patch))
        sight = _through(layers[number], rows[number], place, sight, found)
    return sight


def _through(layer: Layer, row: Row, where: Path, sight: _Sight, found: list[tuple[Path, Patch]]) -> _Sight:
    """The sight of the layer's input."""
    if not isinstance(layer, Composite):
        read = _read(layer, row, sight)
        if read is not sight and read.empty:  # nothing along one axis means nothing at all
            return _Sight(tuple(np.zeros_like(mask) for mask in read.masks), read.reach)
        return read
    ends = []
    branches = list(zip(layer.branches_in_order(), row.inside, strict=True))
    widths = [rows[-1].output[0] if rows else row.input[0] for _, (_, rows) in branches]
    # The last branch first: `found` is reversed at the end.
    for number in reversed(range(len(branches))):
        branch, (_, rows) = branches[number]
        part: _Sight | None = sight
        if isinstance(layer, Concat):
            first = sum(widths[:number])
            part = _part(sight, first, first + widths[number])
        if part is None:
            continue
        if rows:
            part = _followed(branch.layers, rows, (*where, *branch.path), (len(rows) - 1,), part, found)
        ends.append(part)
    return _union(ends)


def _part(sight: _Sight, first: int, stop: int) -> _Sight | None:
    """The sight of the channels from `first` to `stop`, as a map of their own; None if none of them is read."""
    start, end = max(sight.reach[0].start, first), min(sight.reach[0].stop, stop)
    mask = sight.masks[0][first:stop]
    if start >= end or not (mask.any() or sight.empty):
        return None
    return _Sight((mask, *sight.masks[1:]), (range(start - first, end - first), *sight.reach[1:]))


def _union(sights: Sequence[_Sight]) -> _Sight:
    masks = tuple(np.logical_or.reduce(each) for each in zip(*(sight.masks for sight in sights), strict=True))
    spans = zip(*(sight.reach for sight in sights), strict=True)
    return _Sight(masks, tuple(range(min(span.start for span in each), max(span.stop for span in each)) for each in spans))


# --- kind by kind


def _read(layer: Layer, row: Row, sight: _Sight) -> _Sight:
    """The sight of the input of a layer that is no composite, for the sight of its output."""
    shape, masks, reach = row.input, sight.masks, sight.reach
    match layer:
        case Convolution():
            channels = _grouped(masks[0], layer.groups, shape[0])
            return _slid(channels, layer.slides(shape), sight, layer.padding_mode)
        case Pooling():
            return _slid(masks[0], layer.slides(shape), sight, "zeros")
        case Transposed():
            channels = _grouped(masks[0], layer.groups, shape[0])
            return _by_axis(
                channels, sight, [_put_down(*step, length) for step, length in zip(layer.steps(), shape[1:], strict=True)]
            )
        case Upsample():
            return _by_axis(masks[0], sight, [_spread(layer, length) for length in shape[1:]])
        case Adaptive():
            sizes = zip(shape[1:], row.output[1:], strict=True)
            return _by_axis(masks[0], sight, [_regions(length, size) for length, size in sizes])
        case Permute():
            kept = [layer.order(shape).index(axis) for axis in range(len(shape))]
            return _Sight(tuple(masks[axis] for axis in kept), tuple(reach[axis] for axis in kept))
        case Flatten():
            return _unflattened(layer, shape, sight)
        case Linear():
            return _all_along(sight, shape, len(shape) - 1)
        case Embedding():
            return _Sight(masks[:-1], reach[:-1])
        case Recurrent() if layer.output == "sequence" and (layer.num_layers == 1 or not layer.bidirectional):
            return _past_and_future(layer.state, shape, sight)
        case LayerNorm():
            axes = len(layer.normalized_shape) if isinstance(layer.normalized_shape, tuple) else 1
            return _all_along(sight, shape, *range(len(shape) - axes, len(shape)))
        case GroupNorm():
            channels = _grouped(masks[0], layer.num_groups, shape[0])
            everywhere = _all_along(sight, shape, *range(1, len(shape)))
            return _Sight((channels, *everywhere.masks[1:]), (_hull(channels) or range(shape[0]), *everywhere.reach[1:]))
        case LocalResponseNorm():
            return _neighbours(layer.size, sight)
        case Softmax():
            return _all_along(sight, shape, dimension("dim", layer.dim, shape))
        case BatchNormalization() if not layer.track_running_stats:  # it takes the mean of its own input
            return _all_along(sight, shape, *range(1, len(shape)))
        case Pointwise() | BatchNormalization():
            return sight
        case _:  # the whole input: the state at the end of a sequence
            return _Sight(tuple(map(_every, shape)), tuple(map(range, shape)))


def _all_along(sight: _Sight, shape: Shape, *axes: int) -> _Sight:
    """The whole input along `axes`, the same places along the other axes."""
    masks = (_every(size) if axis in axes else sight.masks[axis] for axis, size in enumerate(shape))
    return _Sight(tuple(masks), tuple(range(size) if axis in axes else sight.reach[axis] for axis, size in enumerate(shape)))


def _grouped(mask: Mask, groups: int, channels: int) -> Mask:
    """The input channels that are read for these output channels: those of their groups."""
    return np.repeat(mask.reshape(groups, -1).any(1), _sized(channels) // groups)


AxisRead: TypeAlias = Callable[[Mask, range], tuple[Mask, range]]


def _by_axis(channels: Mask, sight: _Sight, axes: Sequence[AxisRead]) -> _Sight:
    """The given channels, and the other axes each by its own function."""
    read = [along(mask, span) for along, mask, span in zip(axes, sight.masks[1:], sight.reach[1:], strict=True)]
    return _Sight(
        (channels, *(mask for mask, _ in read)), (_hull(channels) or range(len(channels)), *(span for _, span in read))
    )


def _hull(mask: Mask) -> range:
    """The range from the first place to the last; empty if there is none."""
    first = int(mask.argmax())
    return range(first, len(mask) - int(mask[::-1].argmax())) if mask[first] else range(0)


def _slid(channels: Mask, slides: Sequence[Slide], sight: _Sight, mode: str) -> _Sight:
    def along(slide: Slide) -> AxisRead:
        return lambda mask, span: (_window_reads(slide, mask, mode), _window_reach(slide, span))

    return _by_axis(channels, sight, [along(slide) for slide in slides])


def _window_reach(slide: Slide, span: range) -> range:
    return range(span.start * slide.stride - slide.before, (span.stop - 1) * slide.stride - slide.before + slide.span)


def _window_reads(slide: Slide, mask: Mask, mode: str) -> Mask:
    """The input cells under the windows of these outputs. Padding that repeats the input counts as the cells that it repeats.

    Window i has K cells, D apart, from i·S on. Write +1 where each window begins and −1 where it has ended, and add up in steps
    of D: the sums count the windows over each place. The cost does not grow with the kernel."""
    places = _sized(max(slide.padded, (slide.outputs - 1) * slide.stride + slide.span))
    step, kernel = slide.dilation, slide.kernel
    ends = (slide.outputs - 1) * slide.stride + kernel * step
    counts = np.zeros(_sized(-(-max(places, ends + 1) // step) * step), np.int32)
    counts[: (slide.outputs - 1) * slide.stride + 1 : slide.stride] += mask
    counts[kernel * step : ends + 1 : slide.stride] -= mask
    padded: Mask = counts.reshape(-1, step).cumsum(0).ravel() > 0
    read = padded[slide.before : slide.before + slide.length].copy()
    if mode != "zeros":
        for place in (*range(slide.before), *range(slide.before + slide.length, slide.padded)):
            if padded[place]:
                read[source(slide, place - slide.before, mode)] = True
    return read


def _put_down(kernel: int, stride: int, padding: int, dilation: int, extra: int, length: int) -> AxisRead:
    """A transposed convolution: output i·S + k·D − P has a product of input i."""

    def along(mask: Mask, span: range) -> tuple[Mask, range]:
        reach = dilation * (kernel - 1)
        cells = _sized((length - 1) * stride + kernel * dilation)
        full = np.zeros(_sized(-(-max(cells, padding + len(mask)) // dilation) * dilation), np.int32)
        full[padding : padding + len(mask)] = mask
        # before[j]: how many of the places j − D, j − 2D, ... are seen
        before = np.concatenate([np.zeros((1, dilation), np.int32), full.reshape(-1, dilation).cumsum(0, dtype=np.int32)])
        starts = np.arange(length) * stride
        ends = starts + kernel * dilation
        seen = before.ravel()[ends] > before.ravel()[starts]
        first, last = -((reach - span.start - padding) // stride), (span.stop - 1 + padding) // stride
        return seen, range(first, max(first, last) + 1)

    return along


def _spread(layer: Upsample, length: int) -> AxisRead:
    """Upsample: as the transposed convolution that gives the same. With aligned corners output i lies at i·(W − 1) / (O − 1),
    between two cells or on one."""
    if not layer.align_corners:
        return _put_down(*layer.tap, 1, 0, length)
    size = length * layer.scale_factor

    def along(mask: Mask, span: range) -> tuple[Mask, range]:
        read = np.zeros(_sized(length), np.bool_)
        places = np.flatnonzero(mask) * (length - 1)
        read[places // max(1, size - 1)] = True
        read[-(-places // max(1, size - 1))] = True
        return read, _hull(read) or range(length)

    return along


def _regions(length: int, size: int) -> AxisRead:
    """Adaptive pooling: output i is a mean from ⌊i·W / O⌋ to ⌈(i + 1)·W / O⌉."""

    def along(mask: Mask, span: range) -> tuple[Mask, range]:
        read = np.zeros(_sized(length), np.bool_)
        for output in np.flatnonzero(mask):
            read[int(output) * length // size : -(-(int(output) + 1) * length // size)] = True
        return read, range(span.start * length // size, -(-span.stop * length // size))

    return along


def _unflattened(layer: Flatten, shape: Shape, sight: _Sight) -> _Sight:
    start, end = dimension("start_dim", layer.start_dim, shape), dimension("end_dim", layer.end_dim, shape)
    inner = shape[start : end + 1]
    if len(inner) == 1:
        return sight
    block = sight.masks[start].reshape(inner)
    assert block.size == prod(inner)
    axes = range(len(inner))
    masks = [np.asarray(block.any(tuple(axis for axis in axes if axis != kept))) for kept in axes]
    before, after = (sight.masks[:start], sight.reach[:start]), (sight.masks[start + 1 :], sight.reach[start + 1 :])
    return _Sight(
        (*before[0], *masks, *after[0]), (*before[1], *(_hull(mask) or range(len(mask)) for mask in masks), *after[1])
    )


def _past_and_future(state: int, shape: Shape, sight: _Sight) -> _Sight:
    """The states of a recurrent layer at every step. Forward states, the first `state` numbers, read their own and all earlier
    steps; backward states read their own and all later ones."""
    steps = _hull(sight.masks[0])
    forward, backward = bool(sight.masks[1][:state].any()), bool(sight.masks[1][state:].any())
    first, stop = (0 if forward else steps.start), (shape[0] if backward else steps.stop)
    read = np.zeros(_sized(shape[0]), np.bool_)
    if steps:
        read[first:stop] = True
    return _Sight((read, _every(shape[1])), (range(first, stop) if steps else sight.reach[0], range(shape[1])))


def _neighbours(size: int, sight: _Sight) -> _Sight:
    """Local response normalisation: channel c reads from c − ⌊n / 2⌋ to c + ⌊(n − 1) / 2⌋."""
    channels = len(sight.masks[0])
    slide = Slide(channels, size, before=size // 2, after=(size - 1) // 2)
    read = _window_reads(slide, sight.masks[0], "zeros")
    return _Sight((read, *sight.masks[1:]), (_hull(read) or range(channels), *sight.reach[1:]))
