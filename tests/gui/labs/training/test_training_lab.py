"""The training lab, whole: it runs real experiments in the real worker and shows what they measure."""

from __future__ import annotations

import threading

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication

from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.experiment import preset
from engine.experiments.scripts.export import to_pytorch
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, Flatten, Linear, Softmax
from engine.networks.network_text import network_text
from engine.runs.folder import Run
from engine.runs.history import History
from engine.runs.status import Reason, State
from engine.training.probes import Classified, Forecast, Numbers, Text
from engine.training.worker import Worker, train
from gui.lab.base import Services
from gui.lab.names import TITLES
from gui.labs.training.lab import TrainingLab
from gui.labs.training.pages import drawings
from gui.labs.training.state import TrainingState
from gui.plots.numbers.view import CurveView
from gui.running import looking
from gui.running.lab.script_dialog import ScriptDialog
from gui.shell import language
from tests.gui.labs.training.small_runs import run, small, wait_for_end
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S

# --- running


@pytest.mark.parametrize("window", [(960, 600), (1024, 668), (1440, 900)])
def test_both_plots_are_whole_in_a_low_window(qtbot, make_lab, window):
    """960x600 is what a window of 1440x900 has where everything is drawn half as large again."""
    lab = make_lab(small())
    run(qtbot, lab)
    lab.setMinimumSize(1, 1)  # as in the window, which does not ask its pages
    lab.resize(window[0] - 160, window[1] - 70)  # beside the list of labs, between the menus and the status line
    lay_out()
    results, edge = lab.results, 0
    for card in (lab.loss, lab.accuracy):
        place, plot = card.mapTo(results, card.rect().topLeft()), card.plot
        assert edge <= place.y() and place.y() + card.height() <= results.height()
        edge = place.y() + card.height()
        assert card.height() >= card.minimumSizeHint().height(), "squeezed: its parts lie over each other"
        assert plot.mapTo(card, plot.rect().bottomLeft()).y() <= card.height() - 4
    assert lab.loss.note.isVisible() is (lab.loss.height() >= 190)
    assert window != (1440, 900) or lab.loss.note.isVisible()


def test_the_window_reaches_the_same_losses_as_the_command_line_to_the_bit(qtbot, make_lab, tmp_path):
    experiment = small(epochs=3)
    lab = make_lab(experiment)
    run(qtbot, lab)
    lab.close_lab(GIVE_UP_S)  # it answers its pages after the end, with torch's one generator
    train(experiment, folder=tmp_path / "headless")
    expected = Run.open(tmp_path / "headless").history().train.since(0)
    found = lab.worker.history.train.since(0)
    assert len(found[0]) == 9
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    drawn = lab.loss.data.strands["train"].raw
    np.testing.assert_array_equal(drawn.x, expected[0])
    np.testing.assert_array_equal(drawn.y, expected[1])


def test_a_run_is_kept_in_its_folder_and_the_notice_opens_it(qtbot, make_lab, tmp_path):
    lab = make_lab(small())
    status = run(qtbot, lab)
    assert status.reason is Reason.COMPLETED and status.folder is not None
    assert status.folder.parent == tmp_path / "runs"
    assert Run.open(status.folder).experiment == lab.experiment()
    assert lab.notice.button.isVisible() and lab.notice.text.text().startswith("Completed.")
    assert lab.notice.text.property("role") == "plain_line", "an end is no praise: the accuracy may be that of chance"


def test_counters_say_how_far_it_is(qtbot, make_lab):
    lab = make_lab(small(epochs=2, batch_size=50))
    run(qtbot, lab)
    text = lab.run_bar.counters.text().replace("<b>", "").replace("</b>", "")
    assert text == "Epoch 2 / 2 · Iteration 8 / 8"
    assert lab.run_bar.speed.text().startswith("Completed in")


def test_steps_are_made_one_by_one(qtbot, make_lab):
    lab = make_lab(small())
    for count in range(1, 4):
        lab.step()
        assert lab.worker.wait_until(lambda s, n=count: s.state is State.PAUSED and s.step == n, GIVE_UP_S)
    qtbot.waitUntil(lambda: len(lab.loss.data.strands["train"].raw) == 3)
    assert lab.run_bar.play.text() == "Go on"
    lab.stop()
    assert wait_for_end(qtbot, lab).reason is Reason.STOPPED


def test_pause_holds_and_play_goes_on(qtbot, make_lab):
    lab = make_lab(small(epochs=2_000))
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 5)
    lab.pause()
    assert lab.worker.wait_until(lambda s: s.state is State.PAUSED, GIVE_UP_S)
    stands = lab.worker.status().step
    qtbot.waitUntil(lambda: lab.run_bar.play.text() == "Go on")
    lab.worker.ask(lambda _model, _data: None).result(GIVE_UP_S)  # the run's loop has come by once more
    assert lab.worker.status().step == stands
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > stands + 5)
    lab.stop()
    wait_for_end(qtbot, lab)


def test_the_learning_rate_changes_in_mid_run_and_all_else_waits(qtbot, make_lab):
    lab = make_lab(small(epochs=2_000))
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 2)
    lab.panel.training.number("lr").value_changed.emit(0.5)
    qtbot.waitUntil(lambda: lab.worker.status().lr == 0.5)
    assert lab.panel.pending_box.isHidden()
    lab.panel.training.number("batch_size").value_changed.emit(16)
    assert lab.panel.pending_box.isVisible()
    assert lab.experiment().training.lr == 0.5 and lab.experiment().training.batch_size == 16
    assert lab.worker.status().steps == 2_000 * 3  # 160 samples, batches of 64 as it was started
    lab.stop()
    wait_for_end(qtbot, lab)
    assert lab.panel.pending_box.isHidden()


def test_reset_forgets_what_is_on_the_screen_and_keeps_the_folder(qtbot, make_lab, tmp_path):
    lab = make_lab(small())
    status = run(qtbot, lab)
    lab.reset()
    assert len(lab.loss.data.strands["train"].raw) == 0 and lab.run_bar.counters.text() == "Not started"
    assert not lab.notice.said and status.folder.is_dir()
    lab.open_experiment(small(epochs=2_000))
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 2)
    lab.reset()
    qtbot.waitUntil(lambda: lab.run_bar.counters.text() == "Not started")
    assert len(lab.loss.data.strands["train"].raw) == 0


def test_divergence_is_said_in_words_and_nothing_of_it_is_drawn(qtbot, make_lab):
    lab = make_lab(small("waves-lstm", epochs=50, optimizer="SGD", lr=100.0, clip=None))
    status = run(qtbot, lab)
    assert status.reason is Reason.DIVERGED
    assert lab.notice.isVisible() and lab.notice.text.property("role") == "warn_line"
    assert f"iteration {status.problem.values['step']}" in lab.notice.text.text()
    assert "learning rate" in lab.notice.text.text()
    drawn = lab.loss.data.strands["train"].raw
    assert len(drawn) == status.problem.values["step"] - 1 and np.isfinite(drawn.y).all() and (drawn.y > 0).all()
    language.set_language("ko")
    qtbot.waitUntil(lambda: "학습률" in lab.notice.text.text())


@pytest.mark.parametrize("width", [860, 1260])
def test_nothing_moves_when_a_run_ends(qtbot, make_lab, width):
    lab = make_lab(small("waves-lstm", epochs=50, optimizer="SGD", lr=100.0, clip=None))
    lab.resize(width, 760)
    parts = (lab.run_bar, lab.panel, lab.loss, lab.prediction, lab.notice)
    lay_out()
    before = [part.geometry() for part in parts]
    assert not lab.notice.said
    assert run(qtbot, lab).reason is Reason.DIVERGED
    lay_out()
    assert lab.notice.said and [part.geometry() for part in parts] == before
    text = lab.notice.text
    wrapped = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
    for tongue in ("en", "ko"):
        language.set_language(tongue)
        lay_out()
        needed = text.fontMetrics().boundingRect(text.contentsRect().adjusted(0, 0, -16, 0), wrapped, text.text())
        assert needed.height() <= text.height() + 2, "the whole sentence can be read"


def test_a_hundred_starts_pauses_steps_and_stops_leave_no_thread(qtbot, make_lab):
    lab = make_lab(small(epochs=1_000, samples=60))
    threads = None
    for cycle in range(100):
        lab.play()
        lab.pause()
        lab.step()
        assert lab.worker.wait_until(lambda s: s.state is State.PAUSED and s.step >= 1, GIVE_UP_S), cycle
        lab.stop()
        assert lab.worker.wait_until(lambda s: s.state is State.IDLE, GIVE_UP_S), cycle
        lab.bridge.poll()
        names = [thread.name for thread in threading.enumerate()]
        assert names.count("moment-pictures") <= 1  # that of the timeline begins with the first pictures
        running = sorted(name for name in names if name != "moment-pictures")
        threads = threads or running
        assert running == threads and running.count("training") == 1
    lab.close_lab(GIVE_UP_S)
    assert not {"training", "past", "moment-pictures", "last-run"} & {thread.name for thread in threading.enumerate()}


def test_closing_in_mid_run_saves_it(qtbot, make_lab):
    lab = make_lab(small(epochs=5_000))
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 10)
    folder = lab.worker.status().folder
    lab.close_lab(GIVE_UP_S)
    assert not lab.run_in_progress()
    kept = Run.open(folder)
    assert kept.moment() is not None and len(kept.history().train) == lab.worker.status().step


def test_a_folder_that_cannot_be_written_stops_no_run(qtbot, make_lab, tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    lab = make_lab(small())
    status = run(qtbot, lab)
    assert status.reason is Reason.COMPLETED
    assert "could not be saved" in lab.notice.text.text()


def test_a_probe_and_a_busy_screen_change_no_loss(qtbot, make_lab):
    experiment = small("adding-lstm", epochs=3)
    lab = make_lab(experiment)
    lab.looking.watching._timer.setInterval(5)
    run(qtbot, lab)
    plain = Worker()
    plain.start(experiment)
    assert plain.wait_until(lambda s: s.state is State.IDLE, GIVE_UP_S)
    np.testing.assert_array_equal(lab.worker.history.train.since(0)[1], plain.history.train.since(0)[1])
    assert plain.close(GIVE_UP_S)


# --- what is shown


@pytest.mark.parametrize(
    ("stem", "kind"), [("digits-cnn", Classified), ("adding-lstm", Numbers), ("waves-lstm", Forecast), ("counting-lstm", Text)]
)
def test_predictions_appear_beside_the_truth(qtbot, make_lab, stem, kind):
    lab = make_lab(small(stem))
    run(qtbot, lab)
    qtbot.waitUntil(lambda: isinstance(lab.prediction.view.prediction, kind))
    assert lab.prediction.score.text()
    drawn = lab.prediction.grab().toImage()
    lab.prediction.show_prediction(None)
    assert lab.prediction.grab().toImage() != drawn


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_answers_that_are_no_numbers_are_said_and_not_drawn(lent_lab, value):
    lab = lent_lab(small("waves-lstm"))
    truth = np.zeros(10, np.float32)
    for broken in (
        Forecast(truth, np.full(10, value, np.float32)),
        Numbers(truth, np.full(10, value, np.float32)),
        Classified(("0", "1"), np.zeros((2, 1, 8, 8), np.float32), np.zeros(2, np.int64), np.full((2, 2), value, np.float32)),
    ):
        lab.prediction.show_prediction(broken)
        assert lab.prediction.score.text() == "" and lab.prediction.view.prediction is None
        lab.prediction.view.grab()
    lab.prediction.show_prediction(None)


def test_predictions_of_any_size_are_drawn(lent_lab):
    lab = lent_lab(small("waves-lstm"))
    truth = np.linspace(-1, 1, 10, dtype=np.float32)
    for size in (0.0, 1e-6, 1.0, 1e6, 1e30):
        for kind in (Forecast, Numbers):
            lab.prediction.show_prediction(kind(truth, truth * np.float32(size)))
            lab.prediction.view.grab()
        assert "mean error" in lab.prediction.score.text()
    lab.prediction.show_prediction(None)


def test_other_samples_and_another_picture_are_part_of_the_state(qtbot, finished_lab):
    lab = finished_lab(small(epochs=4))
    qtbot.waitUntil(lambda: lab.prediction.view.prediction is not None)
    first = lab.prediction.view.prediction.pictures
    lab.prediction.next_asked.emit()
    qtbot.waitUntil(lambda: not np.array_equal(lab.prediction.view.prediction.pictures, first))
    qtbot.keyClick(lab.prediction.view, Qt.Key.Key_Right)
    assert lab.state().sample == 1 and lab.state().chosen == 1


def test_nothing_is_asked_of_the_model_while_nobody_looks(qtbot, make_lab, monkeypatch):
    lab = make_lab(small(epochs=5_000))
    asked, ask = [], lab.worker.ask

    def noted(probe, **how):
        if getattr(probe, "func", None) is looking.dated_answers:  # what the plots ask once is another matter
            asked.append(probe)
        return ask(probe, **how)

    monkeypatch.setattr(lab.worker, "ask", noted)
    lab.hide()
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 20)
    assert not lab.looking.watching._timer.isActive() and not asked and lab.prediction.view.prediction is None
    lab.show()
    qtbot.waitUntil(lambda: bool(asked))
    lab.stop()
    wait_for_end(qtbot, lab)


def test_a_regression_has_no_accuracy(lent_lab):
    lab = lent_lab(small("waves-lstm"))
    assert lab.accuracy.isHidden() and lab.loss.title == "Loss (mean squared error)"
    lab.open_experiment(small("digits-cnn"))
    assert lab.accuracy.isVisible() and lab.loss.title == "Loss (cross-entropy)"


def test_the_loss_of_guessing_is_a_line(qtbot, make_lab):
    lab = make_lab(small("digits-cnn"))
    assert lab.loss.data.chance == pytest.approx(np.log(10)) and lab.accuracy.data.chance == pytest.approx(0.1)
    assert "Chance" in lab.loss.legend.accessibleName()
    lab.open_experiment(small("adding-lstm"))
    assert lab.loss.data.chance is None  # the data are not there yet
    run(qtbot, lab)
    qtbot.waitUntil(lambda: lab.loss.data.chance is not None)
    targets = load(lab.experiment().data, seed=lab.experiment().seed).y_train.numpy()
    assert lab.loss.data.chance == pytest.approx(targets.var(), rel=1e-5)
    assert "Always the mean" in lab.loss.legend.accessibleName()


def test_a_run_can_be_seen_by_epochs_and_by_time(finished_lab):
    lab = finished_lab(small(epochs=4))
    assert lab.loss.data.across.offered == ("iteration", "epoch", "time")
    assert lab.loss.data.across.epoch_steps == lab.worker.status().steps / 4
    lab.loss.plot.edit(across="epoch")
    assert lab.state().loss.across == "epoch" and lab.loss.plot.bottom.name == "Epoch"
    assert lab.loss.data.across.pace.seconds(lab.worker.status().step) == pytest.approx(lab.worker.status().seconds, rel=0.2)


def test_both_plots_have_one_cursor(finished_lab):
    lab = finished_lab(small(epochs=4))
    lab.loss.plot._move_cursor(5.0)
    assert lab.accuracy.plot.cursor_step == 5.0
    expected = lab.worker.history.train.since(0)[2][4]
    lab.accuracy.set_view(CurveView(smoothing=0.0))
    assert f"Training {100 * expected:.1f}%" in lab.accuracy.legend.accessibleName()


def test_a_memory_of_a_million_steps_is_shown_whole(make_lab):
    lab = make_lab(small())
    history = History()
    count = 300_000
    for step in range(1, count + 1):
        history.append_step(step, 1.0 / step, 0.5)
    steps, losses, _ = history.train.since(0)
    lab.loss.append("train", steps, losses)
    lab.loss.plot.draw()
    assert 0 < lab.loss.plot._items["train"].line.path().elementCount() <= 2 * lab.loss.plot.width()


# --- the form


def test_only_the_numbers_that_the_optimizer_has(lent_lab):
    lab = lent_lab(small())
    training = lab.panel.training
    assert training.row("momentum").isHidden()
    training.row("optimizer").chosen.emit("SGD")
    assert training.row("momentum").isVisible() and training.row("nesterov").isHidden()
    training.row("momentum").value_changed.emit(0.9)
    training.row("nesterov").value_changed.emit(True)
    assert lab.experiment().training.nesterov
    training.row("optimizer").chosen.emit("Adam")
    assert not lab.experiment().training.nesterov and lab.experiment().training.momentum == 0.0
    assert not lab.panel.problem


def test_only_the_options_that_the_data_have(lent_lab):
    lab = lent_lab(preset("waves-lstm"))
    assert lab.panel.data.row("noise").isVisible() and lab.panel.data.row("length").isVisible()
    lab.open_experiment(preset("digits-cnn"))
    assert lab.panel.data.row("noise").isHidden() and lab.panel.data.row("length").isHidden()


def test_what_is_shown_for_a_default_is_not_written_into_the_experiment(lent_lab):
    lab = lent_lab(preset("digits-cnn"))
    lab.panel.data.number("validation").value_changed.emit(0.3)
    assert lab.experiment().data == Data(name="digits", validation=0.3)


@pytest.mark.parametrize(
    ("batch", "note"),
    [
        (32, "1 epoch = 1,438 ÷ 32 → 45 iterations; the last batch has 30.\nThe run: 25 epochs × 45 = 1,125 iterations."),
        (719, "1 epoch = 1,438 ÷ 719 = 2 iterations.\nThe run: 25 epochs × 2 = 50 iterations."),
        (5_000, "1 epoch = 1 iteration with all 1,438 samples.\nThe run: 25 epochs × 1 = 25 iterations."),
    ],
)
def test_an_epoch_in_iterations(lent_lab, batch, note):
    found = preset("digits-cnn")
    lab = lent_lab(edited(found, training=edited(found.training, batch_size=batch)))
    assert lab.panel.note.text() == note


def test_data_that_do_not_fit_the_network_are_explained_and_repaired_with_one_click(qtbot, lent_lab):
    lab = lent_lab(preset("digits-cnn"))
    lab.panel.dataset.chosen.emit("adding")
    assert lab.panel.problem_box.isVisible() and lab.panel.problem
    assert not lab.run_bar.play.isEnabled()
    lab.play()
    assert not lab.run_in_progress()
    qtbot.mouseClick(lab.panel.repair, Qt.MouseButton.LeftButton)
    assert not lab.panel.problem and lab.experiment().network == preset("adding-lstm").network
    assert lab.run_bar.play.isEnabled()


def test_a_file_that_is_untouched_is_not_called_edited(make_lab):
    """Also where it has a preset's name: it was saved from an edited one."""
    lab = make_lab(small())
    assert lab.panel.preset.box.currentText() == "Digits CNN"
    lab.panel.seed.value_changed.emit(99)
    assert lab.panel.preset.box.currentText() == "Digits CNN (edited)"
    again = make_lab()
    again.set_state(lab.state())
    assert again.panel.preset.box.currentText() == "Digits CNN (edited)"
    lab.undo()
    assert lab.panel.preset.box.currentText() == "Digits CNN"


def test_an_experiment_is_called_as_the_user_calls_it(qtbot, lent_lab):
    lab = lent_lab(preset("digits-cnn"))
    name = lab.panel.name
    assert name.text() == "Digits CNN"
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "my  first net ")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert lab.experiment() == edited(preset("digits-cnn"), name="my first net") and name.text() == "my first net"
    assert lab.document()[0] == "my first net" and 'name = "my first net"' in lab.document()[1]
    assert lab.panel.preset.box.currentText() == "my first net"
    lab.undo()
    assert name.text() == "Digits CNN" and lab.experiment() == preset("digits-cnn")
    name.clear()
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert name.text() == "Digits CNN" and lab.experiment() == preset("digits-cnn")
    language.set_language("ko")
    qtbot.waitUntil(lambda: name.text() == "숫자 CNN")
    name.editingFinished.emit()
    assert lab.experiment() == preset("digits-cnn"), "the preset's name in another language is no new name"


def test_the_settings_stay_in_their_place_when_they_are_edited(qtbot, make_lab):
    lab = make_lab(preset("digits-cnn"))

    def places():
        lay_out()
        rows = (lab.panel.training.row("lr"), lab.panel.seed, lab.panel.data.row("samples"))
        return [(row.mapTo(lab.panel, row.rect().topLeft()), row.width()) for row in rows]

    before = places()
    lab.panel.seed.value_changed.emit(99)
    assert places() == before and lab.panel.about.isVisible()
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 2)
    lab.panel.seed.value_changed.emit(100)
    assert lab.panel.pending_box.isVisible() and places() == before
    lab.stop()
    wait_for_end(qtbot, lab)


# an optimiser begins with its usual rate, but a rate that the user has set himself stays


@pytest.mark.parametrize(("optimizer", "lr"), [("SGD", 0.01), ("RMSprop", 0.01), ("AdamW", 0.001), ("Adadelta", 1.0)])
def test_an_optimiser_begins_with_its_usual_rate(lent_lab, optimizer, lr):
    lab = lent_lab(preset("digits-cnn"))
    opened = lab.experiment().training
    assert (opened.optimizer, opened.lr) == ("Adam", 0.003)
    lab.panel.training.row("optimizer").chosen.emit(optimizer)
    assert lab.experiment().training.lr == lr
    lab.panel.training.row("optimizer").chosen.emit("Adam")
    assert lab.experiment().training == opened, "back at what was opened"


def test_a_rate_of_ones_own_stays_with_another_optimiser(lent_lab):
    lab = lent_lab(preset("digits-cnn"))
    lab.panel.training.number("lr").value_changed.emit(0.02)
    lab.panel.training.row("optimizer").chosen.emit("SGD")
    assert lab.experiment().training.lr == 0.02


def test_a_softmax_before_the_cross_entropy_is_said_and_taken_away(qtbot, lent_lab):
    found = preset("digits-cnn")
    with_softmax = edited(found, network=edited(found.network, layers=(*found.network.layers, Softmax())))
    lab = lent_lab(with_softmax)
    assert lab.panel.problem_box.isVisible() and "twice" in lab.panel.problem_box.text() and not lab.panel.problem
    assert lab.run_bar.play.isEnabled(), "it can be run all the same"
    qtbot.mouseClick(lab.panel.repair, Qt.MouseButton.LeftButton)
    assert lab.experiment() == found and lab.panel.problem_box.isHidden() and lab.panel.repair.isHidden()
    lab.undo()
    squared = edited(with_softmax, training=edited(found.training, loss="mean_squared_error"))
    lab.open_experiment(squared)
    assert lab.panel.problem_box.isHidden()


def test_a_last_batch_of_one_is_known_before_the_first_step(qtbot, make_lab):
    layers = (Flatten(), Linear(out_features=8), BatchNorm1d(), Linear(out_features=10))
    found = small(samples=126, batch_size=20)  # 101 for training
    lab = make_lab(edited(found, network=edited(found.network, layers=layers)))
    assert "last batch" in lab.panel.problem and not lab.run_bar.play.isEnabled()
    assert lab.panel.repair.text().startswith("Set the batch size to")
    qtbot.mouseClick(lab.panel.repair, Qt.MouseButton.LeftButton)
    assert not lab.panel.problem and lab.experiment().training.batch_size != 20
    assert run(qtbot, lab).reason is Reason.COMPLETED


@pytest.mark.parametrize(("softmax", "loss"), [(False, None), (True, None), (False, "mean_squared_error")])
def test_what_the_answers_are_follows_the_one_rule(qtbot, make_lab, softmax, loss):
    found = small(epochs=30, loss=loss)
    layers = (*found.network.layers, Softmax()) if softmax else found.network.layers
    lab = make_lab(edited(found, network=edited(found.network, layers=layers)))
    run(qtbot, lab)
    watching = lab.looking.watching
    qtbot.waitUntil(lambda: lab.prediction.view.prediction is not None and watching._future is None)
    shown = lab.worker.ask(lambda model, data: model(data.x_validation[:12]).detach()).result(GIVE_UP_S)
    expected = shown if softmax or loss else shown.softmax(1)
    qtbot.waitUntil(lambda: np.allclose(lab.prediction.view.prediction.answers, expected.numpy(), rtol=1e-4, atol=1e-6))
    assert ("no probabilities" in lab.prediction.score.text()) == (loss is not None)
    lab.prediction.grab()


def test_the_whole_script_is_shown_copied_and_saved(qtbot, lent_lab, save_as, tmp_path):
    lab = lent_lab(small())
    assert lab.panel.export.menu() is lab.exports
    lab.exports.export("pytorch")
    dialog = lab.findChild(ScriptDialog)
    assert dialog.isVisible() and dialog.text.toPlainText() == to_pytorch(small())
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == to_pytorch(small())
    save_as(tmp_path / "script.py")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert (tmp_path / "script.py").read_text("utf-8") == to_pytorch(small())
    dialog.accept()
    lab.panel.dataset.chosen.emit("adding")
    lab.exports.follow()
    assert not lab.exports.actions_by_name["pytorch"].isEnabled()


def test_the_script_of_a_run_replays_its_rates(qtbot, make_lab):
    lab = make_lab(small(epochs=2, lr=0.01))
    run(qtbot, lab)
    lab.panel.training.number("lr").value_changed.emit(0.002)
    lab.panel.training.number("epochs").value_changed.emit(4)
    run(qtbot, lab)
    experiment, rates, _ = lab.control.scripted()
    assert experiment.training.lr == 0.01 and experiment.training.epochs == 4 and rates == ((6, 0.002),)
    lab.panel.seed.value_changed.emit(5)
    assert lab.control.scripted() == (lab.experiment(), (), ())


def test_a_preset_is_named_until_it_is_changed(lent_lab):
    lab = lent_lab(preset("lenet-5"))
    assert lab.panel.preset.box.currentText() == "LeNet-5"
    lab.panel.seed.value_changed.emit(99)
    assert lab.panel.preset.box.currentText() == "LeNet-5 (edited)"
    lab.panel.preset.chosen.emit("waves-lstm")
    assert lab.experiment() == preset("waves-lstm")


def test_the_network_stands_in_one_line():
    text = "Conv2d 16 → ReLU → MaxPool2d 2 → Conv2d 32 → ReLU → MaxPool2d 2 → Flatten → Linear 10"
    assert network_text(preset("digits-cnn").network.layers) == text


# --- state, words, keys


def test_the_state_goes_out_and_comes_back(lent_lab):
    lab = lent_lab()
    state = TrainingState(
        experiment=small("waves-lstm"), loss=CurveView(log=True, smoothing=0.6, following=False), sample=3, chosen=2
    )
    lab.set_state(state)
    assert lab.state() == state
    assert lab.loss.view == lab.loss.plot.view == state.loss
    assert msgspec.convert(msgspec.to_builtins(state), TrainingState) == state


def test_the_language_is_switched_live(qtbot, lent_lab):
    lab = lent_lab(preset("digits-cnn"))
    language.set_language("ko")
    qtbot.waitUntil(lambda: "교차 엔트로피" in lab.loss.title)
    assert lab.panel.training.number("lr").slider.accessibleName() == "학습률"
    assert lab.panel.preset.box.currentText() == "숫자 CNN"


def test_keys_run_the_training_unless_the_focused_control_needs_them(qtbot, make_lab):
    lab = make_lab(small(epochs=2_000))
    lab.activateWindow()
    lab.run_bar.setFocus()
    lab.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    lab.setFocus()
    qtbot.waitUntil(lambda: lab.hasFocus())
    qtbot.keyClick(lab, Qt.Key.Key_Right)
    assert lab.worker.wait_until(lambda s: s.step == 1 and s.state is State.PAUSED, GIVE_UP_S)
    slider = lab.panel.seed.slider
    slider.setFocus()
    before = slider.value()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == before + 1 and lab.worker.status().step == 1
    lab.setFocus()
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: lab.worker.status().step > 3)
    qtbot.keyClick(lab, Qt.Key.Key_Space)
    assert lab.worker.wait_until(lambda s: s.state is State.PAUSED, GIVE_UP_S)
    qtbot.keyClick(lab, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: lab.run_bar.counters.text() == "Not started")


def test_shortcuts_sleep_while_the_lab_is_hidden(lent_lab):
    lab = lent_lab(preset("digits-cnn"))
    assert lab.actions_for_menu()[0].isEnabled()
    lab.hide()
    assert not any(action.isEnabled() for action in lab.actions_for_menu())


def test_play_before_torch_is_there_begins_when_it_is(qtbot, tmp_path):
    lab = TrainingLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab)
    lab.open_experiment(small())
    lab.play()
    assert not lab.run_in_progress()
    with qtbot.waitSignal(lab.run_ended):
        lab.torch_ready()
    lab.close_lab(GIVE_UP_S)


def test_only_the_devices_of_this_machine_are_offered(lent_lab):
    lab = lent_lab(preset("digits-cnn"))
    box = lab.panel.training.row("device").box
    offered = {box.itemData(number) for number in range(box.count())}
    assert offered == {"auto", "cpu"} | ({"cuda"} if torch.cuda.is_available() else set()) | (
        {"mps"} if torch.backends.mps.is_available() else set()
    )


# --- drawings


def test_the_lower_half_of_the_prediction_card_is_used():
    tall, low = QRectF(0, 0, 320, 680), QRectF(0, 0, 180, 240)
    assert drawings.text_cell(280, 680, 40) == 30 and drawings.text_cell(150, 200, 40) == 18
    for area in (tall, low, QRectF(0, 0, 400, 900)):
        places = drawings.picture_areas(area, 12)
        assert all(place.right() <= area.right() for place in places)


def test_tab_goes_through_the_cards_as_they_are_read(lent_lab):
    lab = lent_lab(small())
    assert lab.loss.plot.isVisible()  # it takes its place among the others when it is first needed
    chain, widget = [], lab.run_bar.play
    while widget not in chain:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    optimizer = lab.panel.training.row("optimizer").box
    for first, second in (
        (lab.panel.preset.box, optimizer),
        (lab.loss.log, lab.loss.plot),
        (lab.loss.plot, lab.accuracy.smoothing),
        (lab.prediction.other, lab.prediction.view),
    ):
        assert chain.index(first) < chain.index(second)


def test_in_korean_the_curve_is_not_called_as_the_lab_is(qtbot, lent_lab):
    lab = lent_lab(small())
    language.set_language("ko")
    qtbot.waitUntil(lambda: "훈련" in lab.loss.legend.accessibleName())
    assert language.say(TITLES, lab.name) == "학습" and lab.status_text() == "아직 실행 없음"


def test_the_status_names_the_device_only_where_it_is_not_the_machines_own_choice(finished_lab):
    lab = finished_lab(small(epochs=4))
    own = torch.cuda.is_available() or torch.backends.mps.is_available()
    assert lab.status_text() == ("Completed · CPU" if own else "Completed")
