"""The table of a gradient check: a row a kind of layer or a tensor, with its worst entry; a click on a row chooses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QEvent, QItemSelectionModel, QModelIndex, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from engine.figures import full_count, measured
from engine.foundations.boards.backpropagation.checked_gradients import CheckedGradients
from gui.shell.theme import THEME, font, theme
from gui.widgets.model_index import ModelIndex

BOUND = 1e-7  # relative: what a check in float64 stays below
ROW_PX = 24
LEFT, RIGHT = (side | Qt.AlignmentFlag.AlignVCenter for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight))


class CheckRow(NamedTuple):
    """A row: its name, and what was found, None while it is still to come."""

    name: str
    found: CheckedGradients | None


def place_text(name: str, place: Sequence[int]) -> str:
    """Where a number stands: weight[1, 0, 2, 2]."""
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def _texts_of(row: CheckRow) -> tuple[str, ...]:
    if row.found is None:
        return row.name, "…", "…", "…"
    worst = row.found.worst_tensor
    place = place_text(worst.name, worst.worst.place)
    return row.name, full_count(row.found.derivatives), measured(worst.worst.error, 2), place


class _Rows(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[CheckRow, ...] = ()
        self._texts: tuple[tuple[str, ...], ...] = ()  # of the rows, as they are written
        self._font = font(12)

    def show_rows(self, rows: tuple[CheckRow, ...]) -> None:
        if rows == self.rows:
            return
        if [row.name for row in rows] != [row.name for row in self.rows]:
            self.beginResetModel()
            self.rows, self._texts = rows, tuple(map(_texts_of, rows))
            self.endResetModel()
            return
        before = self._looks()
        self.rows, self._texts = rows, tuple(map(_texts_of, rows))
        for column, (old, new) in enumerate(zip(before, self._looks(), strict=True)):  # a column that stays is not painted anew
            changed = [number for number, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
            if changed:
                self.dataChanged.emit(self.index(changed[0], column), self.index(changed[-1], column))

    def _looks(self) -> list[list[tuple[str, str]]]:
        """What is seen of each cell, column by column."""
        shown = list(zip(self.rows, self._texts, strict=True))
        return [[(texts[at], self._colour(row, at).name()) for row, texts in shown] for at in range(self.columnCount())]

    def heads(self) -> list[str]:
        return [self.tr("of"), self.tr("derivatives"), self.tr("worst error"), self.tr("where")]

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 4

    def text(self, row: int, column: int) -> str:
        return self._texts[row][column]

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self.text(index.row(), index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if index.column() in (1, 2) else LEFT
            case Qt.ItemDataRole.FontRole:
                return self._font
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(shown, index.column())
            case _:
                return None

    @staticmethod
    def _colour(shown: CheckRow, column: int) -> QColor:
        now = theme()
        if shown.found is None:
            return now.muted
        if column != 2:
            return now.text
        return now.ok if shown.found.worst_tensor.worst.error <= BOUND else now.warn

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section in (1, 2) else LEFT
        return self._font if role == Qt.ItemDataRole.FontRole else None


class CheckTable(QTableView):
    """`chosen` carries the name of the row that the user has chosen."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.selectionModel().currentRowChanged.connect(self._row_changed)
        THEME.changed.connect(self.viewport().update)

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        return self._rows.rows

    def texts(self) -> list[list[str]]:
        """What is shown, row by row."""
        return [[self._rows.text(row, column) for column in range(4)] for row in range(len(self.rows))]

    def show_rows(self, rows: Sequence[CheckRow], chosen: str) -> None:
        """Show these rows, and one of them chosen; nothing is emitted."""
        names, before = [row.name for row in rows], [row.name for row in self.rows]
        with QSignalBlocker(self.selectionModel()):
            self._rows.show_rows(tuple(rows))
            at = self._rows.index(names.index(chosen), 0) if chosen in names else QModelIndex()
            if at != self.currentIndex():
                if at.isValid():
                    ways = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
                    self.selectionModel().setCurrentIndex(at, ways)
                    self.scrollTo(at)
                else:
                    self.selectionModel().clear()
                self.viewport().update()
        if names != before:
            self._fit()

    def choose(self, name: str) -> None:
        """As a click on its row does."""
        names = [row.name for row in self.rows]
        ways = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._rows.index(names.index(name), 0), ways)

    def _row_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self.rows[now.row()].name)

    def _fit(self) -> None:
        """The columns share the width: numbers have what they need, where they stand the rest."""
        metrics, heads = QFontMetrics(font(12)), self._rows.heads()
        widest = [heads[0], heads[1], heads[2]]
        names = [row.name for row in self.rows]
        widths = [max([metrics.horizontalAdvance(text) for text in (widest[0], *names)], default=0)]
        widths += [metrics.horizontalAdvance(text) for text in widest[1:]]
        widths = [width + 22 for width in widths]
        rest = max(self.viewport().width() - sum(widths), 80)
        for column, width in enumerate((*widths, rest)):
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 3)
            self._fit()
