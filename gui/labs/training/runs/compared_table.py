"""The pinned runs, one a row: whether each is shown, its line and its value, and only the settings in which they differ, with
what is another value than the first run's highlighted. A setting that was changed in mid-run is shown as it was at both ends.

Called by the overlay, whose legend it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.experiments.experiment import Experiment
from engine.figures import UNKNOWN
from engine.runs.library.setting_differences import DifferingSetting, setting_differences
from gui.labs.training.runs.overlay_curves import FollowedCurve, names_of
from gui.labs.training.runs.run_looks import swatch
from gui.labs.training.runs.run_rows import both_ends, setting_name
from gui.shell.language import language
from gui.shell.theme import font, theme
from gui.widgets.model_index import ModelIndex

FIXED = 2  # columns before the settings: name, value
ROW_PX = 24
NAME_PX, VALUE_PX, SETTING_PX = 170, 74, 96


class ComparedRuns(QAbstractTableModel):
    shown_changed = Signal(str, bool)  # folder, by the user

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.runs: tuple[FollowedCurve, ...] = ()
        self.settings: tuple[DifferingSetting, ...] = ()
        self._values: Mapping[str, str] = {}
        self._looks: Mapping[str, int] = {}
        self._names: Mapping[str, str] = {}
        self._experiments: list[Experiment] = []  # as each run began, and, where any was changed in mid-run, as each ended

    def show_runs(self, runs: Sequence[FollowedCurve], looks: Mapping[str, int]) -> None:
        """Show these; their settings are compared. `looks`: which line a run is part of, by folder."""
        if looks != self._looks:
            self._looks = dict(looks)
            if self.runs:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.runs) - 1, 0))
        before, self.runs = self.runs, tuple(runs)
        self._names = names_of(self.runs, language())
        experiments = [run.experiment for run in runs]
        if any(run.changes for run in runs):
            experiments += [run.ended for run in runs]
        if [run.folder for run in runs] != [run.folder for run in before] or experiments != self._experiments:
            self.beginResetModel()
            self._experiments, self.settings = experiments, setting_differences(experiments)
            self.endResetModel()
        elif [(run.look, run.hidden) for run in runs] != [(run.look, run.hidden) for run in before]:
            self.dataChanged.emit(self.index(0, 0), self.index(len(runs) - 1, self.columnCount() - 1))

    def show_values(self, values: Mapping[str, str]) -> None:
        """What stands beside each name, by folder."""
        if values != self._values:
            self._values = dict(values)
            if self.runs:
                self.dataChanged.emit(self.index(0, 1), self.index(len(self.runs) - 1, 1))

    def retranslate(self) -> None:
        self.beginResetModel()
        self._names = names_of(self.runs, language())
        self.endResetModel()

    def differs(self, row: int, column: int) -> bool:
        """Whether a cell holds another value than the first run's, at the beginning or at the end."""
        if column < FIXED:
            return False
        setting, count = self.settings[column - FIXED], len(self.runs)
        return setting.differs_from(row, 0) or setting.differs_from(row - count, -count)

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.runs)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return FIXED + len(self.settings)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, column = self.runs[index.row()], index.column()
        differs = self.differs(index.row(), column)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(index.row(), column)
            case Qt.ItemDataRole.ToolTipRole:
                return self.text(index.row(), column)
            case Qt.ItemDataRole.CheckStateRole if column == 0:
                return Qt.CheckState.Unchecked if run.hidden else Qt.CheckState.Checked
            case Qt.ItemDataRole.DecorationRole if column == 0:
                return swatch(self._looks.get(run.folder))
            case Qt.ItemDataRole.FontRole:
                return font(12, bold=differs)
            case Qt.ItemDataRole.BackgroundRole if differs:
                return theme().warn_ground
            case Qt.ItemDataRole.ForegroundRole:
                return theme().warn if differs else theme().muted if run.hidden or column >= FIXED else theme().text
            case Qt.ItemDataRole.TextAlignmentRole if column == 1:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        run = self.runs[row]
        match column:
            case 0:
                return self._names[run.folder]
            case 1:
                return self._values.get(run.folder, UNKNOWN)
        setting = self.settings[column - FIXED]
        return both_ends(setting, setting.values[row], setting.values[row - len(self.runs)], language())

    def setData(self, index: ModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.shown_changed.emit(self.runs[index.row()].folder, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if section < FIXED:
                return (self.tr("Pinned runs"), self.tr("Value", "of a curve"))[section]
            return setting_name(self.settings[section - FIXED], language())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if section == 1 else Qt.AlignmentFlag.AlignLeft
            return across | Qt.AlignmentFlag.AlignVCenter
        return None


class ComparedTable(QTableView):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.compared = ComparedRuns(self)
        self.setModel(self.compared)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMinimumWidth(220)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultSectionSize(SETTING_PX)
        self.compared.modelReset.connect(self._size)
        self._size()

    def _size(self) -> None:
        header = self.horizontalHeader()
        header.resizeSection(0, NAME_PX)
        header.resizeSection(1, VALUE_PX)
        for section in range(FIXED, self.compared.columnCount()):
            words = [str(self.compared.headerData(section, Qt.Orientation.Horizontal))]
            words += [self.compared.text(row, section) for row in range(self.compared.rowCount())]
            measure = header.fontMetrics()  # of bold letters too
            header.resizeSection(section, min(max(60, *(measure.horizontalAdvance(each) + 20 for each in words)), 200))

    @property
    def chosen(self) -> list[str]:
        """The folders of the runs that are selected; of all where none is."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self.compared.runs[row].folder for row in rows]
