"""How many parameters the recurrent layer has, and why: the formula with today's numbers, in the convention of torch, of Keras
or of the book.

Called by the sequence lab's panel.
"""

from __future__ import annotations

from typing import get_args

import msgspec
from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.figures import full_count
from engine.layers.base import Derivation, Shape
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.trace import trace
from engine.sequences.conventions import CountingName, WrittenCell, counted, written_cells
from gui.labs.sequence.settings.size_axes import SizeAxes
from gui.widgets.forms.controls import Segmented
from gui.widgets.formula_text import breakable, explained, grouped, with_subscripts
from gui.widgets.labels import label, set_text


class ParameterCount(QWidget):
    """`show_layer` shows a layer's number of parameters on an input (T, F). `convention_chosen`: another way of counting."""

    convention_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer: Recurrent | None = None
        self._shape: Shape = ()
        self.title, self.count = label("title"), label("answer")
        self.formula, self.worked = label("muted", wraps=True, rich=True), label("muted", wraps=True, rich=True)
        self.stands_still = label("small", wraps=True)
        self.axes = SizeAxes()
        self.convention = Segmented()
        self.written = label("small", wraps=True)
        self._convention: CountingName = "torch"
        self.convention.chosen.connect(self.convention_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.title)
        column.addWidget(self.count)
        column.addWidget(self.formula)
        column.addWidget(self.worked)
        column.addWidget(self.convention)
        column.addWidget(self.written)
        column.addSpacing(4)
        column.addWidget(self.stands_still)
        column.addWidget(self.axes)
        self.retranslate()

    def show_layer(self, layer: Recurrent | None, shape: Shape | None) -> None:
        """None: there is no recurrent layer, or nothing that it could read."""
        self._layer, self._shape = layer, shape or ()
        there_is = layer is not None and shape is not None and len(shape) == 2
        self.setVisible(there_is)
        if there_is:
            self._write()

    def set_convention(self, convention: CountingName) -> None:
        """Count as torch, as Keras or as the book does; nothing is emitted."""
        self._convention = convention
        self.convention.set_current(convention)
        self._write()

    @property
    def derivation(self) -> Derivation:
        """The number, in the convention that is chosen, and the formula that says why."""
        assert self._layer is not None
        return derivation_in(self._layer, self._shape, self._convention)

    def _write(self) -> None:
        if self._layer is None or len(self._shape) != 2:
            return
        found, room = self.derivation, float(max(self.width() - 4, 120))
        set_text(self.count, full_count(found.result))
        set_text(self.formula, with_subscripts(breakable(found.formula, room)))
        set_text(self.worked, breakable(f"= {grouped(found.substituted)}", room))
        for part in (self.formula, self.worked):
            part.setToolTip(explained(found))
        steps = full_count(self._shape[0])
        set_text(self.stands_still, self.tr("T = {steps} is not in the formula: the count stands still").format(steps=steps))
        set_text(self.written, self._written_said(self._layer))
        self.axes.show_sizes(self._layer.hidden_size, self._shape[0])

    def _written_said(self, layer: Recurrent) -> str:
        """How the chosen convention writes the cell."""
        cell = written_in(layer, self._convention)
        if cell is None:
            return self.tr("It has no such cell; counted as torch does")
        each = cell.biases // len(cell.order)
        order = ", ".join(cell.order)
        if len(cell.order) == 1:
            return self.tr("Biases: {count}").format(count=each)
        return self.tr("Gate order {order} · biases in each gate: {count}").format(order=order, count=each)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Parameters of the recurrent layer"))
        names = {"torch": "torch", "keras": "Keras", "book": self.tr("From Scratch 2")}
        self.convention.set_choices([(name, names[name]) for name in get_args(CountingName)])
        self.convention.set_current(self._convention)
        self.convention.setAccessibleName(self.tr("Convention"))
        tips = {
            "torch": self.tr("As torch.nn counts: two biases in each gate"),
            "keras": self.tr("As Keras counts: one bias in each gate of an LSTM"),
            "book": self.tr("As 'Deep Learning from Scratch 2' counts: one bias in each gate"),
        }
        for name, tip in tips.items():
            self.convention.button(name).setToolTip(tip)
        self._write()


def written_in(layer: Recurrent, convention: CountingName) -> WrittenCell | None:
    """The cell of `layer` as the convention writes it; None: it has none."""
    framework = {"torch": "PyTorch", "keras": "Keras", "book": "book"}[convention]
    cells = written_cells(type(layer).__name__)  # type: ignore[arg-type]
    return next((cell for cell in cells if cell.framework == framework), None)


def derivation_in(layer: Recurrent, shape: Shape, convention: CountingName) -> Derivation:
    """The number of parameters of `layer` on an input (T, F) in that convention, with the formula of torch, in which b says how
    many biases a gate has."""
    found = next(each for each in layer.derivations(shape) if each.quantity == "parameters")
    cell = written_in(layer, convention)
    if cell is None:
        return found
    biases = cell.biases // len(cell.order)
    symbols = tuple((symbol, code, biases if symbol == "b" else value) for symbol, code, value in found.symbols)
    rows = counted(trace((layer,), shape), (layer,), convention).rows  # type: ignore[arg-type]  # one of AnyLayer
    return msgspec.structs.replace(found, symbols=symbols, result=rows[0].parameters if rows else found.result)
