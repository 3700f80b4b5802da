"""Networks on points against torch's autograd and Adam; early stopping against that of a run; the books' 300 digits."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.books import learning
from engine.books.written_digits import digits_of_mnist
from engine.experiments.stopping import EarlyStopping, waiting
from engine.foundations.boards.capacity.capacity_digits import FewSamples, FewSamplesPlan, few_samples_course
from engine.foundations.boards.capacity.capacity_networks import (
    early_stop,
    first_networks,
    fitted_widths,
    loss_course,
    outputs_of,
)
from engine.foundations.boards.capacity.capacity_polynomials import NoisyPoints, drawn_points

TRAIN = drawn_points("sine_wave", 12, 0.3, seed=1)
OTHERS = drawn_points("sine_wave", 30, 0.3, seed=1, stream=1)


def _torchs(width: int, decay: float, lr: float, epochs: int) -> tuple[list[float], list[float], np.ndarray]:
    """The same training by torch: errors before and after each epoch, outputs at the points that validate."""
    w, b, v, c = (torch.tensor(row).requires_grad_() for row in first_networks((width,), 5)[0])
    adam = torch.optim.Adam([w, b, v, c], lr=lr)
    x, y, x_other, y_other = (torch.tensor(each) for each in (*TRAIN, *OTHERS))

    def outputs(points: torch.Tensor) -> torch.Tensor:
        return torch.tanh(points[:, None] * w + b) @ v + c[0]

    train, others = [], []
    for epoch in range(epochs + 1):
        error = ((outputs(x) - y) ** 2).mean()
        train.append(error.item())
        others.append(((outputs(x_other) - y_other) ** 2).mean().item())
        if epoch < epochs:
            adam.zero_grad()
            (error + decay * ((w**2).sum() + (v**2).sum())).backward()
            adam.step()
    return train, others, outputs(x_other).detach().numpy()


@pytest.mark.parametrize("decay", [0.0, 0.003])
def test_a_training_is_torchs(decay: float) -> None:
    train, others, outputs = _torchs(6, decay, 0.02, 200)
    course = loss_course(6, TRAIN, OTHERS, decay=decay, lr=0.02, epochs=200, seed=5)
    np.testing.assert_allclose(course.train, train, rtol=1e-6)
    np.testing.assert_allclose(course.validation, others, rtol=1e-6)
    np.testing.assert_allclose(course.network(200).values(OTHERS.x), outputs, rtol=1e-6, atol=1e-8)
    assert course.network(0).parameters == 19


def test_widths_that_are_trained_together_are_trained_alone() -> None:
    together = fitted_widths((1, 3, 6), TRAIN, decay=0.001, lr=0.02, epochs=100, seed=5)
    for width, network in zip(together.widths, together.networks, strict=True):
        alone = loss_course(width, TRAIN, OTHERS, decay=0.001, lr=0.02, epochs=100, seed=5)
        np.testing.assert_allclose(network.weights, alone.weights[-1], rtol=1e-9, atol=1e-12)
        assert network.weights.shape == (4, width)


def test_a_network_by_hand() -> None:
    weights = np.array([[[1.0, 2.0], [0.0, -1.0], [3.0, -1.0], [0.5, 0.0]]])
    wanted = 3 * np.tanh(0.4) - np.tanh(2 * 0.4 - 1) + 0.5
    assert outputs_of(weights, np.array([0.4]))[0, 0] == pytest.approx(wanted)


def test_a_training_can_be_ended() -> None:
    class EndedError(Exception):
        pass

    def ended() -> None:
        raise EndedError

    with pytest.raises(EndedError):
        fitted_widths((2,), TRAIN, decay=0.0, lr=0.02, epochs=100_000, seed=5, going_on=ended)
    with pytest.raises(EndedError):
        loss_course(2, TRAIN, OTHERS, decay=0.0, lr=0.02, epochs=100_000, seed=5, going_on=ended)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(1, 8), st.sampled_from([0.0, 0.05]))
def test_early_stopping_is_that_of_a_run(errors: list[float], patience: int, min_change: float) -> None:
    """Told its losses one after the other, a run ends after the same epoch, with the same best one."""
    found = early_stop(np.array([9.0, *errors]), patience, min_change)
    stopping = EarlyStopping(patience=patience, min_change=min_change)
    stands = [waiting(stopping, errors[: epoch + 1]) for epoch in range(len(errors))]
    ended = next((epoch for epoch, each in enumerate(stands) if each.ends), None)
    at_end = stands[len(errors) - 1 if ended is None else ended]
    assert found.stops_at == (None if ended is None else ended + 1)
    assert (found.best, found.waited) == (at_end.best_epoch, at_end.waited)
    assert errors[found.lowest - 1] == min(errors)


def test_early_stopping_by_hand() -> None:
    errors = np.array([5.0, 3, 2, 2.5, 2.4, 2.1, 1.0, 1.5])
    assert early_stop(errors, 3) == (5, 2, 3, 6)
    assert early_stop(errors, 4) == (None, 6, 1, 6)
    assert early_stop(errors, 3, min_change=1.5) == (4, 1, 3, 6)


def test_300_digits_are_over_fitted_as_in_the_book() -> None:
    """To the bit what the books' experiments compute, here for a few epochs; the whole is theirs (`tests/engine/books`)."""
    digits = digits_of_mnist()
    data = FewSamples(digits.x_train, digits.t_train, digits.x_test, digits.t_test)
    for decay, dropout in ((0.0, 0.0), (0.1, 0.0), (0.0, 0.2)):
        plan = FewSamplesPlan(epochs=4, weight_decay=decay, dropout=dropout)
        course = list(few_samples_course(plan, data))
        assert (course[-1].train, course[-1].test) == learning._fitted(4, weight_decay=decay, dropout=dropout)
        assert [each.epoch for each in course] == [0, 1, 2, 3, 4]
        assert course[-1].gap == course[-1].train - course[-1].test
    assert FewSamplesPlan(samples=450).iterations_per_epoch == 4
    assert isinstance(TRAIN, NoisyPoints)
