"""One unit at one time step, taken apart: every term of every gate, exact, beside torch's own value; and what the state would
have become with another value at one place.

The sums are exact, as those of `engine.cells.arithmetic`: a product of two float32 numbers is exact in float64, its decimals
are finite, and the printed terms add up to the printed total, digit for digit. What a nonlinearity gives has no finite
decimals: it is rounded once, to float32. Each line begins from torch's own numbers of the line before (the gates, the old
states), which are float32 and therefore exact decimals too. No torch: its values are in the `OpenedDirection`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from engine.sequences.opened import ArrayName, OpenedDirection

Nonlinearity: TypeAlias = Literal["sigmoid", "tanh", "relu"]
ROUNDINGS = 8  # units in the last place that torch's own sigmoid and tanh, and ours, may be off by


class WeighedNumber(NamedTuple):
    """weight × value = product, number `number` of the sum. Exact decimals."""

    number: int
    weight: Decimal
    value: Decimal
    product: Decimal


class WeighedNumbers(Sequence[WeighedNumber]):
    """The products of a row of weights with what it reads, each made when it is looked at."""

    def __init__(self, weights: NDArray[np.float32], values: NDArray[np.float32]) -> None:
        self.weights, self.values = weights, values

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[WeighedNumber]:
        return (self._at(index) for index in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> WeighedNumber: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[WeighedNumber, ...]: ...
    def __getitem__(self, index: int | slice) -> WeighedNumber | tuple[WeighedNumber, ...]:
        chosen = range(len(self))[index]
        return self._at(chosen) if isinstance(chosen, int) else tuple(map(self._at, chosen))

    def _at(self, index: int) -> WeighedNumber:
        weight, value = float(self.weights[index]), float(self.values[index])
        return WeighedNumber(index, Decimal(weight + 0.0), Decimal(value + 0.0), Decimal(weight * value + 0.0))  # no −0


@dataclass(frozen=True, eq=False)
class WeighedSum:
    """`total` = Σ `terms` + `bias`, exactly: W x + b, or U h + b', or a state behind a projection."""

    terms: WeighedNumbers
    products: Decimal  # Σ terms
    bias: Decimal | None  # None: the layer has no biases
    total: Decimal
    magnitude: float  # Σ |terms| + |bias|, for the bound of the rounding error


@dataclass(frozen=True, eq=False)
class GateTerms:
    """One gate of one unit, before its nonlinearity:

        total = inputs.total + from_state        from_state = states.total, of a GRU's candidate reset × states.total

    `value` is the nonlinearity of the exact total, rounded once; `torch` is torch's own number."""

    name: ArrayName
    nonlinearity: Nonlinearity
    inputs: WeighedSum  # W x + b
    states: WeighedSum  # U h + b'
    reset: Decimal | None  # torch's r, of a GRU's candidate
    from_state: Decimal
    total: Decimal
    value: np.float32
    torch: np.float32
    error_bound: float  # of |torch - value|

    @property
    def agrees(self) -> bool:
        return _agree(self.value, self.torch, self.error_bound)


class StateProduct(NamedTuple):
    """left × right = product, of two numbers with names: f, i, g, o, z, n, "1 - z"; c, h with "old" for the old state; "tanh c"
    and "o tanh c" for what a nonlinearity gives. Exact decimals."""

    left: str
    left_value: Decimal
    right: str
    right_value: Decimal
    product: Decimal


@dataclass(frozen=True, eq=False)
class StateTerms:
    """A state's new number: `total` = Σ of the products, exactly. c = f × old c + i × g; h = o × tanh c; a GRU's
    h = (1 - z) × n + z × old h. `torch` is torch's own number, None of an intermediate one that it does not hand out."""

    name: Literal["c", "h", "o tanh c"]
    terms: tuple[StateProduct, ...]
    total: Decimal
    value: np.float32  # the total rounded once
    torch: np.float32 | None
    error_bound: float

    @property
    def agrees(self) -> bool:
        return self.torch is None or _agree(self.value, self.torch, self.error_bound)


@dataclass(frozen=True, eq=False)
class StepTerms:
    """Unit `unit` at time step `t`. `gates` are in torch's order (an RNN's one sum is its state "h", with nothing after it);
    `states` in the order of their computation: LSTM c, h; with a projection c, "o tanh c"; GRU h; RNN none."""

    direction: OpenedDirection
    t: int
    unit: int
    is_first: bool  # the old state is the state of zeros
    gates: tuple[GateTerms, ...]
    states: tuple[StateTerms, ...]

    def gate(self, name: ArrayName) -> GateTerms:
        return next(gate for gate in self.gates if gate.name == name)


@dataclass(frozen=True, eq=False)
class ProjectedTerms:
    """Number `state` of a projected hidden state: h = Σ W_hr × (o tanh c), over all units."""

    t: int
    state: int
    sum: WeighedSum
    value: np.float32
    torch: np.float32
    error_bound: float

    @property
    def agrees(self) -> bool:
        return _agree(self.value, self.torch, self.error_bound)


@dataclass(frozen=True, eq=False)
class ValueSet:
    """What would have been with `value` in the place of `was`: `arrays` as in the `OpenedDirection`, the same numbers before
    step `t` (in the direction's order), and what the same weights make of it from there on."""

    t: int
    unit: int
    gate: ArrayName
    value: float
    was: float
    arrays: Mapping[ArrayName, NDArray[np.float32]]


def step_terms(direction: OpenedDirection, t: int, unit: int) -> StepTerms:
    """Every term of unit `unit` at time step `t`."""
    raise NotImplementedError


def projection_terms(direction: OpenedDirection, t: int, state: int) -> ProjectedTerms:
    """Number `state` of the hidden state of an LSTM with a projection, at step `t`."""
    raise NotImplementedError


def with_value_set(direction: OpenedDirection, t: int, unit: int, gate: ArrayName, value: float) -> ValueSet:
    """The states with `value`, any number, as gate `gate` (or state c or h) of `unit` at step `t`. Of a projected h, `unit` is
    the number of the state. What the direction reads stays as it is."""
    raise NotImplementedError


def _agree(value: np.float32, torch: np.float32, bound: float) -> bool:
    raise NotImplementedError
