"""A run that was kept, taken up again: which of its checkpoints, whether its experiment has been edited, what is left of its
measurements.

Called by `engine.training.execution`. Nothing in the folder is changed before all has been accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.data.own.own_file import own_mark
from engine.doctor.diagnoses import Diagnosis
from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import CHANGEABLE, SettingChange, matters, value_of
from engine.experiments.problems import RunProblem
from engine.experiments.schedules import pinned
from engine.fields import edited
from engine.runs.changes import change_that_matters
from engine.runs.checkpoints import OLDER, RESUME, KeptMoment, checkpoint_files, drop_newest, read_checkpoint
from engine.runs.failures import RunError, own_data_changed
from engine.runs.folder import EXPERIMENT, METRICS, Run
from engine.runs.history import History
from engine.runs.lock import FolderLock
from engine.runs.metrics import ReadMetrics
from engine.runs.run_writing import RunFolder
from engine.training.trainer import Trainer

_OTHERS = tuple(name for name in CHANGEABLE if name != "lr")


@dataclass(frozen=True, slots=True)
class TakenUp:
    """The run as it goes on. `threads`: as many as each of its `processes` was computed with; None where that is not known."""

    run_folder: RunFolder
    history: History
    seconds: float
    threads: int | None
    notices: tuple[RunProblem, ...]
    diagnoses: tuple[Diagnosis, ...] = ()  # up to the moment that it goes on from
    processes: int = 1
    together: int = 1  # runs that have learned in one batched computation up to there


def take_up(folder: Path, lock: FolderLock, experiment: Experiment, trainer: Trainer) -> TakenUp:
    """Restore `trainer`, which is of `experiment`, to the newest moment of the run in `folder` that opens, or leave it at the
    beginning where none was kept. `experiment` becomes the folder's. Raises RunError where the run cannot go on; OSError."""
    run = Run.open(folder)
    file, checkpoint = _restored(run, experiment, trainer)
    if checkpoint is None:
        begun_anew = (RunProblem("begun_anew"),) if len(run.history().train) else ()
        metrics = run.metrics(0, experiment.training.lr, {name: value_of(experiment, name) for name in _OTHERS})
        return TakenUp(RunFolder.go_on(run, lock, experiment, metrics), metrics.history, 0.0, None, begun_anew)
    metrics = run.metrics(checkpoint.moment.step, checkpoint.moment.lr, checkpoint.moment.settings)
    _require_same_epochs(run, metrics.history, experiment, trainer)
    notices = tuple(_notices(metrics, trainer.step_count, is_older=file.name == OLDER))
    history = metrics.history
    edited_from = _rate_before_edit(checkpoint, experiment, history)
    if edited_from is not None and all(step > 0 for step, _ in history.rates):
        history.rates.insert(0, (0, edited_from))  # the run's first rate: its experiment does not say it any more
        metrics = replace(metrics, is_whole=False)
    run_folder = RunFolder.go_on(run, lock, experiment, metrics)
    if file.name == OLDER:
        drop_newest(folder)
    if edited_from is not None:
        trainer.lr = experiment.training.lr
        history.rates.append((trainer.step_count, trainer.lr))
    _take_edits(checkpoint, experiment, trainer, history)
    found = run.diagnoses(trainer.step_count)
    kept = checkpoint.kept
    return TakenUp(run_folder, history, kept.seconds, kept.threads, notices, found, kept.processes, run.together)


def _restored(run: Run, experiment: Experiment, trainer: Trainer) -> tuple[Path, KeptMoment | None]:
    """The first checkpoint that opens and fits, with the trainer at its moment. Raises the RunError of the newest one."""
    refused: RunError | None = None
    for file in checkpoint_files(run.path):
        try:
            checkpoint = read_checkpoint(file)
            _require_same_experiment(run, checkpoint, experiment)
            trainer.restore(checkpoint.moment)
        except RunError as error:
            refused = refused or error
        else:
            return file, checkpoint
    if refused is not None:
        raise refused
    return run.path / RESUME, None


def _require_same_experiment(run: Run, checkpoint: KeptMoment, experiment: Experiment) -> None:
    """An own file may be elsewhere, but must say the same. An early version kept no experiment with its moments: then only the
    epochs' length is compared."""
    kept, path = checkpoint.kept.experiment, experiment.data.path
    if kept is not None and path is not None and kept.data.path is not None and checkpoint.kept.own_data is not None:
        if own_mark(path) == checkpoint.kept.own_data:
            kept = edited(kept, data=edited(kept.data, path=path))
        elif kept.data.path == path:
            raise own_data_changed(path)
    if kept is not None and (decay := checkpoint.kept.settings.get("weight_decay")):  # perhaps since a step of its way
        kept = edited(kept, training=edited(kept.training, weight_decay=decay))
    change = None if kept is None else change_that_matters(kept, experiment)
    if change is not None:
        key, before, now = change
        raise RunError("experiment_changed", file=run.path / EXPERIMENT, key=key, before=_shown(before), now=_shown(now))


def _require_same_epochs(run: Run, history: History, experiment: Experiment, trainer: Trainer) -> None:
    each = trainer.steps_per_epoch
    before = run.steps_per_epoch(history)
    if before not in (0, each) or any(history.epochs.since()[0] % each):
        raise RunError("other_epoch_length", file=run.path / EXPERIMENT, before=before, now=each)
    if trainer.step_count > each * experiment.training.epochs:
        done = trainer.step_count / each
        raise RunError("fewer_epochs", file=run.path / EXPERIMENT, done=f"{done:g}", now=experiment.training.epochs)


def _rate_before_edit(checkpoint: KeptMoment, experiment: Experiment, history: History) -> float | None:
    """The learning rate that the experiment had when the run was kept, if it has another now. The run's own may be another
    still: it was changed in mid-run, and stays where the experiment was not edited."""
    now, kept = experiment.training.lr, checkpoint.kept.experiment
    if kept is not None:
        before = kept.training.lr
    elif history.rates:  # of an early version, which did not say
        return None
    else:
        before = checkpoint.moment.lr
    return None if now == before else before


def _take_edits(checkpoint: KeptMoment, experiment: Experiment, trainer: Trainer, history: History) -> None:
    """Have the other changeable settings, where the experiment has been edited since the run was kept."""
    kept = checkpoint.kept.experiment
    if kept is None:
        return
    for name in _OTHERS:
        before, now, then = trainer.value(name), value_of(experiment, name), value_of(kept, name)
        if name == "schedule":
            before, now, then = (pinned(each, kept.training.epochs) for each in (before, now, then))
        if now not in (before, then) and matters(trainer.training, name):
            trainer.change(name, now)
            history.changes.append(SettingChange(trainer.step_count, name, before, now))


def _notices(metrics: ReadMetrics, step: int, *, is_older: bool) -> Iterator[RunProblem]:
    if is_older:
        yield RunProblem("older_checkpoint", {"file": RESUME, "step": step})
    if metrics.damaged:
        yield RunProblem("lines_left_out", {"file": METRICS, "lines": len(metrics.damaged), "first": metrics.damaged[0]})
    elif (missing := step - len(metrics.history.train)) > 0:
        yield RunProblem("measurements_missing", {"file": METRICS, "missing": missing, "step": step})


def _shown(value: Any) -> str:
    """A value of a file as a sentence shows it: a layer by its kind, nothing as –."""
    if isinstance(value, dict):
        return str(value.get("type", "…"))
    return "–" if value is None else str(value)
