"""A network that is brought as code: pasted, opened, dropped; one step to undo; what was read is said, what cannot be too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.dense import Flatten, Linear
from engine.passes.activations import Seen, Trained
from gui.documents import Documents
from gui.lab.names import NETWORK, recognised
from gui.labs.network.lab import NetworkLab
from gui.labs.network.maps.network_preview import NetworkAnswer
from gui.labs.network.state import RANDOM
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


CLASS = """import torch.nn.functional as F
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(400, 10)
    def forward(self, x):
        x = F.relu(self.conv(x))
        x = x.view(x.size(0), -1)
        return self.fc(x)
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
    paste(qtbot, lab, CLASS)
    assert kinds(lab) == ["Conv2d", "ReLU", "Flatten", "Linear"] and lab.state().input == (1, 12, 12)
    assert lab.reading.problem is None and lab.notice.isVisible()
    lab.notice.tell("It stays.", stays=True)
    lab._look(blanks=True)
    assert lab.blanks_card.isVisible() and not lab.notice.isVisible()  # it would lie over the buttons of this page


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
    assert ("클래스" in lab.notice.text.text()) == (language == "ko")
    paste(qtbot, lab, CLASS.replace("return self.fc(x)", "return x + self.fc(x)"))
    assert lab.state() == before and "x + self.fc(x)" in lab.notice.text.text() and "11" in lab.notice.text.text()
    paste(qtbot, lab, "hello")
    assert all(each in lab.notice.text.text() for each in ("PyTorch", "Keras", "Sequential"))  # what can be pasted


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


def weights_of(file: Path, *shapes: tuple[str, tuple[int, ...]]) -> Path:
    """A file of weights with these names and shapes."""
    save_file({name: np.full(shape, 0.25, np.float32) for name, shape in shapes}, file)
    return file


def test_weights_that_fit_are_those_of_the_maps(qtbot: QtBot, lab: NetworkLab, tmp_path: Path) -> None:
    paste(qtbot, lab, CODE)
    layers = lab.state().layers
    names = (("a.weight", (4, 1, 3, 3)), ("a.bias", (4,)), ("z.weight", (10, 2704)), ("z.bias", (10,)))
    file = weights_of(tmp_path / "mine.safetensors", *names)
    lab.open_weights(file)
    assert lab.busy() and "mine.safetensors" in lab.notice.text.text()
    lab.torch_ready()  # a file waits for torch
    qtbot.waitUntil(lambda: lab.state().weights != RANDOM)
    kept = Path(lab.state().weights)
    assert lab.state().layers == layers and kept.name.startswith("mine-")
    assert lab.notice.isVisible() and "mine.safetensors" in lab.notice.text.text()
    seen: list[NetworkAnswer] = []
    lab.feed.preview.answered.connect(seen.append)
    lab.stack_card._choose((0,))
    lab.maps_card.show()
    lab.feed.ask()

    def of_the_file() -> list[Seen]:
        return [each.seen for each in seen if each.seen is not None and isinstance(each.seen.wanted.weights, Trained)]

    qtbot.waitUntil(lambda: bool(of_the_file()))
    answer = of_the_file()[-1]
    assert answer.look is not None
    picture = answer.input[0]
    by_hand = 0.25 * picture[3:6, 3:6].astype(np.float64).sum() + 0.25
    assert answer.look.values[0, 3, 3] == pytest.approx(by_hand, abs=1e-5)
    lab.weights.fill()
    listed = {action.data(): action.isChecked() for action in lab.weights.list.actions() if action.data()}
    assert listed == {RANDOM: False, str(kept): True}
    lab.undo()
    qtbot.waitUntil(lambda: lab.state().weights == RANDOM)
    assert lab.state().layers == layers
    lab.weights.chosen.emit(str(kept))  # from the menu they are chosen again
    qtbot.waitUntil(lambda: lab.state().weights == str(kept))
    assert lab.state().layers == layers


def test_weights_of_another_network_make_a_network(qtbot: QtBot, lab: NetworkLab, tmp_path: Path) -> None:
    lab.torch_ready()
    file = weights_of(tmp_path / "other.safetensors", ("0.weight", (6, 3, 5, 5)), ("0.bias", (6,)), ("1.weight", (9, 6)))
    lab.open_weights(file)
    qtbot.waitUntil(lambda: not lab.busy() and kinds(lab)[0] == "Conv2d" and len(kinds(lab)) == 4)
    assert kinds(lab) == ["Conv2d", "AdaptiveAvgPool2d", "Flatten", "Linear"]
    assert lab.stack_card.network_title == "other" and lab.reading.problem is None and lab.state().weights != RANDOM
    qtbot.waitUntil(lab.notice.isVisible)


def test_a_file_that_is_no_weights_is_said_and_changes_nothing(qtbot: QtBot, lab: NetworkLab, tmp_path: Path) -> None:
    lab.torch_ready()
    before = lab.state()
    (tmp_path / "bad.pth").write_bytes(b"no weights")
    lab.open_weights(tmp_path / "bad.pth")
    qtbot.waitUntil(lambda: not lab.bringing.busy() and "safetensors" in lab.notice.text.text())
    assert lab.state() == before and lab.notice.isVisible()


def test_a_file_of_weights_opens_in_the_network_lab(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = weights_of(tmp_path / "some.safetensors", ("w.weight", (5, 8)), ("w.bias", (5,)))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    assert Documents.dropped(mime) == file and window.open_path(file)
    lab = window.lab(NETWORK)
    assert isinstance(lab, NetworkLab) and window.current_lab == NETWORK
    qtbot.waitUntil(lambda: lab.state().layers == (Linear(out_features=5),))
    assert lab.state().input == (8,)
