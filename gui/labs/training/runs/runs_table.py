"""The table of all runs: sorted by any column, filtered by text, a check before each name that pins its curve.

Called by the page of all runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.runs.library.origin_text import origin_in_full
from engine.runs.library.run_list import Standing
from gui.labs.training.runs.run_looks import swatch
from gui.labs.training.runs.run_rows import COLUMNS, NUMBERS, RunRow, cell, matches, order
from gui.labs.training.runs.runs_view import RunsView
from gui.shell.language import language
from gui.shell.theme import theme
from gui.widgets.model_index import ModelIndex

ROW_PX = 24
WIDTHS = {
    "name": 160, "state": 96, "best_accuracy": 108, "best_loss": 86, "epochs": 78, "begun": 126, "origin": 186, "data": 112,
    "network": 180, "seed": 60, "differs": 240,
}  # fmt: skip


class RunsModel(QAbstractTableModel):
    """The runs that are shown, in the order that is asked for."""

    pinned = Signal(str, bool)  # folder, by the user
    sorted_by = Signal(str, bool)  # column, falling: by the user

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._all: tuple[RunRow, ...] = ()
        self.rows: list[RunRow] = []
        self._texts: dict[Path, tuple[RunRow, list[str]]] = {}  # of the rows that somebody has looked at
        self._view = RunsView()
        self._pinned: frozenset[str] = frozenset()
        self._looks: Mapping[str, int] = {}
        self._own: Path | None = None
        self._states: dict[str, str] = {}
        self._heads: dict[str, str] = {}
        self.retranslate()

    # --- what is shown

    def show_rows(self, rows: Sequence[RunRow], own: Path | None) -> None:
        """Show `rows`. `own` is the folder that this window trains in."""
        if (rows, own) != (self._all, self._own):
            known = self._texts if own == self._own else {}
            self._all, self._own = tuple(rows), own
            self._texts = {row.run.path: had for row in rows if (had := known.get(row.run.path)) and had[0] is row}
            self._arrange()

    def set_view(self, view: RunsView) -> None:
        before, self._view = self._view, view
        self._pinned = frozenset(run.folder for run in view.pinned)
        if (before.sort, before.descending, before.filter) != (view.sort, view.descending, view.filter):
            self._arrange()
        elif before.pinned != view.pinned:
            self._names_changed()

    def show_looks(self, looks: Mapping[str, int]) -> None:
        """Show the line that a run has in the plot, by folder: of a mean, that of the mean."""
        if looks != self._looks:
            self._looks = looks
            self._names_changed()

    def _names_changed(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def _arrange(self) -> None:
        """The rows that match, in order. Who is chosen stays chosen: Qt asks where each index has gone."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        before = [(index, self.rows[index.row()].run.path) for index in kept if index.row() < len(self.rows)]
        text, column = self._view.filter, self._view.sort if self._view.sort in COLUMNS else "begun"
        rows = [row for row in self._all if not text or matches(row, text, self.texts(row))]
        rows.sort(key=lambda row: row.run.begun, reverse=True)  # among equals the newest first
        tongue = language()
        places = [(order(row, column, tongue), row) for row in rows]
        there = [(value, row) for (unknown, value), row in places if not unknown]
        there.sort(key=lambda pair: pair[0], reverse=self._view.descending)
        self.rows = [row for _, row in there] + [row for (unknown, _), row in places if unknown]
        numbers = {row.run.path: number for number, row in enumerate(self.rows)} if before else {}
        for index, path in before:
            place = numbers.get(path)
            self.changePersistentIndex(index, self.index(-1, -1) if place is None else self.index(place, index.column()))
        self.layoutChanged.emit()

    def texts(self, row: RunRow) -> list[str]:
        """The texts of a row's cells, in the order of COLUMNS. They are written when they are first asked for: of a thousand
        runs, thirty are on the screen."""
        known = self._texts.get(row.run.path)
        if known is not None and known[0] is row:
            return known[1]
        texts = [cell(row, column, language(), self._states, written_time) for column in COLUMNS]
        if row.run.standing is Standing.RUNNING and row.run.path == self._own:
            texts[COLUMNS.index("state")] = self.tr("running here")
        self._texts[row.run.path] = row, texts
        return texts

    @property
    def heads(self) -> list[str]:
        return [self._heads[column] for column in COLUMNS]

    def state_of(self, row: RunRow) -> str:
        return self.texts(row)[COLUMNS.index("state")]

    def retranslate(self) -> None:
        self._states = {
            "running": self.tr("running elsewhere"),
            "stopped": self.tr("stopped"),
            "completed": self.tr("completed"),
            "diverged": self.tr("diverged"),
            "failed": self.tr("failed"),
            "damaged": self.tr("damaged"),
        }
        self._heads = {
            "name": self.tr("Name"),
            "state": self.tr("State"),
            "best_accuracy": self.tr("Best accuracy"),
            "best_loss": self.tr("Best loss"),
            "epochs": self.tr("Epochs", "done of all"),
            "begun": self.tr("Begun"),
            "origin": self.tr("Continued from"),
            "data": self.tr("Data"),
            "network": self.tr("Network"),
            "seed": self.tr("Seed"),
            "differs": self.tr("Differs in"),
        }
        self._texts = {}
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return len(COLUMNS)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.texts(row)[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row, index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                across = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return across | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.CheckStateRole if column == "name" and row.run.standing is not Standing.DAMAGED:
                return Qt.CheckState.Checked if str(row.run.path) in self._pinned else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.DecorationRole if column == "name":
                return swatch(self._looks.get(str(row.run.path))) if str(row.run.path) in self._pinned else None
            case Qt.ItemDataRole.ForegroundRole if column == "state":
                return self._colour(row.run.standing)
            case Qt.ItemDataRole.ForegroundRole if column in ("data", "network", "begun", "origin"):
                return theme().muted
        return None

    def _tip(self, row: RunRow, column: int) -> str:
        parts = [self.texts(row)[column]]
        if COLUMNS[column] == "origin" and row.run.origin is not None:
            return origin_in_full(row.run.origin, language())
        if COLUMNS[column] in ("name", "state"):
            parts += [row.run.sentence(language()), row.run.note, row.run.path.name]
        return "\n".join(part for part in parts if part)

    @staticmethod
    def _colour(standing: Standing) -> Any:
        match standing:
            case Standing.RUNNING:
                return theme().accent
            case Standing.COMPLETED:  # of whatever accuracy: no praise
                return theme().text
            case Standing.STOPPED:
                return theme().muted
        return theme().warn

    def setData(self, index: ModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.pinned.emit(str(self.rows[index.row()].run.path), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        if COLUMNS[index.column()] == "name" and self.rows[index.row()].run.standing is not Standing.DAMAGED:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[COLUMNS[section]]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return across | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        falling = order == Qt.SortOrder.DescendingOrder
        if (COLUMNS[column], falling) != (self._view.sort, self._view.descending):
            self.sorted_by.emit(COLUMNS[column], falling)


def written_time(seconds: float) -> str:
    """A moment, as it sorts: 2026-01-31 09:05."""
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}"


class RunsTable(QTableView):
    """A line a run. `chosen_changed`: others are selected; a double click or Enter opens one."""

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = RunsModel(self)
        self.setModel(self.runs)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for number, column in enumerate(COLUMNS):
            header.resizeSection(number, WIDTHS[column])
        self.setSortingEnabled(True)
        self.setMinimumHeight(120)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())

    def set_view(self, view: RunsView) -> None:
        column = COLUMNS.index(view.sort) if view.sort in COLUMNS else COLUMNS.index("begun")
        self.runs.set_view(view)
        order = Qt.SortOrder.DescendingOrder if view.descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, order)

    @property
    def chosen(self) -> list[RunRow]:
        """The runs that are selected, from top to bottom."""
        numbers = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self.runs.rows[number] for number in numbers if number < len(self.runs.rows)]

    def choose(self, path: Path) -> None:
        """Select the run in that folder, if it is shown."""
        for number, row in enumerate(self.runs.rows):
            if row.run.path == path:
                self.selectRow(number)
                return
