"""All runs on the screen: the list as the folder stands, what can be done with a run, and the curves over each other."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from scipy import stats

from engine.data.info import Data
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import preset
from engine.experiments.mid_run import value_of
from engine.experiments.regularizing import with_dropout
from engine.experiments.schedules import StepLR
from engine.fields import edited
from engine.figures import in_digits
from engine.runs.folder import EXPERIMENT, Run
from engine.runs.library.run_list import ListedRun, RunList, Standing
from engine.runs.library.run_notes import read_note
from engine.runs.lock import FolderLock
from engine.runs.status import Reason, State, Status
from engine.runs.timeline.origin import RunOrigin, write_origin
from engine.training.worker import train
from gui.labs.training.runs import runs_feed, runs_page, runs_table
from gui.labs.training.runs.overlay import Overlay
from gui.labs.training.runs.run_dialogs import EpochsDialog, NameDialog, NoteDialog
from gui.labs.training.runs.run_looks import swatch
from gui.labs.training.runs.run_rows import COLUMNS, cell, rows_of
from gui.labs.training.runs.runs_view import LOOKS, MOST_PINNED, PinnedRun, RunsView, with_pin
from gui.labs.training.state import TrainingState
from gui.shell import language
from gui.shell.theme import theme
from tests.engine.runs.library.kept_runs import keep, of
from tests.gui.labs.training.small_runs import small


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def show(qtbot, make_lab):
    """A lab that shows all runs, once the list has been read."""

    def open_page(count: int, **kwargs):
        lab = make_lab(**kwargs)
        lab.show_view("runs")
        qtbot.waitUntil(lambda: len(lab.runs.rows) == count and not lab.runs.feed.busy)
        return lab, lab.runs

    return open_page


def names(page):
    return [row.run.path.name for row in page.table.runs.rows]


def column(page, name):
    return [page.table.runs.index(row, COLUMNS.index(name)).data() for row in range(page.table.runs.rowCount())]


def choose(page, *folders):
    page.table.clearSelection()
    model, selection = page.table.runs, page.table.selectionModel()
    flag = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
    for folder in folders:
        selection.select(model.index(names(page).index(folder), 0), flag)


# --- the list


def test_the_list_says_what_the_folders_hold(show, root):
    keep(root / "20260101-090000-one", of(lr=0.01), losses=(1.0, 0.25, 0.5), accuracies=(0.5, 0.9, 0.7))
    keep(root / "20260102-090000-two", of(lr=0.02), reason=Reason.STOPPED)
    keep(root / "20260103-090000-three", edited(preset("waves-lstm"), name="물결"), accuracies=(float("nan"),) * 2)
    keep(root / "20260104-090000-four")
    (root / "20260104-090000-four" / EXPERIMENT).write_text("seed = -1\n")
    write_origin(root / "20260102-090000-two", RunOrigin("20260101-090000-one", "Digits CNN", 1200))
    write_origin(root / "20260103-090000-three", RunOrigin("mine", "물결", 4))
    _, page = show(4, torch=False)
    assert column(page, "origin") == ["–", "mine, iteration 4", "2026-01-01 09:00, iteration 1,200", "–"]
    full = page.table.runs.index(2, COLUMNS.index("origin")).data(Qt.ItemDataRole.ToolTipRole)
    assert full == "Digits CNN (20260101-090000-one), iteration 1,200"
    assert column(page, "name") == ["20260104-090000-four", "물결", "Digits CNN", "Digits CNN"]
    assert column(page, "state") == ["damaged", "completed", "stopped", "completed"]
    complete = page.table.runs.index(1, COLUMNS.index("state")).data(Qt.ItemDataRole.ForegroundRole)
    assert complete == theme().text, "no praise"
    assert column(page, "best_accuracy") == ["–", "–", "80.0%", "90.0%"]
    assert column(page, "best_loss") == ["–", "0.5000", "0.5000", "0.2500"]
    assert column(page, "epochs") == ["–", "2 / 60", "2 / 25", "3 / 25"]
    assert column(page, "begun")[3] == "2026-01-01 09:00"
    assert column(page, "data") == ["–", "Waves", "Digits 8×8", "Digits 8×8"]
    assert column(page, "network")[1] == "LSTM 64 → Linear 1"
    assert column(page, "differs") == ["–", "", "Learning rate 0.02", "Learning rate 0.01"]
    assert page.count.text() == "4 runs"
    choose(page, "20260104-090000-four")
    assert "seed" in page.details.wording  # why it is damaged


def test_it_is_sorted_by_each_column_and_unknown_values_come_last(show, root):
    for number, (loss, accuracy) in enumerate(((0.5, 0.7), (0.1, 0.9), (0.3, float("nan")))):
        keep(root / f"run{number}", edited(of(lr=0.1 * (number + 1)), seed=number, name=f"N{number}"), [loss], [accuracy])
    _, page = show(3, torch=False)
    header = page.table.horizontalHeader()
    for name, rising in (
        ("best_loss", ["run1", "run2", "run0"]),
        ("best_accuracy", ["run0", "run1", "run2"]),
        ("name", ["run0", "run1", "run2"]),
        ("seed", ["run0", "run1", "run2"]),
    ):
        page.table.sortByColumn(COLUMNS.index(name), Qt.SortOrder.AscendingOrder)
        assert names(page) == rising, name
        assert header.sortIndicatorSection() == COLUMNS.index(name)
    page.table.sortByColumn(COLUMNS.index("best_accuracy"), Qt.SortOrder.DescendingOrder)
    assert names(page) == ["run1", "run0", "run2"]


def test_the_filter_looks_into_cells_folders_and_notes(qtbot, show, root):
    keep(root / "one", edited(of(), name="Wide net"))
    keep(root / "two", edited(of(), name="Deep net"))
    (root / "two" / "note.txt").write_text("the reference\n")
    lab, page = show(2, torch=False)
    for text, found in (("wide", ["one"]), ("NET deep", ["two"]), ("reference", ["two"]), ("two", ["two"]), ("zzz", [])):
        page.filter.clear()
        qtbot.keyClicks(page.filter, text)
        assert names(page) == found, text
    assert page.count.text() == "0 of 2 runs" and lab.state().runs.filter == "zzz"


def test_what_is_selected_stays_selected_when_the_list_is_read_again(qtbot, show, root):
    keep(root / "20260101-090000-a")
    keep(root / "20260102-090000-b")
    _, page = show(2, torch=False)
    choose(page, "20260101-090000-a")
    keep(root / "20260103-090000-c")
    page.feed.look()
    qtbot.waitUntil(lambda: len(page.rows) == 3)
    assert [row.run.path.name for row in page.table.chosen] == ["20260101-090000-a"]


def test_the_folder_of_a_queue_s_run_is_said_with_the_queue_s(show, root):
    keep(root / "20260101-090000-alone")
    keep(root / "20260102-090000-queue" / "001")
    _, page = show(2, torch=False)
    choose(page, "20260101-090000-alone")
    assert page.details.wording.startswith("20260101-090000-alone")
    choose(page, "001")
    assert page.details.wording.startswith("20260102-090000-queue/001")


def test_the_table_is_saved_as_it_is_shown(show, root, save_as, tmp_path):
    keep(root / "one", edited(of(), name='A "name", with a comma'), losses=(1 / 3,), accuracies=(2 / 3,))
    keep(root / "two", edited(of(), name="other"))
    _, page = show(2, torch=False)
    page._edit(filter="comma")
    save_as(tmp_path / "table.csv")
    page.buttons["csv"].click()
    lines = list(csv.DictReader(io.StringIO((tmp_path / "table.csv").read_text("utf-8"))))
    assert len(lines) == 1 and lines[0]["Name"] == 'A "name", with a comma' and lines[0]["Folder"] == str(root / "one")
    assert np.float32(lines[0]["Best loss"]) == np.float32(1 / 3) and np.float32(lines[0]["Best accuracy"]) == np.float32(2 / 3)


# --- what can be done


def test_any_run_is_opened_with_its_curves_and_settings(qtbot, show, root):
    train(edited(small(epochs=2), name="First", seed=11), folder=root / "20260101-090000-first")
    train(edited(small("digits-mlp", epochs=1), name="Second"), folder=root / "20260102-090000-second")
    lab, page = show(2)
    choose(page, "20260101-090000-first")
    page.buttons["open"].click()
    qtbot.waitUntil(lambda: lab.state().view == "run")
    kept = Run.open(root / "20260101-090000-first")
    assert lab.experiment() == kept.experiment and lab.results.name.wording == "Run: First"
    np.testing.assert_array_equal(lab.loss.data.strands["train"].raw.y, kept.history().train.since()[1])
    assert lab.results.veil.isHidden() and lab.control.status().reason is Reason.COMPLETED
    lab.undo()
    assert lab.experiment().name != "First"  # the settings are a step; the run stays
    lab.show_view("runs")
    choose(page, "20260102-090000-second")
    page.table.activated.emit(page.table.runs.index(0, 0))
    qtbot.waitUntil(lambda: lab.results.name.wording == "Run: Second")


def test_any_run_goes_on_in_the_window_for_more_epochs(qtbot, show, root):
    experiment = small(epochs=2)
    train(experiment, folder=root / "one")
    train(edited(experiment, training=edited(experiment.training, epochs=3)), folder=root.parent / "whole")
    lab, page = show(1)
    choose(page, "one")
    page.buttons["resume"].click()
    dialog = next(each for each in page.findChildren(EpochsDialog))
    assert dialog.epochs == 2  # as many once more
    dialog.row.value_changed.emit(1)
    with qtbot.waitSignal(lab.run_ended):
        dialog.accept()
    one, whole = Run.open(root / "one"), Run.open(root.parent / "whole")
    assert one.experiment.training.epochs == 3 and lab.state().view == "run"
    for mine, theirs in zip(one.history().train.since(), whole.history().train.since(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_stopped_run_goes_on_at_once(qtbot, show, root):
    lab, page = show(0)
    lab.open_experiment(small(epochs=5000))  # so many that it is under way whenever it is stopped
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 3)
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.stop()
    first = ended.args[0]
    lab.reset()
    page.feed.look()
    qtbot.waitUntil(lambda: len(page.rows) == 1 and page.rows[0].run.can_go_on)
    choose(page, names(page)[0])
    page.buttons["resume"].click()
    qtbot.waitUntil(lambda: lab.worker.status().step > first.step)
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.stop()
    assert ended.args[0].reason is Reason.STOPPED and ended.args[0].folder == first.folder


def test_while_a_run_is_under_way_here_no_other_is_opened(qtbot, show, root):
    keep(root / "other")
    lab, page = show(1)
    lab.open_experiment(small("adding-lstm", epochs=300, samples=2000))
    lab.play()
    qtbot.waitUntil(lambda: lab.worker.status().step > 0)
    page.feed.look()
    qtbot.waitUntil(lambda: "running here" in column(page, "state"))
    choose(page, "other")
    page.buttons["open"].click()
    assert "Stop it" in lab.notice.said and lab.state().view == "runs"
    assert not page.buttons["resume"].isEnabled()
    own = lab.control.own_folder
    choose(page, own.name)
    assert not page.buttons["delete"].isEnabled() and not page.buttons["open"].isEnabled()
    with qtbot.waitSignal(lab.run_ended):
        lab.stop()


def test_a_run_that_is_asked_for_is_shown_though_the_last_one_is_looked_for(qtbot, show, root):
    for name in ("one", "two"):
        train(small(epochs=1), folder=root / name)
    lab, _page = show(2)
    opened = []
    lab.control.opened.connect(opened.append)
    for _ in range(20):
        lab.opener.open_run(root / "one")
        lab.control.look_for_last()  # after the first paint, whenever that is
        qtbot.waitUntil(lambda: bool(opened))
        assert opened.pop().status.folder == root / "one"


def test_a_run_is_renamed_and_noted(qtbot, show, root):
    train(small(epochs=1), folder=root / "one")
    lab, page = show(1)
    lab.opener.open_run(root / "one")
    qtbot.waitUntil(lambda: lab.results.name.wording == "Run: Digits CNN")
    lab.show_view("runs")
    choose(page, "one")
    page.buttons["rename"].click()
    dialog = page.findChildren(NameDialog)[0]
    dialog.box.setText(" ")
    assert not dialog.ok.isEnabled()
    dialog.box.setText("새 이름")
    dialog.accept()
    assert lab.results.name.wording == "Run: 새 이름"  # the one that is shown too
    choose(page, "one")
    page.buttons["note"].click()
    note = page.findChildren(NoteDialog)[0]
    note.box.setPlainText("worth keeping")
    note.accept()
    assert read_note(root / "one") == "worth keeping"
    qtbot.waitUntil(lambda: column(page, "name") == ["새 이름"] and "worth keeping" in page.details.wording)


def test_runs_go_to_the_trash_only_when_that_is_agreed_to(qtbot, show, root, monkeypatch, tmp_path):
    keep(root / "one")
    keep(root / "two")
    owned = keep(root / "three", reason=None, owned=True)
    lab, page = show(3, torch=False)
    asked, trash = [], tmp_path / "trash"
    trash.mkdir()
    monkeypatch.setattr(runs_page, "moved_to_trash", lambda path: path.rename(trash / path.name) is not None)
    answers = iter([QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes])
    monkeypatch.setattr(QMessageBox, "question", lambda _page, _title, text, *_: asked.append(text) or next(answers))
    page._pin(str(root / "one"), True)
    choose(page, "one")
    page.buttons["delete"].click()
    assert "one" in asked[0] and (root / "one").exists()
    page.buttons["delete"].click()
    assert (trash / "one" / EXPERIMENT).exists() and not (root / "one").exists()
    assert lab.state().runs.pinned == ()
    qtbot.waitUntil(lambda: len(page.rows) == 2)
    choose(page, "three")
    assert not page.buttons["delete"].isEnabled()  # somebody is writing it
    owned.leave()


def test_the_system_s_trash_takes_a_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    keep(tmp_path / "run")
    assert runs_page.moved_to_trash(tmp_path / "run") and not (tmp_path / "run").exists()
    assert not runs_page.moved_to_trash(tmp_path / "run")


def test_a_run_from_elsewhere_is_opened(qtbot, make_lab, monkeypatch, tmp_path):
    train(edited(small(epochs=1), name="Elsewhere"), folder=tmp_path / "far" / "run")
    lab = make_lab()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "far" / "run"))
    action = next(each for each in lab.actions_for_menu() if each.text() == "Open run folder...")
    action.trigger()
    qtbot.waitUntil(lambda: lab.results.name.wording == "Run: Elsewhere")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    action.trigger()
    qtbot.waitUntil(lambda: "no run" in lab.notice.said or "is no run" in lab.notice.said)


# --- curves over each other


def pin(page, *folders):
    for folder in folders:
        model = page.table.runs
        model.setData(model.index(names(page).index(folder), 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)


def drawn(page):
    return {key: strand.raw.everything() for key, strand in page.overlay.card.data.strands.items()}


def test_pinned_runs_lie_over_each_other_each_in_its_own_line(qtbot, show, root):
    keep(root / "a", of(lr=0.01), (1.0, 0.5, 0.25), (0.1, 0.2, 0.3))
    keep(root / "b", of(lr=0.02), (2.0, 1.0), (0.4, 0.5))
    lab, page = show(2, torch=False)
    pin(page, "a", "b")
    qtbot.waitUntil(lambda: len(drawn(page)) == 2)
    a, b = str(root / "a"), str(root / "b")
    np.testing.assert_array_equal(drawn(page)[a], ([3, 6, 9], [1.0, 0.5, 0.25]))
    np.testing.assert_array_equal(drawn(page)[b], ([3, 6], [2.0, 1.0]))
    strands = page.overlay.card.data.strands
    assert (strands[a].colour, strands[a].dashed) != (strands[b].colour, strands[b].dashed)
    page.overlay.measure.button("accuracy").click()
    np.testing.assert_allclose(drawn(page)[b][1], [0.4, 0.5], rtol=1e-6)
    page.overlay.part.button("train").click()
    assert len(drawn(page)[a][0]) == 9  # a point a step
    compared = page.overlay.table.compared
    assert [setting.key for setting in compared.settings] == ["training.lr"]
    assert [compared.text(row, 2) for row in (0, 1)] == ["0.01", "0.02"]
    assert not compared.differs(0, 2) and compared.differs(1, 2)  # highlighted
    assert compared.index(1, 2).data(Qt.ItemDataRole.BackgroundRole) is not None
    assert compared.index(0, 2).data(Qt.ItemDataRole.BackgroundRole) is None
    compared.setData(compared.index(0, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert set(drawn(page)) == {b} and lab.state().runs.pinned[0].hidden
    page.overlay.table.selectRow(1)
    page.overlay._give_look(9)
    found = page.overlay.card.data.strands[b]
    assert (found.colour, found.dashed) == (1, 2)
    page.overlay.unpin.click()
    assert [each.folder for each in lab.state().runs.pinned] == [a]


def test_a_rate_set_in_mid_run_is_a_difference_in_the_list_the_table_and_the_groups(qtbot, show, root):
    """The same experiment and seed, once left alone: nobody is to take them for repetitions of one another."""
    keep(root / "20260101-090000-one", of(lr=0.003), (1.0, 0.1))
    keep(root / "20260101-093000-two", of(lr=0.003), (1.0, 2.3), rates=[(2, 0.1), (4, 0.3)])
    _, page = show(2, torch=False)
    assert column(page, "differs") == ["Learning rate 0.003 → 0.3", ""]
    pin(page, "20260101-090000-one", "20260101-093000-two")
    qtbot.waitUntil(lambda: len(drawn(page)) == 2)
    compared = page.overlay.table.compared
    assert [setting.key for setting in compared.settings] == ["training.lr"]
    assert [compared.text(row, 2) for row in (0, 1)] == ["0.003", "0.003 → 0.3"]
    assert not compared.differs(0, 2) and compared.differs(1, 2)
    page.overlay.shown.button("mean").click()
    assert len(page.overlay.curves) == 2  # a group each
    page.overlay.shown.button("difference").click()
    (curve,) = page.overlay.curves
    np.testing.assert_allclose(curve.values, [0.0, 2.2], rtol=1e-6)


def test_pinned_runs_of_one_name_are_told_apart_by_their_time(qtbot, show, root):
    for folder, lr in (("20260101-090000-one", 0.01), ("20260101-093015-two", 0.02), ("20260101-093045-three", 0.03)):
        keep(root / folder, of(lr=lr))
    keep(root / "20260102-090000-four", edited(of(), name="Mine"))
    _, page = show(4, torch=False)
    pin(page, "20260101-090000-one", "20260101-093015-two", "20260102-090000-four")
    qtbot.waitUntil(lambda: len(drawn(page)) == 3)
    compared = page.overlay.table.compared
    assert [compared.text(row, 0) for row in range(3)] == ["Digits CNN · 09:00", "Digits CNN · 09:30", "Mine"]
    page.overlay.shown.button("difference").click()
    assert page.overlay.curves[0].name == "Digits CNN · 09:30 − Digits CNN · 09:00"
    pin(page, "20260101-093045-three")
    qtbot.waitUntil(lambda: compared.rowCount() == 4)
    assert compared.text(3, 0) == "Digits CNN · 09:30:45"


def test_the_mean_over_seeds_with_its_band_is_scipy_s(qtbot, show, root):
    random = np.random.default_rng(3)
    losses = random.uniform(0.1, 2.0, (4, 5)).astype(np.float32)
    for seed, row in enumerate(losses):
        keep(root / f"seed{seed}", edited(of(), seed=seed), row.tolist(), [0.5] * 5)
    keep(root / "other", of(lr=0.5), (1.0,), (0.5,))
    _, page = show(5, torch=False)
    pin(page, *(f"seed{seed}" for seed in range(4)), "other")
    page.overlay.shown.button("mean").click()
    qtbot.waitUntil(lambda: len(page.overlay.curves) == 2)
    mean, alone = page.overlay.curves
    assert len(mean.members) == 4 and alone.band is None
    exact = losses.astype(float)
    low, high = stats.t.interval(0.95, 3, loc=exact.mean(0), scale=stats.sem(exact))
    ribbon = page.overlay.card.data.ribbons[mean.key]
    np.testing.assert_allclose(mean.values, exact.mean(0))
    np.testing.assert_allclose((ribbon.low, ribbon.high), (low, high))
    assert "4 runs" in page.overlay.said.text() and "iteration 15" in page.overlay.said.text()
    half = f"± {stats.t.ppf(0.975, 3) * stats.sem(exact[:, 4]):.2g}"
    assert half in page.overlay.said.text()
    page.overlay.band.chosen.emit("range")
    ribbon = page.overlay.card.data.ribbons[mean.key]
    np.testing.assert_allclose((ribbon.low, ribbon.high), (exact.min(0), exact.max(0)))
    page.overlay.band.chosen.emit("deviation")
    ribbon = page.overlay.card.data.ribbons[mean.key]
    np.testing.assert_allclose(ribbon.high, exact.mean(0) + exact.std(0, ddof=1))


def test_the_list_shows_the_line_that_is_drawn_of_each_run(qtbot, show, root):
    """Of a mean, that of the mean; of what is hidden, none."""
    for seed in range(2):
        keep(root / f"seed{seed}", edited(of(), seed=seed), (1.0, 0.5), (0.5, 0.5))
    keep(root / "other", edited(of(lr=0.5), seed=1), (1.0,), (0.5,))
    _, page = show(3, torch=False)
    pin(page, "seed0", "seed1", "other")
    model = page.table.runs

    def drawn(picture):
        image = picture.toImage()
        return tuple(image.pixel(x, image.height() // 2) for x in range(image.width()))

    def lines():
        shown = {row.run.path.name: model.index(number, 0) for number, row in enumerate(model.rows)}
        return [drawn(model.data(shown[name], Qt.ItemDataRole.DecorationRole)) for name in ("seed0", "seed1", "other")]

    nothing = drawn(swatch(None))
    qtbot.waitUntil(lambda: len(page.overlay.curves) == 3 and len({nothing, *lines()}) == 4)
    page.overlay.shown.button("mean").click()
    qtbot.waitUntil(lambda: len(page.overlay.curves) == 2)
    first, second, other = lines()
    assert first == second != other and nothing not in (first, other)
    page.overlay.shown.button("difference").click()
    first, second, other = lines()
    assert first == second == nothing != other, "what is compared with has no line of its own"


def test_a_mean_over_a_queue_s_seeds_is_called_as_its_runs_without_the_seed(qtbot, show, root):
    """Where another group would be called the same, each is called after its first run."""
    for seed in range(3):
        keep(root / f"seed{seed}", edited(of(), seed=seed, name=f"Digits CNN, seed {seed}"))
    for seed in range(2):
        keep(root / f"fast{seed}", edited(of(lr=0.5), seed=seed, name=f"Digits CNN, seed {seed}"))
    _, page = show(5, torch=False)
    pin(page, *(f"seed{seed}" for seed in (2, 0, 1)))
    page.overlay.shown.button("mean").click()
    qtbot.waitUntil(lambda: len(page.overlay.curves) == 1 and len(page.overlay.curves[0].members) == 3)
    assert page.overlay.curves[0].name == "Digits CNN"
    pin(page, "fast0", "fast1")
    qtbot.waitUntil(lambda: len(page.overlay.curves) == 2 and len(page.overlay.curves[1].members) == 2)
    assert [curve.name for curve in page.overlay.curves] == ["Digits CNN, seed 2", "Digits CNN, seed 0"]


def test_pairs_of_one_seed_are_subtracted(qtbot, show, root):
    for seed, (base, other) in enumerate((((1.0, 0.5), (0.75, 0.25)), ((2.0, 1.0), (2.5, 0.5)))):
        keep(root / f"base{seed}", edited(of(), seed=seed), base, (0.5, 0.5))
        keep(root / f"other{seed}", edited(of(lr=0.5), seed=seed), other, (0.75, 0.5))
    keep(root / "lonely", edited(of(lr=0.5), seed=9), (1.0, 1.0), (0.5, 0.5))
    _, page = show(5, torch=False)
    pin(page, "base0", "base1", "other0", "other1", "lonely")
    page.overlay.shown.button("difference").click()
    qtbot.waitUntil(lambda: len(page.overlay.curves) == 3)
    first, second, mean = page.overlay.curves
    np.testing.assert_allclose(first.values, [-0.25, -0.25])
    np.testing.assert_allclose(second.values, [0.5, -0.5])
    np.testing.assert_allclose(mean.values, [0.125, -0.375])
    assert "2 pairs" in page.overlay.said.text() and "−0.375" in page.overlay.said.text()
    page.overlay.measure.button("accuracy").click()
    np.testing.assert_allclose(page.overlay.curves[0].values, [25.0, 0.0])  # percentage points
    assert page.overlay.card.kind == "value"


def test_a_run_of_another_process_is_followed(qtbot, show, root, monkeypatch):
    monkeypatch.setattr(runs_feed, "LIST_MS", 30)
    monkeypatch.setattr(runs_feed, "FOLLOW_MS", 30)
    written = keep(root / "theirs", of(epochs=4), (1.0,), (0.25,), reason=None, owned=True)
    lab, page = show(1, torch=False)
    assert column(page, "state") == ["running elsewhere"]
    choose(page, "theirs")
    assert page.buttons["open"].text() == "Follow"
    with qtbot.waitSignal(lab.control.opened):
        page.buttons["open"].click()
    assert lab.control.is_elsewhere and lab.state().view == "run", "it is shown as it grows"
    lab.show_view("runs")
    folder = str(root / "theirs")
    page.pin_all([folder])
    qtbot.waitUntil(lambda: folder in drawn(page))
    assert drawn(page)[folder][1].tolist() == [1.0]
    before = page.overlay.card.data.strands[folder]
    for step, loss in ((6, 0.5), (9, 0.25)):
        written._history.append_step(step, loss, 0.5)
        written._history.append_epoch(step, loss, 0.5, loss, 0.5)
        written.append_metrics()
        qtbot.waitUntil(lambda loss=loss: drawn(page)[folder][1][-1] == loss)
    assert page.overlay.card.data.strands[folder] is before  # it has only grown
    written.save_status(Status(State.IDLE, Reason.COMPLETED, step=9, steps=12, epochs=4, seconds=1.0, lr=1e-3))
    written.leave()
    qtbot.waitUntil(lambda: column(page, "state") == ["completed"])
    assert column(page, "best_loss") == ["0.2500"]


def test_one_pin_too_many_is_said(qtbot, show, root):
    for number in range(3):
        keep(root / f"run{number}")
    _, page = show(3, torch=False)
    page.pin_all([f"elsewhere/{number}" for number in range(MOST_PINNED - 1)])
    page.table.runs.pinned.emit(str(root / "run0"), True)
    assert "50" not in page.details.wording
    page.table.runs.pinned.emit(str(root / "run1"), True)
    assert page.details.wording == "At most 50 runs can be pinned at once. Unpin some first."
    assert len(page._view.pinned) == MOST_PINNED and str(root / "run1") not in drawn(page)
    page.table.runs.pinned.emit(str(root / "run0"), False)
    assert "50" not in page.details.wording
    page.table.runs.pinned.emit(str(root / "run1"), True)
    assert page._view.pinned[-1].folder == str(root / "run1") and "50" not in page.details.wording


def test_a_run_of_this_window_is_followed_too(qtbot, show):
    lab, page = show(0)
    lab.open_experiment(small(epochs=3))
    with qtbot.waitSignal(lab.run_ended) as ended:
        lab.play()
    page.feed.look()
    qtbot.waitUntil(lambda: len(page.rows) == 1)
    pin(page, names(page)[0])
    folder = str(ended.args[0].folder)
    qtbot.waitUntil(lambda: folder in drawn(page))
    np.testing.assert_array_equal(drawn(page)[folder][1], lab.worker.history.validation.since()[1])


def test_nothing_is_read_while_nobody_looks(qtbot, show, root):
    keep(root / "one")
    lab, page = show(1, torch=False)
    lab.show_view("run")
    assert not page.feed._list_timer.isActive() and not page.feed._curves_timer.isActive()
    keep(root / "two")
    lab.show_view("runs")
    qtbot.waitUntil(lambda: len(page.rows) == 2)


def test_how_runs_are_looked_at_is_state_and_no_step(qtbot, show, root):
    keep(root / "one")
    lab, page = show(1, torch=False)
    before = lab.can_undo
    pin(page, "one")
    page.overlay.shown.button("mean").click()
    assert lab.state().runs == RunsView(pinned=(PinnedRun(str(root / "one"), 0),), shown="mean") and lab.can_undo == before
    lab.set_state(TrainingState(view="runs", runs=RunsView(measure="accuracy", filter="zzz")))
    assert page.overlay.measure.current == "accuracy" and page.filter.text() == "zzz" and names(page) == []


def test_each_pinned_run_gets_a_line_that_no_other_has():
    view = RunsView()
    for number in range(LOOKS):
        view = with_pin(view, f"run{number}", True)
    assert [pinned.look for pinned in view.pinned] == list(range(LOOKS))
    view = with_pin(view, "run5", False)
    assert with_pin(view, "new", True).pinned[-1] == PinnedRun("new", 5)
    assert with_pin(view, "run3", True) == view


def test_the_page_speaks_korean(qtbot, show, root):
    keep(root / "one", of(lr=0.01))
    keep(root / "two", of(lr=0.02))
    _, page = show(2, torch=False)
    pin(page, "one", "two")
    language.set_language("ko")
    qtbot.waitUntil(lambda: page.buttons["open"].text() == "열기")
    qtbot.waitUntil(lambda: len(drawn(page)) == 2)
    assert set(column(page, "state")) == {"완료"} and page.count.text() == "실행 2개"
    compared = page.overlay.table.compared
    assert compared.headerData(2, Qt.Orientation.Horizontal) == "학습률"
    other = compared.runs[1]
    other = replace(other, experiment=edited(of(lr=0.01), data=Data(name="hangul")))
    compared.show_runs((compared.runs[0], other), {})
    assert [compared.text(row, 2) for row in (0, 1)] == ["손글씨 숫자 8×8", "한글 자음"]
    assert page.table.runs.headerData(0, Qt.Orientation.Horizontal) == "이름"


def test_names_and_data_are_in_the_window_s_language(qtbot, show, root):
    keep(root / "20260101-090000-one", of(lr=0.01))
    keep(root / "20260102-090000-two", edited(preset("waves-lstm"), name="Waves LSTM, lr 0.003, seed 8, fold 2/5"))
    keep(root / "20260103-090000-three", edited(of(), name="My CNN, seed 8"))
    _, page = show(3, torch=False)
    assert column(page, "name")[1:] == ["Waves LSTM, lr 0.003, seed 8, fold 2/5", "Digits CNN"]
    pin(page, "20260101-090000-one")
    qtbot.waitUntil(lambda: bool(page.overlay.curves))
    language.set_language("ko")
    qtbot.waitUntil(lambda: page.buttons["open"].text() == "열기")
    assert column(page, "name") == ["My CNN, seed 8", "파형 LSTM, lr 0.003, 시드 8, 폴드 2/5", "숫자 CNN"]
    assert column(page, "data") == ["손글씨 숫자 8×8", "파형", "손글씨 숫자 8×8"]
    assert page.overlay.curves[0].name == page.overlay.table.compared.text(0, 0) == "숫자 CNN"
    page._edit(filter="digits cnn")  # as its file has it
    assert names(page) == ["20260101-090000-one"]
    choose(page, "20260101-090000-one")
    page.buttons["rename"].click()
    dialog = page.findChildren(NameDialog)[0]
    assert dialog.box.text() == "숫자 CNN"
    dialog.accept()
    assert Run.open(root / "20260101-090000-one").experiment.name == "Digits CNN", "nothing was typed, nothing changes"


def test_a_pinned_run_with_another_name_and_more_epochs_is_shown_with_them(qtbot, show, root):
    keep(root / "one", of(lr=0.01))
    keep(root / "two", of(lr=0.02))
    _, page = show(2, torch=False)
    pin(page, "one", "two")
    compared = page.overlay.table.compared
    qtbot.waitUntil(lambda: compared.rowCount() == 2)
    page.rename_run(root / "one", "  Slow   one ")
    qtbot.waitUntil(lambda: compared.text(0, 0) == "Slow one")
    assert page.overlay.curves[0].name == "Slow one"


def test_cells_are_written_when_they_are_looked_at(show, root, monkeypatch):
    for number in range(60):
        keep(root / f"run{number:02}", edited(of(), seed=number))
    written = []
    cell = runs_table.cell
    monkeypatch.setattr(runs_table, "cell", lambda row, column, *rest: written.append(row.run.path) or cell(row, column, *rest))
    _, page = show(60, torch=False)
    page.table.sortByColumn(COLUMNS.index("seed"), Qt.SortOrder.AscendingOrder)
    page.table.resize(1200, 200)
    page.table.grab()
    assert 0 < len(set(written)) < 60
    before = len(written)
    page.table.grab()
    assert len(written) == before, "and once"


def test_a_folder_that_cannot_be_read_just_now_is_read_again(qtbot, show, root, monkeypatch):
    monkeypatch.setattr(runs_feed, "LIST_MS", 30)
    keep(root / "one")
    _, page = show(1, torch=False)
    read = RunList.read
    failed = []

    def fails_once(self, most_new=None):
        if not failed:
            failed.append(True)
            raise OSError("not ready")
        return read(self, most_new)

    monkeypatch.setattr(RunList, "read", fails_once)
    keep(root / "two")
    page.feed.look()
    qtbot.waitUntil(lambda: len(page.rows) == 2)


def test_a_run_that_has_begun_again_meanwhile_does_not_go_to_the_trash(show, root, monkeypatch):
    keep(root / "one")
    _, page = show(1, torch=False)
    said = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _page, _title, text: said.append(text))
    monkeypatch.setattr(runs_page, "moved_to_trash", lambda path: said.append("moved") or True)
    owner = FolderLock(root / "one")
    page.delete_run(root / "one")
    owner.release()
    assert len(said) == 1 and "another process" in said[0]


def test_no_plot_is_made_for_no_runs(qtbot):
    overlay = Overlay()
    qtbot.addWidget(overlay)
    overlay.show()
    before = overlay.card._plot
    overlay.show_followed({})
    assert overlay.card._plot is before


def test_whatever_was_changed_in_mid_run_stands_in_the_list_and_no_setting_twice():
    made = of(clip=1.0, schedule=StepLR(gamma=0.5))
    made = edited(made, network=edited(made.network, layers=with_dropout(made.network.layers, 0.2)))
    other = edited(of(clip=3.0), network=edited(made.network, layers=with_dropout(made.network.layers, 0.3)))
    count = len(value_of(made, "dropout"))
    changed = (
        ("clip", 1.0, None),
        ("schedule", StepLR(gamma=0.5), StepLR(gamma=0.25)),
        ("augmentation", Augmentation(), Augmentation(flip=True)),
        ("dropout", (0.2,) * count, (0.5, *(0.2,) * (count - 1))),
    )
    runs = [
        ListedRun(Path("a"), Standing.COMPLETED, 0.0, made, lr=0.5, others_changed=changed),
        ListedRun(Path("b"), Standing.COMPLETED, 0.0, other),
    ]
    one, another = (cell(row, "differs", "en", {}, str) for row in rows_of(runs))
    ends = f"0.2 → {' / '.join(['0.5', *['0.2'] * (count - 1)])}" if count > 1 else "0.2 → 0.5"
    assert one.split(" · ") == [
        f"Learning rate {in_digits(made.training.lr)} → 0.5", "Gradient clipping 1 → none", "steps: Times 0.5 → 0.25",
        "Mirror left and right off → on", f"Dropout {ends}",
    ]  # fmt: skip
    assert "Gradient clipping 3" in another and "→" not in another
