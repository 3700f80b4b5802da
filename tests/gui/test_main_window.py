from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

import app as program
from engine import kernels
from engine.experiments import experiment
from engine.exports import run_zip
from engine.fields import edited
from engine.files import FOLDER_VARIABLE
from engine.runs.folder import Run
from engine.training.worker import train
from gui.documents import Documents
from gui.lab.names import LABS, recognised
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.sequence.lab import SequenceLab
from gui.main_window import MainWindow
from gui.shell import settings, theme
from gui.shell.language import language
from gui.shell.on_screen import frame_height
from gui.widgets.pictures.picture_files import DRAWN
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(own_home: Path) -> Path:
    return own_home / "settings.json"


@pytest.fixture
def window(qtbot: QtBot, file: Path) -> Iterator[MainWindow]:
    made = _opened(qtbot, file)
    yield made
    made.close()


def _opened(qtbot: QtBot, file: Path, **options: object) -> MainWindow:
    made = MainWindow(file, **({"chosen_language": "en"} | options))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    return made


def test_every_lab_opens_and_says_something(qtbot: QtBot, window: MainWindow) -> None:
    for name in LABS:
        window.show_lab(name)
        assert window.current_lab == name
        assert window.lab(name).isVisible()
        assert window.windowTitle().endswith("Layerscope")


def test_size_lab_language_theme_and_states_come_back(qtbot: QtBot, file: Path) -> None:
    first = _opened(qtbot, file)
    first.resize(1001, 690)
    first.show_lab("training")
    theme.apply("dark")
    first._choose_language("ko")
    state = {name: first.lab(name).state() for name in LABS}
    first.close()
    second = _opened(qtbot, file, chosen_language=None)
    try:
        assert (second.width(), second.height()) == (1001, 690)
        assert second.current_lab == "training"
        assert theme.choice() == "dark" and language() == "ko"
        assert {name: second.lab(name).state() for name in LABS} == state
    finally:
        second.close()


def test_the_command_line_wins_over_what_is_remembered(qtbot: QtBot, file: Path) -> None:
    settings.save(settings.Settings(language="en", lab="convolution"), file)
    window = _opened(qtbot, file, lab="training", chosen_language="ko")
    try:
        assert window.current_lab == "training" and language() == "ko"
    finally:
        window.close()


def test_a_broken_settings_file_is_set_aside_and_said(qtbot: QtBot, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("{ this is no JSON", "utf-8")
    window = _opened(qtbot, file)
    try:
        assert "settings.broken.json" in window.statusBar().currentMessage()
        assert (file.parent / "settings.broken.json").read_text("utf-8") == "{ this is no JSON"
    finally:
        window.close()


@pytest.mark.parametrize(("room", "height"), [((1280, 680), 680), ((1093, 614), 620), ((1440, 860), 860), ((2560, 1400), 900)])
def test_the_window_is_no_higher_than_a_small_screen(
    qtbot: QtBot, file: Path, monkeypatch: pytest.MonkeyPatch, room: tuple[int, int], height: int
) -> None:
    screen = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, *room))  # 1920 × 1080 at 150%, 1366 × 768 at 125%, ...
    monkeypatch.setattr(QGuiApplication, "primaryScreen", lambda: screen)
    window = MainWindow(file)
    qtbot.addWidget(window)
    assert window.minimumHeight() <= window.height() <= height
    if window.minimumHeight() < room[1] < 760:
        assert window.height() + frame_height(window) <= room[1]


@pytest.mark.parametrize("state", [{"no": "such field"}, 17, None, [1, 2], {"layer": {"type": "Conv9d"}}])
def test_a_labs_state_that_no_longer_fits_is_left_out(qtbot: QtBot, file: Path, state: object) -> None:
    settings.save(settings.Settings(labs={"convolution": state, "training": state}, size=(1000, 700)), file)
    window = _opened(qtbot, file)
    try:
        assert window.width() == 1000
        for name in LABS:
            assert window.lab(name).state() is not None
    finally:
        window.close()


def test_the_language_switches_live_and_completely(qtbot: QtBot, window: MainWindow) -> None:
    def texts() -> set[str]:
        found = {label.text() for label in window.findChildren(QLabel)} | {a.text() for a in window.menuBar().actions()}
        return {re.sub(r"[\d.]+", "#", text) for text in found}  # measured times go on changing

    for name in ("training", "convolution"):
        window.show_lab(name)
    qtbot.waitUntil(lambda: "# ms" in texts() and not window.lab("convolution").busy())  # type: ignore[attr-defined]
    lay_out()  # how many terms of a sum there is room for
    english = texts()
    window._choose_language("ko")
    qtbot.waitUntil(lambda: "합성곱" in window._titles.stringList())
    korean = texts()
    assert any("파일" in text for text in korean)
    window._choose_language("en")
    qtbot.waitUntil(lambda: any("File" in text for text in texts()))
    qtbot.waitUntil(lambda: texts() == english)


def test_the_menu_bar_is_one_line(qtbot: QtBot, window: MainWindow) -> None:
    bar = window.menuBar()
    menus = bar.actionGeometry(bar.actions()[0]).center().y()
    for widget in (window._brand, window._language_button):
        assert abs(widget.mapTo(bar, widget.rect().center()).y() - menus) <= 1


@pytest.mark.parametrize("name", ["network", "training"])
def test_the_lab_menu_has_the_shown_labs_own_entries(window: MainWindow, name: str) -> None:
    window.show_lab(name)
    window._lab_menu.aboutToShow.emit()
    own = window.lab(name).actions_for_menu()
    assert window._lab_menu.actions() == own and len(own) > 3
    assert all(action.text() for action in own)


def test_keys_switch_the_lab(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.current_lab == "network")
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.current_lab == "training")
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.current_lab == "convolution")


def test_an_experiment_opens_in_the_training_lab(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    mine = experiment.preset("digits-mlp")
    experiment.write(mine, file)
    assert window.open_path(file)
    assert window.current_lab == "training"
    assert window.lab("training").experiment() == mine  # type: ignore[attr-defined]


def test_an_experiment_opens_in_the_lab_that_is_shown_if_that_is_one_of_such_networks(
    window: MainWindow, tmp_path: Path, said: list[str]
) -> None:
    """What is saved in the sequence lab comes back there."""
    window.show_lab("sequence")
    lab = window.lab("sequence")
    assert isinstance(lab, SequenceLab)
    lab.choose_cell("GRU")
    saved = lab.experiment()
    file = tmp_path / "saved.toml"
    file.write_text(lab.document_at(file), "utf-8")
    lab.choose_cell("RNN")
    assert window.open_path(file) and window.current_lab == "sequence" and lab.experiment() == saved
    window.show_lab("convolution")
    assert window.open_path(file) and window.current_lab == "training"
    window.show_lab("sequence")
    experiment.write(experiment.preset("digits-cnn"), file)
    assert window.open_path(file) and window.current_lab == "training"
    window.show_lab("sequence")
    file.write_text(lab.document_at(file).replace("hidden_size = ", "hidden_size = -"), "utf-8")
    assert not window.open_path(file) and len(said) == 1
    assert window.current_lab == "sequence" and lab.experiment() == saved


def test_a_run_that_was_sent_opens_with_its_curves(qtbot: QtBot, window: MainWindow, tmp_path: Path, said: list[str]) -> None:
    """It is unpacked among the runs; what is no run says so in the window's language."""
    small = experiment.preset("digits-mlp")
    training = edited(small.training, epochs=1, device="cpu")
    train(edited(small, data=edited(small.data, samples=100), training=training), folder=tmp_path / "run")
    sent = tmp_path / "sent.zip"
    sent.write_bytes(run_zip.run_zip(Run.open(tmp_path / "run"))[0])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sent))])
    assert Documents.dropped(data) == sent
    assert window.open_path(sent)
    qtbot.waitUntil(lambda: window.current_lab == "training")
    control = window.lab("training").control  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: control.folder is not None and control.folder.parent == window._services.runs_folder)
    assert len(control.history.train) == len(Run.open(tmp_path / "run").history().train)
    window._choose_language("ko")
    sent.write_text("no zip", "utf-8")
    window.open_path(sent)
    qtbot.waitUntil(lambda: bool(said))
    assert "손상되었거나 zip 파일이 아닙니다" in said[0]


def test_the_network_of_an_experiment_is_edited_in_its_own_lab_and_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    window.show_lab("training")
    lab = window.lab("training")
    lab.open_experiment(experiment.preset("lenet-5"))  # type: ignore[attr-defined]
    qtbot.mouseClick(lab.panel.edit_network, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert window.current_lab == "network"
    state = window.lab("network").state()
    assert state.layers == experiment.preset("lenet-5").network.layers  # type: ignore[attr-defined]
    assert state.name == experiment.preset("lenet-5").name  # type: ignore[attr-defined]
    window.lab("network").along.train()  # type: ignore[attr-defined]
    assert window.current_lab == "training"
    assert lab.experiment().network.layers == state.layers  # type: ignore[attr-defined]


def test_a_file_that_is_no_experiment_is_said_in_words(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda parent, title, text: said.append(text))
    file = tmp_path / "odd.toml"
    file.write_text("[training]\nlr = 'fast'\n", "utf-8")
    assert not window.open_path(file)
    assert len(said) == 1 and "odd.toml" in said[0] and "lr" in said[0]


SAY_WHEN_READY = """
import gc, sys
import app as program
from gui import main_window
class Window(main_window.MainWindow):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        collects = gc.isenabled()
        self.torch_is_ready.connect(lambda: print("ready", collects, gc.isenabled(), gc.get_freeze_count() > 0, flush=True))
main_window.MainWindow = Window
sys.exit(program.main(["--lab", "training"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_closes_the_idle_window_and_keeps_its_settings(own_home: Path, name: str) -> None:
    """And cycles are looked for once the window is there, not before."""
    own = {"QT_QPA_PLATFORM": "offscreen", FOLDER_VARIABLE: str(own_home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SAY_WHEN_READY]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready False True True\n"
        process.send_signal(getattr(signal, name))
        assert process.wait(timeout=GIVE_UP_S) == 0
    assert json.loads((own_home / "settings.json").read_text("utf-8"))["lab"] == "training"


def test_closing_takes_a_number_half_typed_and_a_stroke_half_drawn(qtbot: QtBot, file: Path) -> None:
    window = _opened(qtbot, file)
    lab = window.lab("convolution")
    assert isinstance(lab, ConvolutionLab)
    window.activateWindow()
    box = lab.panel.form().linked("kernel_size").rows[0].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "7")
    window.close()
    assert json.loads(file.read_text("utf-8"))["labs"]["convolution"]["layer"]["kernel_size"] == 7
    again = _opened(qtbot, file)
    lab = again.lab("convolution")
    assert isinstance(lab, ConvolutionLab)
    assert lab.state().layer.kernel == (7, 7)
    lab.picker.draw()
    assert lab.picker.pad is not None
    qtbot.waitUntil(lab.picker.pad.canvas.hasFocus)
    QTest.mousePress(lab.picker.pad.canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    again.close()
    assert DRAWN in json.loads(file.read_text("utf-8"))["labs"]["convolution"]["picture"]


CLOSE_IN_MID_RUN = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import app as program
from engine.experiments import experiment
from engine.runs.folder import default_root
from gui import main_window
opened, runs = [], default_root()
keep = main_window.MainWindow.show
def show(self):
    opened.append(self)
    keep(self)
main_window.MainWindow.show = show
def begin():
    lab = opened[0].lab("training")
    if not getattr(opened[0], "_torch"):
        QTimer.singleShot(50, begin); return
    lab.open_experiment(experiment.preset("adding-lstm"))  # runs for half a minute
    lab.play()
    def watch():
        if lab.run_in_progress() and (not sys.argv[1] or list(runs.glob("*/metrics.jsonl"))):
            QTimer.singleShot(100, close)
        else:
            QTimer.singleShot(20, watch)
    watch()
def close():
    print("closing", time.time(), flush=True)
    opened[0].close()
QTimer.singleShot(0, begin)
sys.exit(program.main(["--lab", "training"]))
"""


def _closed_in_mid_run(home: Path, *, measured: bool) -> None:
    """Begin a long run, and close the window while it is prepared, or when it has `measured` something."""
    own = {"QT_QPA_PLATFORM": "offscreen", FOLDER_VARIABLE: str(home), "PYTHONPATH": str(ROOT)}
    script = [sys.executable, "-c", CLOSE_IN_MID_RUN, "metrics" if measured else ""]
    done = subprocess.run(script, env=os.environ | own, capture_output=True, text=True, timeout=GIVE_UP_S)
    end = time.time()
    assert done.returncode == 0, done.stderr
    assert end - float(done.stdout.split("closing ")[1].split()[0]) < 2.0


def test_closing_while_a_run_is_prepared_ends_the_process_in_two_seconds(own_home: Path) -> None:
    _closed_in_mid_run(own_home, measured=False)


def test_closing_in_mid_run_saves_it_and_the_process_is_gone_in_two_seconds(own_home: Path) -> None:
    _closed_in_mid_run(own_home, measured=True)
    runs = list((own_home / "runs").iterdir())
    assert len(runs) == 1
    status = json.loads((runs[0] / "status.json").read_text("utf-8"))
    assert status["reason"] == "stopped"
    assert (runs[0] / "weights.safetensors").stat().st_size > 0


def test_a_network_goes_to_the_training_lab_with_one_click(qtbot: QtBot, window: MainWindow) -> None:
    window.show_lab("network")
    lab = window.lab("network")
    layers = '[{ type = "Flatten" }, { type = "Linear", out_features = 10 }]'
    lab.open_text(recognised(f'name = "mine"\n\n[network]\ninput = [1, 8, 8]\nlayers = {layers}\n'))
    qtbot.mouseClick(lab.layer_card.train, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert window.current_lab == "training"
    found = window.lab("training").experiment()  # type: ignore[attr-defined]
    assert (found.name, found.data.name, found.network.layers) == ("mine", "digits", lab.state().layers)  # type: ignore[attr-defined]


def test_the_corners_of_the_menu_bar_are_whole_after_a_switch_of_the_theme(qtbot: QtBot, window: MainWindow) -> None:
    for number in range(6):  # the order in which widgets are styled is chance
        theme.apply("light" if number % 2 else "dark")
        lay_out()
        window.show_lab(list(LABS)[number % 2])
        lay_out()
        for corner in (Qt.Corner.TopLeftCorner, Qt.Corner.TopRightCorner):
            widget = window.menuBar().cornerWidget(corner)
            assert widget.width() >= widget.sizeHint().width() and widget.height() >= widget.sizeHint().height()


def test_the_program_says_how_the_processor_is_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    for name in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    assert program.main(["no-such-file.toml"]) == 2
    assert "no-such-file.toml" in capsys.readouterr().err
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == str(kernels.KEPT)
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
