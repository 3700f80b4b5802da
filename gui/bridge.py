"""The only border between threads: drains a run at display rate, and gives previews where the latest request
wins.

`RunBridge` lets the screen watch a training worker without either waiting for the other: the worker writes
its history, a timer of the GUI thread reads it. `Latest` computes pictures beside the GUI thread while
something is being dragged. `Watching` asks the model in training the same question over and over. Called by
the labs; nothing else in `gui` touches a thread.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gui.patience import Superseded

if TYPE_CHECKING:  # importing the worker imports torch, and the window is painted before that
    from torch import nn

    from engine.data.datasets import Dataset
    from engine.runs.history import History
    from engine.runs.status import Status
    from engine.training.worker import Worker

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

# How soon a change of state is seen by itself; commands are answered at once. On two cores each waking of the GUI thread costs
# a fast training a tenth of a millisecond, with nothing to do: so where frames are rare, there are two from one to the next.
HEARTBEAT_MS = 70
BEATS_S = 0.14  # two of them
RESTING_MS = 100  # the same while nothing runs
REDRAW_S = 0.08  # plots: 12 a second; each redraw takes the interpreter from the training
SLOWEST_REDRAW_S = 0.3  # where a frame costs much, or the machine is busy with other things
WINDOW_SHARE = 0.03  # of a core, at most, goes to the window while a run is on: a frame that costs more comes less often
FRESHNESS = 0.25  # how much of what a frame costs is the last one's: some clocks of a thread know 16 ms at best
ANSWER_SHARE = 0.03  # of the time, at most, goes to showing what a model in training has answered
SLOWEST_ANSWER_S = 1.0
# How long a thread may keep the interpreter while another one waits for it. With Python's own 5 ms a training waits for the end
# of every frame: measured on two busy cores, it kept 72 % of its speed beside the drawing window, and 91 % with these.
SWITCH_S = 50e-6
TEXT_S = 0.22  # figures: more often, nobody can read them


class RunBridge(QObject):
    """Watches one worker with a timer of the GUI thread.

    A change of state, of what is asked or of the reason it ended is passed on at the next heartbeat. Figures advance about five
    times a second and curves about twelve times, and only when there is something new. What the GUI thread spends from one
    frame to the next, painting and pages included, says how soon they come: a slow machine has fewer frames, not a slower
    training.
    """

    status_changed = Signal(object)  # a Status: the run stands otherwise
    advanced = Signal(object)  # a Status: only its figures are others
    measured = Signal(object)  # the history has grown, a Status says how far: redraw the curves
    run_replaced = Signal()  # the worker has begun a new history: forget the old curves

    def __init__(self, worker: Worker | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None
        self._status: Status | None = None
        self._history: History | None = None
        self._drawn: tuple[int, ...] = ()  # how far the history was when the curves were drawn last
        self._drawn_at = 0.0
        self._told_at = 0.0
        self._spent_s = 0.0  # of the processor's time by this thread, when the curves were drawn last
        self._frame_s = 0.0  # of it, for a frame, over the last few
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.poll)
        if worker is not None:
            self.attach(worker)

    @property
    def worker(self) -> Worker | None:
        return self._worker

    @property
    def status(self) -> Status | None:
        """The last status that was passed on, by either signal; None before the first."""
        return self._status

    def attach(self, worker: Worker) -> None:
        """Begin to watch `worker`."""
        sys.setswitchinterval(SWITCH_S)
        self._worker = worker
        self._status = None
        self._history = None
        self._drawn = ()
        self._spent_s = time.thread_time()
        self._timer.start(HEARTBEAT_MS)

    def close(self) -> None:
        """Stop watching. The worker itself is closed by its owner."""
        self._timer.stop()
        self._worker = None

    @Slot()
    def poll(self) -> None:
        """One heartbeat: read the worker, pass on what is new. Also called at once after a command, so that a
        press of a button is answered before the next heartbeat."""
        worker = self._worker
        if worker is None:
            return
        status = worker.status()
        history = worker.history
        now = time.perf_counter()
        if history is not self._history:
            self._history = history
            self._status = None
            self._drawn = ()
            self.run_replaced.emit()
        before = self._status
        turned = before is None or _course(before) != _course(status)
        rest_s = min(max(self._frame_s / WINDOW_SHARE, REDRAW_S), SLOWEST_REDRAW_S)
        due = turned or now - self._drawn_at >= rest_s
        # What belongs to a step may come after it is counted, and before a pause: its loss from a GPU, its epoch's validation.
        reached = status.step, len(history.train), len(history.epochs)
        if reached != self._drawn and due:
            self._begin_frame(now)
            self._drawn = reached
            self.measured.emit(status)
        elif turned:
            self.measured.emit(status)
        if turned or (now - self._told_at >= TEXT_S and due and status != before):
            self._told_at = now
            self._status = status
            (self.status_changed if turned else self.advanced).emit(status)
        if self._worker is not None and (turned or self._drawn_at == now):
            interval_ms = RESTING_MS if status.state.value == "idle" else round(HEARTBEAT_MS * max(1.0, rest_s / BEATS_S))
            if self._timer.interval() != interval_ms:
                self._timer.setInterval(interval_ms)

    def _begin_frame(self, now: float) -> None:
        spent_s = time.thread_time()
        frame_s = min(spent_s - self._spent_s, WINDOW_SHARE * SLOWEST_REDRAW_S)  # what was done in a pause is soon forgotten
        self._frame_s += FRESHNESS * (frame_s - self._frame_s)
        self._drawn_at, self._spent_s = now, spent_s


def _course(status: Status) -> tuple[object, ...]:
    return status.state, status.asked, status.reason


class Latest(QObject, Generic[RequestT, ResultT]):
    """Computes `compute(request)` in a thread of its own, always for the newest request.

    Requests that come while a pass is under way replace each other, so the passes in between are never
    computed. A pass that has been computed is shown even if a newer request waits: while something is
    dragged, that is what makes the picture follow. Only the newest result is delivered when the GUI thread is
    late. `answered` and `failed` arrive in the GUI thread.

    With `rest_ms`, for passes that look at `superseded` and are thrown away then: a request that comes while another one is
    computed, or waits, ends that one and waits until none has come for so long. Nothing is begun in vain under a slider
    that is dragged, and the GUI thread does not share the interpreter with it.
    """

    answered = Signal(object)  # what `compute` returned
    failed = Signal(object)  # the exception that it raised
    _arrived = Signal()  # from the thread to the GUI thread; the result itself waits in a slot

    def __init__(
        self,
        compute: Callable[[RequestT], ResultT],
        parent: QObject | None = None,
        *,
        name: str = "preview",
        rest_ms: int = 0,
    ) -> None:
        super().__init__(parent)
        self._compute = compute
        self._name = name
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(rest_ms)
        self._rest.timeout.connect(self._take_put_off)
        self._put_off: list[RequestT] = []  # empty, or the one that waits for a rest
        self._condition = threading.Condition()
        self._request: list[RequestT] = []  # empty, or the one that waits
        self._result: tuple[bool, object] | None = None  # whether it is a result; it, or the exception
        self._generation = self._under_way = 0  # how often answers have been forgotten: now, and when the last pass began
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(self, request: RequestT) -> None:
        """Have `request` computed next. Returns at once; after `close` it does nothing."""
        if self._rest.interval() and not self._closed and self.busy():
            self._put_off = [request]
            self._rest.start()
        else:
            self._ask(request)

    @Slot()
    def _take_put_off(self) -> None:
        if self._put_off:
            self._ask(self._put_off.pop())

    def _ask(self, request: RequestT) -> None:
        with self._condition:
            if self._closed:
                return
            self._request = [request]
            self._condition.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """Drop the request that waits and whatever is still being computed: no answer to anything asked so
        far will come."""
        with self._condition:
            self._generation += 1
            self._request, self._put_off = [], []
            self._result = None

    def superseded(self) -> bool:
        """Whether a newer request waits, or the answer is not wanted any more. A long `compute` may look and give up by raising
        `Superseded`."""
        return bool(self._request or self._put_off) or self._closed or self._generation != self._under_way

    def give_way(self) -> None:
        """Called now and then by a `compute`: raises `Superseded` as soon as a newer request waits."""
        if self.superseded():
            raise Superseded

    def busy(self) -> bool:
        """Whether a request waits, is being computed, or has a result that is not delivered yet."""
        with self._condition:
            return self._busy or bool(self._request or self._put_off) or self._result is not None

    def close(self, timeout_s: float = 2.0) -> bool:
        """End the thread and wait for it: a torch thread that outlives the interpreter aborts the process.
        Returns whether it ended in time."""
        with self._condition:
            self._closed = True
            self._request, self._put_off = [], []
            self._result = None
            self._condition.notify()
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @Slot()
    def _deliver(self) -> None:
        with self._condition:
            result, self._result = self._result, None
        if result is None:
            return
        fine, value = result
        if fine:
            self.answered.emit(value)
        else:
            self.failed.emit(value)

    def _run(self) -> None:
        while (waiting := self._next()) is not None:
            self._answer(*waiting)
            del waiting

    def _next(self) -> tuple[RequestT, int] | None:
        """Wait for a request; with it comes how often answers have been forgotten. None: it is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or bool(self._request))
            if self._closed:
                return None
            self._busy, self._under_way = True, self._generation
            return self._request.pop(), self._generation

    def _answer(self, request: RequestT, generation: int) -> None:
        """Compute one request. Nothing of it is kept here afterwards: the next one may need the memory."""
        outcome = self._outcome(request)
        with self._condition:
            self._busy = False
            if outcome is None or self._closed or generation != self._generation:
                return
            self._result = outcome
        try:
            self._arrived.emit()
        except RuntimeError:  # the window has gone and taken the signal with it
            return

    def _outcome(self, request: RequestT) -> tuple[bool, object] | None:
        """Whether there is a result; it, or the exception. None where a newer request is waiting."""
        try:
            return True, self._compute(request)
        except Superseded:
            return None
        except Exception as error:
            return False, error  # no local name here holds it: its traceback leads to this frame


class Watching(QObject):
    """Asks a worker's model the same question again and again while somebody looks, and only when it has
    learned more.

    The question is computed in the worker's thread; a timer here collects the answer, so nothing waits. While a run goes on, it
    is asked again the later the longer its answer has taken to be shown.
    """

    answered = Signal(object)
    failed = Signal(object)  # an exception
    _arrived = Signal()  # from the worker's thread; the answer itself waits in the future

    def __init__(self, worker: Worker, parent: QObject | None = None, *, interval_ms: int = 250) -> None:
        super().__init__(parent)
        self._arrived.connect(self._collect, Qt.ConnectionType.QueuedConnection)
        self._worker = worker
        self._probe: Callable[[nn.Module, Dataset], object] | None = None
        self._future: Future[object] | None = None
        self._asked: tuple[object, int, int | None] | None = None  # history, step and best epoch at the last question
        self._rests_until = 0.0
        self._at_once = False
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.look)

    def set_probe(self, probe: Callable[[nn.Module, Dataset], object], *, at_once: bool = False) -> None:
        """Ask this from now on. An answer to the question before is not waited for. `at_once`: nor is the end of a rest after a
        dear question; the first time."""
        self._probe, self._at_once = probe, at_once
        if self._future is not None:
            self._future.cancel()
        self._future = None
        self._asked = None
        if self._timer.isActive():
            self.look()

    def set_active(self, active: bool) -> None:
        """Ask, or leave the worker in peace: an answer that is still awaited is no longer wanted, and does not come."""
        if active and not self._timer.isActive():
            self._timer.start()
        elif not active:
            self._timer.stop()
            if self._future is not None:
                self._future.cancel()
                self._future = self._asked = None

    @Slot()
    def _collect(self) -> None:
        """Pass on an answer that has come, unless it is of the run before."""
        if self._future is None or not self._future.done():
            return
        future, self._future = self._future, None
        if not future.cancelled() and self._asked is not None and self._asked[0] is self._worker.history:
            error, began_s = future.exception(), time.thread_time()
            if error is None:
                self.answered.emit(future.result())
            else:
                self.failed.emit(error)
            self.rest_after(time.thread_time() - began_s)

    def rest_after(self, cost_s: float) -> None:
        """Ask again the later: so much of the processor's time went to showing an answer, or one more part of it."""
        now = time.perf_counter()
        self._rests_until = min(max(self._rests_until, now) + cost_s / ANSWER_SHARE, now + SLOWEST_ANSWER_S)

    def _tell(self, _future: Future[object]) -> None:
        """Called by the worker's thread: an answer is passed on as soon as it is there, while a slider is dragged say."""
        with suppress(RuntimeError):  # the window has gone and taken the signal with it
            self._arrived.emit()

    @Slot()
    def look(self) -> None:
        """Pass on an answer that has come; ask again if the model has changed since."""
        self._collect()
        if self._future is not None:
            return
        status = self._worker.status()
        now = (self._worker.history, status.step, status.best_epoch)  # at its end a run may take the weights of its best epoch
        if self._probe is None or status.steps == 0 or self._asked == now:
            return
        if self._asked is not None and status.state.value == "running" and time.perf_counter() < self._rests_until:
            return
        self._asked = now
        self._future = future = self._worker.ask(self._probe, at_once=self._at_once)
        self._at_once = False
        future.add_done_callback(self._tell)
