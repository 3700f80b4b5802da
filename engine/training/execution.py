"""One run, from its preparation to its end, in the calling thread.

This module prepares, steps, validates, measures the speed and saves. The user's commands (pause, step, stop) are handled in
`engine.training.worker`, the only caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.doctor.diagnoses import Diagnosis
from engine.doctor.evidence import RECENT, Epoch
from engine.doctor.watch import Watch
from engine.experiments.check import check
from engine.experiments.experiment import DeviceName, Experiment
from engine.experiments.mid_run import SettingChange
from engine.experiments.problems import CannotRunError, RunProblem
from engine.experiments.schedules import pinned
from engine.experiments.training_memory import require_memory
from engine.runs.failures import DivergedError, RunError, StepLostError, problem_of
from engine.runs.folder import METRICS, Run
from engine.runs.history import History, measured_last
from engine.runs.lock import FolderLock
from engine.runs.run_writing import RunFolder
from engine.runs.status import Asked, Reason, State, Status, together_notices
from engine.runs.timeline.kept_weights import MOMENTS, WeightLog
from engine.runs.timeline.origin import RunOrigin, read_origin, write_origin
from engine.training.recipe.stopping_early import StoppingEarly
from engine.training.run_clock import Clock, Speed

if TYPE_CHECKING:  # torch takes a second or two: it is imported by `prepare`, in the run's own thread
    import torch

    from engine.data.datasets import Dataset
    from engine.training.branching import BranchPoint
    from engine.training.distributed.leader import Leader
    from engine.training.trainer import Trainer

TICK_S = 0.1  # how often the loop looks at anything but the step
METRICS_EVERY_S = 0.5
CHECKPOINT_AFTER_S = 3.0  # since the last one, at the end of an epoch
CHECKPOINT_WITHIN_S = 30.0  # the same in the middle of a long one
CHECKPOINT_SPACING = 50.0  # times what one costs: never more than a fiftieth of the time

Gate: TypeAlias = Callable[[bool], bool]  # (may it wait here for the end of a pause?) -> does the run continue?


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to a model and its data, and the future of its answer."""

    compute: Callable[[Any, Any], Any]
    future: Future[Any]
    at_once: bool = False  # it does not wait for the rest after a dear one


class Execution:
    """One run. The thread that executes it writes; any thread may call `status`."""

    def __init__(
        self,
        experiment: Experiment,
        *,
        folder: Path | None = None,
        resumed: bool = False,
        origin: BranchPoint | None = None,
        device: DeviceName | None = None,
        threads: int | None = None,
        on_tick: Callable[[], None] | None = None,
        leader: Leader | None = None,
        together: int = 1,
    ) -> None:
        """`folder` is the run's own; None: nothing is saved. `resumed`: continue the run in that folder instead of beginning a
        new one. `origin`: begin it at a moment of another run of the same experiment. `device` counts more than the
        experiment's. `threads` that compute; None: as many as usual; a run that is resumed takes its own. `on_tick` is called
        when the run is ready, about ten times a second, and when an epoch has been
        measured. `leader`: of the processes that compute it together; None: this one does alone. `together`: how many runs
        learn in one batched computation, this one among them."""
        self.experiment = experiment
        self.folder = folder
        self.history = History()
        self.clock = Clock()
        self.problem: RunProblem | None = None  # why it could not begin or go on
        self.notices: tuple[RunProblem, ...] = ()
        self.trainer: Trainer | None = None
        self.device: torch.device | None = None  # as soon as it is chosen: from then on the run draws random numbers
        self.kept_weights: WeightLog | None = None  # at the moments of its timeline, once it is prepared
        self.replaying: tuple[int, int] | None = None  # steps done and steps in all, on the way to a moment of another run
        self._stopping = StoppingEarly(experiment.training.early_stopping)
        self._best_epoch: int | None = None  # whose weights have been taken, at the end
        self._watch = Watch(experiment)
        self._found_before: tuple[Diagnosis, ...] = ()  # in a run that is taken up
        self._resumed = resumed
        self._origin = origin
        self._came_from = None if origin is None else RunOrigin(origin.folder.name, experiment.name, origin.step)
        self._device = device or experiment.training.device
        self._run_folder: RunFolder | None = None
        self._lock: FolderLock | None = None  # of a run that is being taken up
        self._asked_threads = threads
        self._threads = 1
        self._on_tick = on_tick
        self._leader = leader
        self._processes = 1 if leader is None else leader.processes
        self._company = together  # that writes its folders in turns
        self._together = together  # as is said of the run; of one that is taken up, as it was before
        self._samples = 0
        self._speed = Speed()
        self._next_tick = 0.0
        self._next_metrics = 0.0
        self._kept_at = 0.0  # clock at the last checkpoint
        self._keeping_s = 0.0  # the seconds that it took

    def status(self, state: State, reason: Reason | None, asked: Asked | None = None) -> Status:
        """A snapshot; cheap, and safe from any thread."""
        training = self.experiment.training
        trainer = self.trainer
        if trainer is None:
            return Status(
                state,
                reason,
                asked,
                epochs=training.epochs,
                processes=self._processes,
                together=self._together,
                lr=training.lr,
                problem=self.problem,
                folder=self.folder,
                origin=self._came_from,
                replaying=self.replaying,
                diagnoses=self._watch.diagnoses,
            )
        step, each = trainer.step_count, trainer.steps_per_epoch
        steps = each * training.epochs
        speed = self._speed.per_second
        measured = len(self.history.epochs)
        return Status(
            state,
            reason,
            asked,
            step=step,
            steps=steps,
            epoch=min(step // each + 1, training.epochs),
            epochs=training.epochs,
            steps_per_second=speed,
            samples_per_second=speed * self._samples / each,
            seconds=self.clock.seconds,
            seconds_left=(steps - step) / speed if speed > 0.0 else None,
            device=str(trainer.device),
            processes=self._processes,
            together=self._together,
            lr=trainer.lr,
            rate=trainer.rate,
            problem=self.problem or self._not_saved(reason),
            notices=self._all_notices(reason),
            diagnoses=self._watch.diagnoses,
            folder=self.folder,
            origin=self._came_from,
            measured=measured,
            best_epoch=self._best_epoch,
            **measured_last(self.history, self._best_epoch),
        )

    def _not_saved(self, reason: Reason | None) -> RunProblem | None:
        """What is missing on the disk, at the end (`reason` is known) for good."""
        unsaved = {} if self._run_folder is None else self._run_folder.unsaved
        if not unsaved:
            return None
        values = {"folder": str(self.folder), "files": ", ".join(unsaved), "error": next(iter(unsaved.values()))}
        return RunProblem("not_saved", values) if reason is None else RunProblem("was_not_saved", values)

    def _all_notices(self, reason: Reason | None) -> tuple[RunProblem, ...]:
        found = self.notices + together_notices(self._together)
        if self.trainer is not None and self.trainer.notice is not None:
            found += (self.trainer.notice,)
        if self._run_folder is not None and self._run_folder.is_rewritten:
            found += (RunProblem("measurements_rewritten", {"file": METRICS}),)
        if left_out := self.history.left_out:
            values = {"step": left_out[-1], "count": len(left_out)}
            found += (RunProblem("steps_left_out", values) if len(left_out) > 1 else RunProblem("step_left_out", values),)
        if self._stopping.said is not None and reason is Reason.COMPLETED:
            found += (self._stopping.said,)
        if self._best_epoch is not None:
            found += (RunProblem("best_taken", {"best": self._best_epoch}),)
        unsaved = self._not_saved(reason)
        return found if unsaved is None or self.problem is None else (*found, unsaved)  # the graver problem stands alone

    # From here on: only the thread that executes the run.

    def prepare(self, stopped: Callable[[], bool], barred: Callable[[], bool] | None = None) -> bool:
        """Check the experiment, load the data, build the model, make the folder. False if `stopped()` becomes true meanwhile.
        `barred` is asked once, before the first random number is drawn: it may wait for that, and True ends the preparation as
        `stopped` does. Raises CannotRunError and DatasetError if the experiment is at fault, and whatever torch raises."""
        if self.folder is not None and self._resumed:
            with _run_refused():
                self._lock = FolderLock(self.folder)
        self._require_own_data()
        self._watch.see_experiment()
        check(self.experiment)
        if stopped():
            return False
        from engine.data import datasets
        from engine.training.devices import choose, memory_of, take_threads

        self._threads = take_threads(self._asked_threads)
        if stopped():
            return False
        require_memory(self.experiment, memory_of(choose(self._device)), self._processes)
        dataset = datasets.load(self.experiment.data, seed=self.experiment.seed)
        if (barred or stopped)():
            return False
        trainer = self._new_trainer(dataset, stopped)
        if trainer is None:
            return False
        if self._lock is not None:
            self._go_on(trainer, self._lock)
        elif self._origin is not None:
            if not self._branch(self._origin, trainer, stopped):
                return False
        elif self.folder is not None:
            self._run_folder = RunFolder.begin(self.folder, self.experiment, self.history)
        trainer.left_out = self.history.left_out
        self._samples = len(dataset.x_train)
        self._speed.begin(self.clock.seconds, trainer.step_count)
        self._kept_at = self.clock.seconds
        self._keep_weights(trainer)
        self._watch.see_start(trainer, self._found_before)
        self.trainer = trainer
        if self._origin is None:
            self._save_status()
        else:
            self._keep()
        self._show()
        return not stopped()

    def not_begun(self) -> Reason:
        """How a run ends that was asked to stop while it was prepared: also where another process is lost."""
        self.problem = None if self._leader is None else self._leader.missing()
        return Reason.STOPPED if self.problem is None else Reason.FAILED

    def _new_trainer(self, dataset: Dataset, stopped: Callable[[], bool]) -> Trainer | None:
        """At the beginning of the experiment. None where other processes are waited for and `stopped()` becomes true."""
        from engine.training.devices import chosen, memory_of
        from engine.training.trainer import Trainer, small_step

        if self._leader is not None:
            shared = self._leader.trainer(self.experiment, dataset, self._device, self._record, stopped)
            self.device = None if shared is None else shared.device
            return shared
        device, unfit = chosen(self._device, lambda device: small_step(self.experiment, dataset, device))
        self.notices = () if unfit is None else (unfit,)
        if unfit is not None:
            require_memory(self.experiment, memory_of(device))
        self.device = device
        return Trainer(self.experiment, dataset, device, self._record)

    def _require_own_data(self) -> None:
        """Raises CannotRunError where the run that is taken up, or begun at a moment of, has learned from what its own file no
        longer says. Without this it would be the network that does not fit the data."""
        source = self.folder if self._origin is None else self._origin.folder
        if source is not None and (self._resumed or self._origin is not None) and self.experiment.data.path is not None:
            with _run_refused():
                Run.open(source).require_own_data()

    def _go_on(self, trainer: Trainer, lock: FolderLock) -> None:
        """Take up the run in the folder that `lock` is of."""
        from engine.training.devices import take_threads
        from engine.training.resumption import take_up

        assert self.folder is not None
        with _run_refused():
            run = take_up(self.folder, lock, self.experiment, trainer)
        self.history, self._run_folder = run.history, run.run_folder
        self.clock = Clock(run.seconds)
        kept_threads = run.threads if run.processes == self._processes else None
        self._threads = take_threads(kept_threads or self._asked_threads)
        self._found_before = run.diagnoses
        self._came_from = read_origin(self.folder)
        self._together = run.together
        self.notices += run.notices

    def _branch(self, origin: BranchPoint, trainer: Trainer, stopped: Callable[[], bool]) -> bool:
        """Bring the trainer to the origin, and make the folder of a run that has come that far. False if `stopped()` becomes
        true meanwhile."""
        from engine.training.branching import replay, take_moments_along

        def on_step(done: int, steps: int) -> None:
            self.replaying = done, steps

        with _run_refused():
            past = replay(origin, trainer, on_step, stopped)
        if past is None:
            return False
        self.history, self._threads = past.history, past.threads
        self.clock = Clock(past.seconds)
        self.notices += past.notices
        if self.folder is not None:
            self._run_folder = RunFolder.begin(self.folder, self.experiment, self.history)
            with _run_refused():
                take_moments_along(origin, self.folder)
            with suppress(OSError):  # nothing depends on it
                assert self._came_from is not None
                write_origin(self.folder, self._came_from)
        return True

    def loop(self, gate: Gate) -> Reason:
        """Step until all epochs are done, `gate` says no, or the loss is no finite number."""
        course = self.course(gate)
        while True:
            try:
                next(course)
            except StopIteration as end:
                reason: Reason = end.value
                return reason

    def course(self, gate: Gate) -> Generator[None, None, Reason]:
        """The same, which waits before each step until it is asked for: of runs that learn together, the step of all is made
        in between."""
        trainer, weights = self._trainer(), self.kept_weights
        assert weights is not None
        each = trainer.steps_per_epoch
        steps = each * self.experiment.training.epochs
        try:
            while True:
                if trainer.step_count % each == 0 and not self._end_epoch(trainer, gate):
                    self._require_all()
                    return Reason.STOPPED
                if trainer.step_count >= steps or self._stopping.said is not None:
                    return Reason.COMPLETED
                if not gate(True):
                    trainer.settle()
                    self._require_all()
                    return Reason.STOPPED
                yield
                trainer.step()
                if trainer.step_count >= weights.due:
                    weights.take(trainer.step_count)
                if trainer.step_count >= self._watch.due:
                    self._watch.see_step(trainer, self._recent_losses())
                now = time.perf_counter()
                if now >= self._next_tick:
                    self._tick(now)
        except DivergedError as diverged:
            from engine.training.diagnosis import divergence

            self.problem = divergence(diverged.step, trainer, self.history, trainer.training)
            self._watch.see_divergence(diverged.step)
            return Reason.DIVERGED
        except StepLostError as lost:
            self.problem = lost.problem
            self._keep()  # all steps before it
            return Reason.FAILED

    def _require_all(self) -> None:
        """Raises StepLostError where one of several processes has gone, which may be why the run is stopped."""
        if self._leader is not None:
            self._leader.roll_call()

    def rest(self) -> None:
        """Prepare for a pause: record and write all measurements, and halt the clock. Raises DivergedError."""
        self._trainer().settle()
        self.clock.halt()
        self._speed.pause()
        self._append()

    def change(self, name: str, value: Any) -> None:
        """Have another value of a setting, one of `mid_run.CHANGEABLE`, from the next step on."""
        trainer = self._trainer()
        step, before = trainer.step_count, trainer.value(name)
        if name == "schedule":  # a longer run does not stretch what was along which it has gone
            before, value = (pinned(each, self.experiment.training.epochs) for each in (before, value))
        if value == before:
            return
        trainer.change(name, value)
        if name == "lr":
            self.history.rates.append((step, value))
        else:
            self.history.changes.append(SettingChange(step, name, before, value))
        self._watch.see_change(step, trainer.training)

    def answer(self, probe: Probe) -> None:
        """Compute a probe between two steps, with the model in evaluation mode. The run's random numbers are not affected."""
        from engine.training.randomness import random_states, set_random_states

        trainer = self._trainer()
        if not probe.future.set_running_or_notify_cancel():
            return
        states, training = random_states(trainer.device), trainer.model.training
        trainer.model.eval()
        failure, result = None, None
        try:
            result = probe.compute(trainer.model, trainer.dataset)
        except BaseException as error:
            failure = error
        trainer.model.train(training)
        set_random_states(trainer.device, states)
        if failure is None:
            probe.future.set_result(result)
        else:
            probe.future.set_exception(failure)

    def finish(self, reason: Reason) -> None:
        """Save the run, unless it failed in the middle of a step, or has gone on beyond the step at which it diverged. A file
        that cannot be written is the run's problem."""
        self.clock.halt()
        trainer = self.trainer
        if trainer is None:
            self._clear_away()
            return
        trainer.let_go()
        if reason is Reason.DIVERGED and self.kept_weights is not None:
            self._flush_weights()
            self.kept_weights.drop()
        self._speed.end(self.clock.seconds, trainer.step_count)
        if self._run_folder is None:
            self._take_best(trainer, reason)
            return
        if reason is Reason.FAILED:
            with suppress(Exception):  # the device may be what has failed
                trainer.settle()
        elif reason is not Reason.DIVERGED or trainer.step_count == self.history.train.last_step():
            self._keep()
            self._take_best(trainer, reason)
        self._append()
        self._save_status(reason)

    def end(self, reason: Reason) -> None:
        """`finish` and `leave`. What hinders the one is the run's problem, and not the other."""
        try:
            self.finish(reason)
        except Exception as error:
            self.problem = problem_of(error)
        finally:
            self.leave()

    def leave(self) -> None:
        """Give the folder up, whatever has happened. A second call does nothing."""
        if self._run_folder is not None:
            self._run_folder.leave()
        elif self._lock is not None:
            self._lock.release()

    def _end_epoch(self, trainer: Trainer, gate: Gate) -> bool:
        """Measure the validation set and record the epoch, if that has not been done. False if the run is stopped meanwhile;
        then it is done when the run continues."""
        step = trainer.step_count
        if step == self.history.epochs.last_step():
            return True
        trainer.settle()  # a step that diverged is the one that is told, not the validation after it
        for _ in trainer.validate():
            self._watch.see_validation(trainer.model)
            if not gate(False):
                return False
        epoch = Epoch(step, *self._epoch_means(trainer), *trainer.validation)
        self.history.append_epoch(*astuple(epoch))
        self._stopping.see_epoch(self.history, trainer)
        self._watch.see_epoch(epoch, self._recent_losses())
        self._keep_if_due(CHECKPOINT_AFTER_S)
        self._show()
        return True

    def _take_best(self, trainer: Trainer, reason: Reason) -> None:
        """At a run's own end: the weights of its best epoch are those that are kept for use, and that are looked at. The moment
        to go on from is the last one all the same."""
        if reason is Reason.COMPLETED:
            self._best_epoch = self._stopping.take_best(self.history, trainer)
            if self._best_epoch is not None and self._run_folder is not None:
                self._run_folder.save_weights(trainer.weights())

    def _epoch_means(self, trainer: Trainer) -> tuple[float, float]:
        """Mean train loss and accuracy over the samples of the epoch that has just ended; NaN if a damaged file has lost them
        all."""
        each = trainer.steps_per_epoch
        steps, losses, accuracies = self.history.train.since(max(0, len(self.history.train) - each))
        own = steps > trainer.step_count - each
        steps, losses, accuracies = steps[own], losses[own], accuracies[own]
        if not len(steps):
            return nan, nan
        samples = np.where(steps % each == 0, trainer.rest, trainer.batch_size)  # the last batch holds the rest
        return float(np.average(losses, weights=samples)), float(np.average(accuracies, weights=samples))

    def _recent_losses(self) -> NDArray[np.float32]:
        return self.history.train.since(max(0, len(self.history.train) - RECENT))[1]

    def _tick(self, now: float) -> None:
        """Ten times a second: measure the speed, write the metrics, call `on_tick`."""
        self._next_tick = now + TICK_S
        self._speed.tick(self.clock.seconds, self._trainer().step_count)
        if now >= self._next_metrics:
            self._next_metrics = now + METRICS_EVERY_S
            self._append()
            self._keep_if_due(CHECKPOINT_WITHIN_S)
        self._show()

    def _show(self) -> None:
        if self._on_tick is not None:
            self._on_tick()

    def _keep_if_due(self, after_s: float) -> None:
        if self.clock.seconds - self._kept_at >= max(after_s, CHECKPOINT_SPACING * self._keeping_s * self._company):
            self._keep()

    def _keep(self) -> None:
        """Save the moment, so that a later kill loses nothing before it; but never one whose weights are no numbers. Raises
        DivergedError, when a step before it diverged."""
        if self._run_folder is None:
            return
        from engine.runs.checkpoints import are_numbers

        began = time.perf_counter()
        trainer = self._trainer()
        trainer.settle()
        self._flush_weights()
        moment = trainer.moment()
        if are_numbers(moment.tensors):
            self._run_folder.processes = self._processes
            self._run_folder.save_moment(moment, self.clock.seconds, self._threads)
            self._save_status()
        self._keeping_s = time.perf_counter() - began
        self._kept_at = self.clock.seconds

    def _append(self) -> None:
        """Bring the files that only grow up to what has been measured and taken."""
        self._flush_weights()
        if self._run_folder is not None:
            self._run_folder.append_metrics()

    def _keep_weights(self, trainer: Trainer) -> None:
        """Begin the run's timeline, or go on with it: the first weights are its first moment."""
        tensors, step = trainer.model.state_dict(keep_vars=True), trainer.step_count
        steps = trainer.steps_per_epoch * self.experiment.training.epochs
        if self._run_folder is None:
            self.kept_weights = WeightLog(None, tensors, steps)
        elif self._lock is not None or self._origin is not None:
            with _run_refused():
                self.kept_weights = WeightLog.going_on(self._run_folder.path / MOMENTS, tensors, steps, step)
        else:
            self.kept_weights = WeightLog(self._run_folder.path / MOMENTS, tensors, steps)
        if step >= self.kept_weights.due:
            self.kept_weights.take(step)

    def _flush_weights(self) -> None:
        """Write the moments that have been taken, up to the last step whose loss is known."""
        if self.kept_weights is None:
            return
        settled = self.history.train.last_step()
        if self._run_folder is None:
            self.kept_weights.flush(settled)
        else:
            self._run_folder.append_weights(self.kept_weights, settled)

    def _save_status(self, reason: Reason | None = None) -> None:
        if self._run_folder is not None:
            self._run_folder.save_status(self.status(State.RUNNING if reason is None else State.IDLE, reason))

    def _clear_away(self) -> None:
        """Remove the empty folder of a run that never began."""
        if self.folder is not None and not self._resumed:
            with suppress(OSError):  # it is not there, or not empty
                self.folder.rmdir()
            self.folder = None

    def _record(self, step: int, loss: float, accuracy: float) -> None:
        self.history.append_step(step, loss, accuracy)

    def _trainer(self) -> Trainer:
        assert self.trainer is not None, "asked for before the preparation has made it"
        return self.trainer


@contextmanager
def _run_refused() -> Iterator[None]:
    """Turn what is wrong with a run's folder into the reason why the run cannot be resumed."""
    try:
        yield
    except RunError as error:
        raise CannotRunError("run_damaged", message=error.phrase) from None
    except OSError as error:
        raise CannotRunError("run_damaged", message=str(error)) from None
