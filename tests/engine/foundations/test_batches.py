"""Batches, the samples they leave out and the noise of their gradients: against counting, torch's DataLoader and statistics."""

from __future__ import annotations

import math
from itertools import count

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.data import DataLoader

from engine.foundations.boards.batches.batches_noise import (
    batch_gradients,
    best_line,
    gradient_spread,
    line_points,
    sample_gradients,
)
from engine.foundations.boards.batches.batches_order import (
    EpochPlan,
    batch_step,
    draw_counts,
    drawn_epoch,
    expected_unseen,
    simulated_unseen,
    times_drawn,
    unseen_over_draws,
    unseen_share,
)
from engine.foundations.boards.batches.batches_speed import UNCOUNTED, BatchSpeed, batch_speeds


@given(st.integers(1, 60), st.integers(1, 60), st.booleans())
def test_batches_are_those_of_a_data_loader(samples: int, batch: int, drop_last: bool) -> None:
    batch = min(batch, samples)
    plan = EpochPlan(samples, batch, 3, drop_last)
    sizes = [len(each) for each in DataLoader(list(range(samples)), batch, drop_last=drop_last)]  # type: ignore[arg-type]
    assert list(plan.sizes) == sizes
    assert plan.iterations_per_epoch == len(sizes)
    assert plan.iterations == 3 * len(sizes)
    assert plan.draws_per_epoch == sum(sizes)


def test_the_courses_iterations() -> None:
    assert EpochPlan(55_000, 1_000).iterations == 55
    assert EpochPlan(60_000, 100, 17).iterations == 10_200
    assert (EpochPlan(10, 4).sizes, EpochPlan(10, 4, drop_last=True).sizes) == ((4, 4, 2), (4, 4))
    assert EpochPlan(10, 4).last_size == 2


def test_an_epoch_without_replacement_draws_each_sample_once() -> None:
    plan = EpochPlan(20, 6, 2)
    assert sorted(drawn_epoch(plan, 1, 0).tolist()) == list(range(20))
    assert drawn_epoch(plan, 1, 0).tolist() != drawn_epoch(plan, 2, 0).tolist()
    assert draw_counts(plan, 0, 0).tolist() == [0] * 20
    first = draw_counts(plan, 1, 0)
    assert first[drawn_epoch(plan, 1, 0)[:6]].tolist() == [1] * 6
    assert first.sum() == 6
    assert draw_counts(plan, 4, 0).tolist() == [1] * 20
    assert draw_counts(plan, 8, 0).tolist() == [2] * 20
    assert batch_step(plan, 4) == (4, 1, 4, 18, 20)
    assert batch_step(plan, 5) == (5, 2, 1, 0, 6)


def test_what_the_dropped_batch_would_have_held_is_unseen() -> None:
    plan = EpochPlan(20, 6, 1, drop_last=True)
    assert draw_counts(plan, plan.iterations, 0).tolist().count(0) == 2
    assert unseen_over_draws(plan, 0)[-1] == pytest.approx(0.1)
    assert expected_unseen(plan, 18) == pytest.approx(0.1)
    assert expected_unseen(plan, 36) == pytest.approx(0.01)


def test_the_share_that_is_never_drawn_by_counting_all_draws() -> None:
    """Of 3 samples and 4 draws, all 81 sequences."""
    shares = np.array([1 - len({a, b, c, d}) / 3 for a in range(3) for b in range(3) for c in range(3) for d in range(3)])
    found = unseen_share(3, 4)
    assert found.mean == pytest.approx(shares.mean())
    assert found.deviation == pytest.approx(shares.std())
    assert expected_unseen(EpochPlan(3, 1, 2, replacement=True), 4) == pytest.approx(shares.mean())
    assert unseen_share(1, 1) == (0, 0)


def test_a_third_and_more_is_unseen_after_an_epoch() -> None:
    assert unseen_share(1000, 1000).mean == pytest.approx(0.36769542)  # (1 - 1/1000)^1000
    assert unseen_share(10**7, 10**7).mean == pytest.approx(math.exp(-1), rel=1e-6)
    simulated = simulated_unseen(500, 500, 400, seed=1)
    exact = unseen_share(500, 500)
    assert simulated.mean() == pytest.approx(exact.mean, abs=4 * exact.deviation / 20)
    assert simulated.std() == pytest.approx(exact.deviation, rel=0.15)


def test_the_course_of_the_unseen_share_is_counted() -> None:
    plan = EpochPlan(30, 7, 2, replacement=True)
    course, draws = unseen_over_draws(plan, 4), [*drawn_epoch(plan, 1, 4), *drawn_epoch(plan, 2, 4)]
    assert len(course) == 61
    for number in (0, 1, 7, 30, 60):
        assert course[number] == pytest.approx(1 - len(set(draws[:number])) / 30)


def test_how_often_a_sample_is_drawn() -> None:
    found = times_drawn(10, 30, 30)
    wanted = [math.comb(30, times) * 0.1**times * 0.9 ** (30 - times) for times in range(31)]
    np.testing.assert_allclose(found, wanted, rtol=1e-10)
    assert times_drawn(1, 3, 4).tolist() == [0, 0, 0, 1, 0]


def test_a_samples_gradient_is_torchs() -> None:
    points = line_points(6, 0.5, seed=1)
    for at, gradient in enumerate(sample_gradients(points, 0.3, 0.1)):
        w, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.3, 0.1))
        ((w * points.x[at] + b - points.y[at]) ** 2).backward()
        assert gradient.tolist() == pytest.approx([w.grad.item(), b.grad.item()])
    w_best, b_best = best_line(points)
    slope, offset = np.polyfit(points.x, points.y, 1)
    assert (w_best, b_best) == pytest.approx((slope, offset))
    assert gradient_spread(sample_gradients(points, w_best, b_best)).whole == pytest.approx([0, 0], abs=1e-12)
    assert gradient_spread(sample_gradients(points, w_best, b_best)).noise_scale == math.inf


@pytest.mark.parametrize("replacement", [False, True])
def test_theory_by_drawing_every_batch(replacement: bool) -> None:
    """All batches of 3 out of 5, with and without replacement, none left out."""
    gradients = sample_gradients(line_points(5, 0.5, seed=2), 0.3, 0.1)
    spread = gradient_spread(gradients)
    places = [(a, b, c) for a in range(5) for b in range(5) for c in range(5) if replacement or len({a, b, c}) == 3]
    squares = [((gradients[list(each)].mean(axis=0) - gradients.mean(axis=0)) ** 2).sum() for each in places]
    assert spread.deviation(3, replacement=replacement) == pytest.approx(math.sqrt(np.mean(squares)))
    assert spread.deviation(5, replacement=False) == 0
    assert spread.noise_scale == pytest.approx(spread.square / (spread.whole @ spread.whole))


@pytest.mark.parametrize("replacement", [False, True])
def test_what_is_measured_is_near_to_theory(replacement: bool) -> None:
    gradients = sample_gradients(line_points(100, 0.5, seed=3), 0.0, 0.0)
    spread = gradient_spread(gradients)
    found = batch_gradients(gradients, 2000, replacement=replacement, seed=1)
    measured = found.deviations(spread.whole)
    for batch in (1, 4, 16, 64, 99):
        assert measured[batch - 1] == pytest.approx(spread.deviation(batch, replacement=replacement), rel=0.12)
        assert found.of(batch).shape == (2000, 2)
    if not replacement:
        assert measured[-1] == pytest.approx(0, abs=1e-12)


def test_speed_is_the_median_of_counted_steps() -> None:
    """A clock that goes on by a tenth of a second each time it is asked."""
    ticks = count()
    asked: list[int] = []
    x, classes = np.random.default_rng(0).random((40, 8)), np.arange(40) % 3
    speeds = list(batch_speeds(x, classes, (4, 20), clock=lambda: next(ticks) / 10, going_on=lambda: asked.append(1)))
    assert [each.batch for each in speeds] == [4, 20]
    assert all(each.step_s == pytest.approx(0.1) for each in speeds)
    assert speeds[1].samples_per_second == pytest.approx(200)
    assert speeds[1].steps_per_second == pytest.approx(10)
    assert BatchSpeed(20, 0.1, 5).epoch_s(1000) == pytest.approx(5)
    assert len(asked) == sum(each.steps for each in speeds)
    assert UNCOUNTED > 0
