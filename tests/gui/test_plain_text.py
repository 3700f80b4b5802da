"""Texts from files are shown as they are: no label, box, tooltip or menu makes HTML, a key or a jump of the cursor of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

import gui
from engine.__main__ import main
from engine.experiments.experiment import preset, to_toml
from engine.fields import edited
from engine.layers.catalog import Sequential
from engine.layers.kinds.activation import ReLU
from engine.runs.folder import EXPERIMENT
from engine.words import printable
from gui.lab.base import Lab, Services
from gui.lab.names import recognised
from gui.labs.network.lab import NetworkLab
from gui.labs.network.maps.weights_menu import WeightsMenu
from gui.labs.training.lab import TrainingLab
from tests.patience import GIVE_UP_S

HTML = '<h1>big</h1><img src="//host/x.png"> & \x1b[2Jmore\u202e'
SHOWN = printable(HTML)
BLOCK = "<b>block</b>"


@pytest.fixture
def labs(qtbot: QtBot, tmp_path: Path) -> Iterator[list[Lab]]:
    """Both labs that open experiments, with one whose names are HTML."""
    found = preset("digits-cnn")
    block = Sequential(name=BLOCK, layers=(ReLU(),))
    network = edited(found.network, layers=(block, *found.network.layers))
    text = to_toml(edited(found, name=HTML, network=network))
    kept: list[Lab] = []
    for kind in (TrainingLab, NetworkLab):
        made = kind(Services(runs_folder=tmp_path / "runs"))
        kept.append(made)
        qtbot.addWidget(made)
        made.resize(1400, 900)
        made.show()
        made.open_text(recognised(text, HTML))
    yield kept
    for made in kept:
        made.close_lab(GIVE_UP_S)


def test_no_label_makes_html_of_a_name(labs: list[Lab]) -> None:
    rich: list[QLabel] = []
    shown = ""
    for lab in labs:
        for label in lab.findChildren(QLabel):
            label.ensurePolished()
            if label.textFormat() != Qt.TextFormat.PlainText:
                assert label.property("rich") is True, label.text()
                rich.append(label)
            shown += f"{label.text()}\n{label.toolTip()}\n"
    assert SHOWN in shown and "\x1b" not in shown
    assert len(rich) > 5  # formulas, and the counters of a run
    assert not any(name in label.text() for label in rich for name in ("<h1>", "<img", BLOCK))


def test_tooltips_and_boxes_make_no_html(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    QToolTip.showText(page.mapToGlobal(page.rect().center()), HTML, page)
    tips = [each for each in QApplication.topLevelWidgets() if isinstance(each, QLabel) and each.text() == HTML]
    assert [tip.textFormat() for tip in tips] == [Qt.TextFormat.PlainText]
    QToolTip.hideText()
    found: list[Qt.TextFormat] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        found.extend(label.textFormat() for label in box.findChildren(QLabel) if label.text() == HTML)
        box.accept()

    QTimer.singleShot(0, look)
    QMessageBox.warning(page, "title", HTML)
    assert found == [Qt.TextFormat.PlainText]


def test_a_runs_name_is_no_key_of_a_menu(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    (folder / EXPERIMENT).write_text(to_toml(edited(preset("digits-cnn"), name="salt & \x1bpepper")), "utf-8")
    (folder / "weights.safetensors").write_bytes(b"")
    menu = WeightsMenu(tmp_path / "runs")
    qtbot.addWidget(menu)
    menu.fill()
    assert any(action.text().startswith("salt && ") for action in menu.list.actions()), [a.text() for a in menu.list.actions()]
    assert not any("\x1b" in action.text() for action in menu.list.actions())


def test_the_command_line_prints_no_control_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(to_toml(edited(preset("digits-cnn"), name=HTML)), "utf-8")
    assert main(["summary", str(file)]) == 0
    assert main(["summary", str(tmp_path / "none\x1b[2J\n.toml")]) == 2
    printed = capsys.readouterr()
    assert SHOWN in printed.out and "\x1b" not in printed.out + printed.err and "\u202e" not in printed.out
    assert printed.err.count("\n") == 1


def test_nothing_else_says_how_texts_are_shown() -> None:
    """The style sheet alone does: whoever sets it in the code makes an exception of a label that nobody sees in the sheet."""
    names = {"setTextFormat", "setHtml", "QTextDocument", "QTextBrowser", "QStaticText", "RichText"}
    for file in sorted(Path(gui.__file__).parent.rglob("*.py")):
        text = file.read_text("utf-8")
        if not any(name in text for name in names):
            continue
        tree = ast.parse(text)
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not used & names, file
