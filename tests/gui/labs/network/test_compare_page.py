"""Two networks beside each other on the screen: rows, totals, bars to scale, curves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.experiments.experiment import Network
from engine.experiments.famous import network
from engine.experiments.pairs import names, pair
from engine.networks.side_by_side import Difference, Side
from engine.networks.trace import trace
from gui.labs.network.pages.compare_page import ComparePage
from gui.labs.network.pages.other_cards import BesideCard
from gui.labs.network.reading import read
from gui.labs.network.state import opened
from gui.shell import language


def side(name: str, shown: Network) -> Side:
    assert shown.input is not None
    return Side(name, shown.layers, trace(shown.layers, shown.input))


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    made = ComparePage()
    qtbot.addWidget(made)
    made.resize(1100, 620)
    made.show()
    return made


def cells(page: ComparePage) -> list[list[str]]:
    return page.lines.texts


def test_two_3x3_beside_one_5x5(page: ComparePage) -> None:
    found = pair("two-3x3")
    page.show_networks(side("two", found.first), side("one", found.second), "why")
    assert cells(page) == [
        ["Conv2d 64, 3×3, p1", "64×56×56", "36,928", "Conv2d 64, 5×5, p2", "64×56×56", "102,464"],
        ["ReLU", "64×56×56", "0", "ReLU", "64×56×56", "0"],
        ["Conv2d 64, 3×3, p1", "64×56×56", "36,928", "", "", ""],
        ["ReLU", "64×56×56", "0", "", "", ""],
        ["Total", "", "73,856", "Total", "", "102,464"],
    ]
    short, long = page.bars["parameters"].lengths()
    assert short / long == pytest.approx(73_856 / 102_464)
    titles = {name: title.text() for name, title in page._titles.items()}
    assert titles["parameters"].endswith("27.9% less: two") and titles["receptive_field"].endswith("the same")  # 28,608/102,464
    first, second = page.parameters.lines
    assert first.values == [36_928, 36_928, 73_856, 73_856] and second.values == [102_464, 102_464]
    assert page.about.text() == "why"


def test_it_speaks_both_languages_while_shown(page: ComparePage) -> None:
    found = pair("head")
    page.show_networks(side("a", found.first), side("b", found.second))
    language.set_language("ko")
    QApplication.processEvents()
    assert cells(page)[-1][0] == "합계" and page.table.accessibleName() == "두 신경망의 층별 비교"
    assert page.parameters.grab().width() > 0


def test_what_differs_is_bold_and_whose_it_is_is_said(page: ComparePage) -> None:
    page.show_networks(side("one", network("alexnet")), side("other", network("vgg-16")))
    assert page._titles["parameters"].text().endswith("2.26 times: other")  # 138,357,544 / 61,100,840
    assert page.seen.text() == "one: 195 × 195 at MaxPool2d 3, s2\nother: 212 × 212 at conv5"
    rows = [row for row, texts in enumerate(cells(page)) if texts[0] == "Linear 4096" and texts[3] == "Linear 4096"]
    bold = [[page.lines.index(row, column).data(Qt.ItemDataRole.FontRole).bold() for column in range(6)] for row in rows]
    assert bold == [[False, False, True] * 2, [False] * 6]  # of 9,216 and 25,088 inputs; of 4,096 both


def test_a_head_is_compared_by_all_that_it_sees(page: ComparePage) -> None:
    found = pair("head")
    page.show_networks(side("fc", found.first), side("pooled", found.second))
    assert page._titles["receptive_field"].text().endswith("the same")
    assert (
        page.seen.text() == "fc: the whole input, 6 × 6, in Linear 4096\npooled: the whole input, 6 × 6, in AdaptiveAvgPool2d 1"
    )
    assert page.parameters.isVisible() and not page.field.isVisible()  # a curve of one point says nothing


def test_a_short_table_is_as_tall_as_its_rows(page: ComparePage) -> None:
    found = pair("groups")
    page.show_networks(side("a", found.first), side("b", found.second))
    QApplication.processEvents()
    assert page.drawings.isVisible() and page.second.texts[0] == "Conv2d 256, 3×3, p1, g32"
    assert page.table.height() < 120 and not page.table.verticalScrollBar().isVisible()
    assert not page.parameters.isVisible() and not page.field.isVisible()


def test_a_narrow_page_has_every_column_and_no_bar_over_them(page: ComparePage) -> None:
    found = pair("separable")
    page.resize(816, 540)
    page.show_networks(side("Standard convolution", found.first), side("Depthwise separable", found.second))
    QApplication.processEvents()
    page.show_networks(side("AlexNet", network("alexnet")), side("VGG-16", network("vgg-16")))
    QApplication.processEvents()
    assert page.table.verticalScrollBar().isVisible()
    assert not any(page.table.isColumnHidden(column) for column in range(6))
    assert page.table.horizontalHeader().length() <= page.table.viewport().width()
    page.resize(640, 540)
    page.show_networks(side("MobileNetV2", network("mobilenet-v2")), side("GoogLeNet", network("googlenet")))
    QApplication.processEvents()
    assert [page.table.isColumnHidden(column) for column in range(6)] == [False, True, False] * 2
    assert page.lines.index(0, 3).data(Qt.ItemDataRole.ToolTipRole) == page.lines.texts[0][4]


def test_the_next_pair_and_the_one_before(qtbot: QtBot) -> None:
    card = BesideCard()
    qtbot.addWidget(card)
    alexnet = opened("alexnet")
    card.show_beside(names()[0], "AlexNet", read(alexnet))
    wanted: list[str] = []
    card.chosen.connect(wanted.append)
    card.after.click()
    card.before.click()
    card.show_beside("vgg-16", "AlexNet", read(alexnet))
    card.after.click()
    assert wanted == [names()[1], names()[-1], "vgg-19"] and "VGG-19" in card.after.toolTip()


def test_numbers_far_apart_and_close_together_are_written_in_figures(page: ComparePage) -> None:
    """138,357,544 parameters are 1,087.6 times 127,210; one of 1,000,001 more or less is a millionth of them."""
    page.show_networks(side("mlp", network("mlp-28x28")), side("vgg", network("vgg-16")))
    assert page._titles["parameters"].text() == "Parameters · 1,088 times: vgg"
    assert page._titles["receptive_field"].text() == "Receptive field" and page.bars["receptive_field"].isHidden()
    assert page._told(Difference("parameters", 1_000_000, 1_000_001), "b", "a")[1] == "< 0.1% less"
    page.show_networks(side("a", network("alexnet")), side("b", network("vgg-16")))
    assert not page.bars["receptive_field"].isHidden()


def test_in_a_small_window_bars_are_bars_and_dots_do_not_melt(page: ComparePage) -> None:
    page.resize(800, 560)  # 1024×700
    page.show_networks(side("AlexNet", network("alexnet")), side("VGG-16", network("vgg-16")))
    QApplication.processEvents()
    for quantity in ("parameters", "macs", "activation_memory"):
        bars = page.bars[quantity]
        assert max(bars.lengths()) >= 0.35 * bars.width()
        names, figures = zip(*((name.text(), figure.text()) for name, figure in bars._texts), strict=True)
        assert all(names) and all(figures)
    figures = [figure.text() for _, figure in page.bars["parameters"]._texts]
    assert figures in (["61,100,840", "138,357,544"], ["61.1 M", "138 M"])
    for chart in (page.parameters, page.field):
        across = chart.area.width() / (max(len(line.values) for line in chart.lines) - 1)
        painted = [dots.path().elementCount() for _, dots in chart._items]
        assert across >= 12 or max(painted) <= 20 * 2  # at most the ends that stand alone


def test_resizing_lays_the_charts_out_anew_only_between_roomy_and_narrow(
    page: ComparePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.show_networks(side("AlexNet", network("alexnet")), side("VGG-16", network("vgg-16")))
    QApplication.processEvents()
    laid: list[bool] = []
    inner = page._rearrange
    monkeypatch.setattr(page, "_rearrange", lambda roomy: (laid.append(roomy), inner(roomy)))
    for width in (1110, 1120, 900, 880, 1130):
        page.resize(width, 620)
    assert laid == [False, True]


def test_a_network_s_long_name_widens_nothing(page: ComparePage) -> None:
    page.show_networks(side("a" + 90 * "-very" + "-long-name", network("lenet-5")), side("LeNet-5", network("lenet-5")))
    QApplication.processEvents()
    assert page.minimumSizeHint().width() <= 700
    assert "…" in page.lines.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
