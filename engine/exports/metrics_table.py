"""What a run has measured as a CSV file: a row an iteration, which every spreadsheet and pandas read.

The values of an epoch stand in the row of its last iteration; a cell is empty where there is no such value (the accuracy of a
regression). Numbers are written so that they read back to the bit of the float32 that was measured. `learning_rate` is the one
that the iteration was done with: what was set, times the schedule's factor. No torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

import numpy as np

from engine.experiments.experiment import Experiment
from engine.experiments.schedules import Course, ReduceLROnPlateau
from engine.exports.outgoing import Outgoing
from engine.runs.history import History

COLUMNS = (
    "step",
    "epoch",
    "batch_loss",
    "batch_accuracy",
    "learning_rate",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
)


def metrics_csv(run: Outgoing) -> str:
    """The table's text, with commas and decimal points. `epoch` counts from 1, empty where the run does not say how long one
    is."""
    history = run.history or History()
    steps, losses, accuracies = history.train.since()
    epoch_steps, columns = history.epochs.since()
    at = {step: row for row, step in enumerate(epoch_steps.tolist())}
    rates = dict(rates_by_step(run.experiment, history, run.each))
    each, lines = run.each, [",".join(COLUMNS)]
    for row, step in enumerate(steps.tolist()):
        epoch = str((step - 1) // each + 1) if each else ""
        cells = [str(step), epoch, _cell(losses[row]), _cell(accuracies[row]), _rate(rates.get(step))]
        cells += [""] * 4 if step not in at else [_cell(column[at[step]]) for column in columns]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def rates_by_step(experiment: Experiment, history: History, each: int) -> Iterator[tuple[int, float]]:
    """The learning rate of each iteration that was measured: (step, rate), steps counted from 1. Nothing where there is a
    schedule, and nobody knows how many iterations an epoch has."""
    training = experiment.training
    schedule, lr = training.schedule, training.lr
    if schedule is not None and not each:
        return
    course = Course(each, each * training.epochs)
    set_later, rates = 0, history.rates
    ends, validation, _ = (part.tolist() for part in history.validation.since())
    epoch = 0
    for step in history.train.since()[0].tolist():
        while set_later < len(rates) and rates[set_later][0] < step:
            lr = rates[set_later][1]
            set_later += 1
        while epoch < len(ends) and ends[epoch] < step:
            if isinstance(schedule, ReduceLROnPlateau):
                course = course._replace(plateau=schedule.seen(course.plateau, ends[epoch], validation[epoch]))
            epoch += 1
        yield step, lr if schedule is None else lr * schedule.factor(step - 1, course)


def _cell(value: np.float32) -> str:
    return "" if isnan(value) else str(value)


def _rate(value: float | None) -> str:
    return "" if value is None else repr(value)
