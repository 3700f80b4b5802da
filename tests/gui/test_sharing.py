"""The window's Edit and File menus: undo and redo, a setting as a file and as text, over the training lab and a small lab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QFileDialog, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import app
from engine.experiments import experiment
from engine.fields import edited
from gui.lab.base import Lab, Services
from gui.lab.names import LABS, LabRow
from gui.labs.convolution.state import ConvolutionState
from gui.main_window import MainWindow
from gui.shell.state_file import to_text
from gui.shell.undo import difference

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class FakeLab(Lab):
    """A lab of three boxes: frames are a number box, the depth one with a point, the picture's name is typed."""

    name = "convolution"
    state_type = ConvolutionState

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = ConvolutionState(picture="china")
        self.box, self.real, self.line = QSpinBox(), QDoubleSpinBox(), QLineEdit()
        self.box.setKeyboardTracking(False)
        self.box.setRange(1, 16)
        self.box.setSuffix(" frames")
        column = QVBoxLayout(self)
        for part in (self.box, self.real, self.line):
            column.addWidget(part)
        self._show()
        self.box.valueChanged.connect(self.set_frames)
        self.remember(self._state)

    def set_frames(self, frames: int) -> None:
        self.edit(frames=frames)

    def edit(self, **changes: object) -> None:
        before = self._state
        self._state = edited(before, **changes)
        self.remember(self._state, difference(before, self._state))
        self._show()

    def state(self) -> ConvolutionState:
        return self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, ConvolutionState)
        self._state = state
        self.remember(state, None)
        self._show()

    def _show(self) -> None:
        self.box.blockSignals(True)
        self.box.setValue(self._state.frames)
        self.box.blockSignals(False)


@pytest.fixture
def window(qtbot: QtBot, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    labs = {"convolution": LabRow(__name__, "FakeLab"), "training": LABS["training"]}
    monkeypatch.setattr("gui.main_window.LABS", labs)
    made = MainWindow(own_home / "settings.json", chosen_language="en")
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    yield made
    made.close()


def fake(window: MainWindow) -> FakeLab:
    lab = window.lab("convolution")
    assert isinstance(lab, FakeLab)
    return lab


def menu(window: MainWindow) -> dict[str, QAction]:
    return {action.text(): action for action in window._edit_menu.actions() if action.text()}


# --- undo and redo


def test_the_edit_menu_stands_between_file_and_lab(window: MainWindow) -> None:
    assert [action.text() for action in window.menuBar().actions()] == ["&File", "&Edit", "&Lab", "&View", "&Help"]
    assert list(menu(window)) == ["Undo", "Redo", "Copy setting as text", "Paste setting"]


def test_undo_and_redo_by_menu_and_keys(qtbot: QtBot, window: MainWindow) -> None:
    lab, actions = fake(window), menu(window)
    assert not actions["Undo"].isEnabled() and not actions["Redo"].isEnabled()
    lab.edit(frames=5)
    lab.edit(flipped=True)
    lab.edit(picture="digit")
    assert actions["Undo"].isEnabled() and not actions["Redo"].isEnabled()
    actions["Undo"].trigger()
    assert lab.state() == ConvolutionState(frames=5, flipped=True) and actions["Redo"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert lab.state() == ConvolutionState() and not actions["Undo"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert lab.state() == ConvolutionState(frames=5, flipped=True)
    lab.edit(frames=7)
    assert not actions["Redo"].isEnabled()


def test_a_restored_state_is_where_undoing_ends(qtbot: QtBot, window: MainWindow, own_home: Path) -> None:
    fake(window).edit(frames=9)
    window.close()
    second = MainWindow(own_home / "settings.json", chosen_language="en")
    qtbot.addWidget(second)
    lab = fake(second)
    assert lab.state().frames == 9 and not lab.can_undo
    lab.edit(frames=10)
    lab.undo()
    assert lab.state().frames == 9 and not lab.can_undo
    second.close()


@pytest.mark.parametrize("box", ["box", "real", "line"])
def test_a_box_with_nothing_typed_leaves_the_keys_to_the_lab(qtbot: QtBot, window: MainWindow, box: str) -> None:
    lab = fake(window)
    lab.edit(frames=5)
    lab.edit(flipped=True)
    focus = getattr(lab, box)
    focus.setFocus()
    qtbot.waitUntil(focus.hasFocus)
    qtbot.keyClick(focus, Qt.Key.Key_Z, CONTROL)
    assert lab.state() == ConvolutionState(frames=5)
    qtbot.keyClick(focus, Qt.Key.Key_Z, CONTROL)
    assert lab.state() == ConvolutionState()
    qtbot.keyClick(focus, Qt.Key.Key_Z, CONTROL | SHIFT)
    qtbot.keyClick(focus, Qt.Key.Key_Y, CONTROL)
    assert lab.state() == ConvolutionState(frames=5, flipped=True)


def test_what_is_being_typed_is_taken_back_first(qtbot: QtBot, window: MainWindow) -> None:
    lab = fake(window)
    lab.edit(flipped=True)
    lab.box.setFocus()
    qtbot.waitUntil(lab.box.hasFocus)
    lab.box.selectAll()
    qtbot.keyClicks(lab.box, "12")
    assert lab.box.cleanText() == "12"
    qtbot.keyClick(lab.box, Qt.Key.Key_Z, CONTROL)
    assert lab.state().flipped and lab.box.cleanText() == "4"  # the box took its letters back
    qtbot.keyClick(lab.box, Qt.Key.Key_Z, CONTROL)
    assert not lab.state().flipped


def test_a_number_that_was_taken_over_is_undone_by_the_lab(qtbot: QtBot, window: MainWindow) -> None:
    lab = fake(window)
    lab.box.setFocus()
    qtbot.waitUntil(lab.box.hasFocus)
    lab.box.selectAll()
    qtbot.keyClicks(lab.box, "12")
    qtbot.keyClick(lab.box, Qt.Key.Key_Return)
    assert lab.state().frames == 12
    qtbot.keyClick(lab.box, Qt.Key.Key_Z, CONTROL)
    assert lab.state().frames == 4 and lab.box.value() == 4


def test_a_line_keeps_its_own_undo_while_it_has_one(qtbot: QtBot, window: MainWindow) -> None:
    lab = fake(window)
    lab.edit(flipped=True)
    lab.line.setFocus()
    qtbot.waitUntil(lab.line.hasFocus)
    qtbot.keyClicks(lab.line, "abc")
    qtbot.keyClick(lab.line, Qt.Key.Key_Z, CONTROL)
    assert lab.line.text() == "" and lab.state().flipped
    qtbot.keyClick(lab.line, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert lab.line.text() == "abc" and lab.state().flipped


def test_each_lab_has_a_history_of_its_own(window: MainWindow) -> None:
    fake(window).edit(frames=5)
    window.show_lab("training")
    assert not menu(window)["Undo"].isEnabled()
    window.show_lab("convolution")
    assert menu(window)["Undo"].isEnabled()


def test_the_training_labs_experiment_is_undone_and_its_view_stays(qtbot: QtBot, window: MainWindow) -> None:
    window.show_lab("training")
    lab = window.lab("training")
    first = lab.experiment()  # type: ignore[attr-defined]
    for epochs in (3, 4, 5):  # one hand on one slider
        changed = edited(first, training=edited(first.training, epochs=epochs))
        lab.panel.experiment_edited.emit(changed)  # type: ignore[attr-defined]
    lab.open_experiment(experiment.preset("digits-mlp"))  # type: ignore[attr-defined]
    lab.loss.log.click()  # type: ignore[attr-defined]
    assert lab.state().loss.log  # type: ignore[attr-defined]
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert lab.experiment().training.epochs == 5 and lab.state().loss.log  # type: ignore[attr-defined]
    assert lab.panel.training.row("epochs").value == 5  # type: ignore[attr-defined]
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert lab.experiment() == first and not lab.can_undo  # type: ignore[attr-defined]
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert lab.experiment() == experiment.preset("digits-mlp") and not lab.can_redo  # type: ignore[attr-defined]


# --- files


def test_the_shown_labs_setting_is_saved_and_opened(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, save_as: Callable[[Path], list[str]]
) -> None:
    lab = fake(window)
    lab.edit(frames=5, flipped=True)
    kept = lab.state()
    save_as(tmp_path / "mine")
    window._save_action.trigger()
    assert (tmp_path / "mine.toml").read_text("utf-8") == to_text("convolution", kept)
    assert window.statusBar().currentMessage() == f"Saved: {tmp_path / 'mine.toml'}"
    lab.edit(frames=8)
    window.show_lab("training")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "mine.toml"), ""))
    window._open_action.trigger()
    assert window.current_lab == "convolution" and lab.state() == kept
    lab.undo()
    assert lab.state().frames == 8


def test_the_training_lab_saves_its_experiment(
    window: MainWindow, tmp_path: Path, save_as: Callable[[Path], list[str]]
) -> None:
    window.show_lab("training")
    mine = edited(experiment.preset("digits-mlp"), name="a/b: c?")
    window.lab("training").open_experiment(mine)  # type: ignore[attr-defined]
    suggested = save_as(tmp_path / "e.toml")
    window._save_action.trigger()
    assert [Path(name).name for name in suggested] == ["a-b- c-.toml"]
    assert experiment.read(tmp_path / "e.toml") == mine
    window.show_lab("convolution")
    assert window.open_path(tmp_path / "e.toml")
    assert window.current_lab == "training"


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b'lab = "convolution"\nframes = 99\n', ["Line 2, frames", "99", "1 to 16"]),
        (b'lab = "kitchen"\n', ["kitchen", "convolution, network"]),
        (b"x = [\n", ["neither a setting", "Not valid TOML", "line 1"]),
        (b"hello\n", ["neither a setting", "[network]"]),
        (b"", ["nothing in it"]),
        (b"lab = 3\n", ["Line 1, lab", "got 3"]),
        (b'[training]\nlr = "fast"\n', ["lr"]),
        (b"\xff\xfe\x00", ["UTF-8"]),
        (b"x" * 1_000_001, ["1,000,001"]),
        (None, ["is not there"]),
    ],
)
def test_a_file_that_cannot_be_opened_is_said_and_changes_nothing(
    window: MainWindow, tmp_path: Path, said: list[str], content: bytes | None, parts: list[str]
) -> None:
    file = tmp_path / "odd.toml"
    if content is not None:
        file.write_bytes(content)
    window.show_lab("training")
    before = (window.lab("training").state(), fake(window).state())
    assert not window.open_path(file)
    assert len(said) == 1 and "odd.toml" in said[0] and all(part in said[0] for part in parts), said
    assert window.current_lab == "training" and before == (window.lab("training").state(), fake(window).state())
    assert not fake(window).can_undo


def test_a_disk_that_refuses_is_said(
    window: MainWindow, tmp_path: Path, said: list[str], save_as: Callable[[Path], list[str]]
) -> None:
    save_as(tmp_path / "no such folder" / "x.toml")
    window._save_action.trigger()
    assert len(said) == 1 and "x.toml" in said[0] and "there is no such folder" in said[0]
    assert not window.statusBar().currentMessage()


def test_a_dropped_file_is_opened(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "s.TOML"
    file.write_text('lab = "convolution"\nframes = 6\n', "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    nothing = Qt.KeyboardModifier.NoModifier
    options = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, nothing)
    enter, drop = QDragEnterEvent(QPoint(5, 5), *options), QDropEvent(QPointF(5, 5), *options)
    QApplication.sendEvent(window, enter)
    QApplication.sendEvent(window, drop)
    assert enter.isAccepted() and drop.isAccepted() and fake(window).state().frames == 6


# --- as text


def test_a_setting_goes_through_the_clipboard(window: MainWindow) -> None:
    lab, actions = fake(window), menu(window)
    lab.edit(frames=5, picture="digit")
    kept = lab.state()
    actions["Copy setting as text"].trigger()
    assert QGuiApplication.clipboard().text() == to_text("convolution", kept)
    assert "Copied" in window.statusBar().currentMessage()
    lab.edit(frames=8)
    window.show_lab("training")
    QGuiApplication.clipboard().setText(f"```toml\n{QGuiApplication.clipboard().text()}```")
    actions["Paste setting"].trigger()
    assert window.current_lab == "convolution" and lab.state() == kept
    assert "Pasted" in window.statusBar().currentMessage()
    lab.undo()
    assert lab.state().frames == 8


def test_an_experiment_goes_through_the_clipboard(window: MainWindow) -> None:
    window.show_lab("training")
    window.lab("training").open_experiment(experiment.preset("lenet-5"))  # type: ignore[attr-defined]
    menu(window)["Copy setting as text"].trigger()
    assert experiment.parse(QGuiApplication.clipboard().text()) == experiment.preset("lenet-5")


@pytest.mark.parametrize(
    ("text", "part"), [("what I had for lunch", "neither a setting"), ('lab = "convolution"\nframes = 0', "Line 2, frames")]
)
def test_text_that_is_no_setting_is_said(window: MainWindow, said: list[str], text: str, part: str) -> None:
    before = fake(window).state()
    QGuiApplication.clipboard().setText(text)
    menu(window)["Paste setting"].trigger()
    assert len(said) == 1 and "Clipboard" in said[0] and part in said[0]
    assert fake(window).state() == before and not fake(window).can_undo


def test_an_empty_clipboard_is_said_quietly(window: MainWindow, said: list[str]) -> None:
    QGuiApplication.clipboard().clear()
    menu(window)["Paste setting"].trigger()
    assert said == [] and window.statusBar().currentMessage() == "There is no text on the clipboard."


# --- the command line


def test_the_command_line_takes_settings_and_says_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setting, broken = tmp_path / "s.toml", tmp_path / "b.toml"
    setting.write_text('lab = "convolution"\nframes = 6\n', "utf-8")
    broken.write_text("[training]\nlr = 'fast'\n", "utf-8")
    assert app._read(setting).lab == "convolution"
    with pytest.raises(experiment.ExperimentError, match="lr"):
        app._read(broken)
    assert app.main([str(broken)]) == 2
    assert "b.toml" in capsys.readouterr().err
