"""What the runs of a queue say together: each setting's mean over its seeds or folds, and the answers of all folds' models,
each on the samples that it has not learned from.

Called by the command line and the window. torch is not imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.queue.plan import Chosen, PlannedRun
from engine.queue.run_state import RunState
from engine.runs.library.seed_statistics import MeanWithError, mean_with_error

ACCURACY, LOSS = "validation_accuracy", "validation_loss"


@dataclass(frozen=True)
class SettingResult:
    """The runs of one combination of settings that are complete: their values of the metric, and what these say together."""

    chosen: Chosen
    runs: int  # planned
    values: tuple[float, ...]
    error: MeanWithError | None


@dataclass(frozen=True)
class OutOfFold:
    """Every sample once, answered by the one model that has not learned from it. `seeds`: how many times over. `is_whole`: all
    folds are complete. `confusion` has a row a true class, a column an answered one."""

    count: int
    right: int
    confusion: tuple[tuple[int, ...], ...]
    seeds: int
    is_whole: bool

    @property
    def accuracy(self) -> float:
        return self.right / self.count


@dataclass(frozen=True)
class QueueResults:
    """`metric` is the accuracy, or the loss of a regression, over the validation data at the end of each run."""

    metric: str
    all: SettingResult
    settings: tuple[SettingResult, ...]
    out_of_fold: tuple[tuple[Chosen, OutOfFold], ...]  # of each combination that has complete folds

    @property
    def best(self) -> SettingResult | None:
        """The combination with the best mean."""
        known = [(each.error.mean, each) for each in self.settings if each.error is not None]
        if not known:
            return None
        choose = max if self.metric == ACCURACY else min
        return choose(known, key=lambda pair: pair[0])[1]


def metric_of(base: Experiment) -> str:
    return LOSS if describe(base.data).task == "regression" else ACCURACY


def results(base: Experiment, runs: Sequence[PlannedRun], states: Sequence[RunState]) -> QueueResults:
    """What the complete ones of `runs` say; those that failed or diverged are left out, not counted as zero."""
    metric = metric_of(base)
    known = {state.number: state for state in states}
    grouped: dict[Chosen, list[PlannedRun]] = {}
    for run in runs:
        grouped.setdefault(run.chosen, []).append(run)
    folds = ((chosen, _out_of_fold(group, known)) for chosen, group in grouped.items())
    return QueueResults(
        metric,
        _result((), runs, known, metric),
        tuple(_result(chosen, group, known, metric) for chosen, group in grouped.items()),
        tuple((chosen, found) for chosen, found in folds if found is not None),
    )


def _result(chosen: Chosen, runs: Sequence[PlannedRun], states: dict[int, RunState], metric: str) -> SettingResult:
    found: list[Any] = [getattr(states[run.number], metric) for run in runs if states[run.number].condition == "completed"]
    values = tuple(float(value) for value in found if value is not None)
    return SettingResult(chosen, len(runs), values, mean_with_error(values))


def _out_of_fold(runs: Sequence[PlannedRun], states: dict[int, RunState]) -> OutOfFold | None:
    if runs[0].fold is None:
        return None
    known = [states[run.number].answers for run in runs]
    found = [answers for answers in known if answers is not None and answers.right is not None and answers.count]
    if not found:
        return None
    sums: list[list[int]] = [[0] * len(row) for row in found[0].confusion]
    for answers in found:
        for total, row in zip(sums, answers.confusion, strict=True):
            total[:] = [first + second for first, second in zip(total, row, strict=True)]
    return OutOfFold(
        count=sum(answers.count for answers in found),
        right=sum(answers.right or 0 for answers in found),
        confusion=tuple(map(tuple, sums)),
        seeds=len({run.seed for run in runs}),
        is_whole=len(found) == len(runs),
    )
