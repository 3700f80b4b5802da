"""The line into which an own surface's formula is typed: what is no formula is said while it is typed. Called by the board of
optimisers."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.foundations.formula_graph import FormulaError
from engine.foundations.surfaces import own_surface
from gui.shell.language import told
from gui.widgets.forms.controls import mark
from gui.widgets.forms.text_line import TextLine
from gui.widgets.labels import label, set_text


class SurfaceFormula(QWidget):
    """`written` carries a formula of x and y as it is typed; why a text is none is said below the line."""

    written = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.line = label("muted"), TextLine()
        self.line.setMaxLength(1000)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.title)
        column.addWidget(self.line)
        self.problem = label("warning", wraps=True)
        self.problem.hide()
        column.addWidget(self.problem)
        self.line.textEdited.connect(self._typed)
        self.retranslate()

    def show_formula(self, text: str, problem: str) -> None:
        """Show it, and why it is none; nothing is emitted. A line that is being typed into keeps its text."""
        if self.line.text() != text and not (self.line.hasFocus() and self.line.isModified()):
            self.line.setText(text)
        if self.line.text() == text:
            self._say(problem)

    def _say(self, problem: str) -> None:
        mark(self.line, bool(problem))
        set_text(self.problem, problem)
        self.problem.setVisible(bool(problem))

    @Slot(str)
    def _typed(self, text: str) -> None:
        try:
            own_surface(text)
        except FormulaError as error:
            self._say(told(error))
            return
        self._say("")
        self.written.emit(text)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Height of the surface, of x and y"))
        self.line.setAccessibleName(self.title.text())
        self.line.setToolTip(self.tr("For example x**2 / 8 + y**2 + sin(2*x); also exp, log, sqrt, cos, abs, tanh"))
