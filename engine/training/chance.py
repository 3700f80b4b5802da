"""The loss of an answer that knows nothing of its sample: what a network must do better than.

| loss               | answer that is best without looking                 | its loss                         |
|--------------------|-----------------------------------------------------|----------------------------------|
| cross-entropy      | each of K classes with probability 1/K              | ln K                             |
| squared, to one-hot| 1/K for each of K classes                           | (1 - 1/K) / K                    |
| squared, regression| the mean of the training targets                    | their variance, mean of features |

The classes are taken to be equally frequent. Where what is asked hangs on the time step (copying, additions), the answer that
knows the step and nothing of the sample is better than that: `without_memory`. Called by the labs that train, which draw it as
a line. Beside it: the loss that no network falls below when labels are smoothed.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, NamedTuple

from engine.data.info import DataInfo, LossName

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset


def loss_of_guessing(classes: int, loss: LossName) -> float:
    """The loss of guessing one of `classes` classes, or next tokens."""
    return log(classes) if loss == "cross_entropy" else (1 - 1 / classes) / classes


class WithoutMemory(NamedTuple):
    """The cross-entropy and the share of right answers of one that knows at which time step it is, and nothing else."""

    loss: float
    accuracy: float


def without_memory(info: DataInfo) -> WithoutMemory | None:
    """Of a copy task symbols · ln 8 / length (Arjovsky et al. 2016); of additions of up to four digits the entropies of the
    answer's characters, from the distribution of the sums of all pairs. None for other data."""
    if info.name == "copy" and info.symbols is not None and info.length is not None:
        share = info.symbols / info.length
        return WithoutMemory(share * log(8), 1 - share + share / 8)
    if info.name == "addition" and info.digits is not None and info.digits <= 4:
        return _of_additions(info.digits, info.reversed in ("answer", "both"))
    return None


@lru_cache(maxsize=8)
def _of_additions(digits: int, is_turned: bool) -> WithoutMemory:
    numbers = 10**digits
    counts: list[Counter[str]] = [Counter() for _ in range(digits + 1)]
    for total in range(2 * numbers - 1):
        pairs = min(total, 2 * numbers - 2 - total) + 1  # of numbers that have this sum
        for count, sign in zip(counts, str(total)[:: -1 if is_turned else 1].ljust(digits + 1), strict=True):
            count[sign] += pairs
    steps, every = 3 * digits + 2, numbers**2
    shares = [[pairs / every for pairs in count.values()] for count in counts]
    loss = -sum(share * log(share) for of_step in shares for share in of_step)
    return WithoutMemory(loss / steps, (2 * digits + 1 + sum(map(max, shares))) / steps)


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
