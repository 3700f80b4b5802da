"""A network that is brought as code: pasted, opened, dropped; one step to undo; what was read is said, what cannot be too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.dense import Flatten, Linear
from gui.documents import Documents
from gui.lab.names import NETWORK, recognised
from gui.labs.network.lab import NetworkLab
from gui.main_window import MainWindow
from gui.shell.language import set_language
from tests.gui.labs.network.network_labs import network_lab

CODE = """import torch.nn as nn
seed = 3
model = nn.Sequential(
    nn.Conv2d(1, 4, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(4 * 26 * 26, 10),
)
"""


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> NetworkLab:
    return network_lab(qtbot, tmp_path)


def paste(qtbot: QtBot, lab: NetworkLab, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    lab.paste()
    qtbot.waitUntil(lambda: not lab.picker.busy())


def kinds(lab: NetworkLab) -> list[str]:
    return [type(layer).__name__ for layer in lab.state().layers]


def test_a_network_of_code_is_pasted_as_one_step(qtbot: QtBot, lab: NetworkLab) -> None:
    before = lab.state()
    paste(qtbot, lab, CODE)
    assert kinds(lab) == ["Conv2d", "ReLU", "Flatten", "Linear"] and lab.state().input == (1, 28, 28)
    assert lab.reading.problem is None
    assert lab.notice.isVisible() and "4" in lab.notice.text.text() and "28 × 28" in lab.notice.text.text()
    lab.stack_card._choose((1,))
    assert lab.notice.isVisible()  # to look at another layer is no edit
    lab.undo()
    qtbot.waitUntil(lambda: not lab.picker.busy())
    assert lab.state().layers == before.layers and lab.state().input == before.input
    assert not lab.notice.isVisible()
    lab.redo()
    qtbot.waitUntil(lambda: not lab.picker.busy())
    assert kinds(lab) == ["Conv2d", "ReLU", "Flatten", "Linear"]


def test_some_layers_of_code_go_below_the_chosen_one(qtbot: QtBot, lab: NetworkLab) -> None:
    paste(qtbot, lab, CODE)
    lab.stack_card._choose((1,))
    paste(qtbot, lab, "    nn.MaxPool2d(2),\n    nn.Dropout(0.1),\n")
    assert kinds(lab) == ["Conv2d", "ReLU", "MaxPool2d", "Dropout", "Flatten", "Linear"]
    lab.undo()
    assert kinds(lab) == ["Conv2d", "ReLU", "Flatten", "Linear"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_cannot_be_read_is_said_and_changes_nothing(qtbot: QtBot, lab: NetworkLab, language: str) -> None:
    set_language(language)  # type: ignore[arg-type]
    before = lab.state()
    paste(
        qtbot,
        lab,
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 2)\n",
    )
    assert lab.state() == before and lab.notice.isVisible()
    assert "Net" in lab.notice.text.text() and "nn.Sequential" in lab.notice.text.text()
    assert ("실행" in lab.notice.text.text()) == (language == "ko")


def test_other_texts_are_no_code() -> None:
    for text in (
        'lab = "network"\nlayers = [{ type = "ReLU" }]',
        "[network]\ninput = [1, 2, 2]",
        "hello",
        "name = 'nn.ReLU()'",
    ):
        assert not recognised(text).is_code
    assert recognised(CODE).lab == NETWORK and recognised(CODE).is_code


@pytest.fixture
def window(qtbot: QtBot, own_home: Path) -> Iterator[MainWindow]:
    made = MainWindow(own_home / "settings.json", chosen_language="en")
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    yield made
    made.close()


def test_a_file_of_code_opens_in_the_network_lab(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "my net.py"
    file.write_text(CODE, "utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    assert Documents.dropped(mime) == file
    assert window.open_path(file)
    lab = window.lab(NETWORK)
    assert isinstance(lab, NetworkLab) and window.current_lab == NETWORK
    qtbot.waitUntil(lambda: not lab.picker.busy())
    assert lab.stack_card.network_title == "my net" and kinds(lab) == ["Conv2d", "ReLU", "Flatten", "Linear"]
    assert lab.notice.isVisible()
    window._documents.copy()
    file.write_text("model = nn.Sequential(nn.ReLU(), nn.Flatten(), nn.Linear(784, 3))", "utf-8")
    assert window.open_path(file)
    assert lab.state().layers == (ReLU(), Flatten(), Linear(out_features=3)) and lab.state().input == (1, 28, 28)


def test_a_file_that_holds_no_network_is_refused_with_its_line(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _parent, _title, text: said.append(text))
    file = tmp_path / "net.py"
    file.write_text("model = nn.Sequential(\n    nn.SiLU(),\n)\n", "utf-8")
    before = window.lab(NETWORK).state()
    assert not window.open_path(file)
    assert window.lab(NETWORK).state() == before
    assert "net.py" in said[0] and "Line 2" in said[0] and "ReLU" in said[0]
