"""The settings of the recurrent layer: a form of each kind's own fields. No torch. Called by the sequence lab's panel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.fields import fields
from engine.layers.kinds.recurrent import GRU, LSTM, RNN, Recurrent
from gui.widgets.forms.form import Form
from gui.widgets.forms.number_row import NumberRow

ROWS = ("nonlinearity", "hidden_size", "num_layers", "dropout", "bidirectional", "proj_size", "forget_bias")
KINDS: tuple[type[Recurrent], ...] = (RNN, LSTM, GRU)


class LayerRows(QWidget):
    """`show_layer` shows one, `edited` carries the whole new layer."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._forms: dict[type[Recurrent], Form] = {}
        self._shown: Form | None = None
        self._kind: type[Recurrent] = RNN

    def show_layer(self, layer: Recurrent | None) -> None:
        """None: the network has no recurrent layer, and there is nothing to set."""
        form = None if layer is None else self._form(type(layer))
        for each in self._forms.values():
            each.setVisible(each is form)
        self._shown = form
        self._kind = RNN if layer is None else type(layer)
        if form is None or layer is None:
            return
        form.show_value(layer)
        form.set_row_visible("dropout", layer.num_layers > 1)  # without a second layer there is nothing between them
        if "proj_size" in fields(type(layer)):
            form.number("proj_size").set_range(0, max(layer.hidden_size - 1, 0))

    def name_rows(self) -> None:
        """Shorter names than the forms' own, where the column is narrow; the tooltips are the forms'."""
        if self._shown is None:
            return
        shorter = {
            "hidden_size": self.tr("Hidden size H"),
            "dropout": self.tr("Dropout"),
            "forget_bias": self.tr("Forget bias"),
        }
        for name, words in shorter.items():
            if name in fields(self._kind):
                row = self._shown.number(name)
                row.set_label(words, row.toolTip())

    @property
    def form(self) -> Form | None:
        """The form of the shown kind."""
        return self._shown

    def heads(self) -> list[QWidget]:
        """The labels of its rows, to be aligned with all others."""
        return [] if self._shown is None else self._shown.heads()

    def number(self, name: str) -> NumberRow:
        """The row of a number of the shown kind."""
        assert self._shown is not None
        return self._shown.number(name)

    def _form(self, kind: type[Recurrent]) -> Form:
        if kind not in self._forms:
            form = Form(kind, tuple(name for name in ROWS if name in fields(kind)))
            form.edited.connect(self._edited)
            self._forms[kind] = form
            self._column.addWidget(form)
        return self._forms[kind]

    def _edited(self, layer: Recurrent) -> None:
        """A projection must be smaller than the hidden state."""
        if isinstance(layer, LSTM) and layer.proj_size >= layer.hidden_size:
            from engine.fields import edited

            layer = edited(layer, proj_size=layer.hidden_size - 1)
        self.edited.emit(layer)
