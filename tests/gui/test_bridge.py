"""The border between threads: what the screen learns of a run and when, and that the latest preview wins."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import Future

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication

from engine.runs.history import History
from engine.runs.status import Asked, State, Status
from gui.bridge import (
    ANSWER_SHARE,
    REDRAW_S,
    SLOWEST_REDRAW_S,
    SWITCH_S,
    TEXT_S,
    WINDOW_SHARE,
    Latest,
    RunBridge,
    Watching,
)
from gui.frame_parts import FrameParts
from gui.patience import Superseded
from gui.running.looking import Looking
from tests.patience import GIVE_UP_S


class StandIn:
    """A worker that does what the test says."""

    def __init__(self):
        self.now = Status()
        self.history = History()

    def status(self):
        return self.now


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.now_s = 100.0
        self.spent_s = 0.0  # by the window's thread


@pytest.fixture
def latest():
    made = []

    def make(compute, **given):
        made.append(Latest(compute, **given))
        return made[-1]

    yield make
    for each in made:
        assert each.close(GIVE_UP_S)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("gui.bridge.time.perf_counter", lambda: made.now_s)
    monkeypatch.setattr("gui.bridge.time.thread_time", lambda: made.spent_s)
    return made


@pytest.fixture
def bridge(qtbot, clock):
    """One that looks only when the test says so."""
    made = RunBridge(StandIn())
    made._timer.stop()
    yield made
    made.close()


def test_a_change_of_state_is_told_at_once_and_figures_are_told_seldom(bridge, clock):
    worker = bridge.worker
    heard, advanced, drawn = [], [], []
    bridge.status_changed.connect(heard.append)
    bridge.advanced.connect(advanced.append)
    bridge.measured.connect(lambda: drawn.append(worker.now.step))
    bridge.poll()
    worker.now = Status(State.RUNNING, step=1)
    bridge.poll()
    assert [status.state for status in heard] == [State.IDLE, State.RUNNING]
    for step in range(2, 50):
        worker.now = Status(State.RUNNING, step=step)
        bridge.poll()
    assert len(heard) == 2 and not advanced and drawn[-1] <= 2  # all of that within one redraw
    clock.now_s += TEXT_S + 0.001
    bridge.poll()
    assert len(heard) == 2 and [status.step for status in advanced] == [49] and drawn[-1] == 49


def test_the_training_gets_the_interpreter_within_a_frame(bridge):
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S)


def test_what_is_asked_is_told_at_once(bridge):
    heard = []
    bridge.status_changed.connect(heard.append)
    for asked in (Asked.PLAY, Asked.PAUSE, Asked.PLAY, Asked.STOP):
        bridge.worker.now = Status(State.RUNNING, asked=asked)
        bridge.poll()
    assert [status.asked for status in heard] == [Asked.PLAY, Asked.PAUSE, Asked.PLAY, Asked.STOP]


def test_curves_are_redrawn_at_most_twenty_times_a_second_and_only_when_there_is_something_new(bridge, clock):
    worker = bridge.worker
    worker.now = Status(State.RUNNING)
    bridge.poll()
    drawn = []
    bridge.measured.connect(lambda: drawn.append(worker.now.step))
    for _ in range(1000):  # a second in which the bridge looks a thousand times
        clock.now_s += 0.001
        worker.now = Status(State.RUNNING, step=worker.now.step + 1)
        bridge.poll()
    assert len(drawn) in (round(1 / REDRAW_S) - 1, round(1 / REDRAW_S))
    clock.now_s += 10 * REDRAW_S
    bridge.poll()  # the last steps
    drawn.clear()
    for _ in range(100):
        clock.now_s += REDRAW_S
        bridge.poll()
    assert drawn == []


def test_what_is_measured_after_its_step_is_drawn_although_the_run_waits(bridge, clock):
    worker, drawn = bridge.worker, []
    worker.now = Status(State.PAUSED)
    bridge.poll()
    bridge.measured.connect(lambda: drawn.append((len(worker.history.train), len(worker.history.epochs))))
    worker.now = Status(State.PAUSED, step=1)
    looks = (None, lambda: worker.history.append_step(1, 0.5, 0.5), lambda: worker.history.append_epoch(1, 0.5, 0.5, 0.4, 0.6))
    for comes in (*looks, None):
        if comes is not None:
            comes()
        clock.now_s += SLOWEST_REDRAW_S
        bridge.poll()
    assert drawn == [(0, 0), (1, 0), (1, 1)]


@pytest.mark.parametrize(("frame_s", "apart_s"), [(0.001, REDRAW_S), (0.006, 0.006 / WINDOW_SHARE), (0.05, SLOWEST_REDRAW_S)])
def test_frames_that_cost_much_come_less_often_so_that_the_window_takes_its_share_only(bridge, clock, frame_s, apart_s):
    worker = bridge.worker
    worker.now = Status(State.RUNNING)
    bridge.poll()
    drawn, told = [], []

    def draw():
        drawn.append(clock.now_s)
        clock.spent_s += frame_s

    bridge.measured.connect(draw)
    bridge.status_changed.connect(lambda: told.append(clock.now_s))
    bridge.advanced.connect(lambda: told.append(clock.now_s))
    for _ in range(5000):
        clock.now_s += 0.001
        worker.now = Status(State.RUNNING, step=worker.now.step + 1)
        bridge.poll()
    assert drawn[-1] - drawn[-2] == pytest.approx(apart_s, abs=0.0021)
    assert told[-1] - told[-2] < TEXT_S + SLOWEST_REDRAW_S
    worker.now = Status(State.PAUSED, step=worker.now.step)
    bridge.poll()  # but a change of state is seen at once
    assert drawn[-1] == told[-1] == clock.now_s


@pytest.mark.parametrize(("frame_s", "beat_ms"), [(0.001, 70), (0.006, 100), (0.05, 150)])
def test_the_window_wakes_twice_from_one_rare_frame_to_the_next(bridge, clock, monkeypatch, frame_s, beat_ms):
    monkeypatch.setattr("gui.bridge.HEARTBEAT_MS", 70)
    worker = bridge.worker
    bridge.measured.connect(lambda: setattr(clock, "spent_s", clock.spent_s + frame_s))
    for _ in range(5000):
        clock.now_s += 0.001
        worker.now = Status(State.RUNNING, step=worker.now.step + 1)
        bridge.poll()
    assert bridge._timer.interval() == pytest.approx(beat_ms, abs=1)
    worker.now = Status(State.IDLE, step=worker.now.step)
    monkeypatch.setattr("gui.bridge.RESTING_MS", 101)
    bridge.poll()
    assert bridge._timer.interval() == 101


class Answering(StandIn):
    """A worker that answers at once."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def ask(self, probe, *, at_once=False):
        self.asked.append(self.now.step)
        answer = Future()
        answer.set_result(probe(None, None))
        return answer


def test_a_page_that_takes_long_to_show_is_asked_less_often_while_the_run_goes_on(qtbot, clock):
    worker = Answering()
    watching = Watching(worker)
    shown_s = 0.012

    def show(answer):
        clock.spent_s += shown_s

    watching.answered.connect(show)
    watching.set_probe(lambda model, data: "answer")

    def looks(state, seconds):
        """How often it has asked in so many seconds, looking every 10 ms."""
        before = len(worker.asked)
        for _ in range(round(seconds / 0.01)):
            clock.now_s += 0.01
            worker.now = Status(state, step=worker.now.step + 1, steps=10_000)
            watching.look()
        return len(worker.asked) - before

    assert looks(State.RUNNING, 4.0) == pytest.approx(4.0 * ANSWER_SHARE / shown_s, abs=2)
    assert looks(State.PAUSED, 0.5) >= 49  # nothing is slowed then
    asked = len(worker.asked)
    assert looks(State.RUNNING, 0.05) <= 1
    watching.set_probe(lambda model, data: "another one")  # what the user has just asked for is not waited for
    looks(State.RUNNING, 0.01)
    assert len(worker.asked) > asked
    watching.set_active(False)


def test_a_model_that_takes_its_best_weights_at_the_end_is_asked_again(qtbot):
    worker = Answering()
    watching = Watching(worker)
    watching.set_probe(lambda model, data: "answer")
    for now in (Status(State.RUNNING, step=9, steps=9), Status(step=9, steps=9), Status(step=9, steps=9, best_epoch=2)):
        worker.now = now
        watching.look()
        watching.look()
    assert len(worker.asked) == 2, "once in the last validation, and once with the other weights"
    watching.set_active(False)


def test_the_bridge_looks_by_itself(qtbot):
    worker = StandIn()
    bridge = RunBridge(worker)
    with qtbot.waitSignal(bridge.measured):
        worker.now = Status(State.RUNNING, step=1)
    with qtbot.waitSignal(bridge.measured):
        worker.now = Status(State.RUNNING, step=2)
    bridge.close()


def test_a_new_run_is_announced_before_its_measurements(qtbot):
    worker = StandIn()
    bridge = RunBridge(worker)
    order = []
    bridge.run_replaced.connect(lambda: order.append("new"))
    bridge.measured.connect(lambda: order.append("measured"))
    bridge.poll()
    worker.history = History()
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
        gate.wait(GIVE_UP_S)
        return request * 10

    preview = latest(compute)
    preview.answered.connect(answers.append)
    preview.ask(1)
    assert begun.wait(GIVE_UP_S)
    for request in range(2, 100):
        preview.ask(request)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers) and answers[-1] == 990)
    assert computed == [1, 99]


def test_answers_arrive_in_the_gui_thread_and_are_computed_in_another(qtbot, latest):
    threads = []
    preview = latest(lambda request: QThread.currentThread())
    preview.answered.connect(lambda computed_in: threads.append((computed_in, QThread.currentThread())))
    preview.ask(0)
    qtbot.waitUntil(lambda: bool(threads))
    computed_in, received_in = threads[0]
    assert received_in is qtbot._request.getfixturevalue("qapp").thread()
    assert computed_in is not received_in


def test_an_exception_is_told_and_the_thread_goes_on(qtbot, latest):
    preview = latest(lambda request: 1 / request)
    failures, answers = [], []
    preview.failed.connect(failures.append)
    preview.answered.connect(answers.append)
    preview.ask(0)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ZeroDivisionError)
    preview.ask(4)
    qtbot.waitUntil(lambda: answers == [0.25])


def test_forgotten_requests_get_no_answer(qtbot, latest):
    begun, gate, answers = threading.Event(), threading.Event(), []

    def compute(request):
        begun.set()
        gate.wait(GIVE_UP_S)
        return request

    preview = latest(compute)
    preview.answered.connect(answers.append)
    preview.ask("old")
    assert begun.wait(GIVE_UP_S)
    preview.forget()
    gate.set()
    preview.ask("new")
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["new"]


@pytest.mark.parametrize("request_", [0, 1])
def test_what_has_been_delivered_is_not_under_way_any_more(qtbot, latest, monkeypatch, request_):
    """Whoever hears of an error asks whether a newer request is, however late the thread is at its next one."""
    passes, go_on, busy, following = [], threading.Event(), [], Latest._next

    def late(self):
        passes.append(self)
        if len(passes) > 1:
            go_on.wait(GIVE_UP_S)
        return following(self)

    monkeypatch.setattr(Latest, "_next", late)
    preview = latest(lambda request: 1 / request)
    for signal in (preview.answered, preview.failed):
        signal.connect(lambda _: busy.append(preview.busy()))
    preview.ask(request_)
    qtbot.waitUntil(lambda: bool(busy))
    go_on.set()
    assert busy == [False]


def test_under_a_slider_that_is_dragged_no_pass_is_begun_in_vain(qtbot, latest):
    """The pass under way gives up at once; what is asked meanwhile waits until nothing more is asked."""
    begun, answers = [], []

    def compute(request):
        begun.append(request)
        while request == 0:
            preview.give_way()
        return request

    preview = latest(compute, rest_ms=1_000_000)
    preview.answered.connect(answers.append)
    preview.ask(0)
    qtbot.waitUntil(lambda: begun == [0])
    for request in range(1, 6):
        preview.ask(request)
        QApplication.processEvents()
        assert preview.busy() and begun == [0]
    preview._rest.start(0)  # it has come
    qtbot.waitUntil(lambda: answers == [5])
    assert begun == [0, 5] and not preview.busy()
    preview.ask(6)  # after a rest at once
    assert not preview._rest.isActive()
    qtbot.waitUntil(lambda: answers == [5, 6])


def test_a_pass_whose_answer_is_forgotten_gives_way(qtbot, latest):
    begun, ended = [], []

    def compute(request):
        begun.append(request)
        try:
            while request == "long":
                preview.give_way()
        finally:
            ended.append(request)
        return request

    preview = latest(compute)
    preview.ask("long")
    qtbot.waitUntil(lambda: begun == ["long"])
    preview.forget()
    qtbot.waitUntil(lambda: ended == ["long"])
    preview.ask("next")
    qtbot.waitUntil(lambda: ended == ["long", "next"])


def test_what_waits_for_a_rest_is_forgotten_too(qtbot, latest):
    begun = []

    def compute(request):
        begun.append(request)
        while True:
            preview.give_way()

    preview = latest(compute, rest_ms=30)
    preview.ask(0)
    qtbot.waitUntil(lambda: begun == [0])
    preview.ask(1)
    preview.forget()
    preview.ask(2)
    qtbot.waitUntil(lambda: begun == [0, 2])
    preview.ask(3)  # ends the second


def test_a_long_pass_may_give_way(qtbot, latest):
    begun, answers = threading.Event(), []

    def compute(request):
        begun.set()
        while request == "long":
            if preview.superseded():
                raise Superseded
            threading.Event().wait(0.001)
        return request

    preview = latest(compute)
    preview.answered.connect(answers.append)
    preview.ask("long")
    assert begun.wait(GIVE_UP_S)
    preview.ask("short")
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["short"]


def test_closing_joins_the_thread_and_nothing_is_computed_afterwards(qtbot):
    before = threading.active_count()
    computed = []
    preview = Latest(computed.append)
    preview.ask(1)
    assert preview.close(GIVE_UP_S)
    assert threading.active_count() == before
    count = len(computed)
    preview.ask(2)
    assert not preview.busy() and threading.active_count() == before, "there is no thread that could compute it"
    assert len(computed) == count


def test_what_the_user_asks_is_answered_without_the_rest_and_what_is_asked_again_is_not(qtbot):
    class Noting(Answering):
        def __init__(self):
            super().__init__()
            self.at_once = []

        def ask(self, probe, *, at_once=False):
            self.at_once.append(at_once)
            return super().ask(probe)

    worker = Noting()
    worker.now = Status(State.PAUSED, step=3, steps=10)
    looking = Looking(worker, FrameParts())
    answers = []
    looking.answered.connect(lambda name, answer: answers.append(name))
    first, second = (lambda model, data: 1), (lambda model, data: 2)
    looking.set_questions({"gates": first})
    looking.set_active(True)
    looking.watching.look()
    qtbot.waitUntil(lambda: answers == ["gates"])
    looking.set_questions({"gates": second})  # another sample of the same page, or the pointer is elsewhere
    looking.watching.look()
    qtbot.waitUntil(lambda: answers == ["gates"] * 2)
    worker.now = Status(State.PAUSED, step=4, steps=10)  # the model has learned more
    looking.watching.look()
    qtbot.waitUntil(lambda: answers == ["gates"] * 3)
    looking.set_questions({"gates": second, "gradients": first})  # a page that is opened
    looking.watching.look()
    qtbot.waitUntil(lambda: "gradients" in answers)
    looking.close(GIVE_UP_S)
    assert worker.at_once == [True, True, False, True]


def test_a_page_that_rests_after_its_answer_leaves_the_answers_that_wait_behind_it(qtbot):
    """Answers are brought one a turn; the first one's page asks nothing for a while, and so changes the questions."""
    looking = Looking(Answering(), FrameParts())
    dear, cheap, other = (lambda model, data: 1), (lambda model, data: 2), (lambda model, data: 3)
    brought = []

    def show(name, answer):
        brought.append((name, answer))
        if name == "predicting":
            looking.set_questions({"one_step": cheap, "memory": other})

    looking.answered.connect(show)
    looking.set_questions({"predicting": dear, "one_step": cheap, "memory": cheap})
    looking._pass_on((3, {"predicting": 1, "one_step": 2, "memory": 2}))
    qtbot.waitUntil(lambda: ("one_step", 2) in brought)
    looking._pass_on((4, {"memory": 3}))
    qtbot.waitUntil(lambda: ("memory", 3) in brought)
    assert brought == [("predicting", 1), ("one_step", 2), ("memory", 3)]  # none to the question that is past
    looking.close(GIVE_UP_S)


def test_the_painting_of_an_answer_counts_for_the_rest_after_it(qtbot, clock, monkeypatch):
    looking = Looking(Answering(), FrameParts())
    rests = []
    monkeypatch.setattr(looking.watching, "rest_after", rests.append)

    def paint():
        clock.spent_s += 0.008

    def show(name, answer):
        clock.spent_s += 0.004
        QTimer.singleShot(0, paint)

    looking.answered.connect(show)
    looking._pass_on((3, {"layers": 1, "feature_maps": 2}))
    qtbot.waitUntil(lambda: len(rests) == 1)
    assert rests == [pytest.approx(2 * 0.012)]
    looking.close(GIVE_UP_S)
