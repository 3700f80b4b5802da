"""A straight line through points, as a loss over its two parameters: the mean squared error of ŷ = w x + b.

L(w, b) = 1/n Σ (w x + b - y)², which is torch's `MSELoss`. Its derivatives are the means of 2 e x and of 2 e, where
e = ŷ - y is the residual. Over w and b it is a bowl with one bottom (least squares), or a trough where all points have the
same x: then many lines are equally good. Called by the board "gradient by hand".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from engine.foundations.unit_functions import RealArray

PlacedPoints: TypeAlias = Sequence[tuple[float, float]]


class ResidualTerms(NamedTuple):
    """What each point (n,) adds: its answer ŷ, its residual e, its square, and its terms 2 e x and 2 e of the two
    derivatives. The loss and the derivatives are the means of the last three."""

    x: RealArray
    y: RealArray
    answers: RealArray
    residuals: RealArray
    squares: RealArray
    of_w: RealArray
    of_b: RealArray

    @property
    def loss(self) -> float:
        return float(self.squares.mean())

    @property
    def gradient(self) -> tuple[float, float]:
        """The derivatives of the loss by w and b."""
        return float(self.of_w.mean()), float(self.of_b.mean())


class BestLine(NamedTuple):
    """The line of the least loss. Not `unique`: where all points share one x there are many, of which this is the nearest to
    w = b = 0."""

    w: float
    b: float
    loss: float
    unique: bool


def residual_terms(points: PlacedPoints, w: float, b: float) -> ResidualTerms:
    """Every term of the loss of the line, and of its derivatives. Raises ValueError without points."""
    x, y = _axes_of(points)
    answers = w * x + b
    residuals = answers - y
    return ResidualTerms(x, y, answers, residuals, residuals**2, 2 * residuals * x, 2 * residuals)


def best_line(points: PlacedPoints) -> BestLine:
    """Least squares: w = Σ (x - x̄)(y - ȳ) / Σ (x - x̄)², b = ȳ - w x̄. Raises ValueError without points."""
    x, y = _axes_of(points)
    if np.ptp(x) == 0:
        share = float(y.mean()) / (1 + float(x[0]) ** 2)  # the shortest (w, b) with w x + b = ȳ
        return _found(points, share * float(x[0]), share, unique=False)
    across = x - x.mean()
    w = float((across * (y - y.mean())).sum() / (across**2).sum())
    return _found(points, w, float(y.mean() - w * x.mean()), unique=True)


def _found(points: PlacedPoints, w: float, b: float, *, unique: bool) -> BestLine:
    return BestLine(w, b, residual_terms(points, w, b).loss, unique)


class RegressionSurface:
    """The mean squared error of lines (..., 2), each a w and a b, and its gradient in the same shape. Computed from the points'
    means once, so that a picture of it takes no longer for many points."""

    def __init__(self, points: PlacedPoints) -> None:
        x, _ = _axes_of(points)
        self.best = best_line(points)
        self.hessian = 2 * np.array([[(x**2).mean(), x.mean()], [x.mean(), 1.0]])

    def value(self, lines: ArrayLike) -> RealArray:
        """(...,): what lies above the lowest loss, by the distance from the best line; exact where the loss is near to it."""
        away = self._away(lines)
        return np.asarray(self.best.loss + 0.5 * np.einsum("...i,ij,...j", away, self.hessian, away))

    def gradient(self, lines: ArrayLike) -> RealArray:
        return np.asarray(self._away(lines) @ self.hessian)

    def curvatures(self) -> RealArray:
        """The second derivatives along the flattest and the steepest direction (2,): above 2 over the last one a learning rate
        leaves the bowl."""
        return np.asarray(np.linalg.eigvalsh(self.hessian))

    def _away(self, lines: ArrayLike) -> RealArray:
        return np.asarray(lines, np.float64) - (self.best.w, self.best.b)


def _axes_of(points: PlacedPoints) -> tuple[RealArray, RealArray]:
    if not len(points):
        raise ValueError("a loss is a mean over at least one point")
    together = np.asarray(points, np.float64)
    return together[:, 0], together[:, 1]
