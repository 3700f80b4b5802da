"""Two networks beside each other on the screen: rows, totals, bars to scale, curves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.comparisons import pair
from engine.experiment import Network
from engine.network import trace
from gui.labs.network.compare_page import ComparePage, Side
from gui.shell import language


def side(name: str, network: Network) -> Side:
    assert network.input is not None
    return Side(name, network.layers, trace(network.layers, network.input))


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
    assert "1.39 times" in page._titles["parameters"].text() and "the same" in page._titles["receptive_field"].text()
    first, second = page.parameters._lines
    assert first.values == (36_928, 36_928, 73_856, 73_856) and second.values == (102_464, 102_464)
    assert page.about.text() == "why"


def test_it_speaks_both_languages_while_shown(page: ComparePage) -> None:
    found = pair("head")
    page.show_networks(side("a", found.first), side("b", found.second))
    language.set_language("ko")
    QApplication.processEvents()
    assert cells(page)[-1][0] == "합계" and page.table.accessibleName() == "두 신경망의 층별 비교"
    assert page.parameters.grab().width() > 0


def test_a_narrow_page_leaves_out_the_outputs_and_nothing_else(page: ComparePage) -> None:
    found = pair("separable")
    page.resize(1240, 620)
    page.show_networks(side("Standard convolution", found.first), side("Depthwise separable", found.second))
    QApplication.processEvents()
    hidden = [page.table.isColumnHidden(column) for column in range(6)]
    page.resize(800, 540)
    QApplication.processEvents()
    assert not any(hidden) and [page.table.isColumnHidden(column) for column in range(6)] == [False, True, False] * 2
    assert page.table.horizontalHeader().length() <= page.table.viewport().width()
    assert page.lines.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == page.lines.texts[0][1]
