"""Units of a ReLU layer that answer 0 to every sample of a batch, by the bias and by the size of a learning step.

A dead unit's slope is 0 for every sample, so no gradient reaches its weights and no step of any size wakes it. Both curves are
exact, not sampled: a unit is dead where its largest sum is not above 0, and in one step of gradient descent a sum moves along a
straight line, so the step sizes at which a unit is dead are one interval.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.unit_functions import RealArray

INPUTS = 20  # values of a sample


class DrawnLayer(NamedTuple):
    """A batch, a layer of U units without its bias, and one linear output that reads them: x (S, I) and the target (S) from the
    standard normal distribution, the weights (I, U) with He's deviation √(2 / I), the output's (U) with √(2 / U). `positive`: x
    without its signs, as pixels and outputs of a ReLU are, which one step can move for all samples together."""

    x_SI: RealArray
    weights_IU: RealArray
    out_U: RealArray
    target_S: RealArray
    positive: bool


def drawn_layer(units: int, samples: int, seed: int, *, positive: bool) -> DrawnLayer:
    """The layer of a seed."""
    random = np.random.default_rng(seed)
    x_SI = random.standard_normal((samples, INPUTS))
    return DrawnLayer(
        np.abs(x_SI) if positive else x_SI,
        random.standard_normal((INPUTS, units)) * math.sqrt(2 / INPUTS),
        random.standard_normal(units) * math.sqrt(2 / units),
        random.standard_normal(samples),
        positive,
    )


class SteppedLayer(NamedTuple):
    """The layer with a bias, and what one step of gradient descent does to it.

    `sums_SU` are what the ReLU reads before the step; a step of size η takes η · `pull_SU` from them. `loss` is half the mean
    squared error of the output before the step, `weight_slopes_IU` and `bias_slopes_U` its gradient.
    """

    sums_SU: RealArray
    pull_SU: RealArray
    weight_slopes_IU: RealArray
    bias_slopes_U: RealArray
    loss: float

    def after(self, rate: float) -> RealArray:
        """The sums (S, U) after a step of size `rate`."""
        return self.sums_SU - rate * self.pull_SU


def stepped_layer(layer: DrawnLayer, bias: float) -> SteppedLayer:
    """The layer whose units all have that bias, and its gradient."""
    sums_SU = layer.x_SI @ layer.weights_IU + bias
    error_S = np.maximum(sums_SU, 0) @ layer.out_U - layer.target_S
    back_SU = np.outer(error_S, layer.out_U) * (sums_SU > 0) / len(error_S)
    weight_slopes_IU, bias_slopes_U = layer.x_SI.T @ back_SU, back_SU.sum(axis=0)
    pull_SU = layer.x_SI @ weight_slopes_IU + bias_slopes_U
    return SteppedLayer(sums_SU, pull_SU, weight_slopes_IU, bias_slopes_U, float(0.5 * np.mean(error_S**2)))


def loss_of(layer: DrawnLayer, sums_SU: RealArray) -> float:
    """Half the mean squared error of the output where the ReLU reads these sums."""
    return float(0.5 * np.mean((np.maximum(sums_SU, 0) @ layer.out_U - layer.target_S) ** 2))


def firing_shares(sums_SU: RealArray) -> RealArray:
    """For each unit the share of the samples to which it answers with more than 0; shape (U,)."""
    return np.asarray((sums_SU > 0).mean(axis=0))


def dead_share(sums_SU: RealArray) -> float:
    """The share of the units that answer 0 to every sample."""
    return float((sums_SU.max(axis=0) <= 0).mean())


def dead_by_bias(layer: DrawnLayer, biases: RealArray) -> RealArray:
    """The share of dead units for each of `biases`."""
    largest_U = np.sort((layer.x_SI @ layer.weights_IU).max(axis=0))
    return np.asarray(np.searchsorted(largest_U, -biases, "right") / len(largest_U))


def expected_by_bias(layer: DrawnLayer, biases: RealArray) -> RealArray:
    """The same in theory: for normal samples a unit's sum is normal with the length r of its weights as its deviation, so all S
    samples leave it at 0 with probability Φ(-b / r)^S. Not for positive samples."""
    lengths_U = np.linalg.norm(layer.weights_IU, axis=0)
    below = 0.5 * (1 + _erf(-np.asarray(biases)[:, None] / (lengths_U * math.sqrt(2))))
    return np.asarray((below ** len(layer.x_SI)).mean(axis=1))


_erf = np.vectorize(math.erf, otypes=[np.float64])


def dead_from_to(stepped: SteppedLayer) -> tuple[RealArray, RealArray]:
    """For each unit the smallest and the largest size of a step after which it is dead: the first is above the second where
    there is none. Sums z - η·d are all at most 0 where η is at least z / d for each d above 0, at most z / d for each below."""
    z, d = stepped.sums_SU, stepped.pull_SU
    with np.errstate(divide="ignore", invalid="ignore"):
        at = z / d
    low = np.maximum(np.where(d > 0, at, 0.0).max(axis=0), 0.0)
    high = np.where(d < 0, at, np.inf).min(axis=0)
    never: NDArray[np.bool_] = ((d == 0) & (z > 0)).any(axis=0)
    return np.where(never, np.inf, low), np.where(never, -np.inf, high)


def dead_by_rate(stepped: SteppedLayer, rates: RealArray) -> RealArray:
    """The share of dead units after one step, for each of the sizes `rates`."""
    low, high = dead_from_to(stepped)
    at = np.asarray(rates)[:, None]
    return np.asarray(((low <= at) & (at <= high)).mean(axis=1))
