"""The page of the gates: heat maps unit x time step of every gate and state of a recurrent layer, while it learns."""

from __future__ import annotations

from PySide6.QtCore import QEvent

from gui.labs.sequence.sequence_page import SequencePage


class GatesPage(SequencePage):
    def __init__(self) -> None:
        super().__init__()
        self.retranslate()

    def page_title(self) -> str:
        return self.tr("Gates and states")

    def short_title(self) -> str:
        return self.tr("Gates", "choice of pages")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.page_title())
