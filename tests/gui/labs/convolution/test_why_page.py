"""The page of formulas: what its figures say, what its stairs and its bars ask for, and that all of it fits a small card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from engine.layers.catalog import AvgPool2d, Conv1d, Conv2d, Conv3d, ConvTranspose2d, MaxPool2d, Sliding
from gui.lab.base import Services
from gui.labs.convolution.cell.formula_line import FormulaLine
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.pages.step_chart import StepChart
from gui.labs.convolution.pages.why_page import WhyPage
from gui.labs.convolution.presets import preset
from gui.shell import language, theme
from gui.widgets.formulas import Formulas
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S

Show: TypeAlias = Callable[..., WhyPage]
LEFT, SEVEN = Qt.MouseButton.LeftButton, Conv2d(out_channels=4, kernel_size=(3, 3), stride=3)


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Makes the page with a layer over an input of `shape`."""
    page = WhyPage()
    qtbot.addWidget(page)

    def shown(
        layer: Sliding, shape: tuple[int, ...], *, size: tuple[int, int] = (920, 330), **more: tuple[str, ...]
    ) -> WhyPage:
        page.resize(*size)
        page.show_layer(layer, shape, **more)
        page.show()
        for _ in range(3):  # style, sizes, places
            QApplication.processEvents()
        return page

    return shown


def press(qtbot: QtBot, chart: StepChart, value: int) -> None:
    qtbot.mouseClick(chart, LEFT, pos=chart.slot(value).center().toPoint())


def test_both_verdicts_stand_there(show: Show) -> None:
    """7x7, filter 3, stride 3: (7 − 3)/3 + 1 = 2.33 as CS231n writes it; torch gives 2 and leaves the last row and column."""
    page = show(SEVEN, (1, 7, 7))
    assert "4/3 + 1 = 2.33, does not fit. torch rounds down: 2. Never read: 1 row, 1 column." in page.formulas.verdict
    page = show(replace(SEVEN, stride=2), (1, 7, 7))
    assert page.formulas.verdict == "The division comes out even, and every cell is read."
    page = show(replace(SEVEN, kernel_size=1, stride=2), (1, 7, 7))
    assert page.formulas.verdict.endswith("the window steps over cells. Never read: 3 rows, 3 columns.")


def test_verdicts_of_the_other_kinds(show: Show) -> None:
    ceil = show(MaxPool2d(kernel_size=3, stride=2, ceil_mode=True), (1, 6, 6)).formulas.verdict
    assert "3/2 + 1 = 2.5" in ceil and "Ceil mode rounds up: 3. Every cell is read." in ceil
    assert "Never read: 2 cells." in show(Conv1d(out_channels=1, kernel_size=3, stride=3), (1, 8)).formulas.verdict
    clip = show(Conv3d(out_channels=1, kernel_size=2, stride=2), (1, 3, 4, 5)).formulas.verdict
    assert "Output depth = 1/2 + 1 = 1.5" in clip and "Never read: 1 frame, 1 column." in clip
    assert "of 2 different ones" in show(ConvTranspose2d(out_channels=1, kernel_size=2, stride=2), (1, 4, 4)).formulas.verdict


def test_formulas_with_their_values(show: Show) -> None:
    page = show(Conv2d(out_channels=16, kernel_size=3, padding=1), (3, 224, 224))
    assert page.formulas.text("parameters") == ("(K_h×K_w×C_in + 1)×C_out", "= (3×3×3 + 1)×16", "= 448")
    assert page.formulas.text("output_width")[1:] == ("= ⌊(224 + 2·1 − 1·(3 − 1) − 1) / 1⌋ + 1", "= 224")
    page = show(AvgPool2d(kernel_size=2), (3, 224, 224))
    assert page.formulas.text("output_width") == ("⌊(W + 2·P − K) / S⌋ + 1", "= ⌊(224 + 2·0 − 2) / 2⌋ + 1", "= 112")


def test_the_stairs_are_those_of_the_layer(show: Show) -> None:
    page = show(SEVEN, (1, 7, 7))
    stride, kernel = page.charts["stride"].stairs, page.charts["kernel_size"].stairs
    assert (stride.values, stride.now) == (tuple(range(1, 8)), 3)
    assert stride.sizes == (5, 3, 2, 2, 1, 1, 1)
    assert kernel.sizes == (3, 2, 2, 2, 1, 1, 1, None, None, None, None)
    assert "larger than its input" in kernel.reasons[7] and kernel.reasons[6] == ""
    assert page.charts["input"].stairs.now == 7
    assert page.charts["output_padding"].isHidden() and not page.charts["dilation"].isHidden()


def test_a_click_on_a_stair_asks_for_that_value(qtbot: QtBot, show: Show) -> None:
    page, asked = show(SEVEN, (1, 7, 7)), []
    page.edited.connect(asked.append)
    press(qtbot, page.charts["stride"], 2)
    press(qtbot, page.charts["kernel_size"], 5)
    press(qtbot, page.charts["kernel_size"], 3)  # in force already
    press(qtbot, page.charts["kernel_size"], 9)  # cannot be
    press(qtbot, page.charts["input"], 9)  # the picture decides
    assert asked == [{"stride": 2}, {"kernel_size": (5, 5)}]


def test_one_axis_alone(qtbot: QtBot, show: Show) -> None:
    page, asked = show(replace(SEVEN, stride=(1, 2)), (1, 9, 7), unlinked=("padding",)), []
    page.edited.connect(asked.append)
    qtbot.mouseClick(page.axes.button("height"), LEFT)
    assert page.charts["stride"].stairs.sizes[:3] == (7, 4, 3)
    press(qtbot, page.charts["stride"], 3)
    press(qtbot, page.charts["padding"], 1)
    assert asked == [{"stride": (3, 2)}, {"padding": (1, 0)}]


def test_keys_go_from_stair_to_stair(qtbot: QtBot, show: Show) -> None:
    page, asked = show(replace(SEVEN, kernel_size=(7, 7)), (1, 7, 7)), []
    page.edited.connect(asked.append)
    kernel = page.charts["kernel_size"]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(kernel, key)
    assert asked == [{"kernel_size": (6, 6)}, {"kernel_size": (1, 1)}]  # beyond 7 nothing can be
    qtbot.keyClick(page.charts["input"], Qt.Key.Key_Right)
    assert page.charts["input"].read_out == "8 → 1" and len(asked) == 2
    assert "8 → 1" in page.charts["input"].accessibleName()


def test_pointing_reads_a_stair(qtbot: QtBot, show: Show) -> None:
    chart = show(SEVEN, (1, 7, 7)).charts["kernel_size"]
    assert chart.read_out == "3 → 2"
    qtbot.mouseMove(chart, chart.slot(8).center().toPoint())
    assert chart.read_out == "8 → –"
    place = chart.slot(8).center().toPoint()
    QApplication.sendEvent(chart, QHelpEvent(QEvent.Type.ToolTip, place, chart.mapToGlobal(place)))
    qtbot.waitUntil(lambda: "larger than its input" in QToolTip.text())
    QToolTip.hideText()
    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.read_out == "3 → 2"


def test_todays_value_is_always_among_the_stairs(show: Show) -> None:
    page = show(Conv2d(out_channels=1, kernel_size=31, padding="same", dilation=1), (1, 64, 64))
    assert page.charts["kernel_size"].stairs.now == 31 and 31 in page.charts["kernel_size"].stairs.values
    assert page.charts["padding"].stairs.now == 15 and 15 in page.charts["padding"].stairs.values
    assert page.charts["stride"].stairs.sizes[:3] == (64, 32, 22)  # as many cells of padding, as numbers
    page = show(Conv2d(out_channels=1, kernel_size=64, padding=64), (1, 64, 64))
    assert page.charts["kernel_size"].stairs.values[-1] == 64, "no control goes further"


def test_a_fully_connected_layer_beside(show: Show) -> None:
    """(6,220,800 + 1) · 8,294,400 parameters for a Full HD picture and four maps."""
    page = show(Conv2d(out_channels=4, kernel_size=3, padding=1), (3, 1920, 1080))
    own, dense = page.parameters.bars.bars
    assert (own.name, own.value, dense.name, dense.value) == ("Conv2d", 112, "Fully connected", 51_597_811_814_400)
    assert [bar.value for bar in page.macs.bars.bars] == [223_948_800, 51_597_803_520_000]
    assert page.parameters.note == "460,694,748,343 times as many · 448 B → 188 TiB"
    assert "6,220,800 each. Here one filter (weights: 27) serves a whole map of 1920×1080 cells." in page.sentence
    bars = page.parameters.bars
    assert bars.length(10**12) == pytest.approx(2 * bars.length(10**6))  # a logarithmic scale
    page = show(MaxPool2d(kernel_size=2), (1, 4, 4))
    assert page.sentence.endswith("A pooling has no weights: there is nothing to learn.")
    assert page.parameters.note == "0 B → 272 B" and page.parameters.bars.length(0) == 0  # 16·4 + 4 = 68 floats


@pytest.mark.parametrize("chosen", language.LANGUAGES)
@pytest.mark.parametrize("size", [(920, 330), (760, 420)])
@pytest.mark.parametrize(
    ("layer", "shape"), [(SEVEN, (3, 224, 224)), (ConvTranspose2d(out_channels=4, kernel_size=3), (3, 32, 32))]
)
def test_all_of_it_fits(
    show: Show, layer: Sliding, shape: tuple[int, ...], size: tuple[int, int], chosen: language.Language
) -> None:
    language.set_language(chosen)
    page = show(layer, shape, size=size)
    assert page.verticalScrollBar().maximum() == 0
    assert page.widget().width() <= page.viewport().width()
    for text in page.findChildren(QLabel):
        if text.isVisible() and text.text():
            needed = text.heightForWidth(text.width()) if text.wordWrap() else text.sizeHint().height()
            assert needed <= text.height(), text.text()
            assert text.wordWrap() or text.sizeHint().width() <= text.width(), text.text()


def test_a_narrow_page_scrolls(show: Show) -> None:
    page = show(SEVEN, (3, 224, 224), size=(420, 300))
    assert page.verticalScrollBar().maximum() > 0
    assert page.widget().width() <= page.viewport().width()


def test_it_changes_language_and_colours_live(show: Show) -> None:
    page = show(SEVEN, (1, 7, 7))
    language.set_language("ko")
    QApplication.processEvents()
    assert page.charts["stride"].stairs.name == "스트라이드" and page.axes.button("width").text() == "너비"
    accent = theme.theme().accent.name()
    theme.apply("dark")
    worked = page.formulas.findChildren(QLabel)
    assert accent != theme.theme().accent.name()
    assert any(theme.theme().accent.name() in text.text() for text in worked)
    assert not any(accent in text.text() for text in worked)


def test_a_hidden_page_is_written_when_it_is_shown(qtbot: QtBot) -> None:
    page = WhyPage()
    qtbot.addWidget(page)
    page.show_layer(SEVEN, (1, 7, 7))
    assert page.charts["stride"].stairs.values == ()
    page.show()
    assert page.charts["stride"].stairs.now == 3


# the line under the scene


@pytest.fixture
def line(qtbot: QtBot) -> FormulaLine:
    made = FormulaLine()
    qtbot.addWidget(made)
    made.resize(900, 24)
    made.show()
    return made


def test_one_line_says_the_output_size(line: FormulaLine) -> None:
    """The courses' 5x5 image with the 3x3 filter and padding 1 gives 5."""
    line.show_layer(Conv2d(out_channels=1, kernel_size=3, padding=1), (1, 5, 5))
    assert line.text == "Output width = ⌊(W + 2·P − D·(K − 1) − 1) / S⌋ + 1 = ⌊(5 + 2·1 − 1·(3 − 1) − 1) / 1⌋ + 1 = 5"
    assert line.verdict == "" and "S: stride = 1" in line.toolTip()
    line.resize(430, 24)
    assert line.text == "Output width = ⌊(5 + 2·1 − 1·(3 − 1) − 1) / 1⌋ + 1 = 5"
    line.resize(150, 24)
    assert line.text == "Output width = 5"
    line.resize(60, 24)
    assert line.text.endswith("…")
    assert line.accessibleName().startswith("Output width = ⌊(W")


def test_one_line_with_a_stride_that_does_not_fit(line: FormulaLine) -> None:
    line.show_layer(SEVEN, (1, 7, 7))
    assert line.verdict == "4/3 + 1 = 2.33: does not fit"
    line.resize(230, 24)
    assert (line.text, line.verdict) == ("Output width = 2", "does not fit")
    line.show_layer(replace(SEVEN, stride=2), (1, 7, 7))
    assert line.verdict == ""


def test_one_line_says_both_sizes_where_they_differ(line: FormulaLine) -> None:
    line.show_layer(Conv2d(out_channels=1, kernel_size=(1, 3)), (1, 4, 6))
    high, wide = (
        "Output height = ⌊(4 + 2·0 − 1·(1 − 1) − 1) / 1⌋ + 1 = 4",
        "Output width = ⌊(6 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 4",
    )
    assert line.text.startswith(high) and line.text.endswith(wide)


def test_the_result_is_in_the_accents_colour(line: FormulaLine) -> None:
    line.show_layer(Conv1d(out_channels=1, kernel_size=3, padding=1), (1, 5))
    line.resize(900, 24)
    image, accent = line.grab().toImage(), theme.theme().accent
    columns = [x for x in range(image.width()) if any(image.pixelColor(QPoint(x, y)) == accent for y in range(24))]
    assert columns and columns[-1] - columns[0] < 40


@pytest.mark.parametrize("chosen", ["en", "ko"])
def test_a_usual_window_has_it_whole(qtbot: QtBot, tmp_path: Path, chosen: language.Language) -> None:
    """In a window of 1440 × 900 pixels, below the scene, nothing has to be scrolled to."""
    lab = ConvolutionLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(lab, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    lab.resize(1256, 806)
    language.set_language(chosen)
    lab.set_state(replace(lab.state(), scene=replace(lab.state().scene, page="why")))
    lab.show()
    for name in (None, "worked-example", "does-not-fit", "ten-filters", "depthwise", "max-pooling", "upsampling"):
        if name is not None:
            lab.set_state(replace(lab.state(), layer=preset(name).layer))
        qtbot.waitUntil(lambda: not lab.busy())
        lay_out()
        assert lab.why.verticalScrollBar().maximum() == 0, name


def test_parts_below_each_other_have_no_gap(show: Show) -> None:
    page = show(SEVEN, (1, 7, 7), size=(520, 400))
    page.tools.hide()  # they are in the card's title
    lay_out()
    charts = min(chart.mapTo(page.widget(), QPoint(0, 0)).y() for chart in page.charts.values() if chart.isVisible())
    formulas = page.formulas.geometry().bottom()
    assert 0 < charts - formulas <= 10
    assert page.macs.geometry().top() - page.parameters.geometry().bottom() <= 10


def test_two_symbols_with_one_meaning_are_named_one_after_the_other(qtbot: QtBot) -> None:
    """K … Kₕ would be read as a range."""
    formulas = Formulas()
    qtbot.addWidget(formulas)
    formulas.show_layer(Conv2d(out_channels=4, kernel_size=5), (3, 30, 40))
    said = formulas._symbols.text().replace("\u00a0", " ")
    assert "K, K" in said and "…" not in said
