"""What theory says of a stack with first weights, for layers that are very wide (Poole et al., 2016; Schoenholz et al., 2017).

The weighted sums of a layer are then normal. Of one unit and many samples, a part of the sum is common to all samples (variance
C) and a part is each sample's own (variance D); the sum's variance over units and samples is q = C + D. With s = width times
the weights' variance, and u, v the sums of two samples:

    q' = s E[φ(u)²],   D' = s E[φ(u)² - φ(u) φ(v)],   before the first layer q = D = s

and backwards the gradients' mean square is multiplied by s E[φ'(u)²]. D has a recursion of its own, because it is soon many
orders of magnitude smaller than q. Integrals over ReLU are written in closed form (Cho and Saul, 2009), the others are summed
over points that lie closer around 0, where a steep function turns.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.foundations.boards.initialisation.initialisation_numbers import Stack
from engine.foundations.unit_functions import UNIT_FUNCTIONS, RealArray

END = 8.0  # deviations of the normal distribution that are summed over
POINTS, POINTS_ACROSS = 400, 32


class Predicted(NamedTuple):
    """Each (layers,), the same quantities as of a `LayerSums`."""

    deviation: RealArray
    between_samples: RealArray
    gradient_deviation: RealArray


class _Moments(NamedTuple):
    """Of one layer: the deviation of the outputs and their mean square, the mean variance and the mean deviation over the
    samples, the mean square of the slopes."""

    deviation: float
    square: float
    variance: float
    apart: float
    slope: float


@lru_cache(maxsize=64)
def _course(grown: float, activation: str) -> tuple[list[_Moments], list[tuple[float, float]]]:
    """What is known so far of a stack of any depth: the moments of its layers, and (q, D) before the first and after each."""
    return [], [(grown, grown)]


@lru_cache(maxsize=64)
def predicted(first_weights_deviation: float, activation: str, layers: int, units: int) -> Predicted:
    """The deviations of every layer for weights of that deviation."""
    grown = units * first_weights_deviation**2
    moments_of = _relu if activation == "relu" else _smooth
    known, ends = _course(grown, activation)
    while len(known) < layers:
        moments = moments_of(activation, *ends[-1])
        known.append(moments)
        ends.append((grown * moments.square, grown * moments.variance))
    found = known[:layers]
    gradients = np.array([moments.slope for moments in found])  # the last layer's gradient comes with mean square 1
    for layer in reversed(range(layers - 1)):
        gradients[layer] *= grown * gradients[layer + 1]
    return Predicted(
        np.array([moments.deviation for moments in found]),
        np.array([moments.apart for moments in found]),
        np.sqrt(gradients),
    )


def of_stack(stack: Stack) -> Predicted:
    return predicted(stack.weight_deviation, stack.activation, stack.layers, stack.units)


@lru_cache(maxsize=256)
def _normal_points(closer: float, count: int) -> tuple[RealArray, RealArray]:
    """Points of a standard normal distribution, none at 0, and their shares: sinh(t) / closer for even steps of t."""
    end = math.asinh(END * closer)
    t = end * ((np.arange(count) + 0.5) * 2 / count - 1)
    points = np.sinh(t) / closer
    shares = np.exp(-points * points / 2) * np.cosh(t)
    return points, shares / shares.sum()


def _closer(variance: float) -> float:
    """How much closer points lie around 0: a power of two, so that few sets of them are made."""
    return 2.0 ** max(0, math.ceil(math.log2(max(1.5 * math.sqrt(variance), 1.0))))


def _smooth(activation: str, q: float, own: float) -> _Moments:
    function = UNIT_FUNCTIONS[activation]
    if q == 0:
        value, slope = (float(of(np.zeros(1))[0]) for of in (function.value, function.slope))
        return _Moments(0.0, value**2, 0.0, 0.0, slope**2)
    points, shares = _normal_points(_closer(q), POINTS)
    sums = math.sqrt(q) * points
    values = function.value(sums)
    common_variance = max(q - own, 0.0)
    common, common_shares = _normal_points(_closer(common_variance), POINTS_ACROSS)
    each, each_shares = _normal_points(_closer(own), POINTS_ACROSS)
    across = function.value(math.sqrt(common_variance) * common[:, np.newaxis] + math.sqrt(own) * each)
    apart = across - (across @ each_shares)[:, np.newaxis]
    variances = (apart * apart) @ each_shares
    return _Moments(
        math.sqrt(float(shares @ (values - shares @ values) ** 2)),
        float(shares @ values**2),
        float(common_shares @ variances),
        float(common_shares @ np.sqrt(variances)),
        float(shares @ function.slope(sums) ** 2),
    )


def _relu(_activation: str, q: float, own: float) -> _Moments:
    if q == 0:
        return _Moments(0.0, 0.0, 0.0, 0.0, 0.0)
    # of two samples' sums, at an angle: 1 - cos = own / q
    angle = 2 * math.asin(min(math.sqrt(own / (2 * q)), 1.0))
    together = (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi  # 1 at angle 0
    less = 1 - together if angle > 1e-3 else angle**2 / 2 - angle**3 / (3 * math.pi)
    points, shares = _normal_points(2.0, POINTS_ACROSS)
    middle, deviation = math.sqrt(max(q - own, 0.0)) * points, math.sqrt(own)
    ratio = middle / deviation if deviation else np.zeros_like(middle)
    below = np.array([0.5 * math.erfc(-at / math.sqrt(2)) for at in ratio.tolist()])
    density = np.exp(-ratio * ratio / 2) / math.sqrt(2 * math.pi)
    mean = middle * below + deviation * density
    variances = (middle**2 + own) * below + middle * deviation * density - mean**2
    apart = float(shares @ np.sqrt(np.maximum(variances, 0.0)))
    return _Moments(math.sqrt(q * (0.5 - 0.5 / math.pi)), q / 2, q / 2 * less, apart, 0.5)
