"""How likely a user's own points are under a Gaussian, and own throws under a coin; and what makes them most likely.

The largest likelihood of a Gaussian has the points' mean and their deviation with 1/n, not 1/(n - 1); that of a coin has the
share of heads.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.foundations.unit_functions import RealArray

LEAST_DEVIATION = 0.05  # of points that all lie at one place


class GaussianFit(NamedTuple):
    """The points' log likelihood under a mean and a deviation, in its parts: the sum is -squares - spread - constant."""

    densities: RealArray
    log_densities: RealArray
    squares: float  # Σ (x - μ)² / 2σ²
    spread: float  # n ln σ
    constant: float  # n/2 ln 2π

    @property
    def log_likelihood(self) -> float:
        return float(self.log_densities.sum())


def gaussian_fit(points: RealArray, mean: float, deviation: float) -> GaussianFit:
    """The points under a normal density."""
    n = len(points)
    halves = (points - mean) ** 2 / (2 * deviation**2)
    logs = -halves - math.log(deviation) - 0.5 * math.log(2 * math.pi)
    return GaussianFit(np.exp(logs), logs, float(halves.sum()), n * math.log(deviation), n / 2 * math.log(2 * math.pi))


def most_likely_gaussian(points: RealArray) -> tuple[float, float]:
    """Mean and deviation of the largest likelihood; the deviation is at least LEAST_DEVIATION: of one
    point it would be 0."""
    return float(points.mean()), max(float(points.std()), LEAST_DEVIATION)


def gaussian_surface(points: RealArray, means: RealArray, deviations: RealArray) -> RealArray:
    """The log likelihood for each deviation (rows) and mean (columns)."""
    n, middle = len(points), points.mean()
    squares = ((points - middle) ** 2).sum() + n * (means[None] - middle) ** 2
    spread = deviations[:, None]
    return np.asarray(-squares / (2 * spread**2) - n * np.log(spread) - n / 2 * math.log(2 * math.pi))


def coin_curve(heads: int, tails: int, shares: RealArray) -> RealArray:
    """The log likelihood of the throws for each share of heads; minus infinity where one has come up that cannot."""
    with np.errstate(divide="ignore"):
        up = heads * np.log(shares) if heads else np.zeros_like(shares)
        down = tails * np.log(1 - shares) if tails else np.zeros_like(shares)
    return np.asarray(up + down)
