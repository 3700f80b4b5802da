"""The learning rate of every iteration of one run: the one that is set, times its schedule's factor. Called by the trainer."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.experiments.schedules import AnySchedule, Course, Plateau, ReduceLROnPlateau

_KEPT = "schedule.plateau"


class Pacing:
    """A schedule on the course of a run."""

    def __init__(self, schedule: AnySchedule, each: int, epochs: int, plateau: Plateau = Plateau()) -> None:  # noqa: B008
        """`each`: the iterations of an epoch."""
        self._schedule = schedule
        self._course = Course(each, each * epochs, plateau)

    def followed_by(self, schedule: AnySchedule, step: int) -> Pacing:
        """Another schedule on the same course, from the iteration after `step` on. A plateau goes on with what another plateau
        has seen."""
        each, steps, plateau = self._course
        both = isinstance(schedule, ReduceLROnPlateau) and isinstance(self._schedule, ReduceLROnPlateau)
        return Pacing(schedule, each, steps // each, plateau if both else Plateau(step=step))

    def rate(self, lr: float, step: int) -> float:
        """The rate of the iteration after `step` others, where the learning rate is set to `lr`."""
        return lr * self._schedule.factor(step, self._course)

    def see(self, step: int, loss: float) -> None:
        """Take notice of the validation loss after `step` iterations."""
        if isinstance(self._schedule, ReduceLROnPlateau):
            self._course = self._course._replace(plateau=self._schedule.seen(self._course.plateau, step, loss))

    def tensors(self) -> dict[str, Tensor]:
        """What a moment keeps of it."""
        if not isinstance(self._schedule, ReduceLROnPlateau):
            return {}
        return {_KEPT: torch.tensor(self._course.plateau, dtype=torch.float64)}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Take a moment's. Raises KeyError or ValueError where it keeps nothing of it."""
        if isinstance(self._schedule, ReduceLROnPlateau):
            best, waited, reductions, step = tensors[_KEPT].tolist()
            self._course = self._course._replace(plateau=Plateau(best, int(waited), int(reductions), int(step)))
