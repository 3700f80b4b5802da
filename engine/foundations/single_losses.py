"""The loss of one sample, its derivative by the outputs, and the least that some losses can become.

`squared_error` is the books', half the sum of squares; torch's `MSELoss` is twice that over the number of outputs. Called by
the boards and by the experiments of the books.
"""

from __future__ import annotations

import math

import numpy as np

from engine.foundations.unit_functions import RealArray, softmax

LEAST = 1e-7  # what 『밑바닥부터 시작하는 딥러닝』 1 adds to a probability before its logarithm


def squared_error(answer_K: RealArray, truth_K: RealArray) -> float:
    """Half the sum of (y - t)²."""
    return float(0.5 * np.sum((answer_K - truth_K) ** 2))


def cross_entropy(probabilities_K: RealArray, truth_K: RealArray, *, least: float = 0.0) -> float:
    """-Σ t ln(p + least). Infinity for a probability of 0 where `least` is 0 and the truth is not."""
    meant = truth_K > 0
    with np.errstate(divide="ignore"):
        return float(-np.sum(truth_K[meant] * np.log(probabilities_K[meant] + least)))


def cross_entropy_slopes(scores_K: RealArray, truth_K: RealArray) -> RealArray:
    """The derivative of the cross-entropy after a softmax by what goes into the softmax: y - t, where t adds up to 1."""
    return softmax(scores_K) - truth_K


def gaussian_log_likelihood(points: RealArray, mean: float, deviation: float) -> float:
    """Σ ln of the normal density at `points`."""
    standardised = (points - mean) / deviation
    return float(-0.5 * np.sum(standardised**2) - len(points) * (math.log(deviation) + 0.5 * math.log(2 * math.pi)))


def coin_log_likelihood(heads: int, tails: int, share: float) -> float:
    """The log likelihood of so many heads and tails in one order, of a coin that shows heads with probability `share`: minus
    the summed binary cross-entropy."""
    terms = ((heads, share), (tails, 1 - share))
    return sum(count * (math.log(p) if p > 0 else -math.inf) for count, p in terms if count)


def smoothing_floor(smoothing: float, classes: int) -> float:
    """The least cross-entropy against targets smoothed as torch's `label_smoothing` does: the entropy of 1 - s + s/K for the
    true class and s/K for each other (0.5003 for s = 0.1 and ten classes)."""
    other = smoothing / classes
    own = 1 - smoothing + other
    return -sum(count * p * math.log(p) for count, p in ((1, own), (classes - 1, other)) if p > 0)


def double_softmax_floor(classes: int) -> float:
    """The least cross-entropy where a softmax has been taken twice: the second one sees at best one 1 and zeros, so it answers
    e / (e + K - 1), and the loss is ln(1 + (K - 1) / e): 1.461 for ten classes."""
    return math.log(1 + (classes - 1) / math.e)
