"""Samples that are rows of numbers, as a table: a line a sample, its numbers as the network gets them, and its target.

Called by the card of samples.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.data.contents import KeptSamples
from engine.data.info import DataInfo
from engine.figures import full_count, measured
from engine.words import printable
from gui.widgets.model_index import ModelIndex

ROWS, ROW_PX = 20, 24
MOST_COLUMNS = 200


class RowsModel(QAbstractTableModel):
    """Texts in rows below headings."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heads: tuple[str, ...] = ()
        self.rows: tuple[tuple[str, ...], ...] = ()
        self.marked: int | None = None  # a column that is not like the others

    def show_texts(self, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], marked: int | None = None) -> None:
        self.beginResetModel()
        self.heads, self.rows, self.marked = heads, rows, marked
        self.endResetModel()

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        text = row[index.column()] if index.column() < len(row) else ""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        if role == Qt.ItemDataRole.FontRole and index.column() == self.marked:
            from gui.shell.theme import font

            marked = font(12)
            marked.setBold(True)
            return marked
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.heads):
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                return self.heads[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        return None


class TextTable(QTableView):
    """A table of texts that is as high as its rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts = RowsModel(self)
        self.setModel(self.texts)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setMaximumSectionSize(200)

    def show_texts(self, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], marked: int | None = None) -> None:
        """`marked` is the number of a column that is not like the others."""
        self.texts.show_texts(heads, rows, marked)
        self.resizeColumnsToContents()
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + len(rows) * ROW_PX + bar + 4)


class RowSamples(TextTable):
    def show_samples(self, kept: KeptSamples, info: DataInfo, page: int) -> None:
        """Show the samples of a page, counted from 0 on."""
        features = min(kept.x.shape[1], MOST_COLUMNS)
        names = [f"x{number + 1}" for number in range(features)] if info.table is None else info.table.inputs[:features]
        target = self.tr("Target") if info.table is None else info.table.target_name
        heads = (self.tr("Sample"), *map(printable, names), printable(target))
        rows = []
        for place in range(page * ROWS, min((page + 1) * ROWS, len(kept.numbers))):
            numbers = (measured(float(value)) for value in kept.x[place][:features])
            rows.append((full_count(int(kept.numbers[place])), *numbers, self._target(kept, place, info)))
        self.show_texts(heads, tuple(rows), len(heads) - 1)

    @staticmethod
    def _target(kept: KeptSamples, place: int, info: DataInfo) -> str:
        if info.task == "classification":
            return printable(info.classes[int(kept.y[place])])
        return ", ".join(measured(float(value)) for value in kept.y[place].reshape(-1)[:4])

    def pages(self, kept: KeptSamples) -> int:
        return max(1, -(-len(kept.numbers) // ROWS))
