"""The table with blanks as a learner fills it in: by keys, right and wrong, started over, solved."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine.experiments.famous import network
from engine.layers.base import Layer, Shape
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.recurrent import LSTM
from engine.networks.trace import Trace, trace
from engine.words import LANGUAGES, table
from gui.labs.network.pages.assignment_page import AssignmentPage
from gui.labs.network.pages.blank_cells import HINTS
from gui.shell import theme


@pytest.fixture
def page(qtbot: QtBot) -> AssignmentPage:
    made = AssignmentPage()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    alexnet = network("alexnet")
    assert alexnet.input is not None
    made.show_network(alexnet.layers, alexnet.input, trace(alexnet.layers, alexnet.input))
    return made


def _another(name: str) -> tuple[Sequence[Layer], Shape, Trace]:
    other = network(name)
    assert other.input is not None
    return other.layers, other.input, trace(other.layers, other.input)


def write(page: AssignmentPage, row: int, column: int, text: str) -> None:
    index = page.cells.index(row, column)
    assert page.cells.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert page.cells.setData(index, text)


def shown(page: AssignmentPage, row: int, column: int) -> str:
    return str(page.cells.index(row, column).data())


def test_the_input_stands_above_the_first_layer(page: AssignmentPage) -> None:
    assert [shown(page, 0, column) for column in (0, 1)] == ["Input", "3×224×224"]
    assert not page.cells.flags(page.cells.index(0, 1)) & Qt.ItemFlag.ItemIsEditable


def test_answers_are_checked_as_they_are_written(page: AssignmentPage) -> None:
    total = len(page.blanks)
    assert page.score.text() == f"Right: 0 of {total}"
    write(page, 1, 1, "64x55x55")
    write(page, 1, 2, "23,296")
    assert page.right == 2 and shown(page, 1, 2) == "23,296  ✓"
    write(page, 1, 2, "23,232")
    assert page.right == 1 and shown(page, 1, 2) == "23,232  ✗"
    page.table.setCurrentIndex(page.cells.index(1, 2))
    assert "bias" in page.said.text() and page.said.text() == page.cells.index(1, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert page.cells.index(1, 2).data(Qt.ItemDataRole.EditRole) == "23,232"


def test_what_is_given_cannot_be_written_over(page: AssignmentPage) -> None:
    for column in (0, 1, 2):  # a ReLU: nothing to work out
        index = page.cells.index(2, column)
        assert not page.cells.flags(index) & Qt.ItemFlag.ItemIsEditable
        assert not page.cells.setData(index, "1")


def test_the_keyboard_fills_a_cell(qtbot: QtBot, page: AssignmentPage) -> None:
    page.table.setFocus()
    page.table.setCurrentIndex(page.cells.index(1, 2))
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    editor = page.table.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "3296")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.right == 1)


def test_what_is_typed_at_once_after_a_click_is_not_lost(qtbot: QtBot, page: AssignmentPage) -> None:
    """The first blank is chosen already. A click on it, and the first letters before a double click would be over."""
    page.show_network(*_another("lenet-5"))
    here = page.table.currentIndex()
    assert page.cells.blank(here) is not None
    place = page.table.visualRect(here).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(page.table, Qt.Key.Key_6)
    editor = next((each for each in page.table.findChildren(QLineEdit) if each.isVisible()), None)
    assert editor is not None and editor.text() == "6" and page.table.currentIndex() == here
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    given = page.cells.index(2, 1)  # nothing can be written there
    page.table.setCurrentIndex(given)
    qtbot.keyClick(page.table, Qt.Key.Key_1)  # the input begins with it
    assert page.table.currentIndex() == given


def test_shapes_of_sequences_are_not_called_pictures(page: AssignmentPage) -> None:
    assert "height" in page.about.text() and "8x20x20" in page.cells.sentence(page.table.currentIndex())
    layers, shape = (Embedding(num_embeddings=1000, embedding_dim=32), LSTM(hidden_size=64)), (20,)
    page.show_network(layers, shape, trace(layers, shape))
    assert "height" not in page.about.text() and "output shape" in page.about.text()
    assert "8x20x20" not in page.cells.sentence(page.table.currentIndex())


def type_answer(qtbot: QtBot, page: AssignmentPage, text: str, key: Qt.Key) -> tuple[int, int]:
    """Type it into the current cell and end with `key`; returns the cell that is current then."""
    qtbot.keyClick(page.table, text[0])
    editor = next(each for each in page.table.findChildren(QLineEdit) if each.isVisible())
    qtbot.keyClicks(editor, text[1:])
    qtbot.keyClick(editor, key)
    qtbot.waitUntil(lambda: page.table.state() == page.table.State.NoState)
    index = page.table.currentIndex()
    return index.row(), index.column()


def test_enter_goes_from_a_right_answer_to_the_next_empty_blank(qtbot: QtBot, page: AssignmentPage) -> None:
    page.table.setFocus()
    page.table.setCurrentIndex(page.cells.index(1, 1))
    assert type_answer(qtbot, page, "64x55x5", Qt.Key.Key_Return) == (1, 1)  # wrong: its hint is read there
    assert type_answer(qtbot, page, "64x55x55", Qt.Key.Key_Return) == (1, 2)
    write(page, 3, 1, "1x1x1")  # an answer is there: not empty, though wrong
    assert type_answer(qtbot, page, "23296", Qt.Key.Key_Return) == (4, 1)  # behind ReLU and pooling, which have no other blank


def test_shown_answers_do_not_count_and_leave_what_was_written(page: AssignmentPage) -> None:
    write(page, 1, 1, "55 x 55")
    write(page, 1, 2, "23,232")
    page.solve.click()
    total = len(page.blanks)
    assert page.right == 1 and page.score.text() == f"Right: 1 of {total} · shown: {total - 1}"
    assert shown(page, 1, 1) == "55 x 55  ✓"  # right already: left as it was written
    assert shown(page, 1, 2) == "23,296   ✗ 23,232"
    assert shown(page, page.cells.rowCount() - 1, 2) == "4,097,000"
    assert not page.cells.setData(page.cells.index(1, 2), "23,296")
    page.again.click()
    assert page.right == 0 and shown(page, 1, 2) == "?" and page.score.text() == f"Right: 0 of {total}"


def test_the_working_is_shown_of_the_layer_that_is_looked_at(page: AssignmentPage) -> None:
    page.table.setCurrentIndex(page.cells.index(1, 2))
    assert not page.working.isVisible()
    page.work.click()
    formula, worked = page.formulas._rows[1].formula, page.formulas._rows[1].worked
    assert page.working.isVisible() and formula.isVisible() and not worked.isVisible() and not formula.toolTip()
    write(page, 1, 1, "64x55x55")
    assert not worked.isVisible()  # the other blank of the line is still open
    write(page, 1, 2, "23296")
    assert worked.isVisible() and page.formulas.text("parameters")[2] == "= 23,296"
    page.table.setCurrentIndex(page.cells.index(2, 0))
    assert not page.formulas.isVisible()


def test_blocks_are_unfolded_and_their_branches_named(page: AssignmentPage) -> None:
    resnet = network("resnet-18")
    assert resnet.input is not None
    page.show_network(resnet.layers, resnet.input, trace(resnet.layers, resnet.input))
    names = [shown(page, row, 0).strip() for row in range(page.cells.rowCount())]
    assert names[:2] == ["Input", "conv1"] and names.count("main path") == names.count("shortcut") == 8
    assert shown(page, 1, 1) == "" and shown(page, 2, 0) == "    Conv2d 64, 7×7, s2, p3, bias=False"
    write(page, 2, 2, "9408")
    assert page.right == 1


# --- where the learner is, what is open and what is wrong


def colours(page: AssignmentPage, row: int, column: int) -> set[str]:
    """The colours of a cell as it is painted, its frame included."""
    place = page.table.visualRect(page.cells.index(row, column))
    image = page.table.viewport().grab(place).toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_blank_wrong_right_and_chosen_cells_look_different(page: AssignmentPage) -> None:
    page.resize(1000, 600)
    write(page, 1, 1, "64x55x55")
    write(page, 1, 2, "23,232")
    now = theme.theme()
    page.table.setCurrentIndex(page.cells.index(2, 0))
    grounds = {now.accent_ground.name(), now.warn_ground.name(), now.accent.name()}
    assert colours(page, 1, 1) & grounds == set()  # right
    assert colours(page, 1, 2) & grounds == {now.warn_ground.name()}
    assert colours(page, 4, 1) & grounds == {now.accent_ground.name()} and shown(page, 4, 1) == "?"
    page.table.setCurrentIndex(page.cells.index(1, 2))  # being chosen hides none of it
    assert colours(page, 1, 2) & grounds == {now.warn_ground.name(), now.accent.name()}
    page.table.setCurrentIndex(page.cells.index(4, 1))
    assert colours(page, 4, 1) & grounds == {now.accent_ground.name(), now.accent.name()}


def test_the_hint_stands_beside_the_answer_and_stays_there(page: AssignmentPage) -> None:
    page.resize(1000, 600)
    write(page, 1, 2, "23,232")
    write(page, 4, 1, "64x27x27")
    page.table.setCurrentIndex(page.cells.index(4, 2))
    assert "bias" in shown(page, 1, HINTS) and shown(page, 1, HINTS).startswith("✗")  # of a line that is not looked at
    assert shown(page, 4, HINTS).startswith("✗")  # what is wrong comes first
    page.table.setCurrentIndex(page.cells.index(7, 2))
    assert shown(page, 7, HINTS) == "Fill in: 8x20x20, or 1,234" and shown(page, 6, HINTS) == ""
    page.table.setCurrentIndex(page.cells.index(4, 1))
    assert shown(page, 4, HINTS).startswith("✗") and "input" in shown(page, 4, HINTS)
    assert not page.table.isColumnHidden(HINTS) and not page.said.isVisible()
    place = page.table.visualRect(page.cells.index(4, HINTS))
    assert page.table.viewport().rect().contains(place)


def test_without_room_the_hint_is_below_the_table(page: AssignmentPage) -> None:
    page.resize(1000, 600)
    page.work.click()
    page.resize(700, 600)
    write(page, 1, 2, "23,232")
    page.table.setCurrentIndex(page.cells.index(1, 2))
    assert page.table.isColumnHidden(HINTS) and page.said.isVisible() and "bias" in page.said.text()


def test_no_example_is_an_answer(page: AssignmentPage) -> None:
    said = [shown(page, 1, HINTS), *(entry[name] for entry in table("assignment").values() for name in LANGUAGES)]
    for blank in page.blanks:
        assert not any(page.cells._answer(blank) in re.split(r"[ ,.]? ", text.replace("x", "×")) for text in said)


def test_a_step_in_a_long_table_measures_no_other_rows(page: AssignmentPage, monkeypatch: pytest.MonkeyPatch) -> None:
    page.resize(1000, 600)
    resnet = network("resnet-50")
    assert resnet.input is not None
    page.show_network(resnet.layers, resnet.input, trace(resnet.layers, resnet.input))
    measured: list[int] = []
    monkeypatch.setattr(page.table, "resizeRowToContents", measured.append)
    monkeypatch.setattr(page.table, "resizeRowsToContents", lambda: measured.extend(range(page.cells.rowCount())))
    page.table.setCurrentIndex(page.cells.index(9, 2))
    write(page, 9, 2, "1")
    assert set(measured) <= {2, 9} and len(measured) <= 3
