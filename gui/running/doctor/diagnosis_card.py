"""The diagnoses of a run in full: what is seen, why it hinders learning, what to try, and a button that tries it.

A window that opens below the diagnosis in the run bar's line, and closes with a click outside it or Escape.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from engine.doctor.diagnoses import Diagnosis
from engine.doctor.remedies import Remedy, remedy
from engine.experiments.experiment import Experiment
from engine.figures import full_count
from gui.shell.language import language
from gui.shell.on_screen import place, room_at
from gui.widgets.labels import label, separator

WIDTH_PX = 440
IN_FULL = 2  # diagnoses; of more the titles are listed: the first ones are the causes


class DiagnosisCard(QFrame):
    """`show_diagnoses` fills it, `open_below` opens it. `tried` carries the experiment of the remedy that was pressed,
    `gone_back` that of one that is to begin with the last moment whose numbers were finite."""

    tried = Signal(object)
    gone_back = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH_PX)
        self.offers: list[QPushButton] = []
        self._last_finite: int | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(6)

    def show_diagnoses(
        self, diagnoses: tuple[Diagnosis, ...], experiment: Experiment | None, last_finite: int | None = None
    ) -> None:
        """`experiment` is what the run is made of, which a remedy is an edit of. `last_finite`: the last kept moment of a run
        that has diverged."""
        self._clear()
        self._last_finite = last_finite
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
        self.ensurePolished()
        self._fit()
        place(self, corner - QPoint(self.width(), 0))
        self.show()
        self._fit()  # now in the fonts that the style sheet gives to shown texts

    def _fit(self) -> None:
        """Be as high as the texts are: adjustSize() ends at two thirds of the screen."""
        self._column.invalidate()
        self.resize(WIDTH_PX, min(self._column.totalHeightForWidth(WIDTH_PX), room_at(self.pos()).height()))

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
        said = offered.said(language())
        tip = self.tr("Begins a new run with this edit. The one before stays in its folder")
        self._add_button("primary", said, tip, self.tried, offered.experiment)
        if self._last_finite is not None and offered.goes_back and offered.code == "set_rate":  # all that a branch can change
            text = self.tr("From iteration {step} on: {edit}").format(step=full_count(self._last_finite), edit=said)
            tip = self.tr("Begins a new run with the last moment whose numbers were finite. The one before stays in its folder")
            self._add_button("", text, tip, self.gone_back, offered.experiment)

    def _add_button(self, role: str, text: str, tip: str, then: SignalInstance, experiment: Experiment) -> None:
        button = QPushButton(text)
        if role:
            button.setProperty("role", role)
        button.setToolTip(tip)

        def pressed() -> None:
            self.hide()
            then.emit(experiment)

        button.clicked.connect(pressed)
        self.offers.append(button)
        self._column.addSpacing(6)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _clear(self) -> None:
        self.offers.clear()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
