"""The loss of an answer that knows nothing of its sample: what a network must do better than.

| loss               | answer that is best without looking                 | its loss                         |
|--------------------|-----------------------------------------------------|----------------------------------|
| cross-entropy      | each of K classes with probability 1/K              | ln K                             |
| squared, to one-hot| 1/K for each of K classes                           | (1 - 1/K) / K                    |
| squared, regression| the mean of the training targets                    | their variance, mean of features |

The classes are taken to be equally frequent. Called by the training lab, which draws it as a line.
Beside it: the loss that no network falls below when labels are smoothed.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from engine.data.info import LossName

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset


def loss_of_guessing(classes: int, loss: LossName) -> float:
    """The loss of guessing one of `classes` classes, or next tokens."""
    return log(classes) if loss == "cross_entropy" else (1 - 1 / classes) / classes


def smoothing_floor(classes: int, smoothing: float) -> float:
    """The least cross-entropy that label smoothing leaves, also for the best of answers, where all classes weigh alike: the
    entropy of its targets, -(1 - s + s/K) ln(1 - s + s/K) - (K - 1) s/K ln(s/K)."""
    other = smoothing / classes
    right = 1.0 - smoothing + other
    return -right * log(right) - ((classes - 1) * other * log(other) if other > 0.0 else 0.0)


def target_variance(model: nn.Module, data: Dataset) -> float | None:
    """The variance of the training targets of a regression, the mean over its features; None for other tasks. A probe for
    `Worker.ask`: the run's thread has the data."""
    if data.task != "regression":
        return None
    targets = data.y_train.double().flatten(0, -2)
    return float(targets.var(dim=0, correction=0).mean())
