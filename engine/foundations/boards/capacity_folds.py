"""k-fold cross-validation by hand: which point is in which fold, each fold's fit and error, their mean and deviation.

As scikit-learn's `KFold` with shuffling: the points are put in a random order and cut into k runs, the first N mod k of which
have one point more. A fold's error is of its own points, by the fit to all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.boards.capacity_polynomials import (
    NoisyPoints,
    PolynomialFit,
    fitted_columns,
    fitted_polynomial,
    legendre_columns,
    mean_square,
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
    out_of_fold, found = np.empty(len(y)), []
    for fold in range(int(fold_of.max()) + 1):
        own = fold_of == fold
        others, wanted = columns[~own], y[~own]
        fit = fitted_columns(others, wanted, decay)
        out_of_fold[own] = columns[own] @ fit.coefficients
        found.append(FoldFit(fit, mean_square(others @ fit.coefficients, wanted), mean_square(out_of_fold[own], y[own])))
    return CrossValidation(fold_of, tuple(found), out_of_fold)


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


def degree_choice(points: NoisyPoints, fold_of: NDArray[np.int64], degrees: Iterable[int], decay: float = 0.0) -> DegreeChoice:
    tried = tuple(degrees)
    columns = legendre_columns(points.x, max(tried))
    results = [_validated_in_turn(columns[:, : degree + 1], points.y, fold_of, decay) for degree in tried]
    means = np.array([each.mean for each in results])
    errors = np.array([each.standard_error for each in results])
    at = int(means.argmin())
    simplest = next(degree for degree, mean in zip(tried, means, strict=True) if mean <= means[at] + errors[at])
    return DegreeChoice(tried, means, errors, tried[at], simplest)
