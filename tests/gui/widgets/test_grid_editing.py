"""Numbers of a grid typed, nudged and refused: with real keys, clicks and wheel turns."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.colours import diverging
from engine.typed_numbers import TypedError, read_number
from gui.widgets.grids.cell_editor import CellEditor, written
from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.sheet import Sheet

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
COURSE = ((1, 2, 3), (-4, 7, 4), (2, -5, 1))


def sheet(rows: object = COURSE, **more: object) -> Sheet:
    values = np.array(rows, np.float64)
    high, wide = values.shape
    return Sheet(values, (0, 0), (0, 0, high, wide), diverging(), -7.0, 7.0, **more)  # type: ignore[arg-type]


class Owner(QWidget):
    """A grid with an owner that does what is typed, and something else that can have the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = NumberGrid()
        self.other = QLineEdit()
        self.done: list[tuple[tuple[int, int], float]] = []
        row = QHBoxLayout(self)
        row.addWidget(self.grid)
        row.addWidget(self.other)
        self.values = np.array(COURSE, np.float64)
        self.grid.set_sheet(sheet(), 30)
        self.grid.set_editable(True)
        self.grid.typed.connect(self.take)

    def take(self, cell: tuple[int, int], value: float) -> None:
        self.done.append((cell, value))
        self.values[cell] = np.float32(value)
        self.grid.set_sheet(sheet(self.values.copy()), 30)


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[Owner]:
    made = Owner()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.isActiveWindow())
    made.grid.setFocus()
    yield made


def field(owner: Owner) -> CellEditor:
    assert owner.grid.editing is not None
    editor = owner.grid.editing.editor
    assert editor is not None and editor.isVisible()
    return editor


def is_open(owner: Owner) -> bool:
    assert owner.grid.editing is not None
    return owner.grid.editing.editor is not None


def double_click(qtbot: QtBot, grid: NumberGrid, cell: tuple[int, int]) -> None:
    spot = grid.place(cell).center()
    qtbot.mouseClick(grid, Button.LeftButton, pos=spot)
    qtbot.mouseDClick(grid, Button.LeftButton, pos=spot)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5.0),
        ("-0.5", -0.5),
        ("−0.5", -0.5),
        (" 0,25 ", 0.25),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("1/4", 0.25),
        ("-1/8", -0.125),
        ("", None),
        ("-", None),
        ("abc", None),
        ("1/0", None),
        ("1//2", None),
        ("nan", None),
        ("inf", None),
        ("1e400", inf),
        ("1,2,3", None),
    ],
)
def test_what_a_number_is(text: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(TypedError):
            read_number(text)
    else:
        assert read_number(text) == value


@pytest.mark.parametrize(
    ("value", "text"), [(5.0, "5"), (-0.25, "-0.25"), (float(np.float32(0.1)), "0.1"), (0.1, "0.1"), (1 / 3, repr(1 / 3))]
)
def test_a_number_is_written_so_that_it_is_read_again(value: float, text: str) -> None:
    assert written(value) == text
    assert np.float32(read_number(text)) == np.float32(value)


def test_a_grid_is_not_editable_unless_it_is_said(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.set_sheet(sheet(), 30)
    grid.show()
    with qtbot.assertNotEmitted(grid.typed), qtbot.waitSignal(grid.zoomed):
        double_click(qtbot, grid, (1, 1))
        qtbot.keyClick(grid, Key.Key_5)
        qtbot.keyClick(grid, Key.Key_Up, Modifier.AltModifier)
        qtbot.keyClick(grid, Key.Key_Minus)  # zooms, where it does not begin a number
    assert grid.editing is None and not grid.findChildren(CellEditor)


def test_a_double_click_opens_the_cells_number(owner: Owner, qtbot: QtBot) -> None:
    double_click(qtbot, owner.grid, (1, 1))
    editor = field(owner)
    assert editor.text() == editor.selectedText() == "7"
    assert editor.hasFocus()
    middle = editor.geometry().center() - owner.grid.pos()
    assert owner.grid.place((1, 1)).adjusted(-1, -1, 1, 1).contains(middle)
    qtbot.keyClicks(editor, "-2.5")
    qtbot.keyClick(editor, Key.Key_Return)
    assert owner.done == [((1, 1), -2.5)]
    assert not is_open(owner) and not editor.isVisible() and owner.grid.hasFocus()
    assert owner.grid.current == (1, 1)


@pytest.mark.parametrize(("key", "begun"), [(Key.Key_4, "4"), (Key.Key_Minus, "-"), (Key.Key_Period, ".")])
def test_typing_begins_a_number(key: Qt.Key, begun: str, owner: Owner, qtbot: QtBot) -> None:
    qtbot.keyClick(owner.grid, Key.Key_Right)
    qtbot.keyClick(owner.grid, key)
    assert field(owner).text() == begun
    qtbot.keyClicks(field(owner), "5")
    qtbot.keyClick(field(owner), Key.Key_Enter)
    assert owner.done == [((0, 1), float(begun + "5"))]


def test_f2_opens_it_too_and_enter_alone_changes_nothing(owner: Owner, qtbot: QtBot) -> None:
    qtbot.keyClick(owner.grid, Key.Key_F2)
    assert field(owner).text() == "1"
    qtbot.keyClick(field(owner), Key.Key_Return)
    assert owner.done == [] and not is_open(owner)


def test_escape_leaves_and_frees_nothing(owner: Owner, qtbot: QtBot) -> None:
    qtbot.keyClick(owner.grid, Key.Key_9)
    with qtbot.assertNotEmitted(owner.grid.freed):
        qtbot.keyClick(field(owner), Key.Key_Escape)
    assert owner.done == [] and not is_open(owner) and owner.grid.hasFocus()


def test_losing_the_focus_takes(owner: Owner, qtbot: QtBot) -> None:
    qtbot.keyClick(owner.grid, Key.Key_8)
    owner.other.setFocus()
    assert owner.done == [((0, 0), 8.0)]
    assert not is_open(owner) and owner.other.hasFocus()


def test_a_click_on_another_cell_takes(owner: Owner, qtbot: QtBot) -> None:
    qtbot.keyClick(owner.grid, Key.Key_8)
    owner.grid.setFocus(Qt.FocusReason.MouseFocusReason)
    assert owner.done == [((0, 0), 8.0)] and owner.grid.hasFocus()


def test_what_is_no_number_stays_open_and_says_what_is_expected(owner: Owner, qtbot: QtBot) -> None:
    double_click(qtbot, owner.grid, (0, 2))
    editor = field(owner)
    qtbot.keyClicks(editor, "abc")
    qtbot.keyClick(editor, Key.Key_Return)
    assert owner.done == [] and is_open(owner)
    assert editor.property("role") == "cell_wrong"
    assert "1,000,000" in editor.accessibleDescription()
    qtbot.keyClick(editor, Key.Key_Backspace)
    assert editor.property("role") == "cell" and not editor.accessibleDescription()
    editor.setText("2000000")
    qtbot.keyClick(editor, Key.Key_Return)
    assert is_open(owner) and editor.property("role") == "cell_wrong"
    owner.other.setFocus()  # it cannot be taken, and does not stay behind
    assert owner.done == [] and not is_open(owner)


def test_tab_goes_through_the_cells_and_out(owner: Owner, qtbot: QtBot) -> None:
    qtbot.keyClick(owner.grid, Key.Key_End)
    qtbot.keyClick(owner.grid, Key.Key_6)
    qtbot.keyClick(field(owner), Key.Key_Tab)
    assert owner.grid.current == (1, 0) and field(owner).text() == "-4"
    qtbot.keyClicks(field(owner), "6")
    qtbot.keyClick(field(owner), Key.Key_Backtab)
    assert owner.grid.current == (0, 2) and field(owner).text() == "6"
    assert owner.done == [((0, 2), 6.0), ((1, 0), 6.0)]
    double_click(qtbot, owner.grid, (2, 2))
    qtbot.keyClick(field(owner), Key.Key_Tab)
    assert not is_open(owner) and owner.other.hasFocus()


def turn(grid: NumberGrid, cell: tuple[int, int], notches: int, modifier: Qt.KeyboardModifier) -> None:
    spot = QPointF(grid.place(cell).center())
    event = QWheelEvent(
        spot,
        QPointF(grid.mapToGlobal(spot.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Button.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(grid, event)


def test_alt_and_shift_nudge_by_a_tenth(owner: Owner, qtbot: QtBot) -> None:
    qtbot.keyClick(owner.grid, Key.Key_Up, Modifier.AltModifier)
    qtbot.keyClick(owner.grid, Key.Key_Up, Modifier.AltModifier)
    qtbot.keyClick(owner.grid, Key.Key_Down, Modifier.AltModifier)
    assert owner.done == [((0, 0), 1.1), ((0, 0), 1.2), ((0, 0), 1.1)]
    assert owner.grid.current == (0, 0)
    turn(owner.grid, (2, 1), -2, Modifier.ShiftModifier)
    assert owner.done[-1] == ((2, 1), -5.2) and owner.grid.current == (2, 1)
    with qtbot.waitSignal(owner.grid.zoomed):
        turn(owner.grid, (2, 1), 1, Modifier.ControlModifier)
    assert len(owner.done) == 4


def test_nudges_add_up_while_the_sheet_is_still_on_its_way(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.set_sheet(sheet(), 30)
    grid.set_editable(True)
    grid.show()
    done: list[float] = []
    grid.typed.connect(lambda _, value: done.append(value))
    for _ in range(3):
        turn(grid, (0, 0), 1, Modifier.ShiftModifier)
    assert done == [1.1, 1.2, 1.3]
    values = np.array(COURSE, np.float64)
    values[0, 0] = np.float32(1.1)  # the first one has arrived
    grid.set_sheet(sheet(values.copy()), 30)
    turn(grid, (0, 0), 1, Modifier.ShiftModifier)
    assert done[-1] == 1.4
    values[0, 0] = 5  # the owner thought otherwise
    grid.set_sheet(sheet(values.copy()), 30)
    turn(grid, (0, 0), 1, Modifier.ShiftModifier)
    assert done[-1] == 5.1


def test_nudges_stop_at_the_limit(owner: Owner, qtbot: QtBot) -> None:
    owner.grid.set_editable(True, limit=1.05)
    qtbot.keyClick(owner.grid, Key.Key_Up, Modifier.AltModifier)
    qtbot.keyClick(owner.grid, Key.Key_Up, Modifier.AltModifier)
    assert owner.done == [((0, 0), 1.05)]


def test_padding_is_not_changed(qtbot: QtBot) -> None:
    padding = np.zeros((3, 3), bool)
    padding[0] = True
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.set_sheet(sheet(padding_HW=padding), 30)
    grid.set_editable(True)
    grid.show()
    with qtbot.assertNotEmitted(grid.typed):
        qtbot.keyClick(grid, Key.Key_5)
        qtbot.keyClick(grid, Key.Key_Up, Modifier.AltModifier)
    assert grid.editing is not None and grid.editing.editor is None


def test_the_field_follows_its_cell_and_goes_with_it(owner: Owner, qtbot: QtBot) -> None:
    double_click(qtbot, owner.grid, (2, 2))
    before = field(owner).geometry()
    owner.grid.set_sheet(sheet(), 40)
    assert field(owner).geometry() != before
    owner.grid.set_sheet(sheet([[1.0]]), 40)
    assert not is_open(owner) and owner.done == []
    owner.grid.set_sheet(sheet(), 30)
    double_click(qtbot, owner.grid, (0, 0))
    owner.grid.hide()
    assert not is_open(owner)
    owner.grid.show()
    double_click(qtbot, owner.grid, (0, 0))
    owner.grid.set_editable(False)
    assert owner.grid.editing is None
    assert not any(editor.isVisible() for editor in owner.findChildren(CellEditor))


def test_a_field_is_wide_enough_over_one_cell(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(200, 100)
    grid = NumberGrid(page)
    grid.set_sheet(sheet([[0.25]]), 18)
    grid.set_editable(True)
    page.show()
    for where in ((0, 0), (181, 81)):
        grid.move(*where)
        assert grid.editing is not None
        grid.editing.open((0, 0))
        editor = grid.editing.editor
        assert editor is not None and editor.width() >= 50
        assert page.rect().contains(editor.geometry())


def test_what_a_screen_reader_says(owner: Owner, qtbot: QtBot) -> None:
    assert owner.grid.accessibleDescription() == "(0, 0) = 1, type a number to change it"
    qtbot.keyClick(owner.grid, Key.Key_F2)
    assert field(owner).accessibleName() == "Number at (0, 0)"
    owner.grid.set_editable(False)
    assert owner.grid.accessibleDescription() == "(0, 0) = 1"


def test_edited_cells_have_a_marked_corner(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.show()
    pictures = []
    for edited in (frozenset[tuple[int, int]](), frozenset({(1, 1), (9, 9)})):
        grid.set_sheet(sheet(edited=edited), 30)
        pictures.append(grid.grab().toImage())
    bare, marked = pictures
    differing = {
        (y // 30, x // 30)
        for x in range(bare.width())
        for y in range(bare.height())
        if bare.pixelColor(x, y) != marked.pixelColor(x, y)
    }
    assert (1, 1) in differing and differing <= {(1, 1), (1, 2), (0, 1), (0, 2)}
