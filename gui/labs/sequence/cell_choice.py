"""Which cell the network has: RNN, LSTM, GRU, the three side by side, or a causal convolution over time. Stands beside the run
bar.

Called by the sequence lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from gui.labs.sequence.cell_edits import CELLS
from gui.widgets.forms.controls import Segmented

BESIDE = "beside"  # the choice of the three recurrent cells side by side


class CellChoice(QFrame):
    """`show_cell` shows which one it is, `chosen` says which one the user has chosen: one of CELLS, or BESIDE."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.choice = Segmented()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 8)
        row.addWidget(self.choice)
        self.choice.chosen.connect(self.chosen)
        self.retranslate()

    def show_cell(self, name: str | None) -> None:
        """None: the network has no such cell."""
        self.choice.setEnabled(name is not None)
        if name is not None:
            self.choice.set_current(name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        texts = {"RNN": "RNN", "LSTM": "LSTM", "GRU": "GRU", BESIDE: self.tr("All three"), "Conv1d": self.tr("Causal conv")}
        order = (*CELLS[:3], BESIDE, CELLS[3])
        self.choice.set_choices([(name, texts[name]) for name in order])
        tips = {
            "RNN": self.tr("The plain recurrent cell: h' = tanh(W x + b + U h + b')"),
            "LSTM": self.tr("Long short-term memory: input, forget and output gate around a cell state"),
            "GRU": self.tr("Gated recurrent unit: reset and update gate, no cell state"),
            BESIDE: self.tr("RNN, LSTM and GRU side by side, with the same seed and the same data"),
            "Conv1d": self.tr("No recurrence: 1-d convolutions over time that read the present and the past only"),
        }
        for name, tip in tips.items():
            self.choice.button(name).setToolTip(tip)
        self.choice.setAccessibleName(self.tr("Cell"))
