"""The gradient check of 『밑바닥부터 시작하는 딥러닝』 1, section 5.7.3: every weight of a network of two layers moved by ±h.

The loss is computed anew for each, so 784-50-10 takes 79,520 forward passes beside one backward pass. Called by the board of
backpropagation, in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.boards.backpropagation.checked_gradients import CheckedGradients, CheckedTensor
from engine.foundations.dense_networks import NORM_EPSILON, DenseNetwork, DenseShape
from engine.foundations.unit_functions import UNIT_FUNCTIONS, RealArray

FIRST_WEIGHTS = 0.01  # their deviation, as in the book
CLASSES = 10
ORDER = ("b2", "W2", "b1", "W1")  # the quick ones first


class TwoLayerSetting(NamedTuple):
    """`in_logarithm`: the loss is -ln(y + 1e-7), as the book's; else -ln y, whose derivative y - t is exactly."""

    hidden: int = 50
    activation: str = "sigmoid"
    step: float = 1e-4
    samples: int = 3
    in_logarithm: bool = True
    seed: int = 0


def two_layers(setting: TwoLayerSetting, inputs: int) -> DenseNetwork:
    """The network with its first weights."""
    shape = DenseShape((inputs, setting.hidden, CLASSES), setting.activation, lambda _inputs: FIRST_WEIGHTS)
    return DenseNetwork(shape, np.random.default_rng(setting.seed))


def check_two_layers(
    setting: TwoLayerSetting, x: RealArray, classes_N: NDArray[np.int64], checkpoint: Callable[[], None] = lambda: None
) -> Iterator[CheckedGradients]:
    """Each tensor's check for the first `samples` of the data, one after the other. `checkpoint` is called before each number
    is moved, and may raise."""
    network = two_layers(setting, x.shape[1])
    x, classes_N = np.ascontiguousarray(x[: setting.samples]), classes_N[: setting.samples]
    rows, little = np.arange(len(x)), NORM_EPSILON if setting.in_logarithm else 0.0
    _, gradients = network.loss_and_gradients(x, classes_N)

    function, weights = UNIT_FUNCTIONS[setting.activation].value, network.parameters

    def loss() -> float:
        """One forward pass, with as few calls as can be: there are many of them."""
        scores = function(x @ weights["W1"] + weights["b1"]) @ weights["W2"] + weights["b2"]
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        return float(-np.log(e[rows, classes_N] / e.sum(axis=1) + little).mean())

    for name in ORDER:
        flat = network.parameters[name].reshape(-1)
        found = np.empty(flat.size)
        for place in range(flat.size):
            checkpoint()
            kept = flat[place]
            flat[place] = kept + setting.step
            above = loss()
            flat[place] = kept - setting.step
            below = loss()
            flat[place] = kept
            found[place] = (above - below) / (2 * setting.step)
        shape = network.parameters[name].shape
        yield CheckedGradients(name, (CheckedTensor(None, name, found.reshape(shape), gradients[name]),))


def count_of(setting: TwoLayerSetting, inputs: int) -> int:
    """How many numbers are moved."""
    return sum(parameter.size for parameter in two_layers(setting, inputs).parameters.values())
