"""The border between threads: what the screen learns of a run and when, and that the latest preview wins."""

from __future__ import annotations

import enum
import threading
import time
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QThread

from gui.bridge import Latest, RunBridge
from gui.patience import Superseded


class State(enum.Enum):
    IDLE = "idle"
    RUNNING = "running"


@dataclass(frozen=True)
class Status:
    state: State = State.IDLE
    reason: str | None = None
    step: int = 0


class StandIn:
    """A worker that does what the test says."""

    def __init__(self):
        self.now = Status()
        self.history = object()

    def status(self):
        return self.now


@pytest.fixture
def latest():
    made = []

    def make(compute):
        made.append(Latest(compute))
        return made[-1]

    yield make
    for each in made:
        assert each.close(2.0)


def test_a_change_of_state_is_told_at_once_and_figures_are_told_seldom(qtbot):
    worker = StandIn()
    bridge = RunBridge(worker)
    heard, drawn = [], []
    bridge.status_changed.connect(heard.append)
    bridge.measured.connect(lambda: drawn.append(worker.now.step))
    bridge.poll()
    worker.now = Status(State.RUNNING, step=1)
    bridge.poll()
    assert [status.state for status in heard] == [State.IDLE, State.RUNNING]
    for step in range(2, 50):
        worker.now = Status(State.RUNNING, step=step)
        bridge.poll()
    assert len(heard) == 2 and drawn[-1] <= 2  # all of that within one redraw
    time.sleep(0.25)
    bridge.poll()
    assert heard[-1].step == 49 and drawn[-1] == 49
    bridge.close()


def test_curves_are_redrawn_at_most_eighteen_times_a_second_and_only_when_there_is_something_new(qtbot):
    worker = StandIn()
    worker.now = Status(State.RUNNING)
    bridge = RunBridge(worker)
    drawn = []
    bridge.measured.connect(lambda: drawn.append(worker.now.step))
    begin = time.perf_counter()
    while time.perf_counter() - begin < 0.6:
        worker.now = Status(State.RUNNING, step=worker.now.step + 1)
        qtbot.wait(5)
    assert 4 <= len(drawn) <= 14
    qtbot.wait(150)
    drawn.clear()
    qtbot.wait(300)
    assert drawn == []
    bridge.close()


def test_a_new_run_is_announced_before_its_measurements(qtbot):
    worker = StandIn()
    bridge = RunBridge(worker)
    order = []
    bridge.run_replaced.connect(lambda: order.append("new"))
    bridge.measured.connect(lambda: order.append("measured"))
    bridge.poll()
    worker.history = object()
    worker.now = Status(State.RUNNING, step=3)
    order.clear()
    bridge.poll()
    assert order == ["new", "measured"]
    bridge.close()


def test_the_newest_request_wins_and_those_between_are_never_computed(qtbot, latest):
    gate, begun, computed, answers = threading.Event(), threading.Event(), [], []

    def compute(request):
        computed.append(request)
        begun.set()
        gate.wait(2)
        return request * 10

    preview = latest(compute)
    preview.answered.connect(answers.append)
    preview.ask(1)
    assert begun.wait(2)
    for request in range(2, 100):
        preview.ask(request)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers) and answers[-1] == 990, timeout=2000)
    assert computed == [1, 99]


def test_answers_arrive_in_the_gui_thread_and_are_computed_in_another(qtbot, latest):
    threads = []
    preview = latest(lambda request: QThread.currentThread())
    preview.answered.connect(lambda computed_in: threads.append((computed_in, QThread.currentThread())))
    preview.ask(0)
    qtbot.waitUntil(lambda: bool(threads), timeout=2000)
    computed_in, received_in = threads[0]
    assert received_in is qtbot._request.getfixturevalue("qapp").thread()
    assert computed_in is not received_in


def test_an_exception_is_told_and_the_thread_goes_on(qtbot, latest):
    preview = latest(lambda request: 1 / request)
    failures, answers = [], []
    preview.failed.connect(failures.append)
    preview.answered.connect(answers.append)
    preview.ask(0)
    qtbot.waitUntil(lambda: bool(failures), timeout=2000)
    assert isinstance(failures[0], ZeroDivisionError)
    preview.ask(4)
    qtbot.waitUntil(lambda: answers == [0.25], timeout=2000)


def test_forgotten_requests_get_no_answer(qtbot, latest):
    begun, gate, answers = threading.Event(), threading.Event(), []

    def compute(request):
        begun.set()
        gate.wait(2)
        return request

    preview = latest(compute)
    preview.answered.connect(answers.append)
    preview.ask("old")
    assert begun.wait(2)
    preview.forget()
    gate.set()
    preview.ask("new")
    qtbot.waitUntil(lambda: bool(answers), timeout=2000)
    assert answers == ["new"]


def test_a_long_pass_may_give_way(qtbot, latest):
    begun, answers = threading.Event(), []

    def compute(request):
        begun.set()
        while request == "long":
            if preview.superseded():
                raise Superseded
            time.sleep(0.001)
        return request

    preview = latest(compute)
    preview.answered.connect(answers.append)
    preview.ask("long")
    assert begun.wait(2)
    preview.ask("short")
    qtbot.waitUntil(lambda: bool(answers), timeout=2000)
    assert answers == ["short"]


def test_closing_joins_the_thread_and_nothing_is_computed_afterwards(qtbot):
    before = threading.active_count()
    computed = []
    preview = Latest(computed.append)
    preview.ask(1)
    assert preview.close(2.0)
    assert threading.active_count() == before
    count = len(computed)
    preview.ask(2)
    time.sleep(0.02)
    assert len(computed) == count and threading.active_count() == before
