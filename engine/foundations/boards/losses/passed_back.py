"""From the likelihood of the truth to the loss and to the gradient by the scores, with every number in between.

Three outputs, each with the likelihood that fits it, end in the same y - t: a softmax with one class of many, a sigmoid with a
coin, and the output itself with a Gaussian of deviation 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.foundations.differences import BOOKS_STEP, numerical_gradient
from engine.foundations.unit_functions import RealArray, sigmoid, softmax, softmax_slopes

HandOutput: TypeAlias = Literal["softmax", "sigmoid", "identity"]


class WayToGradient(NamedTuple):
    """One sample with K outputs (one, but for the softmax).

    `loss_slopes` are ∂L/∂y, `output_slopes` ∂y_k/∂z_i with outputs as rows, `products` their terms ∂L/∂y_k · ∂y_k/∂z_i, whose
    columns add up to `gradient`, ∂L/∂z. `checked` is the same as a central difference of the loss.
    """

    scores: RealArray
    truth: RealArray
    outputs: RealArray
    likelihood: float  # of the truth: a probability, or a density
    log_likelihood: float
    loss_slopes: RealArray
    output_slopes: RealArray
    products: RealArray
    checked: RealArray

    @property
    def loss(self) -> float:
        return -self.log_likelihood + 0.0

    @property
    def gradient(self) -> RealArray:
        return np.asarray(self.products.sum(axis=0))

    @property
    def difference(self) -> RealArray:
        """y - t."""
        return self.outputs - self.truth


def _log_likelihood(kind: HandOutput, scores: RealArray, truth: RealArray) -> float:
    """Σ t ln y, written so that no exponential overflows; t ln y + (1 - t) ln(1 - y); -(y - t)²/2 - ln √2π."""
    match kind:
        case "softmax":
            largest = scores.max()
            return float((truth * (scores - largest - np.log(np.exp(scores - largest).sum()))).sum())
        case "sigmoid":
            z, t = float(scores[0]), float(truth[0])
            return t * z - (max(z, 0.0) + math.log1p(math.exp(-abs(z))))
        case "identity":
            return float(-0.5 * (scores[0] - truth[0]) ** 2 - 0.5 * math.log(2 * math.pi))


def _slopes(kind: HandOutput, outputs: RealArray, truth: RealArray) -> tuple[RealArray, RealArray]:
    """∂L/∂y (K,) and ∂y/∂z (K, K)."""
    match kind:
        case "softmax":
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.where(truth > 0, -truth / outputs, 0.0), softmax_slopes(outputs)
        case "sigmoid":
            with np.errstate(divide="ignore", invalid="ignore"):
                by_output = np.where(truth > 0, -1 / outputs, 1 / (1 - outputs))
            return by_output, np.array([[float(outputs[0] * (1 - outputs[0]))]])
        case "identity":
            return outputs - truth, np.eye(1)


_OUTPUTS: dict[HandOutput, Callable[[RealArray], RealArray]] = {
    "softmax": softmax,
    "sigmoid": sigmoid,
    "identity": lambda scores: scores,
}


def passed_back(kind: HandOutput, scores: RealArray, truth: RealArray) -> WayToGradient:
    """The whole way for scores (K,) and a truth (K,): one 1 and zeros, 0 or 1, or any number."""
    outputs = _OUTPUTS[kind](scores)
    found = _log_likelihood(kind, scores, truth)
    loss_slopes, output_slopes = _slopes(kind, outputs, truth)
    with np.errstate(invalid="ignore"):  # where an output is rounded to 0, infinity times 0 is left out
        products = np.where(output_slopes == 0, 0.0, loss_slopes[:, None] * output_slopes)
    checked = numerical_gradient(lambda z: -_log_likelihood(kind, z, truth), scores.copy(), BOOKS_STEP)
    return WayToGradient(scores, truth, outputs, math.exp(found), found, loss_slopes, output_slopes, products, checked)
