"""The gradient graph of 『밑바닥부터 시작하는 딥러닝 2』, chapter 6: how a gradient of ones changes when it is multiplied by
the transposed recurrent matrix again and again, without any nonlinearity.

The matrix is the book's: 3 × 3, drawn by numpy's seed 3 from a normal distribution, times `scale`. Pure numpy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED, SAMPLES, HIDDEN, STEPS = 3, 2, 3, 20
SCALES = (1.0, 0.5)


@dataclass(frozen=True, eq=False)
class BookGradient:
    """`norms[k]` is what the book draws after k + 1 products: the length of dh over all samples, divided by their number.
    `start` is the same before the first product. `alignment` is |cos| of the angle between the direction that one step
    stretches most and where it turns that direction to: 1 where the same direction would be stretched again."""

    scale: float
    weight_HH: NDArray[np.float64]
    start: float
    norms: NDArray[np.float64]  # (20,)
    spectral_radius: float  # the largest |eigenvalue|
    largest_singular: float
    alignment: float

    @property
    def settled(self) -> float:
        """By how much the last product has changed the length."""
        return float(self.norms[-1] / self.norms[-2])


def book_gradient(scale: float = 1.0) -> BookGradient:
    """The graph for the recurrent matrix times `scale`: the book has 1, which explodes, and 0.5, which vanishes."""
    weight = np.random.RandomState(SEED).randn(HIDDEN, HIDDEN) * scale
    dh, norms = np.ones((SAMPLES, HIDDEN)), []
    start = float(np.sqrt((dh**2).sum())) / SAMPLES
    for _ in range(STEPS):
        dh = dh @ weight.T
        norms.append(float(np.sqrt((dh**2).sum())) / SAMPLES)
    left, singular, right = np.linalg.svd(weight)
    return BookGradient(
        scale,
        weight,
        start,
        np.array(norms),
        float(np.abs(np.linalg.eigvals(weight)).max()),
        float(singular[0]),
        float(abs(left[:, 0] @ right[0])),
    )
