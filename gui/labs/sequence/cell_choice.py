"""Which cell the network has: RNN, LSTM, GRU, the three side by side, or a causal convolution over time. Stands beside the run
bar.

Called by the sequence lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.sequences.tasks import CELL_KINDS
from gui.widgets.forms.controls import Segmented

BESIDE, CONVOLUTION = "beside", "convolution"  # the three recurrent cells side by side; one of them and a convolution


class CellChoice(Segmented):
    """`show_cell` shows which one it is, `chosen` says which one the user has chosen: one of CELL_KINDS, BESIDE or
    CONVOLUTION."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((), parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def show_cell(self, name: str | None) -> None:
        """None: the network has no such cell."""
        self.setEnabled(name is not None)
        if name is not None:
            self.set_current(name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        texts = {"RNN": "RNN", "LSTM": "LSTM", "GRU": "GRU", BESIDE: self.tr("All three"), CONVOLUTION: self.tr("With Conv1d")}
        order = (*CELL_KINDS, BESIDE, CONVOLUTION)
        self.set_choices([(name, texts[name]) for name in order])
        tips = {
            "RNN": self.tr("The plain recurrent cell: h' = tanh(W x + b + U h + b')"),
            "LSTM": self.tr("Long short-term memory: input, forget and output gate around a cell state"),
            "GRU": self.tr("Gated recurrent unit: reset and update gate, no cell state"),
            BESIDE: self.tr("RNN, LSTM and GRU side by side, with the same seed and the same data"),
            CONVOLUTION: self.tr(
                "The cell and, beside it, causal convolutions over time: no recurrence, they read the present and the past only"
            ),
        }
        for name, tip in tips.items():
            self.button(name).setToolTip(tip)
        self.setAccessibleName(self.tr("Cell"))
