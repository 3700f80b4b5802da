"""The columns of a table: what stands in each, and which are read. Called by the card of a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.data.own.tables.table_found import ColumnFound
from engine.figures import full_count
from engine.words import printable
from gui.shell.language import say
from gui.shell.theme import theme
from gui.widgets.model_index import ModelIndex
from gui.widgets.own_keys import claims_key

COLUMNS = ("name", "kind", "distinct", "missing", "examples")
NUMBERS = frozenset(("distinct", "missing"))
WIDTHS = {"name": 140, "kind": 84, "distinct": 96, "missing": 76, "examples": 80}
ROW_PX, MOST_ROWS = 24, 10
UNUSABLE = frozenset(("empty", "constant"))


class ColumnsModel(QAbstractTableModel):
    """A line a column of the table; a check mark says whether it is read."""

    toggled = Signal(int, bool)  # the number of a column, from 1 on

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[ColumnFound, ...] = ()
        self._heads: dict[str, str] = {}

    def show_columns(self, found: tuple[ColumnFound, ...]) -> None:
        if found != self.found:
            self.beginResetModel()
            self.found = found
            self.endResetModel()

    def retranslate(self) -> None:
        self._heads = {
            "name": self.tr("Column"),
            "kind": self.tr("Kind"),
            "distinct": self.tr("Different"),
            "missing": self.tr("Missing"),
            "examples": self.tr("Examples"),
        }
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self.found:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.found) - 1, len(COLUMNS) - 1))

    def text(self, row: int, column: str) -> str:
        """What a cell says."""
        found = self.found[row]
        match column:
            case "name":
                role = f" ({say('found', 'role_target')})" if found.role == "target" else ""
                return f"{printable(found.name)}{role}"
            case "kind":
                return say("found", f"kind_{found.kind}")
            case "distinct":
                return full_count(found.distinct)
            case "missing":
                return full_count(found.missing) if found.missing else ""
        return ", ".join(map(printable, found.examples))

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found, column = self.found[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self.text(index.row(), column)
            case Qt.ItemDataRole.TextAlignmentRole:
                across = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return across | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.CheckStateRole if column == "name" and found.role != "target":
                return Qt.CheckState.Checked if found.role == "input" else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ForegroundRole if found.role == "target":
                return theme().accent
            case Qt.ItemDataRole.ForegroundRole if found.role == "unused":
                return theme().muted
        return None

    def setData(self, index: ModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.toggled.emit(self.found[index.row()].number, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        flags, found = super().flags(index), self.found[index.row()]
        if COLUMNS[index.column()] == "name" and found.role != "target" and found.kind not in UNUSABLE:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads.get(COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return across | Qt.AlignmentFlag.AlignVCenter
        return None


class ColumnTable(QTableView):
    """Space, or a click on its mark, has a column read or left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = ColumnsModel(self)
        self.setModel(self.columns)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for number, column in enumerate(COLUMNS):
            header.resizeSection(number, WIDTHS[column])

    def show_columns(self, found: tuple[ColumnFound, ...]) -> None:
        row = self.currentIndex().row()
        self.columns.show_columns(found)
        if 0 <= row < len(found):
            self.setCurrentIndex(self.columns.index(row, 0))
        high = self.horizontalHeader().sizeHint().height() + min(len(found), MOST_ROWS) * ROW_PX
        self.setFixedHeight(high + self.horizontalScrollBar().sizeHint().height() + 4)

    def event(self, event: QEvent) -> bool:
        return claims_key(event, (Qt.Key.Key_Space,)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.columns.index(self.currentIndex().row(), 0)
        if event.key() == Qt.Key.Key_Space and index.isValid():
            if self.columns.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
                read = self.columns.found[index.row()].role == "input"
                self.columns.toggled.emit(self.columns.found[index.row()].number, not read)
        else:
            super().keyPressEvent(event)
