"""The row of small maps: which is chosen, by hand and by keyboard, and that it stays in view."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.labs.network.maps.thumbnails import Thumbnail, Thumbnails, image_of

RED = image_of(np.full((8, 8), 0xFFFF0000, np.uint32))


def many(count: int) -> list[Thumbnail]:
    return [Thumbnail((number,), f"layer {number}", RED) for number in range(count)]


@pytest.fixture
def row(qtbot: QtBot) -> Thumbnails:
    made = Thumbnails()
    qtbot.addWidget(made)
    made.resize(200, made.height())
    made.show_thumbnails(many(30))
    made.show()
    return made


def test_colours_keep_their_places_and_have_their_own_memory() -> None:
    pixels = np.array([[0xFF000001, 0xFF000002, 0xFF000003], [0xFF000004, 0xFF000005, 0xFF000006]], np.uint32)
    image = image_of(pixels[:, ::-1])
    pixels[:] = 0
    assert (image.width(), image.height()) == (3, 2)
    assert [image.pixel(x, 1) for x in range(3)] == [0xFF000006, 0xFF000005, 0xFF000004]


def test_a_click_chooses_once(qtbot: QtBot, row: Thumbnails) -> None:
    chosen: list[object] = []
    row.chosen.connect(chosen.append)
    for _ in range(2):
        qtbot.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=row.place((2,)).center())
    qtbot.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=row.place((2,)).topRight() + QPoint(3, 5))  # between two
    assert chosen == [(2,)]
    assert row.chosen_key == (2,)
    assert row.accessibleDescription() == "layer 2"


def test_arrows_and_ends_choose_and_bring_into_view(qtbot: QtBot, row: Thumbnails) -> None:
    chosen: list[object] = []
    row.chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Right):
        qtbot.keyClick(row, key)
    assert chosen == [(0,), (1,), (0,), (29,)]
    assert row.viewport().rect().contains(row.place((29,)))
    qtbot.keyClick(row, Qt.Key.Key_Home)
    assert row.viewport().rect().contains(row.place((0,)))


def test_what_is_chosen_from_outside_says_nothing_and_is_shown(qtbot: QtBot, row: Thumbnails) -> None:
    with qtbot.assertNotEmitted(row.chosen):
        row.set_chosen((20,))
    assert row.viewport().rect().contains(row.place((20,)))
    row.show_thumbnails(many(30))  # new maps of the same layers
    assert row.viewport().rect().contains(row.place((20,)))
    row.set_chosen(("gone",))
    assert row.accessibleDescription() == ""


def test_the_wheel_goes_along_the_row_and_at_its_end_on_to_the_page(row: Thumbnails) -> None:
    def turn(by: int) -> bool:
        at = QPointF(row.viewport().rect().center())
        event = QWheelEvent(
            at,
            row.viewport().mapToGlobal(at),
            QPoint(),
            QPoint(0, by),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(row.viewport(), event)
        return event.isAccepted()

    assert turn(-120)
    assert row.horizontalScrollBar().value() > 0
    assert turn(120)
    assert row.horizontalScrollBar().value() == 0
    assert not turn(120)


def test_the_hand_says_what_it_points_at(row: Thumbnails) -> None:
    said: list[object] = []
    row.pointed.connect(said.append)
    at = row.place((3,)).center()
    none, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), row.viewport().mapToGlobal(QPointF(at)), none, none, plain)
    QApplication.sendEvent(row.viewport(), move)
    QApplication.sendEvent(row.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, row.viewport().mapToGlobal(at)))
    assert QToolTip.text() == "layer 3"
    QToolTip.hideText()
    QApplication.sendEvent(row.viewport(), QEvent(QEvent.Type.Leave))
    assert said == [(3,), None]


def test_an_empty_row_takes_keys_and_clicks_without_harm(qtbot: QtBot, row: Thumbnails) -> None:
    row.show_thumbnails(())
    with qtbot.assertNotEmitted(row.chosen):
        qtbot.keyClick(row, Qt.Key.Key_Right)
        qtbot.mousePress(row.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    row.grab()
