"""The squared error and the cross-entropy of one answer over K classes, term by term, and by the share of the true class.

Called by the board of losses. Everything is float64.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.foundations.unit_functions import RealArray


class LossTerms(NamedTuple):
    """What each class adds to both losses, and the derivatives by its answer."""

    squares: RealArray  # (y - t)²
    logs: RealArray  # -t ln(y + least)
    square_slopes: RealArray  # y - t
    log_slopes: RealArray  # -t / (y + least)

    @property
    def squared_error(self) -> float:
        """Half the sum of the squares, as the books have it."""
        return float(0.5 * self.squares.sum())

    @property
    def mean_squared_error(self) -> float:
        """Their mean, as torch's MSELoss has it."""
        return float(self.squares.mean())

    @property
    def cross_entropy(self) -> float:
        return float(self.logs.sum()) + 0.0


def loss_terms(answer_K: RealArray, truth: int, least: float = 0.0) -> LossTerms:
    """Both losses of an answer whose true class is number `truth`. Without `least`, an answer of 0 to it is infinitely bad."""
    target = np.eye(len(answer_K))[truth]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(target > 0, -np.log(answer_K + least), 0.0)
        log_slopes = np.where(target > 0, -1 / (answer_K + least), 0.0)
    return LossTerms((answer_K - target) ** 2, logs, answer_K - target, log_slopes)


def made_room(answer_K: RealArray, place: int, share: float) -> RealArray:
    """The answer with `share` at `place`, where the others, in their proportions, share the rest of 1."""
    others = np.delete(answer_K, place)
    total = float(others.sum())
    rest = others * ((1 - share) / total) if total > 0 else np.full(len(others), (1 - share) / len(others))
    return np.insert(rest, place, share)


def losses_by_share(answer_K: RealArray, truth: int, shares: RealArray, least: float = 0.0) -> tuple[RealArray, RealArray]:
    """The squared error and the cross-entropy where the true class has each of `shares` and the others make room."""
    others = np.delete(answer_K, truth)
    total = float(others.sum())
    proportions = others / total if total > 0 else np.full(len(others), 1 / len(others))
    spread = float((proportions**2).sum())
    squared = 0.5 * (1 - shares) ** 2 * (1 + spread)
    with np.errstate(divide="ignore"):
        return squared, -np.log(shares + least) + 0.0
