"""One output cell of a convolution or a pooling, product by product, and the exact sum.

The sums are exact. A product of two float32 numbers has at most 48 significant bits and fits a float64; every finite binary
fraction has a finite decimal expansion. So the terms' decimals add up to the total's, digit for digit, and only
`OutputCell.float32` is rounded, once. (Python's own decimal operators round to 28 digits: add with `EXACT`.)

Called by the convolution lab. No torch: `agrees` compares torch's value with these numbers. `correspondence` says which cells
meet which weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from functools import cache
from math import isfinite, prod
from operator import lshift
from typing import NamedTuple, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from engine.cells.correspondence import Index, ReadWindow, Tap, input_channels, window
from engine.layers.base import Shape
from engine.layers.catalog import Sliding
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.pooling import AveragePooling, MaxPooling, Pooling
from engine.layers.kinds.transposed import Transposed

EXACT = Context(prec=1000, traps=[Inexact])  # float32 products and their sums have fewer than 400 digits; raises if ever more
MEAN_DIGITS = 40  # of a mean without a finite decimal expansion, as 1 / 3
MANY = 256  # from so many products in a row on, those of one power of two are added up together
HALF = 27  # half of the bits of a float64's mantissa
FLOAT32 = 2.0**-24  # unit roundoff
FLOAT64 = 2.0**-53


class Term(NamedTuple):
    """One product, each number with its exact decimals.

    In pooling the weight is 1, or 0 for a padding cell that does not count in the mean; padding in a maximum is −∞."""

    tap: Tap
    value: Decimal
    weight: Decimal
    product: Decimal


class Terms(Sequence[Term]):
    """A cell's terms in the order of `reads`, each made when it is read: a filter of 11×11 over 64 channels has 7,744 of them,
    and the screen shows a few dozen."""

    def __init__(self, window: ReadWindow, values: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
        self._window, self._values, self._weights = window, values, weights

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Term]:
        return map(_term, self._window.taps(), self._values.tolist(), self._weights.tolist())

    @overload
    def __getitem__(self, index: int) -> Term: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Term, ...]: ...
    def __getitem__(self, index: int | slice) -> Term | tuple[Term, ...]:
        chosen = range(len(self))[index]
        if isinstance(chosen, int):
            return self._at(chosen)
        if 8 * len(chosen) > len(self):  # cheaper one after another
            return tuple(self)[index]
        return tuple(map(self._at, chosen))

    def _at(self, number: int) -> Term:
        return _term(self._window.tap(number), float(self._values[number]), float(self._weights[number]))


def _term(tap: Tap, value: float, weight: float) -> Term:
    return Term(tap, Decimal(value), Decimal(weight), Decimal(value * weight + 0.0))  # + 0.0: no −0


@dataclass(frozen=True, eq=False)
class OutputCell:
    """The computation of one output cell: `total` = (Σ products + `bias`) / `divisor`, or the `chosen` term of a maximum."""

    terms: Sequence[Term]  # a Terms, which makes each term when it is read
    per_channel: tuple[Decimal, ...]  # the products' sum for each input channel of the group; a maximum's is the maximum
    bias: Decimal
    total: Decimal  # exact; a mean without a finite expansion has MEAN_DIGITS digits
    float32: np.float32  # the exact total rounded once
    divisor: int  # cells of a mean; 1 in all other kinds
    chosen: int | None  # number of the term that is the maximum, the first of equals; None in other kinds
    magnitude: float  # (Σ |products| + |bias|) / divisor, for the bound of the rounding error

    def error_bound(self, unit: float = FLOAT32) -> float:
        """The largest error of a floating-point sum of these terms (`rounding_bound`). A maximum has no error."""
        return 0.0 if self.chosen is not None else rounding_bound(len(self.terms), self.magnitude, unit)


def cell_of(
    layer: Sliding,
    values: NDArray[np.float32],
    weight: NDArray[np.float32] | None,
    bias: NDArray[np.float32] | None,
    channel: int,
    position: Index,
) -> OutputCell:
    """The computation of cell (`channel`, *`position`) of the layer's output for the input `values` (C, *sizes). `weight` and
    `bias` have the shapes of torch's module; pooling has neither. With `flipped(weight)` it is that of a true convolution."""
    seen = window(layer, values.shape, channel, position)
    channels, axes = seen
    # Gathered along the axes. Where there is no input cell, cell 0 is read, and `empty` is true.
    places = [[0 if at is None else at for at in axis.sources] for axis in axes]
    read = values[np.ix_(channels, *places)].astype(np.float64) + 0.0  # no −0: it would be printed
    empty = np.zeros(read.shape[1:], np.bool_)
    for number, axis in enumerate(axes):
        outside = np.array([at is None for at in axis.sources], np.bool_)
        empty |= outside.reshape(-1, *[1] * (len(axes) - number - 1))
    read[:, empty] = -np.inf if isinstance(layer, MaxPooling) else 0.0
    divisor = 1
    if isinstance(layer, Pooling):
        weights = np.ones_like(read)
        if isinstance(layer, AveragePooling):
            weights[:, empty] = float(layer.count_include_pad)
            divisor = int(weights.sum())
    else:
        assert weight is not None
        filter_ = filter_of(layer, values.shape, weight, channel)
        weights = filter_[np.ix_(range(len(channels)), *(axis.kernel for axis in axes))].astype(np.float64) + 0.0
    terms = Terms(seen, read.ravel(), weights.ravel())
    if isinstance(layer, MaxPooling):
        return _maximum(terms, read.ravel())
    with np.errstate(invalid="ignore"):  # 0·∞ and ∞ − ∞, in a filter that has diverged
        products = (read * weights).reshape(len(channels), prod(read.shape[1:]))
        return _sum(terms, products, 0.0 if bias is None else float(bias[channel]) + 0.0, divisor)


def filter_of(layer: Convolution | Transposed, shape: Shape, weight: NDArray[np.float32], channel: int) -> NDArray[np.float32]:
    """Output `channel`'s filter, (channels of the group, *kernel), as a view of a layer's weight in torch's layout: output
    channels first, or input channels first for a transposed convolution."""
    inputs = input_channels(layer, shape, channel)
    within = channel % (layer.out_channels // layer.groups)
    place = (slice(inputs.start, inputs.stop), within) if isinstance(layer, Transposed) else channel
    filter_: NDArray[np.float32] = weight[place]
    return filter_


def flipped(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """The filters reversed along every axis of the kernel. What deep learning calls a convolution is a cross-correlation; with
    flipped filters it is the convolution of mathematics."""
    return np.ascontiguousarray(np.flip(weight, tuple(range(2, weight.ndim))))


class ExactSum(NamedTuple):
    """An exact sum of products: `total` = (Σ `parts` + bias) / divisor."""

    parts: tuple[Decimal, ...]  # the sum of each row of products
    total: Decimal  # a quotient without a finite expansion has MEAN_DIGITS digits
    float32: np.float32  # the exact total rounded once
    magnitude: float  # (Σ |products| + |bias|) / divisor


def exact_sum(products: NDArray[np.float64], bias: float = 0.0, divisor: int = 1) -> ExactSum:
    """The sum of `products` (rows, any), each exact as float64, and of the bias, divided by `divisor`."""
    magnitude = (float(np.abs(products).sum()) + abs(bias)) / divisor
    if not isfinite(magnitude):
        rough = products.sum(1)
        total = (float(rough.sum()) + bias) / divisor
        return ExactSum(tuple(map(Decimal, rough.tolist())), Decimal(total), np.float32(total), magnitude)
    # Each product is an integer times a power of two; all become integers times the smallest of these powers.
    fractions, exponents = np.frexp(np.append(products, bias))
    lowest = int(exponents.min(initial=0, where=fractions != 0))
    shifts = np.where(fractions != 0, exponents - lowest, 0)
    mantissas = (fractions * 2.0**53).astype(np.int64)
    width = products.shape[1]
    rows = [slice(start, start + width) for start in range(0, products.size, width)] if width else []
    if width > MANY:
        sums = [_many(mantissas[row], shifts[row]) for row in rows]
    else:
        integers = list(map(lshift, mantissas.tolist(), shifts.tolist()))
        sums = [sum(integers[row]) for row in rows] or [0] * len(products)
    whole, power = sum(sums) + (int(mantissas[-1]) << int(shifts[-1])), lowest - 53
    return ExactSum(
        tuple(_decimal(number, power) for number in sums),
        _quotient(_decimal(whole, power), divisor),
        _rounded(whole, power, divisor),
        magnitude,
    )


def nearest_float32(total: Decimal) -> np.float32:
    """The exact number rounded once."""
    if not total.is_finite():
        return np.float32(float(total))
    number, divisor = total.as_integer_ratio()
    return _rounded(number, 0, divisor)


def rounding_bound(terms: int, magnitude: float, unit: float = FLOAT32) -> float:
    """The largest error of a sum of so many terms in floating point with unit roundoff `unit`, in any order, with or without
    fused multiply-add: γ(k)·magnitude, γ(k) = k·u / (1 − k·u), where k is the number of terms, one more for a bias and one more
    for a division (Higham, "Accuracy and Stability of Numerical Algorithms", sections 3.1 and 4.2), plus the underflow error of
    each operation below the smallest float32."""
    steps = terms + 2
    return steps * unit / (1 - steps * unit) * magnitude * (1 + 1e-9) + steps * 2.0**-149


class Exact(Protocol):
    """An exact number with the bound of its rounding error."""

    @property
    def total(self) -> Decimal: ...
    @property
    def float32(self) -> np.float32: ...
    def error_bound(self, unit: float = FLOAT32) -> float: ...


def agrees(cell: Exact, value: float | np.float32) -> tuple[bool, Decimal]:
    """Whether torch's float32 `value` is this cell within its `error_bound`, and torch's value minus the exact total.

    torch adds in another order and rounds at each step. It never differs by more, unless it uses another algorithm or precision
    (TF32 on a GPU, Winograd)."""
    value = float(value)
    if not (isfinite(value) and cell.total.is_finite()):
        same = float(cell.float32) == value or (np.isnan(cell.float32) and np.isnan(value))
        return bool(same), Decimal(0) if same else Decimal(value) - cell.total
    difference = EXACT.subtract(Decimal(value), cell.total)
    return abs(difference) <= Decimal(cell.error_bound()), difference


# --- inside


def _maximum(terms: Terms, values: NDArray[np.float64]) -> OutputCell:
    chosen = int(values.argmax())
    total = Decimal(float(values[chosen]))
    return OutputCell(terms, (total,), Decimal(0), total, np.float32(values[chosen]), 1, chosen, abs(float(values[chosen])))


def _sum(terms: Terms, products: NDArray[np.float64], bias: float, divisor: int) -> OutputCell:
    """The sum of `products`, one row for each channel, and of the bias, divided by `divisor`."""
    found = exact_sum(products, bias, divisor)
    return OutputCell(terms, found.parts, Decimal(bias), found.total, found.float32, divisor, None, magnitude=found.magnitude)


def _many(mantissas: NDArray[np.int64], shifts: NDArray[np.int64]) -> int:
    """Σ mantissa · 2^shift, exactly. Mantissas of one power are added up first, with their upper and lower bits separate, so
    that the sums of up to 2^25 of them are exact in the float64 of `bincount`."""
    upper, lower = mantissas >> HALF, mantissas & (2**HALF - 1)
    sums = [np.bincount(shifts, weights=part).tolist() for part in (upper, lower)]
    return sum(((int(high) << HALF) + int(low)) << power for power, (high, low) in enumerate(zip(*sums, strict=True)))


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

    The value is first rounded to a float64, which must keep on which side of the midpoint between two float32 numbers it is. So
    the last bit of an inexact float64 is set to 1 ("round to odd"): such a number is never a midpoint."""
    over, under = number << max(power, 0), divisor << max(-power, 0)
    near = over / under  # Python's division of integers is correctly rounded
    top, bottom = near.as_integer_ratio()
    excess = over * bottom - top * under
    if excess and not np.float64(near).view(np.int64) & 1:
        near = float(np.nextafter(near, np.inf if excess > 0 else -np.inf))
    with np.errstate(over="ignore"):  # a total beyond float32 is ∞, as in torch
        return np.float32(near)
