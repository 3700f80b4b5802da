"""The maps' card in the network lab: maps stand only for the network and the layer that they are of, a living unit is looked
at, and what a page shows can be seen and is named."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from pytestqt.qtbot import QtBot

from engine.colours import viridis
from engine.layers.kinds.activation import ReLU, Softmax
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.normalization import GroupNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool2d, MaxPool2d
from engine.layers.kinds.recurrent import LSTM
from engine.layers.kinds.upsample import Upsample
from engine.passes.activations import LayerOutput, as_maps
from engine.passes.feature_maps import paint
from gui.labs.network.lab import NetworkLab
from gui.labs.network.maps.maps_view import TILE_PX, MapsView
from gui.labs.network.maps.network_preview import NetworkAnswer, NetworkRequest
from gui.labs.network.maps.sight import index_of, living, middle, sight
from gui.labs.network.maps.weights_menu import WeightsMenu
from gui.labs.network.reading import read
from gui.labs.network.state import MapUnit, NetworkState, opened
from gui.shell import language
from gui.shell.theme import font
from gui.widgets.grids.grid_painting import DARK, LIGHT
from tests.engine.runs.test_first_filters import saved
from tests.gui.labs.network.network_labs import network_lab, open_network_lab
from tests.gui.lent_labs import Lender

FIRST = NetworkState(
    name="first",
    input=(1, 16, 16),
    layers=(
        Conv2d(out_channels=100, kernel_size=3, padding=1),
        ReLU(),
        MaxPool2d(kernel_size=2),
        AdaptiveAvgPool2d(output_size=1),
        Flatten(),
        Linear(out_features=20),
    ),
    chosen=(0,),
    page="maps",
)
OTHER = msgspec.structs.replace(
    FIRST, name="other", layers=(Conv2d(out_channels=100, kernel_size=5, padding=2), *FIRST.layers[1:])
)


@pytest.fixture
def lab(qtbot: QtBot, lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> NetworkLab:
    def opened() -> NetworkLab:
        made = open_network_lab(tmp_path_factory.mktemp("lab"))
        made.set_state(FIRST)
        made.forget_history()
        made.torch_ready()
        settled(qtbot, made)
        return made

    return lender.lend(qtbot, "with maps", opened)


def settled(qtbot: QtBot, lab: NetworkLab) -> None:
    """Until the maps and the gradient of the state are there."""
    qtbot.waitUntil(lambda: not lab.busy() and lab.maps_card.waiting == "")


def unanswered(qtbot: QtBot, lab: NetworkLab, state: NetworkState) -> None:
    """`state` on the screen, before anything of it is computed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab.feed.preview, "ask", lambda request: None)
        lab.set_state(state)
        qtbot.waitUntil(lambda: not lab.feed._soon.isActive())


def has_maps(lab: NetworkLab) -> bool:
    """Whether the wall's first tile has colours in it."""
    wall = lab.maps_card.wall
    image, place = wall.grab().toImage(), wall.place(0)
    seen = {
        image.pixelColor(x, y).name() for x in range(place.left(), place.right()) for y in range(place.top(), place.bottom())
    }
    return len(seen & {QColor.fromRgb(int(colour)).name() for colour in viridis()}) > 5


# --- what maps stand for


def test_maps_of_another_network_go_at_once(qtbot: QtBot, lab: NetworkLab) -> None:
    card = lab.maps_card
    assert has_maps(lab) and card.thumbnails.isVisible() and card.bars.isVisible()
    unanswered(qtbot, lab, OTHER)
    assert not has_maps(lab) and "computed" in card.waiting
    assert card.thumbnails.keys == () and not card.bars.isVisible()
    lab.feed.ask()
    settled(qtbot, lab)
    assert has_maps(lab) and card.bars.isVisible()


def test_maps_stay_while_an_edit_of_their_network_is_computed(qtbot: QtBot, lab: NetworkLab) -> None:
    dragged = msgspec.structs.replace(FIRST, layers=OTHER.layers)
    unanswered(qtbot, lab, dragged)
    assert has_maps(lab) and lab.maps_card.bars.isVisible()
    assert lab.maps_card.maps.look is None  # their numbers are not read out any more
    unanswered(qtbot, lab, msgspec.structs.replace(dragged, chosen=(2,)))
    assert not has_maps(lab)  # nor are they those of another layer


def test_where_no_maps_will_come_the_wall_says_so(qtbot: QtBot, lab: NetworkLab) -> None:
    broken = msgspec.structs.replace(
        FIRST, layers=(*FIRST.layers[:2], Conv2d(out_channels=4, kernel_size=40), *FIRST.layers[2:])
    )
    for chosen in ((2,), (3,)):
        lab.set_state(msgspec.structs.replace(broken, chosen=chosen))
        settled(qtbot, lab)
        assert not has_maps(lab) and not lab.maps_card.maps.isVisible()
        assert lab.maps_card.fields.line.text() == "No maps from here on: the stack says why."
        assert lab.maps_card.thumbnails.keys == ((), (0,), (1,))  # what comes before has its pictures, and no other
    lab.set_state(msgspec.structs.replace(broken, chosen=(1,)))
    settled(qtbot, lab)
    assert has_maps(lab) and lab.maps_card.maps.isVisible()
    lab.set_state(msgspec.structs.replace(FIRST, disabled=((1,),), chosen=(1,)))
    settled(qtbot, lab)
    assert not has_maps(lab)
    assert lab.maps_card.fields.line.text() == "This layer is off: it makes no maps."  # the layers after it do


def test_without_layers_the_input_is_shown(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(FIRST, layers=(), chosen=()))
    settled(qtbot, lab)
    look = lab.maps_card.maps.look
    assert look is not None and look.maps_CHW.shape == (1, 16, 16) and has_maps(lab)
    assert lab.maps_card.thumbnails.keys == ((),)


def test_an_answer_to_what_was_asked_of_another_layer_is_not_shown(qtbot: QtBot, lab: NetworkLab) -> None:
    shown = lab.feed._work(NetworkRequest(lab.feed._wanted()))
    unanswered(qtbot, lab, msgspec.structs.replace(FIRST, chosen=(2,)))
    lab.feed._answered(shown)
    assert not has_maps(lab)


def test_a_gradient_of_another_unit_is_not_shown(qtbot: QtBot, lab: NetworkLab) -> None:
    asked = lab.feed._asked
    assert asked is not None
    shown = lab.feed._work(NetworkRequest(asked, (0,), (0, 8, 8)))
    lab.feed._answered(shown)
    assert lab.maps_card.fields.effective is shown.effective is not None
    lab.set_state(msgspec.structs.replace(FIRST, unit=MapUnit(0, 1, 1)))
    settled(qtbot, lab)
    lab.feed._answered(shown)
    assert lab.maps_card.fields.effective is not shown.effective


def test_a_card_that_was_hidden_is_shown_as_the_state_is(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.resize(840, 604)
    lab.set_state(msgspec.structs.replace(FIRST, page="layer"))
    unanswered(qtbot, lab, msgspec.structs.replace(OTHER, page="layer", chosen=(2,)))
    assert not lab.maps_card.isVisible()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab.feed.preview, "ask", lambda request: None)
        lab.set_state(msgspec.structs.replace(OTHER, chosen=(2,)))
        assert lab.maps_card.isVisible() and lab.maps_card.sight is not None  # before the next turn of the loop
        assert lab.maps_card.sight.path == (2,) and not has_maps(lab)


# --- the unit


def test_a_living_unit_is_looked_at_where_the_middle_one_is_off() -> None:
    maps_CHW = np.zeros((4, 5, 5), np.float32)
    maps_CHW[1, 2, 2], maps_CHW[2, 2, 2], maps_CHW[3, 2, 2] = 1, -3, 9
    assert living(maps_CHW, MapUnit(0, 2, 2), range(3)) == MapUnit(2, 2, 2)
    assert living(maps_CHW, MapUnit(1, 2, 2), range(3)) == MapUnit(1, 2, 2)
    assert living(np.zeros((4, 5, 5), np.float32), MapUnit(0, 2, 2), range(4)) == MapUnit(0, 2, 2)
    assert living(np.array([[[0, 5, 0, 7]]], np.float32), MapUnit(0, 0, 2), range(1)) == MapUnit(0, 0, 3)


def test_the_middle_goes_along_with_the_map_that_was_looked_at() -> None:
    assert middle((8, 27, 27)) == MapUnit(0, 13, 13)
    assert middle((8, 25, 25), MapUnit(5, 13, 13)) == MapUnit(5, 12, 12)
    assert middle((3, 25, 25), MapUnit(5, 13, 13)) == MapUnit(2, 12, 12)
    assert middle((100,), MapUnit(0, 0, 7)) == MapUnit(0, 0, 7)


def test_the_frame_does_not_jump_to_a_living_unit(qtbot: QtBot, lab: NetworkLab) -> None:
    card = lab.maps_card
    for seed in range(40):  # until the middle unit of the first map is off
        unanswered(qtbot, lab, msgspec.structs.replace(FIRST, chosen=(1,), seed=seed))
        card._like = None
        lab.feed.show_now()
        frame = card.picture.frame
        settled(qtbot, lab)
        assert card.sight is not None and card.maps.look is not None and lab.state().unit is None
        if card.maps.look.maps_CHW[0, 8, 8] == 0:
            break
    assert card.sight.unit != MapUnit(0, 8, 8) and card.maps.look.maps_CHW[card.sight.at] > 0
    assert card.picture.frame == frame and card.sight.unit.channel in card.maps.numbers
    qtbot.waitUntil(lambda: card.fields.effective is not None)
    assert card.fields.effective is not None and not card.fields.effective.off and card.fields.gradient.note == ""


def test_a_unit_that_is_off_says_so_on_the_picture(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(FIRST, chosen=(1,)))
    settled(qtbot, lab)
    look = lab.maps_card.maps.look
    assert look is not None
    channel, row, column = (int(at) for at in np.argwhere(look.maps_CHW == 0)[0])
    lab.set_state(msgspec.structs.replace(FIRST, chosen=(1,), unit=MapUnit(channel, row, column)))
    qtbot.waitUntil(lambda: lab.maps_card.sight is not None and lab.maps_card.sight.at == (channel, row, column))
    qtbot.waitUntil(lambda: lab.maps_card.fields.effective is not None)
    assert lab.maps_card.sight is not None and lab.maps_card.sight.at == (channel, row, column)  # chosen is chosen
    assert lab.maps_card.fields.gradient.note == "This unit is off: its gradient is 0. Try another unit."


# --- in words


def test_the_sizes_stand_below_the_pictures_and_the_line_explains_itself(qtbot: QtBot, lab: NetworkLab) -> None:
    fields = lab.maps_card.fields
    lab.set_state(msgspec.structs.replace(FIRST, chosen=(2,)))
    settled(qtbot, lab)
    qtbot.waitUntil(lambda: fields.effective is not None)
    assert fields.names[0].text() == "theoretical 4 × 4"  # 2x2 of 3x3
    assert fields.names[1].text().startswith("effective about ")
    assert "jump 2" in fields.line.text()
    assert "the window of the next unit lies 2 cells further" in fields.line.toolTip()
    lab.set_state(msgspec.structs.replace(FIRST, chosen=(3,)))
    settled(qtbot, lab)
    assert fields.names[0]._wordings[0] == "sees the whole input (18 × 18 with padding)"


@pytest.mark.parametrize("name", ["en", "ko"])
def test_random_weights_are_said_to_know_nothing(qtbot: QtBot, lab: NetworkLab, name: str) -> None:
    language.set_language(name)
    assert lab.maps_card._random.isVisible() and "1/20" in lab.maps_card._random.text()
    lab.set_state(msgspec.structs.replace(FIRST, weights=str(lab.services.runs_folder / "gone")))
    qtbot.waitUntil(lambda: "gone" in lab.maps_card.waiting)
    assert not lab.maps_card._random.isVisible()


def test_the_menu_says_that_there_are_no_runs(qtbot: QtBot, tmp_path: Path) -> None:
    menu = WeightsMenu(tmp_path)
    qtbot.addWidget(menu)
    menu.fill()
    last = menu.list.actions()[-1]
    assert last.text().startswith("No trained runs yet") and not last.isEnabled() and not last.isSeparator()
    assert menu.text() == "Random weights · seed 0"


# --- the wall


@pytest.mark.parametrize("size", [(1256, 804), (840, 604), (1736, 984)])
def test_tiles_are_large_enough_and_pages_hold_all_maps(qtbot: QtBot, lab: NetworkLab, size: tuple[int, int]) -> None:
    lab.resize(*size)
    settled(qtbot, lab)
    maps = lab.maps_card.maps
    tile = maps.wall.place(0)
    assert min(tile.width(), tile.height()) >= TILE_PX
    seen = list(maps.numbers)
    assert f"maps 0–{len(seen) - 1} of 100" == maps._count.text()
    while maps.after.isEnabled():
        maps.after.click()
        seen += maps.numbers
    assert seen == list(range(100))
    settled(qtbot, lab)
    assert has_maps(lab)


def test_a_page_is_that_of_the_unit_and_its_tiles_are_its_own(qtbot: QtBot, lab: NetworkLab) -> None:
    maps = lab.maps_card.maps
    unanswered(qtbot, lab, msgspec.structs.replace(FIRST, unit=MapUnit(99, 3, 3)))
    assert 99 in maps.numbers and not has_maps(lab)  # those of the first page do not stand for the last
    lab.feed.ask()
    settled(qtbot, lab)
    assert has_maps(lab)
    place = maps.wall.place(1)
    qtbot.mouseMove(maps.wall, place.center())
    qtbot.mouseClick(maps.wall, Qt.MouseButton.LeftButton, pos=place.center())
    assert lab.state().unit is not None and lab.state().unit.channel == maps.numbers.start + 1


def test_the_unit_stays_on_the_page_when_pages_become_smaller(qtbot: QtBot, lab: NetworkLab) -> None:
    maps = lab.maps_card.maps
    lab.resize(1736, 984)
    lab.set_state(msgspec.structs.replace(FIRST, unit=MapUnit(60, 3, 3)))
    settled(qtbot, lab)
    large = len(maps.numbers)
    lab.resize(840, 604)
    settled(qtbot, lab)
    assert len(maps.numbers) < large and 60 in maps.numbers and maps.numbers.start + maps.wall.current == 60
    maps.after.click()
    lab.feed.ask()
    settled(qtbot, lab)
    assert 60 not in maps.numbers and not maps.wall._ringed  # the user has turned the page


def test_maps_of_one_cell_are_a_strip_on_one_scale(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(FIRST, chosen=(3,)))
    settled(qtbot, lab)
    card = lab.maps_card
    assert card.maps.look is not None and card.maps.look.wall is not None
    values = card.maps.look.values[:, 0, 0]
    assert (card.maps.look.wall.low, card.maps.look.wall.high) == (values.min(), values.max())
    assert card.wall.place(0).width() > 2 * card.wall.place(0).height()
    strip = card.wall.place(0)
    at = QPoint(strip.left() + strip.width() * 71 // 200, strip.center().y())
    qtbot.mouseMove(card.wall, at)
    qtbot.mouseClick(card.wall, Qt.MouseButton.LeftButton, pos=at)
    assert lab.state().unit == MapUnit(0, 0, 35)
    qtbot.waitUntil(lambda: card.sight is not None and card.sight.at == (35, 0, 0))
    assert index_of(MapUnit(0, 0, 35), (100, 1, 1)) == (35, 0, 0)


def test_large_cells_have_their_numbers_unless_some_are_none(qtbot: QtBot) -> None:
    """Of an output that is not finite the maps show a number in the place of what is none."""
    view = MapsView()
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()

    def inks(values: np.ndarray) -> set[str]:
        view.show_layer((1, 3, 3), MapUnit(), of=values.tobytes())
        kind, maps_CHW = as_maps(values)
        plan = view.wall.plan()
        painted = paint(maps_CHW, tile=plan.tile, columns=plan.columns, colours=viridis())
        view.show_look(LayerOutput((0,), kind, values, maps_CHW, painted))
        image, place = view.wall.grab().toImage(), view.wall.place(0)
        columns, rows = range(place.left() + 8, place.right() - 8), range(place.top() + 8, place.bottom() - 8)
        return {image.pixelColor(x, y).name() for x in columns for y in rows} & {DARK.name(), LIGHT.name()}

    values = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    assert inks(values)
    values[0, 2, 2] = np.nan
    assert not inks(values)


def test_the_legend_says_what_colours_are_and_hatching_where_it_occurs(qtbot: QtBot, lab: NetworkLab) -> None:
    legend = lab.maps_card.maps.legend
    assert legend.words == ("each map: min", "max")
    dead = (Conv2d(out_channels=12, kernel_size=3, padding=1), ReLU(), Conv2d(out_channels=9, kernel_size=1), ReLU())
    for seed in range(40):
        state = msgspec.structs.replace(FIRST, name="dead", layers=dead, chosen=(3,), seed=seed)
        lab.set_state(state)
        settled(qtbot, lab)
        look = lab.maps_card.maps.look
        assert look is not None
        flat = (look.maps_CHW == look.maps_CHW[:, :1, :1]).all((1, 2))
        if flat.any():
            break
    assert flat.any() and legend.words == ("each map: min", "max · hatched: all values equal")
    measure = QFontMetrics(font(11))
    strip = measure.horizontalAdvance(legend.words[0]) + 50
    for behind in ("max · hatched: all values equal", "max · hatched: all equal", "max"):
        legend.resize(strip + measure.horizontalAdvance(behind) + 2, legend.height())
        assert legend.shown == behind  # the longest that is whole
    assert legend.toolTip() == "hatched: all values equal"


# --- all layers and the answer


def test_a_folded_block_is_one_picture_and_the_chosen_layer_is_named_and_in_view(qtbot: QtBot, lab: NetworkLab) -> None:
    state = msgspec.structs.replace(opened("resnet-18"), input=(3, 64, 64))
    lab.set_state(msgspec.structs.replace(state, chosen=(6,)))
    settled(qtbot, lab)
    row = lab.maps_card.thumbnails
    assert row.keys == ((), *((number,) for number in range(len(state.layers))))
    assert row.viewport().rect().contains(row.place((6,)))
    assert lab.maps_card._all_title.text() == "All layers · AdaptiveAvgPool2d 1"
    lab.set_state(msgspec.structs.replace(state, folded=(), chosen=(5, "layers", 0, "main", 0)))
    settled(qtbot, lab)
    stack = [line.path for line in lab.stack_card.stack.rows if line.layer]
    assert row.keys == ((), *stack)
    assert row.viewport().rect().contains(row.place((5, "layers", 0, "main", 0)))
    lab.set_state(msgspec.structs.replace(state, chosen=(5, "layers", 0, "main", 0)))  # in a folded block: the block
    settled(qtbot, lab)
    assert row.chosen_key == (5,)


def test_where_the_bars_have_no_room_a_link_leads_to_them(qtbot: QtBot, lab: NetworkLab) -> None:
    card = lab.maps_card
    assert not card.answer_link.isVisible()
    lab.resize(840, 604)
    qtbot.waitUntil(lambda: card.answer_link.isVisible() and not card.bars.isVisible())
    settled(qtbot, lab)
    qtbot.mouseClick(card.answer_link, Qt.MouseButton.LeftButton)
    assert lab.state().chosen == (5,)
    qtbot.waitUntil(lambda: card.bars.isVisible() and not card.answer_link.isVisible())
    for part in (card.bars, card._random, card.thumbnails):
        assert part.geometry().bottom() <= card.height()


def test_the_sight_of_a_unit_of_maps_of_one_cell() -> None:
    found = sight(read(FIRST), (3,), MapUnit(0, 0, 35))
    assert found is not None and found.at == (35, 0, 0)
    frame = found.frame(())
    assert frame is not None and (frame.rows, frame.columns) == (range(16), range(16))


# --- inputs that are no pictures


def test_along_one_axis_the_field_is_so_many_cells(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(NetworkState(name="signal", input=(1, 32), layers=(Conv1d(out_channels=4, kernel_size=9),), chosen=(0,)))
    settled(qtbot, lab)
    qtbot.waitUntil(lambda: lab.maps_card.fields.effective is not None)
    theory, effective = (name.text() for name in lab.maps_card.fields.names)
    assert theory == "theoretical 9" and effective == "effective about 9"  # every weight of the filter counts


def test_a_unit_of_a_sequence_sees_time_steps(qtbot: QtBot, lab: NetworkLab) -> None:
    layers = (LSTM(hidden_size=4, output="sequence"),)
    lab.set_state(NetworkState(name="series", input=(20, 3), layers=layers, chosen=(0,), unit=MapUnit(0, 10, 1)))
    settled(qtbot, lab)
    fields = lab.maps_card.fields
    assert "sees 11 time steps" in fields.line.text() and not fields.pair.isVisible()  # steps 0 to 10


def test_a_click_on_a_signal_chooses_the_unit_over_that_sample(qtbot: QtBot, lab: NetworkLab) -> None:
    layers = (Conv1d(out_channels=4, kernel_size=3, stride=2),)
    lab.set_state(NetworkState(name="signal", input=(1, 100), layers=layers, chosen=(0,), unit=MapUnit(0, 3, 10)))
    settled(qtbot, lab)
    picture = lab.maps_card.picture
    assert picture.isVisible()
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=picture.rect_of(range(1), range(71, 72)).center().toPoint())
    assert lab.state().unit == MapUnit(0, 3, 35)  # its window: samples 70 to 72; the row of the map is the channel
    lab._look(chosen=(), unit=None)
    settled(qtbot, lab)
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=picture.rect_of(range(1), range(71, 72)).center().toPoint())
    assert lab.state().unit == MapUnit(0, 0, 71)


def test_maps_that_come_before_the_card_is_told_of_their_network_find_it_told(qtbot: QtBot, lab: NetworkLab) -> None:
    seen: list[NetworkAnswer] = []
    lab.feed.preview.answered.connect(seen.append)
    lab._redraw()
    settled(qtbot, lab)
    late = next(shown for shown in seen if shown.seen is not None)
    less = msgspec.structs.replace(FIRST, layers=FIRST.layers[:-1], chosen=(0,))
    unanswered(qtbot, lab, less)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab.feed.preview, "ask", lambda request: None)
        lab.set_state(FIRST)  # the card still shows the shorter one
        assert lab.maps_card._state == less and lab.feed._soon.isActive()
        lab.feed._answered(late)
        assert lab.maps_card._state == FIRST and not lab.feed._soon.isActive()
        assert set(lab.maps_card.thumbnails.keys) == {(), *((number,) for number in range(len(FIRST.layers)))}
    lab.feed.ask()
    settled(qtbot, lab)
    assert has_maps(lab)


def test_the_newer_kinds_have_maps(qtbot: QtBot, lab: NetworkLab) -> None:
    layers = (
        Conv2d(out_channels=6, kernel_size=3),
        GroupNorm(num_groups=2),
        AdaptiveMaxPool2d(output_size=4),
        Upsample(scale_factor=2),
        Permute(dims=(0, 3, 1, 2)),
        Flatten(start_dim=2),
        LSTM(hidden_size=5, output="sequence"),
        Permute(dims=(0, 2, 1)),
        AdaptiveAvgPool1d(output_size=2),
    )
    for place, (layer, maps) in enumerate(zip(layers, (6, 6, 6, 6, 8, 1, 1, 1, 1), strict=True)):
        lab.set_state(NetworkState(input=(1, 16, 16), layers=layers, chosen=(place,), page="maps"))
        settled(qtbot, lab)
        answer = lab.feed._work(NetworkRequest(lab.feed._wanted()))
        assert isinstance(answer, NetworkAnswer) and answer.seen is not None
        look = answer.seen.look
        assert look is not None and look.path == (place,), layer
        assert len(look.maps_CHW) == maps
        assert np.isfinite(look.values).all()


# --- one map large


def test_a_double_click_and_enter_enlarge_a_map_and_escape_goes_back(qtbot: QtBot, lab: NetworkLab) -> None:
    wall, maps = lab.maps_card.wall, lab.maps_card.maps
    maps.after.click()
    settled(qtbot, lab)
    first, at = maps.numbers.start, wall.place(2).center()
    assert first > 0
    qtbot.mouseMove(wall, at)
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(wall, Qt.MouseButton.LeftButton, pos=at)
    state = lab.state()
    assert state.enlarged and state.unit is not None and state.unit.channel == first + 2
    settled(qtbot, lab)
    look, stage = maps.look, wall.places.stage
    assert look is not None and look.large is not None and stage is not None
    assert look.large.first == first + 2 and look.large.pixels.shape == (stage.height(), stage.width())
    assert min(stage.width(), stage.height()) > max(200, 2 * wall.place(0).width())
    assert not lab.maps_card.bars.isVisible()  # the map has their room
    assert wall._large is not None
    seen, shown = wall.grab().toImage(), look.large.pixels
    for x, y in ((3, 3), (stage.width() - 4, 5)):  # at its own resolution, not a small tile made large
        assert seen.pixelColor(stage.left() + x, stage.top() + y).rgb() & 0xFFFFFF == int(shown[y, x]) & 0xFFFFFF
    qtbot.keyClick(wall, Qt.Key.Key_Right)
    assert lab.state().enlarged and lab.state().unit == MapUnit(first + 3, state.unit.row, state.unit.column)
    settled(qtbot, lab)
    qtbot.keyClick(wall, Qt.Key.Key_Escape)
    assert not lab.state().enlarged
    qtbot.waitUntil(lambda: wall.places.stage is None)
    qtbot.keyClick(wall, Qt.Key.Key_Return)
    assert lab.state().enlarged and not lab.can_undo  # another look is no step
    settled(qtbot, lab)
    maps.large.click()
    assert not lab.state().enlarged


def test_a_line_of_values_cannot_be_larger(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.set_state(msgspec.structs.replace(FIRST, chosen=(5,), enlarged=True))
    settled(qtbot, lab)
    assert lab.maps_card.wall.places.stage is None and not lab.maps_card.maps.large.isVisible()


def test_famous_networks_open_with_a_picture_that_fits() -> None:
    photograph, digit = opened("vgg-16"), opened("lenet-5")
    assert (photograph.picture, digit.picture) == ("china", "digit")
    assert opened("lenet-5", photograph).picture == "digit"
    assert opened("vgg-16", msgspec.structs.replace(photograph, picture="flower")).picture == "flower"
    for now in ("digit", "course", "impulse 3x32x32"):
        assert opened("alexnet", msgspec.structs.replace(photograph, picture=now)).picture == "china"
    own = msgspec.structs.replace(photograph, picture="/home/mine/cat.png")
    assert opened("lenet-5", own).picture == own.picture  # the user's own picture stays


def test_a_preset_with_another_picture_is_one_step(qtbot: QtBot, lab: NetworkLab) -> None:
    lab.step_to(opened("lenet-5", lab.state()))
    settled(qtbot, lab)
    assert lab.state().picture == "digit" and lab.picker.shown is not None and lab.picker.shown.key == "digit"
    lab.undo()
    settled(qtbot, lab)
    assert lab.state() == FIRST and not lab.can_undo


def test_the_last_layer_s_values_are_shown_whichever_layer_was_shown_before(qtbot: QtBot, lab: NetworkLab) -> None:
    """A Softmax behind LeNet-5, whose values have just room enough in a window of 1440x900."""
    lab.resize(1256, 804)
    lenet = opened("lenet-5")
    state = msgspec.structs.replace(lenet, layers=(*lenet.layers, Softmax()), page="maps")
    last = len(lenet.layers)
    shown = []
    for before in (last - 1, 0, 3, 6):
        for path in (before, last):
            lab.set_state(msgspec.structs.replace(state, chosen=(path,)))
            settled(qtbot, lab)
        shown.append(lab.maps_card.maps.isVisible())
    assert shown == [True, True, True, True]


# --- runs with long names


def test_a_run_s_long_name_is_shortened_and_whole_in_the_tooltip(qtbot: QtBot, tmp_path: Path) -> None:
    name = "a&run-" + 40 * "very-" + "long"
    saved(tmp_path / "run", Conv2d(out_channels=4, kernel_size=3), name=name)
    menu = WeightsMenu(tmp_path)
    qtbot.addWidget(menu)
    menu.fill()
    action = next(action for action in menu.list.actions() if action.data() == str(tmp_path / "run"))
    assert action.text().startswith("a&&run-very") and "…" in action.text() and len(action.text()) <= 61
    assert name in action.toolTip() and menu.list.toolTipsVisible()
    assert menu.list.sizeHint().width() < 600
    menu.show_weights(str(tmp_path / name), 0)
    assert "…" in menu.text() and menu.toolTip().startswith(name)  # there is no such run: its folder's name


def test_the_button_calls_a_run_as_the_menu_does(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "20260101-093015-mine"
    saved(folder, Conv2d(out_channels=4, kernel_size=3))
    menu = WeightsMenu(tmp_path)
    qtbot.addWidget(menu)
    menu.fill()
    menu.show_weights(str(folder), 0)
    (action,) = [action for action in menu.list.actions() if action.data() == str(folder)]
    assert menu.text() == action.text() == "mine · 2026-01-01 09:30"


# --- the room


@pytest.mark.parametrize("name", ["lenet-5", "alexnet", "vgg-16"])
@pytest.mark.parametrize("size", [(1256, 804), (840, 604), (1736, 984)])
def test_maps_have_the_room_that_is_there(qtbot: QtBot, lab: NetworkLab, size: tuple[int, int], name: str) -> None:
    lab.resize(*size)
    state = msgspec.structs.replace(opened(name), page="maps")
    for path in ((0,), (3,), (len(state.layers) - 1,)):
        lab.set_state(msgspec.structs.replace(state, chosen=path))
        settled(qtbot, lab)
        card, wall = lab.maps_card, lab.maps_card.wall
        parts = [card.fields, card.maps, card.thumbnails, card.bars, card._random]
        seen = sorted((part.geometry().top(), part.geometry().bottom()) for part in parts if part.isVisible())
        assert all(below > above for (_, above), (below, _) in pairwise(seen))
        assert seen[-1][1] <= card.height() - 8
        if path[0] < 4:
            places = [wall.place(number) for number in range(len(card.maps.numbers))]
            across = max(place.right() for place in places) - min(place.left() for place in places)
            down = max(place.bottom() for place in places) - min(place.top() for place in places)
            assert across > 0.7 * wall.width() or down > 0.7 * wall.height()  # as large as they can be
            assert min(min(place.width(), place.height()) for place in places) >= TILE_PX
            assert card.maps.height() >= 180 or not card.bars.isVisible()
        elif name == "lenet-5":
            assert card.bars.isVisible() and card.bars.shown == tuple(range(10))


@pytest.mark.parametrize("seed", range(4))
def test_a_network_opens_at_its_first_maps(qtbot: QtBot, lab: NetworkLab, seed: int) -> None:
    state = msgspec.structs.replace(opened("resnet-18"), page="maps", seed=seed)  # conv1 ends in a ReLU: half of it is off
    lab.set_state(state)
    settled(qtbot, lab)
    assert lab.maps_card.bars.isVisible() and lab.maps_card.maps.numbers.start == 0


def test_a_picture_that_is_not_wanted_any_more_does_not_come(qtbot: QtBot, lab: NetworkLab, tmp_path: Path) -> None:
    own = tmp_path / "own.png"
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    assert image.save(str(own))
    pictured = msgspec.structs.replace(FIRST, picture=str(own))
    lab.step_to(pictured)
    assert lab.state() == pictured and not lab.can_undo  # it is a step when it is shown
    lab.step_to(FIRST, None)
    qtbot.waitUntil(lambda: not lab.picker.busy())
    settled(qtbot, lab)
    assert lab.state() == FIRST and not lab.can_undo
    lab.step_to(pictured)
    qtbot.waitUntil(lambda: lab.can_undo)
    settled(qtbot, lab)
    assert lab.state() == pictured
    lab.undo()
    assert lab.state() == FIRST and not lab.can_undo


@pytest.mark.parametrize("spoken", ["ko", "en"])
def test_the_title_is_whole_in_a_window_of_1280(qtbot: QtBot, tmp_path: Path, spoken: str) -> None:
    language.set_language(spoken)
    lab = network_lab(qtbot, tmp_path)
    card = lab.maps_card
    for width in (1096, 1256, 1700, 1096):  # of the lab in windows of 1280, 1440 and more
        lab.resize(width, 720)
        qtbot.waitUntil(lambda: not card.cuts_title or card.tools.parentWidget().y() > card._title.geometry().bottom())
        qtbot.waitUntil(lambda: card._title.text() == card.title)
