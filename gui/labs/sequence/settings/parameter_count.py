"""How many parameters the recurrent layer has, and why: the formula with today's numbers, in the convention of torch, of Keras
or of the book.

Called by the sequence lab's panel.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.figures import full_count
from engine.layers.base import Derivation, Shape
from engine.layers.kinds.recurrent import Recurrent
from gui.labs.sequence.settings.two_axes import TwoAxes
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
        self.axes = TwoAxes()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for part in (self.title, self.count, self.formula, self.worked, self.stands_still, self.axes):
            column.addWidget(part)
        self.retranslate()

    def show_layer(self, layer: Recurrent | None, shape: Shape | None) -> None:
        """None: there is no recurrent layer, or nothing that it could read."""
        self._layer, self._shape = layer, shape or ()
        there_is = layer is not None and shape is not None and len(shape) == 2
        self.setVisible(there_is)
        if there_is:
            self._write()

    @property
    def derivation(self) -> Derivation:
        """The number and the formula that says why."""
        assert self._layer is not None
        return next(each for each in self._layer.derivations(self._shape) if each.quantity == "parameters")

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
        self.axes.show_sizes(self._layer.hidden_size, self._shape[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Parameters of the recurrent layer"))
        self._write()
