"""The player of the graph: forward, then backward, node by node. Called by the graph's page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.labs.foundations.scrub_player import ScrubPlayer

STEP_MS = 1100  # long enough to read a product


class GraphPlayer(ScrubPlayer):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count.setMinimumWidth(self.count.fontMetrics().horizontalAdvance("000 / 000"))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def interval_ms(self, last: int) -> int:
        return STEP_MS

    def told(self, step: int, last: int) -> str:
        return f"{step} / {last}"

    def retranslate(self) -> None:
        self.set_tips(
            self.tr("To the given values (Home)"),
            self.tr("One step back (←)"),
            self.tr("Play the steps one after the other (Space)"),
            self.tr("One step on (→)"),
            self.tr("To the end: all values and gradients (End)"),
        )
        self.scrub.setAccessibleName(self.tr("Step"))
        self.scrub.setToolTip(self.tr("First forward, then backward, node by node"))
        super().retranslate()
