"""The book's gradient check of a network of two layers, tensor by tensor."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.foundations.boards.backpropagation.two_layer_check import (
    TwoLayerSetting,
    check_two_layers,
    count_of,
    two_layers,
)

RANDOM = np.random.default_rng(2)
X, CLASSES = RANDOM.uniform(0, 1, (5, 12)), np.array([3, 0, 9, 4, 4])


def test_the_tensors_come_one_after_the_other_within_the_books_band() -> None:
    """The book prints mean differences between 1e-10 and 1e-13."""
    found = list(check_two_layers(TwoLayerSetting(hidden=6, in_logarithm=False), X, CLASSES))
    assert [each.name for each in found] == ["b2", "W2", "b1", "W1"]
    assert [each.tensors[0].backward.shape for each in found] == [(10,), (6, 10), (6,), (12, 6)]
    assert all(each.tensors[0].mean_difference < 1e-9 for each in found)
    assert all(each.worst_tensor.worst.error < 1e-6 for each in found)
    assert sum(each.derivatives for each in found) == count_of(TwoLayerSetting(hidden=6), 12) == 12 * 6 + 6 + 6 * 10 + 10
    assert count_of(TwoLayerSetting(), 784) == 39_760


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "tanh"])
def test_the_backward_pass_is_torchs(activation: str) -> None:
    setting = TwoLayerSetting(hidden=6, activation=activation, in_logarithm=False, samples=4, step=1e-5)
    weights = {name: torch.tensor(value, requires_grad=True) for name, value in two_layers(setting, 12).parameters.items()}
    x, t = torch.tensor(X[:4]), torch.tensor(CLASSES[:4])
    inner = getattr(torch, activation)(x @ weights["W1"] + weights["b1"])
    torch.nn.functional.cross_entropy(inner @ weights["W2"] + weights["b2"], t).backward()
    for each in check_two_layers(setting, X, CLASSES):
        np.testing.assert_allclose(each.tensors[0].backward, weights[each.name].grad.numpy(), atol=1e-14)
        np.testing.assert_allclose(each.tensors[0].numerical, weights[each.name].grad.numpy(), atol=1e-9)


def test_a_number_in_the_logarithm_alone_sets_both_apart_by_a_millionth() -> None:
    """1e-7 beside a probability of about 0.1."""
    found = list(check_two_layers(TwoLayerSetting(hidden=4, in_logarithm=True), X, CLASSES))
    bias = next(each for each in found if each.name == "b2")
    assert bias.worst_tensor.worst.error == pytest.approx(1e-6, rel=0.2)


def test_weights_are_as_before_after_the_check() -> None:
    setting = TwoLayerSetting(hidden=4)
    first = [each.tensors[0].numerical for each in check_two_layers(setting, X, CLASSES)]
    again = [each.tensors[0].numerical for each in check_two_layers(setting, X, CLASSES)]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
