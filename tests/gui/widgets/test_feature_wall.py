"""Where tiles stand, what is under the cursor, what a click and a key do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine.colours import viridis
from engine.passes.feature_maps import Wall
from gui.shell import theme
from gui.widgets.maps.colour_legend import ColourLegend
from gui.widgets.maps.feature_wall import FeatureWall, Plan
from gui.widgets.maps.tiling import GAP, PAIR_GAP, split, tiled
from gui.widgets.maps.wall_places import Spot


def tiles(plan: Plan, shape: tuple[int, int, int], *, sources: tuple[int, int] | None = None, dead: int | None = None) -> Wall:
    """Tiles of one colour each: tile i is 0xff0000ii. With `sources` map i is tile 2i + 1."""
    count = shape[0]
    height, width = plan.tile
    tiles = count * (1 if sources is None else 2)
    numbers = np.arange(-(-tiles // plan.columns) * plan.columns, dtype=np.uint32).reshape(-1, plan.columns)
    pixels = np.kron(numbers, np.ones((height, width), np.uint32)) | np.uint32(0xFF000000)
    low, high = np.zeros(count, np.float32), np.ones(count, np.float32)
    if dead is not None:
        high[dead] = 0
    ends = np.stack([low, low + 1])
    return Wall(pixels, plan.tile, plan.columns, 0, shape, low, high, np.zeros(count), ends, False, 1.0, sources=sources)


@pytest.fixture
def wall(qtbot: QtBot) -> FeatureWall:
    made = FeatureWall()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    made.set_maps((16, 20, 20))
    made.show_tiles(tiles(made.plan(), (16, 20, 20)), None)
    return made


@example(82, 88, 160, 160, 120)  # tiles of 12 pixels to the last bit
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
    stage = wall.places.stage
    assert stage is not None and stage.height() == 369  # 62 % of the width is less than the height
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


def test_maps_keep_their_numbers_in_another_order(qtbot: QtBot, wall: FeatureWall) -> None:
    first = wall.place(0)
    wall.set_order([5, 3, 15])
    assert wall.order[:5] == (5, 3, 15, 0, 1) and sorted(wall.order) == list(range(16))
    assert wall.place(5) == first
    picture = wall.grab().toImage()
    for number in range(16):
        assert picture.pixelColor(wall.place(number).topRight() + QPoint(-2, 2)).blue() == number
    qtbot.mouseMove(wall, wall.place(3).center())
    assert wall.spot is not None and wall.spot.number == 3
    chosen: list[object] = []
    wall.walked.connect(chosen.append)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End):
        qtbot.keyClick(wall, key)
    assert chosen == [5, 3, 15, 14]
    with qtbot.waitSignal(wall.enlarged) as enlarged:
        qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=first.center())
    assert enlarged.args == [5]
    wall.set_maps((4, 20, 20))
    assert sorted(wall.order) == [0, 1, 2, 3] and wall.order[0] == 3


@pytest.mark.parametrize("shape", [(3, 10, 10), (3, 1, 40)])
def test_with_pooling_each_map_stands_beside_its_input_channel(qtbot: QtBot, shape: tuple[int, int, int]) -> None:
    made = FeatureWall()
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    sources = (shape[1] if shape[1] == 1 else 20, 2 * shape[2])
    made.set_maps(shape, None, sources)
    plan = made.plan()
    assert plan.sources and plan.tile == (made.place(0).height(), made.place(0).width()) and plan.columns % 2 == 0
    made.show_tiles(tiles(plan, shape, sources=sources), None)
    picture = made.grab().toImage()
    for number in range(3):
        beside, place = made.places.source_place(number), made.place(number)
        assert beside is not None and beside.size() == place.size() and not beside.intersects(place)
        assert picture.pixelColor(beside.topRight() + QPoint(-3, 3)).blue() == 2 * number
        assert picture.pixelColor(place.topRight() + QPoint(-3, 3)).blue() == 2 * number + 1
    beside = made.places.source_place(1)
    assert beside is not None
    qtbot.mouseMove(made, beside.bottomRight())
    assert made.spot == Spot(1, sources[0] - 1, sources[1] - 1, source=True)
    qtbot.mouseMove(made, made.place(2).bottomRight())
    assert made.spot == Spot(2, shape[1] - 1, shape[2] - 1)
    made.set_maps(shape, 1, sources)
    made.show_tiles(tiles(made.plan(), shape, sources=sources), None)
    made.grab()
    stage = made.places.stage
    assert stage is not None and made.plan().large == (stage.height(), stage.width())
    made.set_maps((5, 8, 8))  # a convolution again: the old pairs are not its maps
    assert made.places.source_place(0) is None and made.spot is None and not made.plan().sources
    assert made.grab().toImage().pixelColor(made.place(4).center()) == theme.theme().grid


def test_a_pooled_pair_says_which_of_the_two_is_the_input(qtbot: QtBot) -> None:
    made = FeatureWall()
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    for count in (1, 3):
        shape = (count, 10, 10)
        made.set_maps(shape, None, (20, 20))
        made.show_tiles(tiles(made.plan(), shape, sources=(20, 20)), None)
        made.set_pair_words("", "")
        before = made.grab().toImage()
        made.set_pair_words("Input", "Output")
        after = made.grab().toImage()
        beside = made.places.source_place(0)
        assert beside is not None
        for place, said in ((beside, True), (made.place(0), count == 1)):  # several maps have their numbers
            corner = QRect(place.left(), place.bottom() - 20, 40, 20)
            assert (before.copy(corner) != after.copy(corner)) == said
        assert before.copy(QRect(beside.topLeft(), beside.size() / 2)) == after.copy(QRect(beside.topLeft(), beside.size() / 2))


@given(st.integers(2, 300), st.integers(5, 300), st.integers(1, 300), st.integers(1, 300))
def test_a_pair_fills_its_place(across: int, down: int, height: int, width: int) -> None:
    pair = QRect(3, 4, across, down)
    source, place = split(pair, (height, width))
    if across > PAIR_GAP + 2:
        assert pair.contains(source) and pair.contains(place) and not source.intersects(place)
        assert source.size() == place.size()
        used = QRect(source.topLeft(), place.bottomRight())
        assert pair.width() - used.width() <= 1 and pair.height() - used.height() <= 1


def test_dead_maps_are_hatched_and_say_so(wall: FeatureWall, monkeypatch: pytest.MonkeyPatch) -> None:
    wall.set_dead_tip("the same everywhere")
    wall.show_tiles(tiles(wall.plan(), (16, 20, 20), dead=6), None)
    picture = wall.grab().toImage()

    def colours(number: int) -> set[int]:
        place = wall.place(number).adjusted(0, 0, 0, -30)  # without its number
        return {picture.pixel(x, y) for x in range(place.left(), place.right()) for y in range(place.top(), place.bottom())}

    assert len(colours(6)) > 1 and len(colours(7)) == 1
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, *_: told.append(text))
    for number in (7, 6):
        point = wall.place(number).center()
        QApplication.sendEvent(wall, QHelpEvent(QEvent.Type.ToolTip, point, wall.mapToGlobal(point)))
    assert told == ["the same everywhere"]


def test_the_picture_to_take_away_has_no_cursor(qtbot: QtBot, wall: FeatureWall) -> None:
    wall.clearFocus()
    plain = wall.picture()
    qtbot.mouseMove(wall, wall.place(5).center())
    wall.set_read_out("value")
    assert wall.picture() == plain
    assert plain.size() == wall.size() * wall.devicePixelRatioF()
    assert plain.pixelColor(wall.place(9).topRight() + QPoint(-2, 2)).blue() == 9


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
    low, high = picture.pixelColor(62, 10), picture.pixelColor(131, 10)
    assert low.blue() > 2 * low.green() and high.red() > 240 and high.green() > 220  # dark violet, yellow


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.00224, "−0.00224"),
        (-0.000123, "−0.000123"),
        (-123413.0, "−123,413"),
        (-1.11e6, "−1.11×10⁶"),
        (-1.11e-7, "−1.1×10⁻⁷"),  # three figures are wider than their place
        (-8.88e-38, "−9×10⁻³⁸"),
        (float("-inf"), "−∞"),
    ],
)
def test_no_end_of_the_legend_is_cut_off(qtbot: QtBot, value: float, text: str) -> None:
    """Beside the strip of 72 pixels each end has half of the others, less some air."""
    legend = ColourLegend(viridis())
    qtbot.addWidget(legend)
    legend.set_range(value, -value)
    assert legend.ends[0] == text
    assert QFontMetricsF(theme.font(11)).horizontalAdvance(text) <= (legend.width() - 72) / 2 - 6


def colours_in(picture: QImage, place: QRect) -> int:
    return len({picture.pixel(x, y) for x in range(place.left(), place.right()) for y in range(place.top(), place.bottom())})


def test_large_cells_have_their_numbers_and_small_ones_their_colour_alone(qtbot: QtBot) -> None:
    made = FeatureWall()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    for side, written in ((5, True), (20, False)):
        made.set_maps((1, side, side))
        values = np.arange(side * side, dtype=np.float32).reshape(1, side, side)
        made.show_tiles(tiles(made.plan(), (1, side, side)), None)
        assert colours_in(made.grab().toImage(), made.place(0)) == 1
        made.show_tiles(tiles(made.plan(), (1, side, side)), None, values)
        assert (colours_in(made.grab().toImage(), made.place(0)) > 1) == written
    made.set_maps((1, 5, 5))
    assert colours_in(made.grab().toImage(), made.place(0)) == 1  # the numbers are still those of the maps before


def test_an_input_channel_beside_its_map_has_its_own_numbers(qtbot: QtBot) -> None:
    made = FeatureWall()
    qtbot.addWidget(made)
    made.resize(700, 320)
    made.show()
    made.set_maps((1, 2, 2), None, (4, 4))
    shown = tiles(made.plan(), (1, 2, 2), sources=(4, 4))
    source = made.places.source_place(0)
    assert source is not None
    made.show_tiles(shown, None, np.full((1, 2, 2), np.nan, np.float32), np.ones((1, 4, 4), np.float32))
    picture = made.grab().toImage()
    assert colours_in(picture, made.place(0)) == 1 and colours_in(picture, source) > 1


# --- a wall that picks


@pytest.fixture
def picking(qtbot: QtBot) -> FeatureWall:
    made = FeatureWall(picks=True)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    made.set_maps((16, 20, 20))
    made.show_tiles(tiles(made.plan(), (16, 20, 20)), None)
    return made


def test_a_click_picks_and_a_double_click_enlarges(qtbot: QtBot, picking: FeatureWall) -> None:
    picked: list[object] = []
    enlarged: list[object] = []
    picking.picked.connect(picked.append)
    picking.enlarged.connect(enlarged.append)
    at = picking.place(3).topLeft()
    qtbot.mouseClick(picking, Qt.MouseButton.LeftButton, pos=at)
    assert picked == [Spot(3, 0, 0)] and enlarged == []
    qtbot.mouseDClick(picking, Qt.MouseButton.LeftButton, pos=at)
    assert enlarged == [3] and picking.current == 3
    picking.set_maps((16, 20, 20), 3)
    stage = picking.places.stage
    assert stage is not None
    qtbot.mouseMove(picking, stage.center())
    qtbot.mouseClick(picking, Qt.MouseButton.LeftButton, pos=stage.center())
    assert len(picked) == 2 and picked[-1] == picking.spot and enlarged == [3]  # picking goes on in the large map
    qtbot.mouseDClick(picking, Qt.MouseButton.LeftButton, pos=stage.center())
    assert enlarged == [3, None]


def test_space_picks_and_enter_enlarges(qtbot: QtBot, picking: FeatureWall) -> None:
    picked: list[object] = []
    enlarged: list[object] = []
    picking.picked.connect(picked.append)
    picking.enlarged.connect(enlarged.append)
    QApplication.sendEvent(picking, QEvent(QEvent.Type.Leave))  # the pointer may be where the test before has left it
    qtbot.keyClick(picking, Qt.Key.Key_Space)
    assert picked == []  # there is no cell yet
    qtbot.keyClick(picking, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(picking, Qt.Key.Key_Space)
    qtbot.keyClick(picking, Qt.Key.Key_Return)
    assert picked == [Spot(0, 10, 10)] and enlarged == [0]


def test_a_double_click_does_not_take_back_what_a_click_has_enlarged(qtbot: QtBot, wall: FeatureWall) -> None:
    enlarged: list[object] = []
    wall.enlarged.connect(enlarged.append)
    wall.enlarged.connect(lambda number: wall.set_maps((16, 20, 20), number))
    at = wall.place(0).center()
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(wall, Qt.MouseButton.LeftButton, pos=at)
    assert enlarged == [0]


@pytest.mark.parametrize(("size", "above"), [((600, 400), False), ((300, 500), True)])
def test_the_enlarged_map_stands_where_it_is_largest(qtbot: QtBot, size: tuple[int, int], above: bool) -> None:
    wall = FeatureWall()
    qtbot.addWidget(wall)
    wall.resize(*size)
    wall.show()
    wall.set_maps((8, 20, 20), 2)
    stage = wall.places.stage
    assert stage is not None and wall.rect().contains(stage)
    assert stage.width() >= 0.6 * min(size)
    rest = [wall.place(number) for number in range(8)]
    assert all(wall.rect().contains(place) and not place.intersects(stage) for place in rest)
    assert all(place.top() > stage.bottom() if above else place.left() > stage.right() for place in rest)


@pytest.mark.parametrize("enlarged", [None, 1])
def test_the_cell_at_the_pointer_goes_along_to_the_map_that_the_keys_choose(qtbot: QtBot, enlarged: int | None) -> None:
    """It is a cell of the same kind: an input channel has more cells than its map."""
    made = FeatureWall()
    qtbot.addWidget(made)
    made.resize(700, 320)
    made.show()
    made.set_maps((3, 2, 2), enlarged, (8, 8))
    made.set_current(1)
    place = made.places.source_place(1)
    assert place is not None
    qtbot.mouseMove(made, place.bottomRight())
    assert made.spot == Spot(1, 7, 7, source=True)
    qtbot.keyClick(made, Qt.Key.Key_Right)
    assert made.spot == Spot(2, 7, 7, source=True) and made.places.holds(made.spot)
