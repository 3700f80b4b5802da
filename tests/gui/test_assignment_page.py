"""The table with blanks as a learner fills it in: by keys, right and wrong, started over, solved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine.network import trace
from engine.networks import network
from gui.labs.network.assignment_page import AssignmentPage


@pytest.fixture
def page(qtbot: QtBot) -> AssignmentPage:
    made = AssignmentPage()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    alexnet = network("alexnet")
    assert alexnet.input is not None
    made.show_network(alexnet.layers, trace(alexnet.layers, alexnet.input))
    return made


def write(page: AssignmentPage, row: int, column: int, text: str) -> None:
    index = page.cells.index(row, column)
    assert page.cells.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert page.cells.setData(index, text)


def test_answers_are_checked_as_they_are_written(page: AssignmentPage) -> None:
    total = len(page._blanks)
    assert page.score.text() == f"Right: 0 of {total}"
    write(page, 0, 1, "64x55x55")
    write(page, 0, 2, "23,296")
    assert page.right == 2
    write(page, 0, 2, "23,232")  # without the biases
    assert page.right == 1
    assert page.cells.index(0, 2).data(Qt.ItemDataRole.ToolTipRole) == "Not yet right"


def test_what_is_given_cannot_be_written_over(page: AssignmentPage) -> None:
    for column in (0, 1, 2):  # a ReLU: nothing to work out
        index = page.cells.index(1, column)
        assert not page.cells.flags(index) & Qt.ItemFlag.ItemIsEditable
        assert not page.cells.setData(index, "1")


def test_the_keyboard_fills_a_cell(qtbot: QtBot, page: AssignmentPage) -> None:
    page.table.setFocus()
    page.table.setCurrentIndex(page.cells.index(0, 2))
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    editor = page.table.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "3296")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.right == 1)


def test_answers_and_starting_over(page: AssignmentPage) -> None:
    write(page, 0, 1, "55 x 55")
    page.solve.click()
    assert page.right == len(page._blanks)
    assert page.cells.index(0, 1).data() == "55 x 55"  # right already: left as it was written
    assert page.cells.index(page.cells.rowCount() - 1, 2).data() == "4,097,000"
    page.again.click()
    assert page.right == 0
