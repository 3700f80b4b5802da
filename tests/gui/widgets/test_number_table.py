"""Numbers as a table: what its cells and headings say, to the eye and to the ear, what is copied and saved, and from where it
is opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from engine.colours import viridis
from gui.widgets.grids.grid_menu import GridMenu, grid_menu
from gui.widgets.grids.number_grid import NumberGrid
from gui.widgets.grids.number_table import NumberTable, copy_picture, copy_table
from gui.widgets.grids.sheet import Sheet
from gui.widgets.grids.table_data import Table, as_csv, as_text, written

CONTROL = Qt.KeyboardModifier.ControlModifier
IMAGE = np.array([[0, 0, 0], [0, 2, 4], [0, 2, 1]], np.float64)  # the courses' picture, its first cells with the padding
FINE = np.array([[0.1, -0.25], [1.5, 3e-7]], np.float32)


@pytest.fixture
def padded() -> Table:
    return Table("Input + padding", IMAGE, range(-1, 2), range(-1, 2))


@pytest.fixture
def window(qtbot: QtBot) -> NumberTable:
    made = NumberTable(Table("Filter", FINE, range(2), ("R", "G")))
    qtbot.addWidget(made)
    made.show()
    return made


def shown(view: QTableView) -> list[list[str]]:
    model = view.model()
    return [[str(model.index(row, column).data()) for column in range(model.columnCount())] for row in range(model.rowCount())]


def headings(view: QTableView, orientation: Qt.Orientation) -> list[str]:
    model = view.model()
    count = model.columnCount() if orientation == Qt.Orientation.Horizontal else model.rowCount()
    return [str(model.headerData(number, orientation)) for number in range(count)]


# --- one number


@pytest.mark.parametrize(
    ("value", "rounded", "exact", "shortest"),
    [
        (np.float32(0.1), "0.1000", "0.100000001490116119384765625", "0.1"),
        (np.float32(-0.25), "-0.2500", "-0.25", "-0.25"),
        (np.float32(16777216), "16777216.0000", "16777216", "16777216"),
        (np.float32(3e-7), "3.000e-07", f"{Decimal(float(np.float32(3e-7))):f}", "3e-07"),
        (0.1, "0.1000", "0.1000000000000000055511151231257827021181583404541015625", "0.1"),
        (np.float64(1) / 3, "0.3333", f"{Decimal(1 / 3):f}", "0.3333333333333333"),
        (-0.5, "-0.5000", "-0.5", "-0.5"),
        (2.5e12, "2.500e+12", "2500000000000", "2500000000000"),
        (0.0, "0.0000", "0", "0"),
        (np.int64(-7), "-7", "-7", "-7"),
        (float("nan"), "nan", "nan", "nan"),
        (float("-inf"), "-inf", "-inf", "-inf"),
    ],
)
def test_one_number(value: object, rounded: str, exact: str, shortest: str) -> None:
    assert (written(value, "rounded"), written(value, "exact"), written(value, "shortest")) == (rounded, exact, shortest)


def test_the_shortest_form_gives_every_float32_back() -> None:
    """Random bit patterns, subnormal numbers included."""
    values = np.random.default_rng(5).integers(0, 2**32, 20_000, dtype=np.uint32).view(np.float32)
    for value in values[np.isfinite(values)]:
        assert np.float32(written(value, "shortest")) == value
        assert Decimal(written(value, "exact")) == Decimal(float(value))


# --- the table


def test_whole_numbers_stand_without_decimals_and_headings_are_places(qtbot: QtBot, padded: Table) -> None:
    window = NumberTable(padded)
    qtbot.addWidget(window)
    assert shown(window.view) == [["0", "0", "0"], ["0", "2", "4"], ["0", "2", "1"]]
    assert headings(window.view, Qt.Orientation.Horizontal) == ["−1", "0", "1"]
    assert headings(window.view, Qt.Orientation.Vertical) == ["−1", "0", "1"]
    assert window.windowTitle() == "Input + padding"


def test_rounded_and_all_digits(qtbot: QtBot, window: NumberTable) -> None:
    assert shown(window.view) == [["0.1000", "−0.2500"], ["1.5000", "3.000×10⁻⁷"]]
    qtbot.mouseClick(window.digits.button("exact"), Qt.MouseButton.LeftButton)
    assert shown(window.view)[0] == ["0.100000001490116119384765625", "−0.25"]
    qtbot.mouseClick(window.digits.button("rounded"), Qt.MouseButton.LeftButton)
    assert shown(window.view)[0] == ["0.1000", "−0.2500"]


def test_a_screen_reader_hears_place_and_value(window: NumberTable) -> None:
    def heard(row: int, column: int) -> str:
        return str(window.view.model().index(row, column).data(Qt.ItemDataRole.AccessibleTextRole))

    assert heard(0, 1) == "row 0, column G: −0.2500"
    assert window.view.accessibleName() == "Filter"


def test_a_table_must_have_a_heading_for_each_row_and_column() -> None:
    with pytest.raises(ValueError, match="headings"):
        Table("", IMAGE, range(3), range(2))


def test_other_numbers_in_the_same_window(window: NumberTable, padded: Table) -> None:
    window.show_table(padded)
    assert shown(window.view)[1] == ["0", "2", "4"] and window.windowTitle() == "Input + padding"


def test_large_tables_open(qtbot: QtBot) -> None:
    values = np.random.default_rng(0).normal(size=(512, 512)).astype(np.float32)
    table = Table("Map 0", values, range(512), range(512))
    window = NumberTable(table)
    qtbot.addWidget(window)
    window.show()
    window.grab()
    assert window.view.model().index(511, 511).data() == f"{values[511, 511]:.4f}".replace("-", "−")
    wide = window.view.columnWidth(0)
    assert 60 < wide < 100


# --- copied and saved


def test_a_table_as_text_has_tabs_and_headings(padded: Table) -> None:
    copy_table(padded)
    assert QGuiApplication.clipboard().text() == "\t-1\t0\t1\n-1\t0\t0\t0\n0\t0\t2\t4\n1\t0\t2\t1\n"
    assert as_text(padded, "exact") == as_text(padded)


def test_the_window_copies_what_it_shows(qtbot: QtBot, window: NumberTable) -> None:
    qtbot.mouseClick(window.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "\tR\tG\n0\t0.1000\t-0.2500\n1\t1.5000\t3.000e-07\n"
    qtbot.mouseClick(window.digits.button("exact"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.copy, Qt.MouseButton.LeftButton)
    assert "0.100000001490116119384765625\t-0.25" in QGuiApplication.clipboard().text()


def test_the_selected_cells_are_copied_without_headings(qtbot: QtBot, window: NumberTable) -> None:
    model, select = window.view.model(), QItemSelectionModel.SelectionFlag.ClearAndSelect
    window.view.setFocus()
    qtbot.waitUntil(window.view.hasFocus)
    window.view.selectionModel().select(QItemSelection(model.index(0, 0), model.index(1, 0)), select)
    qtbot.keyClick(window.view, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "0.1000\n1.5000\n"
    window.view.selectionModel().select(QItemSelection(model.index(0, 1), model.index(0, 1)), select)
    qtbot.keyClick(window.view, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "-0.2500"


def test_a_csv_file_is_read_back(tmp_path: Path) -> None:
    table = Table("Maps", FINE, ("map, 0", 'map "1"'), ("합계", "평균"))
    content = as_csv(table)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert content.startswith(b"\xef\xbb\xbf")  # Excel takes Korean for Latin letters without
    assert rows[0] == ["", "합계", "평균"] and [row[0] for row in rows[1:]] == ["map, 0", 'map "1"']
    assert np.array_equal(np.array([row[1:] for row in rows[1:]], np.float32), FINE)
    assert as_csv(Table("", FINE, range(2), range(2))).startswith(b",0,1\n")


def test_a_table_is_saved_and_a_refusal_is_said(
    window: NumberTable, tmp_path: Path, save_as: Callable[[Path], list[str]], said: list[str]
) -> None:
    save_as(tmp_path / "t.csv")
    window.save.click()
    assert (tmp_path / "t.csv").read_text("utf-8") == ",R,G\n0,0.1000,-0.2500\n1,1.5000,3.000e-07\n"
    save_as(tmp_path / "no folder" / "t.csv")
    window.save.click()
    assert len(said) == 1 and "t.csv" in said[0]


# --- a grid's menu


@pytest.fixture
def grid(qtbot: QtBot) -> NumberGrid:
    made = NumberGrid()
    qtbot.addWidget(made)
    made.set_sheet(Sheet(IMAGE, (-1, -1), (-1, -1, 2, 2), viridis(), 0.0, 4.0), 30)
    made.show()
    return made


def opened(grid: NumberGrid) -> list[NumberTable]:
    return [window for window in grid.findChildren(NumberTable) if window.isVisible()]


def test_t_opens_the_table_at_the_cell_of_the_keyboard(qtbot: QtBot, grid: NumberGrid) -> None:
    grid_menu(grid, "Input + padding")
    grid.set_lit([], mark=(0, 1))
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    qtbot.keyClick(grid, Qt.Key.Key_T)
    (window,) = opened(grid)
    assert shown(window.view)[1] == ["0", "2", "4"] and window.windowTitle() == "Input + padding"
    assert window.view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == "row 0, column 1: 4"
    window.close()
    qtbot.waitUntil(lambda: grid.findChildren(NumberTable) == [])  # a closed one is gone


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_right_button_and_menu_key_open_the_menu(qtbot: QtBot, grid: NumberGrid, reason: QContextMenuEvent.Reason) -> None:
    menu = grid_menu(grid, "Input")
    QApplication.sendEvent(grid, QContextMenuEvent(reason, QPoint(10, 10), grid.mapToGlobal(QPoint(10, 10))))
    qtbot.waitUntil(menu.isVisible)
    assert [action.text() for action in menu.actions()] == ["Show as table...", "Copy table", "Copy picture"]
    menu.hide()


def test_the_menu_copies_table_and_picture(grid: NumberGrid) -> None:
    menu = grid_menu(grid, "Input")
    menu.copy_action.trigger()
    assert QGuiApplication.clipboard().text().splitlines()[2] == "0\t0\t2\t4"
    menu.picture_action.trigger()
    picture = QGuiApplication.clipboard().image()
    assert picture.size() == grid.size() * grid.devicePixelRatio()
    assert picture.pixelColor(65, 35) == grid.grab().toImage().pixelColor(65, 35)
    copy_picture(grid)
    assert QGuiApplication.clipboard().image() == picture


def test_the_whole_stands_in_the_table_where_the_grid_shows_a_part(qtbot: QtBot, grid: NumberGrid) -> None:
    whole = np.arange(100.0).reshape(10, 10)
    menu = grid_menu(grid, table=lambda: Table("all of it", whole, range(10), range(10)))
    window = menu.open()
    assert window is not None and window.view.model().rowCount() == 10 and window.windowTitle() == "all of it"
    window.close()


def test_the_title_is_asked_for_when_it_is_needed(grid: NumberGrid) -> None:
    titles = ["Output, map 0", "Output, map 1"]
    menu = grid_menu(grid, lambda: titles.pop(0))
    assert [menu.table.title, menu.table.title] == ["Output, map 0", "Output, map 1"]  # type: ignore[union-attr]


def test_an_empty_grid_has_no_table(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    menu = GridMenu(grid, "", None)
    assert menu.table is None and menu.open() is None
    menu.copy()
