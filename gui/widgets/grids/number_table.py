"""Numbers in a table in a window of their own: to read with all digits, also with a screen reader, to copy and to save.

Opened by `GridMenu` and by the labs.
"""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QObject,
    Qt,
    Slot,
)
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.figures import typeset
from gui.shell import saving
from gui.shell.on_screen import show_in_front
from gui.shell.theme import font
from gui.widgets.forms.controls import Segmented
from gui.widgets.grids.table_data import DigitStyle, Table, as_csv, as_text, heading_text, written
from gui.widgets.labels import label
from gui.widgets.model_index import ModelIndex

NARROWEST_PX, WIDEST_PX = 44, 260  # a column's width; a longer number is elided, and in full in its tooltip
_SAMPLED = 400  # numbers, spread over the table, that decide how wide a column is


def copy_table(table: Table, digits: DigitStyle = "shortest") -> None:
    """Copy a table to the clipboard as text."""
    QGuiApplication.clipboard().setText(as_text(table, digits))


def copy_picture(widget: QWidget) -> None:
    """Copy what a widget shows to the clipboard as a picture."""
    QGuiApplication.clipboard().setPixmap(widget.grab())


class _Numbers(QAbstractTableModel):
    """The table as a model. It formats a number only when it comes into view, so that 512×512 of them open at once."""

    def __init__(self, table: Table, parent: QObject) -> None:
        super().__init__(parent)
        self.table = table
        self.digits: DigitStyle = "rounded"
        self._font = font(12)

    def show_table(self, table: Table) -> None:
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def set_digits(self, digits: DigitStyle) -> None:
        self.digits = digits
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else int(self.table.values_HW.shape[0])

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else int(self.table.values_HW.shape[1])

    def text(self, row: int, column: int) -> str:
        return written(self.table.values_HW[row, column], self.digits)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return typeset(self.text(index.row(), index.column()))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("row {row}, column {column}: {value}").format(
                    row=heading_text(self.table.rows[index.row()]),
                    column=heading_text(self.table.columns[index.column()]),
                    value=typeset(self.text(index.row(), index.column())),
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
        return heading_text(heading)

    def widest(self) -> str:
        """The longest text among the column headings and some numbers spread over the table."""
        values = self.table.values_HW.ravel()
        some = values[:: max(1, len(values) // _SAMPLED)].tolist()
        if values.size:
            some += [values.min(), values.max()]
        heads = (heading_text(heading) for heading in self.table.columns[:_SAMPLED])
        return max([*(typeset(written(value, self.digits)) for value in some), *heads], key=len, default="")


class NumberTable(QDialog):
    """One table in a window of its own. It may stay open beside the lab; it keeps the numbers of the moment it was opened."""

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
        """Show other numbers in the same window."""
        self._numbers.show_table(table)
        self._fit()
        self._write()

    def _fit(self) -> None:
        """Give all columns one width, that of a long number."""
        text = self._numbers.widest()
        wide = QFontMetrics(font(12)).horizontalAdvance(text) + 22
        self.view.horizontalHeader().setDefaultSectionSize(min(max(wide, NARROWEST_PX), WIDEST_PX))

    @Slot(str)
    def _digits_chosen(self, digits: Literal["rounded", "exact"]) -> None:
        self._numbers.set_digits(digits)
        self._fit()
        self._selected()

    # --- copying and saving, with the digits that are shown

    @Slot()
    def copy_all(self) -> None:
        copy_table(self.table, self._numbers.digits)

    @Slot()
    def copy_selected(self) -> None:
        """Copy the selected numbers, with tabs between the columns and without headings."""
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
        """Write the number that the keyboard is at, with its row and column."""
        index = self.view.currentIndex()
        text = str(index.data(Qt.ItemDataRole.AccessibleTextRole)) if index.isValid() else ""
        self._note.setText(text or self._hint())

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
    """Show `table` in a window in front of `parent`. Closing the window deletes it."""
    window = NumberTable(table, parent)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    show_in_front(window)
    return window
