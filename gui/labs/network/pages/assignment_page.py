"""A network's table with blanks to fill in, as the courses set it. Each answer is checked as soon as it is entered; the page
says what a wrong one has probably left out.

`engine.networks.assignment` knows the questions, the right answers and the usual mistakes. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.figures import full_count, shape_text
from engine.layers.base import Layer, Shape
from engine.layers.kinds.composite import Composite
from engine.layers.layer_text import branch_name, short
from engine.networks.assignment import AskedColumn, Blank, TableLine, answer, blanks, is_right, lines, mistake
from engine.networks.trace import Trace
from gui.shell.language import language, say
from gui.shell.theme import THEME, font, theme
from gui.widgets.forms.controls import keep_room_for_bar
from gui.widgets.formulas import Formulas
from gui.widgets.labels import label, set_text
from gui.widgets.model_index import ModelIndex

ASKED: tuple[AskedColumn, ...] = ("output", "parameters")
RIGHT, WRONG = "✓", "✗"  # colour alone is not enough
INDENT = "    "  # for each level of blocks
WORKING_PX = 320


class AssignmentPage(QWidget):
    """`show_network` sets a table. `closed`: the learner goes back to the stack."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[Layer, ...] = ()
        self._trace: Trace | None = None
        self.about, self.said = label("muted", wraps=True), label("muted", wraps=True)
        self.score = label("plain")
        self.cells = _Cells(self)
        self.cells.written.connect(self._write)
        self.table = QTableView()
        self.table.setModel(self.cells)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.table.selectionModel().currentChanged.connect(self._write)
        self.working, self.formulas, self._of = QScrollArea(), Formulas(stacked=True), label("title", wraps=True)
        self._lay_out_working()
        self.work, self.again, self.solve, self.back = (QPushButton() for _ in range(4))
        self.work.setCheckable(True)
        self.work.toggled.connect(self._show_working)
        self.again.clicked.connect(self.start_over)
        self.solve.clicked.connect(self.show_answers)
        self.back.clicked.connect(self.closed)
        middle, below = QHBoxLayout(), QHBoxLayout()
        middle.addWidget(self.table, 1)
        middle.addWidget(self.working)
        below.addWidget(self.score, 1)
        for button in (self.work, self.again, self.solve, self.back):
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.about)
        column.addLayout(middle, 1)
        column.addWidget(self.said)
        column.addLayout(below)
        THEME.changed.connect(self.table.viewport().update)
        self.retranslate()

    def _lay_out_working(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 0, 8, 0)
        column.addWidget(self._of)
        column.addWidget(self.formulas.verdict_line)
        column.addWidget(self.formulas)
        column.addStretch(1)
        self.working.setWidget(inside)
        self.working.setWidgetResizable(True)
        self.working.setFixedWidth(WORKING_PX)
        self.working.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_room_for_bar(self.working)
        self.working.viewport().setAutoFillBackground(False)
        self.working.hide()

    def show_network(self, layers: Sequence[Layer], shape: Shape, trace: Trace) -> None:
        """Ask for the numbers of a network that can be built, on inputs of `shape`. The answers stay if it is the same network
        again."""
        if trace == self._trace and tuple(layers) == self._layers:
            return  # an open editor stays open
        self._layers, self._trace = tuple(layers), trace
        self.cells.show_table(shape, lines(layers, trace))
        self._go_on()

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The blanks, line by line."""
        return tuple(self.cells.blanks)

    @property
    def right(self) -> int:
        """How many of the learner's own answers are right."""
        return sum(self.cells.verdict(blank) is True for blank in self.blanks)

    @Slot()
    def start_over(self) -> None:
        self.cells.forget()
        self._go_on()

    @Slot()
    def show_answers(self) -> None:
        """Show the right answer of each blank that is empty or wrong, beside what the learner has entered."""
        self.cells.give_away()
        self._write()

    # --- inside

    def _go_on(self) -> None:
        """Go to the first blank that is still empty."""
        empty = next((blank for blank in self.blanks if self.cells.verdict(blank) is None), None)
        if empty is not None:
            self.table.setCurrentIndex(self.cells.place(empty))
        self._write()

    @Slot(bool)
    def _show_working(self, on: bool) -> None:
        self.working.setVisible(on)
        self._write()

    @Slot()
    def _write(self) -> None:
        """Write the score, the sentence on the current cell, and how its layer is worked out."""
        given = len(self.cells.given)
        text = self.tr("Right: {right} of {all}").format(right=self.right, all=len(self.blanks))
        set_text(self.score, f"{text} · " + self.tr("shown: {count}").format(count=given) if given else text)
        index = self.table.currentIndex()
        set_text(self.said, self.cells.sentence(index) if index.isValid() else "")
        line = self.cells.line(index) if index.isValid() else None
        layer, row = (line.layer, line.asks) if line is not None else (None, None)
        has = layer is not None and row is not None and bool(layer.derivations(row.input))
        if layer is not None and row is not None and has:
            self.formulas.show_layer(layer, row.input, worked=self.cells.is_known(index))
        self.formulas.setVisible(has)
        self.formulas.verdict_line.setVisible(has and bool(self.formulas.verdict))
        nothing = self.tr("Nothing to work out here: choose a layer with a blank.")
        of = self.tr("{layer} · input {shape}")
        text = (
            of.format(layer=short(layer, language()), shape=shape_text(row.input, tight=True))
            if has and layer and row
            else nothing
        )
        set_text(self._of, text)

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
        self.cells.retranslate()
        self.table.setAccessibleName(self.tr("The network's table with blanks"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.work.setText(self.tr("Show the working"))
        self.work.setToolTip(self.tr("The formulas of the chosen layer; with its numbers put in once they have been found"))
        self.again.setText(self.tr("Start over"))
        self.solve.setText(self.tr("Show the answers"))
        self.back.setText(self.tr("Back to the network"))
        self._write()


class _Cells(QAbstractTableModel):
    """The table: the input, and a row for each line of `engine.networks.assignment`. Given numbers are read only, blanks are
    written. `given` are the blanks whose answer has been shown. `written`: the learner has filled one in."""

    written = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shape: Shape = ()
        self._lines: tuple[TableLine, ...] = ()
        self.blanks: dict[Blank, None] = {}  # in the order of the table
        self.given: frozenset[Blank] = frozenset()
        self._texts: dict[Blank, str] = {}
        self._heads: Sequence[str] = ("", "", "")

    def show_table(self, shape: Shape, table: tuple[TableLine, ...]) -> None:
        self.beginResetModel()
        self._shape, self._lines, self.blanks = shape, table, dict.fromkeys(blanks(table, ASKED))
        self._texts, self.given = {}, frozenset()
        self.endResetModel()

    def forget(self) -> None:
        """Empty all blanks."""
        self.beginResetModel()
        self._texts, self.given = {}, frozenset()
        self.endResetModel()

    def give_away(self) -> None:
        """Show the answers of all blanks that are empty or wrong from now on."""
        self.given |= {blank for blank in self.blanks if self.verdict(blank) is not True}
        self._all_changed()

    def line(self, index: ModelIndex) -> TableLine | None:
        return self._lines[index.row() - 1] if index.row() else None

    def blank(self, index: ModelIndex) -> Blank | None:
        """The blank at a cell of the table; None where the cell is none."""
        if not index.column() or not index.row():
            return None
        found = Blank(index.row() - 1, ASKED[index.column() - 1])
        return found if found in self.blanks else None

    def place(self, blank: Blank) -> QModelIndex:
        return self.index(blank.line + 1, 1 + ASKED.index(blank.column))

    def verdict(self, blank: Blank) -> bool | None:
        """Whether the learner's own answer is right; None where there is none, or where the answer has been shown."""
        text = self._texts.get(blank, "").strip()
        return None if not text or blank in self.given else is_right(self._lines, blank, text)

    def is_known(self, index: ModelIndex) -> bool:
        """Whether each number of a line is given, has been shown, or was answered right."""
        line = [blank for column in range(1, 1 + len(ASKED)) if (blank := self.blank(self.index(index.row(), column)))]
        return all(blank in self.given or self.verdict(blank) is True for blank in line)

    def sentence(self, index: ModelIndex) -> str:
        """The sentence on a cell."""
        blank = self.blank(index)
        if blank is None:
            return ""
        if blank in self.given:
            return self.tr("This answer has been shown.")
        verdict = self.verdict(blank)
        if verdict is None:
            return self.tr("Fill in: 64x55x55, or 23,296")
        if verdict:
            return f"{RIGHT} {self.tr('Right')}"
        found = mistake(self._lines, blank, self._texts[blank])
        text = self.tr("Not yet right") if found is None else say("assignment", found.code, **found.values)
        return f"{WRONG} {text}"

    def retranslate(self) -> None:
        self._heads = [self.tr("Layer"), say("quantities", "output_shape"), say("quantities", "parameters")]
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._heads) - 1)
        self._all_changed()

    def _all_changed(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 1 + len(self._lines)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 1 + len(ASKED)

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        common = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        blank = self.blank(index)
        return common | Qt.ItemFlag.ItemIsEditable if blank is not None and blank not in self.given else common

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _across(index.column())
        blank = self.blank(index)
        if blank is None:
            return self._read_only(index, role)
        verdict, text, now = self.verdict(blank), self._texts.get(blank, ""), theme()
        match role:
            case Qt.ItemDataRole.EditRole:
                return text
            case Qt.ItemDataRole.DisplayRole:
                if blank in self.given:
                    return f"{self._answer(blank)}   {WRONG} {text}" if text.strip() else self._answer(blank)
                return {None: text, True: f"{text}  {RIGHT}", False: f"{text}  {WRONG}"}[verdict]
            case Qt.ItemDataRole.BackgroundRole:
                ground = {None: now.accent_ground, True: now.panel, False: now.warn_ground}[verdict]
                return now.panel if blank in self.given else ground
            case Qt.ItemDataRole.ForegroundRole:
                return now.muted if blank in self.given else {None: now.text, True: now.ok, False: now.warn}[verdict]
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.sentence(index)
        return None

    def _answer(self, blank: Blank) -> str:
        found = answer(self._lines, blank)
        return full_count(found) if isinstance(found, int) else shape_text(found, tight=True)

    def _read_only(self, index: ModelIndex, role: int) -> Any:
        """The input, the names of layers and branches, and the numbers that nobody has to work out. A block's own numbers are
        left out: they would give away those of its last layer."""
        line = self.line(index)
        block = line is not None and isinstance(line.layer, Composite)
        if role == Qt.ItemDataRole.FontRole:
            return font(13, bold=True) if block and not index.column() else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return None if line is not None and line.layer is not None and not index.column() else theme().muted
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if line is None:
            return (self.tr("Input"), shape_text(self._shape, tight=True), "")[index.column()]
        if not index.column():
            name = branch_name(line.branch, language()) if line.layer is None else short(line.layer, language())
            bare = getattr(line.layer, "bias", True) is False  # without it, the parameters cannot be counted
            return INDENT * line.level + name + (", bias=False" if bare else "")
        row = line.asks
        if row is None:
            return ""
        return (
            self.tr("as its input") if index.column() == 1 else full_count(row.parameters)
        )  # the shape would give away the one above

    def setData(self, index: ModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        blank = self.blank(index)
        if blank is None or blank in self.given or role != Qt.ItemDataRole.EditRole:
            return False
        self._texts[blank] = str(value)
        self.dataChanged.emit(index, index)
        self.written.emit()
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return _across(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._heads[section] if orientation == Qt.Orientation.Horizontal else self._number(section)

    def _number(self, row: int) -> str:
        """A layer's number as in the stack; layers inside a block have none."""
        line = self._lines[row - 1] if row else None
        return str(line.row.index + 1) if line is not None and line.row is not None and not line.level else ""


def _across(column: int) -> Qt.AlignmentFlag:
    """Numbers are aligned right, so that their digits are below each other."""
    figures = column > 0 and ASKED[column - 1] != "output"
    return (Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
