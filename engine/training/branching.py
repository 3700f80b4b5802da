"""A new run that goes on from a moment of another one's past.

Of such a moment the weights were kept, but not what else its next step depends on: the optimiser's state, the order of the
samples, the random states. These follow from the experiment. So the steps up to the moment are computed again, from the newest
checkpoint before it or from the beginning, with the learning rates and the number of threads that the run had, and what comes
out is compared with the weights that were kept. Called by `engine.training.execution`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.experiments.mid_run import begun_with
from engine.experiments.problems import RunProblem
from engine.runs.checkpoints import Circumstances, KeptMoment, checkpoint_files, read_checkpoint, read_circumstances
from engine.runs.failures import DivergedError, RunError
from engine.runs.folder import Run
from engine.runs.history import History
from engine.runs.timeline.kept_weights import MOMENTS, WeightsByName
from engine.training.devices import take_threads
from engine.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class BranchPoint:
    """A moment of the run in `folder`, after `step` steps."""

    folder: Path
    step: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the run had come to by that moment. `seconds` is what its steps up to there took on the average."""

    history: History
    seconds: float
    threads: int
    notices: tuple[RunProblem, ...]


def replay(
    origin: BranchPoint, trainer: Trainer, on_step: Callable[[int, int], None], stopped: Callable[[], bool]
) -> Replayed | None:
    """Bring `trainer`, which is at the beginning of the run's own experiment, to the moment. `on_step(done, steps)` is called
    after each step; None where `stopped()` becomes true meanwhile. Raises RunError where the moment was not kept or the run
    cannot be read.

    Where the same steps do not lead to the same weights (on a GPU, with another version of torch, on another machine), the
    kept ones are taken, and a notice says so.
    """
    run = Run.open(origin.folder)
    weights = run.timeline().read(origin.step)
    history = run.history(origin.step)
    kept = _kept_last(run)
    threads = take_threads(None if kept is None else kept.threads)
    rates = dict(history.rates)  # of several with one step the last
    for name, value in begun_with(history.changes).items():  # its experiment may have been edited since
        trainer.change(name, value)
    if (checkpoint := _before(origin)) is not None:
        trainer.restore(checkpoint.moment)
    began = trainer.step_count
    try:
        while trainer.step_count < origin.step:
            if stopped():
                return None
            _turn(trainer, rates, history)
            trainer.step()
            if trainer.sees_validation and trainer.step_count % trainer.steps_per_epoch == 0:
                for _ in trainer.validate():
                    pass
            on_step(trainer.step_count - began, origin.step - began)
        trainer.settle()
    except DivergedError:
        raise RunError("replay_diverged", step=origin.step) from None
    _turn(trainer, rates, history)
    notices = () if _take(trainer, weights) else (RunProblem("replay_differs", {"step": origin.step}),)
    seconds = kept.seconds * min(1.0, origin.step / kept.step) if kept is not None and kept.step else 0.0
    return Replayed(history, seconds, threads, notices)


def _turn(trainer: Trainer, rates: dict[int, float], history: History) -> None:
    """Have what the run had for its next step."""
    trainer.lr = rates.get(trainer.step_count, trainer.lr)
    for change in history.changes:
        if change.step == trainer.step_count:
            trainer.change(change.name, change.after)


def take_moments_along(origin: BranchPoint, folder: Path) -> None:
    """Copy the moments of the run to `folder`, its branch's: those after the origin are taken away when the branch goes on with
    them. Raises OSError."""
    shutil.copyfile(origin.folder / MOMENTS, folder / MOMENTS)


def _kept_last(run: Run) -> Circumstances | None:
    """What the run was kept with; None where no checkpoint opens: its timeline may be whole all the same."""
    try:
        return run.kept()
    except RunError:
        return None


def _before(origin: BranchPoint) -> KeptMoment | None:
    """The newest checkpoint of the run that is not after the origin and opens; None: the beginning, which follows from the
    experiment."""
    for file in checkpoint_files(origin.folder):
        try:
            if 0 < read_circumstances(file).step <= origin.step:
                return read_checkpoint(file)
        except RunError:
            continue
    return None


def _take(trainer: Trainer, weights: WeightsByName) -> bool:
    """Give the trainer's model the kept weights; whether it had them already, to the bit."""
    same = True
    with torch.no_grad():
        for name, tensor in trainer.model.state_dict(keep_vars=True).items():
            if not np.array_equal(tensor.detach().cpu().numpy(), weights[name]):
                same = False
                tensor.copy_(torch.from_numpy(weights[name].copy()))
    return same
