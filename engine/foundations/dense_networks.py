"""Fully connected networks in numpy, with the conventions of 『밑바닥부터 시작하는 딥러닝』 1, to train its experiments as it
does.

The book's conventions, where torch has others: dropout multiplies by the kept share when it judges (torch divides when it
trains); batch normalisation keeps 0.9 of its running means (torch's `momentum` 0.1 says the same), with the biased variance and
ε 1e-7 (1e-5 in torch, which keeps the unbiased variance for judging); weight decay is λ/2 · Σ W² in the loss, without the
biases; a batch is drawn with replacement.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.descent_rules import RULES, RuleSettings
from engine.foundations.unit_functions import UNIT_FUNCTIONS, RealArray, softmax

NORM_EPSILON = 1e-7
NORM_KEPT = 0.9  # of the running mean


class DenseShape(NamedTuple):
    """What a network is made of. `first_weights` is the deviation of the normal distribution that they are drawn from, or a
    rule of the number of inputs."""

    sizes: tuple[int, ...]  # inputs, hidden layers, outputs
    activation: str = "relu"
    first_weights: Callable[[int], float] = lambda inputs: math.sqrt(2 / inputs)
    batch_norm: bool = False
    dropout: float = 0.0
    weight_decay: float = 0.0


class DenseNetwork:
    """A classifier: hidden layers, then scores, a softmax and the cross-entropy. Parameters lie in `parameters` by name (W1,
    b1, gamma1, beta1, ...)."""

    def __init__(self, shape: DenseShape, generator: np.random.Generator) -> None:
        self.shape = shape
        self.parameters: dict[str, RealArray] = {}
        self._generator = generator
        self._running: dict[int, tuple[RealArray, RealArray]] = {}
        self._layers = len(shape.sizes) - 1
        for layer in range(1, self._layers + 1):
            inputs, outputs = shape.sizes[layer - 1], shape.sizes[layer]
            self.parameters[f"W{layer}"] = shape.first_weights(inputs) * generator.standard_normal((inputs, outputs))
            self.parameters[f"b{layer}"] = np.zeros(outputs)
            if shape.batch_norm and layer < self._layers:
                self.parameters[f"gamma{layer}"] = np.ones(outputs)
                self.parameters[f"beta{layer}"] = np.zeros(outputs)

    def scores(self, x: RealArray) -> RealArray:
        """What goes into the softmax (N, classes), as it is judged: running means, no units dropped."""
        function = UNIT_FUNCTIONS[self.shape.activation]
        for layer in range(1, self._layers):
            x = x @ self.parameters[f"W{layer}"] + self.parameters[f"b{layer}"]
            if self.shape.batch_norm:
                mean, variance = self._running.get(layer, (np.zeros(x.shape[1]), np.zeros(x.shape[1])))
                normal = (x - mean) / np.sqrt(variance + NORM_EPSILON)
                x = self.parameters[f"gamma{layer}"] * normal + self.parameters[f"beta{layer}"]
            x = function.value(x) * (1 - self.shape.dropout)
        return x @ self.parameters[f"W{self._layers}"] + self.parameters[f"b{self._layers}"]

    def accuracy(self, x: RealArray, classes_N: NDArray[np.int64]) -> float:
        """The share of right answers."""
        return float((self.scores(x).argmax(axis=1) == classes_N).mean())

    def loss_and_gradients(self, x: RealArray, classes_N: NDArray[np.int64]) -> tuple[float, dict[str, RealArray]]:
        """The loss of a batch while training, weight decay included, and its derivatives by every parameter."""
        shape, function, kept = self.shape, UNIT_FUNCTIONS[self.shape.activation], []
        value = x
        for layer in range(1, self._layers):
            total = value @ self.parameters[f"W{layer}"] + self.parameters[f"b{layer}"]
            normal, deviation = total, np.ones(1)
            if shape.batch_norm:
                total, normal, deviation = self._normalised(layer, total)
            mask = self._generator.random(total.shape) > shape.dropout if shape.dropout else np.ones(1)
            kept.append((value, total, normal, deviation, mask))
            value = function.value(total) * mask
        last = self._layers
        probabilities = softmax(value @ self.parameters[f"W{last}"] + self.parameters[f"b{last}"])
        own = probabilities[np.arange(len(x)), classes_N]
        decay = shape.weight_decay
        loss = float(-np.log(own + NORM_EPSILON).mean()) + 0.5 * decay * sum(
            float((self.parameters[f"W{layer}"] ** 2).sum()) for layer in range(1, last + 1)
        )
        gradient = probabilities
        gradient[np.arange(len(x)), classes_N] -= 1
        gradient /= len(x)
        found = {f"W{last}": value.T @ gradient, f"b{last}": gradient.sum(axis=0)}
        gradient = gradient @ self.parameters[f"W{last}"].T
        for layer in range(last - 1, 0, -1):
            value, total, normal, deviation, mask = kept[layer - 1]
            gradient = gradient * mask * function.slope(total)
            if shape.batch_norm:
                found[f"gamma{layer}"], found[f"beta{layer}"] = (gradient * normal).sum(axis=0), gradient.sum(axis=0)
                inward = gradient * self.parameters[f"gamma{layer}"]
                gradient = (inward - inward.mean(axis=0) - normal * (inward * normal).mean(axis=0)) / deviation
            found[f"W{layer}"], found[f"b{layer}"] = value.T @ gradient, gradient.sum(axis=0)
            if layer > 1:
                gradient = gradient @ self.parameters[f"W{layer}"].T
        if decay:
            for layer in range(1, last + 1):
                found[f"W{layer}"] = found[f"W{layer}"] + decay * self.parameters[f"W{layer}"]
        return loss, found

    def _normalised(self, layer: int, total: RealArray) -> tuple[RealArray, RealArray, RealArray]:
        """Each unit's numbers with mean 0 and deviation 1 over the batch, scaled and shifted; the same before that; the
        deviation."""
        mean, variance = total.mean(axis=0), total.var(axis=0)
        deviation = np.sqrt(variance + NORM_EPSILON)
        normal = (total - mean) / deviation
        old_mean, old_variance = self._running.get(layer, (np.zeros_like(mean), np.zeros_like(variance)))
        self._running[layer] = (
            NORM_KEPT * old_mean + (1 - NORM_KEPT) * mean,
            NORM_KEPT * old_variance + (1 - NORM_KEPT) * variance,
        )
        return self.parameters[f"gamma{layer}"] * normal + self.parameters[f"beta{layer}"], normal, deviation


def trained(
    network: DenseNetwork,
    x: RealArray,
    classes_N: NDArray[np.int64],
    *,
    rule: str,
    settings: RuleSettings,
    batch: int,
    generator: np.random.Generator,
) -> Iterator[float]:
    """Train `network`, one iteration for each loss that is asked for, without end. Every batch is drawn anew from all samples,
    without repetition within a batch."""
    states: dict[str, dict[str, RealArray]] = {name: {} for name in network.parameters}
    t = 0
    while True:
        t += 1
        own = generator.choice(len(x), batch, replace=False) if batch < len(x) else np.arange(len(x))
        loss, gradients = network.loss_and_gradients(x[own], classes_N[own])
        for name, gradient in gradients.items():
            update = RULES[rule](settings, states[name], network.parameters[name], gradient, t)
            network.parameters[name], states[name] = update.weights, dict(update.state)
        yield loss
