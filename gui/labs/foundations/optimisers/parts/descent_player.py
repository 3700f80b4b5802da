"""The player of a descent: which of its steps is looked at. Called by the board of optimisers."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.figures import full_count
from gui.labs.foundations.scrub_player import ScrubPlayer

SHORTEST_MS, LONGEST_MS, WHOLE_MS = 33, 200, 6_000  # a step at least and at most; all of them, where that is between
COUNT_PX = 86


class DescentPlayer(ScrubPlayer):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count.setFixedWidth(COUNT_PX)
        self.end.hide()  # the number of steps is set beside it

    def interval_ms(self, last: int) -> int:
        """A step is seen for a while; many steps take a few seconds together."""
        return max(SHORTEST_MS, min(WHOLE_MS // max(last, 1), LONGEST_MS))

    def told(self, step: int, last: int) -> str:
        return self.tr("step {step} / {steps}").format(step=full_count(step), steps=full_count(last))

    def retranslate(self) -> None:
        self.set_tips(
            self.tr("Back to the start"),
            self.tr("One step back"),
            self.tr("Go down step by step (Space)"),
            self.tr("One step on"),
        )
        self.scrub.setAccessibleName(self.tr("Step"))
        self.scrub.setToolTip(self.tr("Which step is looked at"))
        super().retranslate()
