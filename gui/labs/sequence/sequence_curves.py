"""The page of the loss curves: how the runs of the sequence lab learn."""

from __future__ import annotations

from PySide6.QtCore import QEvent

from gui.labs.sequence.sequence_page import SequencePage
from gui.running.run_curves import RunCurves


class SequenceCurves(SequencePage):
    """`curves` are the run's: loss, and where a class is guessed accuracy."""

    def __init__(self) -> None:
        super().__init__()
        self.curves = RunCurves()
        self.body.addWidget(self.curves, 1)
        self.retranslate()

    def page_title(self) -> str:
        return self.tr("Loss curves")

    def short_title(self) -> str:
        return self.tr("Curves", "choice of pages")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.page_title())
