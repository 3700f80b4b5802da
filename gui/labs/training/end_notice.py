"""The line under the run bar: how a run ended and where it is kept, or why it diverged or failed and what to do; while
there is nothing of that to say, which keys run a training.

Its height depends on the window's width alone and never on what it says, so that nothing moves when a run ends. Called by
the training lab.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gui.shell.theme import set_role

Tone = Literal["ok", "warn", "muted"]
ROOMY_PX = 1140  # wide enough for the longest sentence in one line; below that there are two
LINE_PX = 20


class Notice(QWidget):
    """A sentence, in the tone that fits it, and a button that opens the run's folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._said = ""
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open = QPushButton()
        self.open.setProperty("role", "link")
        self.open.clicked.connect(self._open_folder)
        keeps_room = self.open.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self.open.setSizePolicy(keeps_room)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.open, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(LINE_PX)
        self.retranslate()
        self.clear()

    @property
    def said(self) -> str:
        """What it says of a run; empty while it only names the keys."""
        return self._said

    def clear(self) -> None:
        """Say nothing of a run."""
        self.say("", "muted")

    def say(self, text: str, tone: Tone, folder: Path | None = None) -> None:
        """Show `text`; `folder` is what the button opens."""
        self._folder = folder
        self._said = text
        shown = text or self.tr("Space: play or pause · →: one step · Backspace: from the beginning")
        self.text.setText(shown)
        self.text.setAccessibleName(shown)
        self.text.setToolTip(text)
        set_role(self.text, f"{tone}_line")
        self.open.setVisible(folder is not None)
        self.open.setToolTip(str(folder) if folder else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(LINE_PX if self.width() >= ROOMY_PX else 2 * LINE_PX - 2)

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
        if not self._said:
            self.clear()
