"""Cross-entropies that cannot become 0: with smoothed labels, and after a softmax that is taken twice.

The scores are those of a network that is sure of one class: `lead` for the true one and 0 for each other.
"""

from __future__ import annotations

import math

import numpy as np

from engine.foundations.unit_functions import RealArray


def log_shares_by_lead(lead: RealArray, classes: int) -> tuple[RealArray, RealArray]:
    """The logarithms of the softmax's shares of the true class and of each other, exact also where a share vanishes."""
    lead = np.asarray(lead, np.float64)
    total = np.logaddexp(lead, math.log(classes - 1))  # ln(e^lead + K - 1)
    return lead - total, -total


def shares_by_lead(lead: RealArray, classes: int) -> tuple[RealArray, RealArray]:
    """The softmax's shares of the true class and of each other."""
    own, other = log_shares_by_lead(lead, classes)
    return np.exp(own), np.exp(other)


def smoothed_loss(lead: RealArray, classes: int, smoothing: float) -> RealArray:
    """The cross-entropy against targets smoothed as torch's `label_smoothing` does; plain where `smoothing` is 0."""
    own, other = log_shares_by_lead(lead, classes)
    rest = smoothing / classes
    return np.asarray(-(1 - smoothing + rest) * own - (classes - 1) * rest * other)


def best_lead(classes: int, smoothing: float) -> float:
    """The lead at which the smoothed loss is least: the shares are then the targets. Infinite without smoothing, or with one
    whose part of a class no number can hold."""
    rest = smoothing / classes
    return math.log(1 - smoothing + rest) - math.log(rest) if rest > 0 else math.inf


def twice_loss(lead: RealArray, classes: int) -> RealArray:
    """The cross-entropy where softmax's answers go through a softmax again."""
    own, other = shares_by_lead(lead, classes)
    return np.asarray(np.log1p((classes - 1) * np.exp(other - own)))


def once_slope(lead: RealArray, classes: int) -> RealArray:
    """The derivative of the plain cross-entropy by the lead: p - 1."""
    return np.asarray(-(classes - 1) * shares_by_lead(lead, classes)[1])


def twice_slope(lead: RealArray, classes: int) -> RealArray:
    """The same where the softmax is taken twice: (q - 1) · d(p - p_other)/d lead, q being the second softmax's share."""
    own, _ = shares_by_lead(lead, classes)
    second = np.exp(-twice_loss(lead, classes))
    apart = own * (1 - own) * (1 + 1 / (classes - 1))
    return np.asarray((second - 1) * apart)
