"""Data whose files are missing: the lab says so, asks before it fetches, and trains on them when they have come. The server is
the test's own."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from engine.data.idx import fetching
from engine.data.idx.idx_sets import PUBLISHED, fetched_folder
from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Network, Training
from engine.layers.kinds.dense import Flatten, Linear
from gui.shell import language
from tests.engine.data.idx_files import idx_folder
from tests.engine.data.test_fetching import NAMES, Server, published
from tests.gui.labs.training.small_runs import run
from tests.patience import GIVE_UP_S

EXPERIMENT = Experiment(
    data=Data(name="mnist"),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=1, device="cpu"),
)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(fetching, "PAUSE_S", 0.0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setitem(PUBLISHED, "mnist", published(made.address))
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def press(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_nothing_is_fetched_before_the_user_has_agreed(qtbot, make_lab, server):
    lab = make_lab(EXPERIMENT)
    assert "files are not there yet" in lab.panel.problem and not lab.runnable
    assert lab.panel.fetch.isVisible()
    press(qtbot, lab.panel.fetch)
    dialog = lab.dialogs.fetching
    assert dialog.isVisible() and not dialog.is_fetching
    for part in ("MNIST", "76.7 KiB", server.address.split("/")[2]):
        assert part in dialog.question.text()
    assert str(fetched_folder("mnist")) in dialog.where.text()
    press(qtbot, dialog.cancel)
    assert not dialog.isVisible() and server.asked == []


def test_the_files_come_and_the_run_begins(qtbot, make_lab, server):
    lab = make_lab(EXPERIMENT)
    press(qtbot, lab.panel.fetch)
    with qtbot.waitSignal(lab.dialogs.data_fetched):
        press(qtbot, lab.dialogs.fetching.begin)
    assert not lab.dialogs.fetching.isVisible()
    assert lab.panel.problem == "" and lab.runnable and not lab.panel.fetch.isVisible()
    assert describe(Data(name="mnist")).samples == 100
    status = run(qtbot, lab)
    assert status.problem is None and status.validation_accuracy is not None


def test_a_failure_is_said_and_gone_on_from(qtbot, make_lab, server):
    server.cut_after = [10_000] * 3
    lab = make_lab(EXPERIMENT)
    press(qtbot, lab.panel.fetch)
    dialog = lab.dialogs.fetching
    press(qtbot, dialog.begin)
    qtbot.waitUntil(lambda: not dialog.is_fetching)
    assert dialog.isVisible() and "broke off" in dialog.problem.text() and dialog.begin.text() == "Go on"
    server.asked.clear()
    with qtbot.waitSignal(lab.dialogs.data_fetched):
        press(qtbot, dialog.begin)
    assert server.asked[0] == (f"/{NAMES[0]}", "bytes=30000-")


def test_a_folder_of_ones_own_is_taken_instead(qtbot, make_lab, server, tmp_path, monkeypatch):
    lab = make_lab(EXPERIMENT)
    folder = idx_folder(tmp_path / "own", 60)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    assert lab.panel.again.isVisible() and lab.panel.again.text() == "Choose their folder…"
    press(qtbot, lab.panel.again)
    qtbot.waitUntil(lambda: lab.state().experiment.data.path == str(folder))
    assert lab.panel.problem == "" and lab.state().experiment.name == EXPERIMENT.name
    assert not lab.panel.again.isVisible() and server.asked == []
    assert run(qtbot, lab).problem is None


def test_closing_the_lab_ends_what_is_coming(qtbot, make_lab, server, monkeypatch):
    going, on = threading.Event(), threading.Event()

    def held(_published, _folder, _tell, stopped):
        going.set()
        while not stopped():
            on.wait(0.01)
        raise fetching.FetchError("stopped")

    monkeypatch.setattr("gui.labs.training.fetch_dialog.fetch", held)
    lab = make_lab(EXPERIMENT)
    press(qtbot, lab.panel.fetch)
    press(qtbot, lab.dialogs.fetching.begin)
    assert going.wait(GIVE_UP_S)
    lab.close_lab(GIVE_UP_S)
    assert not any(thread.name == "fetching" and thread.is_alive() for thread in threading.enumerate())


def test_in_korean(qtbot, make_lab, server):
    language.set_language("ko")
    lab = make_lab(EXPERIMENT)
    assert "파일" in lab.panel.fetch.text()
    press(qtbot, lab.panel.fetch)
    dialog = lab.dialogs.fetching
    assert "받" in dialog.question.text() and dialog.begin.text() != "Fetch"
    dialog.close()
