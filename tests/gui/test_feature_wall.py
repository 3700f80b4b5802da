"""Where tiles stand, what is under the cursor, what a click and a key do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.colours import viridis
from engine.feature_maps import Wall
from gui.shell import theme
from gui.widgets.colour_legend import ColourLegend, figure
from gui.widgets.feature_wall import FeatureWall, Plan, Spot
from gui.widgets.tiling import GAP, tiled


def tiles(plan: Plan, shape: tuple[int, int, int]) -> Wall:
    """Tiles of one colour each: map i is 0xff0000ii."""
    count = shape[0]
    height, width = plan.tile
    numbers = np.arange(-(-count // plan.columns) * plan.columns, dtype=np.uint32).reshape(-1, plan.columns)
    pixels = np.kron(numbers, np.ones((height, width), np.uint32)) | np.uint32(0xFF000000)
    ends = np.zeros(count, np.float32)
    return Wall(pixels, plan.tile, plan.columns, 0, shape, ends, ends + 1, False, 1.0)


@pytest.fixture
def wall(qtbot: QtBot) -> FeatureWall:
    made = FeatureWall()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    made.set_maps((16, 20, 20))
    made.show_tiles(tiles(made.plan(), (16, 20, 20)), None)
    return made


@given(st.integers(1, 256), st.integers(1, 300), st.integers(1, 300), st.integers(160, 1600), st.integers(120, 1000))
def test_tiles_fill_the_area_and_never_overlap(count: int, height: int, width: int, across: int, down: int) -> None:
    grid = tiled(count, (height, width), QRect(0, 0, across, down))
    places = [grid.place(number) for number in range(count)]
    if min(grid.tile.width(), grid.tile.height()) > 4:  # else there are more maps than the area has room for
        assert all(QRect(0, 0, across, down).contains(place) for place in places)
    for number, place in enumerate(places):
        assert grid.at(place.center()) == number
        if number % grid.columns:
            assert place.left() - places[number - 1].right() - 1 == GAP
    for columns in range(1, count + 1):  # no other number of columns gives tiles that are a pixel larger
        rows = -(-count // columns)
        aspect = min(max(width / height, 1 / 6), 6)
        room = min((across - (columns - 1) * GAP) / columns, aspect * (down - (rows - 1) * GAP) / rows)
        assert room < max(grid.tile.width(), 4) + 1


def test_every_tile_is_painted_where_it_stands(wall: FeatureWall) -> None:
    picture = wall.grab().toImage()
    for number in range(16):
        assert picture.pixelColor(wall.place(number).topRight() + QPoint(-2, 2)).blue() == number


def test_hover_gives_the_cell_of_the_map_and_leaving_gives_nothing(qtbot: QtBot, wall: FeatureWall) -> None:
    told: list[object] = []
    wall.pointed.connect(told.append)
    place = wall.place(5)
    qtbot.mouseMove(wall, place.topLeft())
    assert wall.spot == Spot(5, 0, 0)
    qtbot.mouseMove(wall, place.bottomRight())
    assert wall.spot == Spot(5, 19, 19)
    assert told[-1] == Spot(5, 19, 19)
    wall.leaveEvent(None)  # type: ignore[arg-type]
    assert wall.spot is None and told[-1] is None


def test_a_click_enlarges_and_a_click_goes_back(qtbot: QtBot, wall: FeatureWall) -> None:
    with qtbot.waitSignal(wall.enlarged) as chosen:
        qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.place(3).center())
    assert chosen.args == [3]
    wall.set_maps((16, 20, 20), 3)
    stage = wall.stage
    assert stage is not None and stage.height() == 372  # 62 % of the width is less than the height
    assert wall.plan().enlarged == 3 and wall.plan().large == (stage.height(), stage.width())
    assert all(not wall.place(number).intersects(stage) for number in range(16))
    with qtbot.waitSignal(wall.enlarged) as back:
        qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=stage.center())
    assert back.args == [None]


def test_keys_move_enlarge_and_go_back(qtbot: QtBot, wall: FeatureWall) -> None:
    columns = wall.plan().columns
    chosen: list[object] = []
    wall.enlarged.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(wall, key)
    assert wall.current == 1 + columns
    qtbot.keyClick(wall, Qt.Key.Key_Return)
    wall.set_maps((16, 20, 20), wall.current)
    qtbot.keyClick(wall, Qt.Key.Key_Right)
    qtbot.keyClick(wall, Qt.Key.Key_Escape)
    assert chosen == [1 + columns, 2 + columns, None]
    qtbot.keyClick(wall, Qt.Key.Key_End)
    assert wall.current == 15
    qtbot.keyClick(wall, Qt.Key.Key_Right)
    assert wall.current == 15


def test_shift_and_arrows_go_from_cell_to_cell(qtbot: QtBot, wall: FeatureWall) -> None:
    qtbot.keyClick(wall, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert wall.spot == Spot(0, 10, 10)
    qtbot.keyClick(wall, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert wall.spot == Spot(0, 11, 10)
    for _ in range(30):
        qtbot.keyClick(wall, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert wall.spot == Spot(0, 11, 0)


def test_fewer_maps_leave_no_spot_and_no_current_beyond_them(qtbot: QtBot, wall: FeatureWall) -> None:
    qtbot.keyClick(wall, Qt.Key.Key_End)
    qtbot.mouseMove(wall, wall.place(15).center())
    wall.set_maps((4, 9, 9))
    wall.grab()  # the old tiles are still there, in the new places
    wall.show_tiles(tiles(wall.plan(), (4, 9, 9)), None)
    assert wall.current == 3 and wall.spot is None


def test_the_places_are_there_before_the_tiles(qtbot: QtBot) -> None:
    wall = FeatureWall()
    qtbot.addWidget(wall)
    wall.resize(600, 400)
    wall.set_maps((4, 10, 10))
    wall.set_placeholder("soon")
    picture: QImage = wall.grab().toImage()
    assert picture.pixelColor(wall.place(2).topLeft() + QPoint(3, 3)) == theme.theme().grid


def test_repaints_tell_once_that_tiles_are_on_the_screen(qtbot: QtBot, wall: FeatureWall) -> None:
    wall.grab()
    painted: list[bool] = []
    wall.tiles_painted.connect(lambda: painted.append(True))
    wall.show_tiles(tiles(wall.plan(), (16, 20, 20)), None)
    for _ in range(3):
        wall.grab()
    assert painted == [True]


def test_the_legend_says_its_ends(qtbot: QtBot) -> None:
    legend = ColourLegend(viridis())
    qtbot.addWidget(legend)
    legend.set_range(-1.5, 0.25)
    assert legend.ends == ("−1.5", "0.25")
    picture = legend.grab().toImage()
    low, high = picture.pixelColor(51, 10), picture.pixelColor(120, 10)
    assert low.blue() > 2 * low.green() and high.red() > 240 and high.green() > 220  # dark violet, yellow


def test_figures() -> None:
    assert [figure(value) for value in (0, -0.46153, 12.34567, 1e-6, -123456)] == [
        "0",
        "−0.4615",
        "12.35",
        "1.0e−06",
        "−1.235e+05",
    ]
