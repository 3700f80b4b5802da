"""The noise of a batch's gradient: how far it is from the gradient of all samples, against the batch size.

The example is a line w x + b through N points, its loss the mean of squares, so that a gradient is an arrow in the plane. With
S² = the mean over samples of |g_i - g|², a batch of B has

    E |g_B - g|² = S² / B                        with replacement,
                 = S² / B · (N - B) / (N - 1)    without: the factor of a finite population, 0 for a batch of all.

The batch size at which the noise is as large as the gradient, S² / |g|², is the simple noise scale of McCandlish et al. (2018).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.unit_functions import RealArray


class LinePoints(NamedTuple):
    """x (N,) normal, y (N,) = 1.5 x - 0.5 and normal noise."""

    x: RealArray
    y: RealArray


TRUE_LINE = (1.5, -0.5)


def line_points(samples: int, noise: float, seed: int) -> LinePoints:
    generator = np.random.default_rng([seed, 6])
    x = generator.standard_normal(samples)
    return LinePoints(x, TRUE_LINE[0] * x + TRUE_LINE[1] + noise * generator.standard_normal(samples))


def best_line(points: LinePoints) -> tuple[float, float]:
    """The w and b whose gradient of all points is 0."""
    w = float(np.cov(points.x, points.y, bias=True)[0, 1] / points.x.var())
    return w, float(points.y.mean() - w * points.x.mean())


def sample_gradients(points: LinePoints, w: float, b: float) -> RealArray:
    """The derivatives (N, 2) of each point's (w x + b - y)² by w and b."""
    wrong = 2 * (w * points.x + b - points.y)
    return np.stack([wrong * points.x, wrong], axis=1)


class GradientSpread(NamedTuple):
    """`whole` (2,) is the gradient of all samples, `square` S²."""

    samples: int
    whole: RealArray
    square: float

    def deviation(self, batch: int, *, replacement: bool) -> float:
        """The root of the mean square distance of a batch's gradient from the whole one."""
        return float(self.deviations(np.array([batch]), replacement=replacement)[0])

    def deviations(self, batches: NDArray[np.int64], *, replacement: bool) -> RealArray:
        """The same for several sizes."""
        rest = self.samples - batches
        factor = np.ones(len(batches)) if replacement or self.samples == 1 else rest / (self.samples - 1)
        return np.asarray(np.sqrt(self.square / batches * factor))

    @property
    def noise_scale(self) -> float:
        """S² / |g|²; ∞ where the gradient is 0."""
        length = float(self.whole @ self.whole)
        return self.square / length if length > 1e-24 * self.square else np.inf


def gradient_spread(gradients_N2: RealArray) -> GradientSpread:
    whole = gradients_N2.mean(axis=0)
    return GradientSpread(len(gradients_N2), whole, float(((gradients_N2 - whole) ** 2).sum(axis=1).mean()))


class BatchGradients(NamedTuple):
    """`means` (2, batches, N): by w and by b, gradients of batches of 1 to N samples, each the one before and one more."""

    means: RealArray

    def of(self, batch: int) -> RealArray:
        """(batches, 2)."""
        return np.asarray(self.means[:, :, batch - 1].T)

    def deviations(self, whole: RealArray) -> RealArray:
        """(N,): the root of the mean square distance from the whole gradient, measured for every batch size."""
        along_w, along_b = self.means - whole[:, None, None]
        return np.asarray(np.sqrt((along_w * along_w + along_b * along_b).mean(axis=0)))


def batch_gradients(gradients_N2: RealArray, batches: int, *, replacement: bool, seed: int) -> BatchGradients:
    """So many batches of every size, really drawn."""
    draws = _draws(len(gradients_N2), batches, replacement, seed)
    sums = np.take(gradients_N2.T, draws, axis=1).cumsum(axis=2)
    return BatchGradients(sums / np.arange(1, len(gradients_N2) + 1))


@lru_cache(maxsize=4)
def _draws(samples: int, batches: int, replacement: bool, seed: int) -> NDArray[np.int64]:
    """The samples (batches, samples) in the order in which each batch draws them: the same wherever the gradient is taken."""
    generator = np.random.default_rng([seed, 7])
    if replacement:
        return generator.integers(0, samples, (batches, samples))
    return np.asarray(generator.random((batches, samples)).argsort(axis=1))
