"""What the first weights of a deep network do to what flows through it: activations forwards, gradients backwards.

A stack of layers of the same width, each weights times the layer before and an activation function, without biases; inputs from
a standard normal distribution, as in 『밑바닥부터 시작하는 딥러닝』 1, section 6.2. The deviation of all numbers of a layer can
look healthy while every sample gives the same ones; so the deviation between samples is told beside it.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.foundations.unit_functions import UNIT_FUNCTIONS, RealArray

FirstWeights: TypeAlias = Literal["zeros", "0.01", "1", "xavier", "he", "torch"]
FIRST_WEIGHTS: tuple[FirstWeights, ...] = ("zeros", "0.01", "1", "xavier", "he", "torch")

EDGE = 0.05  # how near to the end of its range an activation is saturated


class LayerFlow(NamedTuple):
    """One layer of the stack for a batch."""

    activations: RealArray  # (N, units)
    gradients: RealArray  # (N, units): the derivatives of a sum of random outputs by the weighted sums of this layer
    deviation: float
    between_samples: float  # the deviation over the samples, its mean over the units
    gradient_deviation: float


def drawn(rule: FirstWeights, inputs: int, outputs: int, generator: np.random.Generator) -> RealArray:
    """Weights (inputs, outputs): all 0; normal with deviation 0.01, 1, √(1/inputs) (the books' Xavier) or √(2/inputs) (He et
    al., 2015); or uniform within ±√(1/inputs), the default of torch's Linear."""
    if rule == "zeros":
        return np.zeros((inputs, outputs))
    if rule == "torch":
        return generator.uniform(-1, 1, (inputs, outputs)) / math.sqrt(inputs)
    return generator.standard_normal((inputs, outputs)) * spread(rule, inputs)


def spread(rule: FirstWeights, inputs: int) -> float:
    """The standard deviation that the weights are drawn with."""
    own = {"zeros": 0.0, "0.01": 0.01, "1": 1.0}
    shares = {"xavier": 1.0, "he": 2.0, "torch": 1 / 3}
    return own[rule] if rule in own else math.sqrt(shares[rule] / inputs)


def flow(
    rule: FirstWeights, activation: str, *, layers: int = 5, units: int = 100, samples: int = 1000, seed: int = 0
) -> list[LayerFlow]:
    """Every layer's activations and gradients for a batch of `samples`. The gradients are those of Σ r·output, r being drawn
    from a standard normal distribution."""
    generator, function = np.random.default_rng(seed), UNIT_FUNCTIONS[activation]
    value = generator.standard_normal((samples, units))
    weights, totals, values = [], [], []
    for _ in range(layers):
        weights.append(drawn(rule, units, units, generator))
        totals.append(value @ weights[-1])
        value = function.value(totals[-1])
        values.append(value)
    gradient = generator.standard_normal(value.shape) * function.slope(totals[-1])
    gradients = [gradient]
    for layer in reversed(range(layers - 1)):
        gradient = (gradient @ weights[layer + 1].T) * function.slope(totals[layer])
        gradients.insert(0, gradient)
    return [
        LayerFlow(value, gradient, float(value.std()), float(value.std(axis=0).mean()), float(gradient.std()))
        for value, gradient in zip(values, gradients, strict=True)
    ]


def saturated_share(activations: RealArray, activation: str) -> float | None:
    """The share of the activations within `EDGE` of the ends of the function's range (of sigmoid 0 and 1, of tanh -1 and 1);
    None where it has none."""
    ends = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
    if activation not in ends:
        return None
    low, high = ends[activation]
    near = EDGE * (high - low)
    return float(((activations < low + near) | (activations > high - near)).mean())


def predicted_deviations(rule: FirstWeights, activation: str, *, layers: int, units: int) -> RealArray:
    """What theory says of the root mean square of each layer's activations (layers,), for very wide layers: each layer is a
    mean of squares over a normal distribution of the layer's own deviation (Poole et al., 2016), found by Gauss and Hermite's
    rule."""
    points, shares = np.polynomial.hermite_e.hermegauss(101)
    shares = shares / shares.sum()
    function, found, size = UNIT_FUNCTIONS[activation], np.empty(layers), 1.0
    for layer in range(layers):
        total = size * spread(rule, units) * math.sqrt(units)
        size = math.sqrt(float(shares @ function.value(points * total) ** 2))
        found[layer] = size
    return found
