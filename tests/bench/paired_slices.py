"""What something costs the speed of a run: its time is cut into pairs of slices, with it and without, so that what else the
machine does falls on both. Called by the benches of the labs."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.bench.opened_lab import begin_run, end_run

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from gui.running.lab.base import RunningLab

PAIRS = 5
SECONDS = 3.0  # of a slice
WORKS = {"digits-cnn": "digits-cnn", "28x28": "pipeline-28x28"}  # name of a row -> the preset that is trained


class Slice(NamedTuple):
    """`spend` takes SECONDS, and is measured; `prepare` comes before it, and is not."""

    prepare: Callable[[], object]
    spend: Callable[[], object]


def speed_row(
    lab: RunningLab[Any], name: str, goal: str, experiment: Experiment, this: Slice, other: Slice
) -> dict[str, object]:
    """Steps a second of a run of `experiment` in slices of `this` kind over those in slices of the `other`."""
    begin_run(lab, experiment)
    speeds: dict[Slice, list[float]] = {this: [], other: []}
    for pair in range(PAIRS):
        for kind in (this, other) if pair % 2 else (other, this):
            kind.prepare()
            before, began = lab.worker.status().step, perf_counter()
            kind.spend()
            speeds[kind].append((lab.worker.status().step - before) / (perf_counter() - began))
    end_run(lab)
    ratio = median(one / another for one, another in zip(speeds[this], speeds[other], strict=True))
    return {
        "name": name,
        "ratio": round(ratio, 3),
        "this": round(median(speeds[this]), 1),
        "other": round(median(speeds[other]), 1),
        "unit": "steps/s",
        "goal": goal,
    }
