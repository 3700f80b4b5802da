"""No press of the run's keys and buttons is lost or doubled, however fast they follow each other and however long a step takes.

Steps and the loading of data are held by gates, so that each state lasts as long as a test needs it: nothing here waits for
a time.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from engine.data import datasets
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.runs.status import Asked, State
from engine.training.trainer import Trainer
from gui.lab.base import Services
from gui.labs.training.lab import TrainingLab
from tests.gui.labs.training.small_runs import small
from tests.patience import GIVE_UP_S

PAIRS = 50  # in each of the four states


class Gate:
    """Lets a thread through while it is open, and counts those that have come to it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._open = True
        self._permits = 0
        self.arrived = 0

    def pass_through(self) -> None:
        with self._condition:
            self.arrived += 1
            self._condition.wait_for(lambda: self._open or self._permits > 0)
            if not self._open:
                self._permits -= 1

    def close(self) -> None:
        with self._condition:
            self._open, self._permits = False, 0

    def open(self) -> None:
        with self._condition:
            self._open = True
            self._condition.notify_all()

    def let_one_through(self) -> None:
        with self._condition:
            self._permits += 1
            self._condition.notify_all()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate, step = Gate(), Trainer.step

    def held(trainer: Trainer) -> None:
        gate.pass_through()
        step(trainer)

    monkeypatch.setattr(Trainer, "step", held)
    yield gate
    gate.open()


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate, load = Gate(), datasets.load

    def held(*arguments: object, **named: object) -> object:
        gate.pass_through()
        return load(*arguments, **named)

    monkeypatch.setattr(datasets, "load", held)
    yield gate
    gate.open()


def endless() -> Experiment:
    found = preset("digits-cnn")
    return edited(
        found,
        data=edited(found.data, samples=100),
        training=edited(found.training, epochs=1_000_000, device="cpu", batch_size=10),
    )


@pytest.fixture
def lab(qtbot, tmp_path, steps: Gate, loading: Gate) -> Iterator[TrainingLab]:
    lab = TrainingLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab)
    lab.resize(1160, 760)
    lab.show()
    lab.torch_ready()
    lab.open_experiment(endless())
    lab.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    lab.activateWindow()
    lab.setFocus()
    qtbot.waitUntil(lab.hasFocus)
    yield lab
    steps.open()
    loading.open()
    lab.close_lab(GIVE_UP_S)


class Presses:
    """Presses Space or the button, with a gap of no, one or some rounds of events between two."""

    def __init__(self, qtbot, lab: TrainingLab, seed: int) -> None:
        self._qtbot = qtbot
        self._lab = lab
        self._random = random.Random(seed)

    def one(self) -> None:
        if self._random.random() < 0.5:
            self._qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)  # the lab, or the button that was clicked
        else:
            self._qtbot.mouseClick(self._lab.run_bar.play, Qt.MouseButton.LeftButton)

    def pair(self) -> None:
        self.one()
        for _ in range(self._random.choice((0, 0, 1, 2, 5, 20))):
            QApplication.processEvents()
        self.one()


@pytest.fixture(params=range(2))
def presses(qtbot, lab: TrainingLab, request: pytest.FixtureRequest) -> Presses:
    return Presses(qtbot, lab, request.param)


def is_in(lab: TrainingLab, state: State) -> bool:
    return lab.worker.status().state is state


def goes_on(qtbot, lab: TrainingLab) -> None:
    """Wait until ten steps more have been done by a run that is not asked to pause."""
    step = lab.worker.status().step
    qtbot.waitUntil(lambda: lab.worker.status().step >= step + 10 and is_in(lab, State.RUNNING))


def test_two_presses_where_nothing_runs_begin_one_run_and_pause_it(qtbot, lab, presses):
    for _ in range(PAIRS // 2):
        presses.pair()
        qtbot.waitUntil(lambda: is_in(lab, State.PAUSED))
        lab.reset()
        qtbot.waitUntil(lambda: is_in(lab, State.IDLE))


def test_two_presses_in_a_run_let_it_go_on(qtbot, lab, presses):
    lab.play()
    for _ in range(PAIRS // 2):
        goes_on(qtbot, lab)
        presses.pair()
    goes_on(qtbot, lab)
    presses.one()
    qtbot.waitUntil(lambda: is_in(lab, State.PAUSED))
    for _ in range(PAIRS // 2):
        presses.pair()
        qtbot.waitUntil(lambda: is_in(lab, State.PAUSED))


def test_two_presses_while_a_run_is_prepared_change_nothing(qtbot, lab, loading, presses):
    for number in range(PAIRS // 2):
        loading.close()
        arrived = loading.arrived
        presses.one()
        qtbot.waitUntil(lambda arrived=arrived: loading.arrived > arrived)
        presses.pair()
        odd = number % 2 == 1
        if odd:
            presses.one()
        loading.open()
        if odd:
            qtbot.waitUntil(lambda: is_in(lab, State.PAUSED))
        else:
            goes_on(qtbot, lab)
        lab.reset()
        qtbot.waitUntil(lambda: is_in(lab, State.IDLE))


def test_two_presses_within_a_slow_step_let_the_run_go_on(qtbot, lab, steps, presses):
    steps.close()
    lab.play()
    for _ in range(PAIRS // 2):
        arrived = steps.arrived
        presses.pair()
        steps.let_one_through()
        qtbot.waitUntil(lambda arrived=arrived: steps.arrived > arrived)
        assert is_in(lab, State.RUNNING)


def test_the_button_tells_of_a_pause_that_waits_for_a_slow_step(qtbot, lab, steps):
    steps.close()
    lab.play()
    qtbot.waitUntil(lambda: steps.arrived == 1 and is_in(lab, State.RUNNING))
    button = lab.run_bar.play
    width = button.width()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == button.accessibleName() == "Pausing..." and button.isEnabled() and button.width() == width
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Pause"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    steps.open()
    qtbot.waitUntil(lambda: button.text() == "Go on")
    assert lab.worker.status().step == 1


@pytest.mark.parametrize("count", [2, 5])
def test_each_press_of_step_is_one_iteration(qtbot, lab, loading, steps, count):
    loading.close()
    for _ in range(count):  # the first begins the run, the others find it in preparation
        qtbot.keyClick(lab, Qt.Key.Key_Right)
    loading.open()
    qtbot.waitUntil(lambda: is_in(lab, State.PAUSED) and lab.worker.status().step == count)
    steps.close()
    for _ in range(count):  # the first is under way and held, the others come meanwhile
        qtbot.mouseClick(lab.run_bar.step, Qt.MouseButton.LeftButton)
    steps.open()
    qtbot.waitUntil(lambda: is_in(lab, State.PAUSED) and lab.worker.status().step == 2 * count)
    assert steps.arrived == 2 * count


def test_play_after_reset_begins_anew_when_the_slow_step_has_ended(qtbot, lab, steps):
    steps.close()
    lab.play()
    qtbot.waitUntil(lambda: steps.arrived == 1)
    first = lab.worker.history
    qtbot.keyClick(lab, Qt.Key.Key_Backspace)
    qtbot.keyClick(lab, Qt.Key.Key_Backspace)
    assert lab.run_bar.counters.text() == "Not started" and lab.run_bar.play.text() == "Play"
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert lab.run_bar.counters.text() == "Preparing ..." and lab.run_bar.play.text() == "Pause"
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert lab.run_bar.play.text() == "Play"
    qtbot.keyClick(lab, Qt.Key.Key_Right)
    qtbot.keyClick(lab, Qt.Key.Key_Right)
    assert lab.worker.history is first
    steps.open()
    qtbot.waitUntil(lambda: lab.worker.history is not first and is_in(lab, State.PAUSED))
    qtbot.waitUntil(lambda: lab.worker.status().step == 2)
    assert len(lab.loss.data.strands["train"].raw) <= 2, "nothing of the first run is drawn"


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, None], ids=["reset", "stop"])
def test_what_has_been_asked_before_torch_is_there_can_be_taken_back(qtbot, lab, key):
    lab.control._ready = False
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert lab.run_bar.counters.text() == "Preparing ..."
    if key is None:
        qtbot.mouseClick(lab.run_bar.stop, Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(lab, key)
    assert lab.run_bar.counters.text() == "Not started"
    lab.torch_ready()
    assert is_in(lab, State.IDLE) and lab.run_bar.play.isEnabled()


def test_presses_before_torch_is_there_are_kept(qtbot, lab, presses):
    lab.control._ready = False
    presses.pair()
    lab.step()
    presses.pair()
    lab.step()
    lab.torch_ready()
    qtbot.waitUntil(lambda: is_in(lab, State.PAUSED) and lab.worker.status().step == 1)


def test_stop_is_seen_at_once_and_nothing_else_can_be_pressed_but_reset(qtbot, lab, steps):
    steps.close()
    lab.play()
    qtbot.waitUntil(lambda: steps.arrived == 1)
    qtbot.mouseClick(lab.run_bar.stop, Qt.MouseButton.LeftButton)
    bar = lab.run_bar
    assert bar.speed.text() == "Stopping ..."
    assert [part.isEnabled() for part in (bar.play, bar.step, bar.stop, bar.reset)] == [False, False, False, True]
    steps.open()
    qtbot.waitUntil(lambda: is_in(lab, State.IDLE) and bar.play.isEnabled())
    assert bar.speed.text().startswith("Stopped")


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Right])
def test_a_press_meant_for_a_run_that_has_just_ended_begins_no_other(qtbot, lab, key):
    lab.play()
    goes_on(qtbot, lab)
    lab.bridge._timer.stop()  # the screen has not seen the end
    lab.worker.stop()
    assert lab.worker.wait_until(lambda status: status.state is State.IDLE, GIVE_UP_S)
    ended = lab.worker.history
    qtbot.keyClick(lab, key)
    assert lab.worker.history is ended and is_in(lab, State.IDLE)
    assert lab.run_bar.speed.text().startswith("Stopped"), "the press shows the end"
    qtbot.keyClick(lab, key)
    assert lab.worker.history is not ended


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Backspace])
def test_a_key_that_is_held_is_one_press(lab, key):
    heard = []
    for action in lab.actions_for_menu():
        action.triggered.connect(lambda *_: heard.append(1))
    lab.step()
    for repeats in (False, True, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, autorep=repeats)
        QApplication.sendEvent(lab.window().windowHandle(), event)
    assert len(heard) == 1


def test_a_press_hands_back_what_it_has_asked_for(qtbot, make_lab):
    """The labs of several runs do the same for the others: to pause is another answer than nothing."""
    lab = make_lab(small(epochs=400))
    control = lab.control
    assert control.play() is Asked.PLAY
    qtbot.waitUntil(lambda: control.status().state is State.RUNNING)
    assert [control.play_or_pause() for _ in range(3)] == [Asked.PAUSE, Asked.PLAY, Asked.PAUSE]
    lab.reset()
    qtbot.waitUntil(lambda: not control.in_progress)
    control.show_settings(small(), runnable=False)
    assert control.play() is None and control.play_or_pause() is None
