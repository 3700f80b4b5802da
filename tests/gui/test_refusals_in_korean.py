"""What cannot be opened or pasted is said in Korean in a Korean window: no sentence of the engine comes through in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow

LAYER = '[[network.layers]]\ntype = "Conv2d"\nout_channels = 4\n'
TEXTS = {
    "no TOML": "[network]\nseed == 1\n",
    "cut": "[network]\nlayers = [",
    "digits": "seed = " + "9" * 6000,
    "long key": "[network]\n" + "a." * 60 + "a = 1",
    "deep": "[network]\nlayers = " + "[" * 3000,
    "many layers": "[[network.layers]]\ntype = 'ReLU'\n" * 3000,
    "unknown key": "name = 'x'\nsed = 1\n",
    "number": "name = 'x'\nseed = 'one'\n",
    "optimizer": "[training]\noptimizer = 'Adm'\n",
    "layer": "[[network.layers]]\ntype = 'Conv9'\n",
    "missing": LAYER,
    "kernel": LAYER + "kernel_size = 'big'\n",
    "input": "[network]\ninput = []\n",
    "no data for the network": 'name = "x"\n[data]\nname = "cifar"\n[network]\ninput = [1, "8"]\n',
    "setting": 'lab = "convolution"\n\n[layer]\ntype = "Conv2d"\nout_channels = 1.5\nkernel_size = 3\n',
    "setting's key": 'lab = "network"\nnope = 1\n',
    "setting's TOML": 'lab = "network"\nlayers = [',
    "another lab": 'lab = "kitchen"\n',
    "code": "model = nn.Sequential(nn.SiLU())",
    "code of a class": "class Net(nn.Module):\n    pass\n",
    "code of Keras": 'keras.Sequential([layers.Dense(3, activation="swish")])',
    "cut code": "nn.Sequential(nn.ReLU(",
    "no text of ours": "hello\n",
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _parent, title, text: texts.append(f"{title}\n{text}"))
    return texts


@pytest.fixture
def window(qtbot: QtBot, own_home: Path) -> Iterator[MainWindow]:
    made = MainWindow(own_home / "settings.json", chosen_language="ko")
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    yield made
    made.close()


def test_every_refusal_is_in_korean(window: MainWindow, said: list[str], tmp_path: Path) -> None:
    before = {name: window.lab(name).state() for name in ("convolution", "network", "training")}
    files = [tmp_path / "없음.toml", tmp_path / "latin.toml", tmp_path / "huge.toml"]
    files[1].write_bytes("name = 'é'".encode("latin-1"))
    files[2].write_bytes(b"#" * 1_000_001)
    for number, text in enumerate(TEXTS.values()):
        files.append(tmp_path / f"{number}.toml")
        files[-1].write_text(text, "utf-8")
    for file in files:
        window.open_path(file)
    assert len(said) == len(files)
    for text in TEXTS.values():
        QGuiApplication.clipboard().setText(text)
        window._paste_action.trigger()
    assert len(said) == len(files) + len(TEXTS)
    for warning in said:
        title, sentence = warning.split("\n")
        rest = sentence.replace(str(tmp_path), "")
        assert re.search("[가-힣]", title), title
        assert re.search("[가-힣]", rest.replace("없음.toml", "").replace("클립보드", "")), sentence
        assert not re.search(r"[`]|\b(expected|got|there is|is not|cannot|Invalid|Expected|Cannot|Unclosed)\b", rest), sentence
    assert before == {name: window.lab(name).state() for name in before}
