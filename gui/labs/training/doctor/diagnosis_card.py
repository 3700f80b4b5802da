"""The diagnoses of a run in full: what is seen, why it hinders learning, what to try, and a button that tries it.

A window that opens below the diagnosis in the run bar's line, and closes with a click outside it or Escape.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from engine.doctor.diagnoses import Diagnosis
from engine.doctor.remedies import Remedy, remedy
from engine.experiments.experiment import Experiment
from engine.figures import full_count
from gui.shell.language import language
from gui.shell.on_screen import place
from gui.widgets.labels import label, separator

WIDTH_PX = 440
IN_FULL = 2  # diagnoses; of more the titles are listed: the first ones are the causes


class DiagnosisCard(QFrame):
    """`show_diagnoses` fills it, `open_below` opens it. `tried` carries the experiment of the remedy that was pressed."""

    tried = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH_PX)
        self.offers: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(6)

    def show_diagnoses(self, diagnoses: tuple[Diagnosis, ...], experiment: Experiment | None) -> None:
        """`experiment` is what the run is made of, which a remedy is an edit of."""
        self._clear()
        for number, diagnosis in enumerate(diagnoses[:IN_FULL]):
            if number:
                self._column.addSpacing(6)
                self._column.addWidget(separator())
                self._column.addSpacing(6)
            self._add(diagnosis, None if experiment is None else remedy(diagnosis, experiment))
        others = [diagnosis.title(language()) for diagnosis in diagnoses[IN_FULL:]]
        if others:
            self._column.addSpacing(6)
            self._text("muted", self.tr("Also seen: {titles}").format(titles=", ".join(others)))

    def open_below(self, corner: QPoint) -> None:
        """Open with the upper right corner at a point of the screen, or as near as the screen allows."""
        self.adjustSize()
        place(self, corner - QPoint(self.width(), 0))
        self.show()

    def _add(self, diagnosis: Diagnosis, offered: Remedy | None) -> None:
        shown = language()
        self._text("heading", diagnosis.title(shown))
        at_start = self.tr("Before the first iteration")
        when = at_start if diagnosis.step == 0 else self.tr("At iteration {step}").format(step=full_count(diagnosis.step))
        self._text("muted", when)
        for title, text in (
            (self.tr("What is seen"), diagnosis.seen(shown)),
            (self.tr("Why it matters"), diagnosis.why(shown)),
            (self.tr("What to try"), diagnosis.advice(shown)),
        ):
            self._column.addSpacing(4)
            self._text("note_title", title)
            self._text("worked", text)
        if offered is not None:
            self._offer(offered)

    def _text(self, role: str, text: str) -> None:
        made = label(role, wraps=True)
        made.setText(text)
        self._column.addWidget(made)

    def _offer(self, offered: Remedy) -> None:
        button = QPushButton(offered.said(language()))
        button.setProperty("role", "primary")
        button.setToolTip(self.tr("Begins a new run with this edit. The one before stays in its folder"))
        button.clicked.connect(lambda _on=False: self._try(offered.experiment))
        self.offers.append(button)
        self._column.addSpacing(6)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _try(self, experiment: Experiment) -> None:
        self.hide()
        self.tried.emit(experiment)

    def _clear(self) -> None:
        self.offers.clear()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
