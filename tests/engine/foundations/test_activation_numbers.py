"""The board of activation functions: chains against torch's autograd, dead units against a count one by one, softmax against
torch in each precision."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.foundations.boards.activation.dead_units import (
    dead_by_bias,
    dead_by_rate,
    dead_from_to,
    dead_share,
    drawn_layer,
    expected_by_bias,
    firing_shares,
    stepped_layer,
)
from engine.foundations.boards.activation.softmax_steps import (
    entropy,
    largest_offset,
    shares_by_score,
    shares_by_temperature,
    softmax_steps,
)
from engine.foundations.boards.activation.unit_chains import UnitFunctionName, touched, unit_chain, unit_function
from engine.foundations.unit_functions import UNIT_FUNCTIONS, slopes_through

TORCHS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.2),
    "gelu": functional.gelu,
    "identity": lambda x: x * 1,
}


def test_each_function_has_its_name() -> None:
    assert set(get_args(UnitFunctionName)) == set(UNIT_FUNCTIONS)


@pytest.mark.parametrize("name", TORCHS)
@pytest.mark.parametrize("x", [-1.3, 0.4])
def test_the_line_that_touches_is_torchs_derivative(name: str, x: float) -> None:
    given = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = TORCHS[name](given)
    value.backward()
    touch = touched(name, x, 0.2)
    assert (touch.value, touch.slope) == pytest.approx((value.item(), given.grad.item()), abs=1e-14)
    assert touch.line(np.array([x, 0.0])) == pytest.approx([touch.value, touch.meets])


def test_a_step_is_flat_wherever_it_is_touched() -> None:
    assert [touched("step", x)[1:] for x in (-1.0, 2.0)] == [(0.0, 0.0), (1.0, 0.0)]


def test_a_leaky_relu_has_the_slope_that_is_set() -> None:
    assert unit_function("leaky_relu", 0.3).value(np.array([-2.0, 2.0])).tolist() == pytest.approx([-0.6, 2.0])
    assert unit_function("leaky_relu", 0.3).steepest == 1.0


@pytest.mark.parametrize("name", TORCHS)
@pytest.mark.parametrize(("x", "weight", "layers"), [(0.7, 1.0, 10), (0.7, -1.6, 7), (-0.4, 2.5, 30), (0.2, 1.0, 1)])
def test_the_product_through_a_chain_is_torchs_gradient_at_every_layer(name: str, x: float, weight: float, layers: int) -> None:
    value, read = torch.tensor(x, dtype=torch.float64, requires_grad=True), []
    outputs = []
    for _ in range(layers):
        read.append(value)
        value = TORCHS[name](weight * value)
        value.retain_grad()
        outputs.append(value.item())
    value.backward()
    chain = unit_chain(name, x, weight, layers, 0.2)
    np.testing.assert_allclose(chain.outputs, outputs, rtol=1e-12)
    np.testing.assert_allclose(chain.reaching, [at.grad.item() for at in read], rtol=1e-9, atol=1e-300)
    assert chain.product == chain.reaching[0]
    assert (np.abs(chain.reaching) <= chain.limits * (1 + 1e-12)).all()


def test_sigmoids_leave_at_most_a_quarter_a_layer() -> None:
    chain = unit_chain("sigmoid", 0.0, 1.0, 10)
    assert chain.limit == 0.25**10 == pytest.approx(9.5367431640625e-07)
    assert chain.factors[0] == 0.25  # the first one reads 0, where the slope is largest
    assert chain.product < chain.limit
    assert chain.slopes == pytest.approx(slopes_through("sigmoid", 0.0, 10))


@pytest.mark.parametrize("positive", [False, True])
def test_dead_units_are_those_counted_one_by_one(positive: bool) -> None:
    layer = drawn_layer(30, 24, 5, positive=positive)
    stepped = stepped_layer(layer, -2.5)
    dead, fires = 0, []
    for unit in range(30):
        answers = [max(0.0, float(np.dot(x, layer.weights_IU[:, unit])) - 2.5) for x in layer.x_SI]
        dead += all(answer == 0 for answer in answers)
        fires.append(sum(answer > 0 for answer in answers) / 24)
    assert dead_share(stepped.sums_SU) == dead / 30 > 0
    assert firing_shares(stepped.sums_SU) == pytest.approx(fires)
    biases = np.linspace(-6, 1, 29)
    counted = [dead_share(stepped_layer(layer, bias).sums_SU) for bias in biases]
    np.testing.assert_array_equal(dead_by_bias(layer, biases), counted)


def test_one_step_is_torchs_and_leaves_as_many_dead_units() -> None:
    layer = drawn_layer(40, 32, 1, positive=True)
    weights = torch.tensor(layer.weights_IU, requires_grad=True)
    bias = torch.full((40,), -0.5, dtype=torch.float64, requires_grad=True)
    x, target = torch.tensor(layer.x_SI), torch.tensor(layer.target_S)
    loss = 0.5 * functional.mse_loss(torch.relu(x @ weights + bias) @ torch.tensor(layer.out_U), target)
    loss.backward()
    stepped = stepped_layer(layer, -0.5)
    assert stepped.loss == pytest.approx(loss.item())
    np.testing.assert_allclose(stepped.weight_slopes_IU, weights.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(stepped.bias_slopes_U, bias.grad.numpy(), atol=1e-14)
    rates = np.array([0.0, 0.3, 1.0, 4.0, 15.0, 80.0, 1000.0])
    shares = []
    for rate in rates:
        with torch.no_grad():
            sums = x @ (weights - rate * weights.grad) + (bias - rate * bias.grad)
        np.testing.assert_allclose(stepped.after(rate), sums.numpy(), atol=1e-9)
        shares.append((torch.relu(sums).amax(0) == 0).double().mean().item())
    assert dead_by_rate(stepped, rates).tolist() == shares
    assert shares[-1] > shares[0]  # a large step kills


def test_a_unit_that_no_step_moves_is_dead_at_every_size_or_at_none() -> None:
    layer = drawn_layer(20, 16, 2, positive=False)
    stepped = stepped_layer(layer, -3.0)
    low, high = dead_from_to(stepped)
    still = stepped.pull_SU.any(axis=0) == 0
    assert still.any()
    assert (low[still] == 0).all() and np.isinf(high[still]).all()  # dead before, so dead after
    fed = stepped_layer(layer._replace(out_U=np.zeros(20)), 4.0)
    assert (dead_by_rate(fed, np.array([0.0, 1.0, 100.0])) == 0).all()


def test_the_theory_of_dead_units_is_met_by_many_layers() -> None:
    biases = np.array([-3.5, -2.5, -1.5])
    counted = np.mean([dead_by_bias(drawn_layer(100, 16, seed, positive=False), biases) for seed in range(60)], axis=0)
    theory = np.mean([expected_by_bias(drawn_layer(100, 16, seed, positive=False), biases) for seed in range(60)], axis=0)
    assert counted == pytest.approx(theory, abs=0.02)
    assert theory[0] > 0.5 > theory[2]


@pytest.mark.parametrize(("precision", "kind"), [(np.float32, torch.float32), (np.float64, torch.float64)])
@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_softmax_in_each_precision_is_torchs(precision: type, kind: torch.dtype, temperature: float) -> None:
    scores = np.array([0.3, 2.9, 4.0])
    steps = softmax_steps(scores, precision, temperature)
    expected = torch.softmax(torch.tensor(scores, dtype=kind) / temperature, 0).numpy()
    assert steps.raw.dtype == steps.shares.dtype == precision
    tolerance = 4 * float(np.finfo(precision).eps)
    np.testing.assert_allclose(steps.shares, expected, rtol=tolerance)
    np.testing.assert_allclose(steps.raw_shares, expected, rtol=tolerance)
    assert not steps.overflows and not steps.lost


def test_the_books_overflow_and_the_shift_that_saves_it() -> None:
    scores = np.array([1010.0, 1000.0, 990.0])
    steps = softmax_steps(scores, np.float64)
    assert np.isinf(steps.raw).all() and steps.overflows and steps.lost and np.isnan(steps.raw_shares).all()
    assert steps.shifted.tolist() == [0.0, -10.0, -20.0]
    assert steps.shares == pytest.approx([9.99954600e-01, 4.53978686e-05, 2.06106005e-09], rel=1e-8)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_exponentials_overflow_where_the_precision_ends(precision: type) -> None:
    assert largest_offset(np.array([0.0]), precision) == pytest.approx(
        {np.float32: 88.7228, np.float64: 709.7827}[precision], abs=1e-4
    )
    scores = np.array([1.0, 1.0, -2.0])
    below, above = (softmax_steps(scores + largest_offset(scores, precision) + more, precision) for more in (-0.01, 0.01))
    assert not below.lost and above.lost and np.isfinite(above.raw).all()  # the sum alone is infinite
    assert softmax_steps(np.array([-1200.0, -1300.0]), precision).lost  # all vanish: 0 over 0


def test_probabilities_by_one_score_and_their_derivatives_are_torchs() -> None:
    scores, across = np.array([0.3, 2.9, 4.0]), np.array([-3.0, 0.0, 2.9, 8.0])
    shares, slopes = shares_by_score(scores, 1, across)
    for place, at in enumerate(across):
        given = torch.tensor([0.3, at, 4.0], dtype=torch.float64)
        jacobian = torch.autograd.functional.jacobian(lambda x: torch.softmax(x, 0), given)
        np.testing.assert_allclose(shares[place], torch.softmax(given, 0).numpy(), atol=1e-15)
        np.testing.assert_allclose(slopes[place], jacobian[:, 1].numpy(), atol=1e-15)


def test_the_temperature_goes_from_the_largest_score_to_equal_shares() -> None:
    scores = np.array([1.0, 2.0, 3.0])
    shares = shares_by_temperature(scores, np.array([0.01, 1.0, 1e6]))
    assert shares[0] == pytest.approx([0, 0, 1], abs=1e-12)
    np.testing.assert_allclose(shares[1], torch.softmax(torch.tensor(scores), 0).numpy(), atol=1e-15)
    assert shares[2] == pytest.approx([1 / 3] * 3, abs=1e-5)
    assert entropy(shares[1]) == pytest.approx(torch.distributions.Categorical(torch.tensor(shares[1])).entropy().item())
    assert entropy(np.array([0.0, 1.0])) == 0.0
    assert entropy(np.full(4, 0.25)) == pytest.approx(math.log(4))
