"""Polynomial fits against numpy's own least squares, scikit-learn's ridge, and integrals by brute force."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.polynomial import Polynomial
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

from engine.foundations.boards.capacity.capacity_folds import cross_validation, degree_choice, folds_of, left_out_error
from engine.foundations.boards.capacity.capacity_polynomials import (
    FORMULAS,
    KNOWN_FUNCTIONS,
    NoisyPoints,
    distance_to_truth,
    drawn_points,
    errors_of,
    errors_over_decays,
    errors_over_degrees,
    fitted_polynomial,
    learning_curve,
    least_error,
    legendre_columns,
)

LINE = np.linspace(-1, 1, 101)


def _points(count: int = 15, seed: int = 1) -> NoisyPoints:
    return drawn_points("sine_wave", count, 0.3, seed=seed)


def test_a_fit_without_decay_is_numpys() -> None:
    points = _points()
    for degree in range(10):
        np.testing.assert_allclose(
            fitted_polynomial(points, degree).values(LINE), Polynomial.fit(points.x, points.y, degree)(LINE), atol=1e-7
        )


def test_a_line_by_hand() -> None:
    """Through (0, 0), (1, 1), (1, 3), twice the same x: slope 2 of the means, three residuals 0, -1 and 1."""
    points = NoisyPoints(np.array([0.0, 1.0, 1.0]), np.array([0.0, 1.0, 3.0]))
    fit = fitted_polynomial(points, 1)
    np.testing.assert_allclose(fit.values(np.array([0.0, 0.5, 1.0])), [0, 1, 2], atol=1e-12)
    np.testing.assert_allclose(fit.leverages, [1, 0.5, 0.5])
    assert fit.freedom == pytest.approx(2)


@pytest.mark.parametrize("decay", [1e-4, 0.03, 2.0])
def test_a_fit_with_decay_is_scikit_learns_ridge(decay: float) -> None:
    """Which sums squares, and does not decay its intercept; its trace by moving each value."""
    points, degree = _points(), 8
    columns = legendre_columns(points.x, degree)[:, 1:]
    ridge = Ridge(alpha=decay * len(points.x), solver="svd").fit(columns, points.y)
    fit = fitted_polynomial(points, degree, decay)
    np.testing.assert_allclose(fit.coefficients[1:], ridge.coef_, atol=1e-9)
    np.testing.assert_allclose(fit.values(LINE), ridge.predict(legendre_columns(LINE, degree)[:, 1:]), atol=1e-9)
    moved = []
    for at in range(len(points.x)):
        y = points.y.copy()
        y[at] += 1
        moved.append(fitted_polynomial(NoisyPoints(points.x, y), degree, decay).values(points.x)[at])
    assert fit.freedom == pytest.approx(sum(moved) - fit.values(points.x).sum())


def test_columns_have_mean_square_one_and_are_orthogonal() -> None:
    middles = (np.arange(200_000) + 0.5) / 100_000 - 1
    columns = legendre_columns(middles, 6)
    np.testing.assert_allclose(columns.T @ columns / len(middles), np.eye(7), atol=1e-6)


def test_the_conditions_that_the_module_states() -> None:
    points = _points(200)
    assert fitted_polynomial(points, 30).condition < 20
    assert np.linalg.cond(np.vander(points.x, 31)) > 1e11


def test_more_coefficients_than_points_go_through_all_with_the_smallest_ones() -> None:
    points = _points()
    fit = fitted_polynomial(points, 20)
    np.testing.assert_allclose(fit.values(points.x), points.y, atol=1e-9)
    np.testing.assert_allclose(fit.coefficients, np.linalg.pinv(legendre_columns(points.x, 20)) @ points.y, atol=1e-8)


@pytest.mark.parametrize("truth", KNOWN_FUNCTIONS)
def test_the_expected_error_is_that_of_very_many_new_points(truth: str) -> None:
    train = drawn_points(truth, 20, 0.2, seed=3)  # type: ignore[arg-type]
    fit = fitted_polynomial(train, 4)
    x = (np.arange(400_000) + 0.5) / 200_000 - 1
    brute = 0.2**2 + np.mean((fit.values(x) - KNOWN_FUNCTIONS[truth](x)) ** 2)  # type: ignore[index]
    whole = errors_of(fit.values, train, _points(60), truth, 0.2)  # type: ignore[arg-type]
    assert whole.expected == pytest.approx(brute, rel=1e-5)
    over = errors_over_degrees(range(7), 0.0, train, _points(60), truth, 0.2)[4]  # type: ignore[arg-type]
    np.testing.assert_allclose(over, whole, rtol=1e-9)
    assert over.gap == over.validation - over.train
    x_new, y_new = drawn_points(truth, 500, 0.2, seed=8)  # type: ignore[arg-type]
    assert np.mean((fit.values(x_new) - y_new) ** 2) == pytest.approx(brute, rel=0.2)
    assert FORMULAS[truth]  # type: ignore[index]


def test_errors_over_decays_are_those_of_single_fits() -> None:
    train, validation = _points(), _points(60, seed=2)
    decays = [1e-8, 1e-3, 0.1, 10.0]
    found = errors_over_decays(decays, 12, train, validation, "sine_wave", 0.3)
    for decay, errors in zip(decays, found, strict=True):
        own = errors_of(fitted_polynomial(train, 12, decay).values, train, validation, "sine_wave", 0.3)
        np.testing.assert_allclose(errors, own, rtol=1e-4 if decay < 1e-6 else 1e-9)
    assert all(a.train <= b.train for a, b in pairwise(found))


def test_least_error_is_the_projections() -> None:
    """Of a cubic from degree 3 on the noise alone; of sin πx by a line, 1/2 - 3/π² (∫ x sin πx = 2/π)."""
    assert least_error("cubic", 3, 0.3) == pytest.approx(0.09)
    assert least_error("sine_wave", 1, 0.0) == pytest.approx(0.5 - 3 / np.pi**2)
    assert least_error("jump", 0, 0.5) == pytest.approx(1.25)
    assert distance_to_truth("jump", np.zeros_like) == pytest.approx(1)


@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_a_learning_curve_is_that_of_single_fits(decay: float) -> None:
    counts = (2, 4, 5, 8, 30, 100)
    curve = learning_curve("cubic", 0.3, 4, decay, counts, repeats=5, seed=7)
    generator = np.random.default_rng([7, 2])
    x = generator.uniform(-1, 1, (5, 500))[:, :100]
    y = 4 * x**3 - 3 * x + 0.3 * generator.standard_normal((5, 500))[:, :100]
    for at, count in enumerate(counts):
        train, expected = [], []
        for row in range(5):
            points = NoisyPoints(x[row, :count], y[row, :count])
            fit = fitted_polynomial(points, 4, decay)
            train.append(np.mean((fit.values(points.x) - points.y) ** 2))
            expected.append(0.09 + distance_to_truth("cubic", fit.values))
        np.testing.assert_allclose(curve.train[:, at], np.percentile(train, [25, 50, 75]), rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(curve.expected[:, at], np.percentile(expected, [25, 50, 75]), rtol=1e-6)


def test_more_points_keep_the_first_ones_and_noise_scales() -> None:
    few, many = _points(10), _points(40)
    np.testing.assert_array_equal(few.x, many.x[:10])
    np.testing.assert_array_equal(few.y, many.y[:10])
    still = drawn_points("sine_wave", 10, 0.0, seed=1)
    loud = drawn_points("sine_wave", 10, 0.6, seed=1)
    np.testing.assert_allclose(loud.y - still.y, 2 * (few.y - still.y))
    assert abs(drawn_points("sine_wave", 10, 0.3, seed=1, stream=1).x - few.x).min() > 0


def test_folds_have_the_sizes_of_scikit_learns() -> None:
    for count, k in ((15, 4), (20, 5), (7, 7), (9, 2)):
        fold_of = folds_of(count, k, seed=3)
        sizes = [len(test) for _, test in KFold(k, shuffle=True, random_state=0).split(np.zeros(count))]
        assert np.bincount(fold_of).tolist() == sizes


def test_cross_validation_by_hand() -> None:
    points, fold_of = _points(14), folds_of(14, 4, seed=2)
    found = cross_validation(points, fold_of, 3)
    errors = []
    for fold in range(4):
        own = fold_of == fold
        other = Polynomial.fit(points.x[~own], points.y[~own], 3)
        errors.append(np.mean((other(points.x[own]) - points.y[own]) ** 2))
        assert found.folds[fold].train == pytest.approx(np.mean((other(points.x[~own]) - points.y[~own]) ** 2))
        np.testing.assert_allclose(found.out_of_fold[own], other(points.x[own]))
    np.testing.assert_allclose(found.validation_errors, errors)
    assert found.mean == pytest.approx(sum(errors) / 4)
    assert found.deviation == pytest.approx((sum((each - sum(errors) / 4) ** 2 for each in errors) / 3) ** 0.5)
    assert found.standard_error == pytest.approx(found.deviation / 2)


@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_leaving_one_out_needs_one_fit(decay: float) -> None:
    points = _points(14)
    whole = cross_validation(points, np.arange(14), 4, decay).mean
    assert left_out_error(points, 4, decay) == pytest.approx(whole, rel=1e-8)
    assert left_out_error(points, 13) is None


def test_the_simplest_degree_within_one_standard_error() -> None:
    points, fold_of = _points(30), folds_of(30, 5, seed=2)
    choice = degree_choice(points, fold_of, range(9))
    means = [cross_validation(points, fold_of, degree).mean for degree in range(9)]
    np.testing.assert_allclose(choice.means, means)
    assert choice.best == int(np.argmin(means))
    limit = min(means) + cross_validation(points, fold_of, choice.best).standard_error
    assert choice.simplest == next(degree for degree in range(9) if means[degree] <= limit)
