"""A table of figures that grows lays out the page around it once, and its cells have their room."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtGui import QFontMetrics, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.shell.theme import font
from gui.widgets.figures.figure_table import TEXT_PX, FigureTable


class _Neighbour(QWidget):
    resized = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized += 1


def test_a_table_that_grows_lays_out_its_page_once(qtbot: QtBot) -> None:
    page, table, above = QWidget(), FigureTable(), _Neighbour()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(above, 1)
    column.addWidget(table)
    page.resize(400, 400)
    page.show()
    qtbot.waitExposed(page)
    table.set_rows([["", "a"], ["1", "0.25"]])
    low = table.height()
    before = above.resized
    rows = [["", "a", "b", "c"], *([str(row), "0.25", "0.5", "1,234.5678"] for row in range(8))]
    table.set_rows(rows)
    qtbot.waitUntil(lambda: table.height() > low)
    assert table.texts() == [[text for text in texts if text] for texts in rows]
    assert above.resized - before <= 2
    assert above.geometry().bottom() < table.geometry().top()
    measure = QFontMetrics(font(TEXT_PX))
    for row, texts in enumerate(rows):
        cells = [table.cell(row, column) for column in range(len(texts))]
        assert all(cell.width() >= measure.horizontalAdvance(text) for cell, text in zip(cells, texts, strict=True))
        assert all(one.right() < other.left() for one, other in pairwise(cells))
        assert table.rect().contains(cells[-1])


class _Painted(FigureTable):
    region = QRegion()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.region += event.region()


def test_only_the_cell_that_changed_is_painted(qtbot: QtBot) -> None:
    table = _Painted()
    qtbot.addWidget(table)
    table.set_rows([["", "a", "b"], ["1", "0.25", "0.5"], ["2", "0.75", "1.0"]], ["", "first", "second"])
    table.resize(300, 200)
    table.show()
    qtbot.waitUntil(lambda: not table.region.isEmpty())
    table.region = QRegion()
    table.set_rows([["", "a", "b"], ["1", "0.25", "0.5"], ["2", "0.76", "1.0"]], ["", "first", "second"])
    qtbot.waitUntil(lambda: not table.region.isEmpty())
    assert table.region.boundingRect() == table.cell(2, 1)
    assert [table.tip_at(table.cell(row, 0).center()) for row in range(3)] == ["", "first", "second"]
