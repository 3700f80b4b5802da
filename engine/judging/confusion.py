"""The confusion matrix, and what is read from it: precision and recall of each class, the samples of a cell, the mistakes.

Rows are the true classes, columns the predicted ones, as in scikit-learn. What would divide by zero is None: a class that was
never predicted has no precision. Pure numpy. Called by the training lab's pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.judging.whole_set import Verdicts


@dataclass(frozen=True, eq=False)
class Confusion:
    """`counts[true, predicted]` is the number of answers."""

    classes: tuple[str, ...]
    counts: NDArray[np.int64]  # (classes, classes)

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        return int(np.trace(self.counts))

    @property
    def accuracy(self) -> float | None:
        return _share(self.right, self.total)

    def precision(self, number: int) -> float | None:
        """Of all answers that say this class, the share that is right; None where no answer says it."""
        return _share(int(self.counts[number, number]), int(self.counts[:, number].sum()))

    def recall(self, number: int) -> float | None:
        """Of all samples of this class, the share that is found; None where there is none."""
        return _share(int(self.counts[number, number]), int(self.counts[number].sum()))


def confusion(truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: tuple[str, ...]) -> Confusion:
    """The matrix of pairs of a true and a predicted class."""
    count = len(classes)
    counts = np.bincount(truth * count + predicted, minlength=count * count).reshape(count, count)
    return Confusion(classes, counts)


def in_cell(verdicts: Verdicts, true: int, predicted: int) -> NDArray[np.int64]:
    """The numbers of the answers of a cell, the most certain first."""
    return _most_certain(verdicts, (verdicts.truth == true) & (verdicts.predicted == predicted))


def mistakes(verdicts: Verdicts) -> NDArray[np.int64]:
    """The numbers of all wrong answers, the most certain first."""
    return _most_certain(verdicts, verdicts.truth != verdicts.predicted)


def _most_certain(verdicts: Verdicts, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Of equally certain ones, the one with the smaller number comes first."""
    numbers = np.flatnonzero(chosen)
    return numbers[np.argsort(-verdicts.certainty[numbers], kind="stable")]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
