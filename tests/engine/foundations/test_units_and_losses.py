"""Perceptrons, activation functions and losses against truth tables, torch's autograd and the books' figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.foundations.perceptrons import GATES, Perceptron, xor
from engine.foundations.single_losses import (
    LEAST,
    coin_log_likelihood,
    cross_entropy,
    cross_entropy_slopes,
    double_softmax_floor,
    gaussian_log_likelihood,
    smoothing_floor,
    squared_error,
)
from engine.foundations.unit_functions import UNIT_FUNCTIONS, largest_of, slopes_through, softmax, softmax_slopes

CORNERS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])

TORCHS = {
    "step": lambda x: (x > 0).double() + 0 * x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": functional.leaky_relu,
    "gelu": functional.gelu,
    "identity": lambda x: x * 1,
}


def test_gates_are_one_unit_and_xor_is_two_layers() -> None:
    assert GATES["AND"].fires(CORNERS).tolist() == [0, 0, 0, 1]
    assert GATES["NAND"].fires(CORNERS).tolist() == [1, 1, 1, 0]
    assert GATES["OR"].fires(CORNERS).tolist() == [0, 1, 1, 1]
    assert xor(CORNERS).tolist() == [0, 1, 1, 0]


def test_the_line_of_a_perceptron_is_where_its_sum_is_0() -> None:
    assert GATES["AND"].line([0.0, 1.4]) == pytest.approx([1.4, 0.0])
    assert GATES["OR"].line([0.0, 0.4]) == pytest.approx([0.4, 0.0])
    assert Perceptron((1.0, 0.0), -0.5).line([0.0]) is None
    assert GATES["AND"].total((0.4, 1.0)) == pytest.approx(0.0)


@pytest.mark.parametrize("name", UNIT_FUNCTIONS)
def test_values_and_slopes_are_torchs(name: str) -> None:
    x = np.concatenate([np.random.default_rng(3).normal(0, 4, 200), [-800.0, 800.0]])
    given = torch.tensor(x, requires_grad=True)
    out = TORCHS[name](given)
    out.sum().backward()
    function = UNIT_FUNCTIONS[name]
    np.testing.assert_allclose(function.value(x), out.detach().numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(function.slope(x), given.grad.numpy(), rtol=1e-11, atol=1e-15)
    assert function.value(x.astype(np.float32)).dtype == function.slope(x.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("name", UNIT_FUNCTIONS)
def test_no_slope_is_steeper_than_the_steepest(name: str) -> None:
    slopes = UNIT_FUNCTIONS[name].slope(np.linspace(-6, 6, 120_001))
    assert slopes.max() == pytest.approx(UNIT_FUNCTIONS[name].steepest, abs=1e-8)


def test_the_chain_of_sigmoids_vanishes_as_a_quarter_to_the_power_of_its_length() -> None:
    x = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    value = x
    for _ in range(7):
        value = torch.sigmoid(value)
    value.backward()
    slopes = slopes_through("sigmoid", 0.3, 7)
    assert np.prod(slopes) == pytest.approx(x.grad.item(), rel=1e-12)
    assert np.prod(slopes) < 0.25**7
    assert slopes_through("relu", 2.0, 50).prod() == 1.0


@pytest.mark.parametrize("shape", [(3,), (4, 3), (1000, 1), (2000, 3), (500, 40, 2), (100, 17)])
def test_the_largest_number_of_few_is_that_of_many(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).standard_normal(shape)
    x.reshape(-1)[0] = np.nan
    assert np.array_equal(largest_of(x), np.max(x, axis=-1, keepdims=True), equal_nan=True)


def test_softmax_of_the_book_its_overflow_and_the_shift_that_saves_it() -> None:
    assert softmax(np.array([0.3, 2.9, 4.0])) == pytest.approx([0.01821127, 0.24519181, 0.73659691], abs=1e-8)
    large = np.array([1010.0, 1000.0, 990.0])
    assert np.isnan(softmax(large, shifted=False)).all()
    assert softmax(large) == pytest.approx([9.99954600e-01, 4.53978686e-05, 2.06106005e-09], rel=1e-8)
    assert softmax(np.array([1.0, 2.0]), temperature=1e-2) == pytest.approx([0, 1], abs=1e-12)
    assert softmax(np.array([1.0, 2.0]), temperature=1e6) == pytest.approx([0.5, 0.5], abs=1e-6)
    with pytest.raises(ValueError, match="above 0"):
        softmax(large, temperature=0)


def test_softmax_slopes_are_torchs_jacobian() -> None:
    scores = torch.tensor([0.3, -1.2, 2.0], dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda x: torch.softmax(x, 0), scores)
    np.testing.assert_allclose(softmax_slopes(softmax(scores.numpy())), jacobian.numpy(), atol=1e-15)


def test_losses_of_the_books_example() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, section 4.2: the answer is 2, which is found, then 7."""
    truth = np.eye(10)[2]
    right = np.array([0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0])
    wrong = np.array([0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0])
    assert squared_error(right, truth) == pytest.approx(0.0975)
    assert squared_error(wrong, truth) == pytest.approx(0.5975)
    assert cross_entropy(right, truth, least=LEAST) == pytest.approx(0.510825457099338)
    assert cross_entropy(wrong, truth, least=LEAST) == pytest.approx(2.302584092994546)
    assert cross_entropy(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == math.inf


def test_the_slope_of_cross_entropy_is_answer_minus_truth() -> None:
    scores = torch.tensor([0.3, -1.2, 2.0], dtype=torch.float64, requires_grad=True)
    functional.cross_entropy(scores, torch.tensor(1)).backward()
    np.testing.assert_allclose(cross_entropy_slopes(scores.detach().numpy(), np.eye(3)[1]), scores.grad.numpy(), atol=1e-15)


def test_likelihoods_are_torchs_distributions() -> None:
    points = np.array([0.2, -1.0, 3.3])
    normal = torch.distributions.Normal(torch.tensor(0.5).double(), torch.tensor(1.7).double())
    assert gaussian_log_likelihood(points, 0.5, 1.7) == pytest.approx(normal.log_prob(torch.tensor(points)).sum().item())
    flips, share = torch.tensor([1.0, 1.0, 1.0, 0.0]), torch.full((4,), 0.6)
    assert coin_log_likelihood(3, 1, 0.6) == pytest.approx(
        -functional.binary_cross_entropy(share, flips, reduction="sum").item()
    )
    assert coin_log_likelihood(3, 0, 1.0) == 0.0
    assert coin_log_likelihood(3, 1, 1.0) == -math.inf


def test_floors_are_what_torch_reaches_at_best() -> None:
    smooth = torch.full((1, 10), 0.01).index_fill(1, torch.tensor(0), 0.91).log()  # the best answer: the targets themselves
    reached = functional.cross_entropy(smooth, torch.tensor([0]), label_smoothing=0.1).item()
    assert smoothing_floor(0.1, 10) == pytest.approx(reached, abs=1e-6) == pytest.approx(0.5003, abs=5e-5)
    assert smoothing_floor(0.0, 10) == 0.0
    once = torch.tensor([[60.0] + [0.0] * 9], dtype=torch.float64).softmax(1)
    assert double_softmax_floor(10) == pytest.approx(functional.cross_entropy(once, torch.tensor([0])).item())
    assert double_softmax_floor(10) == pytest.approx(1.461, abs=5e-4)
