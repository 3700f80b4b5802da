"""A network's table with blanks to fill in, as the courses set it. Each answer is checked as soon as it is entered; the page
says what a wrong one has probably left out.

`engine.networks.assignment` knows the questions, the right answers and the usual mistakes. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.figures import shape_text
from engine.layers.base import Layer, Shape
from engine.layers.layer_text import short
from engine.networks.assignment import Blank, lines
from engine.networks.trace import Trace
from gui.labs.network.pages.blank_cells import ASKED, HINTS, BlankCells, BlankPainter, BlankTable
from gui.shell.language import language
from gui.shell.theme import THEME
from gui.widgets.forms.controls import keep_room_for_bar
from gui.widgets.formulas import Formulas
from gui.widgets.labels import label, set_text

WORKING_PX = 320
ANSWER_PX, HINT_PX = 132, 200  # a column's least width; with less, hints are written below the table


class AssignmentPage(QWidget):
    """`show_network` sets a table. `closed`: the learner goes back to the stack."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[Layer, ...] = ()
        self._trace: Trace | None = None
        self.about, self.said = label("muted", wraps=True), label("muted", wraps=True)
        self.score = label("plain")
        self.cells = BlankCells(self)
        self.cells.written.connect(self._written)
        self.table = BlankTable()
        self.table.resized.connect(self._fit_columns)
        self.table.entered_answer.connect(self._leave_right)
        self.table.setModel(self.cells)
        self.table.setItemDelegate(BlankPainter(self.table))
        rows = self.table.verticalHeader()
        rows.setMinimumSectionSize(rows.defaultSectionSize())
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(  # not SelectedClicked: it waits for a double click, and loses the letters typed until then
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.table.selectionModel().currentChanged.connect(self._current_changed)
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
        self._write_about()
        self._fit_columns()
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
        self._fit_columns()
        self._go_on()

    @Slot()
    def show_answers(self) -> None:
        """Show the right answer of each blank that is empty or wrong, beside what the learner has entered."""
        self.cells.give_away()
        self._fit_columns()
        self._write()

    # --- inside

    def _go_on(self) -> None:
        """Go to the first blank that is still empty."""
        empty = next(filter(self.cells.is_empty, self.blanks), None)
        if empty is not None:
            self.table.setCurrentIndex(self.cells.place(empty))
        self._write()

    @Slot()
    def _leave_right(self) -> None:
        """From an answer that is right, go to the next blank that is empty; a wrong one is stayed at."""
        here = self.cells.blank(self.table.currentIndex())
        if here is None or self.cells.verdict(here) is not True:
            return
        number = self.blanks.index(here)
        following = (*self.blanks[number + 1 :], *self.blanks[:number])
        empty = next((blank for blank in following if self.cells.is_empty(blank)), None)
        if empty is not None:
            self.table.setCurrentIndex(self.cells.place(empty))

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        self.cells.set_current(current)
        self._fit_rows({current.row(), before.row()} - {-1})
        self._write()

    @Slot(int)
    def _written(self, row: int) -> None:
        self._fit_rows((row,))
        self._write()

    @Slot()
    def _fit_columns(self) -> None:
        """Hints are beside the answers where they have room, else below the table. Names and answers are as wide as they are;
        the hints take the rest."""
        header, answers = self.table.horizontalHeader(), range(1, HINTS)
        room = self.table.viewport().width() - header.sectionSize(0) - ANSWER_PX * len(ASKED)
        beside = room >= HINT_PX
        self.table.setColumnHidden(HINTS, not beside)
        self.said.setVisible(not beside)
        for column in answers:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed if beside else QHeaderView.ResizeMode.Stretch)
            if beside:
                header.resizeSection(column, ANSWER_PX)
        self._fit_rows(range(self.cells.rowCount()))

    def _fit_rows(self, rows: Iterable[int]) -> None:
        """A row with a long hint is taller. Only rows with one are measured: a large network's table has hundreds."""
        beside, plain = not self.table.isColumnHidden(HINTS), self.table.verticalHeader().defaultSectionSize()
        for row in rows:
            if beside and self.cells.hint(row):
                self.table.resizeRowToContents(row)
            elif self.table.rowHeight(row) != plain:
                self.table.setRowHeight(row, plain)

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

    def _write_about(self) -> None:
        text = self.tr("Fill in the blue cells: each layer's output shape and its parameters, biases included.")
        if self.cells.of_pictures:
            text = self.tr(
                "Fill in the blue cells: each layer's output shape (channels × height × width) and its parameters,"
                " biases included."
            )
        set_text(self.about, text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._write_about()
        self.cells.retranslate()
        self.table.setAccessibleName(self.tr("The network's table with blanks"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(HINTS, QHeaderView.ResizeMode.Stretch)
        self.work.setText(self.tr("Show the working"))
        self.work.setToolTip(self.tr("The formulas of the chosen layer; with its numbers put in once they have been found"))
        self.again.setText(self.tr("Start over"))
        self.solve.setText(self.tr("Show the answers"))
        self.back.setText(self.tr("Back to the network"))
        self._write()
