"""Backpropagation through one layer, sum by sum: the products that make up the gradient of a weight or of an input cell.

The loss L has a gradient dL/dy for every output cell (`Upstream`). The chain rule gives
    dL/dw = Σ dL/dy · x   over the output cells that use the weight w, with x the input cell that w is multiplied with there,
    dL/dx = Σ dL/dy · w   over the output cells that read the input cell x, with w the weight that x is multiplied with,
and in pooling dL/dx = Σ dL/dy over the windows of which x is the maximum, or Σ dL/dy / cells over the windows that contain x.
Each sum is exact, as in `arithmetic`. Its terms are made when they are read, because a weight has as many as the map has cells.

No torch: `engine.passes.layer_gradients` has the same by torch's autograd. Called by the convolution lab's backward view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import prod
from typing import Literal, NamedTuple, Protocol, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import FLOAT32, MEAN_DIGITS, exact_sum, filter_of, rounding_bound
from engine.cells.correspondence import (
    Index,
    Meeting,
    cell_meetings,
    input_channels,
    output_channels,
    weight_meetings,
)
from engine.cells.filters import Filters
from engine.cells.planes import Flat
from engine.cells.unrolled import Matrix, map_values
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.pooling import MaxPool2d, Pooling
from engine.layers.kinds.transposed import ConvTranspose2d

UpstreamName: TypeAlias = Literal["ones", "output", "random"]


class Upstream(Protocol):
    """dL/dy at every combination of channels, rows and columns of the output, float32."""

    def __call__(self, channels: range, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.float32]: ...


def upstream(name: UpstreamName, layer: Flat, values_CHW: NDArray[np.float32], filters: Filters | None) -> Upstream:
    """The upstream gradient of a simple loss. "ones": L is the sum of all outputs. "output": L is half the sum of their
    squares, so that dL/dy = y. "random": integers from −2 to 2, the same at every call."""
    match name:
        case "ones":
            return _ones
        case "random":
            return _random
        case "output":
            return _Outputs(layer, values_CHW, filters)


class Flow(NamedTuple):
    """One product of the sum: the gradient of an output cell times `partner`. The partner of a weight is an input value, and
    that of an input cell a weight; in max pooling it is 1 for the window's maximum and 0 otherwise, in average pooling 1 /
    cells."""

    output: Index  # (channel, row, column)
    kernel: tuple[int, int]  # the weight's row and column in the filter
    cell: tuple[int, int]  # the input cell's row and column, which can be in the padding
    source: tuple[int, int] | None  # the input cell with that value; None in empty padding
    gradient: Decimal
    partner: Decimal
    product: Decimal
    divisor: int  # of a mean; else 1


@dataclass(frozen=True, eq=False)
class _Crossing:
    """All terms of a sum: the combinations of the channels and of both axes' meetings, the last one fastest."""

    channels: range
    down: tuple[Meeting, ...]
    across: tuple[Meeting, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.channels), len(self.down), len(self.across)

    def from_(self, above: Upstream) -> NDArray[np.float64]:
        """The gradient of each term's output cell, in the shape of the crossing. An output cell that reads an input cell
        several times, through the padding, is in several terms."""
        rows, row = np.unique([each.output for each in self.down], return_inverse=True)
        columns, column = np.unique([each.output for each in self.across], return_inverse=True)
        if not (len(rows) and len(columns)):
            return np.zeros(self.shape)
        found = above(self.channels, rows.tolist(), columns.tolist())
        return found[:, row][:, :, column].astype(np.float64) + 0.0  # no −0: it would be printed


class Flows(Sequence[Flow]):
    """The terms of a gradient, each made when it is read."""

    def __init__(
        self,
        crossing: _Crossing,
        gradients: NDArray[np.float64],
        partners: NDArray[np.float64],
        divisors: NDArray[np.int64] | None = None,
    ) -> None:
        """The arrays have the crossing's shape."""
        self._crossing = crossing
        self._gradients, self._partners, self._divisors = gradients, partners, divisors

    def __len__(self) -> int:
        return prod(self._crossing.shape)

    def __iter__(self) -> Iterator[Flow]:
        return (self._at(number) for number in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Flow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Flow, ...]: ...
    def __getitem__(self, index: int | slice) -> Flow | tuple[Flow, ...]:
        chosen = range(len(self))[index]
        return self._at(chosen) if isinstance(chosen, int) else tuple(map(self._at, chosen))

    def _at(self, number: int) -> Flow:
        _, rows, columns = self._crossing.shape
        rest, column = divmod(number, columns)
        channel, row = divmod(rest, rows)
        y, x = self._crossing.down[row], self._crossing.across[column]
        gradient, partner = float(self._gradients[channel, row, column]), float(self._partners[channel, row, column])
        divisor = 1 if self._divisors is None else int(self._divisors[channel, row, column])
        product = Decimal(gradient * partner + 0.0)
        if divisor > 1:
            product = _divided(Fraction(gradient * partner), divisor)
        return Flow(
            (self._crossing.channels[channel], y.output, x.output),
            (y.kernel, x.kernel),
            (y.cell, x.cell),
            None if y.source is None or x.source is None else (y.source, x.source),
            Decimal(gradient),
            Decimal(partner) if divisor == 1 else _divided(Fraction(partner), divisor),
            product,
            divisor,
        )


@dataclass(frozen=True, eq=False)
class Gradient:
    """dL/dw or dL/dx: the exact sum of its terms. `arithmetic.agrees` compares torch's number with it."""

    terms: Flows
    total: Decimal  # a quotient that does not come out has MEAN_DIGITS digits
    float32: np.float32  # the exact total rounded once
    magnitude: float  # Σ |products|

    def error_bound(self, unit: float = FLOAT32) -> float:
        """The largest error of a floating-point sum of these terms (`arithmetic.rounding_bound`)."""
        return rounding_bound(len(self.terms), self.magnitude, unit)


def into_weight(
    layer: Conv2d | ConvTranspose2d,
    values_CHW: NDArray[np.float32],
    above: Upstream,
    channel: int,
    weight: tuple[int, int, int],
) -> Gradient:
    """dL/dw of weight (channel within the group, row, column) of output `channel`'s filter. A product with empty padding is 0,
    but still a term. Raises IndexError if there is no such weight."""
    inputs = input_channels(layer, values_CHW.shape, channel)
    down, across = weight_meetings(layer, values_CHW.shape, weight[1:])
    crossing = _Crossing(range(channel, channel + 1), down, across)
    y, x = (np.array([-1 if each.source is None else each.source for each in axis], np.int64) for axis in (down, across))
    values = values_CHW[inputs[weight[0]]][np.ix_(y.clip(0), x.clip(0))].astype(np.float64) + 0.0
    values[(y < 0)[:, None] | (x < 0)[None, :]] = 0.0
    return _gradient(crossing, crossing.from_(above), values[None])


def into_input(layer: Flat, values_CHW: NDArray[np.float32], filters: Filters | None, above: Upstream, cell: Index) -> Gradient:
    """dL/dx of input cell (channel, row, column), over all output channels that read it. Raises IndexError if there is no such
    cell."""
    shape = values_CHW.shape
    crossing = _Crossing(output_channels(layer, shape, cell[0]), *cell_meetings(layer, shape, cell))
    gradients = crossing.from_(above)
    if isinstance(layer, Pooling):
        return _into_pooled(layer, values_CHW, crossing, gradients, cell)
    assert filters is not None
    inputs = input_channels(layer, shape, crossing.channels[0])
    rows, columns = ([each.kernel for each in axis] for axis in (crossing.down, crossing.across))
    weights = np.stack(
        [
            filter_of(layer, shape, filters.weight, channel)[cell[0] - inputs.start][np.ix_(rows, columns)]
            for channel in crossing.channels
        ]
    )
    return _gradient(crossing, gradients, weights.astype(np.float64) + 0.0)


# --- inside


def _into_pooled(
    layer: Flat, values_CHW: NDArray[np.float32], crossing: _Crossing, gradients: NDArray[np.float64], cell: Index
) -> Gradient:
    matrix = Matrix(layer, values_CHW, cell[0])
    rows = [matrix.row((y.output, x.output)) for y in crossing.down for x in crossing.across]
    if isinstance(layer, MaxPool2d):
        own = [matrix.column((0, y.kernel, x.kernel)) for y in crossing.down for x in crossing.across]
        chosen = np.zeros(len(rows), np.int64)
        if rows:
            chosen = matrix.block(rows, range(matrix.shape[1])).values.argmax(1)  # the first of equals, as in torch
        taken = (chosen == np.array(own, np.int64)).astype(np.float64)
        return _gradient(crossing, gradients, taken.reshape(crossing.shape))
    divisors = (matrix.divisors(rows) if rows else np.zeros(0, np.int64)).reshape(crossing.shape)
    terms = Flows(crossing, gradients, np.ones(crossing.shape), divisors)
    total = Fraction(0)
    for divisor in np.unique(divisors).tolist():
        total += Fraction(exact_sum(gradients[divisors == divisor][None]).total) / divisor
    with np.errstate(over="ignore"):
        nearest = np.float32(float(total))
    magnitude = float((np.abs(gradients) / np.maximum(divisors, 1)).sum())
    return Gradient(terms, _divided(total, 1), nearest, magnitude)


def _gradient(crossing: _Crossing, gradients: NDArray[np.float64], partners: NDArray[np.float64]) -> Gradient:
    with np.errstate(invalid="ignore"):  # 0·∞ in a filter that has diverged
        products = gradients * partners
    found = exact_sum(products.reshape(1, -1))
    return Gradient(Flows(crossing, gradients, partners), found.total, found.float32, found.magnitude)


def _divided(number: Fraction, divisor: int) -> Decimal:
    """`number` / `divisor`, with MEAN_DIGITS digits."""
    quotient = number / divisor
    return Context(prec=MEAN_DIGITS).divide(Decimal(quotient.numerator), Decimal(quotient.denominator))


def _ones(channels: range, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.float32]:
    return np.ones((len(channels), len(rows), len(columns)), np.float32)


def _random(channels: range, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.float32]:
    """Numbers that depend on the position alone (the finaliser of SplitMix64, Steele et al. 2014), so that a part of a map is
    the same as in the whole map."""
    places = [np.asarray(axis, np.uint64) for axis in (channels, rows, columns)]
    state = (places[0][:, None, None] << np.uint64(48)) ^ (places[1][:, None] << np.uint64(24)) ^ places[2]
    state = (state + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return (state % np.uint64(5)).astype(np.float32) - 2


class _Outputs:
    """The maps themselves, each value rounded once to float32. The last whole map is kept, because every weight of its filter
    reads it."""

    def __init__(self, layer: Flat, values_CHW: NDArray[np.float32], filters: Filters | None) -> None:
        self._layer, self._values_CHW, self._filters = layer, values_CHW, filters
        self._size = layer.output_shape(values_CHW.shape)[1:]
        self._kept: tuple[int, NDArray[np.float32]] | None = None

    def __call__(self, channels: range, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.float32]:
        if len(channels) == 1 and 2 * len(rows) * len(columns) > prod(self._size):
            kept = self._kept
            if kept is None or kept[0] != channels[0]:
                kept = channels[0], self._computed(channels, range(self._size[0]), range(self._size[1]))[0]
                self._kept = kept
            return kept[1][np.ix_(rows, columns)][None]
        return self._computed(channels, rows, columns)

    def _computed(self, channels: range, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.float32]:
        found = map_values(self._layer, self._values_CHW, self._filters, channels, rows, columns)
        with np.errstate(over="ignore"):
            return found.astype(np.float32)
