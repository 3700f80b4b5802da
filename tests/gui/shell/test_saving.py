"""A file is written whole or not at all, under the name that the user has seen, and how it went is said in both languages."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gui.shell import language, saving

KINDS = ["SVG (*.svg)", "PNG (*.png)"]


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.setCentralWidget(QWidget())
    return made


def chosen(monkeypatch: pytest.MonkeyPatch, name: str, kind: str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, kind))


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("net", KINDS[0], "net.svg"),
        ("net", KINDS[1], "net.png"),
        ("net.png", KINDS[0], "net.png"),
        ("net.PNG", KINDS[0], "net.PNG"),
        ("resnet-1.5", KINDS[0], "resnet-1.5.svg"),
    ],
)
def test_a_name_without_a_suffix_gets_that_of_the_kind(
    window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, kind: str, written: str
) -> None:
    chosen(monkeypatch, str(tmp_path / typed), kind)
    page = window.centralWidget()
    assert saving.ask_and_save(page, "Save", "x", KINDS, lambda path: path.suffix)
    assert [path.name for path in tmp_path.iterdir()] == [written]
    assert (tmp_path / written).read_text() == Path(written).suffix
    assert window.statusBar().currentMessage() == f"Saved: {tmp_path / written}"


def test_giving_up_writes_nothing(window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen(monkeypatch, "", "")
    assert not saving.ask_and_save(window, "Save", "x", KINDS, lambda path: "content")
    assert list(tmp_path.iterdir()) == [] and not window.statusBar().currentMessage()


def test_a_file_that_the_dialog_has_not_asked_about_is_replaced_only_if_that_is_wanted(
    window: QMainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "net.svg"
    old.write_text("old")
    chosen(monkeypatch, str(tmp_path / "net"), KINDS[0])
    for answer, content in ((QMessageBox.StandardButton.No, "old"), (QMessageBox.StandardButton.Yes, "new")):
        monkeypatch.setattr(QMessageBox, "question", lambda *_, answer=answer: answer)
        assert saving.ask_and_save(window, "Save", "x", KINDS, lambda path: "new") is (content == "new")
        assert old.read_text() == content


@pytest.mark.parametrize(("name", "stem"), [("a/b: c?", "a-b- c-"), ("...", "layerscope"), ("", "layerscope"), ("망", "망")])
def test_what_cannot_be_in_a_files_name_is_not_suggested(
    window: QMainWindow, tmp_path: Path, save_as: Callable[[Path], list[str]], name: str, stem: str
) -> None:
    suggested = save_as(tmp_path / "x.svg")
    assert saving.ask(window, "Save", name, KINDS) == tmp_path / "x.svg"
    assert [Path(each).name for each in suggested] == [f"{stem}.svg"]


@pytest.mark.parametrize(
    ("error", "english", "korean"),
    [
        (OSError(errno.ENOSPC, "x"), "the disk is full", "디스크가 가득 찼습니다"),
        (OSError(errno.EACCES, "x"), "there is no permission to write it", "쓸 권한이 없습니다"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error", "Input/output error"),
        (MemoryError(), "not enough memory", "메모리가 모자랍니다"),
    ],
)
def test_what_goes_wrong_is_said_and_the_old_file_stays(
    window: QMainWindow, tmp_path: Path, said: list[str], error: Exception, english: str, korean: str
) -> None:
    old = tmp_path / "net.svg"
    old.write_text("old")

    def content(path: Path) -> str:
        raise error

    assert not saving.save(window, "Save the drawing", old, content)
    language.set_language("ko")
    assert not saving.save(window, "도식 저장", old, content)
    assert said[0] == f"Save the drawing\n{old} could not be written: {english}."
    assert said[1:] == [f"도식 저장\n{old}: 쓸 수 없습니다 ({korean})."]
    assert old.read_text() == "old" and not window.statusBar().currentMessage()


def test_half_a_character_is_refused_in_words(window: QMainWindow, tmp_path: Path, said: list[str]) -> None:
    assert not saving.save(window, "Save", tmp_path / "x.toml", lambda path: 'name = "\ud83d"')
    assert len(said) == 1 and "half a character" in said[0] and list(tmp_path.iterdir()) == []


def test_a_window_of_its_own_reports_to_the_one_that_opened_it(window: QMainWindow, tmp_path: Path) -> None:
    dialog = QDialog(window.centralWidget())
    inner = QWidget(dialog)
    assert saving.save(inner, "Save", tmp_path / "t.csv", lambda path: b"1,2\n")
    assert window.statusBar().currentMessage() == f"Saved: {tmp_path / 't.csv'}"
