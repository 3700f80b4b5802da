"""The note of the open preset: what it shows and what to try. Called by the labs with presets."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.shell.language import say
from gui.shell.theme import theme
from gui.widgets.labels import set_text
from gui.widgets.one_line import OneLine


class _NoteText(QLabel):
    """The note itself, grey where it is about the past. It is painted so: another role of the style sheet would lay the whole
    window out, at the first move of a slider."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.setWordWrap(True)
        self._past = False

    def set_past(self, past: bool) -> None:
        if past != self._past:
            self._past = past
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._past:
            super().paintEvent(event)
            return
        grey, text = self.palette(), QPalette.ColorRole.WindowText
        grey.setColor(text, theme().muted)
        flags = self.alignment().value | Qt.TextFlag.TextWordWrap.value
        self.style().drawItemText(QPainter(self), self.contentsRect(), flags, grey, True, self.text(), text)


class PresetNote(QFrame):
    """`table` is the table of words with the titles of the presets and, under NAME.about, their notes. `closed`: the user
    closed the note. `restored`: the user wants the preset as it was."""

    closed = Signal()
    restored = Signal()

    def __init__(self, table: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.setProperty("role", "note")
        self._name, self._changed = "", False
        self._title = OneLine("note_title")  # so the note keeps its height where the title gives room to a button
        self._text = _NoteText()
        self.close_button, self.restore_button = QPushButton("×"), QPushButton()
        for button in (self.close_button, self.restore_button):
            button.setProperty("role", "link")
        self.close_button.clicked.connect(self.closed)
        self.restore_button.clicked.connect(self.restored)
        heading = QHBoxLayout()
        heading.setSpacing(4)
        heading.addWidget(self._title, 1)
        heading.addWidget(self.restore_button)
        heading.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 4, 8)
        column.setSpacing(2)
        column.addLayout(heading)
        self._text.setContentsMargins(0, 0, 6, 0)
        column.addWidget(self._text)
        self.hide()
        self.retranslate()

    def show_preset(self, name: str, *, changed: bool) -> None:
        """Show the note of a preset; none for an empty name. `changed`: the lab has changed since the preset was opened, and
        the note is about the state before."""
        if (name, changed) != (self._name, self._changed):
            self._name, self._changed = name, changed
            self._write()
        self.restore_button.setVisible(changed)
        self.setVisible(bool(name))

    def _write(self) -> None:
        if self._name:
            self._title.set_text(say(self._table, self._name))
            set_text(self._text, say(self._table, f"{self._name}.about"))
            self._text.set_past(self._changed)
            past = self.tr("This was said of it before your changes.") if self._changed else ""
            self._text.setToolTip(past)
            self.setAccessibleName(self._title.wording)
            self.setAccessibleDescription(self._text.text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.close_button.setToolTip(self.tr("Close this note"))
        self.close_button.setAccessibleName(self.tr("Close this note"))
        self.restore_button.setText(self.tr("Changed ↺"))
        self.restore_button.setToolTip(self.tr("Everything as the preset has it"))
        self.restore_button.setAccessibleName(self.tr("Back to the preset"))
        self._write()
