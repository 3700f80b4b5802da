"""The doctor's word in the line under the run bar: Diagnosis: learning rate too high. A press opens what was seen, why, and
what to try.

It takes room from the line's sentence only, so that nothing moves when it comes. Called by the training lab.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Signal, Slot
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from engine.doctor.diagnoses import Diagnosis
from engine.experiments.experiment import Experiment
from gui.running.doctor.diagnosis_card import DiagnosisCard
from gui.shell.language import language
from gui.widgets.labels import literal

LINE_PX = 20


class DiagnosisLine(QPushButton):
    """Hidden as long as nothing is wrong. `tried` carries the experiment of a remedy that the user wants to try, `gone_back` of
    one that is to begin with the last moment whose numbers were finite."""

    tried = Signal(object)
    gone_back = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diagnoses: tuple[Diagnosis, ...] = ()
        self._experiment: Experiment | None = None
        self._last_finite: int | None = None
        self._is_short = False
        self.card: DiagnosisCard | None = None
        self.setProperty("role", "diagnosis")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LINE_PX)
        self.clicked.connect(self.open_card)
        self.hide()

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        return self._diagnoses

    def show_diagnoses(
        self, diagnoses: tuple[Diagnosis, ...], experiment: Experiment | None, last_finite: int | None = None
    ) -> None:
        """Show what has been found of the run that is made of `experiment`. `last_finite`: the last kept moment of a run
        that has diverged."""
        self._experiment, self._last_finite = experiment, last_finite
        if diagnoses != self._diagnoses:
            self._diagnoses = diagnoses
            if self.card is not None and not diagnoses:
                self.card.hide()
            self.retranslate()
        self.setVisible(bool(diagnoses))

    @Slot(bool)
    def set_short(self, short: bool) -> None:
        """In a narrow window, leave the sentence beside it its room: say how many diagnoses there are."""
        if short != self._is_short:
            self._is_short = short
            self.retranslate()

    @Slot()
    def open_card(self) -> None:
        """Show the diagnoses in full."""
        if not self._diagnoses:
            return
        if self.card is None:
            self.card = DiagnosisCard(self)
            self.card.tried.connect(self.tried)
            self.card.gone_back.connect(self.gone_back)
        self.card.show_diagnoses(self._diagnoses, self._experiment, self._last_finite)
        self.card.open_below(self.mapToGlobal(QPoint(self.width(), self.height() + 4)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        if not self._diagnoses:
            return
        first, others = self._diagnoses[0].title(language()), len(self._diagnoses) - 1
        text = self.tr("Diagnosis: {title}").format(title=first)
        if others:
            text = self.tr("Diagnosis: {title} (+{others})").format(title=first, others=others)
        self.setText(literal(self.tr("Diagnoses: {count}").format(count=others + 1) if self._is_short else text))
        self.setAccessibleName(text)
        self.setToolTip(f"{text}\n" + self.tr("What the doctor sees, why, and what to try"))
