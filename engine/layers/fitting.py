"""What a layer can be for the input that is there: how far each of its numbers goes, and the nearest layer that can be.

Sliders take their ranges from `reach`; whatever the hand, a file or a new picture then asks for, `changed` and `fitted` make a
layer of it that takes the input. So a form built on these never shows a refusal. The rules are torch's, and some of this
program's own, so that no setting fills the memory: `MOST_CELLS`, `MOST_MAPS` (or what the caller says), `MOST_WEIGHTS`, and for
the maps of a transposed convolution `MOST_SIDE` and `MOST_AREA`. A window is never larger than the padded input, also
with `ceil_mode`, where torch lets some pass.

No torch. Called by the convolution lab and the network lab, which move one field at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from math import gcd, prod
from typing import Any, NamedTuple, TypeAlias, TypeVar

from msgspec.structs import replace

from engine.layers.axes import LAYOUTS, PerAxis, per_axis
from engine.layers.base import Shape, require_rank
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.pooling import MaxPooling, Pooling
from engine.layers.kinds.transposed import Transposed

MOST_CELLS = 64  # of a window's side, stride, padding and dilation: beyond, a picture of 512 pixels shows nothing new
MOST_MAPS = 256
MOST_WEIGHTS = 2**25  # 128 MB; 64×64×64 cells from 512 channels to 256 would be 137 GB
MOST_SIDE, MOST_AREA = 2048, 2**21  # of a transposed convolution's map, unless the input's is larger
FIRST_MAPS = 16  # of a convolution made from a pooling, which has no number of its own

Windowed: TypeAlias = Convolution | Transposed | Pooling
L = TypeVar("L", bound=Windowed)
F = TypeVar("F", bound=Convolution | Transposed)
S = TypeVar("S", bound=Convolution | Pooling)
C = TypeVar("C", bound=Convolution)
T = TypeVar("T", bound=Transposed)
RANGES = {
    "kernel_size": (1, MOST_CELLS),
    "stride": (1, MOST_CELLS),
    "padding": (0, MOST_CELLS),
    "padding_after": (0, MOST_CELLS),
    "dilation": (1, MOST_CELLS),
    "output_padding": (0, MOST_CELLS),
}
ORDER = ("kernel_size", "stride", "padding", "dilation", "output_padding")  # as `_size` takes them


class Reach(NamedTuple):
    """How far one field goes, (lowest, highest): each axis with all else staying, and all axes `together` at one number.
    `allowed`: the values that can be, where not every number between is one."""

    axes: tuple[tuple[int, int], ...]
    together: tuple[int, int]
    allowed: tuple[int, ...] | None = None


def reach(layer: Windowed, shape: Shape, most_maps: int = MOST_MAPS) -> dict[str, Reach]:
    """Field -> its Reach, for a layer that `fitted` has given for the same `shape` and `most_maps`.

    Every value within gives, through `changed`, a layer with exactly this value, the other fields staying. What cannot stay
    gives way: padding "same" becomes numbers where stride or padding are moved; groups take their output channels along; a
    pooling's padding stays within half its window, an output padding below stride or dilation. Where no one number suits all
    axes `together`, the highest one is left, and window or padding give way."""
    if isinstance(layer, Transposed):
        return _channels(layer, shape, most_maps) | _transposed_reach(layer, shape)
    found = {} if isinstance(layer, Pooling) else _channels(layer, shape, most_maps)
    return found | _sliding_reach(layer, shape)


def fitted(layer: L, shape: Shape, *, most_maps: int = MOST_MAPS) -> L:
    """The nearest layer that takes an input of `shape`: `layer` itself where it does; what is too large is made smaller.
    `in_channels` is always taken from the input. Raises Refusal for an input of another number of dimensions."""
    return changed(layer, shape, most_maps=most_maps)


def changed(layer: L, shape: Shape, *, most_maps: int = MOST_MAPS, **fields: Any) -> L:
    """`layer` with `fields` (as their types declare them, in any range), the rest fitted to them: a field that was moved gives
    way only when nothing else can. At most `most_maps` output channels."""
    require_rank(layer, shape, LAYOUTS[layer.AXES])
    layer = replace(layer, **fields)
    moved = fields.keys()
    if isinstance(layer, Pooling):
        return _settled_sliding(_in_range(layer), shape, moved)
    layer = _settled_channels(_in_range(replace(layer, in_channels=None)), shape, moved, most_maps)
    layer = _settled_weights(layer, shape)
    if isinstance(layer, Transposed):
        return _settled_transposed(layer, shape, moved)
    return _settled_sliding(_settled_padding(layer, shape, moved), shape, moved)


def carried(layer: Windowed, kind: type[L]) -> L:
    """A layer of another `kind` with what both kinds have, not yet fitted to an input. A 2-d layer keeps its width as a 1-d
    one, and repeats its height as the depth of a 3-d one. Padding that only convolutions have becomes cells on both sides. A
    pooling made from a convolution moves by its own size."""
    if isinstance(layer, kind):
        return layer
    values: dict[str, Any] = {"out_channels": FIRST_MAPS}
    values |= {field: getattr(layer, field) for field in layer.__struct_fields__}
    if isinstance(values["padding"], str) and not issubclass(kind, Convolution):
        values["padding"] = numbers(layer, (MOST_SIDE,) * layer.AXES)
    if values["stride"] is None or (issubclass(kind, Pooling) and not isinstance(layer, Pooling)):
        del values["stride"]
    for field, value in values.items():
        if isinstance(value, tuple):
            values[field] = ((value[0],) * kind.AXES + value)[-kind.AXES :]
    return kind(**{field: value for field, value in values.items() if field in kind.__struct_fields__})


def numbers(layer: Windowed, sides: Sequence[int]) -> PerAxis:
    """The padding in numbers, cells before the input along each axis: one where all are equal. "same" is as many on both sides
    as it puts before, or after where the window would else not fit into an input of `sides`."""
    if not isinstance(layer, Convolution) or not isinstance(layer.padding, str):
        return layer.padding  # type: ignore[return-value]
    spans = [apart * (cells - 1) + 1 for apart, cells in zip(per_axis(layer.dilation, layer.AXES), layer.kernel, strict=True)]
    return _written(
        0,
        tuple(
            before if span <= length + 2 * before else after
            for length, span, (before, after) in zip(sides, spans, layer.margins, strict=True)
        ),
    )


# --- channels


def _settled_channels(layer: F, shape: Shape, moved: Collection[str], most_maps: int) -> F:
    """Groups that divide both sides' channels: they give way to the output channels, unless they were moved themselves."""
    groups, out_channels = min(max(layer.groups, 1), most_maps), max(layer.out_channels, 1)
    if "groups" in moved and "out_channels" not in moved:
        groups = _largest_divisor(shape[0], groups)
        out_channels = _nearest_multiple(out_channels, groups, most_maps)
    else:
        if out_channels > most_maps:
            out_channels = most_maps - most_maps % groups
        groups = _largest_divisor(gcd(shape[0], out_channels), groups)
    return replace(layer, groups=groups, out_channels=out_channels)


def _settled_weights(layer: F, shape: Shape) -> F:
    """A window small enough that the weights are not too many, its longest sides cut first."""
    each, kernel = _weights(layer.groups, layer.out_channels, shape), layer.kernel
    if prod(kernel) * each <= MOST_WEIGHTS:
        return layer
    cap = _last(lambda side: prod(min(cells, side) for cells in kernel) * each <= MOST_WEIGHTS, 1, MOST_CELLS)
    return replace(layer, kernel_size=_written(layer.kernel_size, tuple(min(cells, cap) for cells in kernel)))


def _channels(layer: Filtering, shape: Shape, most_maps: int) -> dict[str, Reach]:
    """The reach of groups and output channels."""
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


def _one(low: int, high: int, allowed: tuple[int, ...] | None) -> Reach:
    return Reach(((low, high),), (low, high), allowed)


def _weights(groups: int, out_channels: int, shape: Shape) -> int:
    """How many there are for each cell of the window."""
    return shape[0] // groups * out_channels


def _nearest_multiple(number: int, step: int, most: int) -> int:
    """The multiple of `step` nearest to `number`, from `step` to `most`."""
    return min(max(step, (number + step // 2) // step * step), most - most % step)


def _largest_divisor(number: int, most: int) -> int:
    return next(divisor for divisor in range(min(number, most), 0, -1) if number % divisor == 0)


# --- windows that slide: convolutions and poolings, each axis for itself


class _Room(NamedTuple):
    """What bounds the window along one axis: the input with its padding. Under "same" the padding follows the window, as far as
    `most` cells on each side; under a pooling (`halved`) it is half the window at most."""

    length: int
    before: int
    after: int
    most: int
    same: bool = False
    halved: bool = False

    def longest(self, kernel: int) -> int:
        """Cells from the first to the last of the longest window of `kernel` cells."""
        if self.same:
            return 2 * self.most + 1
        if self.halved:
            return self.length + 2 * min(self.before, kernel // 2)
        return self.length + self.before + self.after

    def holds(self, kernel: int, dilation: int) -> bool:
        return dilation * (kernel - 1) + 1 <= self.longest(kernel)

    def largest_kernel(self, dilation: int) -> int:
        return _last(lambda cells: self.holds(cells, dilation), 1, MOST_CELLS)

    def largest_dilation(self, kernel: int) -> int:
        return MOST_CELLS if kernel == 1 else max(1, min(MOST_CELLS, (self.longest(kernel) - 1) // (kernel - 1)))


def _rooms(layer: Convolution | Pooling, shape: Shape) -> list[_Room]:
    if isinstance(layer, Pooling):
        return [
            _Room(length, cells, cells, MOST_CELLS, halved=True)
            for length, cells in zip(shape[1:], per_axis(layer.padding, layer.AXES), strict=True)
        ]
    same = layer.padding == "same"
    return [
        _Room(length, before, after, _most_padding(layer.padding_mode, length), same)
        for length, (before, after) in zip(shape[1:], layer.margins, strict=True)
    ]


def _most_padding(mode: str, length: int) -> int:
    """Cells on one side that padding can be filled with."""
    return min(MOST_CELLS, {"reflect": length - 1, "circular": length}.get(mode, MOST_CELLS))


def _settled_padding(layer: C, shape: Shape, moved: Collection[str]) -> C:
    """Padding that goes with the stride and with the sides' own numbers, and that its mode can fill."""
    sides, padding, after, stride = shape[1:], layer.padding, layer.padding_after, layer.stride
    if isinstance(padding, str) and after is not None:
        if "padding_after" in moved and "padding" not in moved:
            padding = numbers(layer, sides)
        else:
            after = None
    if padding == "same" and max(per_axis(stride, layer.AXES)) > 1:  # torch knows it for stride 1 only
        if "padding" in moved and "stride" not in moved:
            stride = 1
        else:
            padding = numbers(layer, sides)
    most = [_most_padding(layer.padding_mode, length) for length in sides]
    if not isinstance(padding, str):
        padding = _at_most(padding, most)
    if after is not None:
        after = _at_most(after, most)
    return replace(layer, padding=padding, padding_after=after, stride=stride)


def _settled_sliding(layer: S, shape: Shape, moved: Collection[str]) -> S:
    """A window that fits: the dilation gives way, then the filter's size; a dilation that was moved stays."""
    kernel, dilation = list(per_axis(layer.kernel_size, layer.AXES)), list(_dilation(layer))
    for axis, room in enumerate(_rooms(layer, shape)):
        if not room.holds(kernel[axis], dilation[axis]):
            if "dilation" not in moved:
                dilation[axis] = min(dilation[axis], room.largest_dilation(kernel[axis]))
            kernel[axis] = min(kernel[axis], room.largest_kernel(dilation[axis]))
    changes: dict[str, Any] = {"kernel_size": _written(layer.kernel_size, tuple(kernel))}
    if isinstance(layer, Pooling):
        changes["padding"] = _at_most(layer.padding, [cells // 2 for cells in kernel])
    if not isinstance(layer, Pooling) or isinstance(layer, MaxPooling):
        changes["dilation"] = _written(layer.dilation, tuple(dilation))
    return replace(layer, **changes)


def _sliding_reach(layer: Convolution | Pooling, shape: Shape) -> dict[str, Reach]:
    rooms, kernel, dilation = _rooms(layer, shape), per_axis(layer.kernel_size, layer.AXES), _dilation(layer)
    spans = [apart * (cells - 1) + 1 for apart, cells in zip(dilation, kernel, strict=True)]
    kernels = [(1, room.largest_kernel(apart)) for room, apart in zip(rooms, dilation, strict=True)]
    found = {
        "kernel_size": _light(_together(kernels), layer, shape),
        "stride": _together([(1, MOST_CELLS)] * layer.AXES),
    }
    if not isinstance(layer, Pooling) or isinstance(layer, MaxPooling):
        dilations = [(1, room.largest_dilation(cells)) for room, cells in zip(rooms, kernel, strict=True)]
        found["dilation"] = _together(dilations)
    lacks = [max(0, span - room.length) for span, room in zip(spans, rooms, strict=True)]  # cells of padding that are needed
    if isinstance(layer, Pooling):
        return found | {"padding": _together([(-(-lack // 2), cells // 2) for lack, cells in zip(lacks, kernel, strict=True)])}
    befores = per_axis(numbers(layer, shape[1:]), layer.AXES)
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


def _dilation(layer: Convolution | Pooling) -> tuple[int, ...]:
    return per_axis(layer.spacing if isinstance(layer, Pooling) else layer.dilation, layer.AXES)


# --- transposed convolutions: their axes share the room of the map


_Steps: TypeAlias = dict[str, tuple[int, ...]]  # field -> its number for each axis


def _steps(layer: Transposed) -> _Steps:
    return {name: per_axis(getattr(layer, name), layer.AXES) for name in RANGES if name != "padding_after"}


def _size(length: int, kernel: int, stride: int, padding: int, dilation: int, extra: int) -> int:
    """Of the output along one axis, as `Transposed` counts it, the output padding no more than it can be."""
    return (length - 1) * stride - 2 * padding + dilation * (kernel - 1) + min(extra, max(stride, dilation) - 1) + 1


def _sizes(steps: _Steps, shape: Shape) -> list[int]:
    return list(map(_size, shape[1:], *(steps[name] for name in ORDER)))


class _Canvas(NamedTuple):
    """How large a map may be."""

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
    return _Canvas(tuple(max(MOST_SIDE, length) for length in shape[1:]), max(MOST_AREA, prod(shape[1:])))


def _settled_transposed(layer: T, shape: Shape, moved: Collection[str]) -> T:
    """A map that is neither empty nor too large: stride, dilation and filter are made smaller, those that were moved last; then
    the output padding has to be below stride or dilation, and the padding must leave something."""
    steps, canvas = _steps(layer), _canvas(shape)
    for name in sorted(("stride", "dilation", "kernel_size"), key=moved.__contains__):
        if canvas.holds(_sizes(steps, shape)):
            break
        steps = _shrunk(steps, name, shape, canvas)
    edges = map(max, steps["stride"], steps["dilation"])
    steps["output_padding"] = tuple(min(extra, edge - 1) for extra, edge in zip(steps["output_padding"], edges, strict=True))
    bare = _sizes(steps | {"padding": (0,) * layer.AXES}, shape)
    steps["padding"] = tuple(min(cells, (size - 1) // 2) for cells, size in zip(steps["padding"], bare, strict=True))
    return replace(layer, **{name: _written(getattr(layer, name), values) for name, values in steps.items()})


def _shrunk(steps: _Steps, name: str, shape: Shape, canvas: _Canvas) -> _Steps:
    """Field `name` no larger, along any axis, than the map allows; at least 1."""

    def capped(most: int) -> _Steps:
        return steps | {name: tuple(min(value, most) for value in steps[name])}

    return capped(_last(lambda most: canvas.holds(_sizes(capped(most), shape)), 1, MOST_CELLS))


def _transposed_reach(layer: Transposed, shape: Shape) -> dict[str, Reach]:
    steps, canvas, every = _steps(layer), _canvas(shape), tuple(range(layer.AXES))
    found = {
        name: Reach(
            tuple(_transposed_range(steps, shape, canvas, name, (axis,)) for axis in every),
            _transposed_range(steps, shape, canvas, name, every),
        )
        for name in ORDER
    }
    return found | {"kernel_size": _light(found["kernel_size"], layer, shape)}


def _transposed_range(steps: _Steps, shape: Shape, canvas: _Canvas, name: str, axes: Sequence[int]) -> tuple[int, int]:
    """From the first number to the last that makes a map neither empty nor too large, when `axes` of field `name` take it."""
    place = 1 + ORDER.index(name)
    arguments = [[length, *(steps[field][axis] for field in ORDER)] for axis, length in enumerate(shape[1:])]
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
    first, last = (has_room, is_there) if name == "padding" else (is_there, has_room)  # the more padding, the smaller the map
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
    """`values` as one number where `like` is one and they are equal."""
    return values[0] if isinstance(like, int) and len(set(values)) == 1 else values


def _together(axes: Sequence[tuple[int, int]]) -> Reach:
    """The reach of axes that do not see each other. Where no number suits all, it is the one that what bounds them from above
    allows; what bounds them from below gives way."""
    low, high = max(low for low, _ in axes), min(high for _, high in axes)
    return Reach(tuple(axes), (min(low, high), high))


def _light(kernels: Reach, layer: Filtering | Pooling, shape: Shape) -> Reach:
    """The reach of a filter's size, no further than its weights are not too many."""
    if isinstance(layer, Pooling):
        return kernels
    most = MOST_WEIGHTS // _weights(layer.groups, layer.out_channels, shape)
    area = prod(layer.kernel)
    axes = tuple((low, min(high, most * cells // area)) for (low, high), cells in zip(kernels.axes, layer.kernel, strict=True))
    low, high = kernels.together
    high = _last(lambda cells: cells**layer.AXES <= most, 1, high)
    return Reach(axes, (min(low, high), high))


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first number from `low` to `high` for which `holds`, which then does for all after it; `high` where there is none."""
    if holds(low):
        return low
    return min(high, low + bisect_left(range(low, high + 1), True, key=holds))


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last number from `low` to `high` for which `holds`, which does for all before it; `low` where there is none."""
    if holds(high):
        return high
    return max(low, low + bisect_left(range(low, high + 1), True, key=lambda number: not holds(number)) - 1)
