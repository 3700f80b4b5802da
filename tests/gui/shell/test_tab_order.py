"""The order of the Tab key is found without the items of layouts: PySide keeps what stands for one beyond the item itself, and
takes it for the layout that is made in its place."""

from __future__ import annotations

import gc

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot

from gui.shell.tab_order import in_layouts


def test_the_order_is_that_of_the_layouts_and_no_item_of_them_is_left(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    made = {name: QPushButton(name, page) for name in ("last", "c", "b", "a", "first", "free")}
    column, row, grid = QVBoxLayout(page), QHBoxLayout(), QGridLayout()
    column.addWidget(made["first"])
    column.addLayout(row)
    row.addWidget(made["a"])
    row.addStretch(1)
    row.addLayout(grid)
    grid.addWidget(made["b"], 1, 1)
    grid.addWidget(made["c"], 0, 0)
    column.addWidget(made["last"])
    inside = QLabel(made["a"])
    expected = [made["first"], made["a"], inside, *(made[name] for name in ("b", "c", "last", "free"))]
    before = sum(type(each) is QWidgetItem for each in gc.get_objects())
    assert list(in_layouts(page)) == expected
    assert sum(type(each) is QWidgetItem for each in gc.get_objects()) == before
