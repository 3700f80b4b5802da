"""One step, taken apart: the terms are exact and add up, whatever the cell; torch's own values are beside them; a value set by
hand leads to what the unrolled cell says."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import exp, tanh

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.sequences.opened import OpenedDirection, opened
from engine.sequences.step_terms import WeighedSum, projection_terms, step_terms, with_value_set
from tests.engine.sequences.unrolled_cells import random_modules

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
ROOMY = Context(prec=2000, traps=[Inexact])
NONLINEAR = {"sigmoid": lambda x: 1 / (1 + exp(-x)), "tanh": tanh, "relu": lambda x: max(x, 0.0)}


def added(*numbers: Decimal) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = ROOMY.add(total, number)
    return total


def summed(sum_: WeighedSum, weights: np.ndarray, values: np.ndarray, bias: np.float32 | None) -> Fraction:
    """Holds that every term is the product of its two float32 numbers and that the printed terms add up; the exact sum."""
    assert len(sum_.terms) == len(weights) == len(values)
    for number, term in enumerate(sum_.terms):
        assert (term.number, float(term.weight), float(term.value)) == (number, weights[number], values[number])
        assert term == sum_.terms[number]
        assert Fraction(term.product) == Fraction(float(weights[number])) * Fraction(float(values[number]))
    assert added(*(term.product for term in sum_.terms)) == sum_.products
    assert (sum_.bias is None) == (bias is None)
    assert added(sum_.products, sum_.bias or Decimal(0)) == sum_.total
    if bias is not None:
        assert float(sum_.bias or 0) == bias
    return Fraction(sum_.total)


def held(one: OpenedDirection, t: int, unit: int) -> None:
    """Every line of a step adds up exactly, and agrees with torch."""
    step = step_terms(one, t, unit)
    hidden = one.units
    old_h = one.old_state("h", t)
    assert step.is_first == (not old_h.any() and one.old_step(t) is None)
    assert [gate.name for gate in step.gates] == {"LSTM": list("ifgo"), "GRU": list("rzn"), "RNN": ["h"]}[one.kind]
    for number, gate in enumerate(step.gates):
        row = number * hidden + unit
        biases = (None, None) if one.bias_ih is None else (one.bias_ih[row], one.bias_hh[row])
        left = summed(gate.inputs, one.weight_ih[row], one.x[t], biases[0])
        right = summed(gate.states, one.weight_hh[row], old_h, biases[1])
        if gate.name == "n":
            assert gate.reset is not None and float(gate.reset) == one.arrays["r"][t, unit]
            right *= Fraction(gate.reset)
        else:
            assert gate.reset is None
        assert Fraction(gate.from_state) == right
        assert Fraction(gate.total) == left + right
        assert added(gate.inputs.total, gate.from_state) == gate.total
        assert gate.value == np.float32(NONLINEAR[gate.nonlinearity](float(gate.total))) or abs(
            float(gate.value) - NONLINEAR[gate.nonlinearity](float(gate.total))
        ) <= 2e-7 * abs(gate.value)
        assert gate.torch == one.arrays[gate.name][t, unit]
        assert abs(float(gate.value) - float(gate.torch)) <= 1e-6 * max(1.0, abs(gate.value))
        assert gate.agrees
    names = {"RNN": [], "GRU": ["h"], "LSTM": ["c", "h" if one.weight_hr is None else "o tanh c"]}[one.kind]
    assert [state.name for state in step.states] == names
    for state in step.states:
        for product in state.terms:
            assert Fraction(product.product) == Fraction(product.left_value) * Fraction(product.right_value)
        assert added(*(product.product for product in state.terms)) == state.total
        assert float(state.value) == pytest.approx(float(state.total), rel=1e-7)
        if state.torch is not None:
            assert state.torch == one.arrays[state.name][t, unit]
            assert abs(float(state.value) - float(state.torch)) <= 1e-6 * max(1.0, abs(float(state.value)))
        assert state.agrees


@given(random_modules(), st.data())
def test_every_line_of_every_cell_adds_up_exactly_and_agrees_with_torch(
    module: tuple[nn.RNNBase, Tensor], data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(opened(*module)))
    t, unit = data.draw(st.integers(0, one.steps - 1)), data.draw(st.integers(0, one.units - 1))
    held(one, t, unit)
    if one.weight_hr is not None:
        state = data.draw(st.integers(0, one.state_size - 1))
        projected = projection_terms(one, t, state)
        wide = (one.arrays["o"][t].astype(np.float64) * np.tanh(one.arrays["c"][t].astype(np.float64))).astype(np.float32)
        assert Fraction(projected.sum.total) == summed(projected.sum, one.weight_hr[state], wide, None)
        assert projected.torch == one.arrays["h"][t, state]
        assert projected.value == pytest.approx(projected.torch, rel=1e-6, abs=1e-6)
        assert projected.agrees


def test_a_step_worked_by_hand() -> None:
    """Weights that are powers of two, so that every number can be checked by eye: an LSTM of one unit, the second step."""
    rnn = nn.LSTM(1, 1, batch_first=True)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.tensor([[1.0], [2.0], [0.5], [0.25]]))
        rnn.weight_hh_l0.copy_(torch.tensor([[0.0], [0.0], [0.0], [0.0]]))
        rnn.bias_ih_l0.copy_(torch.tensor([0.5, 0.0, 0.25, 0.0]))
        rnn.bias_hh_l0.copy_(torch.tensor([-1.0, 1.0, 0.0, 0.0]))
    (one,) = opened(rnn, torch.tensor([[2.0], [4.0]]))
    step = step_terms(one, 1, 0)
    assert [str(gate.total) for gate in step.gates] == ["3.5", "9", "2.25", "1"]  # 4 + 0.5 - 1; 8 + 0 + 1; 2 + 0.25; 1
    c_1 = tanh(1.25) / (1 + exp(-1.5))  # i g of the first step
    c_2 = c_1 / (1 + exp(-9)) + tanh(2.25) / (1 + exp(-3.5))
    assert float(step.states[0].total) == pytest.approx(c_2, abs=1e-6)
    assert float(step.states[1].total) == pytest.approx(tanh(c_2) / (1 + exp(-1)), abs=1e-6)
    assert [(one.left, one.right) for one in step.states[0].terms] == [("f", "old c"), ("i", "g")]
    assert not step.is_first and step_terms(one, 0, 0).is_first


def test_in_torch_z_keeps_the_old_state_and_the_reset_comes_after_the_product() -> None:
    rnn = nn.GRU(1, 1, batch_first=True)
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter.zero_()
        rnn.bias_ih_l0.copy_(torch.tensor([0.0, 40.0, 0.0]))  # z is 1
        rnn.bias_hh_l0.copy_(torch.tensor([0.0, 0.0, 3.0]))  # b' of the candidate, inside of the product with r = 1/2
    (one,) = opened(rnn, torch.ones(3, 1))
    step = step_terms(one, 2, 0)
    assert step.gate("n").total == Decimal("1.5")
    assert float(step.gate("n").torch) == pytest.approx(tanh(1.5), abs=1e-6)
    assert (one.arrays["h"] == 0).all()  # with z = 1 the state of zeros stays


@given(random_modules(), st.data())
def test_a_value_set_by_hand_against_the_cell_run_on_in_double_precision(
    module: tuple[nn.RNNBase, Tensor], data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(opened(*module)))
    t = data.draw(st.integers(0, one.steps - 1))
    gate = data.draw(st.sampled_from(sorted(one.arrays)))
    unit = data.draw(st.integers(0, one.arrays[gate].shape[1] - 1))
    value = data.draw(st.sampled_from([0.0, 1.0, -2.5, 0.125]))
    found = with_value_set(one, t, unit, gate, value)
    assert found.was == one.arrays[gate][t, unit]
    expected = run_on(one, t, unit, gate, value)
    for name, values in expected.items():
        np.testing.assert_allclose(found.arrays[name], values, rtol=2e-6, atol=2e-6 * max(1.0, np.abs(values).max()))
    assert found.arrays[gate][t, unit] == np.float32(value)
    before = slice(t + 1, None) if one.backward else slice(None, t)
    for name, values in one.arrays.items():
        np.testing.assert_array_equal(found.arrays[name][before], values[before])


def test_the_value_that_is_there_changes_nothing() -> None:
    torch.manual_seed(0)
    (one,) = opened(nn.LSTM(2, 4, batch_first=True), torch.randn(20, 2))
    found = with_value_set(one, 3, 1, "f", float(one.arrays["f"][3, 1]))
    for name, values in one.arrays.items():
        np.testing.assert_allclose(found.arrays[name], values, atol=1e-6)


def run_on(one: OpenedDirection, t: int, unit: int, gate: str, value: float) -> dict[str, np.ndarray]:
    """The direction's arrays with the value in its place, by a loop of its own in double precision over all steps."""
    w, u = one.weight_ih.astype(float), one.weight_hh.astype(float)
    b = np.zeros(len(w)) if one.bias_ih is None else one.bias_ih.astype(float)
    b_ = np.zeros(len(w)) if one.bias_hh is None else one.bias_hh.astype(float)
    h, c = np.zeros(one.state_size), np.zeros(one.units)
    found = {name: np.zeros(values.shape) for name, values in one.arrays.items()}
    order = range(one.steps)[::-1] if one.backward else range(one.steps)

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    for step in order:
        now: dict[str, np.ndarray] = {}

        def put(name: str, values: np.ndarray, now: dict[str, np.ndarray] = now, here: bool = step == t) -> None:
            now[name] = values.copy()
            if here and name == gate:
                now[name][unit] = value

        left, right = w @ one.x[step] + b, u @ h + b_
        if one.kind == "LSTM":
            for name, part in zip("ifgo", np.split(left + right, 4), strict=True):
                put(name, np.tanh(part) if name == "g" else sigmoid(part))
            put("c", now["f"] * c + now["i"] * now["g"])
            wide = now["o"] * np.tanh(now["c"])
            put("h", wide if one.weight_hr is None else one.weight_hr.astype(float) @ wide)
            c = now["c"]
        elif one.kind == "GRU":
            (l_r, l_z, l_n), (r_r, r_z, r_n) = np.split(left, 3), np.split(right, 3)
            put("r", sigmoid(l_r + r_r))
            put("z", sigmoid(l_z + r_z))
            put("n", np.tanh(l_n + now["r"] * r_n))
            put("h", (1 - now["z"]) * now["n"] + now["z"] * h)
        else:
            put("h", np.maximum(left + right, 0) if one.nonlinearity == "relu" else np.tanh(left + right))
        h = now["h"]
        for name, values in now.items():
            found[name][step] = values
    return found


def test_numbers_of_a_network_that_has_diverged_are_said_as_they_are() -> None:
    rnn = nn.LSTM(2, 2, batch_first=True)
    with torch.no_grad():
        rnn.weight_ih_l0[0, 0] = float("inf")
        rnn.bias_hh_l0[2] = float("nan")
    (one,) = opened(rnn, torch.zeros(2, 2))
    for t in range(2):
        for unit in range(2):
            step = step_terms(one, t, unit)
            assert step.gates[0].total.is_nan() == (unit == 0 or t == 1)
            assert all(gate.agrees for gate in step.gates)
    assert np.isnan(with_value_set(one, 0, 0, "f", 1.0).arrays["c"]).any()
