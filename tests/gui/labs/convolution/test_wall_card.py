"""The wall's card on real passes: what it shows, says, offers and writes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from engine.cells.filters import Weights, filters_of
from engine.cells.planes import Studied, input_of, input_shape
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.kinds.pooling import AvgPool1d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.pictures import Picture
from gui import patience
from gui.labs.convolution import work
from gui.labs.convolution.maps.layer_preview import LayerPass, MapsRequest, ShownMaps
from gui.labs.convolution.maps.wall_card import WallCard
from gui.labs.convolution.state import ConvolutionState
from gui.widgets.maps.wall_places import Spot
from tests.gui.layouts import lay_out

PICTURE = Picture("noise", np.random.default_rng(0).random((3, 20, 24), dtype=np.float32), (24, 20))


class Bench:
    """A card with the part of the lab that it needs."""

    def __init__(self, card: WallCard) -> None:
        self.card = card
        self.run = LayerPass(lambda: False)
        self.state = ConvolutionState()
        card.edited.connect(self.take)

    def take(self, fields: dict[str, Any]) -> None:
        self.show(**fields)

    def show(self, **fields: Any) -> ShownMaps:
        self.state = state = msgspec.structs.replace(self.state, **fields)
        shape = input_shape(state.layer, PICTURE.shape, state.frames)
        self.card.show_state(state, state.layer.output_shape(shape), shape)
        shown = self.run(self.request())
        self.card.show_maps(shown)
        return shown

    def request(self) -> MapsRequest:
        return MapsRequest(self.state.work, PICTURE, self.state.shared_range, self.state.in_scene, self.card.plan())


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    card = WallCard()
    qtbot.addWidget(card)
    card.resize(1100, 300)
    card.show()
    yield Bench(card)
    card.close_card(2.0)


KINDS: list[Studied] = [
    Conv1d(out_channels=4, kernel_size=3, padding=1),
    Conv2d(out_channels=4, kernel_size=3),
    Conv3d(out_channels=4, kernel_size=3, padding=1),
    Conv3d(out_channels=4, kernel_size=(1, 3, 1), padding=(1, 0, 2), padding_after=(0, 1, 1)),  # one cell turned around
    ConvTranspose2d(out_channels=4, kernel_size=3, stride=2),
    MaxPool2d(kernel_size=2),
    AvgPool1d(kernel_size=3),
]


@pytest.mark.parametrize("layer", KINDS, ids=lambda layer: type(layer).__name__)
def test_every_kind_is_shown_with_its_numbers(qtbot: QtBot, bench: Bench, layer: Studied) -> None:
    shown = bench.show(layer=layer, row=5, depth=1, frames=3, shift=(2, 3), activation="Tanh", enlarged=1, flipped=True)
    values = input_of(layer, PICTURE.values_CHW, shift=(2, 3), row=5, frames=3)
    arguments, given = layer.arguments(values.shape), torch.from_numpy(values).double()[None]
    if isinstance(layer, Conv3d) and layer.padding_after is not None:
        arguments, given = arguments | {"padding": 0}, torch.nn.functional.pad(given, (2, 1, 0, 1, 1, 0))
    module = getattr(torch.nn, type(layer).__name__)(**arguments).double()
    with torch.no_grad():
        if shown.filters is not None:
            whole = filters_of(bench.state.weights, layer, 3, flipped=True)
            assert whole is not None
            module.weight.copy_(torch.from_numpy(whole.weight))
            module.bias.copy_(torch.from_numpy(whole.bias_O))
        plain = module(given)[0].numpy()
    plain = plain[:, None] if plain.ndim == 2 else plain[:, 1] if plain.ndim == 4 else plain
    assert shown.tiles.shape == plain.shape
    number, row, column = 1, plain.shape[1] // 2, 3
    assert shown.value(Spot(number, row, column)) == pytest.approx(np.tanh(plain[number, row, column]), rel=1e-9)
    kept = shown.torch_value(row, column)  # before the activation
    assert kept is not None and kept == pytest.approx(plain[number, row, column], rel=1e-5, abs=1e-6)
    assert shown.torch_value(plain.shape[1], 0) is None
    np.testing.assert_allclose(shown.maps(), np.tanh(plain), rtol=1e-4, atol=1e-6)
    assert shown.large is not None and shown.large.first == 1
    with qtbot.waitSignal(bench.card.maps_painted):
        bench.show(enlarged=None)
    bench.card.wall.pointed.emit(None)
    bench.card.grab()


def test_input_and_filters_are_made_once_while_they_are_equal(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for name in ("input_of", "filters_of"):
        own = getattr(work, name)
        monkeypatch.setattr(work, name, lambda *args, _own=own, _name=name, **words: made.append(_name) or _own(*args, **words))
    bench.show(layer=Conv2d(out_channels=4, kernel_size=3))
    bench.show(layer=Conv2d(out_channels=4, kernel_size=3, stride=2, padding=1))
    bench.show(shared_range=True)
    assert made == ["input_of", "filters_of"]
    bench.show(layer=Conv2d(out_channels=5, kernel_size=3))
    bench.show(shift=(0, 1))
    bench.show(weights=Weights(seed=8))
    bench.show(flipped=True)
    assert made[2:] == ["filters_of", "input_of", "filters_of", "filters_of"]


def test_a_pass_that_takes_long_gives_way(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_S", -1.0)
    bench.show()
    with pytest.raises(patience.Superseded):
        LayerPass(lambda: True)(bench.request())


def point(bench: Bench, spot: Spot | None) -> None:
    bench.card.wall._point(spot)


def test_the_cell_under_the_cursor_has_its_value_and_its_map_sum_and_mean(bench: Bench) -> None:
    layer = Conv2d(out_channels=2, kernel_size=1)
    shown = bench.show(layer=layer, weights=Weights(source="library", library="zeros"), activation="Sigmoid")
    point(bench, Spot(1, 2, 3))
    assert shown.tiles.dead.tolist() == [True, True]  # sigmoid(0) = 0.5 in every cell
    assert bench.card.wall.read_out == "Map 1 (2, 3) = 0.5\ndead: 0.5 everywhere"
    bench.show(layer=MaxPool2d(kernel_size=(20, 8)), activation="none")
    values = PICTURE.values_CHW[2]
    maxima = [values[:, at : at + 8].max() for at in (0, 8, 16)]  # one row of three
    point(bench, Spot(2, 0, 2))
    first, second = bench.card.wall.read_out.split("\n")
    assert first == f"Map 2 (0, 2) = {float(maxima[2]):.4g}"
    assert second == f"sum {float(sum(map(float, maxima))):.6g} · mean {float(np.mean(maxima)):.4g}"
    shown = bench.show(layer=Conv2d(out_channels=1, kernel_size=1), weights=Weights(source="library", library="box"))
    tiles = replace(shown.tiles, total=np.array([-1_965_464.0]))
    bench.card._shown = replace(shown, tiles=tiles)
    assert bench.card._sums(0).startswith("sum −1,965,464 · ")  # no power of ten while every digit is known
    bench.show(layer=MaxPool2d(kernel_size=(20, 8)), activation="none")
    point(bench, Spot(2, 19, 23, source=True))
    assert bench.card.wall.read_out == f"Input channel 2 (19, 23) = {float(values[19, 23]):.4g}"
    bench.show(layer=Conv1d(out_channels=2, kernel_size=3))
    point(bench, Spot(0, 0, 7))
    assert bench.card.wall.read_out.startswith("Map 0 (7) = ")


def test_the_most_active_map_comes_first_and_the_others_wait_for_a_rest(qtbot: QtBot, bench: Bench) -> None:
    shown = bench.show(layer=Conv2d(out_channels=6, kernel_size=3))
    assert shown.tiles.activity is None
    bench.card.order_choice.button("activity").click()
    exact = np.abs(shown.maps()).mean((1, 2))
    first = [int(number) for number in np.argsort(-exact)]
    assert list(bench.card.wall.order) == first  # at once, when the user asks for it
    moved = bench.show(weights=Weights(seed=99))
    assert list(bench.card.wall.order) == first
    second = [int(number) for number in np.argsort(-np.abs(moved.maps()).mean((1, 2)))]
    assert second != first
    qtbot.waitUntil(lambda: list(bench.card.wall.order) == second)
    bench.card.order_choice.button("number").click()
    assert list(bench.card.wall.order) == list(range(6))


def test_the_choices_edit_the_state_and_follow_it(bench: Bench) -> None:
    card = bench.card
    bench.show(layer=Conv2d(out_channels=4, kernel_size=3))
    assert not card.shows_choice.isVisible() and card.title == "Feature maps: 4"
    bench.show(activation="ReLU")
    assert card.shows_choice.isVisible() and card.title == "Activation maps: 4"
    assert card.shown is not None and card.shown.tiles.low.min() == 0
    card.shows_choice.button("feature").click()
    assert bench.state.shows == "feature" and bench.state.work.activation == "none" and card.title == "Feature maps: 4"
    assert card.shown.tiles.low.min() < 0
    card.range_choice.button("shared").click()
    assert bench.state.shared_range and card.shown.tiles.shared
    assert card.shown.ends(0) == card.shown.ends(3) == (card.shown.tiles.low.min(), card.shown.tiles.high.max())
    actions = card.menu.choices
    actions["range"]["map"].trigger()
    actions["order"]["activity"].trigger()
    actions["shows"]["activation"].trigger()
    assert (bench.state.shared_range, bench.state.order, bench.state.shows) == (False, "activity", "activation")
    assert card.range_choice.current == "map" and card.order_choice.current == "activity"
    assert actions["order"]["activity"].isChecked() and not actions["order"]["number"].isChecked()
    bench.show(layer=MaxPool2d(kernel_size=2), activation="none")
    assert card.title == "Pooled maps: 3, each beside its input channel"
    assert not actions["shows"]["feature"].isVisible()


def test_keys_and_clicks_choose_maps(bench: Bench) -> None:
    bench.show(layer=Conv2d(out_channels=4, kernel_size=3))
    bench.card.wall.walked.emit(2)
    assert bench.state.chosen == 2 and bench.card.wall.current == 2
    bench.card.wall.enlarged.emit(3)
    assert (bench.state.enlarged, bench.state.chosen) == (3, 2)
    bench.card.wall.enlarged.emit(None)
    assert (bench.state.enlarged, bench.state.chosen) == (None, 3)


@pytest.mark.parametrize("width", [320, 480, 640, 1100])
def test_a_narrow_card_keeps_what_fits_and_the_menu(qtbot: QtBot, bench: Bench, width: int) -> None:
    card = bench.card
    card.resize(width, 260)
    bench.show(layer=Conv2d(out_channels=4, kernel_size=3), activation="ReLU")
    qtbot.waitUntil(lambda: card.width() == width)
    lay_out()
    parts = [card.legend, card.shows_choice, card.range_choice, card.order_choice, card.more]
    places = [part.geometry() for part in parts if part.isVisible()]
    assert card.more.isVisible()
    assert all(card.rect().contains(place) for place in places)
    assert not any(a.intersects(b) for number, a in enumerate(places) for b in places[:number])
    assert (len(places) == 5) == (width == 1100)
    text = card.read_out.text()
    assert card.read_out.fontMetrics().horizontalAdvance(text) <= card.read_out.width()


def test_what_is_taken_away_is_what_is_shown(
    qtbot: QtBot, bench: Bench, tmp_path: Path, save_as: Callable[[Path], list[str]]
) -> None:
    shown = bench.show(layer=Conv2d(out_channels=5, kernel_size=3), activation="LeakyReLU")
    menu = bench.card.menu
    menu.copy_table.trigger()
    rows = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert rows[0] == ["map", "sum", "mean", "lowest", "highest"] and [row[0] for row in rows[1:]] == list("01234")
    exact = shown.maps().astype(np.float64)
    for number, row in enumerate(rows[1:]):
        found = [float(text) for text in row[1:]]
        each = exact[number]
        np.testing.assert_allclose(found, [each.sum(), each.mean(), each.min(), each.max()], rtol=1e-5, atol=1e-5)
    menu.copy_picture.trigger()
    assert QGuiApplication.clipboard().image().size() == bench.card.wall.picture().size()
    save_as(tmp_path / "wall.png")
    menu.save_picture.trigger()
    assert QImage(str(tmp_path / "wall.png")).size() == bench.card.wall.picture().size()
    save_as(tmp_path / "maps")
    menu.save_maps.trigger()
    qtbot.waitUntil(lambda: not menu.busy() and menu.save_maps.isEnabled())
    written = np.load(io.BytesIO((tmp_path / "maps.npy").read_bytes()), allow_pickle=False)
    assert written.dtype == np.float32 and (written == shown.maps()).all()
    qtbot.waitUntil(lambda: not menu.busy())  # the thread ends a moment after its answer
    assert menu.save_maps.isEnabled()


def test_a_file_that_cannot_be_written_is_said_in_words(
    qtbot: QtBot, bench: Bench, tmp_path: Path, save_as: Callable[[Path], list[str]], said: list[str]
) -> None:
    bench.show()
    menu = bench.card.menu
    missing = tmp_path / "no folder" / "x"
    (tmp_path / "no folder").write_text("a file, not a folder")
    for suffix, action in ((".png", menu.save_picture), (".npy", menu.save_maps)):
        save_as(missing.with_suffix(suffix))
        action.trigger()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert all("could not be written" in text and "x." in text for text in said)
    assert menu.save_maps.isEnabled()


def test_nothing_can_be_taken_away_before_there_are_maps(qtbot: QtBot, bench: Bench) -> None:
    menu = bench.card.menu
    assert not any(action.isEnabled() for action in (menu.copy_picture, menu.save_picture, menu.save_maps, menu.copy_table))
    assert bench.card.legend.ends == ("", "")


def test_a_change_of_language_writes_every_word_anew(bench: Bench) -> None:
    bench.show()
    bench.card.more.setText("x")
    for action in bench.card.menu.actions():
        action.setText("")
    bench.card.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert all(action.text() for action in bench.card.menu.actions() if not action.isSeparator())


def test_maps_of_few_cells_come_with_their_numbers(bench: Bench) -> None:
    """Those that are painted, after the activation; torch computes them here once more."""
    layer = Conv2d(out_channels=4, kernel_size=7, stride=6, bias=False)
    shown = bench.show(layer=layer, activation="ReLU")
    assert shown.filters is not None
    expected = torch.nn.functional.conv2d(
        torch.from_numpy(PICTURE.values_CHW)[None], torch.from_numpy(shown.filters.weight), stride=6
    ).relu()[0]
    (figures,) = shown.figures
    assert figures.shape == (4, 3, 3) and np.allclose(figures, expected.numpy(), atol=1e-5)
    assert bench.show(layer=Conv2d(out_channels=4, kernel_size=3), activation="none").figures == ()
    small = bench.show(layer=MaxPool2d(kernel_size=8)).figures
    assert small == ()  # the input's channels beside them have too many cells
