"""Figures in a table that scrolls: every term of what the picture beside it shows. A row is chosen by a click or the arrow
keys; Ctrl+C copies all of it.

Called by the pages of the board.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from gui.shell.theme import THEME, font, theme
from gui.widgets.model_index import ModelIndex

ROW_PX, HEADER_PX, BAR_PX = 22, 28, 12
AROUND_PX = 18  # a number's column is wider than the number
_Row = Sequence[str]


class TermRowsModel(QAbstractTableModel):
    """Texts in rows below headings; `strong` rows are set in bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headings: tuple[str, ...] = ()
        self.rows: tuple[tuple[str, ...], ...] = ()
        self._tips: tuple[str, ...] = ()
        self._strong: frozenset[int] = frozenset()

    def show_rows(self, headings: _Row, rows: Sequence[_Row], tips: _Row, strong: Collection[int]) -> None:
        """Show them; `tips` explain the headings."""
        found = tuple(tuple(row) for row in rows)
        same = (len(found), tuple(headings), tuple(tips)) == (len(self.rows), self.headings, self._tips)
        if same and (found, frozenset(strong)) == (self.rows, self._strong):
            return
        if not same:
            self.beginResetModel()
        self.headings, self.rows, self._tips, self._strong = tuple(headings), found, tuple(tips), frozenset(strong)
        if not same:
            self.endResetModel()
        elif found:
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(self.headings) - 1))

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                row = self.rows[index.row()]
                return row[index.column()] if index.column() < len(row) else ""
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.headings[index.column()]}: {self.rows[index.row()][index.column()]}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return font(12, bold=index.row() in self._strong)
            case Qt.ItemDataRole.ForegroundRole:
                return theme().muted if index.column() == 0 else theme().text
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.headings[section]
            case Qt.ItemDataRole.ToolTipRole:
                return self._tips[section] if section < len(self._tips) else ""
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return font(12)
            case _:
                return None


class TermsTable(QTableView):
    row_chosen = Signal(int)  # by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.terms = TermRowsModel(self)
        self.setModel(self.terms)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._widths: tuple[int, ...] = ()
        self._kept = 0
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(30)
        self.horizontalHeader().setFixedHeight(HEADER_PX)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        copy = QAction(self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_all)
        self.addAction(copy)
        self.selectionModel().currentRowChanged.connect(self._went)
        THEME.changed.connect(self.viewport().update)

    def show_rows(
        self,
        headings: _Row,
        rows: Sequence[_Row],
        *,
        tips: _Row = (),
        strong: Collection[int] = (),
        chosen: int | None = None,
    ) -> None:
        """Show texts; nothing is emitted. `chosen` is the row that is marked, and scrolled to."""
        model = self.selectionModel()
        with QSignalBlocker(model):
            before = self.terms.columnCount()
            self.terms.show_rows(headings, rows, tips, strong)
            if before != self.terms.columnCount():
                self._widths = ()
            self._fit_columns()
            wanted = self.terms.index(chosen, 0) if chosen is not None and chosen < len(rows) else QModelIndex()
            if model.currentIndex().row() != wanted.row() or model.hasSelection() != wanted.isValid():
                kind = QItemSelectionModel.SelectionFlag
                model.setCurrentIndex(wanted, kind.ClearAndSelect | kind.Rows)
                self.viewport().update()
                if wanted.isValid():
                    self.scrollTo(wanted)

    def keep_rows(self, count: int) -> None:
        """As high as so many rows, always."""
        self._kept = count
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Give each column the room that its longest text needs, and all of them what is left; where there is too little, the
        table scrolls sideways: no number is cut."""
        rows, measure = (self.terms.headings, *self.terms.rows), QFontMetrics(font(12))
        longest = [max(column, key=len) for column in zip(*rows, strict=True)]
        needed = [measure.horizontalAdvance(text) + AROUND_PX for text in longest]
        room = self.viewport().width()
        scrolls = bool(needed) and sum(needed) > room
        over = 0 if scrolls or not needed else (room - sum(needed)) // len(needed)
        widths = tuple(width + over for width in needed)
        if widths != self._widths:
            self._widths = widths
            for column, width in enumerate(widths):
                self.horizontalHeader().resizeSection(column, width)
        if self._kept:
            self.setFixedHeight(HEADER_PX + self._kept * ROW_PX + 4 + (BAR_PX if scrolls else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def texts(self) -> list[list[str]]:
        """The rows that are shown, without the headings."""
        return [list(row) for row in self.terms.rows]

    @Slot()
    def copy_all(self) -> None:
        """All of it to the clipboard, with tabs between the columns."""
        lines = ["\t".join(row) for row in (self.terms.headings, *self.terms.rows)]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    @Slot(QModelIndex)
    def _went(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_chosen.emit(index.row())
