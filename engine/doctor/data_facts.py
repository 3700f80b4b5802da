"""What a data set says of itself before anything is trained, as plain numbers.

All of it is computed once, when a run is prepared, but for the nearest neighbours, which are asked for only where a network
does not learn. No torch: a loaded set's tensors are read as arrays. Called by `engine.doctor.watch`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import log, sqrt
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.info import LossName, Task

if TYPE_CHECKING:
    from engine.data.datasets import Dataset

MOST_CELLS = 2**24  # numbers of a part that are looked at: 64 MiB of float32, the first samples
NEIGHBOURS = 1_000  # samples among which the nearest ones are looked for
ASKED = 300  # samples whose nearest one is looked for
BLOCK = 512  # samples that are added up at a time

DataPart: TypeAlias = Literal["training", "validation"]


@dataclass(frozen=True)
class BadSample:
    """The first sample whose input or target is no finite number, and how many there are in its part."""

    part: DataPart
    number: int  # from 0, in the order of the part
    count: int


@dataclass(frozen=True, eq=False)
class DataFacts:
    """`guess` is the loss of the best answer that knows nothing of its sample: the entropy of the classes' shares for the
    cross-entropy, the variance of the targets for the squared error.

    `size` is the root mean square of the training inputs; None where they are tokens. `moved` compares the mean of each cell of
    both parts: the sum over the cells of (mean - mean)², over what two parts of one kind would have, Σ var·(1/n + 1/n); it is
    about 1 where both are of one kind. `moved_share` is the same sum over Σ var alone: how far, as a share of the spread.
    `spread_ratio` is the validation's overall deviation over the training's.
    """

    task: Task
    classes: int
    train: int
    validation: int
    guess: float
    bad: BadSample | None = None
    size: float | None = None
    moved: float = 1.0
    moved_share: float = 0.0
    spread_ratio: float = 1.0
    duplicates: int = 0  # validation samples whose input is also in the training set, number for number
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # training samples of each class
    _x: NDArray[np.float32] | None = None
    _y: NDArray[np.int64] | None = None

    @property
    def largest_share(self) -> float:
        """The share of the most frequent class: the accuracy of an answer that is always the same."""
        return float(self.counts.max() / self.counts.sum()) if self.counts.any() else 0.0

    @cached_property
    def neighbours_agree(self) -> float | None:
        """The share of training samples whose nearest other one (Euclidean) has the same class: what can be learnt without any
        network. None where there are no classes or too few samples."""
        if self._x is None or self._y is None or len(self._x) < 20:
            return None
        x = self._x[:NEIGHBOURS].reshape(min(len(self._x), NEIGHBOURS), -1)
        asked = x[:ASKED]
        squares = (x**2).sum(1)
        distances = squares[None, :] - 2.0 * (asked @ x.T)  # the asked one's own square changes no order
        distances[np.arange(len(asked)), np.arange(len(asked))] = np.inf
        nearest = distances.argmin(1)
        return float((self._y[nearest] == self._y[: len(asked)]).mean())


def facts_of(data: Dataset, loss: LossName) -> DataFacts:
    """The facts of `data` for a training on `loss`."""
    x_train, y_train = data.x_train.numpy(), data.y_train.numpy()
    x_validation, y_validation = data.x_validation.numpy(), data.y_validation.numpy()
    bad = _bad("training", x_train, y_train) or _bad("validation", x_validation, y_validation)
    counts = np.bincount(y_train.reshape(-1), minlength=data.outputs) if data.task != "regression" else np.zeros(0, np.int64)
    compared = not data.tokens and bad is None
    moved, moved_share, spread_ratio, size = _compared(x_train, x_validation) if compared else (1.0, 0.0, 1.0, None)
    is_classified = data.task == "classification"
    return DataFacts(
        task=data.task,
        classes=data.outputs if data.task != "regression" else 0,
        train=len(x_train),
        validation=len(x_validation),
        guess=_guess(y_train, counts, data.task, loss),
        bad=bad,
        size=size,
        moved=moved,
        moved_share=moved_share,
        spread_ratio=spread_ratio,
        duplicates=_duplicates(x_train, x_validation),
        counts=counts if is_classified else np.zeros(0, np.int64),
        _x=x_train[:NEIGHBOURS] if is_classified and compared else None,
        _y=y_train[:NEIGHBOURS] if is_classified and compared else None,
    )


def order_statistic(targets: NDArray[np.generic], order: NDArray[np.int64], batch_size: int, classes: int) -> float | None:
    """How differently the batches of an epoch are made up, in standard deviations of what chance gives.

    Of classes: Pearson's X² of the table batches by classes, (X² - d) / √(2d) with d degrees of freedom. Of numbers: the same
    of Σ (batch's mean - mean)² n / variance, which has d = batches - 1. None where there are fewer than two batches.
    """
    batches = len(order) // batch_size  # whole ones
    if batches < 2 or batch_size < 2:
        return None
    shown = np.asarray(targets)[order[: batches * batch_size]].reshape(batches, batch_size, -1)
    if classes:
        if shown.shape[2] != 1:
            return None  # texts: every sample has many classes
        table = np.stack([(shown[:, :, 0] == number).sum(1) for number in range(classes)], axis=1).astype(np.float64)
        table = table[:, table.sum(0) > 0]
        expected = np.broadcast_to(table.mean(0), table.shape)
        freedom = (batches - 1) * (table.shape[1] - 1)
        statistic = float(((table - expected) ** 2 / expected).sum())
    else:
        means = shown.astype(np.float64).mean(2)
        variance = float(means.var())
        freedom = batches - 1
        statistic = float(batch_size * ((means.mean(1) - means.mean()) ** 2).sum() / variance) if variance > 0.0 else 0.0
    return (statistic - freedom) / sqrt(2 * freedom) if freedom > 0 else None


def _bad(part: DataPart, x: NDArray[np.generic], y: NDArray[np.generic]) -> BadSample | None:
    finite = np.ones(len(x), bool)
    for array in (x, y):
        if array.dtype.kind == "f" and not np.isfinite(array.sum(dtype=np.float64)):  # one sum tells it for all
            finite &= np.isfinite(array.reshape(len(array), -1)).all(1)
    numbers = np.flatnonzero(~finite)
    return BadSample(part, int(numbers[0]), len(numbers)) if len(numbers) else None


def _compared(train: NDArray[np.float32], validation: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """`moved`, `moved_share`, `spread_ratio` and `size` of the facts."""
    (mean_t, variance_t, count_t), (mean_v, variance_v, count_v) = _moments(train), _moments(validation)
    difference = float(((mean_t - mean_v) ** 2).sum())
    inner = float(variance_t.sum())
    by_chance = inner * (1 / count_t + 1 / count_v)
    spread_t = sqrt(float(variance_t.mean() + mean_t.var()))
    spread_v = sqrt(float(variance_v.mean() + mean_v.var()))
    size = sqrt(float((variance_t + mean_t**2).mean()))
    return (
        difference / by_chance if by_chance > 0.0 else 1.0,
        difference / inner if inner > 0.0 else 0.0,
        spread_v / spread_t if spread_t > 0.0 else 1.0,
        size,
    )


def _moments(x: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Mean and variance of each cell over the samples, the first that are within `MOST_CELLS`, and how many these are."""
    rows = x.reshape(len(x), -1)[: max(2, MOST_CELLS // max(1, x[0].size))]
    total, squares = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK].astype(np.float64)
        total += block.sum(0)
        squares += (block**2).sum(0)
    mean = total / len(rows)
    return mean, np.maximum(squares / len(rows) - mean**2, 0.0), len(rows)


def _duplicates(train: NDArray[np.generic], validation: NDArray[np.generic]) -> int:
    most = max(1, MOST_CELLS // max(1, train[0].size))
    known = {hash(row.tobytes()) for row in train[:most]}
    suspects = [row for row in validation[:most] if hash(row.tobytes()) in known]
    if not suspects:
        return 0
    sure = {row.tobytes() for row in train[:most]}  # two rows may have one hash
    return sum(row.tobytes() in sure for row in suspects)


def _guess(targets: NDArray[np.generic], counts: NDArray[np.int64], task: Task, loss: LossName) -> float:
    if task == "regression":
        return float(targets.astype(np.float64).reshape(-1, targets.shape[-1]).var(0).mean())
    shares: list[float] = [count / counts.sum() for count in counts.tolist() if count]
    if loss == "cross_entropy":
        return -sum(share * log(share) for share in shares)
    return sum(share * (1 - share) for share in shares) / len(counts)
