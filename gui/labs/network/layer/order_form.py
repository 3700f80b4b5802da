"""The form of a Permute: the orders in which its axes can stand. Shown in the layer's card."""

from __future__ import annotations

from itertools import permutations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.fields import edited
from engine.layers.kinds.permute import Permute
from gui.shell.language import say
from gui.widgets.forms.controls import ChoiceRow, mark

MOST_AXES = 5  # of an order that is offered, the batch counted: 24 orders


class OrderForm(QWidget):
    """`edited` carries the new layer. All orders of as many axes as the layer has now are offered, the batch first; an order
    that is none is offered too while the layer has it."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Permute | None = None
        self.row = ChoiceRow()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.row)
        self.row.chosen.connect(self._chosen)
        self.retranslate()

    def heads(self) -> list[QWidget]:
        """The label widget."""
        return [self.row.head]

    def labels(self) -> list[str]:
        """Its text."""
        return [self.row.head.text()]

    def show_value(self, value: Permute) -> None:
        """Show a layer; nothing is emitted."""
        self._value = value
        axes = len(value.dims)
        orders = [(0, *order) for order in permutations(range(1, axes))] if axes <= MOST_AXES else []
        written = [", ".join(map(str, order)) for order in orders]
        if value.written not in written:
            written.append(value.written)
        self.row.set_choices([(order, order) for order in written])
        self.row.set_value(value.written)

    def mark(self, wrong: str) -> None:
        """Show the row in amber where `wrong` is its field."""
        mark(self.row, wrong == "dims")

    @Slot(str)
    def _chosen(self, order: str) -> None:
        if self._value is not None:
            self.show_value(edited(self._value, dims=tuple(int(axis) for axis in order.split(", "))))
            self.edited.emit(self._value)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.row.set_label(say("fields", "dims"), say("fields", "dims.help"))
