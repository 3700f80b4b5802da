"""The pad that collects a data set: draw, label, keep, take back, learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from gui.labs.training.collecting.collecting_pad import CollectingPad
from gui.shell import language
from gui.widgets.pictures.drawing_canvas import bytes_of
from tests.gui.layouts import lay_out


@pytest.fixture
def pad(qtbot, tmp_path: Path) -> CollectingPad:
    made = CollectingPad(tmp_path / "drawings")
    qtbot.addWidget(made)
    made.show()
    return made


def draw(pad: CollectingPad, at: int = 6) -> np.ndarray:
    """A stroke; returns the grey values that are on the paper."""
    pad.canvas.begin(QPointF(at, 4), erasing=False)
    pad.canvas.go_on(QPointF(at + 8, 20))
    pad.canvas.end()
    return bytes_of(pad.canvas.drawing.pixels)


def named(pad: CollectingPad, *names: str) -> None:
    for name in names:
        pad.name.setText(name)
        pad.add_label()


def read(path: Path) -> np.ndarray:
    image = QImage(str(path))
    assert image.format() == QImage.Format.Format_Grayscale8
    return bytes_of(image)


def test_a_drawing_is_kept_under_the_label_that_its_number_key_chooses(qtbot, pad):
    named(pad, "cat", "dog")
    assert pad.rows.rows == [("1", "cat", 0), ("2", "dog", 0)] and pad.label == "dog"
    pixels = draw(pad)
    qtbot.keyClick(pad.canvas, Qt.Key.Key_1)
    assert pad.label == "cat"
    qtbot.keyClick(pad.canvas, Qt.Key.Key_Return)
    file = pad.collection.folder / "cat" / "0001.png"
    np.testing.assert_array_equal(read(file), pixels)
    assert pad.rows.rows == [("1", "cat", 1), ("2", "dog", 0)]
    assert pad.empty and not pad.can_undo  # a clean paper
    qtbot.keyClick(pad.canvas, Qt.Key.Key_Return)  # nothing is drawn: nothing is kept
    assert pad.rows.rows[0] == ("1", "cat", 1)
    qtbot.keyClick(pad.canvas, Qt.Key.Key_9)  # there is none
    assert pad.label == "cat"


def test_backspace_takes_the_last_one_back_onto_the_paper(qtbot, pad):
    named(pad, "cat", "dog")
    draw(pad)
    pad.keep.click()
    pixels = draw(pad, at=12)
    pad.choose("cat")
    qtbot.keyClick(pad.canvas, Qt.Key.Key_Enter)
    qtbot.keyClick(pad.canvas, Qt.Key.Key_Backspace)
    assert [count for _, _, count in pad.rows.rows] == [0, 1] and pad.label == "cat"
    np.testing.assert_array_equal(bytes_of(pad.canvas.drawing.pixels), pixels)
    assert sorted(path.name for path in pad.collection.folder.rglob("*.png")) == ["0001.png"]
    qtbot.keyClick(pad.canvas, Qt.Key.Key_Backspace)
    assert not pad.take_back.isEnabled() and not list(pad.collection.folder.rglob("*.png"))


def test_white_paper_is_kept_as_it_is_seen(qtbot, pad):
    named(pad, "one")
    pad.paper.button("white").click()
    pixels = draw(pad)
    assert pixels[0, 0] == 255
    pad.keep.click()
    np.testing.assert_array_equal(read(pad.collection.folder / "one" / "0001.png"), pixels)
    assert pad.canvas.drawing.white_paper  # the next one is drawn on the same paper


def test_all_drawings_of_a_folder_are_of_one_size(pad):
    named(pad, "one")
    assert pad.size_choice.isEnabled()
    draw(pad)
    pad.keep.click()
    assert not pad.size_choice.isEnabled()
    pad.take_last_back()
    assert pad.size_choice.isEnabled()


def test_digits_and_backspace_in_the_name_s_box_are_the_box_s(qtbot, pad):
    named(pad, "cat")
    draw(pad)
    pad.keep.click()
    pad.name.setFocus()
    qtbot.keyClicks(pad.name, "12b")
    qtbot.keyClick(pad.name, Qt.Key.Key_Backspace)
    assert pad.name.text() == "12" and pad.rows.rows[0] == ("1", "cat", 1)
    draw(pad)
    pad.name.setFocus()
    qtbot.keyClick(pad.name, Qt.Key.Key_Return)  # adds the label, and keeps no drawing
    assert [name for _, name, _ in pad.rows.rows] == ["12", "cat"] and pad.rows.rows[1][2] == 1


def test_a_label_that_cannot_be_a_folder_is_refused_in_the_window_s_language(qtbot, pad):
    named(pad, "a/b")
    assert pad.trouble.isVisible() and "folder" in pad.trouble.text() and pad.name.text() == "a/b"
    language.set_language("ko")
    qtbot.waitUntil(lambda: "폴더" in pad.trouble.text())
    named(pad, "고양이")
    assert pad.trouble.isHidden() and pad.label == "고양이"


def test_labels_are_walked_with_keys_and_chosen_with_the_mouse(qtbot, pad):
    named(pad, "a", "b", "c")
    pad.rows.setFocus()
    qtbot.keyClick(pad.rows, Qt.Key.Key_Up)
    assert pad.label == "b"
    qtbot.mouseClick(pad.rows, Qt.MouseButton.LeftButton, pos=pad.rows.row(0).center().toPoint())
    assert pad.label == "a"


def test_it_can_be_learned_from_when_there_is_enough(qtbot, pad):
    named(pad, "a", "b")
    for label in ("a", "b"):
        for _ in range(5):
            assert not pad.learn.isEnabled()
            pad.choose(label)
            draw(pad)
            pad.keep.click()
    assert pad.learn.isEnabled()
    with qtbot.waitSignal(pad.learn_asked) as asked:
        pad.learn.click()
    assert asked.args == [pad.collection.folder]


def test_a_collection_goes_on_in_its_folder_and_another_one_can_be_filled(qtbot, pad, tmp_path, monkeypatch):
    named(pad, "a")
    draw(pad)
    pad.keep.click()
    again = CollectingPad(pad.collection.folder)
    qtbot.addWidget(again)
    assert again.rows.rows == [("1", "a", 1)] and not again.take_back.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "other"))
    again.other.click()
    assert again.collection.folder == tmp_path / "other" and again.rows.rows == []
    named(again, "x")
    draw(again)
    again.keep.click()
    assert (tmp_path / "other" / "x" / "0001.png").is_file()


def test_what_cannot_be_written_is_said_and_the_drawing_stays(pad):
    named(pad, "a")
    pad.collection.folder.parent.mkdir(exist_ok=True)
    pad.collection.folder.write_text("a file in its place")
    pixels = draw(pad)
    pad.keep.click()
    assert pad.trouble.isVisible() and pad.rows.rows == [("1", "a", 0)]
    np.testing.assert_array_equal(bytes_of(pad.canvas.drawing.pixels), pixels)


@pytest.mark.parametrize("tongue", ["en", "ko"])
def test_no_button_of_the_pad_is_cut(qtbot, pad, tongue):
    language.set_language(tongue)
    named(pad, "a")
    lay_out()
    for button in (pad.add, pad.keep, pad.take_back, pad.learn, pad.other, pad.undo_button, pad.redo_button, pad.clear_button):
        assert button.width() >= button.sizeHint().width(), (tongue, button.text())


def test_the_lab_opens_it_beside_the_runs(qtbot, make_lab, tmp_path):
    lab = make_lab(torch=False)
    lab.panel.own.buttons["draw"].click()
    pad = lab.dialogs.pad
    assert pad.isVisible() and pad.collection.folder == tmp_path / "drawings"
    lab.choose_own("draw")
    assert lab.dialogs.pad is pad
