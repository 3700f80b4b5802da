"""The picture as a tensor: one number lit in every place where it stands, and where it lies in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.cells.memory_order import PictureIndex
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d
from engine.pictures import pattern
from gui.lab.base import Services
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.pages.tensor_page import TensorPage
from gui.labs.convolution.state import ConvolutionState, SceneState
from gui.shell import language, theme
from gui.widgets.pictures.picture_files import sample
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S

RGB = ("R", "G", "B")


@pytest.fixture
def page(qtbot: QtBot) -> TensorPage:
    made = TensorPage()
    qtbot.addWidget(made)
    made.resize(920, 300)
    made.show()
    return made


def test_each_channel_has_its_numbers(page: TensorPage) -> None:
    page.show_picture(pattern("ramp 3x4x4").values_CHW, RGB, (1, 1))
    assert page.grids.channels == range(3)
    assert page.grids.grid_of(0).figures == [str(number) for number in range(1, 17)]
    assert page.grids.grid_of(2).figures == [str(number) for number in range(33, 49)]


def test_the_index_by_hand(page: TensorPage) -> None:
    """(c, h, w) = (0, 1, 2) of (3, 4, 4): 1·4 + 2 channel by channel, 1·12 + 2·3 pixel by pixel."""
    page.show_picture(pattern("ramp 3x4x4").values_CHW, RGB, (1, 2))
    assert page.formula("CHW") == "= 0·48 + 0·16 + 1·4 + 2 = 6"
    assert page.formula("HWC") == "= 0·48 + 1·12 + 2·3 + 0 = 18"
    page.samples.setValue(3)
    QTest.mouseClick(page.blocks, Qt.MouseButton.LeftButton, pos=page.blocks.place(2).center())
    assert page.sample == 2
    assert page.formula("CHW") == "= 2·48 + 0·16 + 1·4 + 2 = 102"
    assert page.shape_line.text() == "(N, C, H, W) = (3, 3, 4, 4)"
    assert page.size_line.text() == "144 numbers × 4 bytes = 576 B"
    page.samples.setValue(1)
    assert page.sample == 0


def test_what_a_layer_of_one_or_three_axes_reads_is_no_such_tensor(qtbot: QtBot, tmp_path: Path) -> None:
    """The tensor of the picture has other axes than the input of Conv1d and Conv3d."""
    lab = ConvolutionLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    lab.resize(1100, 760)
    lab.show()
    read = {Conv1d: "(N, C, L)", Conv3d: "(N, C, D, H, W)", Conv2d: None}
    for kind, shape in read.items():
        layer = kind(out_channels=1, kernel_size=1)
        lab.set_state(ConvolutionState(picture="ramp 3x4x4", layer=layer, scene=SceneState(page="tensor"), frames=2))
        qtbot.waitUntil(lambda: lab.tensor.shape_line.text() == "(N, C, H, W) = (1, 3, 4, 4)")
        said = lab.tensor._meaning.text()
        assert said.startswith("A batch") if shape is None else shape in said
    lab.tensor.samples.setValue(2)
    assert lab.tensor._meaning.text().startswith("The pictures follow each other")


@pytest.mark.parametrize("width", [390, 430, 520, 640, 760, 920, 1400])
def test_no_figure_of_an_index_is_cut(page: TensorPage, width: int) -> None:
    """The symbols give way, and stay in the tooltip."""
    page.resize(width, 300)
    page.show_picture(pattern("ramp 3x224x224").values_CHW, RGB, (200, 200))
    lay_out()
    for order, numbers in page._numbers.items():
        symbols = page._symbols[order]
        assert numbers.width() >= numbers.fontMetrics().horizontalAdvance(numbers.text()), page.formula(order)
        assert not symbols.isVisible() or symbols.width() >= symbols.fontMetrics().horizontalAdvance(symbols.text())
        assert "n·" in (symbols.text() if symbols.isVisible() else numbers.toolTip())
    assert page._symbols["CHW"].isVisible() == (width > 520)


@pytest.mark.parametrize("width", [390, 430, 520, 640, 920])
def test_no_value_over_a_channel_is_cut(page: TensorPage, width: int) -> None:
    page.resize(width, 300)
    page.show_picture(sample("china").values_CHW, RGB, (100, 100))
    lay_out()
    grids, measure = page.grids, QFontMetrics(theme.font(12))
    assert [text.split(": ")[0] for text in grids.titles] == ["R (c = 0)", "G (c = 1)", "B (c = 2)"]
    for full, shown in zip(grids.titles, grids.shown_titles, strict=True):
        assert full.endswith(shown.split(": ")[-1])  # the whole value
        assert measure.horizontalAdvance(shown) < grids._pace


def test_hovering_a_number_lights_it_everywhere(page: TensorPage) -> None:
    values = pattern("ramp 3x4x4").values_CHW
    page.show_picture(values, RGB, (1, 2))
    green = page.grids.grid_of(1)
    QTest.mouseMove(green, green.place((2, 3)).center())
    assert page.spot == PictureIndex(1, 2, 3)
    assert [page.grids.grid_of(c).lit for c in range(3)] == [{(2, 3)}] * 3
    assert [page.grids.grid_of(c).mark for c in range(3)] == [(2, 3)] * 3
    for strip in page.strips.values():
        assert strip.mark == PictureIndex(1, 2, 3) and strip.holds(PictureIndex(1, 2, 3))
        assert strip.lit == {PictureIndex(c, 2, 3) for c in range(3)}
    assert page.formula("CHW").endswith(f"= {int(values[1, 2, 3]) - 1}")  # the ramp counts from 1 as memory does from 0
    QApplication.sendEvent(green, leaving())
    assert page.spot == PictureIndex(0, 1, 2)


def leaving() -> object:
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def test_neighbours_in_memory(page: TensorPage) -> None:
    """To the right of a number lies the next column in CHW, the next channel in HWC."""
    page.show_picture(sample("china").values_CHW, RGB, (100, 50))
    for order, expected in (("CHW", PictureIndex(0, 100, 51)), ("HWC", PictureIndex(1, 100, 50))):
        page.show_picture(sample("china").values_CHW, RGB, (100, 50))
        strip = page.strips[order]
        strip.setFocus()
        QTest.keyClick(strip, Qt.Key.Key_Right)
        assert page.spot == expected
        assert strip.accessibleDescription().endswith(f"= {sample('china').values_CHW[expected]:.4f}")
        QTest.keyClick(strip, Qt.Key.Key_Left)
        assert page.spot == PictureIndex(0, 100, 50)


def test_a_click_on_the_strip_stays_under_the_hand(page: TensorPage) -> None:
    page.show_picture(sample("china").values_CHW, RGB, (100, 50))
    strip = page.strips["HWC"]
    before = strip.view
    spot = strip.spot_under(QPointF(5, 20))
    assert spot is not None and spot != page.spot
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place(spot).center())
    assert page.spot == spot and strip.view == before
    assert page.grids.holds(spot) and page.channel.value() == spot.c


def test_arrow_keys_take_the_grids_along(page: TensorPage) -> None:
    page.show_picture(sample("china").values_CHW, RGB, (100, 50))
    grid = page.grids.grid_of(1)
    grid.setFocus()
    for _ in range(20):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert page.spot == PictureIndex(1, 120, 50) and page.grids.holds(page.spot)
    assert all(strip.holds(page.spot) for strip in page.strips.values())


def test_many_channels_one_after_the_other(page: TensorPage) -> None:
    page.show_picture(pattern("gradient 192x5x5").values_CHW, [str(c) for c in range(192)], (2, 2))
    assert page.grids.partial
    page.channel.setValue(150)
    assert 150 in page.grids.channels and page.spot.c == 150
    assert page.channel.maximum() == 191


def test_another_place_of_the_scene_is_followed_and_kept_inside(page: TensorPage) -> None:
    values = sample("china").values_CHW
    page.show_picture(values, RGB, (10, 10))
    page.show_picture(values, RGB, (-3, 500))
    assert page.spot == PictureIndex(0, 0, 223)
    page.channel.setValue(2)
    page.show_picture(values, RGB, (-3, 500))  # the same again changes nothing
    assert page.spot == PictureIndex(2, 0, 223)
    page.show_picture(pattern("ramp 1x1x5").values_CHW, ("",), (-3, 500))
    assert page.spot == PictureIndex(0, 0, 4) and page.formula("HWC") == "= 0·5 + 0·5 + 4·1 + 0 = 4"


@pytest.mark.parametrize("size", [(920, 300), (740, 420), (740, 300), (1300, 600)], ids=str)
@pytest.mark.parametrize(
    "shape", [(3, 224, 224), (1, 1, 5), (192, 5, 5), (2, 2048, 2048), (3, 4, 4), (512, 3, 1), (1, 1, 1)], ids=str
)
def test_nothing_is_cut_off(page: TensorPage, size: tuple[int, int], shape: tuple[int, int, int]) -> None:
    for chosen in ("en", "ko"):
        language.set_language(chosen)
        page.resize(*size)
        page.show_picture(np.zeros(shape, np.float32), [str(c) for c in range(shape[0])], (shape[1] // 2, shape[2] // 2))
        page.samples.setValue(8)
        QApplication.processEvents()
        assert (page.width(), page.height()) == size
        for channel in page.grids.channels:
            grid = page.grids.grid_of(channel)
            assert grid.isVisible() and grid.geometry().right() <= page.grids.width()
            assert grid.geometry().bottom() <= page.grids.height()
            assert page.grids.height() < 60 or grid.cell_px >= 18
        for strip in page.strips.values():
            assert strip.view and strip.place(page.spot).right() <= strip.width()


def test_dark_and_light_are_painted(page: TensorPage) -> None:
    page.show_picture(sample("china").values_CHW, RGB, (100, 50))
    light = page.strips["CHW"].grab().toImage()
    theme.apply("dark")
    assert page.strips["CHW"].grab().toImage() != light


def test_pictures_of_all_shapes_one_after_the_other(page: TensorPage) -> None:
    """Whatever was lit, walked to or hovered in the picture before."""
    draws = np.random.default_rng(3)
    for _ in range(150):
        channels, height, width = (int(draws.integers(1, most)) for most in (6, 40, 40))
        values = draws.random((channels, height, width), np.float32)
        around = (int(draws.integers(-5, 45)), int(draws.integers(-5, 45)))
        page.show_picture(values, RGB[:channels], around)
        spot = PictureIndex(*(int(draws.integers(0, side)) for side in values.shape))
        part = page.grids if draws.random() < 0.5 else page.strips["CHW"]
        part.pointed.emit(spot)
        assert page.spot == spot
        index = np.ravel_multi_index((spot.h, spot.w, spot.c), (height, width, channels)) + page.sample * values.size
        assert page.formula("HWC").endswith(f"= {index:,}")
        if draws.random() < 0.5:
            part.picked.emit(spot)
        page.samples.setValue(int(draws.integers(1, 9)))
        page.grab()
