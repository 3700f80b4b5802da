"""The board of losses: terms against the books' and sums by hand, likelihoods against torch's distributions, the way from the
likelihood to y - t against torch's autograd, floors against torch's own loss."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.foundations.boards.losses.likelihoods import (
    LEAST_DEVIATION,
    coin_curve,
    gaussian_fit,
    gaussian_surface,
    most_likely_gaussian,
)
from engine.foundations.boards.losses.loss_floors import (
    best_lead,
    once_slope,
    shares_by_lead,
    smoothed_loss,
    twice_loss,
    twice_slope,
)
from engine.foundations.boards.losses.loss_terms import loss_terms, losses_by_share, made_room
from engine.foundations.boards.losses.passed_back import HandOutput, passed_back
from engine.foundations.single_losses import LEAST, double_softmax_floor, smoothing_floor

RIGHT = np.array([0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0])


def test_the_books_example_term_by_term() -> None:
    terms = loss_terms(RIGHT, 2, LEAST)
    assert terms.squares == pytest.approx([0.01, 0.0025, 0.16, 0, 0.0025, 0.01, 0, 0.01, 0, 0])
    assert terms.squared_error == pytest.approx(0.0975)
    assert terms.cross_entropy == pytest.approx(0.510825457099338)
    assert terms.mean_squared_error == pytest.approx(functional.mse_loss(torch.tensor(RIGHT), torch.eye(10).double()[2]).item())
    assert np.count_nonzero(terms.logs) == 1
    wrong = loss_terms(RIGHT[[0, 1, 7, 3, 4, 5, 6, 2, 8, 9]], 2, LEAST)
    assert (wrong.squared_error, wrong.cross_entropy) == pytest.approx((0.5975, 2.302584092994546))


def test_slopes_by_the_answer_are_torchs() -> None:
    answer = torch.tensor(RIGHT, requires_grad=True)
    target = torch.eye(10).double()[2]
    (0.5 * (answer - target).square().sum()).backward()
    terms = loss_terms(RIGHT, 2)
    assert terms.square_slopes == pytest.approx(answer.grad.numpy())
    answer.grad = None
    (-(target * answer).sum().log()).backward()
    assert terms.log_slopes == pytest.approx(answer.grad.numpy())


def test_an_answer_of_0_to_the_truth_is_an_infinite_loss_or_what_the_book_adds() -> None:
    assert loss_terms(RIGHT, 3).cross_entropy == math.inf
    assert loss_terms(RIGHT, 3, LEAST).cross_entropy == pytest.approx(-math.log(1e-7))
    assert loss_terms(np.array([1.0, 0.0]), 0).cross_entropy == 0.0


def test_the_others_make_room_in_their_proportions() -> None:
    moved = made_room(RIGHT, 2, 0.2)
    assert moved.sum() == pytest.approx(1.0) and moved[2] == 0.2
    assert moved[[0, 1]] == pytest.approx([0.2, 0.1])  # twice as much room as before
    assert made_room(np.array([1.0, 0.0, 0.0]), 0, 0.5) == pytest.approx([0.5, 0.25, 0.25])


def test_both_losses_by_the_share_of_the_truth_are_those_of_the_moved_answers() -> None:
    shares = np.array([0.05, 0.3, 0.6, 1.0])
    squared, crossed = losses_by_share(RIGHT, 2, shares, LEAST)
    for place, share in enumerate(shares):
        rest = RIGHT * (1 - share) / (1 - RIGHT[2])
        rest[2] = share
        assert squared[place] == pytest.approx(0.5 * sum((rest[k] - (k == 2)) ** 2 for k in range(10)))
        assert crossed[place] == pytest.approx(-math.log(share + 1e-7))
    lonely, _ = losses_by_share(np.array([1.0, 0.0, 0.0]), 0, np.array([0.5]))
    assert lonely[0] == pytest.approx(0.5 * (0.25 + 2 * 0.0625))


def test_points_under_a_gaussian_are_torchs() -> None:
    points = np.array([0.2, -1.0, 3.3, 0.7])
    normal = torch.distributions.Normal(torch.tensor(0.5).double(), torch.tensor(1.7, dtype=torch.float64))
    fit = gaussian_fit(points, 0.5, 1.7)
    np.testing.assert_allclose(fit.log_densities, normal.log_prob(torch.tensor(points)).numpy(), rtol=1e-12)
    assert fit.log_likelihood == pytest.approx(-fit.squares - fit.spread - fit.constant)


def test_the_most_likely_gaussian_is_the_top_of_the_surface() -> None:
    points = np.array([0.2, -1.0, 3.3, 0.7, 0.9])
    mean, deviation = most_likely_gaussian(points)
    assert mean == pytest.approx(sum(points) / 5)
    assert deviation == pytest.approx(math.sqrt(sum((x - mean) ** 2 for x in points) / 5))  # 1/n
    means, deviations = np.linspace(-2, 3, 101), np.linspace(0.2, 4, 77)
    surface = gaussian_surface(points, means, deviations)
    row, column = np.unravel_index(surface.argmax(), surface.shape)
    assert means[column] == pytest.approx(mean, abs=0.03) and deviations[row] == pytest.approx(deviation, abs=0.03)
    assert surface[10, 20] == pytest.approx(gaussian_fit(points, means[20], deviations[10]).log_likelihood)
    assert most_likely_gaussian(np.array([2.0])) == (2.0, LEAST_DEVIATION)


def test_a_coin_is_likeliest_at_its_share_of_heads() -> None:
    shares = np.linspace(0, 1, 101)
    curve = coin_curve(7, 3, shares)
    assert shares[curve.argmax()] == pytest.approx(0.7)
    assert curve[0] == curve[-1] == -math.inf
    coin = torch.distributions.Bernoulli(torch.tensor(0.6, dtype=torch.float64))
    assert curve[60] == pytest.approx((7 * coin.log_prob(torch.tensor(1.0)) + 3 * coin.log_prob(torch.tensor(0.0))).item())
    assert coin_curve(4, 0, shares)[-1] == 0.0


SAMPLES: list[tuple[HandOutput, list[float], list[float]]] = [
    ("softmax", [0.3, 2.9, 4.0], [0.0, 1.0, 0.0]),
    ("softmax", [5.0, -1.0], [0.0, 1.0]),
    ("sigmoid", [1.4], [0.0]),
    ("sigmoid", [-2.0], [1.0]),
    ("identity", [0.8], [-0.5]),
]


@pytest.mark.parametrize(("kind", "scores", "truth"), SAMPLES)
def test_the_way_to_y_minus_t_is_torchs(kind: HandOutput, scores: list[float], truth: list[float]) -> None:
    given = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    target = torch.tensor(truth, dtype=torch.float64)
    losses = {
        "softmax": lambda: functional.cross_entropy(given, target),
        "sigmoid": lambda: functional.binary_cross_entropy_with_logits(given, target),
        "identity": lambda: -torch.distributions.Normal(given, 1.0).log_prob(target).sum(),
    }
    loss = losses[kind]()
    loss.backward()
    found = passed_back(kind, np.array(scores), np.array(truth))
    assert found.loss == pytest.approx(loss.item())
    assert found.likelihood == pytest.approx(math.exp(-loss.item()))
    np.testing.assert_allclose(found.gradient, given.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(found.difference, given.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(found.checked, given.grad.numpy(), atol=1e-8)
    np.testing.assert_allclose(found.products, found.loss_slopes[:, None] * found.output_slopes)


def test_a_hopeless_score_still_has_a_finite_loss() -> None:
    assert passed_back("softmax", np.array([1000.0, 0.0]), np.array([0.0, 1.0])).loss == pytest.approx(1000.0)
    assert passed_back("sigmoid", np.array([-800.0]), np.array([1.0])).loss == pytest.approx(800.0)


@pytest.mark.parametrize("classes", [2, 10])
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.4])
def test_smoothed_losses_are_torchs_and_least_at_the_best_lead(classes: int, smoothing: float) -> None:
    leads = np.array([-20.0, -2.0, 0.0, 3.0, 7.0, 50.0])
    for lead, loss in zip(leads, smoothed_loss(leads, classes, smoothing), strict=True):
        scores = torch.tensor([[lead, *[0.0] * (classes - 1)]], dtype=torch.float64)
        assert loss == pytest.approx(functional.cross_entropy(scores, torch.tensor([0]), label_smoothing=smoothing).item())
        own, other = torch.softmax(scores, 1)[0, :2].tolist()
        assert shares_by_lead(lead, classes) == (pytest.approx(own), pytest.approx(other))
    best = best_lead(classes, smoothing)
    if smoothing:
        around = smoothed_loss(np.array([best - 0.01, best, best + 0.01]), classes, smoothing)
        assert around.argmin() == 1 and around[1] == pytest.approx(smoothing_floor(smoothing, classes))
    else:
        assert best == math.inf and smoothed_loss(np.array([60.0]), classes, 0.0)[0] < 1e-20


@pytest.mark.parametrize("classes", [2, 10])
def test_a_softmax_taken_twice_is_torchs_and_ends_at_its_floor(classes: int) -> None:
    for lead in (-20.0, -3.0, 0.0, 2.5, 9.0, 50.0):
        given = torch.tensor(lead, dtype=torch.float64, requires_grad=True)
        scores = torch.cat([given[None], torch.zeros(classes - 1).double()])[None]
        twice = functional.cross_entropy(torch.softmax(scores, 1), torch.tensor([0]))
        twice.backward()
        assert twice_loss(np.array(lead), classes) == pytest.approx(twice.item())
        assert twice_slope(np.array(lead), classes) == pytest.approx(given.grad.item(), abs=1e-14)
        given.grad = None
        scores = torch.cat([given[None], torch.zeros(classes - 1).double()])[None]
        functional.cross_entropy(scores, torch.tensor([0])).backward()
        assert once_slope(np.array(lead), classes) == pytest.approx(given.grad.item(), abs=1e-14)
    assert twice_loss(np.array(60.0), classes) == pytest.approx(double_softmax_floor(classes))
    assert double_softmax_floor(10) == pytest.approx(math.log(1 + 9 / math.e))


def test_the_best_lead_where_a_class_s_part_vanishes() -> None:
    assert best_lead(10, 0.0) == best_lead(10, 5e-324) == math.inf
    assert best_lead(10, 1e-300) == pytest.approx(math.log(10) + 300 * math.log(10))
