"""Numbers as a real table, to read with all their digits, by ear too, to copy and to save; and pictures to copy.

`NumberTable` is the window, `GridMenu` what opens it from a grid of numbers: with the right button, the menu key or T. Called
by labs for their grids, walls and sums.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Slot,
)
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.shell import saving
from gui.shell.theme import font
from gui.widgets.figures import DECIMALS, with_minus
from gui.widgets.forms.controls import Segmented
from gui.widgets.grids.number_grid import NumberGrid, Sheet
from gui.widgets.labels import label

Digits: TypeAlias = Literal["rounded", "exact", "shortest"]
LEAST_PLAIN, MOST_PLAIN = 5e-5, 1e8  # what is smaller or larger is rounded to 1.234e-06
NARROWEST_PX, WIDEST_PX = 44, 260  # of a column; a longer number is cut, and whole in its tooltip
_LOOKED_AT = 400  # numbers, spread over the table, that say how wide a column must be
_Index: TypeAlias = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers with a heading for each row and column: what they are called, or where they are (−1 is the padding's)."""

    title: str
    values_HW: NDArray[Any]
    rows: Sequence[object]
    columns: Sequence[object]

    def __post_init__(self) -> None:
        if self.values_HW.shape != (len(self.rows), len(self.columns)):
            raise ValueError(f"{self.values_HW.shape} numbers under {len(self.rows)} and {len(self.columns)} headings")
        object.__setattr__(self, "values_HW", _whole(self.values_HW))


def table_of(sheet: Sheet, title: str) -> Table:
    """What a grid shows, headed with its cells' places."""
    (top, left), (bottom, right) = sheet.first, sheet.last
    return Table(title, sheet.values_HW, range(top, bottom + 1), range(left, right + 1))


def written(value: Any, digits: Digits) -> str:
    """One number as a file holds it: rounded to four decimals, with all the digits that it has, or with as many as tell it from
    every other float32 (of a number that is none: float64). Whole numbers that are integers stay so."""
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return str(int(value))
    number = float(value)
    if not np.isfinite(number):
        return str(number)
    if digits == "exact":
        return f"{Decimal(number):f}"
    if digits == "shortest":
        single = np.float32(number) if abs(number) < float(np.finfo(np.float32).max) else None
        shown = single if single is not None and float(single) == number else np.float64(number)
        return np.format_float_positional(shown, trim="-") if 1e-5 <= abs(number) < 1e16 or number == 0 else str(shown)
    plain = number == 0 or LEAST_PLAIN <= abs(number) < MOST_PLAIN
    text = f"{number:.{DECIMALS}f}" if plain else f"{number:.3e}"
    return text.removeprefix("-") if float(text) == 0 else text


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """Floats that are all whole numbers, as most hand-made examples are, as integers: 101 and not 101.0000."""
    if values.dtype.kind != "f" or not values.size:
        return values
    with np.errstate(invalid="ignore"):
        whole = (np.rint(values) == values).all() and np.abs(values).max() < MOST_PLAIN
    return values.astype(np.int64) if whole else values


def as_text(table: Table, digits: Digits = "shortest") -> str:
    """The table with its headings, tabs between the columns: what spreadsheets paste."""
    lines = ["\t".join(["", *map(str, table.columns)])]
    for heading, row in zip(table.rows, table.values_HW.tolist(), strict=True):
        lines.append("\t".join([str(heading), *(written(value, digits) for value in row)]))
    return "\n".join(lines) + "\n"


def as_csv(table: Table, digits: Digits = "shortest") -> bytes:
    """The table with its headings as a file. One with other than Latin letters says so at its beginning, for Excel."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["", *map(str, table.columns)])
    for heading, row in zip(table.rows, table.values_HW.tolist(), strict=True):
        writer.writerow([str(heading), *(written(value, digits) for value in row)])
    text = stream.getvalue()
    return text.encode("utf-8" if text.isascii() else "utf-8-sig")


def copy_table(table: Table, digits: Digits = "shortest") -> None:
    """The table to the clipboard."""
    QGuiApplication.clipboard().setText(as_text(table, digits))


def copy_picture(widget: QWidget) -> None:
    """What a widget shows to the clipboard, pixel by pixel."""
    QGuiApplication.clipboard().setPixmap(widget.grab())


class _Numbers(QAbstractTableModel):
    """Writes a number when it comes into view, so that 512×512 of them open at once."""

    def __init__(self, table: Table, parent: QObject) -> None:
        super().__init__(parent)
        self.table = table
        self.digits: Digits = "rounded"
        self._font = font(12)

    def show_table(self, table: Table) -> None:
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def set_digits(self, digits: Digits) -> None:
        self.digits = digits
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else int(self.table.values_HW.shape[0])

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else int(self.table.values_HW.shape[1])

    def text(self, row: int, column: int) -> str:
        return written(self.table.values_HW[row, column], self.digits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return with_minus(self.text(index.row(), index.column()))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("row {row}, column {column}: {value}").format(
                    row=self.table.rows[index.row()],
                    column=self.table.columns[index.column()],
                    value=self.text(index.row(), index.column()),
                )
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return self._font
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            return self._font
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        heading = (self.table.columns if orientation == Qt.Orientation.Horizontal else self.table.rows)[section]
        return with_minus(str(heading)) if isinstance(heading, int) else str(heading)

    def widest(self) -> str:
        """The longest text of some numbers spread over the table, or heading above a column."""
        values = self.table.values_HW.ravel()
        some = values[:: max(1, len(values) // _LOOKED_AT)].tolist()
        if values.size:
            some += [values.min(), values.max()]
        heads = (str(heading) for heading in self.table.columns[:_LOOKED_AT])
        return max([*(written(value, self.digits) for value in some), *heads], key=len, default="")


class NumberTable(QDialog):
    """One table in a window of its own, which may stay open beside the lab with the numbers of the moment it was opened."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers = _Numbers(table, self)
        self._head, self._size, self._note = label("heading"), label("muted"), label("small", wraps=True)
        self.digits = Segmented([("rounded", ""), ("exact", "")])
        self.digits.set_current("rounded")
        self.digits.chosen.connect(self._digits_chosen)
        self.view = QTableView()
        self.view.setModel(self._numbers)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setWordWrap(False)
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.verticalHeader().setDefaultSectionSize(24)
        self.view.horizontalHeader().setMinimumSectionSize(NARROWEST_PX)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.save, self.copy = QPushButton(), QPushButton()
        self.copy.setDefault(True)
        self.save.clicked.connect(self._ask_and_save)
        self.copy.clicked.connect(self.copy_all)
        self._copy_selected = QAction(self)
        self._copy_selected.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self._copy_selected.triggered.connect(self.copy_selected)
        self.addAction(self._copy_selected)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._head)
        top.addWidget(self._size)
        top.addStretch(1)
        top.addWidget(self.digits)
        below.addWidget(self._note, 1)
        below.addWidget(self.save)
        below.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addLayout(below)
        self._fit()
        wide = self.view.horizontalHeader().defaultSectionSize() * self._numbers.columnCount() + 120
        high = 24 * self._numbers.rowCount() + 170
        self.resize(min(max(wide, 460), 900), min(max(high, 260), 620))

    @property
    def table(self) -> Table:
        return self._numbers.table

    def show_table(self, table: Table) -> None:
        """Other numbers in the same window."""
        self._numbers.show_table(table)
        self._fit()
        self._write()

    def _fit(self) -> None:
        """One width for all columns, a long number's."""
        text = self._numbers.widest()
        wide = QFontMetrics(font(12)).horizontalAdvance(text) + 22
        self.view.horizontalHeader().setDefaultSectionSize(min(max(wide, NARROWEST_PX), WIDEST_PX))

    @Slot(str)
    def _digits_chosen(self, digits: Literal["rounded", "exact"]) -> None:
        self._numbers.set_digits(digits)
        self._fit()
        self._selected()

    # --- copying and saving: what is shown, as it is shown

    @Slot()
    def copy_all(self) -> None:
        copy_table(self.table, self._numbers.digits)

    @Slot()
    def copy_selected(self) -> None:
        """The selected numbers, tabs between the columns and without headings."""
        selection: QItemSelection = self.view.selectionModel().selection()
        if selection.isEmpty():
            return
        part = selection.first()
        lines = (
            "\t".join(self._numbers.text(row, column) for column in range(part.left(), part.right() + 1))
            for row in range(part.top(), part.bottom() + 1)
        )
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n" * (part.height() > 1))

    @Slot()
    def _ask_and_save(self) -> None:
        table, digits = self.table, self._numbers.digits
        saving.ask_and_save(self, self.tr("Save the table"), "table", ["CSV (*.csv)"], lambda _path: as_csv(table, digits))

    # --- words

    @Slot()
    def _selected(self) -> None:
        """The number that the keyboard is on, where and what it is."""
        index = self.view.currentIndex()
        text = str(index.data(Qt.ItemDataRole.AccessibleTextRole)) if index.isValid() else ""
        self._note.setText(with_minus(text) or self._hint())

    def _hint(self) -> str:
        return self.tr("Ctrl+C copies the selected cells.")

    def _write(self) -> None:
        table = self.table
        self.setWindowTitle(table.title)
        self._head.setText(table.title)
        self._size.setText(f"{table.values_HW.shape[0]} × {table.values_HW.shape[1]}")
        self.view.setAccessibleName(table.title)
        self._selected()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.digits.set_choices([("rounded", self.tr("Rounded")), ("exact", self.tr("All digits"))])
        self.digits.setAccessibleName(self.tr("Digits"))
        self.copy.setText(self.tr("Copy table"))
        self.copy.setToolTip(self.tr("The whole table as it is shown, for a spreadsheet"))
        self.save.setText(self.tr("Save as CSV..."))
        self._write()


def open_table(table: Table, parent: QWidget) -> NumberTable:
    """A window with `table` in front of `parent`; it is gone when it is closed."""
    window = NumberTable(table, parent)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.show()
    return window


class GridMenu(QMenu):
    """What a grid of numbers offers besides its cells. `grid_menu` makes one."""

    def __init__(self, grid: NumberGrid, title: str | Callable[[], str], table: Callable[[], Table] | None) -> None:
        super().__init__(grid)
        self._grid, self._title, self._table = grid, title, table
        self.show_action, self.copy_action, self.picture_action = (QAction(self) for _ in range(3))
        self.show_action.setShortcut(QKeySequence(Qt.Key.Key_T))
        self.show_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # of the grid that has the focus
        self.show_action.triggered.connect(self.open)
        self.copy_action.triggered.connect(self.copy)
        self.picture_action.triggered.connect(self.copy_picture)
        grid.addAction(self.show_action)
        self.addActions([self.show_action, self.copy_action, self.picture_action])
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(self._pop_up)
        self.retranslate()

    @property
    def table(self) -> Table | None:
        """The grid's numbers as they are now; None where it is empty."""
        if self._grid.sheet is None:
            return None
        if self._table is not None:
            return self._table()
        return table_of(self._grid.sheet, self._title if isinstance(self._title, str) else self._title())

    @Slot()
    def open(self) -> NumberTable | None:
        """The numbers in a window, with the cell that the keyboard is on in view."""
        table = self.table
        if table is None:
            return None
        window = open_table(table, self._grid)
        cell = self._grid.current
        if cell is not None and cell[0] in table.rows and cell[1] in table.columns:
            place = window.view.model().index(table.rows.index(cell[0]), table.columns.index(cell[1]))
            window.view.setCurrentIndex(place)
            window.view.scrollTo(place, QAbstractItemView.ScrollHint.PositionAtCenter)
        window.view.setFocus()
        return window

    @Slot()
    def copy(self) -> None:
        if (table := self.table) is not None:
            copy_table(table)

    @Slot()
    def copy_picture(self) -> None:
        copy_picture(self._grid)

    @Slot(QPoint)
    def _pop_up(self, point: QPoint) -> None:
        if self._grid.sheet is not None:
            self.popup(self._grid.mapToGlobal(point))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.show_action.setText(self.tr("Show as table..."))
        self.copy_action.setText(self.tr("Copy table"))
        self.picture_action.setText(self.tr("Copy picture"))


def grid_menu(grid: NumberGrid, title: str | Callable[[], str] = "", *, table: Callable[[], Table] | None = None) -> GridMenu:
    """Give `grid` its menu. `table` makes the table of the whole where the grid shows a part; left out, what the grid shows is
    the table, under `title`."""
    return GridMenu(grid, title, table)
