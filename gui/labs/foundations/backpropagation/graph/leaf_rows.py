"""The values of a formula's leaves: a slider and a box for a number; a line of text for rows of numbers, with a slider for the
one that is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.fields import Field
from engine.figures import shape_text
from engine.foundations.boards.backpropagation.leaf_arrays import LeafError, array_in, text_of
from engine.foundations.unit_functions import RealArray
from engine.words import CodedError
from gui.labs.foundations.backpropagation.state import MOST_SIZE
from gui.shell.language import language
from gui.widgets.forms.controls import align
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.forms.text_line import TextLine
from gui.widgets.labels import label, literal, set_text, shortened

MOST_LETTERS = 12  # of a leaf's name beside its slider
ROUND = (1, 2, 5, 10)


def slider_end(value: float) -> float:
    """The end of a slider that has a value in its inner half: 2, 5, 10, 20, 50, ..."""
    wanted = max(2 * abs(value), 2.0)
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(power * next(part for part in ROUND if part * power >= wanted * (1 - 1e-12)))


class LeafRows(QWidget):
    """`show_leaves` shows them. `value_edited` carries a leaf's name and its array; `chosen` a leaf and the place of the number
    in it that the slider moves. Why a text is no array is said below them."""

    value_edited = Signal(str, object)
    chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made: tuple[object, ...] = ()
        self._values: Mapping[str, RealArray] = {}
        self._cell: tuple[str, int] = ("", 0)
        self.numbers: dict[str, NumberRow] = {}
        self.lines: dict[str, TextLine] = {}
        self.cells: dict[str, NumberRow] = {}
        self._shapes: dict[str, QLabel] = {}
        self._title = label("title")
        self._hint = label("small", wraps=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self._title)
        self._rows = QWidget()
        self._column.addWidget(self._rows)
        self.problem = label("warning", wraps=True)
        self.problem.hide()
        self._column.addWidget(self.problem)
        self._column.addWidget(self._hint)
        self.retranslate()

    def show_leaves(self, formula: str, values: Mapping[str, RealArray], leaf: str, cell: int) -> None:
        """Show the leaves of a formula; the slider of an array moves number `cell` of `leaf`. Nothing is emitted."""
        self._values, self._cell = values, (leaf, cell)
        kept = (formula, tuple((name, array.ndim > 0) for name, array in values.items()))
        if kept != self._made:
            self._made = kept
            self._make()
        for name, array in values.items():
            if array.ndim == 0:
                self.numbers[name].set_value(float(array))
                continue
            set_text(self._shapes[name], shape_text(array.shape, tight=True) if array.ndim > 1 else f"({array.size})")
            text = text_of(array)
            if not self.lines[name].hasFocus() or not self._same(name, array):
                self.lines[name].setText(text)
            self._show_cell(name, array)
        self._hint.setVisible(bool(self.lines))

    def _same(self, name: str, array: RealArray) -> bool:
        """Whether what is typed is this array already."""
        try:
            typed = array_in(self.lines[name].text())
        except CodedError:
            return False
        return typed.shape == array.shape and bool((typed == array).all())

    def _show_cell(self, name: str, array: RealArray) -> None:
        row = self.cells[name]
        leaf, cell = self._cell
        row.setVisible(leaf == name and cell < array.size)
        if leaf != name or cell >= array.size:
            return
        place = [int(at) for at in np.unravel_index(cell, array.shape)]
        row.set_label(f"{shortened(name, MOST_LETTERS)}[{', '.join(map(str, place))}]")
        row.set_value(float(array.reshape(-1)[cell]))

    def _make(self) -> None:
        """Rows for the leaves that there are now."""
        self._say("")
        self._column.removeWidget(self._rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = QWidget()
        column = QVBoxLayout(self._rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.numbers, self.lines, self.cells, self._shapes = {}, {}, {}, {}
        for name, array in self._values.items():
            if array.ndim == 0:
                row = self.numbers[name] = self._number(name, slider_end(float(array)))
                row.set_label(shortened(name, MOST_LETTERS))
                row.value_changed.connect(lambda value, name=name: self._number_moved(name, value))
                column.addWidget(row)
                continue
            head, shape, line = QLabel(literal(shortened(name, MOST_LETTERS))), label("muted"), TextLine()
            head.setMinimumWidth(28)
            line.setAccessibleName(name)
            line.editingFinished.connect(lambda name=name: self._typed(name))
            across = QHBoxLayout()
            across.setSpacing(8)
            for part in (head, shape):
                across.addWidget(part)
            across.addWidget(line, 1)
            column.addLayout(across)
            cell = self.cells[name] = self._number(name, slider_end(float(np.abs(array).max())))
            cell.value_changed.connect(lambda value, name=name: self._cell_moved(name, value))
            column.addWidget(cell)
            self.lines[name], self._shapes[name] = line, shape
        align([row.head for row in self.numbers.values()])
        self._column.insertWidget(1, self._rows)

    def _number(self, name: str, end: float) -> NumberRow:
        field = Field(name=name, kind="number", low=-MOST_SIZE, high=MOST_SIZE, slider=(-end, end), default=0.0, step=end / 100)
        return NumberRow(field, parent=self._rows)

    # --- what the user does

    def _number_moved(self, name: str, value: float) -> None:
        self.value_edited.emit(name, np.array(float(value)))

    def _cell_moved(self, name: str, value: float) -> None:
        array = self._values[name].copy()
        array.reshape(-1)[self._cell[1]] = float(value)
        self.value_edited.emit(name, array)

    def _typed(self, name: str) -> None:
        """A line was left: its rows are the leaf's value, or are none, which is said."""
        if name not in self.lines:
            return
        try:
            array = array_in(self.lines[name].text())
            if float(np.abs(array).max()) > MOST_SIZE:
                raise LeafError("leaf.no_number", text=self.lines[name].text()[:20], row=1)
        except CodedError as error:
            self._say(f"{name}: {error.message(language())}")
            return
        self._say("")
        if array.shape != self._values[name].shape or bool((array != self._values[name]).any()):
            self.value_edited.emit(name, array)

    def _say(self, problem: str) -> None:
        set_text(self.problem, problem)
        self.problem.setVisible(bool(problem))

    def focus_value(self, name: str) -> None:
        """Give the keyboard to the control of a leaf's chosen number."""
        row = self.numbers.get(name) or self.cells.get(name)
        if row is not None:
            row.slider.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        set_text(self._title, self.tr("Values"))
        set_text(self._hint, self.tr("Rows are apart by semicolons. Click a number in the graph to move it with a slider."))
        for name, line in self.lines.items():
            line.setToolTip(self.tr("The numbers of {name}, rows apart by semicolons: 0.1 0.3; 0.2 0.4").format(name=name))
