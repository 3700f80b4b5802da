"""The runs of a queue as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from engine.experiments.experiment import Experiment
from engine.figures import fixed, full_count, percent, round_percent
from engine.queue.plan import PlannedRun
from engine.queue.run_state import RunState
from gui.labs.training.queue.queue_words import condition_words, run_words
from gui.shell.language import language
from gui.shell.theme import font, theme
from gui.widgets.model_index import ModelIndex

COLUMNS = ("number", "settings", "condition", "loss", "accuracy")
NUMBERS = ("number", "loss", "accuracy")


class QueueRows(QAbstractTableModel):
    """`show_runs` sets the rows, `show_states` what is said of them. The loss is that of the validation data, before the first
    epoch that of the last batch."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._base, self._repeated = Experiment(), False
        self._runs: Sequence[PlannedRun] = ()
        self._states: Sequence[RunState] = ()

    def show_runs(self, base: Experiment, runs: Sequence[PlannedRun], states: Sequence[RunState]) -> None:
        self.beginResetModel()
        self._base, self._runs, self._states = base, runs, states
        self._repeated = len({run.seed for run in runs}) > 1
        self.endResetModel()

    def show_states(self, states: Sequence[RunState]) -> None:
        """The same runs, further on."""
        changed = [row for row, (old, new) in enumerate(zip(self._states, states, strict=True)) if old != new]
        self._states = states
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(COLUMNS) - 1))

    def retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(COLUMNS) - 1))

    @property
    def texts(self) -> list[list[str]]:
        """The texts, row by row."""
        return [[self._text(row, column) for column in COLUMNS] for row in range(len(self._runs))]

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._runs)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return len(COLUMNS)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, state = COLUMNS[index.column()], self._states[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index.row(), column)
            case Qt.ItemDataRole.TextAlignmentRole:
                across = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return across | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return font(12)
            case Qt.ItemDataRole.ToolTipRole:
                return state.problem.get(language()) or self._text(index.row(), column)
            case Qt.ItemDataRole.ForegroundRole:
                if state.condition in ("failed", "diverged", "refused"):
                    return theme().warn
                if state.condition == "running":
                    return theme().accent
                return theme().muted if state.condition == "waiting" else theme().text
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("No."),
                self.tr("Settings"),
                self.tr("State"),
                self.tr("Loss"),
                self.tr("Accuracy"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return across | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, row: int, column: str) -> str:
        run, state = self._runs[row], self._states[row]
        match column:
            case "number":
                return full_count(run.number)
            case "settings":
                return run_words(self._base, run, repeated=self._repeated)
            case "condition":
                words = condition_words(state.condition)
                return f"{words} {round_percent(state.part, 0)}" if state.condition in ("running", "stopped") else words
            case "loss":
                value = state.loss if state.validation_loss is None else state.validation_loss
                return "" if value is None else fixed(value)
            case _:
                accuracy = state.validation_accuracy
                return "" if accuracy is None else percent(accuracy)
