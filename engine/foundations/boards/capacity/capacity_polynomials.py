"""Polynomials fitted to noisy points of a known function: error on the points, on others, and on all that there are.

x lies in -1..1. A polynomial is a sum of Legendre polynomials, each scaled to mean square 1 (`legendre_columns`): the
columns are nearly orthogonal where powers of x are nearly the same (degree 30 on 200 points: condition numbers of 16 and 10¹¹).
It minimises

    mean (f(x) - y)² + λ Σ c_k²,  k >= 1,

the ridge of a regression, or what networks call weight decay; the constant is not decayed. The sum is the variance of f over
-1..1. Solved by a singular value decomposition of the columns with √λ below them, never by normal equations. With fewer points
than coefficients and no decay, it is the solution with the smallest coefficients.

An error is a mean of squares. Since the function is known, so is the error that is expected on a new point: σ² + the mean of
(f - truth)² over -1..1, by Gauss and Legendre's nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.polynomial import legendre

from engine.foundations.unit_functions import RealArray

KnownFunction: TypeAlias = Literal["sine_wave", "cubic", "runge", "jump", "straight"]

KNOWN_FUNCTIONS: dict[KnownFunction, Callable[[RealArray], RealArray]] = {
    "sine_wave": lambda x: np.sin(np.pi * x),
    "cubic": lambda x: 4 * x**3 - 3 * x,
    "runge": lambda x: 1 / (1 + 25 * x**2),
    "jump": np.sign,
    "straight": lambda x: 0.8 * x,
}
FORMULAS: dict[KnownFunction, str] = {
    "sine_wave": "sin πx",
    "cubic": "4x³ − 3x",
    "runge": "1 / (1 + 25x²)",
    "jump": "sign x",
    "straight": "0.8x",
}
MOST_DEGREE = 30
MOST_DRAWN = 500  # points of one draw: fewer are its first ones
SAFE = 1e-6  # of a triangle's largest diagonal entry: smaller ones are not divided by
_NODES = 128  # of each half of -1..1, which a jump at 0 parts


class NoisyPoints(NamedTuple):
    """Points (N,) and their values (N,)."""

    x: RealArray
    y: RealArray


def drawn_points(truth: KnownFunction, count: int, noise: float, *, seed: int, stream: int = 0) -> NoisyPoints:
    """`count` points, uniformly over -1..1, with normal noise of deviation `noise`. With more points the first ones stay, and
    with more noise each goes its own way on. `stream` 1 is independent of 0: those that validate."""
    generator = np.random.default_rng([seed, stream])
    x = generator.uniform(-1, 1, MOST_DRAWN)[:count]
    return NoisyPoints(x, KNOWN_FUNCTIONS[truth](x) + noise * generator.standard_normal(MOST_DRAWN)[:count])


class PolynomialFit(NamedTuple):
    """`coefficients` (degree + 1,) of the scaled Legendre polynomials. `leverages` (N,): how much each value of the points
    counts in its own prediction. `condition` of the columns as they are solved, the decay included."""

    coefficients: RealArray
    leverages: RealArray
    condition: float

    @property
    def freedom(self) -> float:
        """The effective number of parameters: the trace of the matrix that takes the values to the predictions."""
        return float(self.leverages.sum())

    def values(self, x: RealArray) -> RealArray:
        return legendre_columns(x, len(self.coefficients) - 1) @ self.coefficients


def legendre_columns(x: RealArray, degree: int) -> RealArray:
    """√(2k + 1) P_k(x) for k = 0..degree: (..., degree + 1), each with mean square 1 over -1..1."""
    return np.asarray(legendre.legvander(x, degree) * np.sqrt(2 * np.arange(degree + 1) + 1))


def fitted_polynomial(points: NoisyPoints, degree: int, decay: float = 0.0) -> PolynomialFit:
    """The polynomial of `degree` at most that the module's docstring says. Takes any number of points from 1, also several with
    one x."""
    return fitted_columns(legendre_columns(points.x, degree), points.y, decay)


def fitted_columns(columns_NK: RealArray, y_N: RealArray, decay: float = 0.0) -> PolynomialFit:
    """The same with the points' columns of `legendre_columns`, which have those of all smaller degrees at their left."""
    return fitted_together(columns_NK[None], y_N[None], decay)[0]


def fitted_together(columns_FNK: RealArray, y_FN: RealArray, decay: float = 0.0) -> list[PolynomialFit]:
    """The same of several sets of as many points."""
    points = columns_FNK.shape[1]
    root = np.sqrt(points)
    solved = with_decay(columns_FNK / root, decay)
    left, singular, right = np.linalg.svd(solved, full_matrices=False)
    kept = singular > singular[:, :1] * max(solved.shape[1:]) * np.finfo(np.float64).eps
    left = left[:, :points] * kept[:, None]
    turned = np.einsum("fnk,fn->fk", left, y_FN / root) / np.where(kept, singular, 1.0)
    coefficients = np.einsum("fkc,fk->fc", right, turned)
    conditions = singular[:, 0] / np.where(kept, singular, np.inf).min(axis=1)
    together = zip(coefficients, (left**2).sum(axis=2), conditions.tolist(), strict=True)
    return [PolynomialFit(*each) for each in together]


def with_decay(columns: RealArray, decay: float) -> RealArray:
    """Columns (..., N, K) over the K - 1 rows with which least squares weighs the square of each coefficient but the constant's
    by `decay`; without decay the columns alone."""
    if not decay:
        return columns
    count = columns.shape[-1]
    rows = np.broadcast_to(np.sqrt(decay) * np.eye(count)[1:], (*columns.shape[:-2], count - 1, count))
    return np.concatenate([columns, rows], axis=-2)


def mean_square(values: RealArray, wanted: RealArray) -> float:
    squares = (values - wanted) ** 2
    return float(squares.sum() / squares.size)  # as `mean`, to the bit, in half its time


@lru_cache(maxsize=1)
def _nodes() -> tuple[RealArray, RealArray]:
    """Nodes of -1..1 and their weights, which sum to 1."""
    x, weights = legendre.leggauss(_NODES)
    return np.concatenate([(x - 1) / 2, (x + 1) / 2]), np.concatenate([weights, weights]) / 4


@lru_cache(maxsize=len(KNOWN_FUNCTIONS))
def _projected(truth: KnownFunction) -> tuple[RealArray, RealArray]:
    """The truth's own coefficients (MOST_DEGREE + 1,), and the mean square of what each degree leaves of it."""
    x, weights = _nodes()
    wanted, columns = KNOWN_FUNCTIONS[truth](x), legendre_columns(x, MOST_DEGREE)
    own = columns.T @ (weights * wanted)
    left = [weights @ (wanted - columns[:, : degree + 1] @ own[: degree + 1]) ** 2 for degree in range(MOST_DEGREE + 1)]
    return own, np.array(left)


def distance_to_truth(truth: KnownFunction, function: Callable[[RealArray], RealArray]) -> float:
    """The mean of (function - truth)² over -1..1."""
    x, weights = _nodes()
    return float(weights @ (function(x) - KNOWN_FUNCTIONS[truth](x)) ** 2)


def _distances(truth: KnownFunction, coefficients: RealArray) -> RealArray:
    """The same of polynomials (..., degree + 1): the columns are orthogonal, so squares of differences add up."""
    own, left = _projected(truth)
    count = coefficients.shape[-1]
    return np.asarray(((coefficients - own[:count]) ** 2).sum(axis=-1) + left[count - 1])


class CapacityErrors(NamedTuple):
    """Mean squares: of the points that were learned from, of those that validate, and what is expected of a new point."""

    train: float
    validation: float
    expected: float

    @property
    def gap(self) -> float:
        return self.validation - self.train


def errors_of(
    function: Callable[[RealArray], RealArray], train: NoisyPoints, validation: NoisyPoints, truth: KnownFunction, noise: float
) -> CapacityErrors:
    return CapacityErrors(
        mean_square(function(train.x), train.y),
        mean_square(function(validation.x), validation.y),
        noise**2 + distance_to_truth(truth, function),
    )


def errors_over_degrees(
    degrees: Iterable[int], decay: float, train: NoisyPoints, validation: NoisyPoints, truth: KnownFunction, noise: float
) -> list[CapacityErrors]:
    """The columns of a degree are the first ones of the largest degree's, so all share its QR decomposition, as far as that is
    safe to solve by; else each has a decomposition of its own."""
    tried = tuple(degrees)
    columns, others = (legendre_columns(points.x, max(tried)) for points in (train, validation))
    solved, wanted = with_decay(columns / np.sqrt(len(train.x)), decay), train.y / np.sqrt(len(train.x))
    wanted = np.concatenate([wanted, np.zeros(len(solved) - len(wanted))])
    left, triangle = np.linalg.qr(solved)
    turned, sizes = left.T @ wanted, np.abs(np.diagonal(triangle))
    found = []
    for degree in tried:
        count = degree + 1
        if count <= len(sizes) and sizes[:count].min() > SAFE * sizes[:count].max():
            coefficients = np.linalg.solve(triangle[:count, :count], turned[:count])
        else:
            coefficients = fitted_columns(columns[:, :count], train.y, decay).coefficients
        found.append(_polynomial_errors(coefficients, columns, others, train, validation, truth, noise))
    return found


def errors_over_decays(
    decays: Iterable[float], degree: int, train: NoisyPoints, validation: NoisyPoints, truth: KnownFunction, noise: float
) -> list[CapacityErrors]:
    """For decays above 0. The constant is not decayed: it takes the means away, and all decays share one decomposition of the
    rest, c = V s / (s² + λ) Uᵀ y."""
    columns, others = (legendre_columns(points.x, degree) for points in (train, validation))
    count, means = len(train.x), columns[:, 1:].mean(axis=0)
    left, singular, right = np.linalg.svd((columns[:, 1:] - means) / np.sqrt(count), full_matrices=False)
    turned = left.T @ ((train.y - train.y.mean()) / np.sqrt(count))
    found = []
    for decay in decays:
        slopes = right.T @ (singular / (singular**2 + decay) * turned)
        coefficients = np.concatenate([[train.y.mean() - means @ slopes], slopes])
        found.append(_polynomial_errors(coefficients, columns, others, train, validation, truth, noise))
    return found


def _polynomial_errors(
    coefficients: RealArray,
    columns: RealArray,
    others: RealArray,
    train: NoisyPoints,
    validation: NoisyPoints,
    truth: KnownFunction,
    noise: float,
) -> CapacityErrors:
    count = len(coefficients)
    return CapacityErrors(
        mean_square(columns[:, :count] @ coefficients, train.y),
        mean_square(others[:, :count] @ coefficients, validation.y),
        noise**2 + float(_distances(truth, coefficients)),
    )


def least_error(truth: KnownFunction, degree: int, noise: float) -> float:
    """What no polynomial of this degree is better than: σ² + the mean square of what is left of the truth after its
    projection on the Legendre polynomials."""
    return noise**2 + float(_projected(truth)[1][degree])


class LearningCurve(NamedTuple):
    """Over several draws of each number of points: (3, counts) the lower quartile, the median and the upper quartile."""

    counts: tuple[int, ...]
    train: RealArray
    expected: RealArray


def learning_curve(
    truth: KnownFunction, noise: float, degree: int, decay: float, counts: Sequence[int], *, repeats: int, seed: int
) -> LearningCurve:
    """The errors of fits to so many points, in ascending order. A draw has one order: 20 points are its first 10 and 10 more,
    so what has been worked out of those, the triangle of their QR decomposition, goes on to the next number."""
    generator, most, size = np.random.default_rng([seed, 2]), max(counts), degree + 1
    x = generator.uniform(-1, 1, (repeats, MOST_DRAWN))[:, :most]
    y = KNOWN_FUNCTIONS[truth](x) + noise * generator.standard_normal((repeats, MOST_DRAWN))[:, :most]
    rows = np.concatenate([legendre_columns(x, degree), y[..., None]], axis=2)
    triangle, before = rows[:, :0], 0
    train, expected = [], []
    for count in counts:
        triangle = _triangle(np.concatenate([triangle, rows[:, before:count]], axis=1))
        columns, wanted = triangle[..., :size], triangle[..., size]
        coefficients = _solved_together(columns, wanted, decay * count)
        residuals = np.einsum("rnk,rk->rn", columns, coefficients) - wanted
        train.append((residuals**2).sum(axis=1) / count)
        expected.append(noise**2 + _distances(truth, coefficients))
        before = count
    quartiles = [25, 50, 75]
    return LearningCurve(
        tuple(counts), np.percentile(np.array(train), quartiles, axis=1), np.percentile(np.array(expected), quartiles, axis=1)
    )


def _triangle(rows: RealArray) -> RealArray:
    """R of the QR decomposition of each of several matrices."""
    return np.asarray(np.linalg.qr(rows, mode="r"))


def _solved_together(columns_RNK: RealArray, wanted_RN: RealArray, decay: float) -> RealArray:
    """The coefficients (R, K) of R fits at once: the smallest sum of squares + decay Σ c_k². Triangles are solved as they are;
    of fewer rows than coefficients without a decay, the solution with the smallest coefficients."""
    draws, count, size = columns_RNK.shape
    if decay:
        below = np.broadcast_to(np.sqrt(decay) * np.eye(size, size + 1)[1:], (draws, size - 1, size + 1))
        rows = np.concatenate([np.concatenate([columns_RNK, wanted_RN[..., None]], axis=2), below], axis=1)
        whole = _triangle(rows)
        columns_RNK, wanted_RN = whole[:, :size, :size], whole[:, :size, size]
        count = size
    if count >= size:
        return np.asarray(np.linalg.solve(columns_RNK[:, :size], wanted_RN[:, :size, None])[..., 0])
    return np.asarray((np.linalg.pinv(columns_RNK) @ wanted_RN[..., None])[..., 0])
