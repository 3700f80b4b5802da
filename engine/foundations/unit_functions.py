"""Activation functions with their derivatives, exact and in the precision of what they are given; softmax.

`UNIT_FUNCTIONS` are those of one number. `gelu` is the exact one, x Φ(x) (Hendrycks and Gimpel, 2016), torch's default.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

RealArray: TypeAlias = NDArray[Any]  # float32 or float64

LEAK = 0.01  # slope of a leaky ReLU below 0, torch's default


class UnitFunction(NamedTuple):
    """`value` and `slope` take an array and give one of the same shape and precision."""

    value: Callable[[RealArray], RealArray]
    slope: Callable[[RealArray], RealArray]
    steepest: float  # the largest slope that there is


def sigmoid(x: RealArray) -> RealArray:
    """1 / (1 + exp(-x)), written so that no exponential overflows."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)


def _of_gauss(x: RealArray) -> RealArray:
    """The share of a standard normal distribution below x."""
    return np.asarray(0.5 * (1 + _erf(x / math.sqrt(2))), x.dtype)


_erf = np.vectorize(math.erf, otypes=[np.float64])


def _density(x: RealArray) -> RealArray:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _above_zero(x: RealArray) -> RealArray:
    return (x > 0).astype(x.dtype)


def _steepest_gelu() -> float:
    """The slope Φ(x) + x φ(x) has its own derivative (2 - x²) φ(x), which is 0 at √2."""
    x = math.sqrt(2)
    return 0.5 * (1 + math.erf(x / math.sqrt(2))) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


UNIT_FUNCTIONS = {
    "step": UnitFunction(_above_zero, np.zeros_like, 0.0),
    "sigmoid": UnitFunction(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)), 0.25),
    "tanh": UnitFunction(np.tanh, lambda x: 1 - np.tanh(x) ** 2, 1.0),
    "relu": UnitFunction(lambda x: np.maximum(x, 0), _above_zero, 1.0),
    "leaky_relu": UnitFunction(lambda x: np.where(x > 0, x, LEAK * x), lambda x: np.where(x > 0, 1, LEAK).astype(x.dtype), 1.0),
    "gelu": UnitFunction(lambda x: x * _of_gauss(x), lambda x: _of_gauss(x) + x * _density(x), _steepest_gelu()),
    "identity": UnitFunction(lambda x: x, np.ones_like, 1.0),
}


def slopes_through(name: str, x: float, layers: int) -> RealArray:
    """The slopes (layers,) that the chain rule multiplies, where each of `layers` units reads the one before it with weight 1
    and the first reads `x`. Their product is the derivative of the last output by `x`: of sigmoids at most 0.25 to the power of
    their number."""
    function, slopes = UNIT_FUNCTIONS[name], np.empty(layers)
    value = np.array([x], np.float64)
    for layer in range(layers):
        slopes[layer] = function.slope(value)[0]
        value = function.value(value)
    return slopes


def largest_of(x: RealArray) -> RealArray:
    """The largest number along the last axis, which is kept. Of many rows of a few numbers the columns are compared: of three
    that takes a twentieth of the time."""
    if x.size < 1000 or x.shape[-1] > 16:
        return np.asarray(x.max(axis=-1, keepdims=True))
    return np.asarray(reduce(np.maximum, np.split(x, x.shape[-1], axis=-1)))


def softmax(x: RealArray, *, temperature: float = 1.0, shifted: bool = True) -> RealArray:
    """exp(x / temperature) over its sum along the last axis. `shifted` takes the largest number away first, which changes
    nothing but that no exponential overflows; without it, infinity over infinity is no number, as a student sees it."""
    if temperature <= 0:
        raise ValueError(f"the temperature is above 0, got {temperature}")
    scaled = x / temperature
    if shifted:
        scaled = scaled - largest_of(scaled)
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(scaled)
        return np.asarray(e / e.sum(axis=-1, keepdims=True))


def softmax_slopes(probabilities_K: RealArray) -> RealArray:
    """The derivatives (K, K) of softmax's outputs (rows) by its inputs, of one sample: p_i (δ_ij - p_j)."""
    return np.asarray(np.diag(probabilities_K) - np.outer(probabilities_K, probabilities_K))
