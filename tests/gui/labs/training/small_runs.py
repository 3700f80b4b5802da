"""Experiments that train in well under a second, and runs of them in a training lab."""

from __future__ import annotations

from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.runs.status import State, Status
from gui.labs.training.lab import TrainingLab


def small(stem: str = "digits-cnn", epochs: int = 2, samples: int = 200, **training: object) -> Experiment:
    """A preset, cut down so that it trains in well under a second."""
    found = preset(stem)
    if found.data.name == "adding":
        found = edited(found, data=edited(found.data, length=8))
    if found.data.name == "table":
        samples = min(samples, 150)  # all of them
    return edited(
        found,
        data=edited(found.data, samples=samples),
        training=edited(found.training, epochs=epochs, device="cpu", **training),
    )


def wait_for_end(qtbot, lab: TrainingLab) -> Status:
    with qtbot.waitSignal(lab.run_ended) as ended:
        pass
    return ended.args[0]


def run(qtbot, lab: TrainingLab) -> Status:
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.play()
    return ended.args[0]


def one_step(qtbot, lab: TrainingLab) -> int:
    """One iteration of a paused run, and wait until it is done: marks of what was changed before it may be there earlier. How
    many iterations are done then."""
    step = lab.worker.status().step + 1
    lab.step()
    qtbot.waitUntil(lambda: (lab.worker.status().step, lab.worker.status().state) == (step, State.PAUSED))
    return step
