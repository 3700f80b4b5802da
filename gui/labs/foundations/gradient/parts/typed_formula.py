"""A formula that is typed: its name, a line of text, taken with Enter or when it is left. Called by the pages with an own
formula.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.labs.foundations.gradient.state import MOST_LETTERS
from gui.widgets.forms.controls import BOX_HEIGHT_PX
from gui.widgets.forms.text_line import TextLine
from gui.widgets.labels import label, set_text


class TypedFormula(QWidget):
    """`typed` carries another text than the one that is shown. `say` says below the line why one is refused."""

    typed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.head, self.line = label("muted"), TextLine()
        self.head.setText(name)
        self.line.setAccessibleName(name)
        self.line.setMaxLength(MOST_LETTERS)
        self.line.setFixedHeight(BOX_HEIGHT_PX)
        self.line.editingFinished.connect(self._finished)
        self.problem = label("warning", wraps=True)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.problem)
        row.addWidget(self.head)
        row.addWidget(self.line, 1)

    def show_text(self, text: str) -> None:
        """Show a formula; nothing is emitted. What is being typed stays until it is taken."""
        if text != self._shown:
            self._shown = text
            self.say("")
            self.line.setText(text)

    def say(self, problem: str) -> None:
        """Why the text in the line is no formula; empty: it is one."""
        set_text(self.problem, problem)
        self.problem.setVisible(bool(problem))

    def set_tip(self, tip: str) -> None:
        self.setToolTip(tip)

    @Slot()
    def _finished(self) -> None:
        if self.line.text() != self._shown:
            self.typed.emit(self.line.text())
        else:
            self.say("")
