"""Normalisation, dropout, weight decay, and networks with and without batch normalisation, against torch's modules."""

from __future__ import annotations

import copy
import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn

from engine.foundations.boards.normalisation_numbers import (
    DecaySettings,
    DropoutSettings,
    RunningSettings,
    ScalesLearning,
    compared_scales,
    decayed,
    drawn_batch,
    dropped,
    first_steps,
    followed,
    half_life,
    mask_means,
    normalised,
    resting_place,
    seen_before,
    start_scales,
)

X = drawn_batch(6, 4, 3)


def test_batch_normalisation_is_torchs_in_training_and_in_evaluation() -> None:
    module = nn.BatchNorm1d(4, eps=1e-3).double()
    nn.init.constant_(module.weight, 1.5)
    nn.init.constant_(module.bias, -0.5)
    found = normalised(X, "columns", gamma=1.5, beta=-0.5, epsilon=1e-3)
    np.testing.assert_allclose(found.y, module(torch.tensor(X)).detach().numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.own_variance, torch.tensor(X).var(0, correction=0).numpy())
    np.testing.assert_allclose(found.unbiased, torch.tensor(X).var(0, correction=1).numpy())
    module.eval()
    running = module.running_mean.numpy(), module.running_var.numpy()
    np.testing.assert_allclose(running[0], 0.1 * found.own_mean)
    np.testing.assert_allclose(running[1], 0.9 + 0.1 * found.unbiased)
    judged = normalised(X, "columns", gamma=1.5, beta=-0.5, epsilon=1e-3, running=running)
    np.testing.assert_allclose(judged.y, module(torch.tensor(X)).detach().numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(judged.own_mean, found.own_mean)
    assert (judged.mean == running[0]).all()


def test_layer_normalisation_is_torchs_and_the_same_for_one_sample() -> None:
    module = nn.LayerNorm(4, eps=1e-5).double()
    found = normalised(X, "rows")
    np.testing.assert_allclose(found.y, module(torch.tensor(X)).detach().numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(normalised(X[:1], "rows").y, found.y[:1])
    np.testing.assert_allclose(found.normal.mean(axis=1), 0, atol=1e-12)


def test_a_batch_of_one_has_no_variance_to_divide_by() -> None:
    found = normalised(X[:1], "columns")
    assert (found.own_variance == 0).all()
    assert np.isnan(found.unbiased).all()
    assert (found.y == 0).all(), "torch refuses it while training: every output is β"


@pytest.mark.parametrize("momentum", [0.1, 0.3, 0.9])
def test_running_means_are_torchs(momentum: float) -> None:
    settings = RunningSettings(momentum, size=5, batches=30, shift=2.0, seed=4)
    found = followed(settings)
    generator = np.random.default_rng(4)
    true = np.where(np.arange(30) < 15, 2.0, 4.0)
    batches = true[:, None] + 1.5 * generator.standard_normal((30, 5))
    module = nn.BatchNorm1d(1, momentum=momentum).double()
    for number, batch in enumerate(batches):
        module(torch.tensor(batch).reshape(-1, 1))
        assert found.running_mean[number] == pytest.approx(module.running_mean.item())
        assert found.running_variance[number] == pytest.approx(module.running_var.item())
    np.testing.assert_allclose(found.means, batches.mean(axis=1))
    np.testing.assert_allclose(found.true_means, true)


@pytest.mark.parametrize("convention", ["torch", "book"])
def test_what_was_seen_before_is_torchs(convention: str) -> None:
    mean, variance = seen_before(5, 3, 7, 12, taken=0.2, convention=convention)
    module = nn.BatchNorm1d(3, momentum=0.2).double()
    if convention == "book":
        nn.init.zeros_(module.running_var)
    for draw in range(1, 13):
        module(torch.tensor(drawn_batch(5, 3, 7, draw)))
    np.testing.assert_allclose(mean, module.running_mean.numpy())
    biased = 4 / 5 if convention == "book" else 1
    np.testing.assert_allclose(variance, module.running_var.numpy() * biased)


def test_the_books_nine_tenths_are_torchs_one_tenth() -> None:
    torchs = followed(RunningSettings(0.1, "torch"))
    books = followed(RunningSettings(0.9, "book"))
    np.testing.assert_allclose(torchs.running_mean, books.running_mean)
    biased = np.zeros(2)
    for variance in torchs.biased:
        biased[0] = 0.9 * biased[0] + 0.1 * variance
    assert books.running_variance[-1] == pytest.approx(biased[0])
    assert RunningSettings(0.9, "torch").taken == 0.9
    assert 0.9 ** half_life(0.1) == pytest.approx(0.5)
    assert (half_life(0), half_life(1)) == (math.inf, 0.0)


def test_the_biased_variance_is_too_small_by_one_part_in_n() -> None:
    found = followed(RunningSettings(size=4, batches=20_000))
    assert found.unbiased.mean() == pytest.approx(1.5**2, rel=0.03)
    assert found.biased.mean() == pytest.approx(1.5**2 * 3 / 4, rel=0.03)


# --- dropout


def test_inverted_dropout_is_torchs() -> None:
    """Where the mask keeps a number, torch has divided it by the kept share; judging changes nothing."""
    settings = DropoutSettings(0.3, seed=2)
    found = dropped(X, settings)
    assert set(np.unique(found.mask)) <= {0.0, 1.0}
    torch.manual_seed(0)
    theirs = nn.Dropout(0.3)(torch.tensor(X)).numpy()
    kept = theirs != 0
    np.testing.assert_allclose(theirs[kept], X[kept] * found.factor)
    np.testing.assert_allclose(found.y, X * found.mask / 0.7)
    np.testing.assert_array_equal(dropped(X, settings._replace(mode="evaluation")).y, X)


def test_the_books_dropout_multiplies_when_it_judges() -> None:
    settings = DropoutSettings(0.3, inverted=False, seed=2)
    np.testing.assert_allclose(dropped(X, settings).y, X * dropped(X, settings).mask)
    np.testing.assert_allclose(dropped(X, settings._replace(mode="evaluation")).y, 0.7 * X)


@pytest.mark.parametrize("inverted", [True, False])
@pytest.mark.parametrize("ratio", [0.0, 0.2, 0.9])
def test_many_masks_tend_to_what_evaluation_says(ratio: float, inverted: bool) -> None:
    settings = DropoutSettings(ratio, inverted, seed=1)
    found = mask_means(-2.0, settings, 5000)
    judged = dropped(np.array([[-2.0]]), settings._replace(mode="evaluation")).y.item()
    assert found.limit == pytest.approx(judged)
    assert abs(found.means[-1] - judged) <= 4 * found.deviation / math.sqrt(5000) + 1e-12
    outputs = np.diff(found.means * np.arange(1, 5001), prepend=0)
    assert outputs.std() == pytest.approx(found.deviation, rel=0.1, abs=1e-9)


def test_all_dropped_is_nothing() -> None:
    assert (dropped(X, DropoutSettings(1.0)).y == 0).all()


# --- weight decay

OPTIMISERS = {
    "sgd": lambda parameters, lr, decay: torch.optim.SGD(parameters, lr, weight_decay=decay),
    "momentum": lambda parameters, lr, decay: torch.optim.SGD(parameters, lr, momentum=0.9, weight_decay=decay),
    "adam": lambda parameters, lr, decay: torch.optim.Adam(parameters, lr, weight_decay=decay),
}


def torchs_way(settings: DecaySettings, count: int, optimiser: torch.optim.Optimizer, weight: torch.Tensor) -> list[float]:
    way = [weight.item()]
    for _ in range(count):
        optimiser.zero_grad()
        (settings.curvature / 2 * (weight - settings.best) ** 2).backward()
        optimiser.step()
        way.append(weight.item())
    return way


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_weight_decay_is_torchs(rule: str) -> None:
    """In the loss as torch's SGD and Adam have it, decoupled as AdamW has it."""
    settings = DecaySettings(rule=rule, curvature=0.3, decay=0.2, lr=0.05)
    found = decayed(settings, 40)
    for decay, ours in ((0.0, found.without), (0.2, found.in_loss)):
        weight = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
        theirs = torchs_way(settings, 40, OPTIMISERS[rule]([weight], 0.05, decay), weight)
        np.testing.assert_allclose(ours, theirs, rtol=1e-7)
    if rule == "adam":
        weight = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
        theirs = torchs_way(settings, 40, torch.optim.AdamW([weight], 0.05, weight_decay=0.2), weight)
        np.testing.assert_allclose(found.decoupled, theirs, rtol=1e-7)
    in_loss, decoupled = first_steps(settings)
    assert in_loss.weight == pytest.approx(found.in_loss[1])
    assert decoupled.weight == pytest.approx(found.decoupled[1])
    assert in_loss.gradient == pytest.approx(0.3 * (2 - 1))
    assert in_loss.in_gradient == pytest.approx(0.2 * 2)
    assert decoupled.from_weight == pytest.approx(-0.05 * 0.2 * 2)


def test_both_decays_are_one_step_of_plain_descent_and_two_of_adam() -> None:
    settings = DecaySettings(curvature=0.05)
    found = decayed(settings, 30)
    np.testing.assert_allclose(found.in_loss, found.decoupled)
    assert found.in_loss[1] == pytest.approx(2 * (1 - 0.1 * 0.1) - 0.1 * 0.05)
    adam = decayed(settings._replace(rule="adam"), 30)
    assert abs(adam.in_loss - adam.decoupled).max() > 0.1
    assert decayed(settings, 5000).in_loss[-1] == pytest.approx(resting_place(settings))
    assert resting_place(settings) == pytest.approx(0.05 / 0.15)


# --- with and without batch normalisation


def test_sixteen_scales_as_the_book_takes_them() -> None:
    scales = start_scales()
    assert (len(scales), scales[0], scales[-1]) == (16, 1.0, pytest.approx(1e-4))
    np.testing.assert_allclose(scales[1:] / scales[:-1], scales[1] / scales[0])


def test_networks_with_and_without_batch_norm_are_torchs() -> None:
    """Two epochs of one batch each, of the networks of one scale, by autograd on the same draws."""
    random = np.random.default_rng(0)
    x, classes = random.uniform(0, 1, (100, 30)), random.integers(0, 10, 100)
    learning = ScalesLearning(epochs=2, seed=5, units=8)
    found = list(compared_scales(learning, x, classes))
    assert len(found) == 2 * 16 * 2
    assert [reading.epoch for reading in found] == [1] * 32 + [2] * 32
    scale = float(start_scales()[2])
    for batch_norm in (True, False):
        generator = np.random.default_rng(5)
        sizes = [30, *[8] * 5, 10]
        layers = []
        for number, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
            linear = nn.Linear(inputs, outputs).double()
            linear.weight.data = torch.tensor(scale * generator.standard_normal((inputs, outputs))).T.contiguous()
            nn.init.zeros_(linear.bias)
            layers.append(linear)
            if number < 5:
                layers += [nn.BatchNorm1d(outputs, eps=1e-7, momentum=0.1).double()] if batch_norm else []
                layers.append(nn.ReLU())
        model = nn.Sequential(*layers)
        for module in model:
            if isinstance(module, nn.BatchNorm1d):
                nn.init.zeros_(module.running_var)
        optimiser = torch.optim.SGD(model.parameters(), 0.01)
        for epoch in (1, 2):
            model.train()
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(torch.tensor(x)), torch.tensor(classes)).backward()
            optimiser.step()
            judged = copy.deepcopy(model).eval()
            for module in judged:
                if isinstance(module, nn.BatchNorm1d):
                    module.running_var *= 99 / 100  # the book keeps the biased variance
            reading = next(one for one in found if (one.scale, one.batch_norm, one.epoch) == (2, batch_norm, epoch))
            assert reading.accuracy == pytest.approx((judged(torch.tensor(x)).argmax(1).numpy() == classes).mean())
