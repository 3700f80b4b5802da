"""How good the doctor is at faults that are planted in runs: its first diagnosis, and the repairs that it offers.

`doctor_first`: of the planted faults, each with five seeds, the share whose first diagnosis is the right one, made within one
epoch or 200 iterations of the fault's beginning. `doctor_repairs`: of the repairs that are offered, the share with which the
run, its fault still planted, comes within two points of the accuracy of the healthy run with the same seed.

A fault begins with the run, but for two: overfitting at the epoch with the least validation loss, underfitting at the first one
whose training accuracy is not bettered by two points within five more.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import cache

from engine.doctor.diagnoses import Diagnosis
from engine.doctor.remedies import remedy
from engine.experiments.experiment import Experiment
from engine.experiments.problems import CannotRunError
from engine.fields import edited
from engine.runs.history import History
from engine.runs.status import Reason, State, Status
from engine.training.devices import take_threads
from engine.training.execution import Execution
from tests.engine.doctor.planted import FAULTS, Fault

SEEDS = range(5)
WITHIN_STEPS, WITHIN_POINTS = 200, 0.02
PLATEAU_EPOCHS, PLATEAU = 5, 0.02


def rows() -> Iterator[dict[str, object]]:
    take_threads(1)
    right, repaired = [], []
    for fault in FAULTS.values():
        for seed in SEEDS:
            found, in_time = _first_diagnosis(fault, seed)
            right.append(found is not None and found.code == fault.code and in_time)
            gained = _repair(fault, seed, found) if found is not None and right[-1] else None
            if gained is not None:
                repaired.append(gained >= -WITHIN_POINTS)
            tell(fault=fault.code, seed=seed, found=found and found.code, step=found and found.step, points=gained)
    yield row("doctor_first", sum(right) / len(right), ">= 0.95", len(right))
    yield row("doctor_repairs", sum(repaired) / len(repaired), ">= 0.9", len(repaired))


def followed(experiment: Experiment, ends: Callable[[Execution], bool] = lambda _: False) -> tuple[Status, History]:
    """A run in this thread, to its end, or until `ends` says so between two steps."""
    execution = Execution(experiment)
    try:
        execution.prepare(lambda: False)
        execution.clock.run()
        reason = execution.loop(lambda _: not ends(execution))
        execution.finish(reason)
    except CannotRunError:
        reason = Reason.FAILED
    return execution.status(State.IDLE, reason), execution.history


def _first_diagnosis(fault: Fault, seed: int) -> tuple[Diagnosis | None, bool]:
    """The first diagnosis, and whether it came in time."""
    experiment = edited(fault.experiment(fault.healthy()), seed=seed)
    late = fault.code in ("overfitting", "underfitting")
    with fault.planted(seed):
        status, history = followed(experiment, lambda run: not late and bool(run.status(State.RUNNING, None).diagnoses))
    if not status.diagnoses:
        return None, False
    steps, losses, _ = history.validation.since()
    each = int(steps[0]) if len(steps) else WITHIN_STEPS
    onset = 0
    if fault.code == "overfitting":
        onset = int(steps[losses.argmin()])
    if fault.code == "underfitting":
        accuracies = history.epoch_train.since()[2]
        better = [accuracies[at : at + PLATEAU_EPOCHS + 1].max() - accuracies[at] > PLATEAU for at in range(len(steps))]
        onset = int(steps[better.index(False)])
    return status.diagnoses[0], status.diagnoses[0].step - onset <= max(each, WITHIN_STEPS)


def _repair(fault: Fault, seed: int, found: Diagnosis) -> float | None:
    """The accuracy with the repair, less that of the healthy run; None where no repair is offered."""
    offered = remedy(found, edited(fault.experiment(fault.healthy()), seed=seed))
    if offered is None:
        return None
    with fault.planted(seed):
        mended = _accuracy(offered.experiment)
    return mended - _healthy(fault.healthy, seed)


@cache
def _healthy(experiment: Callable[[], Experiment], seed: int) -> float:
    return _accuracy(edited(experiment(), seed=seed))


def _accuracy(experiment: Experiment) -> float:
    return followed(experiment)[0].validation_accuracy or 0.0


def row(name: str, value: float, goal: str, of: int) -> dict[str, object]:
    return {"name": name, "value": round(value, 3), "of": of, "goal": goal}


def tell(**what: object) -> None:
    print(json.dumps(what), file=sys.stderr, flush=True)
