"""The gradient of a small network twice: by moving each parameter up and down, and backwards in one pass; predicted and raced.

A central difference needs two forward passes for each parameter, so the time of all is known from one pass that was measured:
784-50-10 has 39,760 parameters, which is 79,520 forward passes against one pass backwards (『밑바닥부터 시작하는 딥러닝』 1,
sections 4.5 and 5.7). Called by the board "gradient by hand", in a thread of its own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.dense_networks import DenseNetwork, DenseShape
from engine.foundations.differences import BOOKS_STEP
from engine.foundations.unit_functions import RealArray

PASSES_A_LOOK = 200  # between two looks at whether somebody still waits
LEAST_PASSES, MOMENT_S = 5, 0.06  # that one pass is measured by


class RaceSizes(NamedTuple):
    """A classifier with one hidden layer of sigmoids, and how many random samples it sees at once."""

    inputs: int
    hidden: int
    outputs: int
    samples: int = 1

    @property
    def parameters(self) -> int:
        return self.inputs * self.hidden + self.hidden + self.hidden * self.outputs + self.outputs

    @property
    def passes(self) -> int:
        """Forward passes of the numerical gradient."""
        return 2 * self.parameters


class MeasuredPass(NamedTuple):
    """What one pass takes, in seconds: forward to the loss, and forward and backward to every derivative."""

    forward_s: float
    backward_s: float

    def numerical_s(self, sizes: RaceSizes) -> float:
        """What the numerical gradient will take."""
        return sizes.passes * self.forward_s

    def ratio(self, sizes: RaceSizes) -> float:
        """How many times as long as backwards."""
        return self.numerical_s(sizes) / self.backward_s


class RaceResult(NamedTuple):
    """What both took in truth (one pass backwards is the mean of a moment: it is too short for one look at the clock), and the
    parameter at which they differ most: its name, its place and both derivatives."""

    sizes: RaceSizes
    numerical_s: float
    backward_s: float
    passes: int
    worst: str
    place: tuple[int, ...]
    numerical: float
    backward: float

    @property
    def difference(self) -> float:
        return abs(self.numerical - self.backward)


class RacedNetwork:
    """One network with its samples. Weights have the deviation 1/√inputs: no sigmoid is saturated, no derivative vanishes."""

    def __init__(self, sizes: RaceSizes, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self.sizes = sizes
        self._network = DenseNetwork(
            DenseShape((sizes.inputs, sizes.hidden, sizes.outputs), "sigmoid", lambda inputs: 1 / math.sqrt(inputs)), random
        )
        self._x = random.random((sizes.samples, sizes.inputs))
        self._classes: NDArray[np.int64] = random.integers(0, sizes.outputs, sizes.samples)
        self._rows = np.arange(sizes.samples)

    @property
    def parameters(self) -> dict[str, RealArray]:
        return self._network.parameters

    def loss(self) -> float:
        """One forward pass: the mean cross-entropy after a softmax, by its exact logarithm."""
        scores = self._network.scores(self._x)
        shifted = scores - scores.max(axis=1, keepdims=True)
        logs = np.log(np.exp(shifted).sum(axis=1)) - shifted[self._rows, self._classes]
        return float(logs.mean())

    def backward(self) -> dict[str, RealArray]:
        """Every derivative of the loss, by name, in one pass forward and backward."""
        return self._network.loss_and_gradients(self._x, self._classes)[1]

    def measure(self) -> MeasuredPass:
        """One pass of each kind, as the mean of those of a moment."""
        return MeasuredPass(_mean_s(self.loss), _mean_s(self.backward))

    def race(self) -> Iterator[int | RaceResult]:
        """Compute the gradient both ways: now and then how many passes are done, at the end the result. Whoever stops asking
        leaves the network as it was."""
        backward, backward_s = self.backward(), _mean_s(self.backward)
        numerical = {name: np.empty(values.shape) for name, values in self.parameters.items()}
        done, began = 0, time.perf_counter()
        for name, values in self.parameters.items():
            for place in np.ndindex(*values.shape):
                numerical[name][place] = self._difference(values, place)
                done += 2
                if done % PASSES_A_LOOK == 0:
                    yield done
        numerical_s = time.perf_counter() - began
        yield done
        away = {name: np.abs(numerical[name] - backward[name]) for name in numerical}
        worst = max(away, key=lambda name: float(away[name].max()))
        place = tuple(int(at) for at in np.unravel_index(int(away[worst].argmax()), away[worst].shape))
        yield RaceResult(
            self.sizes,
            numerical_s,
            backward_s,
            done,
            worst,
            place,
            float(numerical[worst][place]),
            float(backward[worst][place]),
        )

    def _difference(self, values: RealArray, place: tuple[int, ...]) -> float:
        kept = values[place]
        values[place] = kept + BOOKS_STEP
        above = self.loss()
        values[place] = kept - BOOKS_STEP
        below = self.loss()
        values[place] = kept
        return (above - below) / (2 * BOOKS_STEP)


def _mean_s(of: Callable[[], object]) -> float:
    """What a pass takes on average, of so many as a moment has room for: on a busy machine a single one may be lucky."""
    of()  # wakes the processor
    count, began = 0, time.perf_counter()
    while count < LEAST_PASSES or time.perf_counter() - began < MOMENT_S:
        of()
        count += 1
    return (time.perf_counter() - began) / count
