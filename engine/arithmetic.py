"""One output cell of a convolution or a pooling, product by product: which input cells it reads, and the exact sum.

Hides the geometry of every kind (dilation, groups, each side's padding and its mode, windows over the edge, transposition)
behind four questions: what does an output cell read (`reads`), who reads an input cell (`read_by`), what does a filter's weight
touch (`touched`), and how does an output cell come about (`cell_of`). Along one axis the geometry is a `Slide`'s; the axes are
independent, so every answer is a product of short answers along the axes.

The sums are exact. A product of two float32 numbers has at most 48 significant bits and fits a float64; every finite binary
fraction has a finite decimal expansion. So the terms' decimals add up to the total's, digit for digit, and only `Cell.float32`
is rounded, once. (Python's own decimal operators round to 28 digits: add with `EXACT`.)

Called by the convolution lab. No torch: torch's value is what these numbers are held against (`agrees`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from functools import cache, cached_property, partial
from itertools import product
from math import isfinite, prod
from operator import lshift
from typing import NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from engine.layers.axes import per_axis
from engine.layers.base import Shape
from engine.layers.convolution import Convolution
from engine.layers.pooling import AveragePooling, MaxPooling, Pooling
from engine.layers.transposed import Transposed
from engine.layers.windows import Slide, readers

Sliding: TypeAlias = Convolution | Transposed | Pooling
Place: TypeAlias = tuple[int, ...]

EXACT = Context(prec=1000, traps=[Inexact])  # float32 products and their sums have fewer than 400 digits; raises if ever more
MEAN_DIGITS = 40  # of a mean that does not come out, as 1 / 3
FLOAT32 = 2.0**-24  # unit roundoff
FLOAT64 = 2.0**-53


class Tap(NamedTuple):
    """One reading of an input cell through one weight of the filter."""

    weight: Place  # (channel within the group, *kernel index): `filter_of(...)[weight]`; pooling's channel is 0
    cell: Place  # (channel, *position) in the padded input; 0 is the unpadded input's first cell, negative lies before it
    source: Place | None  # (channel, *position) of the input cell whose value stands there; None: padding without one


class Term(NamedTuple):
    """One product, each number with its exact decimals.

    In pooling the weight is 1, or 0 for a padding cell that does not count in the mean; padding in a maximum is −∞."""

    tap: Tap
    value: Decimal
    weight: Decimal
    product: Decimal


@dataclass(frozen=True)
class Grid(Sequence[Place]):
    """Every combination of `axes`, the last running fastest. A tuple of places in all that matters, but made in the time of its
    sides: (0, *512 rows, *512 columns) costs 1,025 numbers."""

    axes: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return prod(map(len, self.axes))

    def __iter__(self) -> Iterator[Place]:
        return product(*self.axes)

    def __contains__(self, place: object) -> bool:
        return (
            isinstance(place, tuple)
            and len(place) == len(self.axes)
            and all(at in axis for at, axis in zip(place, self.axes, strict=True))
        )

    @overload
    def __getitem__(self, index: int) -> Place: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Place, ...]: ...
    def __getitem__(self, index: int | slice) -> Place | tuple[Place, ...]:
        chosen = range(len(self))[index]  # as a tuple does: from the end, IndexError
        return self._at(chosen) if isinstance(chosen, int) else tuple(map(self._at, chosen))

    def _at(self, number: int) -> Place:
        place = []
        for axis in reversed(self.axes):
            number, within = divmod(number, len(axis))
            place.append(axis[within])
        return tuple(reversed(place))


class Terms(Sequence[Term]):
    """A cell's terms in the order of `reads`, made as they are asked for: a filter of 11×11 over 64 channels has 7,744 of them,
    of which a screen shows a few dozen."""

    def __init__(self, taps: Callable[[], tuple[Tap, ...]], values: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
        self._taps, self._values, self._weights = taps, values, weights

    def __len__(self) -> int:
        return len(self._values)

    @cached_property
    def taps(self) -> tuple[Tap, ...]:
        return self._taps()

    @overload
    def __getitem__(self, index: int) -> Term: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Term, ...]: ...
    def __getitem__(self, index: int | slice) -> Term | tuple[Term, ...]:
        chosen = range(len(self))[index]
        return self._at(chosen) if isinstance(chosen, int) else tuple(map(self._at, chosen))

    def _at(self, number: int) -> Term:
        value, weight = float(self._values[number]), float(self._weights[number])
        return Term(self.taps[number], Decimal(value), Decimal(weight), Decimal(_without_sign_of_zero(value * weight)))


@dataclass(frozen=True, eq=False)
class Cell:
    """How one output cell comes about: `total` = (Σ products + `bias`) / `divisor`, or the `chosen` term of a maximum."""

    terms: Sequence[Term]  # a Terms: len, index, slice and loop; nothing is made before it is asked for
    per_channel: tuple[Decimal, ...]  # the products' sum for each input channel of the group; a maximum's is the maximum
    bias: Decimal
    total: Decimal  # exact; a mean that does not come out in decimals has MEAN_DIGITS of them
    float32: np.float32  # the exact total rounded once
    divisor: int  # how many cells a mean is over; 1 in all other kinds
    chosen: int | None  # number of the term that is the maximum, the first of equals; None elsewhere
    magnitude: float  # (Σ |products| + |bias|) / divisor, which bounds the rounding of any order of adding up

    def error_bound(self, unit: float = FLOAT32) -> float:
        """How far a sum of these terms can be from `total` if computed in floating point with unit roundoff `unit`, in any
        order, with or without fused multiply-add: γ(k)·magnitude, γ(k) = k·u / (1 − k·u), k the number of terms and one more
        each for the bias and the division (Higham, "Accuracy and Stability of Numerical Algorithms", sections 3.1 and 4.2), and
        what each operation can lose below the smallest float32. A maximum has no error."""
        if self.chosen is not None:
            return 0.0
        steps = len(self.terms) + 2
        return steps * unit / (1 - steps * unit) * self.magnitude * (1 + 1e-9) + steps * 2.0**-149


# --- geometry


def reads(layer: Sliding, shape: Shape, channel: int, position: Place) -> tuple[Tap, ...]:
    """What cell (`channel`, *`position`) of the output reads of an input of `shape`, in the order of the filter's weights.

    A transposed convolution's cell lists the input cells whose filters reach it, perhaps none. Cells of a pooling window
    beyond the padding (`ceil_mode`) do not exist, and are left out. Raises IndexError for a cell outside the output, and
    Refusal for a layer that cannot take the input."""
    _require(position=(channel, *position), inside=layer.output_shape(shape))
    axes = _axes(layer, shape, position)
    channels = _input_channels(layer, shape, channel)
    weights = product(range(len(channels)), *(axis.kernel for axis in axes))
    cells = product(channels, *(axis.cells for axis in axes))
    sources: Iterator[Place | None] = product(channels, *(axis.sources for axis in axes))
    if any(None in axis.sources for axis in axes):
        sources = (None if None in source else source for source in sources)  # type: ignore[operator]
    return tuple(map(partial(tuple.__new__, Tap), zip(weights, cells, sources, strict=True)))  # Tap._make, twice as fast


def read_by(layer: Sliding, shape: Shape, cell: Place) -> Grid:
    """The output positions (without the channel) whose window holds the input cell (channel, *position), also by way of the
    padding. They are the same in each of `output_channels(layer, shape, channel)`, and empty elsewhere."""
    _require(position=cell, inside=shape)
    layer.output_shape(shape)
    if isinstance(layer, Transposed):
        slides = zip(_transposed(layer, shape), cell[1:], strict=True)
        return Grid(tuple(tuple(at for at in slide.cells(place) if 0 <= at < slide.length) for slide, place in slides))
    mode = _mode(layer)
    return Grid(
        tuple(
            tuple(sorted({output for at in _copies(slide, place, mode) for output in readers(slide, at)[1]}))
            for slide, place in zip(layer.slides(shape), cell[1:], strict=True)
        )
    )


def touched(layer: Sliding, shape: Shape, weight: Place, channel: int = 0) -> Grid:
    """The input cells (channel, *position) that a weight (channel within the group, *kernel index) of output `channel`'s filter
    is multiplied with, somewhere on its way. Cells of zero padding are not among them."""
    output = layer.output_shape(shape)
    inputs = _input_channels(layer, shape, channel)
    kernel = per_axis(layer.kernel_size, layer.AXES)
    _require(position=(channel, *weight), inside=(output[0], len(inputs), *kernel))
    mode = _mode(layer)
    axes: list[tuple[int, ...]] = []
    if isinstance(layer, Transposed):
        for slide, at in zip(_transposed(layer, shape), weight[1:], strict=True):
            places = slide.tap(at)
            axes.append(tuple(number for number, place in enumerate(places) if 0 <= place < slide.length))
    else:
        for slide, at in zip(layer.slides(shape), weight[1:], strict=True):
            found = {_source(slide, place, mode) for place in slide.tap(at) if place < slide.length + slide.after}
            axes.append(tuple(sorted(place for place in found if place is not None)))
    return Grid(((inputs[weight[0]],), *axes))


def output_channels(layer: Sliding, shape: Shape, channel: int) -> range:
    """The output channels that read input `channel`: those of its group; in pooling, the channel of the same number."""
    if isinstance(layer, Pooling):
        return range(channel, channel + 1)
    count = layer.out_channels // layer.groups
    group = channel // (shape[0] // layer.groups)
    return range(group * count, (group + 1) * count)


# --- numbers


def cell_of(
    layer: Sliding,
    values: NDArray[np.float32],
    weight: NDArray[np.float32] | None,
    bias: NDArray[np.float32] | None,
    channel: int,
    position: Place,
) -> Cell:
    """How cell (`channel`, *`position`) of the layer's output for the input `values` (C, *sizes) comes about. `weight` and
    `bias` are shaped as torch's module has them; pooling has neither. With `flipped(weight)` it is a true convolution's."""
    shape = values.shape
    _require(position=(channel, *position), inside=layer.output_shape(shape))
    axes = _axes(layer, shape, position)
    channels = _input_channels(layer, shape, channel)
    # Gathered axis by axis: the window, with any cell where there is none, and where that is.
    places = [[0 if at is None else at for at in axis.sources] for axis in axes]
    window = values[np.ix_(channels, *places)].astype(np.float64)
    empty = np.zeros(window.shape[1:], np.bool_)
    for number, axis in enumerate(axes):
        outside = np.array([at is None for at in axis.sources], np.bool_)
        empty |= outside.reshape(-1, *[1] * (len(axes) - number - 1))
    window[:, empty] = -np.inf if isinstance(layer, MaxPooling) else 0.0
    window += 0.0  # no −0: it would be printed
    divisor = 1
    if not isinstance(layer, Pooling):
        assert weight is not None
        filter_ = filter_of(layer, shape, weight, channel)
        weights = filter_[np.ix_(range(len(channels)), *(axis.kernel for axis in axes))].astype(np.float64) + 0.0
    else:
        weights = np.ones_like(window)
        if isinstance(layer, AveragePooling):
            if not layer.count_include_pad:
                weights[:, empty] = 0.0
            divisor = int(weights.sum())
    terms = Terms(partial(reads, layer, shape, channel, position), window.ravel(), weights.ravel())
    if isinstance(layer, MaxPooling):
        return _maximum(terms, window.ravel())
    with np.errstate(invalid="ignore"):  # 0·∞, in a filter that has diverged
        products = (window * weights).reshape(len(channels), -1)
    return _sum(terms, products, 0.0 if bias is None else float(bias[channel]), divisor)


def filter_of(layer: Convolution | Transposed, shape: Shape, weight: NDArray[np.float32], channel: int) -> NDArray[np.float32]:
    """Output `channel`'s filter, (channels of the group, *kernel), as a view of a layer's weight as torch keeps it: output
    channels first, or input channels first when transposed."""
    inputs = _input_channels(layer, shape, channel)
    within = channel % (layer.out_channels // layer.groups)
    place = (slice(inputs.start, inputs.stop), within) if isinstance(layer, Transposed) else channel
    filter_: NDArray[np.float32] = weight[place]
    return filter_


def flipped(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """The filters turned round along every axis of the kernel: what the field calls convolution is a cross-correlation; with a
    flipped filter it is the true convolution of mathematics, and the other way round."""
    return np.ascontiguousarray(np.flip(weight, tuple(range(2, weight.ndim))))


def agrees(cell: Cell, value: float | np.float32) -> tuple[bool, Decimal]:
    """Whether torch's float32 `value` is this cell, within `Cell.error_bound`; and torch's value less the exact total.

    Torch adds in another order and rounds each step; it never differs by more, unless it computes another way on purpose
    (TF32 on a GPU, Winograd)."""
    value = float(value)
    if not (isfinite(value) and cell.total.is_finite()):
        same = float(cell.float32) == value or (np.isnan(cell.float32) and np.isnan(value))
        return bool(same), Decimal(0) if same else Decimal(value) - cell.total
    difference = EXACT.subtract(Decimal(value), cell.total)
    return abs(difference) <= Decimal(cell.error_bound()), difference


# --- inside


class _Axis(NamedTuple):
    """What one output cell reads along one axis, reading by reading."""

    kernel: Sequence[int]
    cells: Sequence[int]
    sources: Sequence[int | None]


def _axes(layer: Sliding, shape: Shape, position: Place) -> tuple[_Axis, ...]:
    if isinstance(layer, Transposed):
        # The same slide read backwards: its windows are the input's cells, and what they hold is the output's.
        found = (readers(slide, at) for slide, at in zip(_transposed(layer, shape), position, strict=True))
        return tuple(_Axis(taps, inputs, inputs) for taps, inputs in found)
    mode = _mode(layer)
    axes = []
    for slide, at in zip(layer.slides(shape), position, strict=True):
        cells = slide.cells(at)
        if slide.ceil_mode:
            cells = range(cells.start, min(cells.stop, slide.length + slide.after), cells.step)
        axes.append(_Axis(range(len(cells)), cells, [_source(slide, cell, mode) for cell in cells]))
    return tuple(axes)


def _transposed(layer: Transposed, shape: Shape) -> tuple[Slide, ...]:
    """The way of the convolution that `layer` transposes, along each axis: from `layer`'s output to its input."""
    return tuple(
        Slide(size, kernel, stride, padding, padding - extra, dilation)
        for size, (kernel, stride, padding, dilation, extra) in zip(layer.sizes(shape), layer.steps(), strict=True)
    )


def _input_channels(layer: Sliding, shape: Shape, channel: int) -> range:
    """The input channels that output `channel` reads."""
    if isinstance(layer, Pooling):
        return range(channel, channel + 1)
    count = shape[0] // layer.groups
    group = channel // (layer.out_channels // layer.groups)
    return range(group * count, (group + 1) * count)


def _mode(layer: Sliding) -> str:
    return layer.padding_mode if isinstance(layer, Convolution) else "zeros"


def _source(slide: Slide, place: int, mode: str) -> int | None:
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


def _require(*, position: Place, inside: Shape) -> None:
    if len(position) != len(inside) or not all(0 <= at < size for at, size in zip(position, inside, strict=True)):
        raise IndexError(f"{position} is not in {inside}")


def _maximum(terms: Terms, values: NDArray[np.float64]) -> Cell:
    chosen = int(values.argmax())
    total = Decimal(float(values[chosen]))
    return Cell(terms, (total,), Decimal(0), total, np.float32(values[chosen]), 1, chosen, abs(float(values[chosen])))


def _sum(terms: Terms, products: NDArray[np.float64], bias: float, divisor: int) -> Cell:
    """The sum of `products`, a row a channel, and of the bias, divided."""
    magnitude = (float(np.abs(products).sum()) + abs(bias)) / divisor
    if not isfinite(magnitude):
        rough = products.sum(1)
        total = (float(rough.sum()) + bias) / divisor
        per_channel = tuple(map(Decimal, rough.tolist()))
        return Cell(terms, per_channel, Decimal(bias), Decimal(total), np.float32(total), divisor, None, magnitude)
    # Each product is an integer times a power of two; all become integers times the smallest of these powers.
    fractions, exponents = np.frexp(np.append(products, bias))
    lowest = int(exponents.min(initial=0, where=fractions != 0))
    shifts = np.where(fractions != 0, exponents - lowest, 0).tolist()
    integers = list(map(lshift, (fractions * 2.0**53).astype(np.int64).tolist(), shifts))
    power = lowest - 53
    width = products.shape[1]
    sums = [sum(integers[start : start + width]) for start in range(0, products.size, width)] if width else [0] * len(products)
    whole = sum(sums) + integers[-1]
    return Cell(
        terms,
        tuple(_decimal(number, power) for number in sums),
        Decimal(_without_sign_of_zero(bias)),
        _quotient(_decimal(whole, power), divisor),
        _rounded(whole, power, divisor),
        divisor,
        None,
        magnitude,
    )


def _decimal(number: int, power: int) -> Decimal:
    """`number` · 2^`power`, exactly, without trailing zeros after the point."""
    if number == 0 or power >= 0:
        return Decimal(number << max(power, 0))
    spare = min((number & -number).bit_length() - 1, -power)
    places = -power - spare
    return Decimal((number >> spare) * _power_of_five(places)).scaleb(-places, EXACT)  # 2^−n = 5^n · 10^−n


@cache
def _power_of_five(exponent: int) -> int:
    return int(5**exponent)


def _quotient(total: Decimal, divisor: int) -> Decimal:
    if divisor == 1:
        return total
    try:
        exact = EXACT.divide(total, Decimal(divisor))
    except Inexact:
        return Context(prec=MEAN_DIGITS).divide(total, Decimal(divisor))
    return exact


def _rounded(number: int, power: int, divisor: int) -> np.float32:
    """`number` · 2^`power` / `divisor` as the nearest float32.

    By way of a float64, which must not hide on which side of the middle between two float32 numbers the value lies: where it is
    inexact its last bit is made 1 ("round to odd"; such a number is never in the middle)."""
    over, under = number << max(power, 0), divisor << max(-power, 0)
    near = over / under  # Python's division of integers is correctly rounded
    top, bottom = near.as_integer_ratio()
    excess = over * bottom - top * under
    if excess and not np.float64(near).view(np.int64) & 1:
        near = float(np.nextafter(near, np.inf if excess > 0 else -np.inf))
    with np.errstate(over="ignore"):  # a total beyond float32 is ∞, as in torch
        return np.float32(near)


def _without_sign_of_zero(value: float) -> float:
    return value + 0.0
