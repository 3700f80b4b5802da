"""Which run the lab shows, and what becomes of it beside other settings, after its end, and after a restart."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.experiments.experiment import Experiment, preset, write
from engine.fields import edited
from engine.runs.folder import Run
from engine.runs.status import Reason, State
from engine.training.worker import train
from gui.labs.training.lab import TrainingLab
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small
from tests.patience import GIVE_UP_S

ENDLESS = 100_000


def under_way(qtbot, lab: TrainingLab) -> None:
    """Begin a run and wait for its first steps."""
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 5)


def stopped(qtbot, lab: TrainingLab):
    """Stop the run that is under way; its last status."""
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.stop()
    return ended.args[0]


def once_more(lab: TrainingLab) -> None:
    """Let the run come by its commands."""
    lab.worker.ask(lambda _model, _data: None).result(GIVE_UP_S)


def change_late(monkeypatch, lab: TrainingLab) -> None:
    """Have the worker hear of what is edited no sooner than its run waits, or has ended without."""
    change = lab.worker.change

    def late(name: str, value: object) -> None:
        assert lab.worker.wait_until(lambda status: status.state in (State.PAUSED, State.IDLE), GIVE_UP_S)
        change(name, value)

    monkeypatch.setattr(lab.worker, "change", late)


def shown_train(lab: TrainingLab) -> np.ndarray:
    return lab.loss.data.strands["train"].raw.everything()[1]


# --- the settings beside a run


@pytest.mark.parametrize("way", ["preset", "file", "text"])
def test_another_experiment_in_mid_run_leaves_the_run_its_learning_rate(qtbot, make_lab, tmp_path, way):
    lab = make_lab(small(epochs=ENDLESS, lr=0.01))
    under_way(qtbot, lab)
    if way == "preset":
        lab.panel.preset.chosen.emit("lenet-5")
    elif way == "file":
        write(edited(small(), training=edited(small().training, lr=0.5)), tmp_path / "other.toml")
        from gui.lab.names import read_file

        lab.open_text(read_file(tmp_path / "other.toml"))
    else:
        lab.open_experiment(edited(lab.experiment(), training=edited(lab.experiment().training, lr=0.5)))
    once_more(lab)
    assert lab.worker.status().lr == 0.01 and lab.experiment().training.lr != 0.01
    assert lab.panel.pending_box.isVisible()
    stopped(qtbot, lab)


def test_an_edit_of_the_rate_reaches_the_run_and_so_does_undoing_it(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS, lr=0.01))
    under_way(qtbot, lab)
    lab.panel.training.number("lr").value_changed.emit(0.002)
    qtbot.waitUntil(lambda: lab.worker.status().lr == 0.002)
    assert lab.panel.pending_box.isHidden()
    lab.undo()
    qtbot.waitUntil(lambda: lab.worker.status().lr == 0.01)
    lab.redo()
    qtbot.waitUntil(lambda: lab.worker.status().lr == 0.002)
    stopped(qtbot, lab)


def test_undoing_the_choice_of_a_preset_gives_the_run_no_rate(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS, lr=0.01))
    under_way(qtbot, lab)
    lab.open_experiment(edited(lab.experiment(), training=edited(lab.experiment().training, lr=0.5)))
    lab.undo()
    lab.redo()
    once_more(lab)
    assert lab.worker.status().lr == 0.01
    stopped(qtbot, lab)


def test_a_rate_edited_beside_a_run_of_another_network_stays_with_the_settings(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS, lr=0.01))
    under_way(qtbot, lab)
    lab.panel.preset.chosen.emit("waves-lstm")
    lab.panel.training.number("lr").value_changed.emit(0.5)
    once_more(lab)
    assert lab.worker.status().lr == 0.01 and lab.experiment().training.lr == 0.5
    assert "reach it at once" not in lab.panel.pending_box.text()
    stopped(qtbot, lab)


def test_another_optimiser_in_mid_run_leaves_the_run_its_rate(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS))
    under_way(qtbot, lab)
    before = lab.worker.status().lr
    lab.panel.training.row("optimizer").chosen.emit("SGD")
    once_more(lab)
    assert lab.experiment().training.lr == 0.01 != before == lab.worker.status().lr
    stopped(qtbot, lab)


def test_results_bear_the_name_of_their_run_and_fade_beside_another_experiment(qtbot, make_lab):
    lab = make_lab(small())
    assert lab.results.name.wording == "No run yet" and lab.results.veil.isHidden()
    run(qtbot, lab)
    assert lab.results.name.wording == "Run: Digits CNN" and lab.results.veil.isHidden()
    lab.panel.training.number("epochs").value_changed.emit(9)  # as long as one likes, it is the same experiment
    assert lab.results.veil.isHidden()
    lab.panel.preset.chosen.emit("lenet-5")
    assert lab.results.veil.isVisible() and lab.results.veil.geometry() == lab.results.veil.parentWidget().rect()
    assert "Digits CNN" in lab.results.name.wording and "other settings" in lab.results.name.accessibleName()
    middle = lab.loss.mapTo(lab.results.veil.parentWidget(), lab.loss.rect().center())
    assert lab.results.veil.parentWidget().childAt(middle) is not lab.results.veil, "the mouse reaches what is below"
    lab.undo()
    assert lab.results.veil.isHidden()
    language.set_language("ko")
    qtbot.waitUntil(lambda: "숫자 CNN" in lab.results.name.text())


def test_a_long_name_is_cut_on_the_screen_and_whole_in_its_tooltip(qtbot, make_lab):
    name = "a network for the second exercise of the third week " * 4
    lab = make_lab(edited(small(), name=name.strip()))
    run(qtbot, lab)
    lab.resize(860, 700)
    line = lab.results.name
    qtbot.waitUntil(lambda: line.text().endswith("…"))
    assert name.strip() in line.toolTip()
    assert line.fontMetrics().horizontalAdvance(line.text()) <= line.width()
    box = lab.panel.preset.box
    assert "…" in box.currentText() and box.toolTip() == name.strip() == lab.panel.name.toolTip()


# --- after the end


def test_a_stopped_run_goes_on_to_the_losses_of_one_that_was_never_stopped(qtbot, make_lab, tmp_path):
    experiment = small(epochs=3, batch_size=20)
    lab = make_lab(experiment)
    for _ in range(11):
        lab.step()
    qtbot.waitUntil(lambda: lab.worker.status().step == 11)
    status = stopped(qtbot, lab)
    assert lab.run_bar.play.text() == "Go on" and lab.run_bar.other.text() == "Begin anew" and lab.run_bar.other.isVisible()
    before = shown_train(lab).copy()
    with qtbot.waitSignal(lab.control.ended) as ended:
        lab.play_or_pause()
    assert ended.args[0].reason is Reason.COMPLETED and ended.args[0].folder == status.folder
    lab.close_lab(GIVE_UP_S)  # it answers its pages after the end, with torch's one generator
    train(experiment, folder=tmp_path / "whole")
    expected = Run.open(tmp_path / "whole").history().train.since(0)
    for mine, theirs in zip(lab.worker.history.train.since(0), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(shown_train(lab), expected[1])
    np.testing.assert_array_equal(shown_train(lab)[: len(before)], before)


def test_the_curves_stay_while_a_run_is_prepared_to_go_on(qtbot, make_lab, monkeypatch):
    lab = make_lab(small(epochs=ENDLESS))
    under_way(qtbot, lab)
    steps = stopped(qtbot, lab).step
    lengths = []
    for name in ("replaced", "changed"):
        getattr(lab.control, name).connect(lambda *_: lengths.append(len(shown_train(lab))))
    lab.play_or_pause()
    qtbot.waitUntil(lambda: lab.control.status().state is State.RUNNING and lab.control._kept is None)
    qtbot.waitUntil(lambda: len(shown_train(lab)) > steps)
    assert lengths[0] == steps and lab.run_bar.play.text() == "Pause"
    stopped(qtbot, lab)


def test_a_completed_run_goes_on_for_as_many_epochs_as_are_asked_for(qtbot, make_lab, tmp_path):
    experiment = small(epochs=2)
    lab = make_lab(experiment)
    run(qtbot, lab)
    bar = lab.run_bar
    assert bar.more.isVisible() and bar.more.value == 2 and bar.play.text() == "Go on"
    bar.more.value_changed.emit(3)
    with qtbot.waitSignal(lab.run_ended) as ended:
        qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    status = ended.args[0]
    assert (status.reason, status.epochs, status.epoch, status.step) == (Reason.COMPLETED, 5, 5, 15)
    lab.close_lab(GIVE_UP_S)  # it answers its pages after the end, with torch's one generator
    train(edited(experiment, training=edited(experiment.training, epochs=5)), folder=tmp_path / "whole")
    expected = Run.open(tmp_path / "whole").history().train.since(0)
    for mine, theirs in zip(lab.worker.history.train.since(0), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert lab.experiment() == experiment and not lab.control.differs
    assert bar.more.value == 2, "the number is asked for anew"


def test_more_epochs_in_the_settings_are_proposed(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    run(qtbot, lab)
    lab.panel.training.number("epochs").value_changed.emit(9)
    assert lab.run_bar.more.value == 7 and lab.run_bar.play.text() == "Go on"


def test_a_stopped_run_takes_the_longer_settings_along(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS))
    under_way(qtbot, lab)
    stopped(qtbot, lab)
    lab.panel.training.number("epochs").value_changed.emit(2 * ENDLESS)
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().epochs == 2 * ENDLESS)
    assert lab.panel.pending_box.isHidden()
    stopped(qtbot, lab)


def test_begin_anew_is_another_run_from_the_first_iteration(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    first = run(qtbot, lab)
    with qtbot.waitSignal(lab.run_ended) as ended:
        qtbot.mouseClick(lab.run_bar.other, Qt.MouseButton.LeftButton)
    assert ended.args[0].folder != first.folder and ended.args[0].step == first.step == 6
    assert len(shown_train(lab)) == 6


def test_beside_another_experiment_the_first_button_begins_it_and_the_other_goes_on(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    first = run(qtbot, lab)
    lab.panel.seed.value_changed.emit(99)
    bar = lab.run_bar
    assert bar.play.text() == "Begin anew" and bar.other.text() == "Go on"
    with qtbot.waitSignal(lab.run_ended) as ended:
        qtbot.mouseClick(bar.other, Qt.MouseButton.LeftButton)
    assert ended.args[0].folder == first.folder and Run.open(first.folder).experiment.seed == small().seed
    assert lab.results.veil.isVisible() and lab.experiment().seed == 99
    with qtbot.waitSignal(lab.run_ended) as ended:
        qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert Run.open(ended.args[0].folder).experiment.seed == 99 and lab.results.veil.isHidden()


def test_a_run_goes_on_beside_an_experiment_that_cannot_run(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    run(qtbot, lab)
    lab.panel.dataset.chosen.emit("adding")
    assert lab.panel.problem and not lab.run_bar.play.isEnabled() and lab.run_bar.other.isEnabled()
    with qtbot.waitSignal(lab.run_ended) as ended:
        qtbot.mouseClick(lab.run_bar.other, Qt.MouseButton.LeftButton)
    assert ended.args[0].epochs > 2


def test_a_rate_edited_after_the_end_is_that_of_going_on(qtbot, make_lab):
    lab = make_lab(small(epochs=2, lr=0.01))
    run(qtbot, lab)
    lab.panel.training.number("lr").value_changed.emit(0.001)
    assert lab.run_bar.play.text() == "Go on" and lab.results.veil.isHidden()
    status = run(qtbot, lab)
    assert status.lr == 0.001 and status.epochs == 4
    assert lab.worker.history.rates == [(6, 0.001)]
    assert [mark.text for mark in lab.loss.data.marks] == ["lr 0.01 → 0.001"]


def test_what_was_edited_after_the_end_is_there_before_the_first_step_however_late_the_window_is(qtbot, make_lab, monkeypatch):
    lab = make_lab(small(epochs=2, lr=0.01))
    run(qtbot, lab)
    lab.panel.training.number("lr").value_changed.emit(0.001)
    change_late(monkeypatch, lab)
    assert run(qtbot, lab).lr == 0.001
    assert lab.worker.history.rates == [(6, 0.001)]


def test_one_step_of_a_stopped_run_is_one_step_more(qtbot, make_lab):
    lab = make_lab(small(epochs=ENDLESS))
    under_way(qtbot, lab)
    step = stopped(qtbot, lab).step
    lab.step()
    qtbot.waitUntil(lambda: lab.worker.status().state is State.PAUSED and lab.worker.status().step == step + 1)
    stopped(qtbot, lab)


def test_a_diverged_run_can_only_be_begun_anew(qtbot, make_lab):
    lab = make_lab(small("waves-lstm", epochs=50, optimizer="SGD", lr=100.0, clip=None))
    assert run(qtbot, lab).reason is Reason.DIVERGED
    assert lab.run_bar.play.text() == "Begin anew" and lab.run_bar.other.isHidden() and lab.run_bar.more.isHidden()


def test_more_epochs_that_are_typed_beside_other_settings_are_what_the_first_button_does(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    folder = run(qtbot, lab).folder
    lab.panel.seed.value_changed.emit(9)
    assert lab.run_bar.play.text() == "Begin anew"
    lab.run_bar.more.value_changed.emit(1)
    assert lab.run_bar.play.text() == "Go on" and lab.run_bar.other.text() == "Begin anew"
    status = run(qtbot, lab)
    assert (status.folder, status.epochs) == (folder, 3) and Run.open(folder).experiment.seed != 9
    lab.run_bar.more.value_changed.emit(1)
    lab.panel.seed.value_changed.emit(10)
    assert lab.run_bar.play.text() == "Begin anew", "what was edited last is meant"


def test_a_run_whose_folder_has_gone_says_so_and_keeps_its_curves(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    folder = run(qtbot, lab).folder
    folder.rename(folder.with_name("elsewhere"))
    lab.play_or_pause()
    assert str(folder) in lab.notice.said and len(shown_train(lab)) == 6
    assert lab.run_bar.play.text() == "Go on" and not lab.run_in_progress()


def test_a_run_whose_weights_are_damaged_says_so_and_keeps_its_curves(qtbot, make_lab):
    lab = make_lab(small(epochs=2))
    folder = run(qtbot, lab).folder
    for kept in folder.glob("*resume*"):
        kept.write_bytes(b"damaged")
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.play_or_pause()
    assert ended.args[0].reason is Reason.FAILED and lab.notice.text.property("role") == "warn_line"
    assert len(shown_train(lab)) == 6 and lab.run_bar.counters.text().count("6") == 2


# --- after a restart


def restarted(qtbot, make_lab, experiment: Experiment) -> TrainingLab:
    """A lab as it is shown after a restart of the program, before torch is there."""
    lab = make_lab(experiment, torch=False)
    assert lab.results.name.wording == lab.status_text() == "Opening the last run...", "nobody knows yet whether there is one"
    with qtbot.waitSignal(lab.control.changed, check_params_cb=lambda status: status is not None):
        pass
    return lab


def test_after_a_restart_the_last_run_is_there_and_goes_on(qtbot, make_lab, tmp_path):
    experiment = small(epochs=3)
    first = make_lab(experiment)
    status = run(qtbot, first)
    losses = shown_train(first).copy()
    first.close_lab(GIVE_UP_S)
    first.hide()

    lab = restarted(qtbot, make_lab, experiment)
    np.testing.assert_array_equal(shown_train(lab), losses)
    assert len(lab.loss.data.strands["validation"].raw) == 3
    assert lab.run_bar.counters.text().replace("<b>", "").replace("</b>", "") == "Epoch 3 / 3 · Iteration 9 / 9"
    assert lab.run_bar.speed.text().startswith("Completed in") and lab.results.name.wording == "Run: Digits CNN"
    assert lab.run_bar.play.text() == "Go on" and lab.run_bar.more.value == 3 and not lab.run_in_progress()
    assert lab.results.veil.isHidden() and lab.status_text().startswith("Completed")
    assert lab.notice.said.startswith("Completed.") and lab.notice.button.isVisible()
    assert lab.pages.confusion.note.text() == "The last run is being opened...", "its model answers when torch is there"
    lab.torch_ready()
    qtbot.waitUntil(lambda: lab.pages.confusion.verdicts is not None)
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.play_or_pause()
    assert ended.args[0].folder == status.folder and ended.args[0].step == 18
    lab.close_lab(GIVE_UP_S)  # it answers its pages after the end, with torch's one generator
    train(edited(experiment, training=edited(experiment.training, epochs=6)), folder=tmp_path / "whole")
    np.testing.assert_array_equal(shown_train(lab), Run.open(tmp_path / "whole").history().train.since(0)[1])


def test_going_on_before_torch_is_there_waits_for_it(qtbot, make_lab):
    first = make_lab(small(epochs=2))
    run(qtbot, first)
    first.close_lab(GIVE_UP_S)
    first.hide()
    lab = restarted(qtbot, make_lab, small(epochs=2))
    lab.play_or_pause()
    assert lab.run_bar.counters.text() == "Preparing ..." and len(shown_train(lab)) == 6
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.torch_ready()
    assert ended.args[0].epochs == 4


def test_where_no_run_is_found_after_all_there_is_none_yet(qtbot, make_lab, tmp_path):
    (tmp_path / "runs" / "holidays").mkdir(parents=True)
    lab = make_lab(small(), torch=False)
    assert lab.status_text() == "Opening the last run..." and "being opened" in lab.pages.confusion.note.text()
    qtbot.waitUntil(lambda: lab.results.name.wording == lab.status_text() == "No run yet")
    assert lab.pages.confusion.note.text().startswith("Once a run has begun")


def test_the_last_run_is_of_another_experiment_than_the_settings(qtbot, make_lab):
    first = make_lab(small(epochs=2))
    run(qtbot, first)
    first.close_lab(GIVE_UP_S)
    first.hide()
    lab = restarted(qtbot, make_lab, preset("lenet-5"))
    assert lab.results.veil.isVisible() and "Digits CNN" in lab.results.name.wording
    assert lab.run_bar.play.text() == "Begin anew" and lab.run_bar.other.text() == "Go on"


@pytest.mark.parametrize(("settings", "shown"), [("digits-cnn", "Digits CNN"), ("waves-lstm", "Waves LSTM")])
def test_after_a_restart_a_run_of_the_sequence_lab_stands_beside_no_picture_s_settings(
    qtbot, make_lab, tmp_path, settings, shown
):
    for number, stem in enumerate(("waves-lstm", "digits-cnn") if settings == "waves-lstm" else ("digits-cnn", "waves-lstm")):
        train(small(stem, epochs=1, samples=60), folder=tmp_path / "runs" / f"2026010{number + 1}-090000-{stem}")
    lab = restarted(qtbot, make_lab, small(settings, epochs=1, samples=60))
    assert lab.results.name.wording == f"Run: {shown}" and lab.results.veil.isHidden()


@pytest.mark.parametrize("file", ["experiment*", "resume*"])
@pytest.mark.parametrize("before", [False, True])
def test_a_damaged_last_run_says_so_in_one_sentence_and_disturbs_nothing(qtbot, make_lab, file, before):
    first = make_lab(small(epochs=2))
    if before:
        run(qtbot, first)
        first.reset()
    folder = run(qtbot, first).folder
    first.close_lab(GIVE_UP_S)
    first.hide()
    for kept in folder.glob(file):
        kept.write_bytes(b"\xff\n" * 50)
    lab = make_lab(small(epochs=2))
    qtbot.waitUntil(lambda: lab.notice.text.property("role") == "warn_line")
    assert str(folder) in lab.notice.said and "\n" not in lab.notice.said and "Traceback" not in lab.notice.said
    assert (lab.control.experiment is not None) == before, "the one before is shown all the same"
    lab.reset()
    assert run(qtbot, lab).reason is Reason.COMPLETED and lab.notice.said.startswith("Completed.")


def test_no_last_run_is_shown_over_one_that_was_begun_meanwhile(qtbot, make_lab):
    first = make_lab(small(epochs=2))
    run(qtbot, first)
    first.close_lab(GIVE_UP_S)
    first.hide()
    lab = make_lab(small(epochs=ENDLESS))
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 5)
    assert lab.control.status().epochs == ENDLESS
    stopped(qtbot, lab)


def test_the_last_run_is_read_without_torch():
    code = "import sys; import gui.running.last_run as r; from pathlib import Path; r.last_run(Path('none'))"
    found = subprocess.run([sys.executable, "-c", f"{code}; print('torch' in sys.modules)"], capture_output=True, text=True)
    assert found.stdout.strip() == "False", found.stderr


def test_the_mouse_finds_the_change_of_a_rate(qtbot, make_lab):
    lab = make_lab(small(epochs=4, lr=0.01))
    lab.step()
    qtbot.waitUntil(lambda: lab.worker.status().state is State.PAUSED and lab.worker.status().step == 1)
    lab.panel.training.number("lr").value_changed.emit(0.003)
    qtbot.waitUntil(lambda: lab.worker.status().lr == 0.003)
    with qtbot.waitSignal(lab.run_ended):
        lab.play_or_pause()
    plot = lab.loss.plot
    plot.draw()
    place = plot.point_of(1.0, plot.limits[1][1])
    assert plot.marked_at(place + QPoint(0, 6)) == "Iteration 1: lr 0.01 → 0.003"
    assert plot.marked_at(place + QPoint(60, 6)) == plot.marked_at(place + QPoint(0, 60)) == ""
    assert "Iteration 1: lr 0.01 → 0.003" in lab.loss.plot.accessibleDescription()
