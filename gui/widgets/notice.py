"""A sentence with a button: why something fails or how it ended, and what can be done about it.

The network lab shows one in the layer's card and one over its page, the training lab one under its run bar.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.shell.theme import set_role
from gui.widgets.labels import label, set_text, wrapped

EDGES_PX = 26  # of a button, around its words


class Notice(QFrame):
    """`say` shows a sentence, `offer` a button beside it. A button `below` the sentence is as wide as the notice, and its words
    break into lines where they are too long. `clicked` carries the button's key."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, below: bool = False) -> None:
        super().__init__(parent)
        self._key, self._words = "", ""
        self._below = below
        self.text, self.button = label("note", wraps=True), QPushButton()
        self.button.clicked.connect(lambda _on=False: self.clicked.emit(self._key))
        if below:
            self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            column = QVBoxLayout(self)
            column.setContentsMargins(10, 8, 10, 8)
            column.setSpacing(6)
            column.addWidget(self.text)
            column.addWidget(self.button)
        else:
            self.button.setProperty("role", "link")
            self.row = QHBoxLayout(self)
            self.row.addWidget(self.text, 1)
            self.row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def say(self, text: str, role: str) -> None:
        """Show a sentence. `role` is the style sheet's, of the notice and its text."""
        for part in (self, self.text):
            if part.property("role") != role:
                set_role(part, role)
        set_text(self.text, text)
        self.text.setAccessibleName(text)

    def offer(self, button: tuple[str, str] | None) -> None:
        """Show a button with a key and words; None hides it."""
        if button is not None:
            self._key, self._words = button
            self.button.setAccessibleName(self._words)
            self._fit()
        self.button.setVisible(button is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        """Write the button's words, in lines where the button is below the sentence."""
        words = self._words
        if self._below:
            words = "\n".join(wrapped(words, QFontMetricsF(self.button.font()), self.button.width() - EDGES_PX))
        if words and self.button.text() != words:
            self.button.setText(words)
