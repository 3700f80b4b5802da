"""The rows of a table with the model's answers: truth and prediction first, then the columns that were learned from. The chosen
row's values stand below by their columns' names, and of classes its answers as bars; numbers lie as points over a diagonal
above, in the table's units.

Called by the prediction card, which imports it when the first rows come.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QEvent, QObject, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from engine.figures import UNKNOWN, in_decimals, measured, percent
from engine.training.probes import AnsweredRows, Classified
from engine.words import printable
from gui.labs.training.pages.drawings import draw_bars
from gui.labs.training.pages.row_values import RowValues
from gui.plots.lines import ScatterPlot
from gui.shell.theme import THEME, font, theme
from gui.widgets.model_index import ModelIndex

FIXED = 3  # columns before those of the table: truth, prediction, and how sure or how far off
ROW_PX, LEAST_COLUMN_PX, MOST_COLUMN_PX, HEADING_PX = 24, 48, 160, 92
LEAST_TABLE_PX = 3 * ROW_PX
SPACING, USUAL_PX = 8, 260
LEAST_PLOT_PX, LEAST_VALUES_PX = 140, 90
BAR_PX, LEAST_BARS_PX, MOST_BARS = 20, 44, 10
MARGINS = (74.0, 8.0, 14.0, 38.0)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class AnsweredRowsModel(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: AnsweredRows | None = None
        self._numeric: tuple[bool, ...] = ()

    def show_rows(self, found: AnsweredRows) -> None:
        before, self.found = self.found, found
        same = before is not None and (before.names, before.target, before.cells) == (found.names, found.target, found.cells)
        if same and type(before.answers) is type(found.answers):  # type: ignore[union-attr]
            self.dataChanged.emit(self.index(0, 0), self.index(len(found.cells) - 1, FIXED - 1))
            return
        self.beginResetModel()
        columns = zip(*found.cells, strict=True)
        self._numeric = tuple(all(cell is None or _is_figure(cell) for cell in cells) for cells in columns)
        self.endResetModel()

    def retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(self.columnCount() - 1, 0))

    def is_right(self, row: int) -> bool | None:
        """Whether a class was predicted rightly; None of numbers."""
        found = self.found
        if found is None or not isinstance(found.answers, Classified):
            return None
        return bool(found.answers.predicted[row] == found.answers.labels[row])

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        found = self.found
        assert found is not None
        if column >= FIXED:
            cell = found.cells[row][column - FIXED]
            return UNKNOWN if cell is None else printable(cell)
        answers = found.answers
        if isinstance(answers, Classified):
            guess = int(answers.predicted[row])
            sure = float(answers.answers[row, guess])
            said = in_decimals(sure, 2) if answers.is_values else percent(sure)
            return (answers.classes[int(answers.labels[row])], answers.classes[guess], said)[column]
        truth, predicted = float(answers.truth[row]), float(answers.predicted[row])
        difference = predicted - truth
        return (printable(found.truth[row]), measured(predicted), ("+" if difference > 0 else "") + measured(difference))[
            column
        ]

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if self.found is None or (parent is not None and parent.isValid()) else len(self.found.cells)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if self.found is None else FIXED + len(self.found.names)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                right = self.is_right(row) if column == 1 else None
                return self.text(row, column) if right is None else f"{'✓' if right else '✗'} {self.text(row, column)}"
            case Qt.ItemDataRole.ToolTipRole:
                return self.text(row, column)
            case Qt.ItemDataRole.FontRole:
                return font(12, bold=column == 1)
            case Qt.ItemDataRole.ForegroundRole:
                if column == 1 and (right := self.is_right(row)) is not None:
                    return theme().ok if right else theme().warn
                return theme().muted if column == 2 or self.text(row, column) == UNKNOWN else theme().text
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if self._is_right_aligned(column) else LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or self.found is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._heading(section)
            case Qt.ItemDataRole.ToolTipRole:
                return printable(self.found.target) if section < FIXED else self._heading(section)
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if self._is_right_aligned(section) else LEFT
        return None

    def _heading(self, section: int) -> str:
        assert self.found is not None
        if section >= FIXED:
            return printable(self.found.names[section - FIXED])
        third = self.tr("Output") if self._is_values else self.tr("Probability") if self._is_classes else self.tr("Difference")
        return (self.tr("Truth"), self.tr("Prediction"), third)[section]

    @property
    def _is_classes(self) -> bool:
        return self.found is not None and isinstance(self.found.answers, Classified)

    @property
    def _is_values(self) -> bool:
        return self.found is not None and isinstance(self.found.answers, Classified) and self.found.answers.is_values

    def _is_right_aligned(self, column: int) -> bool:
        if column < FIXED:
            return column == 2 or not self._is_classes
        return self._numeric[column - FIXED]


class _Bars(QWidget):
    """The answers for one row, a bar a class."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Classified | None = None
        self._row = 0
        THEME.changed.connect(self.update)

    def show_answers(self, found: Classified, row: int) -> None:
        self._found, self._row = found, row
        self.update()

    def wanted_px(self) -> int:
        return 0 if self._found is None else max(LEAST_BARS_PX, BAR_PX * min(len(self._found.classes), MOST_BARS))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._found is not None and self._row < len(self._found.labels):
            draw_bars(QPainter(self), QRectF(self.rect()).adjusted(2, 0, -2, 0), self._found, self._row)


class AnsweredRowsView(QWidget):
    row_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._chosen = 0
        self.table, self.values, self.bars = QTableView(), RowValues(), _Bars()
        self.model = AnsweredRowsModel(self)
        self.table.setModel(self.model)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.model.modelReset.connect(self._size)
        self.table.selectionModel().currentRowChanged.connect(self._select)
        for part in (self.table, self.values, self.bars):
            part.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retranslate()

    @cached_property
    def plot(self) -> ScatterPlot:
        """Of numbers, made when the first ones come."""
        plot = ScatterPlot()
        plot.margins = MARGINS
        plot.export_name = "predictions"
        plot.setParent(self)
        self._name_plot(plot)
        return plot

    def show_rows(self, found: AnsweredRows, score: str) -> None:
        """Show them; `score` is how well they are answered, for a screen reader."""
        self.model.show_rows(found)
        self.table.setAccessibleDescription(score)
        if not isinstance(found.answers, Classified):
            self.plot.set_points(found.answers.truth.astype(np.float64), found.answers.predicted.astype(np.float64))
            self.plot.describe(score)
        self._show_row()

    def set_chosen(self, chosen: int) -> None:
        self._chosen = chosen
        if self.model.found is not None:
            self._show_row()

    @property
    def _shown_row(self) -> int:
        return max(min(self._chosen, self.model.rowCount() - 1), 0)

    def _show_row(self) -> None:
        """Mark the chosen row, which is no edit, and show what it has."""
        found, row = self.model.found, self._shown_row
        assert found is not None
        self.values.show_row(found.names, found.cells[row] if found.cells else ())
        if isinstance(found.answers, Classified):
            self.bars.show_answers(found.answers, row)
        if self.table.currentIndex().row() != row:
            with QSignalBlocker(self.table.selectionModel()):
                self.table.selectRow(row)
            self.table.viewport().update()
        self._place()

    @Slot("QModelIndex", "QModelIndex")
    def _select(self, now: ModelIndex, _before: ModelIndex) -> None:
        if now.isValid() and now.row() != self._shown_row:
            self.row_chosen.emit(now.row())

    def _size(self) -> None:
        header = self.table.horizontalHeader()
        measure = header.fontMetrics()
        for section in range(self.model.columnCount()):
            words = [str(self.model.headerData(section, Qt.Orientation.Horizontal))]
            words += [self.model.text(row, section) for row in range(self.model.rowCount())]
            called, *cells = (measure.horizontalAdvance(word) for word in words)
            most = max(min(called, HEADING_PX), *cells) + (34 if section == 1 else 20)
            header.resizeSection(section, min(max(LEAST_COLUMN_PX, most), MOST_COLUMN_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * LEAST_COLUMN_PX, self.table.horizontalHeader().sizeHint().height() + LEAST_TABLE_PX)

    def sizeHint(self) -> QSize:
        return QSize(USUAL_PX, USUAL_PX)

    def _place(self) -> None:
        """The table has its least rows first, then bars or points, and the chosen row's values, as far as there is room; what
        is left is the table's. Points stand above it, the values beside them, bars and values below it."""
        found = self.model.found
        if found is None:
            return
        width, bottom = self.width(), self.height()
        room = bottom - self.minimumSizeHint().height() - SPACING
        left, top, right = MARGINS[0], MARGINS[1] + MARGINS[3], MARGINS[2]
        high = 0 if isinstance(found.answers, Classified) else min(room, round(width - left - right + top), bottom * 3 // 5)
        if high < LEAST_PLOT_PX:
            high = 0
        beside = round(left + high - top + right) + SPACING  # of the square of points, which stands at the left
        stands_beside = bool(high) and width - beside >= LEAST_VALUES_PX
        wanted = self.values.wanted_px(width)
        if not stands_beside and (room := room - (high + SPACING if high else 0)) < wanted:
            wanted = 0
        bars = self.bars.wanted_px() if isinstance(found.answers, Classified) else 0
        bars = bars if bars <= room - wanted - SPACING else 0
        if high or "plot" in self.__dict__:
            self.plot.setVisible(high > 0)
            self.plot.setGeometry(0, 0, beside - SPACING if stands_beside else width, max(high, 1))
        self.bars.setVisible(bars > 0)
        if bars:
            self.bars.setGeometry(0, bottom - bars, width, bars)
            bottom -= bars + SPACING
        self.values.setVisible(wanted > 0 or stands_beside)
        if stands_beside:
            self.values.setGeometry(beside, round(MARGINS[1]), width - beside, high - round(MARGINS[1]))
        elif wanted:
            self.values.setGeometry(0, bottom - wanted, width, wanted)
            bottom -= wanted + SPACING
        begins = high + SPACING if high else 0
        self.table.setGeometry(0, begins, width, bottom - begins)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.table.setAccessibleName(self.tr("Rows of the table with the model's predictions"))
        self.model.retranslate()
        if "plot" in self.__dict__:
            self._name_plot(self.plot)

    def _name_plot(self, plot: ScatterPlot) -> None:
        plot.set_axis_names(self.tr("Truth"), self.tr("Prediction"))
        plot.setAccessibleName(self.tr("Prediction beside the truth, a point a sample"))


def _is_figure(cell: str) -> bool:
    return cell[:1].isdigit() or cell[:1] in "+-−.,"
