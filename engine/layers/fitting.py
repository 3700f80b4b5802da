"""The valid range of each of a layer's fields for the input that is there, and the nearest valid layer to any other.

Sliders take their ends from `ranges`. Whatever a pointer, a file or a new picture then asks for, `changed` and `fitted` give a
layer that accepts the input, so a form built on them never shows a refusal.

The rules are torch's, and some limits of this program that keep a setting from filling the memory: `MOST_PER_AXIS`, `MOST_MAPS`
(or the caller's limit), `MOST_WEIGHTS`, and for the maps of a transposed convolution `MOST_MAP_SIDE` and `MOST_MAP_AREA`. A
window is never larger than the padded input, even with `ceil_mode`, where torch accepts some that are.

No torch. Called by the convolution lab and the network lab, which change one field at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from math import gcd, prod
from typing import Any, NamedTuple, TypeAlias, TypeVar

from msgspec.structs import replace

from engine.layers.axes import LAYOUTS, PerAxis, as_one, on_axes, per_axis
from engine.layers.base import Shape, require_rank
from engine.layers.catalog import Sliding
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.filtering import FIRST_MAPS, Filtering
from engine.layers.kinds.pooling import MaxPooling, Pooling
from engine.layers.kinds.transposed import Transposed

MOST_PER_AXIS = 64  # cells of kernel, stride, padding and dilation: a larger one shows nothing new on a picture of 512 pixels
MOST_MAPS = 256
MOST_WEIGHTS = 2**25  # 128 MB; 64×64×64 cells from 512 channels to 256 would be 137 GB
MOST_MAP_SIDE, MOST_MAP_AREA = 2048, 2**21  # of a transposed convolution's map, unless the input is larger

L = TypeVar("L", bound=Sliding)
F = TypeVar("F", bound=Convolution | Transposed)
S = TypeVar("S", bound=Convolution | Pooling)
C = TypeVar("C", bound=Convolution)
T = TypeVar("T", bound=Transposed)
RANGES = {
    "kernel_size": (1, MOST_PER_AXIS),
    "stride": (1, MOST_PER_AXIS),
    "padding": (0, MOST_PER_AXIS),
    "padding_after": (0, MOST_PER_AXIS),
    "dilation": (1, MOST_PER_AXIS),
    "output_padding": (0, MOST_PER_AXIS),
}
SIZE_FIELDS = ("kernel_size", "stride", "padding", "dilation", "output_padding")  # in the order of `_size`'s parameters


class FieldRange(NamedTuple):
    """The valid range of one field, (lowest, highest): for each axis alone, and for one number on all axes `together`.
    `allowed` lists the valid values where some numbers in the range are not valid."""

    axes: tuple[tuple[int, int], ...]
    together: tuple[int, int]
    allowed: tuple[int, ...] | None = None


def ranges(layer: Sliding, shape: Shape, most_maps: int = MOST_MAPS) -> dict[str, FieldRange]:
    """Field -> its FieldRange. `layer` must be what `fitted` returns for the same `shape` and `most_maps`.

    For every value in a range, `changed` gives a layer with exactly this value and the other fields as they were, with these
    exceptions: padding "same" becomes numbers when stride or padding change; output channels follow the groups; a pooling's
    padding stays within half its window; an output padding stays below stride or dilation. Where no number is valid on all axes
    `together`, the range is the highest number alone, and window or padding are adjusted to it."""
    if isinstance(layer, Transposed):
        return _channel_ranges(layer, shape, most_maps) | _transposed_ranges(layer, shape)
    found = {} if isinstance(layer, Pooling) else _channel_ranges(layer, shape, most_maps)
    return found | _sliding_ranges(layer, shape)


def fitted(layer: L, shape: Shape, *, most_maps: int = MOST_MAPS) -> L:
    """The nearest layer that accepts an input of `shape`: `layer` itself if it does, otherwise with its too large fields made
    smaller. `in_channels` is always left to the input. Raises Refusal if the input has another number of dimensions."""
    return changed(layer, shape, most_maps=most_maps)


def changed(layer: L, shape: Shape, *, most_maps: int = MOST_MAPS, **fields: Any) -> L:
    """`layer` with `fields` changed (to values of the declared types, in any range) and the other fields fitted to them. A
    changed field is itself adjusted only when no other field can be. At most `most_maps` output channels."""
    require_rank(layer, shape, LAYOUTS[layer.AXES])
    layer = replace(layer, **fields)
    changed_fields = fields.keys()
    if isinstance(layer, Pooling):
        return _fitted_sliding(_in_range(layer), shape, changed_fields)
    layer = _fitted_channels(_in_range(replace(layer, in_channels=None)), shape, changed_fields, most_maps)
    layer = _fitted_weights(layer, shape)
    if isinstance(layer, Transposed):
        return _fitted_transposed(layer, shape, changed_fields)
    return _fitted_sliding(_fitted_padding(layer, shape, changed_fields), shape, changed_fields)


def carried(layer: Sliding, kind: type[L]) -> L:
    """A layer of another `kind` with the fields that both kinds have, not yet fitted to an input. From 2-d to 1-d the width is
    kept; from 2-d to 3-d the height is repeated as the depth. Padding by name becomes numbers where the new kind has no such
    padding. A pooling made from a convolution has its window's size as stride."""
    if isinstance(layer, kind):
        return layer
    values: dict[str, Any] = {"out_channels": FIRST_MAPS}
    values |= {field: getattr(layer, field) for field in layer.__struct_fields__}
    if isinstance(values["padding"], str) and not issubclass(kind, Convolution):
        values["padding"] = padding_in_numbers(layer, (MOST_MAP_SIDE,) * layer.AXES)
    if values["stride"] is None or (issubclass(kind, Pooling) and not isinstance(layer, Pooling)):
        del values["stride"]
    return kind(**{field: on_axes(value, kind.AXES) for field, value in values.items() if field in kind.__struct_fields__})


def padding_in_numbers(layer: Sliding, sides: Sequence[int]) -> PerAxis:
    """The padding as numbers, cells on each side of each axis; one number where all are equal. For "same" it is what "same"
    adds before the input, or what it adds after where the window would not fit into an input of `sides` otherwise."""
    if not isinstance(layer, Convolution) or not isinstance(layer.padding, str):
        return layer.padding  # type: ignore[return-value]
    return as_one(
        tuple(
            before if span <= length + 2 * before else after
            for length, span, (before, after) in zip(sides, layer.spans, layer.margins, strict=True)
        )
    )


# --- channels


def _fitted_channels(layer: F, shape: Shape, changed_fields: Collection[str], most_maps: int) -> F:
    """Groups that divide input and output channels. The groups are adjusted to the output channels, unless only the groups were
    changed."""
    groups, out_channels = min(max(layer.groups, 1), most_maps), max(layer.out_channels, 1)
    if "groups" in changed_fields and "out_channels" not in changed_fields:
        groups = _largest_divisor(shape[0], groups)
        out_channels = _nearest_multiple(out_channels, groups, most_maps)
    else:
        if out_channels > most_maps:
            out_channels = most_maps - most_maps % groups
        groups = _largest_divisor(gcd(shape[0], out_channels), groups)
    return replace(layer, groups=groups, out_channels=out_channels)


def _fitted_weights(layer: F, shape: Shape) -> F:
    """A window of at most `MOST_WEIGHTS` weights. The longest sides are shortened first."""
    each, kernel = _weights(layer.groups, layer.out_channels, shape), layer.kernel
    if prod(kernel) * each <= MOST_WEIGHTS:
        return layer
    cap = _last(lambda side: prod(min(cells, side) for cells in kernel) * each <= MOST_WEIGHTS, 1, MOST_PER_AXIS)
    return replace(layer, kernel_size=_written(layer.kernel_size, tuple(min(cells, cap) for cells in kernel)))


def _channel_ranges(layer: Filtering, shape: Shape, most_maps: int) -> dict[str, FieldRange]:
    """The ranges of groups and output channels."""
    cells, groups = prod(layer.kernel), layer.groups
    divisors = tuple(
        number
        for number in range(1, min(shape[0], most_maps) + 1)
        if shape[0] % number == 0
        and _weights(number, _nearest_multiple(layer.out_channels, number, most_maps), shape) * cells <= MOST_WEIGHTS
    )
    most = min(most_maps, MOST_WEIGHTS // (cells * (shape[0] // groups)))
    maps = range(groups, most + 1, groups)
    return {
        "out_channels": _one(maps[0], maps[-1], None if groups == 1 else tuple(maps)),
        "groups": _one(divisors[0], divisors[-1], divisors),
    }


def _one(low: int, high: int, allowed: tuple[int, ...] | None) -> FieldRange:
    return FieldRange(((low, high),), (low, high), allowed)


def _weights(groups: int, out_channels: int, shape: Shape) -> int:
    """Weights for each cell of the window."""
    return shape[0] // groups * out_channels


def _nearest_multiple(number: int, step: int, most: int) -> int:
    """The multiple of `step` that is nearest to `number`, from `step` to `most`."""
    return min(max(step, (number + step // 2) // step * step), most - most % step)


def _largest_divisor(number: int, most: int) -> int:
    return next(divisor for divisor in range(min(number, most), 0, -1) if number % divisor == 0)


# --- convolutions and poolings: each axis is independent


class _Room(NamedTuple):
    """The space for the window along one axis: the input with its padding. With "same" (`same`) the padding grows with the
    window, up to `most` cells on each side. For a pooling (`halved`) the padding is at most half the window."""

    length: int
    before: int
    after: int
    most: int
    same: bool = False
    halved: bool = False

    def longest(self, kernel: int) -> int:
        """The largest possible span, first to last cell, of a window of `kernel` cells."""
        if self.same:
            return 2 * self.most + 1
        if self.halved:
            return self.length + 2 * min(self.before, kernel // 2)
        return self.length + self.before + self.after

    def holds(self, kernel: int, dilation: int) -> bool:
        return dilation * (kernel - 1) + 1 <= self.longest(kernel)

    def largest_kernel(self, dilation: int) -> int:
        return _last(lambda cells: self.holds(cells, dilation), 1, MOST_PER_AXIS)

    def largest_dilation(self, kernel: int) -> int:
        return MOST_PER_AXIS if kernel == 1 else max(1, min(MOST_PER_AXIS, (self.longest(kernel) - 1) // (kernel - 1)))


def _rooms(layer: Convolution | Pooling, shape: Shape) -> list[_Room]:
    if isinstance(layer, Pooling):
        return [
            _Room(length, cells, cells, MOST_PER_AXIS, halved=True)
            for length, cells in zip(shape[1:], per_axis(layer.padding, layer.AXES), strict=True)
        ]
    same = layer.padding == "same"
    return [
        _Room(length, before, after, _most_padding(layer.padding_mode, length), same)
        for length, (before, after) in zip(shape[1:], layer.margins, strict=True)
    ]


def _most_padding(mode: str, length: int) -> int:
    """The most cells on one side that the padding mode can fill."""
    return min(MOST_PER_AXIS, {"reflect": length - 1, "circular": length}.get(mode, MOST_PER_AXIS))


def _fitted_padding(layer: C, shape: Shape, changed_fields: Collection[str]) -> C:
    """Padding that is valid with the stride and with `padding_after`, and that its mode can fill."""
    sides, padding, after, stride = shape[1:], layer.padding, layer.padding_after, layer.stride
    if isinstance(padding, str) and after is not None:
        if "padding_after" in changed_fields and "padding" not in changed_fields:
            padding = padding_in_numbers(layer, sides)
        else:
            after = None
    if padding == "same" and max(per_axis(stride, layer.AXES)) > 1:  # torch has "same" for stride 1 only
        if "padding" in changed_fields and "stride" not in changed_fields:
            stride = 1
        else:
            padding = padding_in_numbers(layer, sides)
    most = [_most_padding(layer.padding_mode, length) for length in sides]
    if not isinstance(padding, str):
        padding = _at_most(padding, most)
    if after is not None:
        after = _at_most(after, most)
    return replace(layer, padding=padding, padding_after=after, stride=stride)


def _fitted_sliding(layer: S, shape: Shape, changed_fields: Collection[str]) -> S:
    """A window that fits: the dilation is reduced first, then the kernel. A dilation that was changed is kept."""
    kernel, dilation = list(layer.kernel), list(layer.dilations)
    for axis, room in enumerate(_rooms(layer, shape)):
        if not room.holds(kernel[axis], dilation[axis]):
            if "dilation" not in changed_fields:
                dilation[axis] = min(dilation[axis], room.largest_dilation(kernel[axis]))
            kernel[axis] = min(kernel[axis], room.largest_kernel(dilation[axis]))
    changes: dict[str, Any] = {"kernel_size": _written(layer.kernel_size, tuple(kernel))}
    if isinstance(layer, Pooling):
        changes["padding"] = _at_most(layer.padding, [cells // 2 for cells in kernel])
    if not isinstance(layer, Pooling) or isinstance(layer, MaxPooling):
        changes["dilation"] = _written(layer.dilation, tuple(dilation))
    return replace(layer, **changes)


def _sliding_ranges(layer: Convolution | Pooling, shape: Shape) -> dict[str, FieldRange]:
    rooms, kernel, dilation = _rooms(layer, shape), layer.kernel, layer.dilations
    kernels = [(1, room.largest_kernel(apart)) for room, apart in zip(rooms, dilation, strict=True)]
    found = {
        "kernel_size": _few_weights(_together(kernels), layer, shape),
        "stride": _together([(1, MOST_PER_AXIS)] * layer.AXES),
    }
    if not isinstance(layer, Pooling) or isinstance(layer, MaxPooling):
        dilations = [(1, room.largest_dilation(cells)) for room, cells in zip(rooms, kernel, strict=True)]
        found["dilation"] = _together(dilations)
    lacks = [max(0, span - room.length) for span, room in zip(layer.spans, rooms, strict=True)]  # padding that the window needs
    if isinstance(layer, Pooling):
        return found | {"padding": _together([(-(-lack // 2), cells // 2) for lack, cells in zip(lacks, kernel, strict=True)])}
    befores = per_axis(padding_in_numbers(layer, shape[1:]), layer.AXES)
    afters = None if layer.padding_after is None else per_axis(layer.padding_after, layer.AXES)
    least = [-(-lack // 2) for lack in lacks]
    if afters is not None:
        least = [max(0, lack - after) for lack, after in zip(lacks, afters, strict=True)]
    least_after = [max(0, lack - before) for lack, before in zip(lacks, befores, strict=True)]
    most = [room.most for room in rooms]
    return found | {
        "padding": _together(list(zip(least, most, strict=True))),
        "padding_after": _together(list(zip(least_after, most, strict=True))),
    }


# --- transposed convolutions: their axes share the limit on the map's area


_Steps: TypeAlias = dict[str, tuple[int, ...]]  # field -> its number for each axis


def _steps(layer: Transposed) -> _Steps:
    return {name: per_axis(getattr(layer, name), layer.AXES) for name in RANGES if name != "padding_after"}


def _size(length: int, kernel: int, stride: int, padding: int, dilation: int, extra: int) -> int:
    """The output's size along one axis, as in `Transposed.sizes`, with the output padding cut to its valid maximum."""
    return (length - 1) * stride - 2 * padding + dilation * (kernel - 1) + min(extra, max(stride, dilation) - 1) + 1


def _sizes(steps: _Steps, shape: Shape) -> list[int]:
    return list(map(_size, shape[1:], *(steps[name] for name in SIZE_FIELDS)))


class _Canvas(NamedTuple):
    """The largest map: its size along each axis, and its area."""

    sides: tuple[int, ...]
    area: int

    def holds(self, sizes: Sequence[int]) -> bool:
        area = 1
        for size, most in zip(sizes, self.sides, strict=True):
            if size > most:
                return False
            area *= max(size, 1)
        return area <= self.area


def _canvas(shape: Shape) -> _Canvas:
    return _Canvas(tuple(max(MOST_MAP_SIDE, length) for length in shape[1:]), max(MOST_MAP_AREA, prod(shape[1:])))


def _fitted_transposed(layer: T, shape: Shape, changed_fields: Collection[str]) -> T:
    """A map that is neither empty nor too large. Stride, dilation and kernel are reduced, those that were changed last. Then
    the output padding is cut below stride or dilation, and the padding so far that the map has at least one cell."""
    steps, canvas = _steps(layer), _canvas(shape)
    for name in sorted(("stride", "dilation", "kernel_size"), key=changed_fields.__contains__):
        if canvas.holds(_sizes(steps, shape)):
            break
        steps = _shrunk(steps, name, shape, canvas)
    edges = map(max, steps["stride"], steps["dilation"])
    steps["output_padding"] = tuple(min(extra, edge - 1) for extra, edge in zip(steps["output_padding"], edges, strict=True))
    bare = _sizes(steps | {"padding": (0,) * layer.AXES}, shape)
    steps["padding"] = tuple(min(cells, (size - 1) // 2) for cells, size in zip(steps["padding"], bare, strict=True))
    return replace(layer, **{name: _written(getattr(layer, name), values) for name, values in steps.items()})


def _shrunk(steps: _Steps, name: str, shape: Shape, canvas: _Canvas) -> _Steps:
    """Field `name` reduced on all axes until the map is not too large; at least 1."""

    def capped(most: int) -> _Steps:
        return steps | {name: tuple(min(value, most) for value in steps[name])}

    return capped(_last(lambda most: canvas.holds(_sizes(capped(most), shape)), 1, MOST_PER_AXIS))


def _transposed_ranges(layer: Transposed, shape: Shape) -> dict[str, FieldRange]:
    steps, canvas, every = _steps(layer), _canvas(shape), tuple(range(layer.AXES))
    found = {
        name: FieldRange(
            tuple(_transposed_range(steps, shape, canvas, name, (axis,)) for axis in every),
            _transposed_range(steps, shape, canvas, name, every),
        )
        for name in SIZE_FIELDS
    }
    return found | {"kernel_size": _few_weights(found["kernel_size"], layer, shape)}


def _transposed_range(steps: _Steps, shape: Shape, canvas: _Canvas, name: str, axes: Sequence[int]) -> tuple[int, int]:
    """The lowest and the highest number for `axes` of field `name` that give a map neither empty nor too large."""
    place = 1 + SIZE_FIELDS.index(name)
    arguments = [[length, *(steps[field][axis] for field in SIZE_FIELDS)] for axis, length in enumerate(shape[1:])]
    sizes = [_size(*each) for each in arguments]

    def made(value: int) -> list[int]:
        for axis in axes:
            arguments[axis][place] = value
            sizes[axis] = _size(*arguments[axis])
        return sizes

    def is_there(value: int) -> bool:
        return min(made(value)) >= 1

    def has_room(value: int) -> bool:
        return canvas.holds(made(value))

    low, high = RANGES[name]
    if name == "output_padding":
        high = min(high, *(max(steps["stride"][axis], steps["dilation"][axis]) - 1 for axis in axes))
    first, last = (has_room, is_there) if name == "padding" else (is_there, has_room)  # more padding makes a smaller map
    most = _last(last, low, high)
    return min(_first(first, low, high), most), most


# --- numbers


def _in_range(layer: L) -> L:
    changes: dict[str, Any] = {}
    for name, (low, high) in RANGES.items():
        value = getattr(layer, name, None)
        if isinstance(value, int | tuple):
            each = tuple(min(max(number, low), high) for number in per_axis(value, layer.AXES))
            changes[name] = _written(value, each)
    return replace(layer, **changes)


def _at_most(value: PerAxis, most: Sequence[int]) -> PerAxis:
    return _written(value, tuple(map(min, per_axis(value, len(most)), most)))


def _written(like: PerAxis, values: tuple[int, ...]) -> PerAxis:
    """`values` as one number if `like` is one number and they are equal."""
    return as_one(values) if isinstance(like, int) else values


def _together(axes: Sequence[tuple[int, int]]) -> FieldRange:
    """The range of axes that are independent. Where no number is valid on all of them, the upper bounds hold and the lower ones
    do not."""
    low, high = max(low for low, _ in axes), min(high for _, high in axes)
    return FieldRange(tuple(axes), (min(low, high), high))


def _few_weights(kernels: FieldRange, layer: Filtering | Pooling, shape: Shape) -> FieldRange:
    """`kernels`, the range of the kernel's size, cut at `MOST_WEIGHTS` weights."""
    if isinstance(layer, Pooling):
        return kernels
    most = MOST_WEIGHTS // _weights(layer.groups, layer.out_channels, shape)
    area = prod(layer.kernel)
    axes = tuple((low, min(high, most * cells // area)) for (low, high), cells in zip(kernels.axes, layer.kernel, strict=True))
    low, high = kernels.together
    high = _last(lambda cells: cells**layer.AXES <= most, 1, high)
    return FieldRange(axes, (min(low, high), high))


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first number from `low` to `high` for which `holds` is true; `high` if there is none. If `holds` is true for a
    number, it must be true for all larger ones."""
    if holds(low):
        return low
    return min(high, low + bisect_left(range(low, high + 1), True, key=holds))


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last number from `low` to `high` for which `holds` is true; `low` if there is none. If `holds` is true for a number,
    it must be true for all smaller ones."""
    if holds(high):
        return high
    return max(low, low + bisect_left(range(low, high + 1), True, key=lambda number: not holds(number)) - 1)
