"""One unit at one time step, taken apart: every term of every gate, exact, beside torch's own value; and what the state would
have become with another value at one place.

The sums are exact, as those of `engine.cells.arithmetic`: a product of two float32 numbers is exact in float64, its decimals
are finite, and the printed terms add up to the printed total, digit for digit. What a nonlinearity gives has no finite
decimals: it is rounded once, to float32. Each line begins from torch's own numbers of the line before (the gates, the old
states), which are float32 and therefore exact decimals too. No torch: its values are in the `OpenedDirection`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp, isnan, tanh
from typing import Literal, NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from engine.cells.arithmetic import EXACT, FLOAT32, exact_sum, nearest_float32, rounding_bound
from engine.sequences.opened import ArrayName, OpenedDirection

Nonlinearity: TypeAlias = Literal["sigmoid", "tanh", "relu"]
ROUNDINGS = 8  # units in the last place that torch's own sigmoid and tanh, and ours, may be off by
WITHIN = 1e-6  # a state of torch's fused functions, which compute their gates in an order of their own


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
    """What would have been with `value` in the place of `was`: `direction` has the same numbers before step `t` (in its own
    order), and what the same weights make of it from there on. It can be taken apart like any other: its `step_terms` are of
    the state as it was set, with these numbers where torch's own ones stand else."""

    t: int
    unit: int
    gate: ArrayName
    value: float
    was: float
    direction: OpenedDirection

    @property
    def arrays(self) -> Mapping[ArrayName, NDArray[np.float32]]:
        return self.direction.arrays


def step_terms(direction: OpenedDirection, t: int, unit: int) -> StepTerms:
    """Every term of unit `unit` at time step `t`."""
    old_h = direction.old_state("h", t)
    gates = tuple(_gate(direction, t, unit, number, name, old_h) for number, name in enumerate(direction.gates))
    return StepTerms(direction, t, unit, direction.old_step(t) is None, gates, tuple(_states(direction, t, unit, old_h)))


def projection_terms(direction: OpenedDirection, t: int, state: int) -> ProjectedTerms:
    """Number `state` of the hidden state of an LSTM with a projection, at step `t`."""
    assert direction.weight_hr is not None
    arrays = direction.arrays
    wide = arrays["o"][t].astype(np.float64) * np.tanh(arrays["c"][t].astype(np.float64))
    sum_ = _weighed(direction.weight_hr[state], wide.astype(np.float32), None)
    bound = WITHIN * max(1.0, sum_.magnitude) + rounding_bound(len(sum_.terms), sum_.magnitude)
    return ProjectedTerms(t, state, sum_, nearest_float32(sum_.total), arrays["h"][t, state], bound)


def with_value_set(direction: OpenedDirection, t: int, unit: int, gate: ArrayName, value: float) -> ValueSet:
    """The states with `value`, any number, as gate `gate` (or state c or h) of `unit` at step `t`. Of a projected h, `unit` is
    the number of the state. What the direction reads stays as it is."""
    arrays = {name: values.copy() for name, values in direction.arrays.items()}
    was = float(arrays[gate][t, unit])
    later = range(t, -1, -1) if direction.backward else range(t, direction.steps)
    h = direction.old_state("h", t)
    c = direction.old_state("c", t) if direction.kind == "LSTM" else None
    first, last = later[0], later[-1]
    start = min(first, last)
    with np.errstate(all="ignore"):  # any number: what it leads to may have no finite value
        read = direction.x[start : max(first, last) + 1] @ direction.weight_ih.T  # of all these steps at once
        if direction.bias_ih is not None:
            read += direction.bias_ih
        for step in later:
            forced = (gate, unit, np.float32(value)) if step == t else None
            made = _step(direction, read[step - start], h, c, forced)
            for name, numbers in made.items():
                arrays[name][step] = numbers
            h, c = made["h"], made.get("c")
    return ValueSet(t, unit, gate, value, was, replace(direction, arrays=arrays))


# --- inside


def _gate(direction: OpenedDirection, t: int, unit: int, number: int, name: ArrayName, old_h: NDArray[np.float32]) -> GateTerms:
    row = number * direction.units + unit
    inputs = _weighed(direction.weight_ih[row], direction.x[t], _at(direction.bias_ih, row))
    states = _weighed(direction.weight_hh[row], old_h, _at(direction.bias_hh, row))
    reset = _decimal(direction.arrays["r"][t, unit]) if name == "n" else None
    from_state = states.total if reset is None else EXACT.multiply(reset, states.total)
    total = EXACT.add(inputs.total, from_state)
    magnitude = inputs.magnitude + states.magnitude * (1.0 if reset is None else abs(float(reset)))
    kind = direction.nonlinearity if direction.kind == "RNN" else "tanh" if name in ("g", "n") else "sigmoid"
    value = _nonlinear(kind, float(total))
    bound = rounding_bound(len(inputs.terms) + len(states.terms) + 2, magnitude)
    slope = 0.25 if kind == "sigmoid" else 1.0  # the largest of the function
    return GateTerms(
        name,
        kind,
        inputs,
        states,
        reset,
        from_state,
        total,
        np.float32(value),
        direction.arrays[name][t, unit],
        slope * bound + _roundings(value),
    )


def _states(direction: OpenedDirection, t: int, unit: int, old_h: NDArray[np.float32]) -> Iterator[StateTerms]:
    now = {name: _decimal(values[t, unit]) for name, values in direction.arrays.items() if name != "h"}
    match direction.kind:
        case "LSTM":
            old_c = _decimal(direction.old_state("c", t)[unit])
            kept = _product("f", now["f"], "old c", old_c), _product("i", now["i"], "g", now["g"])
            yield _state("c", kept, direction.arrays["c"][t, unit])
            squashed = _decimal(np.float32(np.tanh(float(now["c"]))))
            said = (_product("o", now["o"], "tanh c", squashed),)
            if direction.weight_hr is None:
                yield _state("h", said, direction.arrays["h"][t, unit])
            else:
                yield _state("o tanh c", said, None)
        case "GRU":
            new = _product("1 - z", EXACT.subtract(Decimal(1), now["z"]), "n", now["n"])
            yield _state("h", (new, _product("z", now["z"], "old h", _decimal(old_h[unit]))), direction.arrays["h"][t, unit])
        case _:
            return


def _weighed(weights: NDArray[np.float32], values: NDArray[np.float32], bias: np.float32 | None) -> WeighedSum:
    with np.errstate(invalid="ignore"):  # 0·∞, in a network that has diverged
        products = weights.astype(np.float64) * values
    summed = exact_sum(products[None], 0.0 if bias is None else float(bias))
    return WeighedSum(
        WeighedNumbers(weights, values),
        summed.parts[0] if summed.parts else Decimal(0),
        None if bias is None else _decimal(bias),
        summed.total,
        summed.magnitude,
    )


def _product(left: str, left_value: Decimal, right: str, right_value: Decimal) -> StateProduct:
    return StateProduct(left, left_value, right, right_value, EXACT.add(EXACT.multiply(left_value, right_value), Decimal(0)))


def _state(name: Literal["c", "h", "o tanh c"], terms: tuple[StateProduct, ...], torch: np.float32 | None) -> StateTerms:
    total = terms[0].product
    for term in terms[1:]:
        total = EXACT.add(total, term.product)
    magnitude = sum(abs(float(term.product)) for term in terms)
    return StateTerms(name, terms, total, nearest_float32(total), torch, WITHIN * max(1.0, magnitude))


def _at(bias: NDArray[np.float32] | None, row: int) -> np.float32 | None:
    return None if bias is None else bias[row]


def _decimal(value: np.float32) -> Decimal:
    return Decimal(float(value) + 0.0)  # no −0: it would be printed


def _nonlinear(kind: Nonlinearity, total: float) -> float:
    """In double precision, without an overflow of exp."""
    if kind == "relu":
        return total if total > 0 or isnan(total) else 0.0
    if kind == "tanh":
        return tanh(total)
    if total < 0:
        return exp(total) / (1 + exp(total))
    return 1 / (1 + exp(-total))


def _roundings(value: float) -> float:
    return ROUNDINGS * 2 * FLOAT32 * abs(value) + 2.0**-126


def _agree(value: np.float32, torch: np.float32, bound: float) -> bool:
    if not (np.isfinite(value) and np.isfinite(torch)):
        return bool(value == torch or (np.isnan(value) and np.isnan(torch)))
    return abs(float(value) - float(torch)) <= bound


def _step(
    direction: OpenedDirection,
    read: NDArray[np.float32],
    h: NDArray[np.float32],
    c: NDArray[np.float32] | None,
    forced: tuple[ArrayName, int, np.float32] | None,
) -> dict[ArrayName, NDArray[np.float32]]:
    """One step from the old states `h` and `c`; `read` is W x + b of all gates. The `forced` number takes the place of what a
    gate or a state would be as soon as that is known."""
    from_state = direction.weight_hh @ h
    if direction.bias_hh is not None:
        from_state = from_state + direction.bias_hh
    made: dict[ArrayName, NDArray[np.float32]] = {}

    def take(name: ArrayName, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        if forced is not None and forced[0] == name:
            numbers[forced[1]] = forced[2]
        made[name] = numbers
        return numbers

    if direction.kind == "RNN":
        sums = read + from_state
        take("h", np.tanh(sums) if direction.nonlinearity == "tanh" else np.maximum(sums, np.float32(0)))
        return made
    units = direction.units
    first, second, third, *_ = (slice(number * units, (number + 1) * units) for number in range(4))
    if direction.kind == "GRU":
        r = take("r", _sigmoid(read[first] + from_state[first]))
        z = take("z", _sigmoid(read[second] + from_state[second]))
        n = take("n", np.tanh(read[third] + r * from_state[third]))
        take("h", (1 - z) * n + z * h)
        return made
    assert c is not None
    sums = read + from_state
    i, f, g = take("i", _sigmoid(sums[first])), take("f", _sigmoid(sums[second])), take("g", np.tanh(sums[third]))
    o = take("o", _sigmoid(sums[3 * units :]))
    wide = o * np.tanh(take("c", f * c + i * g))
    take("h", wide if direction.weight_hr is None else direction.weight_hr @ wide)
    return made


def _sigmoid(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-sums)), np.float32)
