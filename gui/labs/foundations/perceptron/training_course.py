"""The training of a small network, or of a sigmoid unit, as far as it has come, with what it takes to go back to any step at
once. No Qt.

It is gone on with in slices of time, between two turns of the event loop: so it needs no thread.
"""

from __future__ import annotations

import time

import numpy as np

from engine.foundations.boards.perceptron.perceptron_numbers import sigmoid_step
from engine.foundations.boards.perceptron.plane_networks import (
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
        """Go to the moment after `step` steps, for so long at most, but one step at least. Whether it is reached; without
        points it always is."""
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
        """After how many steps, and the loss there, up to where it stands: over all points before the first step and after
        each step, or the mean of each epoch of several batches."""
        an_epoch = steps_an_epoch(len(self.part.x), self.training.batch)
        steps, losses = self._losses.until(self.now.step, an_epoch)
        if an_epoch == 1:  # a step's loss is the one before it: after the last step it has not been noted yet
            return np.append(steps, self.now.step), np.append(losses, judged(self.shape, self.now.weights, self.part).loss)
        return np.concatenate([[0.0], steps]), np.concatenate([[self._first_loss], losses])


class SigmoidCourse:
    """The descent of a sigmoid unit from its first weights: those after every step, and the losses."""

    def __init__(self, began: tuple[float, float, float], rate: float, part: PlanePart) -> None:
        self.began, self.rate, self.part = began, rate, part
        self._t = (part.t == 1).astype(np.int64)
        self._weights: list[RealArray] = [np.array(began, np.float64)]
        self._losses: list[float] = []

    def is_of(self, began: tuple[float, float, float], rate: float, part: PlanePart) -> bool:
        return (began, rate) == (self.began, self.rate) and part is self.part

    @property
    def reached(self) -> int:
        """The furthest step that it has been to."""
        return len(self._weights) - 1

    def weights_at(self, step: int) -> tuple[float, float, float]:
        """After so many steps."""
        while self.reached < step:
            self._go_on()
        w1, w2, b = self._weights[step].tolist()
        return w1, w2, b

    def losses(self, step: int) -> RealArray:
        """After 0, 1, ... `step` steps."""
        while len(self._losses) <= step:
            self._go_on()
        return np.array(self._losses[: step + 1])

    def _go_on(self) -> None:
        place = len(self._losses)
        now = sigmoid_step(self._weights[place], self.part.x, self._t, self.rate)
        self._losses.append(now.loss)
        if place == self.reached:
            self._weights.append(now.weights + now.step)
