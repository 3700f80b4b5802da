"""First weights and small dense networks against torch's autograd, theory, and the figures that were measured of the books."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.foundations.dense_networks import NORM_EPSILON, DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.first_layers import FIRST_WEIGHTS, drawn, flow, predicted_deviations, saturated_share, spread
from engine.foundations.unit_functions import UNIT_FUNCTIONS


@pytest.mark.parametrize("rule", FIRST_WEIGHTS)
def test_weights_are_drawn_with_the_stated_deviation(rule: str) -> None:
    weights = drawn(rule, 400, 300, np.random.default_rng(1))
    assert weights.std() == pytest.approx(spread(rule, 400), rel=0.02)
    if rule == "torch":
        default = torch.nn.Linear(400, 300).weight.detach().numpy()
        assert abs(weights).max() == pytest.approx(abs(default).max(), rel=1e-3)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_activations_and_gradients_are_torchs(activation: str) -> None:
    """The same draws in the same order, the gradient by autograd."""
    random = np.random.default_rng(0)
    value = torch.tensor(random.standard_normal((40, 30)))
    weights = [torch.tensor(drawn("xavier", 30, 30, random)) for _ in range(4)]
    ends, totals, values = torch.tensor(random.standard_normal((40, 30))), [], []
    for weight in weights:
        total = (value @ weight).requires_grad_()
        total.retain_grad()
        value = getattr(torch, activation)(total)
        totals.append(total)
        values.append(value)
    (ends * value).sum().backward()
    for ours, total, value in zip(flow("xavier", activation, layers=4, units=30, samples=40), totals, values, strict=True):
        np.testing.assert_allclose(ours.activations, value.detach().numpy(), rtol=1e-10)
        np.testing.assert_allclose(ours.gradients, total.grad.numpy(), rtol=1e-9, atol=1e-14)
        assert ours.deviation == pytest.approx(value.std(correction=0).item())
        assert ours.between_samples == pytest.approx(value.std(0, correction=0).mean().item())


@pytest.mark.parametrize(
    ("rule", "activation", "first", "last"),
    [
        ("1", "sigmoid", 0.46, 0.44),
        ("xavier", "sigmoid", 0.21, 0.12),
        ("0.01", "tanh", 0.099, 9.8e-6),
        ("xavier", "tanh", 0.63, 0.32),
        ("0.01", "relu", 0.058, 1.6e-6),
        ("xavier", "relu", 0.58, 0.16),
        ("he", "relu", 0.83, 0.91),
    ],
)
def test_deviations_are_those_that_were_measured_of_the_book(rule: str, activation: str, first: float, last: float) -> None:
    layers = flow(rule, activation)
    assert layers[0].deviation == pytest.approx(first, rel=0.06)
    assert layers[-1].deviation == pytest.approx(last, rel=0.25)


def test_large_weights_saturate_sigmoids_and_small_ones_leave_them_at_a_half() -> None:
    share = saturated_share(flow("1", "sigmoid")[-1].activations, "sigmoid")
    assert share is not None
    assert 0.6 < share < 0.8
    small = flow("0.01", "sigmoid")[-1]
    assert abs(small.activations - 0.5).max() < 0.2
    assert small.between_samples < 1e-6 < 1e-3 < small.deviation, "every sample gives the same, units differ"
    assert saturated_share(small.activations, "relu") is None


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("rule", ["1", "xavier", "he", "torch", "0.01"])
def test_theory_is_what_a_wide_stack_does(rule: str, activation: str) -> None:
    layers = flow(rule, activation, layers=4, units=800, samples=200)
    measured = [math.sqrt(float((layer.activations**2).mean())) for layer in layers]
    assert predicted_deviations(rule, activation, layers=4, units=800) == pytest.approx(measured, rel=0.12)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_gradients_of_a_dense_network_are_torchs(activation: str, batch_norm: bool) -> None:
    random = np.random.default_rng(2)
    shape = DenseShape((6, 5, 4, 3), activation, batch_norm=batch_norm, weight_decay=0.1)
    network = DenseNetwork(shape, random)
    x, classes = random.normal(size=(8, 6)), random.integers(0, 3, 8)
    loss, gradients = network.loss_and_gradients(x, classes)
    given = {name: torch.tensor(value, requires_grad=True) for name, value in network.parameters.items()}
    value = torch.tensor(x)
    for layer in (1, 2):
        value = value @ given[f"W{layer}"] + given[f"b{layer}"]
        if batch_norm:
            value = functional.batch_norm(
                value, None, None, given[f"gamma{layer}"], given[f"beta{layer}"], training=True, eps=NORM_EPSILON
            )
        value = getattr(torch, activation)(value)
    theirs = functional.cross_entropy(value @ given["W3"] + given["b3"], torch.tensor(classes))
    theirs = theirs + 0.05 * sum((given[f"W{layer}"] ** 2).sum() for layer in (1, 2, 3))
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), abs=1e-5), "the book adds 1e-7 to each probability"
    for name, one in given.items():
        np.testing.assert_allclose(gradients[name], one.grad.numpy(), rtol=1e-7, atol=1e-12)


def test_dropout_of_the_book_multiplies_when_it_judges() -> None:
    network = DenseNetwork(DenseShape((4, 3, 2), dropout=0.25), np.random.default_rng(0))
    x = np.ones((1, 4))
    hidden = UNIT_FUNCTIONS["relu"].value(x @ network.parameters["W1"])
    np.testing.assert_allclose(network.scores(x), 0.75 * hidden @ network.parameters["W2"])


def test_running_means_are_what_has_been_seen() -> None:
    network = DenseNetwork(DenseShape((2, 2, 2), batch_norm=True), np.random.default_rng(0))
    x = np.random.default_rng(1).normal(3, 2, (50, 2))
    for _ in range(200):
        network.loss_and_gradients(x, np.zeros(50, np.int64))
    total = x @ network.parameters["W1"]
    normal = (total - total.mean(axis=0)) / np.sqrt(total.var(axis=0) + NORM_EPSILON)
    np.testing.assert_allclose(network.scores(x), np.maximum(normal, 0) @ network.parameters["W2"], rtol=1e-6)


def test_it_learns_what_a_line_cannot_divide() -> None:
    random = np.random.default_rng(4)
    x = random.uniform(-1, 1, (300, 2))
    classes = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    network = DenseNetwork(DenseShape((2, 16, 2)), random)
    learning = trained(network, x, classes, rule="adam", settings=RuleSettings(lr=0.02), batch=50, generator=random)
    losses = [next(learning) for _ in range(400)]
    assert losses[0] > 0.5 > 0.1 > losses[-1]
    assert network.accuracy(x, classes) > 0.97
