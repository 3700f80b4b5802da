"""Data of one's own in the training lab: chosen, dropped, opened, saved beside them, and chosen again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

from engine.data.info import Data
from engine.experiments.check import check
from engine.experiments.experiment import preset, read
from engine.fields import edited
from engine.layers.kinds.embedding import Embedding
from gui.labs.training.data.own_data import OwnData
from gui.main_window import MainWindow
from tests.engine.data.idx_files import idx_folder
from tests.gui.labs.training.small_runs import run, small
from tests.gui.layouts import lay_out

TEXT = "the cat sat on the mat. " * 40


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "mine" / "cats.txt"
    file.parent.mkdir()
    file.write_text(TEXT)
    return file


def answered(monkeypatch, path: Path | str) -> list[str]:
    """Let the file dialog answer with a path; returns the folders that it begins in."""
    begun = []

    def choose(_page, _title, folder, _kinds=""):
        begun.append(folder)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda page, title, folder: choose(page, title, folder)[0])
    return begun


def settled(qtbot, lab) -> None:
    qtbot.waitUntil(lambda: not lab.own.busy and (lab.data_page is None or not lab.data_page.feed.busy))
    lay_out()


def dropped(path: Path) -> QDropEvent:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    dropped.kept = mime  # the event does not keep it
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys)


def test_a_chosen_text_is_learned_from_by_a_network_that_fits_it(qtbot, lent_lab, text, monkeypatch):
    lab = lent_lab(preset("digits-cnn"), torch=False)
    answered(monkeypatch, text)
    lab.panel.own.buttons["text"].click()
    settled(qtbot, lab)
    experiment = lab.experiment()
    assert experiment.data == Data(name="text", path=str(text)) and experiment.name == "cats"
    check(experiment)
    embedding = experiment.network.layers[0]
    assert isinstance(embedding, Embedding) and embedding.num_embeddings == len(set(TEXT))
    assert lab.state().view == "data" and lab.data_page.contents.data == experiment.data
    assert lab.data_page.about.title == "Text: cats.txt"
    assert "cats.txt" in lab.panel.network.text()


def test_it_is_one_step_to_undo(qtbot, lent_lab, text):
    lab = lent_lab(preset("digits-cnn"), torch=False)
    lab.open_data(text)
    settled(qtbot, lab)
    lab.undo()
    assert lab.experiment() == preset("digits-cnn")
    lab.redo()
    assert lab.experiment().data.path == str(text)


def test_what_cannot_be_read_is_a_sentence_and_changes_nothing(qtbot, lent_lab, tmp_path):
    lab = lent_lab(preset("digits-cnn"), torch=False)
    (tmp_path / "empty.txt").write_text("")
    before = lab.can_undo
    lab.open_data(tmp_path / "empty.txt")
    settled(qtbot, lab)
    page = lab.data_page
    assert lab.experiment() == preset("digits-cnn") and lab.can_undo == before
    assert page.trouble.isVisible() and "empty.txt" in page.trouble.problem.text()
    assert page.samples.isVisible()  # the data before are still shown
    lab.show_view("run")
    lab.show_view("data")
    assert page.trouble.isHidden()


def test_a_dialog_that_is_cancelled_changes_nothing(qtbot, lent_lab, monkeypatch):
    lab = lent_lab(preset("digits-cnn"), torch=False)
    answered(monkeypatch, "")
    for kind in ("pictures", "table", "text"):
        lab.panel.own.buttons[kind].click()
    assert lab.state().view == "run" and not lab.own.busy


def test_a_file_or_a_folder_is_dropped_onto_the_lab(qtbot, lent_lab, text):
    lab = lent_lab(preset("digits-cnn"), torch=False)
    event = dropped(text)
    lab.dropEvent(event)
    settled(qtbot, lab)
    assert event.isAccepted() and lab.experiment().data.path == str(text)
    for path, wanted in ((text.parent, text.parent), (text, text), (Path("/x/a.toml"), None), (Path("/x/a.exe"), None)):
        assert OwnData.dropped(dropped(path).mimeData()) == wanted


def test_data_that_are_gone_are_chosen_again(qtbot, lent_lab, text, tmp_path, monkeypatch):
    """What else is set of them stays."""
    data = Data(name="text", path=str(tmp_path / "old.txt"), length=15, validation=0.3)
    lab = lent_lab(edited(preset("text-lstm"), data=data), torch=False)
    begun = answered(monkeypatch, text)
    assert lab.panel.again.isVisible() and lab.panel.problem
    lab.panel.again.click()
    settled(qtbot, lab)
    assert begun == [str(tmp_path)]
    assert lab.experiment().data == edited(data, path=str(text))
    assert lab.panel.again.isHidden() and not lab.panel.problem


def test_a_folder_of_idx_files_that_is_gone_is_chosen_as_a_folder(qtbot, lent_lab, tmp_path, monkeypatch):
    data = Data(name="fashion-mnist", path=str(tmp_path / "old" / "raw"), validation=0.3)
    lab = lent_lab(edited(preset("digits-cnn"), name="Clothes", data=data), torch=False)
    begun = answered(monkeypatch, idx_folder(tmp_path / "new", 60))
    assert lab.panel.again.isVisible() and lab.panel.again.text() == "Choose again..."
    lab.panel.again.click()
    settled(qtbot, lab)
    assert begun == [str(tmp_path / "old")]
    assert lab.experiment().data == edited(data, path=str(tmp_path / "new")) and lab.experiment().name == "Clothes"
    assert lab.panel.again.isHidden() and not lab.panel.problem


def test_a_folder_of_idx_files_is_dropped_onto_the_lab(qtbot, lent_lab, tmp_path):
    """They are no pictures of one's own."""
    folder = idx_folder(tmp_path / "written", 60)
    lab = lent_lab(preset("digits-cnn"), torch=False)
    lab.dropEvent(dropped(folder))
    settled(qtbot, lab)
    experiment = lab.experiment()
    assert (experiment.data.name, experiment.data.path, experiment.name) == ("mnist", str(folder), "written")
    assert not lab.panel.problem


def test_a_saved_experiment_names_them_relative_to_itself(qtbot, tmp_path, text, save_as, monkeypatch):
    window = MainWindow(tmp_path / "settings.json", lab="training", chosen_language="en")
    qtbot.addWidget(window)
    window.show()
    lab = window.lab("training")
    lab.open_data(text)
    settled(qtbot, lab)
    target = tmp_path / "experiment.toml"
    save_as(target)
    window._save_action.trigger()
    assert 'path = "mine/cats.txt"' in target.read_text("utf-8")
    assert read(target).data.path == str(text)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for part in (text.parent, target):
        part.rename(moved / part.name)
    window.open_path(moved / "experiment.toml")
    assert lab.experiment().data.path == str(moved / "mine" / "cats.txt") and not lab.panel.problem
    window.close()


def test_the_window_opens_data_in_the_training_lab(qtbot, tmp_path, text, monkeypatch):
    window = MainWindow(tmp_path / "settings.json", lab="network", chosen_language="en")
    qtbot.addWidget(window)
    window.show()
    answered(monkeypatch, text)
    window._open_action.trigger()
    lab = window.lab("training")
    settled(qtbot, lab)
    assert window.current_lab == "training" and lab.experiment().data.path == str(text)
    window.close()


def test_the_network_is_fitted_by_one_press_where_there_is_no_preset(qtbot, lent_lab, text):
    data = Data(name="text", path=str(text))
    lab = lent_lab(edited(preset("digits-cnn"), data=data), torch=False)
    assert lab.panel.problem and lab.panel.repair.text() == "Fit the network to these data"
    lab.panel.repair.click()
    assert not lab.panel.problem and lab.experiment().data == data
    lab.undo()
    assert lab.panel.problem


def test_own_pictures_in_the_list_of_data_sets_are_chosen_in_a_dialog(qtbot, lent_lab, monkeypatch):
    lab = lent_lab(preset("digits-cnn"), torch=False)
    begun = answered(monkeypatch, "")
    row = lab.panel.dataset
    row.box.setCurrentIndex(row.box.findData("folder"))
    row.box.activated.emit(row.box.currentIndex())
    assert len(begun) == 1
    assert lab.experiment() == preset("digits-cnn") and row.value == "digits"  # none was chosen


def test_the_folder_of_a_run_is_opened_as_that_run(qtbot, make_lab):
    lab = make_lab(small())
    folder = run(qtbot, lab).folder
    lab.reset()
    lab.open_experiment(preset("digits-mlp"))
    lab.dropEvent(dropped(folder))
    qtbot.waitUntil(lambda: lab.control.status() is not None)
    assert lab.experiment() == small() and lab.state().view == "run"


def test_each_way_is_in_the_menu(qtbot, lent_lab):
    lab = lent_lab(torch=False)
    titles = [action.text() for action in lab.actions_for_menu()]
    assert [title for title in titles if title.startswith(("Own", "Draw"))] == [
        "Own pictures...", "Own table...", "Own text...", "Draw a data set...",
    ]  # fmt: skip
    assert [button.text() for button in lab.panel.own.findChildren(QPushButton)] == [
        "Own pictures...", "Own table...", "Own text...", "Draw them...",
    ]  # fmt: skip
