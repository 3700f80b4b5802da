"""MLP against CNN: the curves are those of the two runs, and what is missing is trained."""

from __future__ import annotations

import shutil
import threading

import numpy as np
import pytest

from engine.fields import edited
from engine.judging import moved_accuracy as room
from engine.judging.moved_accuracy import TrainedNetwork, moved_accuracy
from engine.runs.folder import Run
from engine.training.worker import train
from gui.labs.training.moved import moved_dialog
from gui.labs.training.moved.moved_dialog import MovedDialog
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small
from tests.patience import GIVE_UP_S


@pytest.fixture
def make_dialog(qtbot):
    made = []

    def make(root):
        dialog = MovedDialog(root)
        made.append(dialog)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    yield make
    for dialog in made:
        dialog.end(5.0)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A CNN and an MLP, trained a little, and a run that moves no pictures."""
    root = tmp_path_factory.mktemp("runs")
    for name, stem in (("20260101-000000-cnn", "digits-cnn"), ("20260101-000001-mlp", "digits-mlp")):
        train(small(stem, epochs=4, samples=400), folder=root / name)
    train(small("adding-lstm", epochs=1, samples=50), folder=root / "20260101-000002-adding")
    return root


def test_the_newest_cnn_and_the_newest_mlp_are_measured(qtbot, make_dialog, runs):
    dialog = make_dialog(runs)
    folders = [path.name for path in dialog.request.runs]
    assert folders == ["20260101-000000-cnn", "20260101-000001-mlp"]
    assert dialog.choices["cnn"].box.count() == 2  # the other run has no pictures
    assert dialog.train.isHidden() and dialog.missing_presets() == []
    qtbot.waitUntil(lambda: dialog.answer is not None)
    for folder, line in zip(dialog.request.runs, dialog.plot.lines, strict=True):
        network = TrainedNetwork(folder)
        expected = moved_accuracy(network.predicted, network.x, network.y, "shift")
        assert line.rates == expected.accuracy and line.x == expected.positions
        assert line.rates[0] == pytest.approx(float(Run.open(folder).history().validation.since(0)[2][-1]))
    assert [line.name for line in dialog.plot.lines] == ["Digits CNN", "Digits MLP"]
    assert [line.dashed for line in dialog.plot.lines] == [False, True]
    table = dialog.plot.columns()
    assert table["Shift, pixels"] == [0, 1, 2, 3, 4] and list(table)[1:] == ["Digits CNN", "Digits MLP"]
    assert dialog.said.text().startswith("At 1 px: Digits CNN ")


def test_runs_and_curves_are_called_in_the_window_s_language(qtbot, make_dialog, runs):
    dialog = make_dialog(runs)
    qtbot.waitUntil(lambda: dialog.answer is not None)
    language.set_language("ko")
    qtbot.waitUntil(lambda: [line.name for line in dialog.plot.lines] == ["숫자 CNN", "숫자 MLP"])
    assert dialog.choices["cnn"].box.currentText().startswith("숫자 CNN · ")
    assert dialog.said.text().startswith("1픽셀에서 숫자 CNN ")


def test_rotation_is_another_pair_of_curves(qtbot, make_dialog, runs):
    dialog = make_dialog(runs)
    dialog.movement.button("rotation").click()
    qtbot.waitUntil(lambda: dialog.answer is not None and dialog.answer.request.movement == "rotation")
    places = dialog.plot.lines[0].x
    assert places[0] == -90 and places[-1] == 90 and 0 in places
    assert dialog.plot.bottom.name == "Rotation, degrees clockwise"
    assert dialog.said.text().startswith("At 30°: ")
    dialog.plot._move_cursor(0.0)
    assert dialog.plot.cursor_place == 0
    dialog.grab()


def test_a_run_that_cannot_be_measured_says_why_and_the_other_is_shown(qtbot, make_dialog, runs, tmp_path):
    for folder in runs.iterdir():
        shutil.copytree(folder, tmp_path / folder.name)
    (tmp_path / "20260101-000001-mlp" / "weights.safetensors").write_bytes(b"nothing")
    dialog = make_dialog(tmp_path)
    qtbot.waitUntil(lambda: dialog.answer is not None)
    assert len(dialog.plot.lines) == 1 and dialog.problem.isVisible()
    assert "20260101-000001-mlp" in dialog.problem.text()
    language.set_language("ko")
    qtbot.waitUntil(lambda: "가중치" in dialog.problem.text())


def test_without_runs_both_presets_are_offered(make_dialog, tmp_path):
    dialog = make_dialog(tmp_path / "none")
    assert dialog.missing_presets() == ["digits-cnn", "digits-mlp"]
    assert dialog.train.isVisible() and dialog.train.text() == "Train: Digits CNN, Digits MLP"
    dialog.set_may_train(False)
    assert not dialog.train.isEnabled() and dialog.train.toolTip() == "Another run is under way."


def test_the_lab_trains_what_is_missing_one_after_the_other(qtbot, make_lab, monkeypatch):
    monkeypatch.setattr(moved_dialog, "preset", lambda stem: small(stem, epochs=1))
    lab = make_lab(small(epochs=1))
    lab.dialogs.compare_moved()
    dialog = lab.dialogs.moved
    assert dialog.isVisible()
    dialog.train.click()
    qtbot.waitUntil(lambda: not lab.run_in_progress() and dialog.missing_presets() == [])
    qtbot.waitUntil(lambda: dialog.answer is not None and len(dialog.plot.lines) == 2)
    assert lab.experiment().name == "Digits MLP" and dialog.train.isHidden()


def test_the_page_and_the_menu_open_it(qtbot, make_lab):
    lab = make_lab(small(epochs=1))
    run(qtbot, lab)
    texts = [action.text() for action in lab.actions_for_menu()]
    assert "MLP against CNN..." in texts
    lab.pages.set_chosen(("try",))
    lab.pages.try_page.board.compare.click()
    dialog = lab.dialogs.moved
    qtbot.waitUntil(lambda: dialog.answer is not None)
    assert np.isfinite(dialog.plot.lines[0].rates).all() and dialog.missing_presets() == ["digits-mlp"]


def test_closing_the_window_gives_a_long_measurement_up(qtbot, make_dialog, runs, monkeypatch):
    monkeypatch.setattr(room, "DEGREES", 1)  # long enough to be in the middle of it
    dialog = make_dialog(runs)
    dialog.movement.button("rotation").click()
    qtbot.waitUntil(lambda: dialog.latest.busy() and dialog._work.done > 0)
    dialog.end(5.0)
    assert not any(thread.name == "moved" for thread in threading.enumerate())


def test_an_edited_run_is_measured_anew(qtbot, make_dialog, runs, tmp_path):
    for folder in runs.iterdir():
        shutil.copytree(folder, tmp_path / folder.name)
    dialog = make_dialog(tmp_path)
    qtbot.waitUntil(lambda: dialog.answer is not None)
    before = dialog.answer
    other = tmp_path / "other"
    experiment = small("digits-mlp", epochs=2, samples=400)
    train(edited(experiment, seed=3), folder=other)
    (tmp_path / "20260101-000001-mlp" / "weights.safetensors").write_bytes((other / "weights.safetensors").read_bytes())
    dialog._answer = None
    dialog._ask()
    qtbot.waitUntil(lambda: dialog.answer is not None)
    assert dialog.answer.curves[0] is before.curves[0]
    assert dialog.answer.curves[1].accuracy != before.curves[1].accuracy


def test_after_a_reset_nothing_is_trained_that_was_wanted_before(qtbot, make_lab, monkeypatch):
    monkeypatch.setattr(moved_dialog, "preset", lambda stem: small(stem, epochs=1_000))
    lab = make_lab(small(epochs=1))
    lab.dialogs.compare_moved()
    lab.dialogs.moved.train.click()
    qtbot.waitUntil(lambda: lab.worker.status().step > 2)
    lab.reset()
    assert lab.worker.wait_until(lambda status: status.state.value == "idle", GIVE_UP_S)
    lab.open_experiment(small("waves-lstm", epochs=1))
    run(qtbot, lab)
    assert not lab.run_in_progress() and lab.experiment().name == small("waves-lstm").name
