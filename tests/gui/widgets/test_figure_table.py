"""A table of figures that grows lays out the page around it once, and its cells have their room."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.figures.figure_table import FigureTable


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
    for cell in table.findChildren(QWidget):
        assert cell.isHidden() or cell.width() >= cell.sizeHint().width()
