"""Softmax step by step in one precision, as a function of one score, and as a function of the temperature.

Called by the board of activation functions.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from engine.foundations.unit_functions import RealArray, softmax


class SoftmaxSteps(NamedTuple):
    """Every number of a softmax over K scores: without the shift (`raw...`), then with it. All of one precision, which
    overflows as that precision does: inf, and no number (nan) where inf is divided by inf."""

    scores: RealArray  # over the temperature
    raw: RealArray  # exp(score)
    raw_sum: float
    raw_shares: RealArray
    largest: float
    shifted: RealArray  # score - largest
    exponentials: RealArray  # exp(score - largest)
    total: float
    shares: RealArray

    @property
    def overflows(self) -> bool:
        """Whether the direct way has come to an exponential or a sum that is infinite."""
        return not math.isfinite(self.raw_sum)

    @property
    def lost(self) -> bool:
        """Whether the direct way gives no probabilities: the sum is infinite, or all exponentials have vanished."""
        return self.overflows or self.raw_sum == 0


def softmax_steps(scores: RealArray, precision: type[np.floating[Any]], temperature: float = 1.0) -> SoftmaxSteps:
    """All steps of the softmax of `scores` (K,), computed in `precision`."""
    with np.errstate(all="ignore"):
        scaled = np.asarray(scores, precision) / precision(temperature)
        raw = np.exp(scaled)
        raw_sum = raw.sum()
        largest = scaled.max()
        shifted = scaled - largest
        exponentials = np.exp(shifted)
        total = exponentials.sum()
        return SoftmaxSteps(
            scaled,
            raw,
            float(raw_sum),
            raw / raw_sum,
            float(largest),
            shifted,
            exponentials,
            float(total),
            exponentials / total,
        )


def largest_offset(scores: RealArray, precision: type[np.floating[Any]]) -> float:
    """What can be added to all scores until the sum of their exponentials is infinite: ln of the largest number, 88.72 for
    float32 and 709.78 for float64, less ln of the sum."""
    largest = float(np.max(scores))
    return math.log(float(np.finfo(precision).max)) - largest - math.log(float(np.exp(np.asarray(scores) - largest).sum()))


def shares_by_score(scores: RealArray, moved: int, across: RealArray) -> tuple[RealArray, RealArray]:
    """The probabilities (G, K) where score `moved` takes each value of `across` (G,) and the others stay, and their derivatives
    by that score: p_k (δ_kj - p_j)."""
    scores_GK = np.repeat(np.asarray(scores, np.float64)[None], len(across), axis=0)
    scores_GK[:, moved] = across
    shares_GK = softmax(scores_GK)
    own = np.zeros(len(scores))
    own[moved] = 1.0
    return shares_GK, shares_GK * (own - shares_GK[:, moved : moved + 1])


def shares_by_temperature(scores: RealArray, temperatures: RealArray) -> RealArray:
    """The probabilities (G, K) for each of `temperatures` (G,)."""
    return softmax(np.asarray(scores, np.float64)[None] / np.asarray(temperatures)[:, None])


def entropy(shares: RealArray) -> float:
    """-Σ p ln p in nats: 0 where one share is 1, ln K where all are equal."""
    there = shares[shares > 0]
    return float(-(there * np.log(there)).sum()) + 0.0
