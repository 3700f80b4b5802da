"""Early stopping, done to one run: when it ends, and which weights it ends with.

When that is, says `engine.experiments.stopping`. Called by `engine.training.execution`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.experiments.problems import RunProblem
from engine.experiments.stopping import EarlyStopping, waiting

if TYPE_CHECKING:
    from engine.runs.history import History
    from engine.training.trainer import Trainer


class StoppingEarly:
    """`said` tells how it has ended the run, once it has. Without `settings` it does nothing."""

    def __init__(self, settings: EarlyStopping | None) -> None:
        self._settings = settings
        self.said: RunProblem | None = None

    def see_epoch(self, history: History, trainer: Trainer) -> None:
        """An epoch has just been measured: keep its weights, where they are the best ones so far, or end the run."""
        if self._settings is None:
            return
        _, losses, _ = history.validation.since()
        stands = waiting(self._settings, losses.tolist())
        if self._settings.restore_best and stands.best_epoch == len(losses):
            trainer.keep_best()
        if stands.ends:
            self.said = RunProblem("stopped_early", {"epochs": self._settings.patience, "best": stands.best_epoch})

    def take_best(self, history: History, trainer: Trainer) -> int | None:
        """At a run's own end: give the trainer the weights of its best epoch, which is returned, from 1. None where that is not
        wished, or none were kept."""
        if self._settings is None or not self._settings.restore_best or not trainer.take_best():
            return None
        _, losses, _ = history.validation.since()
        return waiting(self._settings, losses.tolist()).best_epoch or None
