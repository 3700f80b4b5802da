"""Why the loss of a run stopped being a finite number. Called by `engine.training.execution`."""

from __future__ import annotations

import torch

from engine.experiments.experiment import Training
from engine.experiments.problems import RunProblem
from engine.runs.history import History
from engine.training.trainer import Trainer


def divergence(step: int, trainer: Trainer, history: History, training: Training) -> RunProblem:
    """The problem of a run whose loss at `step` is not finite.

    In the order of certainty: data that are not finite themselves; a recurrent network without clipping, where one gradient
    through many time steps is enough; otherwise steps that were too long for the loss.
    """
    last = history.train.last()
    values = {"step": step, "last_loss": last[0] if last else None, "lr": trainer.rate}
    data = trainer.dataset
    if not all(bool(torch.isfinite(part).all()) for part in (data.x_train, data.y_train, data.x_validation)):
        return RunProblem("diverged_data", values)
    if last is None:
        return RunProblem("diverged_at_once", values)
    if trainer.has_recurrence and training.clip is None:
        return RunProblem("diverged_no_clipping", values)
    return RunProblem("diverged_learning_rate", values)
