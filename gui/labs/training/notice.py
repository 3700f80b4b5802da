"""What a run has to say when it has ended: finished and where it is kept, or diverged or failed, why, and
what to do.

Called by the training lab, which puts it above the curves, where the user looks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gui.shell.theme import set_role

Tone = Literal["ok", "warning", "muted"]


class Notice(QWidget):
    """A sentence, in the tone that fits it, and a button that opens the run's folder. Hidden while there is
    nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.open = QPushButton()
        self.open.setProperty("role", "link")
        self.open.clicked.connect(self._open_folder)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.open)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.retranslate()
        self.clear()

    def clear(self) -> None:
        """Say nothing."""
        self.say("", "muted")

    def say(self, text: str, tone: Tone, folder: Path | None = None) -> None:
        """Show `text`; `folder` is what the button opens."""
        self._folder = folder
        self.text.setText(text)
        self.text.setAccessibleName(text)
        set_role(self.text, tone)
        self.open.setVisible(folder is not None)
        self.open.setToolTip(str(folder) if folder else "")
        self.setVisible(bool(text))

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.open.setText(self.tr("Open the folder"))
        self.open.setAccessibleName(self.open.text())
