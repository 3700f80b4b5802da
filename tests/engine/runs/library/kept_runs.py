"""Folders of runs for tests: as a run leaves them, without a training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.runs.history import History
from engine.runs.run_writing import RunFolder
from engine.runs.status import Reason, State, Status


def of(experiment: Experiment | None = None, **training: object) -> Experiment:
    """An experiment with other settings of its training."""
    experiment = experiment or preset("digits-cnn")
    return edited(experiment, training=edited(experiment.training, **training))


def history(losses: Sequence[float], accuracies: Sequence[float], each: int = 3) -> History:
    """Validation losses and accuracies of epochs of `each` steps."""
    made = History()
    for number, (loss, accuracy) in enumerate(zip(losses, accuracies, strict=True), 1):
        for step in range((number - 1) * each + 1, number * each + 1):
            made.append_step(step, loss + 0.1, accuracy)
        made.append_epoch(number * each, loss + 0.05, accuracy, loss, accuracy)
    return made


def keep(
    folder: Path,
    experiment: Experiment | None = None,
    losses: Sequence[float] = (1.0, 0.5),
    accuracies: Sequence[float] = (0.5, 0.8),
    reason: Reason | None = Reason.COMPLETED,
    *,
    owned: bool = False,
    rates: Sequence[tuple[int, float]] = (),
) -> RunFolder:
    """Write a run; `owned`: it is still under way, and whoever asked lets it go. `rates`: set in mid-run."""
    experiment = experiment or preset("digits-cnn")
    made = history(losses, accuracies)
    made.rates.extend(rates)
    written = RunFolder.begin(folder, experiment, History())
    written = RunFolder(folder, made, experiment, written._lock)
    written._metrics.rewrite()
    epochs = experiment.training.epochs
    state = State.RUNNING if reason is None else State.IDLE
    steps, lr = 3 * len(losses), rates[-1][1] if rates else experiment.training.lr
    written.save_status(Status(state, reason, step=steps, steps=3 * epochs, epochs=epochs, seconds=1.5, lr=lr))
    if not owned:
        written.leave()
    return written
