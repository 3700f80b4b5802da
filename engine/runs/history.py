"""The measurements of a run, in memory: one writer, any number of readers, no lock.

The training loop appends; the window, the log on disk and the tests read. A row that has been written never changes, and the
number of rows is raised only after the row is in place, so a reader that takes the number first sees whole rows only.
Called by `engine.training`; read by the labs' plots.
"""

from __future__ import annotations

from math import isnan
from typing import TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.experiments.mid_run import SettingChange

Steps: TypeAlias = NDArray[np.int64]
Values: TypeAlias = NDArray[np.float32]

FIRST_CAPACITY = 1024


class Measurements:
    """Rows of a step number and `width` float32 values, in growing columns.

    Appending is O(1) amortised: a full column is copied to one twice as long, and readers keep the old one as long as they
    look at it. A million rows of two values take 16 MB, 24 MB for the moment of the last copy.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._columns: tuple[Steps, tuple[Values, ...]] = self._room(FIRST_CAPACITY)
        self._capacity = FIRST_CAPACITY
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def append(self, step: int, *values: float) -> None:
        """One row more. Only the thread that owns the run may call it."""
        row = self._rows
        if row == self._capacity:
            self._grow()
        steps, columns = self._columns
        steps[row] = step
        for column, value in zip(columns, values, strict=True):
            column[row] = value
        self._rows = row + 1

    def since(self, cursor: int = 0) -> tuple[Steps, tuple[Values, ...]]:
        """The steps and the columns of all rows from `cursor` on, as views that cost nothing; they are not to be written to.
        The next cursor is `cursor + len(steps)`."""
        rows = self._rows  # before the columns: they are never shorter than this
        steps, columns = self._columns
        return steps[cursor:rows], tuple(column[cursor:rows] for column in columns)

    def value(self, row: int, column: int) -> float:
        """One value of a row that is there."""
        return float(self._columns[1][column][row])

    def last_step(self) -> int:
        """The step of the newest row; 0 when there is none."""
        rows = self._rows
        return int(self._columns[0][rows - 1]) if rows else 0

    def _room(self, capacity: int) -> tuple[Steps, tuple[Values, ...]]:
        steps = np.empty(capacity, np.int64)
        return steps, tuple(np.empty(capacity, np.float32) for _ in range(self._width))

    def _grow(self) -> None:
        old_steps, old_columns = self._columns
        steps, columns = self._room(2 * self._capacity)
        steps[: self._rows] = old_steps
        for column, old in zip(columns, old_columns, strict=True):
            column[: self._rows] = old
        self._columns = steps, columns
        self._capacity *= 2


class Losses:
    """A loss and its accuracy over the steps: two columns of the measurements."""

    def __init__(self, measurements: Measurements, loss: int, accuracy: int) -> None:
        self._measurements = measurements
        self._loss = loss
        self._accuracy = accuracy

    def __len__(self) -> int:
        return len(self._measurements)

    def last_step(self) -> int:
        """The step of the newest row; 0 when there is none."""
        return self._measurements.last_step()

    def since(self, cursor: int = 0) -> tuple[Steps, Values, Values]:
        """Steps, losses and accuracies (0..1; NaN where there is no such thing, in a regression) from row `cursor` on."""
        steps, columns = self._measurements.since(cursor)
        return steps, columns[self._loss], columns[self._accuracy]

    def last(self) -> tuple[float, float] | None:
        """The newest loss and accuracy; None when there is none."""
        rows = len(self._measurements)
        return self.at(rows - 1) if rows else None

    def at(self, row: int) -> tuple[float, float]:
        """The loss and the accuracy of a row that is there."""
        return self._measurements.value(row, self._loss), self._measurements.value(row, self._accuracy)


class History:
    """All that a run has measured.

    `train` has a row a step: loss and accuracy of that step's batch, before its update. `epochs` has a row an epoch, at its
    last step: train loss, train accuracy (means over the epoch's samples), validation loss, validation accuracy;
    `validation` is the latter two of it. `rates` has a row for each change of the learning rate in mid-run: (step, lr), the
    rate from the step after `step` on; of two rows with one step the later counts. `changes` has the same of the other settings
    that a run takes over. `left_out` are the steps that changed no weight, because their gradient had exploded. Steps count
    from 1. Every loss in it is finite.
    """

    def __init__(self) -> None:
        self._steps = Measurements(2)
        self.epochs = Measurements(4)
        self.train = Losses(self._steps, 0, 1)
        self.epoch_train = Losses(self.epochs, 0, 1)
        self.validation = Losses(self.epochs, 2, 3)
        self.append_step = self._steps.append  # (step, loss, accuracy)
        self.append_epoch = self.epochs.append  # (step, train loss and accuracy, validation loss and accuracy)
        self.rates: list[tuple[int, float]] = []  # grows at its end only
        self.changes: list[SettingChange] = []  # the same
        self.left_out: list[int] = []  # the same


class LastMeasured(TypedDict):
    """The newest values of a history, under the names that they have in a `Status`."""

    loss: float | None
    accuracy: float | None
    train_loss: float | None
    train_accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None


def measured_last(history: History, epoch: int | None = None) -> LastMeasured:
    """What a status says of `history`. `epoch`, from 1: the one whose weights the model has; None: the last one."""
    row = None if epoch is None else epoch - 1
    loss, accuracy = _known(history.train)
    train_loss, train_accuracy = _known(history.epoch_train, row)
    validation_loss, validation_accuracy = _known(history.validation, row)
    return LastMeasured(
        loss=loss,
        accuracy=accuracy,
        train_loss=train_loss,
        train_accuracy=train_accuracy,
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
    )


def best_validation(history: History) -> tuple[float | None, float | None]:
    """The greatest accuracy and the least loss of the validation over all epochs; None where there is none."""
    _, losses, accuracies = history.validation.since()
    known = accuracies[~np.isnan(accuracies)]
    losses = losses[~np.isnan(losses)]
    return float(known.max()) if len(known) else None, float(losses.min()) if len(losses) else None


def _known(losses: Losses, row: int | None = None) -> tuple[float | None, float | None]:
    """The newest loss and accuracy, or those of a row, each None if it is not known."""
    rows = len(losses)
    at = rows - 1 if row is None else row
    if not 0 <= at < rows:
        return None, None
    loss, accuracy = losses.at(at)
    return loss, None if isnan(accuracy) else accuracy
