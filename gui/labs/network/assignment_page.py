"""A network's table with blanks to fill in, as courses set it; each answer is checked as soon as it is written.

What is asked and what is right is `engine.assignment`'s. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget

from engine.assignment import Blank, Column, answer, blanks, is_right
from engine.layer_text import short
from engine.layers.base import Layer
from engine.network import Row, Trace
from gui.labs.network.compare_page import output_text
from gui.shell.language import say
from gui.shell.theme import THEME, theme
from gui.widgets.labels import label, set_text

ASKED: tuple[Column, ...] = ("output", "parameters")
_Index: TypeAlias = QModelIndex | QPersistentModelIndex


class AssignmentPage(QWidget):
    """`show_network` sets the table anew; `closed` says that the learner goes back to the stack."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[Layer, ...] = ()
        self._trace: Trace | None = None
        self._blanks: tuple[Blank, ...] = ()
        self._written: dict[Blank, str] = {}
        self.about = label("muted", wraps=True)
        self.score = label("plain")
        self.cells = _Cells(self)
        self.cells.written.connect(self._taken)
        self.table = QTableView()
        self.table.setModel(self.cells)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.again, self.solve, self.back = QPushButton(), QPushButton(), QPushButton()
        self.again.clicked.connect(self.start_over)
        self.solve.clicked.connect(self.show_answers)
        self.back.clicked.connect(self.closed)
        below = QHBoxLayout()
        below.addWidget(self.score, 1)
        for button in (self.again, self.solve, self.back):
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.about)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        THEME.changed.connect(self._fill)
        self.retranslate()

    def show_network(self, layers: Sequence[Layer], trace: Trace) -> None:
        """Ask for the numbers of a network that can be built. The same network again keeps what was written."""
        if trace == self._trace and tuple(layers) == self._layers:
            return  # a cell that is being written in stays open
        if trace != self._trace:
            self._written = {}
        self._layers, self._trace = tuple(layers), trace
        self._blanks = blanks(trace, ASKED)
        self._fill()

    @property
    def right(self) -> int:
        """How many answers are right."""
        assert self._trace is not None
        return sum(is_right(self._trace, blank, text) for blank, text in self._written.items())

    @Slot()
    def start_over(self) -> None:
        self._written = {}
        self._fill()

    @Slot()
    def show_answers(self) -> None:
        """Fill every blank that is empty or wrong."""
        trace = self._trace
        if trace is not None:
            wrong = [blank for blank in self._blanks if not is_right(trace, blank, self._written.get(blank, ""))]
            self._written |= {blank: self._answer(blank) for blank in wrong}
            self._fill()

    def _answer(self, blank: Blank) -> str:
        assert self._trace is not None
        found = answer(self._trace, blank)
        return f"{found:,}" if isinstance(found, int) else output_text(found)

    # --- inside

    def _fill(self) -> None:
        trace = self._trace
        if trace is None:
            return
        rows = [_Row(row.index + 1, short(layer), row) for layer, row in zip(self._layers, trace.rows, strict=True)]
        self.cells.show_rows(trace, rows, self._blanks, self._written)
        self._write_score()

    @Slot(object, str)
    def _taken(self, blank: Blank, text: str) -> None:
        self._written[blank] = text
        self._write_score()

    def _write_score(self) -> None:
        text = self.tr("Right: {right} of {all}").format(right=self.right, all=len(self._blanks))
        set_text(self.score, text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        set_text(
            self.about,
            self.tr(
                "Fill in the blue cells: each layer's output shape (channels × height × width) and its parameters,"
                " biases included."
            ),
        )
        self.cells.set_words(
            [self.tr("Layer"), say("quantities", "output_shape"), say("quantities", "parameters")],
            {None: self.tr("Fill in: 64x55x55, or 23,296"), True: self.tr("Right"), False: self.tr("Not yet right")},
        )
        self.table.setAccessibleName(self.tr("The network's table with blanks"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.again.setText(self.tr("Start over"))
        self.solve.setText(self.tr("Show the answers"))
        self.back.setText(self.tr("Back to the network"))
        self._fill()


class _Row(NamedTuple):
    """A layer in the table: its number, what it is called, and its numbers."""

    number: int
    layer: str
    row: Row


class _Cells(QAbstractTableModel):
    """The table: what is given is read, blanks are written. `written` says what a learner has put into a blank. A model of its
    own: PySide 6.11 now and then frees items of widgets twice."""

    written = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._trace: Trace | None = None
        self._rows: Sequence[_Row] = ()
        self._blanks: frozenset[Blank] = frozenset()
        self._texts: dict[Blank, str] = {}
        self._heads: Sequence[str] = ("", "", "")
        self._tips: dict[bool | None, str] = {}

    def show_rows(self, trace: Trace, rows: Sequence[_Row], blanks: Sequence[Blank], texts: dict[Blank, str]) -> None:
        self.beginResetModel()
        self._trace, self._rows, self._blanks, self._texts = trace, rows, frozenset(blanks), dict(texts)
        self.endResetModel()

    def set_words(self, heads: Sequence[str], tips: dict[bool | None, str]) -> None:
        """The columns' names, and what is said of a blank that is empty (None), right or wrong."""
        self._heads, self._tips = heads, tips
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(heads) - 1)

    def blank(self, index: _Index) -> Blank | None:
        """The blank at a place of the table; None where something is given."""
        if not index.column():
            return None
        found = Blank(index.row(), ASKED[index.column() - 1])
        return found if found in self._blanks else None

    def _verdict(self, blank: Blank) -> bool | None:
        text = self._texts.get(blank, "").strip()
        return is_right(self._trace, blank, text) if text and self._trace is not None else None

    # --- what Qt calls

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 1 + len(ASKED)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        common = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return common | Qt.ItemFlag.ItemIsEditable if self.blank(index) is not None else common

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        blank, found = self.blank(index), self._rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _across(index.column())
        if blank is None:
            return self._given(found, index.column(), role)
        verdict, now = self._verdict(blank), theme()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._texts.get(blank, "")
            case Qt.ItemDataRole.BackgroundRole:
                return {None: now.accent_ground, True: now.panel, False: now.warn_ground}[verdict]
            case Qt.ItemDataRole.ForegroundRole:
                return {None: now.text, True: now.ok, False: now.warn}[verdict]
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._tips.get(verdict, "")
        return None

    @staticmethod
    def _given(found: _Row, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return (found.layer, output_text(found.row.output), f"{found.row.parameters:,}")[column]
        return theme().muted if role == Qt.ItemDataRole.ForegroundRole else None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        blank = self.blank(index)
        if blank is None or role != Qt.ItemDataRole.EditRole:
            return False
        self._texts[blank] = str(value)
        self.dataChanged.emit(index, index)
        self.written.emit(blank, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return _across(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._heads[section] if orientation == Qt.Orientation.Horizontal else str(self._rows[section].number)


def _across(column: int) -> Qt.AlignmentFlag:
    """Figures stand below each other."""
    figures = column > 0 and ASKED[column - 1] != "output"
    return (Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
