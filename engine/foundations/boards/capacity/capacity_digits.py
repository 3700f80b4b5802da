"""A deep network on a few samples of many features: accuracy on them and on others after every epoch, plain, with weight decay,
with dropout.

So 『밑바닥부터 시작하는 딥러닝』 1, section 6.4, over-fits 300 digits. The network and its conventions are those of
`engine.foundations.dense_networks`: six hidden layers of 100 ReLU units, SGD at rate 0.01, batches of 100; an epoch is as many
iterations as batches fit into the samples. With the same seed it computes the same bits as the experiments 25 to 27 of
`engine.books`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.unit_functions import RealArray

HIDDEN = (100,) * 6
LEARNING_RATE = 0.01
BATCH = 100


class FewSamples(NamedTuple):
    """Samples (N, features) and their classes (N,), and those that are not learned from."""

    x: RealArray
    classes: NDArray[np.int64]
    x_test: RealArray
    classes_test: NDArray[np.int64]


class FewSamplesPlan(NamedTuple):
    """What is trained. `dropout` is the share of units that is left out."""

    samples: int = 300
    epochs: int = 201
    weight_decay: float = 0.0
    dropout: float = 0.0
    seed: int = 0

    @property
    def iterations_per_epoch(self) -> int:
        return max(self.samples // BATCH, 1)


class AccuracyEpoch(NamedTuple):
    """After `epoch` epochs; 0 is before the first."""

    epoch: int
    train: float
    test: float

    @property
    def gap(self) -> float:
        return self.train - self.test


def few_samples_course(plan: FewSamplesPlan, data: FewSamples) -> Iterator[AccuracyEpoch]:
    """The accuracies before the first epoch and after each of `plan.epochs`. Judging draws nothing at random: how often it is
    done changes no number."""
    generator = np.random.default_rng(plan.seed)
    shape = DenseShape(
        (data.x.shape[1], *HIDDEN, int(data.classes.max()) + 1), weight_decay=plan.weight_decay, dropout=plan.dropout
    )
    network = DenseNetwork(shape, generator)
    x, classes = data.x[: plan.samples], data.classes[: plan.samples]
    learning = trained(
        network, x, classes, rule="sgd", settings=RuleSettings(lr=LEARNING_RATE), batch=BATCH, generator=generator
    )
    for epoch in range(plan.epochs + 1):
        if epoch:
            for _ in range(plan.iterations_per_epoch):
                next(learning)
        yield AccuracyEpoch(epoch, network.accuracy(x, classes), network.accuracy(data.x_test, data.classes_test))
