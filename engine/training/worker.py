"""Runs in a thread of their own: play, pause, step, stop, and what the screen may read meanwhile.

`Worker` is what the window uses; `train` and `resume` do the same in the calling thread, for the command line. torch is first
imported by the run itself, so this module may be imported before the window is painted.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.experiments.experiment import DeviceName, Experiment
from engine.experiments.mid_run import checked
from engine.fields import edited
from engine.runs.checkpoints import MOST_LR
from engine.runs.failures import problem_of
from engine.runs.folder import Run
from engine.runs.history import History
from engine.runs.status import Asked, Reason, State, Status
from engine.runs.timeline.kept_weights import WeightLog
from engine.training.execution import Execution, Probe
from engine.training.interrupts import own_threads, stopping_on_signals
from engine.training.turns import Turns

if TYPE_CHECKING:
    from torch import nn

    from engine.data.datasets import Dataset
    from engine.training.distributed.leader import Leader

R = TypeVar("R")

PROBE_SHARE = 0.02  # of the time, at most, goes to probes while a run is on; drawing their answers takes as much again
RECENT_WAITS_S = 5.0  # over which it is seen how the time is shared
LEAVE_WITHIN_S = 10.0  # how long the end of the program waits for a step that does not end


class Worker:
    """One thread that trains one run at a time.

                 start                        play
        IDLE ----------> PREPARING ----> RUNNING <------> PAUSED
          ^                  |              |     pause      |
          |                  | stop,        | stop, end,     | stop
          |                  | failure      | divergence     |
          |                  v              v                v
          +------------- FINISHING <-------------------------+

    Commands set a flag under a Condition and return at once; they are honoured before the next step, and between the batches
    of a validation (there only stop, changed settings and probes). Until then the status's `state` is what the run does, and
    `asked` what it will do. A pause waits on the Condition. Why a run ended is the status's `reason`; every start comes to an
    end that has one.

    With `turns`, several workers compute one at a time (`engine.training.turns`): one that waits for its turn is RUNNING and
    honours commands meanwhile, one that is paused lets the others go on. Its clock stands still while it waits, so its seconds
    and its speed are those of the run alone; the seconds that are left are those that will go by.

    All methods may be called from any thread. The owner calls `close` at the end; if it does not, the interpreter's exit
    does, because a thread inside torch at that moment would abort the process.
    """

    def __init__(self, *, turns: Turns | None = None) -> None:
        self._turn = None if turns is None else turns.place()
        self._condition = threading.Condition() if self._turn is None else self._turn.condition
        self._waits: deque[tuple[float, float]] = deque(maxlen=512)  # for its turn: when each ended, how long it was
        self._state = State.IDLE
        self._reason: Reason | None = None
        self._execution: Execution | None = None  # the run of the state above, or the last one
        self._waiting = False  # an execution has been handed over that the thread has not taken up
        self._thread: threading.Thread | None = None
        self._closed = False
        self._empty = History()
        # commands, all under the condition; `_attention` may be read without it
        self._attention = False
        self._paused = False
        self._allowed = 0  # steps to do although paused
        self._stepping = False  # from when they are asked for until the run rests after them
        self._stopped = False
        self._changes: dict[str, Any] = {}  # of settings, by name
        self._probes: deque[Probe] = deque()
        self._probes_from = 0.0  # when the next probe is due while running

    # reading

    @property
    def history(self) -> History:
        """What the run, or the last one, has measured; `start` replaces it by a new one."""
        execution = self._execution
        return self._empty if execution is None else execution.history

    @property
    def kept_weights(self) -> WeightLog | None:
        """The weights at the moments that were kept of the run, or of the last one; None before it is prepared."""
        execution = self._execution
        return None if execution is None else execution.kept_weights

    def status(self) -> Status:
        """A frozen snapshot. Takes a lock for an instant that the loop does not hold while it computes."""
        with self._condition:
            state, reason, asked, execution = self._state, self._reason, self._asked(), self._execution
            stretch = self._stretch()
        if execution is None:
            return Status(state, reason, asked)
        status = execution.status(state, reason, asked)
        if status.seconds_left is None or stretch == 1.0:
            return status
        return replace(status, seconds_left=status.seconds_left * stretch)

    def wait_until(self, test: Callable[[Status], bool], timeout_s: float) -> bool:
        """Wait for a status that passes `test`; False after `timeout_s`. It is looked at when the state changes and when
        a paused run has done its steps, with all that belongs to them: not while it does them."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._is_between() and test(self.status()), timeout_s)

    # commands

    def start(
        self, experiment: Experiment, *, folder: Path | None = None, paused: bool = False, threads: int | None = None
    ) -> None:
        """Begin a run. `folder` is where it is kept, a new folder of its own; None: nowhere. `paused`: prepare it, and wait
        for play or step. `threads` that compute it; None: as many as usual. Raises RuntimeError while another run is on, or
        after close."""
        self._begin(Execution(experiment, folder=folder, threads=threads), paused)

    def resume(
        self,
        folder: Path,
        *,
        epochs: int | None = None,
        device: DeviceName | None = None,
        paused: bool = False,
        threads: int | None = None,
    ) -> None:
        """Go on with the run kept in `folder`, to the losses that it would have had without the break. `epochs` (in all, more
        than it has) is taken into its experiment, `device` counts more than the experiment's this time, `threads` where the run
        has kept no number of its own. Raises RunError when there is no run, or not more epochs; RuntimeError as `start` does.
        What keeps it from going on later than that (its weights are damaged, it is under way elsewhere) ends it as FAILED."""
        self._begin(_going_on(folder, epochs, device, threads), paused)

    def branch(
        self,
        run: Path,
        step: int,
        *,
        folder: Path | None = None,
        epochs: int | None = None,
        device: DeviceName | None = None,
        paused: bool = False,
    ) -> None:
        """Begin a new run, kept in `folder`, at the moment after `step` steps of the run kept in `run`, which stays as it is.
        With the same settings its losses are those of that run, to the bit. `epochs` (in all) may be another number; the steps
        up to the moment are computed again first, and the status says how far that is. Raises RunError and RuntimeError as
        `resume`."""
        from engine.training.branching import BranchPoint

        experiment = Run.open(run).experiment
        if epochs is not None:
            experiment = edited(experiment, training=edited(experiment.training, epochs=epochs))
        self._begin(Execution(experiment, folder=folder, origin=BranchPoint(run, step), device=device), paused)

    def play(self) -> None:
        """Go on after a pause."""
        with self._commands():
            self._paused = False
            self._allowed = 0

    def pause(self) -> None:
        """Wait before the next step."""
        with self._commands():
            self._paused = True
            self._allowed = 0

    def toggle(self) -> Asked | None:
        """Pause a run that was asked to play, play one that was asked to pause: two calls are never one, however long the step
        between them takes. What is asked now; None, and nothing is done, when no run is on that could still follow."""
        with self._commands():
            if not self._follows():
                return None
            self._paused = not self._paused
            self._allowed = 0
            return Asked.PAUSE if self._paused else Asked.PLAY

    def step(self, n: int = 1) -> bool:
        """Do `n` iterations more and wait, whether paused before or not. False, and nothing is done, when no run is on that
        could still follow."""
        if n < 1:
            raise ValueError(f"a number of steps is at least 1, not {n}")
        with self._commands():
            if not self._follows():
                return False
            self._paused = self._stepping = True
            self._allowed += n
            return True

    def stop(self) -> None:
        """End the run, keeping what it has reached."""
        with self._commands():
            self._stopped = True

    def set_lr(self, lr: float) -> None:
        """Change the learning rate from the next step on. Raises ValueError when it is none that an experiment may have."""
        if not (0.0 < lr <= MOST_LR):
            raise ValueError(f"a learning rate is above 0 and at most {MOST_LR:g}, not {lr}")
        self.change("lr", lr)

    def change(self, name: str, value: Any) -> None:
        """Have another value of a setting from the next step on. Raises ValueError where it is none of those that a run takes
        over (`mid_run.CHANGEABLE`), or may not have that value."""
        value = checked(name, value)
        with self._commands():
            self._changes[name] = value

    def ask(self, probe: Callable[[nn.Module, Dataset], R], *, at_once: bool = False) -> Future[R]:
        """Have `probe(model, data)` computed by the run's thread between two steps, in evaluation mode; also while paused,
        and after the end as long as the model is kept (until the next start).

        A probe must not change the model. It may compute gradients, and it finds those of the last step in `.grad`; it may ask
        how far the next step moves the weights (`engine.passes.step_update`). While a run is on, probes get at most a fiftieth
        of the time, and rest after a dear one; `at_once`: this one, and what waits before it, does not wait for the end of
        that rest. The future is cancelled when the run fails to begin or the worker closes, and raises what the probe raises.
        """
        answer: Future[R] = Future()
        with self._commands():
            if self._closed or not self._has_or_awaits_model():
                answer.cancel()
            else:
                self._probes.append(Probe(probe, answer, at_once))
        return answer

    def close(self, timeout_s: float = 2.0) -> bool:
        """Stop the run, save it, end the thread. False when it has not ended after `timeout_s`: then a step (or the loading
        of data) still goes on, and the process should be left with os._exit. The worker cannot be used again."""
        with self._commands():
            self._closed = self._stopped = True
            thread = self._thread
        if thread is None:
            return True
        if thread is not threading.current_thread():
            thread.join(timeout_s)
        if thread.is_alive():
            return False
        atexit.unregister(self._leave)
        return True

    # the thread

    def _begin(self, execution: Execution, paused: bool) -> None:
        with self._condition:
            self._claim(execution, paused)
            self._waiting = True
            if self._thread is None:
                # A daemon, so that the interpreter reaches atexit, where `_leave` ends it; not joined before that.
                self._thread = threading.Thread(target=self._serve, name="training", daemon=True)
                self._thread.start()
                atexit.register(self._leave)
            self._condition.notify_all()

    def _claim(self, execution: Execution, paused: bool) -> None:
        """Make `execution` the worker's run. Raises RuntimeError when there is one already."""
        with self._condition:
            if self._closed:
                raise RuntimeError("this worker has been closed")
            if self._state is not State.IDLE:
                raise RuntimeError(f"a run is {self._state.value}: stop it first")
            self._drop_probes()
            self._execution = execution
            self._state, self._reason = State.PREPARING, None
            self._paused, self._allowed, self._stopped, self._changes = paused, 0, False, {}
            self._stepping = False
            self._attention = True

    def _serve(self) -> None:
        """The thread's life: wait for a run or a probe, carry it out."""
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._probes or self._closed)
                execution, begin, probe = self._execution, self._waiting, None
                self._waiting = False
                if not begin:
                    if self._closed:
                        self._drop_probes()
                        return
                    probe = self._probes.popleft()
            assert execution is not None
            if probe is None:
                self._carry_out(execution)
            else:
                self._await_turn()
                execution.answer(probe)
                self._hand_on()

    def _carry_out(self, execution: Execution) -> None:
        """One run, in the calling thread. Whatever happens, it ends IDLE with a reason."""
        reason = Reason.FAILED
        try:
            gate, barred = (self._gate, None) if self._turn is None else (self._gate_in_turn, self._is_barred)
            reason = execution.loop(gate) if execution.prepare(self._is_stopped, barred) else execution.not_begun()
        except KeyboardInterrupt:  # the second one, in the main thread: it may have come in the middle of a step
            execution.leave()
            self._enter(State.IDLE, Reason.STOPPED)
            raise
        except BaseException as error:  # the thread's last frame: nothing may leave it but as the run's problem
            execution.problem = problem_of(error, in_steps=execution.trainer is not None)
        self._enter(State.FINISHING)
        if execution.trainer is not None:  # what is kept of a run is its random numbers too
            self._await_turn()
        try:
            execution.end(reason)
        finally:
            self._hand_on()
        self._enter(State.IDLE, reason)
        if "torch" in sys.modules:
            from engine.training import devices

            devices.give_back_memory()

    def _enter(self, state: State, reason: Reason | None = None) -> None:
        with self._condition:
            self._state, self._reason = state, reason
            if state is State.IDLE and not self._has_or_awaits_model():
                self._drop_probes()
            self._condition.notify_all()

    def _gate(self, pausable: bool = True) -> bool:
        """Honour what was asked for since the last step; wait while paused. False: stop. The way without news is this line."""
        return not self._attention or self._honour(pausable)

    def _gate_in_turn(self, pausable: bool = True) -> bool:
        """The same of a worker that takes turns."""
        assert self._turn is not None
        return not (self._attention or self._turn.is_over(between_steps=pausable)) or self._honour(pausable)

    def _honour(self, pausable: bool) -> bool:
        execution = self._execution
        assert execution is not None
        rested = False
        if self._turn is not None and self._turn.is_over(between_steps=pausable):
            self._hand_on()
        while True:
            if pausable and self._paused and not self._allowed and not rested:
                execution.rest()  # takes time on a GPU: not under the lock
                rested = True
            with self._condition:
                for name, value in self._changes.items():  # before a stop: a run that is resumed goes on with it
                    execution.change(name, value)
                self._changes.clear()
                if self._stopped:
                    return False
                waits = pausable and self._paused and not self._allowed
                if not self._may_compute(wanted=not waits or bool(self._probes)):
                    continue  # there may be news
                probe = self._due_probe(waits)
                if probe is None and not waits:
                    if not self._paused:
                        self._stepping = False
                        self._attention = bool(self._probes)
                        self._become(State.RUNNING)
                    elif pausable:
                        self._allowed -= 1
                    execution.clock.run()
                    return True
                if probe is None:
                    if rested:  # or else the pause was asked for an instant ago
                        self._stepping = False
                        self._become(State.PAUSED)
                        self._condition.notify_all()  # the steps that were allowed have been done
                        self._hand_on()
                        self._condition.wait()
                    continue
            began = time.perf_counter()
            execution.answer(probe)
            now = time.perf_counter()
            self._probes_from = now + (now - began) * (1.0 / PROBE_SHARE - 1.0)

    def _become(self, state: State) -> None:
        if self._state is not state:
            self._enter(state)

    def _due_probe(self, waits: bool) -> Probe | None:
        if not self._probes:
            return None
        due = waits or time.perf_counter() >= self._probes_from or any(probe.at_once for probe in self._probes)
        return self._probes.popleft() if due else None

    # turns with other workers; without them each of these does nothing

    def _may_compute(self, *, wanted: bool) -> bool:
        """Under the condition: whether the thread may compute now, if that is `wanted`. False after a wait for it, in which
        something may have been asked for; True where nothing is wanted."""
        turn = self._turn
        if turn is None or not wanted or turn.take():
            return True
        self._wait_for_turn()
        return False

    def _wait_for_turn(self) -> None:
        """Under the condition: wait until the turn comes, or a command. The run's clock stands still."""
        execution = self._execution
        assert execution is not None
        execution.clock.halt()
        began = time.perf_counter()
        self._condition.wait()
        now = time.perf_counter()
        self._waits.append((now, now - began))

    def _await_turn(self) -> None:
        """Wait for the turn, before all others that wait, and for nothing else: no longer than a slice and a step of another
        run."""
        if self._turn is not None:
            with self._condition:
                while not self._turn.take(first=True):
                    self._wait_for_turn()

    def _is_barred(self) -> bool:
        """Wait for the turn, for the preparation. True if the run is stopped meanwhile."""
        assert self._turn is not None
        with self._condition:
            while not self._stopped:
                if self._turn.take():
                    return False
                self._wait_for_turn()
        return True

    def _hand_on(self) -> None:
        """Let another worker compute, or leave the line."""
        if self._turn is not None:
            with self._condition:
                self._turn.give(None if self._execution is None else self._execution.device)

    def _stretch(self) -> float:
        """How many seconds go by in one of the run's own, over the last few: 3 where three runs share the time evenly."""
        if self._turn is None:
            return 1.0
        now = time.perf_counter()
        recent = [(end, took) for end, took in self._waits if end > now - RECENT_WAITS_S]
        if not recent:
            return 1.0
        wall = now - (recent[0][0] - recent[0][1])
        own = wall - sum(took for _, took in recent)
        return wall / own if own > 0.0 else 1.0

    def _drop_probes(self) -> None:
        while self._probes:
            self._probes.popleft().future.cancel()

    def _has_or_awaits_model(self) -> bool:
        execution = self._execution
        return execution is not None and (self._state is not State.IDLE or execution.trainer is not None)

    def _is_between(self) -> bool:
        """Whether a run that is to wait does the steps that it was asked for first. What its status says is then of a moment
        that the run does not rest at: the step may be counted, and its epoch not measured yet."""
        return self._stepping and self._state in (State.PREPARING, State.PAUSED)

    def _follows(self) -> bool:
        """Whether a run is on that does not end yet: one that can still be paused, played and stepped."""
        return self._state in (State.PREPARING, State.RUNNING, State.PAUSED) and not self._stopped

    def _asked(self) -> Asked | None:
        if self._state is State.IDLE:
            return None
        return Asked.STOP if self._stopped else Asked.PAUSE if self._paused else Asked.PLAY

    def _is_stopped(self) -> bool:
        """Asked between the parts of a preparation, and between the steps on the way to a moment of another run."""
        if self._turn is not None and self._turn.is_over(between_steps=True):
            self._hand_on()
            return self._is_barred()
        return self._stopped

    @contextmanager
    def _commands(self) -> Iterator[None]:
        """Change commands; the loop and whoever waits look at them afterwards."""
        with self._condition:
            yield
            self._attention = True
            self._condition.notify_all()

    def _leave(self) -> None:
        """At the interpreter's exit: end the thread, or, if a step does not end, the process, before torch aborts it."""
        if not self.close(LEAVE_WITHIN_S):
            sys.stderr.write("A training step did not end in time; leaving without saving.\n")
            sys.stderr.flush()
            os._exit(1)


def train(
    experiment: Experiment,
    *,
    folder: Path | None = None,
    on_progress: Callable[[Status], None] | None = None,
    device: DeviceName | None = None,
    threads: int | None = None,
    leader: Leader | None = None,
) -> Status:
    """Train in the calling thread, to the same losses to the bit as a Worker, and return how it ended.

    `folder` is where the run is kept, a new folder of its own; None: nowhere. `on_progress` is called when the run is ready,
    about ten times a second, after every epoch and at the end. `device` overrides the experiment's, `threads` the usual
    number. Ctrl-C and SIGTERM end the
    run as STOPPED, saved; a second Ctrl-C interrupts at once. `leader`: of the processes that train it together with this one.
    """
    experiment = _on_device(experiment, device)

    def made(on_tick: Callable[[], None]) -> Execution:
        return Execution(experiment, folder=folder, threads=threads, on_tick=on_tick, leader=leader)

    return _in_this_thread(made, on_progress, leader)


def resume(
    folder: Path,
    *,
    epochs: int | None = None,
    on_progress: Callable[[Status], None] | None = None,
    device: DeviceName | None = None,
    threads: int | None = None,
    leader: Leader | None = None,
) -> Status:
    """Go on, in the calling thread, with the run kept in `folder`: on the CPU to the same losses to the bit as if it had
    never been broken off. `epochs` and RunError as `Worker.resume`, the rest as `train`."""
    return _in_this_thread(lambda on_tick: _going_on(folder, epochs, device, threads, on_tick, leader), on_progress, leader)


def _going_on(
    folder: Path,
    epochs: int | None,
    device: DeviceName | None,
    threads: int | None,
    on_tick: Callable[[], None] | None = None,
    leader: Leader | None = None,
) -> Execution:
    """The execution that goes on with the run in `folder`. Raises RunError."""
    run = Run.open(folder)
    if epochs is not None:
        run = run.longer(epochs)
    run = run.keeping_its_course()
    return Execution(
        run.experiment, folder=folder, resumed=True, device=device, threads=threads, on_tick=on_tick, leader=leader
    )


def _on_device(experiment: Experiment, device: DeviceName | None) -> Experiment:
    if device is None:
        return experiment
    return edited(experiment, training=edited(experiment.training, device=device))


def _in_this_thread(
    make: Callable[[Callable[[], None]], Execution],
    on_progress: Callable[[Status], None] | None,
    leader: Leader | None = None,
) -> Status:
    worker = Worker()

    def on_tick() -> None:
        if leader is not None and leader.is_asked_to_stop():
            worker.stop()
        if on_progress is not None:
            on_progress(worker.status())

    execution = make(on_tick)
    worker._claim(execution, paused=False)
    if leader is not None:
        leader.listening.close()
        if leader.is_asked_to_stop():
            worker.stop()
    with stopping_on_signals(worker.stop), own_threads():
        worker._carry_out(execution)
    on_tick()
    return worker.status()
