"""A run that another process is writing: opened, it is shown as it grows, and left alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.runs.status import Reason, State
from engine.training.worker import Worker
from gui.labs.training.lab import TrainingLab
from gui.running import run_follower
from tests.gui.labs.training.small_runs import small
from tests.patience import GIVE_UP_S


@pytest.fixture
def other(tmp_path, monkeypatch):
    """Another one's worker, with a run of two epochs that stands after its second step."""
    monkeypatch.setattr(run_follower, "LOOKS_MS", 30)
    worker = Worker()
    made = small(epochs=2, lr=0.01)
    worker.start(made, folder=tmp_path / "runs" / "elsewhere", paused=True)
    step_to(worker, 2)
    yield worker
    assert worker.close(GIVE_UP_S)


def step_to(worker: Worker, step: int) -> None:
    worker.step(step - worker.status().step)
    assert worker.wait_until(lambda status: status.step == step and status.state in (State.PAUSED, State.IDLE), GIVE_UP_S)


def losses(lab: TrainingLab) -> np.ndarray:
    return lab.loss.data.strands["train"].raw.everything()[1]


def opened(qtbot, lab: TrainingLab, worker: Worker) -> None:
    folder = worker.status().folder
    with qtbot.waitSignal(lab.control.opened):
        lab.opener.open_run(folder)


def test_a_run_of_another_process_is_shown_as_it_grows_and_to_its_end(qtbot, make_lab, other):
    lab = make_lab()
    opened(qtbot, lab, other)
    assert lab.control.is_elsewhere and lab.experiment().training.lr == 0.01
    assert lab.status_text() == "Another process is writing" and "Another process" in lab.notice.said
    qtbot.waitUntil(lambda: len(losses(lab)) == 2)
    step_to(other, 4)
    qtbot.waitUntil(lambda: len(losses(lab)) == 4)
    np.testing.assert_array_equal(losses(lab), other.history.train.since()[1])
    other.set_lr(0.002)
    other.change("clip", 1.0)
    other.play()
    assert other.wait_until(lambda status: status.reason is Reason.COMPLETED, GIVE_UP_S)
    qtbot.waitUntil(lambda: not lab.control.is_elsewhere)
    np.testing.assert_array_equal(losses(lab), other.history.train.since()[1])
    assert [mark.text for mark in lab.loss.data.marks] == ["lr 0.01 → 0.002", "Gradient clipping none → 1"]
    assert lab.run_bar.play.text() == "Begin anew" and lab.run_bar.other.text() == "Go on", "the settings stay as they were"
    assert "Another process" not in lab.notice.said
    qtbot.waitUntil(lambda: lab.timeline.strip.isEnabled() and bool(lab.control.kept_weights.steps))


def test_no_press_reaches_it_and_no_edit(qtbot, make_lab, other):
    lab = make_lab()
    opened(qtbot, lab, other)
    bar = lab.run_bar
    assert not any(button.isEnabled() for button in (bar.play, bar.step, bar.stop, bar.reset))
    for press in (lab.play_or_pause, lab.play, lab.step, lab.pause):
        press()
    lab.panel.training.number("lr").value_changed.emit(0.5)
    assert lab.control.is_elsewhere and not lab.run_in_progress()
    assert lab.control.experiment.training.lr == 0.01 and "reach it at once" not in lab.panel.pending_box.text()
    assert other.status().step == 2 and other.status().lr == 0.01


def test_another_run_is_begun_beside_it(qtbot, make_lab, other):
    lab = make_lab()
    opened(qtbot, lab, other)
    assert lab.run_bar.other.text() == "Begin anew" and lab.run_bar.other.isVisible()
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.run_bar.other.click()
    assert ended.args[0].reason is Reason.COMPLETED and ended.args[0].folder != other.status().folder
    assert not lab.control.is_elsewhere and other.status().step == 2


def test_its_pages_are_answered_by_the_newest_moment_that_is_kept(qtbot, make_lab, other):
    lab = make_lab()
    found = []
    lab.looking.answered.connect(lambda name, answer: found.append((name, answer)))
    opened(qtbot, lab, other)
    qtbot.waitUntil(lambda: lab.control.kept_weights is not None and lab.looking.past is not None)
    first = lab.looking.past.step
    qtbot.waitUntil(lambda: bool(found))
    step_to(other, 5)
    qtbot.waitUntil(lambda: lab.looking.past.step > first)
