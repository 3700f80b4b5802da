"""The page of conventions: how many parameters a recurrent cell of D inputs and H units has and why, and how each framework
writes the same cell.

It asks no model. D, H and the kind of cell are those of the network, until the user types others here.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.fields import Field
from engine.figures import full_count
from engine.layers.kinds.recurrent import GRU, LSTM, RNN, Recurrent
from engine.networks.trace import trace
from engine.sequences.conventions import CellName, WrittenCell, written_cells
from gui.labs.sequence.conventions.convention_table import ConventionTable
from gui.labs.sequence.sequence_page import SequencePage
from gui.widgets.forms.controls import Segmented
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.formula_text import BREAK, explained, grouped
from gui.widgets.labels import label, set_text
from gui.widgets.one_line import OneLine

USUAL = (10, 32)  # D and H that the figures of the frameworks were measured for
NARROW_PX = 460
CELLS: dict[type[Recurrent], CellName] = {LSTM: "LSTM", GRU: "GRU", RNN: "RNN"}
FRAMEWORKS = {"torch": "PyTorch", "keras": "Keras", "book": "book"}  # the row of a convention


class ConventionsPage(SequencePage):
    """`convention_chosen`: the user has gone to the row of one of the three conventions that the program counts by."""

    def __init__(self) -> None:
        super().__init__()
        self._own: tuple[CellName, int, int] | None = None  # of the network: cell, D, H
        self._experiment: Experiment | None = None
        self._convention = "torch"
        self._row = 0
        self._typed = False  # D, H or the cell are the user's
        self.cell = Segmented([("LSTM", "LSTM"), ("GRU", "GRU"), ("RNN", "RNN")])
        sizes = {"D": USUAL[0], "H": USUAL[1]}
        self.sizes = {
            name: NumberRow(
                Field(name=name, kind="integer", low=1, high=1_000_000, slider=(1, 512), scale="log", default=usual)
            )
            for name, usual in sizes.items()
        }
        self.back = QPushButton()
        self.back.setProperty("role", "link")
        self.count, self.formula = label("answer"), label("worked", wraps=True)
        self.note, self.symbols, self.network_line = (
            label("muted", wraps=True),
            label("small", wraps=True),
            OneLine("muted_line"),
        )
        self.table = ConventionTable()
        self._lay_out()
        self.cell.set_current("LSTM")
        self.cell.chosen.connect(lambda _name: self._edited())
        for row in self.sizes.values():
            row.value_changed.connect(lambda _value: self._edited())
        self.back.clicked.connect(self._take_own)
        self.table.row_chosen.connect(self._row_chosen)
        self.retranslate()

    def _lay_out(self) -> None:
        sizes = QHBoxLayout()
        sizes.setSpacing(16)
        sizes.addWidget(self.cell)
        for row in self.sizes.values():
            sizes.addWidget(row, 1)
        answer = QHBoxLayout()
        answer.setSpacing(12)
        answer.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        answer.addWidget(self.formula, 1)
        answer.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        self._answer = QWidget()
        self._answer.setLayout(answer)
        answer.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(sizes)
        column.addWidget(self._answer)
        column.addWidget(self.symbols)
        column.addWidget(self.network_line)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        self.body.addLayout(column, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 260)

    # --- what is shown

    @property
    def chosen(self) -> WrittenCell:
        """The row that the derivation is of."""
        return self.table.written.cells[self._row]

    @property
    def sizes_shown(self) -> tuple[int, int]:
        """D and H."""
        return int(self.sizes["D"].value or 1), int(self.sizes["H"].value or 1)

    def show_settings(self, experiment: Experiment | None) -> None:
        """The network that is being set has become this one: D, H and the cell follow it, unless the user has typed others."""
        self._experiment = experiment
        self._own = None if experiment is None else recurrence_of(experiment)
        if not self._typed:
            self._take_own()
        else:
            self._show()

    def show_run(self, experiment: Experiment | None) -> None:
        """The settings say it all; where there are none yet, the run does."""
        if self._experiment is None and experiment is not None:
            self.show_settings(experiment)

    def set_convention(self, name: str) -> None:
        """Show the row of "torch", "keras" or "book"; nothing is emitted."""
        self._convention = name
        self._show(row=self._row_of(name))

    @Slot()
    def _take_own(self) -> None:
        self._typed = False
        cell, inputs, hidden = self._own or ("LSTM", *USUAL)
        self.cell.set_current(cell)
        self.sizes["D"].set_value(inputs)
        self.sizes["H"].set_value(hidden)
        self._show()

    def _edited(self) -> None:
        self._typed = (self.cell.current, *self.sizes_shown) != (self._own or ("LSTM", *USUAL))
        self._show()

    def _show(self, row: int | None = None) -> None:
        name = self._cell_name()
        before = self.table.written.cells
        cells = written_cells(name)
        self.table.written.show_cells(name, cells, self.sizes_shown)
        if row is None:
            row = self._row if cells == before and self._row < len(cells) else self._row_of(self._convention)
        self._row = row
        self.table.written.choose(row)
        derivation = self.chosen.derivation(*self.sizes_shown)
        set_text(self.count, full_count(derivation.result))
        worked = f"{derivation.formula}\n= {grouped(derivation.substituted)} = {full_count(derivation.result)}"
        set_text(self.formula, worked.replace(" + ", f" {BREAK}+ "))
        set_text(self.symbols, explained(derivation).replace("\n", " · "))
        note = self.table.written.note(row)
        set_text(self.note, note)
        self.note.setVisible(bool(note))
        self.back.setVisible(self._typed and self._own is not None)
        self._tell_network()

    def _cell_name(self) -> CellName:
        found = self.cell.current
        return "GRU" if found == "GRU" else "RNN" if found == "RNN" else "LSTM"

    def _row_of(self, convention: str) -> int:
        cells = written_cells(self._cell_name())
        wanted = FRAMEWORKS.get(convention, "torch")
        return next((number for number, each in enumerate(cells) if wanted == each.framework), 0)

    @Slot(int)
    def _row_chosen(self, number: int) -> None:
        if number == self._row:
            return
        self._show(row=number)
        found = next((name for name, wanted in FRAMEWORKS.items() if wanted == self.chosen.framework), None)
        if found is not None and found != self._convention:
            self._convention = found
            self.convention_chosen.emit(found)

    def _tell_network(self) -> None:
        """How many parameters all layers and directions of the network's own recurrent layer have, in torch."""
        layer, shape = (None, None) if self._experiment is None else _first_recurrent(self._experiment)
        stacked = layer is not None and (layer.num_layers > 1 or layer.bidirectional or layer.projected)
        self.network_line.setVisible(stacked)
        if layer is None or shape is None or not stacked:
            return
        derivation = layer.derivations(shape)[0]
        text = self.tr("All of the network's {layer} in torch: {formula} = {count}")
        short = self.tr("All of the network's {layer} in torch: {count}")
        values = {
            "layer": type(layer).__name__,
            "formula": grouped(derivation.substituted),
            "count": full_count(derivation.result),
        }
        self.network_line.set_text(text.format(**values), short.format(**values), tip=explained(derivation))

    # --- words

    def page_title(self) -> str:
        return self.tr("Conventions")

    def short_title(self) -> str:
        return self.tr("Conventions", "choice of pages")

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.set_tools_below(self.width() < NARROW_PX)

    def retranslate(self) -> None:
        super().retranslate()
        self.sizes["D"].set_label("D", self.tr("Numbers that the cell reads at each time step"))
        self.sizes["H"].set_label("H", self.tr("Hidden size: units of the cell. It is not the number of time steps."))
        for row in self.sizes.values():
            row.head.setMinimumWidth(0)
        self.back.setText(self.tr("As in the network"))
        self.cell.setAccessibleName(self.tr("Cell"))
        self.table.setAccessibleName(self.tr("How frameworks write this cell"))
        self.table.written.retranslate()
        self._show()


def recurrence_of(experiment: Experiment) -> tuple[CellName, int, int] | None:
    """Kind, D and H of the network's first recurrent layer; None where it has none, or cannot be built that far."""
    layer, shape = _first_recurrent(experiment)
    if layer is None or shape is None:
        return None
    return CELLS[type(layer)], shape[-1], layer.hidden_size


def _first_recurrent(experiment: Experiment) -> tuple[Recurrent | None, tuple[int, ...] | None]:
    try:
        info = describe(experiment.data)
    except DatasetError:
        return None, None
    layers = experiment.network.layers
    for row in trace(layers, experiment.network.input or info.input, tokens=info.tokens).rows:
        layer = layers[row.index]
        if isinstance(layer, Recurrent) and type(layer) in CELLS:
            return layer, row.input
    return None, None
