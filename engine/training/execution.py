"""One run, from its preparation to its end, in whatever thread calls it.

What a run does (prepare, step, validate, measure its speed, save) stands here; what a user asks of it (pause, step, stop)
stands in `engine.training.worker`, which is the only caller.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from engine.experiment import Experiment
from engine.training.failures import DivergedError
from engine.training.history import History
from engine.training.status import Reason, RunProblem, State, Status

if TYPE_CHECKING:  # torch takes a second or two: it is imported by `prepare`, in the run's own thread
    from engine.training.runs import RunFolder
    from engine.training.trainer import Trainer

TICK_S = 0.1  # how often the loop looks at anything but the step
SPEED_OVER_S = 2.0
METRICS_EVERY_S = 0.5
CHECKPOINT_AFTER_S = 3.0  # at the end of an epoch; a checkpoint may also take at most a fiftieth of the time
CHECKPOINT_WITHIN_S = 30.0  # in the middle of a long one

log = logging.getLogger(__name__)


Gate: TypeAlias = Callable[[bool], bool]  # (may it wait here for a pause to end?) -> shall the run go on?


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to a model and its data, and where the answer goes."""

    compute: Callable[[Any, Any], Any]
    future: Future[Any]


class Clock:
    """Seconds of running, pauses left out. One thread runs and rests it, any may read."""

    def __init__(self) -> None:
        self._reading: tuple[float, float | None] = (0.0, None)  # seconds until then, since when it runs

    @property
    def seconds(self) -> float:
        before, since = self._reading
        return before if since is None else before + time.perf_counter() - since

    def run(self) -> None:
        if self._reading[1] is None:
            self._reading = (self._reading[0], time.perf_counter())

    def rest(self) -> None:
        self._reading = (self.seconds, None)


class Execution:
    """One run: written by the thread that executes it, read by `status` from any."""

    def __init__(
        self,
        experiment: Experiment,
        *,
        folder: Path | None = None,
        resumed: bool = False,
        on_tick: Callable[[], None] | None = None,
    ) -> None:
        """`resumed`: go on with the run that lies in `folder`, instead of making a new one there."""
        self.experiment = experiment
        self.history = History()
        self.clock = Clock()
        self.problem: RunProblem | None = None
        self.trainer: Trainer | None = None
        self.folder = folder
        self._resumed = resumed
        self._run_folder: RunFolder | None = None
        self._on_tick = on_tick
        self._samples = 0
        self._marks: deque[tuple[float, int]] = deque(maxlen=round(SPEED_OVER_S / TICK_S) + 1)
        self._speed = 0.0
        self._next_tick = 0.0
        self._next_metrics = 0.0
        self._checkpoint_at = 0.0  # run time of the last one
        self._checkpoint_cost_s = 0.0

    # what a reader sees

    def status(self, state: State, reason: Reason | None) -> Status:
        """A snapshot; cheap, and safe from any thread."""
        training = self.experiment.training
        trainer = self.trainer
        if trainer is None:
            return Status(state, reason, epochs=training.epochs, lr=training.lr, problem=self.problem, folder=self.folder)
        step, each = trainer.step_count, trainer.steps_per_epoch
        steps = each * training.epochs
        train, validation = self.history.train.last(), self.history.validation.last()
        speed = self._speed
        return Status(
            state,
            reason,
            step=step,
            steps=steps,
            epoch=min(step // each + 1, training.epochs),
            epochs=training.epochs,
            steps_per_second=speed,
            samples_per_second=speed * self._samples / each,
            seconds=self.clock.seconds,
            seconds_left=(steps - step) / speed if speed > 0.0 else None,
            device=str(trainer.device),
            lr=trainer.lr,
            problem=self.problem,
            folder=self.folder,
            train_loss=train[0] if train else None,
            train_accuracy=None if train is None or isnan(train[1]) else train[1],
            validation_loss=validation[0] if validation else None,
            validation_accuracy=None if validation is None or isnan(validation[1]) else validation[1],
        )

    # what its thread does

    def prepare(self, stopped: Callable[[], bool]) -> bool:
        """Check the experiment, load the data, build the model, make the folder. False when `stopped` says so on the way.
        Raises CannotRunError where the experiment is at fault, and whatever torch raises."""
        from engine.training.preparation import check

        check(self.experiment)
        if stopped():
            return False
        from engine import datasets
        from engine.training.devices import choose, take_threads
        from engine.training.trainer import Trainer

        device = choose(self.experiment.training.device)
        take_threads()
        if stopped():
            return False
        dataset = datasets.load(self.experiment.data, seed=self.experiment.seed)
        if stopped():
            return False
        trainer = Trainer(self.experiment, dataset, device, self.history.append_step)
        self._samples = len(dataset.x_train)
        self.trainer = trainer
        return not stopped()

    def loop(self, gate: Gate) -> Reason:
        """Step until all epochs are done, `gate` says no, or the loss is no finite number."""
        trainer = self._trainer()
        steps = trainer.steps_per_epoch * self.experiment.training.epochs
        try:
            while trainer.step_count < steps:
                if not gate(True):
                    trainer.settle()
                    return Reason.STOPPED
                trainer.step()
                if trainer.step_count % trainer.steps_per_epoch == 0 and not self._end_epoch(trainer, gate):
                    return Reason.STOPPED
                now = time.perf_counter()
                if now >= self._next_tick:
                    self._tick(now)
        except DivergedError as diverged:
            from engine.training.divergence import divergence

            self.problem = divergence(diverged.step, trainer, self.history, self.experiment.training)
            return Reason.DIVERGED
        return Reason.COMPLETED

    def rest(self) -> None:
        """Before a pause: everything measured is on the screen and in the file, and the clock stands. Raises DivergedError."""
        self._trainer().settle()
        self.clock.rest()
        self._marks.clear()

    def set_lr(self, lr: float) -> None:
        """Change the learning rate from the next step on."""
        self._trainer().lr = lr

    def answer(self, probe: Probe) -> None:
        """Compute a probe between two steps. The model is in evaluation mode meanwhile, and the random numbers of the run go
        on as if nothing had been."""
        import torch

        trainer = self._trainer()
        if not probe.future.set_running_or_notify_cancel():
            return
        random_state = torch.get_rng_state()
        trainer.model.eval()
        try:
            result = probe.compute(trainer.model, trainer.dataset)
        except BaseException as error:
            probe.future.set_exception(error)
        else:
            probe.future.set_result(result)
        finally:
            trainer.model.train()
            torch.set_rng_state(random_state)

    def finish(self, reason: Reason) -> None:
        """Save what there is. A file that cannot be written is the run's problem, and no exception."""
        self.clock.rest()

    def _end_epoch(self, trainer: Trainer, gate: Gate) -> bool:
        """Measure the validation set, note the epoch. False when stopped on the way: the epoch then has no row."""
        for _ in trainer.validate():
            if not gate(False):
                trainer.settle()
                return False
        trainer.settle()
        self.history.append_epoch(trainer.step_count, *self._epoch_means(trainer), *trainer.validation)
        return True

    def _epoch_means(self, trainer: Trainer) -> tuple[float, float]:
        """Mean train loss and accuracy over the samples of the epoch that has just ended."""
        steps, losses, accuracies = self.history.train.since(max(0, len(self.history.train) - trainer.steps_per_epoch))
        samples = [trainer.samples_in(step) for step in steps.tolist()]
        return float(np.average(losses, weights=samples)), float(np.average(accuracies, weights=samples))

    def _tick(self, now: float) -> None:
        """Ten times a second: the speed, the log, whoever follows the progress."""
        trainer = self._trainer()
        self._next_tick = now + TICK_S
        seconds, step = self.clock.seconds, trainer.step_count
        if self._marks and seconds > self._marks[0][0]:
            self._speed = (step - self._marks[0][1]) / (seconds - self._marks[0][0])
        self._marks.append((seconds, step))
        if self._on_tick is not None:
            self._on_tick()

    def _trainer(self) -> Trainer:
        assert self.trainer is not None, "asked for before the preparation has made it"
        return self.trainer
