"""What is to be said of the chosen layer before its settings: that it breaks, is likely not meant, or is off; with one button
that mends it. Shown by the layer's card.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.shell.theme import set_role
from gui.widgets.labels import label, set_text, wrapped

EDGES_PX = 26  # of a button, around its text


class LayerNotice(QFrame):
    """`clicked` carries the key of the button."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._words = "", ""
        self.text = label("note", wraps=True)
        self.button = QPushButton()
        self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(lambda _on=False: self.clicked.emit(self._key))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addWidget(self.button)
        self.hide()

    def show_notice(self, text: str, button: tuple[str, str] | None = None, *, warns: bool = True) -> None:
        """A sentence and the (key, words) of its button; an empty sentence hides it. `warns`: in amber."""
        self._key, self._words = button or ("", "")
        role = "warn_notice" if warns else "note"
        for part in (self, self.text):
            if part.property("role") != role:
                set_role(part, role)
        set_text(self.text, text)
        self.button.setVisible(button is not None)
        self._fit()
        self.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        """Words that are too long for the card go on in the next line."""
        lines = "\n".join(wrapped(self._words, QFontMetricsF(self.button.font()), self.button.width() - EDGES_PX))
        if self.button.text() != lines:
            self.button.setText(lines)
        self.button.setAccessibleName(self._words)
