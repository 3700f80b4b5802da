"""Steps a second against the batch size, timed on a small network of `engine.foundations.dense_networks`.

A step is forwards, backwards and the update of a batch. The first steps of a size are not counted: they are slower, because
memory is taken for the first time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.unit_functions import RealArray

UNCOUNTED = 2  # steps of each size
LEAST_STEPS = 5
LEAST_S = 0.12  # of a size, where that are more steps


class BatchSpeed(NamedTuple):
    """The median of the times of `steps` steps."""

    batch: int
    step_s: float
    steps: int

    @property
    def steps_per_second(self) -> float:
        return 1 / self.step_s

    @property
    def samples_per_second(self) -> float:
        return self.batch / self.step_s

    def epoch_s(self, samples: int) -> float:
        """How long an epoch of so many samples takes at this speed, the part of a batch counted as a part."""
        return samples / self.samples_per_second


def batch_speeds(
    x: RealArray,
    classes_N: NDArray[np.int64],
    sizes: Sequence[int],
    *,
    hidden: int = 50,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
    going_on: Callable[[], None] = lambda: None,
) -> Iterator[BatchSpeed]:
    """One size after the other. `going_on` is called between steps, and may raise to end it."""
    shape = DenseShape((x.shape[1], hidden, int(classes_N.max()) + 1))
    for batch in sizes:
        generator = np.random.default_rng(seed)
        network = DenseNetwork(shape, generator)
        learning = trained(network, x, classes_N, rule="sgd", settings=RuleSettings(lr=0.01), batch=batch, generator=generator)
        for _ in range(UNCOUNTED):
            next(learning)
        times: list[float] = []
        while len(times) < LEAST_STEPS or sum(times) < LEAST_S:
            going_on()
            began = clock()
            next(learning)
            times.append(max(clock() - began, 1e-9))
        yield BatchSpeed(batch, float(np.median(times)), len(times))
