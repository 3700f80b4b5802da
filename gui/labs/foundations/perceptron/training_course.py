"""One training of a small network, as far as it has come, with enough of its moments to go back to any step at once. No Qt.

It is gone on with in slices of time, between two turns of the event loop: so it needs no thread.
"""

from __future__ import annotations

import time

import numpy as np

from engine.foundations.boards.plane_networks import (
    PlaneLosses,
    PlaneMoment,
    PlanePart,
    PlaneShape,
    PlaneTraining,
    judged,
    started,
    stepped,
    steps_an_epoch,
)
from engine.foundations.unit_functions import RealArray

MOST_KEPT = 256  # moments; twice as far apart each time there are more


class TrainingCourse:
    """`now` is the moment where it stands. The same shape, training and points have the same moments, on whatever way."""

    def __init__(self, shape: PlaneShape, training: PlaneTraining, part: PlanePart) -> None:
        self.shape, self.training, self.part = shape, training, part
        self.now = started(shape, training)
        self._losses = PlaneLosses()
        self._first_loss = judged(shape, self.now.weights, part).loss
        self._kept: dict[int, PlaneMoment] = {0: self.now}
        self._apart = 1

    def is_of(self, shape: PlaneShape, training: PlaneTraining, part: PlanePart) -> bool:
        return (shape, training) == (self.shape, self.training) and part is self.part

    def go(self, step: int, seconds: float) -> bool:
        """Go to the moment after `step` steps, for so long at most, but one step at least. Whether it is reached; without points
        it always is."""
        if not len(self.part.x):
            return True
        if step < self.now.step:
            self.now = self._kept[max(kept for kept in self._kept if kept <= step)]
        until = time.perf_counter() + seconds
        while self.now.step < step:
            self.now, loss = stepped(self.shape, self.training, self.now, self.part)
            if self.now.step > len(self._losses):
                self._losses.note(loss)
            self._keep()
            if time.perf_counter() > until:
                break
        return self.now.step == step

    def _keep(self) -> None:
        if self.now.step % self._apart:
            return
        self._kept[self.now.step] = self.now
        if len(self._kept) > MOST_KEPT:
            self._apart *= 2
            self._kept = {step: moment for step, moment in self._kept.items() if step % self._apart == 0}

    @property
    def reached(self) -> int:
        """The furthest step that it has been to."""
        return len(self._losses)

    def losses(self) -> tuple[RealArray, RealArray]:
        """After how many steps, and the loss there, up to where it stands: over all points before the first step, then each
        step's, or the mean of each epoch of several batches."""
        steps, losses = self._losses.until(self.now.step, steps_an_epoch(len(self.part.x), self.training.batch))
        if steps.size and steps[0] == 0:
            return steps, losses
        return np.concatenate([[0.0], steps]), np.concatenate([[self._first_loss], losses])
