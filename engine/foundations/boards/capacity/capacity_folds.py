"""k-fold cross-validation by hand: which point is in which fold, each fold's fit and error, their mean and deviation.

As scikit-learn's `KFold` with shuffling: the points are put in a random order and cut into k runs, the first N mod k of which
have one point more. A fold's error is of its own points, by the fit to all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.boards.capacity.capacity_polynomials import (
    NoisyPoints,
    PolynomialFit,
    fitted_polynomial,
    fitted_together,
    legendre_columns,
    mean_square,
    with_decay,
)
from engine.foundations.unit_functions import RealArray


class FoldFit(NamedTuple):
    """One fold's turn to validate."""

    fit: PolynomialFit
    train: float
    validation: float


class CrossValidation(NamedTuple):
    """`fold_of` (N,) from 0. `out_of_fold` (N,): each point's prediction by the fit that has not seen it."""

    fold_of: NDArray[np.int64]
    folds: tuple[FoldFit, ...]
    out_of_fold: RealArray

    @property
    def validation_errors(self) -> RealArray:
        return np.array([fold.validation for fold in self.folds])

    @property
    def mean(self) -> float:
        return float(self.validation_errors.mean())

    @property
    def deviation(self) -> float:
        """Between the folds, by k - 1."""
        return float(self.validation_errors.std(ddof=1))

    @property
    def standard_error(self) -> float:
        """Of the mean, as if the folds were independent, which they are not quite: their fits share points."""
        return self.deviation / float(np.sqrt(len(self.folds)))


def folds_of(count: int, k: int, seed: int) -> NDArray[np.int64]:
    """The fold (N,) of each point."""
    order = np.random.default_rng([seed, 3]).permutation(count)
    fold_of = np.empty(count, np.int64)
    for fold, places in enumerate(np.array_split(order, k)):
        fold_of[places] = fold
    return fold_of


def cross_validation(points: NoisyPoints, fold_of: NDArray[np.int64], degree: int, decay: float = 0.0) -> CrossValidation:
    """A fit for each fold, to the points of all others."""
    return _validated_in_turn(legendre_columns(points.x, degree), points.y, fold_of, decay)


def _validated_in_turn(columns: RealArray, y: RealArray, fold_of: NDArray[np.int64], decay: float) -> CrossValidation:
    """Folds of one size are fitted together."""
    out_of_fold, sizes = np.empty(len(y)), np.bincount(fold_of)
    found: dict[int, FoldFit] = {}
    for size in np.unique(sizes):
        folds = np.flatnonzero(sizes == size)
        own = fold_of == folds[:, None]
        shape = (len(folds), len(y) - size)
        others = np.broadcast_to(columns, (len(folds), *columns.shape))[~own].reshape(*shape, -1)
        wanted = np.broadcast_to(y, own.shape)[~own].reshape(shape)
        for fold, held, seen, values, fit in zip(
            folds.tolist(), own, others, wanted, fitted_together(others, wanted, decay), strict=True
        ):
            out_of_fold[held] = columns[held] @ fit.coefficients
            train = mean_square(seen @ fit.coefficients, values)
            found[fold] = FoldFit(fit, train, mean_square(out_of_fold[held], y[held]))
    return CrossValidation(fold_of, tuple(found[fold] for fold in sorted(found)), out_of_fold)


def left_out_error(points: NoisyPoints, degree: int, decay: float = 0.0) -> float | None:
    """The mean error of N folds of one point, from one fit: each residual over 1 - its leverage (Allen's PRESS). None where a
    fit goes through a point whatever its value. With a decay the points of a fold's fit count a little more than here, because
    the mean is over N - 1 of them: the decay is taken as λ N / (N - 1) then."""
    count = len(points.x)
    fit = fitted_polynomial(points, degree, decay * (count - 1) / count)
    if (fit.leverages > 1 - 1e-9).any():
        return None
    return float(np.mean(((fit.values(points.x) - points.y) / (1 - fit.leverages)) ** 2))


class DegreeChoice(NamedTuple):
    """Mean errors (degrees,) and their standard errors. `best` has the smallest mean; `simplest` is the smallest degree whose
    mean is within one standard error of it (Breiman et al., 1984)."""

    degrees: tuple[int, ...]
    means: RealArray
    standard_errors: RealArray
    best: int
    simplest: int


def _fold_errors(columns: RealArray, y: RealArray, fold_of: NDArray[np.int64], decay: float) -> RealArray:
    """The error (k,) of each fold by the fit to all others, from one fit to all points for each size of a fold: what a fold's
    points miss without them is (I - H)⁻¹ times what they miss with them, H being their part of the matrix that takes the values
    to the predictions. Where that has no safe inverse, fold by fold."""
    sizes, count = np.bincount(fold_of), len(y)
    found = np.empty(len(sizes))
    for size in np.unique(sizes):
        left, singular = _decomposed(columns, decay * (count - size) / count)
        own = np.flatnonzero(sizes == size)
        places = np.stack([np.flatnonzero(fold_of == fold) for fold in own])
        if columns.shape[1] > count - size or singular[-1] < 1e-7 * singular[0]:
            return _validated_in_turn(columns, y, fold_of, decay).validation_errors
        missed = (y - left @ (left.T @ y))[places]
        held = np.eye(size) - left[places] @ left[places].transpose(0, 2, 1)
        if np.linalg.eigvalsh(held).min() < 1e-8:
            return _validated_in_turn(columns, y, fold_of, decay).validation_errors
        found[own] = (np.linalg.solve(held, missed[..., None])[..., 0] ** 2).mean(axis=1)
    return found


def _decomposed(columns: RealArray, decay: float) -> tuple[RealArray, RealArray]:
    """U (N, coefficients) with the predictions U Uᵀ y, and the singular values."""
    points = len(columns)
    left, singular, _ = np.linalg.svd(with_decay(columns / np.sqrt(points), decay), full_matrices=False)
    return left[:points], singular


def degree_choice(points: NoisyPoints, fold_of: NDArray[np.int64], degrees: Iterable[int], decay: float = 0.0) -> DegreeChoice:
    tried = tuple(degrees)
    columns = legendre_columns(points.x, max(tried))
    by_fold = np.array([_fold_errors(columns[:, : degree + 1], points.y, fold_of, decay) for degree in tried])
    means, errors = by_fold.mean(axis=1), by_fold.std(axis=1, ddof=1) / np.sqrt(by_fold.shape[1])
    at = int(means.argmin())
    simplest = next(degree for degree, mean in zip(tried, means, strict=True) if mean <= means[at] + errors[at])
    return DegreeChoice(tried, means, errors, tried[at], simplest)
