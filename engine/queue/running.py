"""A queue under way: its runs handed to worker processes, a few at a time, paused, stopped, taken up again.

`Queue` is what the window and the command line use. torch is imported in the worker processes only.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import ceil
from queue import SimpleQueue
from typing import NamedTuple

import msgspec

from engine.experiments.experiment import to_toml
from engine.experiments.problems import CannotRunError, RunProblem
from engine.queue.processes import WorkerProcess, free_cores
from engine.queue.queue_folder import QueueError, QueueFolder
from engine.queue.run_state import ENDED, RunState, sentences
from engine.queue.time_left import QueuePace, work_of
from engine.queue.worker_process import RunOrder
from engine.runs.lock import FolderLock
from engine.training.together.apart import most_together, why_apart

THREADS = 1  # of each run: part of its result, to the bit
_TRIES = 2  # of a run whose process is killed
OWN_SPEED = 0.05  # of a run, from which on it is foretold by its own speed


class QueueState(Enum):
    """Where a queue is."""

    READY = "ready"  # not begun, or stopped: `start` goes on
    RUNNING = "running"
    PAUSING = "pausing"  # its runs end their steps and are kept
    PAUSED = "paused"
    STOPPING = "stopping"
    DONE = "done"  # nothing is left to do


@dataclass(frozen=True)
class QueueStatus:
    """One moment of a queue. `part` is how much of all work is done, from 0 to 1; `seconds_left` is None while nothing is
    known."""

    state: QueueState
    runs: tuple[RunState, ...]
    jobs: int
    part: float
    seconds: float  # of running, pauses left out
    seconds_left: float | None

    @property
    def is_on(self) -> bool:
        return self.state not in (QueueState.READY, QueueState.DONE)


class _Begun(NamedTuple):
    """When a run was handed out, and how far it was then."""

    at: float
    part: float
    seconds: float


class Queue:
    """Runs what is left to do of a folder's queue in `jobs` processes, each with one thread and one run at a time, or with runs
    that differ in their seed alone and learn as one computation, where the plan and the device say so.

        READY --start--> RUNNING --pause--> PAUSING --> PAUSED --start--> RUNNING
                            |                              |
                            +--stop--> STOPPING --> READY <+         all done: DONE

    A pause ends each run after the step under way, keeps it, and goes on from there later, to the same losses to the bit. A run
    that fails does not end the others; a process that is killed is replaced, and its run taken up once more. All methods may
    be called from any thread.
    """

    def __init__(
        self,
        folder: QueueFolder,
        *,
        jobs: int | None = None,
        rate: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        process: Callable[[Callable[[WorkerProcess, RunState | None], None]], WorkerProcess] = WorkerProcess,
    ) -> None:
        """`jobs` None: as many as there are free cores. `rate`: see `QueuePace`. `process` starts one."""
        self.folder = folder
        self._planned = {run.number: run for run in folder.runs}
        self.jobs = max(1, min(jobs or free_cores(), len(self._planned)))
        self._clock, self._new_process = clock, process
        self._condition = threading.Condition()
        self._states = {state.number: state for state in folder.states()}
        self._pace = QueuePace({number: work_of(run.experiment) for number, run in self._planned.items()}, rate)
        for number, state in self._states.items():
            self._pace.saw(number, state.part if state.condition in ("completed", "stopped") else 0.0, state.seconds)
        self._state = QueueState.READY if self._left() else QueueState.DONE
        self._events: SimpleQueue[tuple[WorkerProcess, RunState | None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._seconds = 0.0
        self._since: float | None = None
        # the thread's own
        self._processes: list[WorkerProcess] = []
        self._waiting: deque[int] = deque()
        self._begun: dict[int, _Begun] = {}  # the runs under way
        self._killed: dict[int, int] = {}
        self._never_ready = 0

    # --- reading

    def status(self) -> QueueStatus:
        """A frozen snapshot."""
        with self._condition:
            runs = tuple(self._states.values())
            now = self._clock()
            seconds = self._seconds + (now - self._since if self._since is not None else 0.0)
            weights = {number: self._pace.seconds_of(number) for number in self._states}
            whole = sum(weights.values())
            done = sum(weights[run.number] * run.part for run in runs)
            part = done / whole if whole else 1.0
            return QueueStatus(self._state, runs, self.jobs, part, seconds, self._seconds_left())

    @property
    def rate(self) -> float | None:
        """How fast its runs are computed, for a `QueuePace`; None where nothing is known."""
        with self._condition:
            return self._pace.rate

    def _seconds_left(self) -> float | None:
        if self._state is QueueState.DONE:
            return 0.0
        running, waiting = {}, []
        for number, state in self._states.items():
            if state.condition in ENDED:
                continue
            begun = self._begun.get(number)
            if begun is None:
                waiting.append((number, 1.0 - state.part))
                continue
            done = state.part - begun.part
            own = (state.seconds - begun.seconds) / done if done >= OWN_SPEED else 0.0
            running[number] = (1.0 - state.part, own)
        return self._pace.seconds_left(running, waiting, self.jobs) if self._pace.is_known else None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing is under way, not even a pause; False after `timeout_s`."""
        with self._condition:
            return self._condition.wait_for(lambda: self._state in (QueueState.READY, QueueState.DONE), timeout_s)

    def wait_until(self, test: Callable[[QueueStatus], bool], timeout_s: float) -> bool:
        """Wait for a status that passes `test`; it is looked at whenever something has happened."""
        with self._condition:
            return self._condition.wait_for(lambda: test(self.status()), timeout_s)

    # --- commands

    def start(self) -> None:
        """Begin, or go on: what is complete is passed over, what was under way is resumed, what failed is tried again. Raises
        QueueError where the queue is under way elsewhere, its folder cannot be written, or its own file has been changed."""
        with self._condition:
            if self._state in (QueueState.PAUSED, QueueState.PAUSING):
                self._turn(QueueState.RUNNING)
                self._events.put(None)
                return
            if self._state is not QueueState.READY and not (self._state is QueueState.DONE and self._failed()):
                return
            thread = self._thread
        if thread is not None:
            thread.join()
        self.folder.require_own_data()
        try:
            lock = FolderLock(self.folder.path)
        except CannotRunError:
            raise QueueError("in_use", folder=self.folder.path) from None
        except OSError as error:
            raise QueueError("unwritable", folder=self.folder.path, error=error.strerror or error) from None
        with self._condition:
            for number in self._failed():
                self._states[number] = RunState(number=number, condition="stopped")
            self._killed.clear()
            self._never_ready = 0
            self._events = SimpleQueue()
            self._turn(QueueState.RUNNING)
            self._thread = threading.Thread(target=self._serve, args=(lock,), name="queue", daemon=True)
            self._thread.start()

    def pause(self) -> None:
        """Let every run end its step and be kept; the processes stay for `start`."""
        with self._condition:
            if self._state is QueueState.RUNNING:
                self._turn(QueueState.PAUSING)
                self._events.put(None)

    def stop(self) -> None:
        """As `pause`, and the processes end."""
        with self._condition:
            if self._state in (QueueState.RUNNING, QueueState.PAUSING, QueueState.PAUSED):
                self._turn(QueueState.STOPPING)
                self._events.put(None)

    def close(self, timeout_s: float = 10.0) -> bool:
        """Stop and wait; False when something was still going on after `timeout_s`: it then keeps its run and ends by
        itself."""
        self.stop()
        thread = self._thread
        if thread is None:
            return True
        thread.join(timeout_s)
        return not thread.is_alive()

    # --- the thread

    def _serve(self, lock: FolderLock) -> None:
        try:
            self._waiting = deque(self._left())
            while self._go_on():
                event = self._events.get()
                if event is not None:
                    self._take(*event)
        finally:
            for process in self._processes:
                process.dismiss()
            self._processes = []
            lock.release()
            with self._condition:
                self._begun.clear()
                self._turn(QueueState.READY if self._left() else QueueState.DONE)

    def _go_on(self) -> bool:
        """Bring the processes to what the queue is to do. False: there is nothing more to wait for."""
        with self._condition:
            state = self._state
        busy = [process for process in self._processes if process.runs]
        if state is QueueState.RUNNING:
            self._hand_out()
            return bool(self._waiting) or any(process.runs for process in self._processes)
        for process in busy:
            process.order(RunOrder("stop", process.runs[0]))
        if busy:
            return True
        if state is QueueState.PAUSING:
            with self._condition:
                if self._state is QueueState.PAUSING:  # and not gone on meanwhile
                    self._turn(QueueState.PAUSED)
        return state is not QueueState.STOPPING

    def _hand_out(self) -> None:
        """Give each idle process a run, and start processes as long as there are too few."""
        idle = [process for process in self._processes if not process.runs]
        while self._waiting:
            if not idle:
                if len(self._processes) >= self.jobs:
                    return
                try:
                    process = self._new_process(self._hear)
                except OSError as error:
                    self._give_up(RunProblem("process_not_started", {"error": error.strerror or str(error)}))
                    return
                self._processes.append(process)
                idle.append(process)
            process = idle.pop()
            if not process.is_ready and self._needs_to_know(self._waiting[0]):
                continue  # it says soon whether there is a GPU
            process.runs = self._next_runs(process)
            first, *others = map(self._order, process.runs)
            process.order(msgspec.structs.replace(first, others=tuple(others)))

    def _order(self, number: int) -> RunOrder:
        text = to_toml(self._planned[number].experiment)
        return RunOrder("run", number, str(self.folder.run_folder(number)), text, THREADS)

    def _next_runs(self, process: WorkerProcess) -> tuple[int, ...]:
        """The next run that waits; where it learns together with others, those too."""
        number = self._waiting.popleft()
        device = self._device(number, process.device)
        if not self._learn_together(number, device):
            return (number,)
        most = most_together(self._planned[number].experiment)
        if device == "cpu":  # whose cores are shared out
            most = min(most, ceil(self.folder.plan.seeds / self.jobs))
        others = self._alike(number)[: most - 1]
        for other in others:
            self._waiting.remove(other)
        return number, *others

    def _learn_together(self, number: int, device: str) -> bool:
        """Whether the run, which waits, learns together with others on such a device."""
        wanted, on = self.folder.plan.together, self._device(number, device)
        if wanted is False or on not in ("cuda", "cpu") or (on == "cpu" and not wanted):
            return False
        return self._is_new(number) and bool(self._alike(number)) and why_apart(self._planned[number].experiment) is None

    def _needs_to_know(self, number: int) -> bool:
        """Whether it hangs on the device of "auto" what else is handed out with the run."""
        return self._device(number, "") == "" and (self._learn_together(number, "cuda") or self._learn_together(number, "cpu"))

    def _device(self, number: int, automatic: str) -> str:
        own = self._planned[number].experiment.training.device
        return automatic if own == "auto" else own

    def _alike(self, number: int) -> list[int]:
        """The other runs that wait, have not begun and differ from this one in their seed alone."""
        run = self._planned[number]
        setting = run.chosen, run.fold
        found = (self._planned[other] for other in self._waiting if other != number and self._is_new(other))
        return [other.number for other in found if (other.chosen, other.fold) == setting]

    def _is_new(self, number: int) -> bool:
        return self._states[number].condition == "waiting" and number not in self._killed

    def _hear(self, process: WorkerProcess, state: RunState | None) -> None:
        self._events.put((process, state))

    def _take(self, process: WorkerProcess, state: RunState | None) -> None:
        """A word of a process, or that it has ended."""
        if state is None:
            self._lost(process)
        elif state.number == 0:
            process.is_ready, process.device = True, state.device
            self._never_ready = 0
        elif state.number in process.runs:
            self._measured(process, state)

    def _measured(self, process: WorkerProcess, state: RunState) -> None:
        number, now = state.number, self._clock()
        with self._condition:
            known = self._states[number]
            begun = self._begun.setdefault(number, _Begun(now, known.part, known.seconds))
            if state.condition == "running" and not state.steps:  # it has taken the order up
                state = msgspec.structs.replace(known, condition="running")
            elif state.condition in ("completed", "running"):
                self._pace.saw(number, state.part - begun.part, state.seconds - begun.seconds)
                if state.condition == "completed" and process.is_warm:
                    self._pace.saw_around(now - begun.at - (state.seconds - begun.seconds))
            if state.condition != "running":
                del self._begun[number]
                process.runs = tuple(run for run in process.runs if run != number)
                process.is_warm = not process.runs
                if state.condition == "stopped":
                    self._put_back(number)
            self._states[number] = state
            self._condition.notify_all()

    def _lost(self, process: WorkerProcess) -> None:
        """A process has ended that was not to: its runs are taken up again, once, each alone."""
        if process not in self._processes:
            return
        self._processes.remove(process)
        error = process.ending()
        if not process.is_ready:
            self._never_ready += 1
        with self._condition:
            for number in process.runs:
                self._killed[number] = self._killed.get(number, 0) + 1
                self._begun.pop(number, None)
                if self._killed[number] < _TRIES:
                    self._put_back(number)
                    self._states[number] = msgspec.structs.replace(self._states[number], condition="stopped")
                else:
                    self._fail(number, RunProblem("process_ended", {"error": error}))
            self._condition.notify_all()
        if self._never_ready >= _TRIES:  # so it will go with every run
            self._give_up(RunProblem("process_not_started", {"error": error}))

    def _put_back(self, number: int) -> None:
        """A run that has begun waits again, before those that have not: they have higher numbers."""
        self._waiting = deque(sorted((number, *self._waiting)))

    def _give_up(self, problem: RunProblem) -> None:
        with self._condition:
            while self._waiting:
                self._fail(self._waiting.popleft(), problem)
            self._condition.notify_all()

    def _fail(self, number: int, problem: RunProblem) -> None:
        failed = {"condition": "failed", "problem": sentences(problem)}
        self._states[number] = msgspec.structs.replace(self._states[number], **failed)

    # --- under the condition

    def _turn(self, state: QueueState) -> None:
        now = self._clock()
        if self._since is not None:
            self._seconds += now - self._since
        self._since = now if state in (QueueState.RUNNING, QueueState.PAUSING, QueueState.STOPPING) else None
        self._state = state
        self._condition.notify_all()

    def _left(self) -> list[int]:
        return [number for number, state in self._states.items() if state.condition not in ENDED]

    def _failed(self) -> list[int]:
        return [number for number, state in self._states.items() if state.condition == "failed"]
