"""The drawing pad: strokes, steps, keys; and the lab's picker that follows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.pictures import Picture, pattern
from gui.widgets.pictures.drawing_canvas import Canvas
from gui.widgets.pictures.drawing_pad import MOST_STEPS, DrawingPad
from gui.widgets.pictures.picture_files import KEPT_DRAWINGS, LoadedPicture, read_picture
from gui.widgets.pictures.picture_picker import PicturePicker

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def pad(qtbot: QtBot) -> DrawingPad:
    made = DrawingPad()
    qtbot.addWidget(made)
    made.show()
    return made


def at(canvas: Canvas, row: int, column: int) -> QPoint:
    px = canvas.width() / canvas.side
    return QPoint(int((column + 0.5) * px), int((row + 0.5) * px))


def stroke(canvas: Canvas, *cells: tuple[int, int], button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(canvas, button, pos=at(canvas, *cells[0]))
    for cell in cells[1:]:
        move(canvas, at(canvas, *cell), button)
    QTest.mouseRelease(canvas, button, pos=at(canvas, *cells[-1]))


def move(canvas: Canvas, point: QPoint, button: Qt.MouseButton) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    place = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, place, canvas.mapToGlobal(place), button, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def test_a_stroke_is_ink_where_the_hand_went(pad: DrawingPad) -> None:
    pad.canvas.brush = 1
    stroke(pad.canvas, (5, 3), (5, 20))
    values = pad.picture.values_CHW
    assert values.shape == (1, 28, 28) and values.dtype == np.float32
    assert values[0, 5, 3:21].min() > 0.4 and values[0, 8:].max() == 0 and values[0, :3].max() == 0
    assert values[0, 5, 10] == 1


def test_the_right_button_and_the_eraser_take_ink_away(pad: DrawingPad) -> None:
    pad.canvas.brush = 4
    stroke(pad.canvas, (10, 4), (10, 24))
    before = pad.picture.values_CHW.sum()
    stroke(pad.canvas, (10, 4), (10, 10), button=RIGHT)
    half = pad.picture.values_CHW.sum()
    assert half < before and pad.picture.values_CHW[0, 10, 5] == 0 and pad.picture.values_CHW[0, 10, 20] == 1
    pad.tool.button("eraser").click()
    stroke(pad.canvas, (10, 10), (10, 24))
    assert pad.picture.values_CHW.sum() < half / 3


def test_the_picture_follows_the_hand_before_the_stroke_ends(qtbot: QtBot, pad: DrawingPad) -> None:
    QTest.mousePress(pad.canvas, LEFT, pos=at(pad.canvas, 5, 5))
    with qtbot.waitSignal(pad.drawn) as live:
        move(pad.canvas, at(pad.canvas, 5, 15), LEFT)
    assert live.args is not None and isinstance(live.args[0], Picture)
    assert live.args[0].values_CHW[0, 5, 10] == 1
    with qtbot.waitSignal(pad.rested):
        QTest.mouseRelease(pad.canvas, LEFT, pos=at(pad.canvas, 5, 15))


def test_undo_and_redo_go_stroke_by_stroke(pad: DrawingPad) -> None:
    assert not pad.can_undo and not pad.clear_button.isEnabled()
    stroke(pad.canvas, (3, 3), (3, 20))
    one = pad.picture.values_CHW
    stroke(pad.canvas, (20, 3), (20, 20))
    two = pad.picture.values_CHW
    QTest.keyClick(pad.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(pad.picture.values_CHW, one)
    pad.undo_button.click()
    assert pad.picture.values_CHW.max() == 0 and not pad.can_undo
    pad.redo_button.click()
    pad.redo()
    np.testing.assert_array_equal(pad.picture.values_CHW, two)
    pad.clear_button.click()
    assert pad.empty
    pad.undo()
    np.testing.assert_array_equal(pad.picture.values_CHW, two)
    pad.undo()
    stroke(pad.canvas, (10, 10), (12, 12))  # what was undone is gone
    assert not pad.can_redo


def test_steps_are_limited(pad: DrawingPad) -> None:
    for number in range(MOST_STEPS + 5):
        stroke(pad.canvas, (number % 28, 3), (number % 28, 5))
    for _ in range(MOST_STEPS):
        assert pad.can_undo
        pad.undo()
    assert not pad.can_undo and not pad.empty


def test_white_paper_turns_the_picture_round(pad: DrawingPad) -> None:
    stroke(pad.canvas, (5, 3), (5, 20))
    black = pad.picture.values_CHW
    pad.paper.button("white").click()
    np.testing.assert_allclose(pad.picture.values_CHW, 1 - black, atol=1e-6)
    pad.undo()
    np.testing.assert_array_equal(pad.picture.values_CHW, black)
    assert pad.paper.current == "black"


def test_another_size_keeps_what_is_drawn(pad: DrawingPad) -> None:
    stroke(pad.canvas, (14, 4), (14, 24))
    share = pad.picture.values_CHW.mean()
    for side in (64, 128):
        pad.size_choice.button(str(side)).click()
        assert pad.picture.shape == (1, side, side)
        assert pad.picture.values_CHW.mean() == pytest.approx(share, rel=0.1)
    assert pad.canvas.brush == 10  # 2 of 28 are about 5 of 64, and those 10 of 128
    pad.undo()
    assert pad.picture.shape == (1, 64, 64) and pad.size_choice.current == "64"


def test_keys_draw_without_a_mouse(qtbot: QtBot, pad: DrawingPad) -> None:
    canvas = pad.canvas
    canvas.setFocus()
    assert (canvas.cursor_at.x(), canvas.cursor_at.y()) == (14, 14)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.cursor_at.x() == 10 and pad.empty
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    for _ in range(6):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    with qtbot.waitSignal(pad.rested):
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert pad.picture.values_CHW[0, 14, 10:17].min() > 0.8 and pad.picture.values_CHW[0, 14, 19:].max() == 0
    assert canvas.accessibleDescription() == "(14, 16) = 1.00"
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert canvas.brush == 3 and pad.brush.value == 3
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert pad.tool.current == "eraser"
    for _ in range(40):
        QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.cursor_at.y() == 27


def test_every_control_has_a_name(pad: DrawingPad) -> None:
    for control in (pad.canvas, pad.brush.slider, pad.brush.box):
        assert control.accessibleName()


# --- in the picker


@pytest.fixture
def picker(qtbot: QtBot, tmp_path: Path) -> PicturePicker:
    made = PicturePicker(tmp_path / "pictures")
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close_reader(2.0))
    made.loaded.connect(made.show_picture)
    made.show()
    made.load("china")
    return made


def opened(picker: PicturePicker) -> DrawingPad:
    picker.draw_button.click()
    assert picker.pad is not None and picker.pad.isVisible()
    return picker.pad


def test_an_empty_pad_leaves_the_picture_alone(picker: PicturePicker) -> None:
    opened(picker)
    assert picker.shown is not None and picker.shown.key == "china"


def test_each_stroke_is_kept_and_found_again(qtbot: QtBot, picker: PicturePicker, tmp_path: Path) -> None:
    pad = opened(picker)
    seen: list[LoadedPicture] = []
    picker.loaded.connect(seen.append)
    stroke(pad.canvas, (3, 3), (3, 20))
    stroke(pad.canvas, (20, 3), (20, 20))
    first, second = seen
    assert first.key != second.key and picker.shown is second
    for each in seen:
        assert Path(each.key).parent == tmp_path / "pictures"
        np.testing.assert_array_equal(read_picture(Path(each.key)).values_CHW, each.picture.values_CHW)
    picker.load(first.key)  # as the lab's own undo does
    qtbot.waitUntil(lambda: not picker.busy())
    np.testing.assert_array_equal(pad.picture.values_CHW, first.picture.values_CHW)
    stroke(pad.canvas, (25, 25), (26, 26))
    assert seen[-1].picture.values_CHW[0, 20, 10] == 0  # it goes on from there


def test_while_the_hand_moves_the_key_stays(qtbot: QtBot, picker: PicturePicker) -> None:
    pad = opened(picker)
    stroke(pad.canvas, (3, 3), (3, 20))
    assert picker.shown is not None
    kept = picker.shown.key
    QTest.mousePress(pad.canvas, LEFT, pos=at(pad.canvas, 9, 3))
    with qtbot.waitSignal(picker.loaded):
        move(pad.canvas, at(pad.canvas, 9, 20), LEFT)
    assert picker.shown.key == kept and picker.shown.picture.values_CHW[0, 9, 10] == 1
    QTest.mouseRelease(pad.canvas, LEFT, pos=at(pad.canvas, 9, 20))
    assert picker.shown.key != kept


def test_a_drawing_from_before_the_restart_is_gone_on_with(qtbot: QtBot, picker: PicturePicker, tmp_path: Path) -> None:
    stroke(opened(picker).canvas, (3, 3), (3, 20))
    assert picker.shown is not None
    drawn = picker.shown
    again = PicturePicker(tmp_path / "pictures")
    qtbot.addWidget(again, before_close_func=lambda widget: widget.close_reader(2.0))
    again.loaded.connect(again.show_picture)
    with qtbot.waitSignal(again.loaded):
        again.load(drawn.key)
    np.testing.assert_array_equal(opened(again).picture.values_CHW, drawn.picture.values_CHW)


def test_the_pad_comes_back_with_its_drawing(picker: PicturePicker) -> None:
    pad = opened(picker)
    stroke(pad.canvas, (3, 3), (3, 20))
    picker.load("flower")
    pad.close()
    assert opened(picker) is pad
    assert picker.shown is not None
    np.testing.assert_array_equal(picker.shown.picture.values_CHW, pad.picture.values_CHW)


def test_old_drawings_go_and_pastes_stay(picker: PicturePicker, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "pasted-1.png").write_bytes(b"")
    for number in range(KEPT_DRAWINGS + 3):
        (folder / f"drawn-{number}.png").write_bytes(b"")
    stroke(opened(picker).canvas, (3, 3), (3, 20))
    assert len(list(folder.glob("drawn-*"))) == KEPT_DRAWINGS and (folder / "pasted-1.png").exists()


def test_a_folder_that_cannot_be_written_to_is_said_and_drawing_goes_on(picker: PicturePicker, tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file, not a folder")
    pad = opened(picker)
    stroke(pad.canvas, (3, 3), (3, 20))
    assert "cannot be kept" in picker.warning
    assert picker.shown is not None and picker.shown.picture.values_CHW[0, 3, 10] == 1


def test_a_picture_that_is_no_drawing_is_not_put_on_the_pad(pad: DrawingPad) -> None:
    assert not pad.set_picture(pattern("stripes 3x28x28")) and not pad.set_picture(pattern("stripes 1x20x28"))
    assert not pad.can_undo
    assert pad.set_picture(pattern("hangul 1x64x64")) and pad.canvas.side == 64
    np.testing.assert_allclose(pad.picture.values_CHW, pattern("hangul 1x64x64").values_CHW, atol=1 / 255)
