"""Numerical against backward gradient: counted passes, torch's own derivatives, and what gives up."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.foundations.boards.gradient.gradient_race import MeasuredPass, RacedNetwork, RaceResult, RaceSizes


def test_the_books_network_needs_79520_passes() -> None:
    sizes = RaceSizes(784, 50, 10)
    assert (sizes.parameters, sizes.passes) == (39_760, 79_520)
    assert sizes.parameters == sum(values.size for values in RacedNetwork(sizes).parameters.values())


def test_a_race_runs_as_many_passes_as_predicted_and_both_agree() -> None:
    network = RacedNetwork(RaceSizes(5, 4, 3, samples=2))
    *told, result = network.race()
    assert isinstance(result, RaceResult)
    assert result.passes == 2 * (5 * 4 + 4 + 4 * 3 + 3) == told[-1]
    assert result.difference < 1e-8
    assert result.difference == abs(result.numerical - result.backward)
    assert network.backward()[result.worst][result.place] == result.backward
    assert result.numerical_s > 0
    assert result.backward_s > 0


def test_both_gradients_are_torchs() -> None:
    network = RacedNetwork(RaceSizes(6, 5, 4, samples=3), seed=2)
    named = {name: torch.tensor(values, requires_grad=True) for name, values in network.parameters.items()}
    hidden = torch.sigmoid(torch.tensor(network._x) @ named["W1"] + named["b1"])
    loss = torch.nn.functional.cross_entropy(hidden @ named["W2"] + named["b2"], torch.tensor(network._classes))
    loss.backward()  # type: ignore[no-untyped-call]
    assert network.loss() == pytest.approx(float(loss.detach()), rel=1e-12)
    for name, gradient in network.backward().items():
        assert gradient == pytest.approx(named[name].grad.numpy(), rel=1e-10, abs=1e-14)  # type: ignore[union-attr]


def test_a_race_that_is_given_up_leaves_the_network_as_it_was() -> None:
    network = RacedNetwork(RaceSizes(20, 20, 5))
    before = {name: values.copy() for name, values in network.parameters.items()}
    assert next(network.race()) == 200
    for name, values in network.parameters.items():
        assert np.array_equal(values, before[name])


def test_the_prediction_is_passes_times_one_pass() -> None:
    one = MeasuredPass(forward_s=0.0001, backward_s=0.0003)
    assert one.numerical_s(RaceSizes(784, 50, 10)) == pytest.approx(7.952)
    assert one.ratio(RaceSizes(784, 50, 10)) == pytest.approx(7.952 / 0.0003)
    measured = RacedNetwork(RaceSizes(3, 3, 2)).measure()
    assert measured.forward_s > 0
    assert measured.backward_s > 0
