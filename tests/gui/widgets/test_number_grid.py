"""The grid of numbers: what stands in its cells, what is under the hand, what keys and wheel ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.colours import diverging, viridis
from gui.shell import language, theme
from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.sheet import Sheet, texts

NONE = Qt.KeyboardModifier.NoModifier


def sheet(rows: int = 4, columns: int = 5, first: tuple[int, int] = (-1, -1), *, whole: bool = True) -> Sheet:
    """Numbers row by row from 0; the first row and column are padding, the last column is never read."""
    values = np.arange(rows * columns, dtype=np.float64).reshape(rows, columns)
    padding, unread = np.zeros((2, rows, columns), bool)
    padding[0] = padding[:, 0] = True
    values[padding] = 0
    unread[:, -1] = True
    extent = (first[0], first[1], first[0] + rows, first[1] + columns) if whole else (-1, -1, 40, 40)
    return Sheet(values, first, extent, viridis(), 0.0, 19.0, padding_HW=padding, unread_HW=unread)


@pytest.fixture
def grid(qtbot: QtBot) -> NumberGrid:
    made = NumberGrid()
    qtbot.addWidget(made)
    made.set_sheet(sheet(), 30)
    made.show()
    return made


def test_every_number_stands_in_its_cell(grid: NumberGrid) -> None:
    assert grid.figures == [
        "0",
        "0",
        "0",
        "0",
        "0",
        "0",
        "6",
        "7",
        "8",
        "9",
        "0",
        "11",
        "12",
        "13",
        "14",
        "0",
        *["16", "17", "18", "19"],
    ]
    picture = grid.grab().toImage()
    for cell, value in (((0, 0), 6), ((2, 2), 18)):
        corner = picture.pixelColor(grid.place(cell).topLeft() + QPoint(3, 3))
        expected = viridis()[int(value * 255.99 / 19)]
        assert corner.rgb() == int(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, -4, 101], ["1", "−4", "101"]),
        ([0.5333, -0.272, 1.284], ["0.53", "−0.27", "1.28"]),
        ([12.345, -123.4, -0.001], ["12.3", "−123", "≈0"]),
        ([1e7, 0.5], ["1×10⁷", "0.5"]),
        ([9.5, 10.5, 100], ["9.5", "10.5", "100"]),
        ([1.25, 10.5], ["1.25", "10.5"]),
        ([13.25, -13.25, 13.375, 0.125], ["13.3", "−13.3", "13.4", "0.13"]),  # not to the even digit
        ([142.5, -142.5, 0.25], ["143", "−143", "0.25"]),
        ([0, 1 / 3, -0.0, 1], ["0", "0.33", "0", "1"]),  # whole numbers as they are, among others too
        ([0.001, -0.001, 0.996], ["≈0", "≈0", "1.00"]),  # only 0 is 0, and only 1 is 1
    ],
)
def test_texts(values: list[float], expected: list[str]) -> None:
    assert texts(np.array(values), 2) == expected


def test_weights_near_zero_are_not_printed_as_zero(grid: NumberGrid) -> None:
    """Where a cell has no room for −0.04 the 0 before the point is left out, not the only digit that says something."""
    small = Sheet(np.array([[0.031, -0.042, 0.0], [0.12, 0.049, -0.3]]), (0, 0), (0, 0, 2, 3), diverging(), -0.3, 0.3)
    grid.set_sheet(small, 24)
    assert grid.figures == [".03", "−.04", "0", ".12", ".05", "−.30"]
    grid.set_sheet(small, 40)
    assert grid.figures == ["0.03", "−0.04", "0", "0.12", "0.05", "−0.30"]
    large = Sheet(np.array([[0.31, 0.72, 1.0]]), (0, 0), (0, 0, 1, 3), diverging(), -1.0, 1.0)
    grid.set_sheet(large, 18)
    assert grid.figures == ["0.3", "0.7", "1"]  # these are told apart as they are


def test_a_long_number_does_not_take_the_others_away(grid: NumberGrid) -> None:
    """What is too long loses its decimals, then gives way to dots; where most would be dots there are colours alone."""
    one_long = Sheet(np.array([[1.0, -2.0, 0.5], [-123456.789, 4.0, 0.001]]), (0, 0), (0, 0, 2, 3), diverging(), -7.0, 7.0)
    grid.set_sheet(one_long, 24)
    assert grid.figures == ["1", "−2", ".5", "…", "4", "≈0"]
    just_wider = Sheet(np.array([[0.3, -1.03, 0.0]]), (0, 0), (0, 0, 1, 3), viridis(), -2.0, 2.0)
    grid.set_sheet(just_wider, 18)
    assert grid.figures == [".3", "−1", "0"]
    all_long = Sheet(np.array([[-123456.5, 234567.5, 0.5]]), (0, 0), (0, 0, 1, 3), viridis(), -2.0, 2.0)
    grid.set_sheet(all_long, 18)
    assert grid.figures == []


def test_cells_that_are_wider_than_high(qtbot: QtBot, grid: NumberGrid) -> None:
    """The figures have the width; the pointer is at the cell that it is over, and a drag moves by whole cells."""
    grid.set_sheet(replace(sheet(2, 3, whole=False), values_HW=np.array([[0.125, -0.5, 0.3], [1, 2, 12.25]])), 18)
    assert grid.figures == [".1", "−.5", ".3", "1", "2", "12"]
    grid.set_sheet(replace(grid.sheet, wider_px=18), 18)  # type: ignore[type-var]
    assert grid.figures == ["0.13", "−0.50", "0.30", "1", "2", "12.3"] and grid.width() == 3 * 36 + 1
    assert grid.place((0, 0)) == QRect(36, 18, 36, 18)
    assert grid.cell_at(QPointF(71, 20)) == (0, 0) and grid.cell_at(QPointF(73, 20)) == (0, 1)
    moved: list[tuple[int, int]] = []
    grid.shifted.connect(lambda rows, columns: moved.append((rows, columns)))
    qtbot.mousePress(grid, Qt.MouseButton.LeftButton, pos=QPoint(90, 30))
    qtbot.mouseMove(grid, QPoint(54, 30))
    qtbot.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=QPoint(54, 30))
    assert moved == [(0, 1)]


def test_small_cells_are_colour_alone(grid: NumberGrid) -> None:
    grid.set_sheet(sheet(), 12)
    assert grid.figures == []
    grid.set_sheet(sheet(), 40)
    assert len(grid.figures) == 20


def test_a_signed_sheet_is_white_at_zero_and_red_above(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.set_sheet(Sheet(np.array([[-7.0, 0.0, 7.0]]), (0, 0), (0, 0, 1, 3), diverging(), -7.0, 7.0), 40)
    picture = grid.grab().toImage()
    low, middle, high = (picture.pixelColor(grid.place((0, column)).topLeft() + QPoint(4, 4)) for column in range(3))
    assert low.blue() > low.red() + 50 and high.red() > high.blue() + 50
    assert min(middle.red(), middle.green(), middle.blue()) > 235


def test_padding_and_unread_cells_are_hatched(grid: NumberGrid) -> None:
    """Hatched: a cell's pixels have a third colour besides ground and figure lines; plain cells are flat at their edge."""

    def edge_colours(cell: tuple[int, int]) -> int:
        picture, place = grid.grab().toImage(), grid.place(cell)
        return len({picture.pixel(place.left() + x, place.top() + 3) for x in range(3, 27)})

    assert edge_colours((0, 0)) == 1
    assert edge_colours((-1, 2)) > 1 and edge_colours((1, 3)) > 1


def test_the_cell_under_the_cursor(qtbot: QtBot, grid: NumberGrid) -> None:
    told: list[object] = []
    grid.pointed.connect(told.append)
    qtbot.mouseMove(grid, QPoint(31, 1))
    qtbot.mouseMove(grid, QPoint(149, 119))
    assert told == [(-1, 0), (2, 3)]
    assert grid.cell_at(QPointF(151, 5)) is None
    QApplication.sendEvent(grid, _leave())
    assert told[-1] is None


def _leave() -> object:
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def test_a_click_pins_and_a_drag_moves_the_lens_instead(qtbot: QtBot, grid: NumberGrid) -> None:
    pinned: list[object] = []
    shifted: list[tuple[int, int]] = []
    grid.pinned.connect(pinned.append)
    grid.shifted.connect(lambda rows, columns: shifted.append((rows, columns)))
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, NONE, grid.place((1, 2)).center())
    assert pinned == [(1, 2)] and not shifted
    start = grid.place((1, 2)).center()
    qtbot.mousePress(grid, Qt.MouseButton.LeftButton, NONE, start)
    qtbot.mouseMove(grid, start + QPoint(-60, -30))
    qtbot.mouseRelease(grid, Qt.MouseButton.LeftButton, NONE, start + QPoint(-60, -30))
    assert [sum(step) for step in zip(*shifted, strict=True)] == [1, 2] and pinned == [(1, 2)]


def test_keys_walk_pin_free_and_zoom(qtbot: QtBot, grid: NumberGrid) -> None:
    told: list[object] = []
    grid.walked.connect(told.append)
    grid.pinned.connect(lambda cell: told.append(("pin", cell)))
    grid.freed.connect(lambda: told.append("free"))
    grid.zoomed.connect(lambda notches: told.append(("zoom", notches)))
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Down, keys.Key_Return, keys.Key_End, keys.Key_Home, keys.Key_Left, keys.Key_Escape):
        qtbot.keyClick(grid, key)
    qtbot.keyClick(grid, keys.Key_Plus)
    assert told == [(-1, 0), (0, 0), ("pin", (0, 0)), (0, 3), (0, -1), "free", ("zoom", 1)]


def test_keys_walk_out_of_view_but_not_out_of_the_whole(qtbot: QtBot, grid: NumberGrid) -> None:
    told: list[object] = []
    grid.walked.connect(told.append)
    grid.set_sheet(sheet(whole=False), 30)
    grid.set_lit([], (2, 3))
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_End)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert told == [(2, 4), (2, 39)]


@pytest.mark.parametrize(
    ("modifier", "expected"), [(NONE, ("shift", 1, 0)), (Qt.KeyboardModifier.ControlModifier, ("zoom", -1))]
)
def test_the_wheel_moves_the_lens_and_with_control_zooms(
    grid: NumberGrid, modifier: Qt.KeyboardModifier, expected: tuple[object, ...]
) -> None:
    told: list[tuple[object, ...]] = []
    grid.shifted.connect(lambda rows, columns: told.append(("shift", rows, columns)))
    grid.zoomed.connect(lambda notches: told.append(("zoom", notches)))

    def turn() -> None:
        spot = QPointF(40, 40)
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(
            spot, grid.mapToGlobal(spot), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, modifier, phase, False
        )
        QApplication.sendEvent(grid, event)

    grid.set_sheet(sheet(whole=False), 30)
    turn()
    assert told == [expected]


def test_a_screen_reader_is_told_the_cell_and_its_value(qtbot: QtBot, grid: NumberGrid) -> None:
    grid.set_lit([], (1, 1))
    assert grid.accessibleDescription() == "(1, 1) = 12"
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.accessibleDescription() == "(1, −1) = 0, padding"
    language.set_language("ko")
    qtbot.keyClick(grid, Qt.Key.Key_Up)
    assert grid.accessibleDescription() == "(0, −1) = 0, 패딩"


def test_lit_cells_are_amber_and_others_stay(grid: NumberGrid) -> None:
    before = grid.grab().toImage()
    grid.set_lit([(0, 1), (1, 1), (30, 30)], (1, 2))
    after = grid.grab().toImage()
    amber = theme.theme().window
    for cell in ((0, 1), (1, 1), (1, 2)):
        assert after.pixelColor(grid.place(cell).topLeft() + QPoint(1, 10)) == amber
    corner = grid.place((2, 1)).topLeft() + QPoint(4, 8)
    assert after.pixel(corner) == before.pixel(corner)


def test_a_theme_repaints_the_ground(grid: NumberGrid) -> None:
    spots = [grid.place((-1, 2)).topLeft() + QPoint(x, 4) for x in range(3, 27)]
    light = max(grid.grab().toImage().pixelColor(spot).lightness() for spot in spots)
    theme.apply("dark")
    dark = max(grid.grab().toImage().pixelColor(spot).lightness() for spot in spots)
    assert light > 240 and dark < 90
