"""The facts of a data set, against scikit-learn, torch and numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.doctor.data_facts import facts_of, order_statistic

DIGITS = load(Data(name="digits"), seed=7)


def of_numbers(x_train: list[list[float]], y_train: list[int], x_validation: list[list[float]] | None = None) -> Dataset:
    """A set of vectors in two classes."""
    x, y = torch.tensor(x_train), torch.tensor(y_train)
    held_out = x.clone() if x_validation is None else torch.tensor(x_validation)
    labels = torch.zeros(len(held_out), dtype=torch.int64)
    return replace(DIGITS, x_train=x, y_train=y, x_validation=held_out, y_validation=labels, outputs=2, classes=("a", "b"))


@pytest.mark.parametrize("name", ["digits", "mnist-5k", "waves", "adding", "counting"])
def test_the_programs_own_data_are_sound(name):
    facts = facts_of(load(Data(name=name), seed=3), load(Data(name=name, samples=100), seed=3).loss)
    assert facts.bad is None and facts.duplicates == 0
    assert facts.moved < 3 and facts.moved_share < 0.05 and 0.9 < facts.spread_ratio < 1.1
    assert facts.size is None or 0.1 < facts.size < 2


def test_the_loss_of_a_guess_is_that_of_the_best_constant_answer():
    data = of_numbers([[0.0]] * 4, [0, 0, 0, 1])
    shares = torch.tensor([0.75, 0.25])
    entropy = float(torch.distributions.Categorical(shares).entropy())
    assert facts_of(data, "cross_entropy").guess == pytest.approx(entropy)
    one_hot = torch.eye(2)[data.y_train]
    assert facts_of(data, "mean_squared_error").guess == pytest.approx(float(((one_hot - shares) ** 2).mean()))
    waves = load(Data(name="waves", samples=50), seed=1)
    variance = waves.y_train.double().var(correction=0)
    assert facts_of(waves, "mean_squared_error").guess == pytest.approx(float(variance))
    assert facts_of(DIGITS, "cross_entropy").guess == pytest.approx(log(10), abs=1e-3)


def test_the_first_sample_that_is_not_finite_is_found_in_inputs_and_targets():
    x = DIGITS.x_train.clone()
    x[41, 0, 2, 2], x[77, 0, 0, 0] = float("inf"), float("nan")
    bad = facts_of(replace(DIGITS, x_train=x), "cross_entropy").bad
    assert bad is not None and (bad.part, bad.number, bad.count) == ("training", 41, 2)
    waves = load(Data(name="waves", samples=50), seed=1)
    y = waves.y_validation.clone()
    y[3, 5, 0] = float("nan")
    bad = facts_of(replace(waves, y_validation=y), "mean_squared_error").bad
    assert bad is not None and (bad.part, bad.number, bad.count) == ("validation", 3, 1)


def test_moved_means_are_counted_in_what_chance_gives():
    train, validation = [[0.0, 1.0], [2.0, 3.0], [0.0, 1.0], [2.0, 3.0]], [[1.0, 2.0], [3.0, 4.0]]
    facts = facts_of(of_numbers(train, [0, 1, 0, 1], validation), "cross_entropy")
    # means (1, 2) and (2, 3), variances 1 and 1: Σ (1² + 1²) over 2 (1/4 + 1/2)
    assert facts.moved == pytest.approx(2 / (2 * 0.75))
    assert facts.moved_share == pytest.approx(2 / 2)
    assert facts.spread_ratio == pytest.approx(1.0)
    assert facts.size == pytest.approx(np.sqrt(np.mean(np.square(train))))
    wider = facts_of(of_numbers(train, [0, 1, 0, 1], [[-1.0, 0.0], [3.0, 4.0]]), "cross_entropy")
    deviation = np.std(train), np.std([[-1.0, 0.0], [3.0, 4.0]])
    assert wider.spread_ratio == pytest.approx(deviation[1] / deviation[0])


def test_copies_are_counted_number_for_number():
    x = DIGITS.x_validation.clone()
    x[:7] = DIGITS.x_train[100:107]
    x[7] = DIGITS.x_train[3] + 1e-6
    assert facts_of(replace(DIGITS, x_validation=x), "cross_entropy").duplicates == 7


def test_nearest_neighbours_agree_as_often_as_scikit_learn_says():
    facts = facts_of(DIGITS, "cross_entropy")
    x, y = DIGITS.x_train[:1000].flatten(1).numpy(), DIGITS.y_train[:1000].numpy()
    model = KNeighborsClassifier(n_neighbors=2, algorithm="brute").fit(x, y)
    second = model.kneighbors(x[:300], return_distance=False)[:, 1]  # the nearest is the sample itself
    assert facts.neighbours_agree == pytest.approx(float((y[second] == y[:300]).mean()), abs=0.004)
    mixed = DIGITS.y_train[torch.randperm(len(DIGITS.y_train), generator=torch.Generator().manual_seed(1))]
    assert facts_of(replace(DIGITS, y_train=mixed), "cross_entropy").neighbours_agree < 0.2
    assert facts_of(load(Data(name="waves", samples=50), seed=1), "mean_squared_error").neighbours_agree is None


def test_batches_that_lie_sorted_differ_by_pearsons_statistic():
    labels = np.array([0, 0, 1, 1])
    # a table of 2 batches by 2 classes, (2, 0) and (0, 2), expected 1 each: X² = 4, one degree of freedom
    assert order_statistic(labels, np.arange(4), 2, 2) == pytest.approx((4 - 1) / np.sqrt(2))
    assert order_statistic(labels, np.array([0, 2, 1, 3]), 2, 2) == pytest.approx((0 - 1) / np.sqrt(2))
    assert order_statistic(labels, np.arange(4), 4, 2) is None  # one batch cannot differ


@pytest.mark.parametrize("seed", range(20))
def test_random_orders_stay_far_below_the_limit(seed):
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10, 1000)
    assert abs(order_statistic(labels, random.permutation(1000), 32, 10)) < 6
    numbers = random.random((400, 1))
    assert abs(order_statistic(numbers, random.permutation(400), 16, 0)) < 6
    assert order_statistic(np.sort(numbers, axis=0), np.arange(400), 16, 0) > 50


def test_texts_are_not_judged_by_their_order():
    counting = load(Data(name="counting", samples=100), seed=1)
    assert order_statistic(counting.y_train.numpy(), np.arange(80), 8, counting.outputs) is None
