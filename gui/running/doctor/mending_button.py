"""What ended the run, and an edit that mends it: a button beside the sentence, in the line under the run bar.

Hidden where no edit does. It takes room from the sentence only. Called by the head of a lab that trains.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from engine.doctor.remedies import Remedy, mending
from engine.experiments.experiment import Experiment
from engine.experiments.problems import RunProblem
from gui.shell.language import language
from gui.widgets.labels import literal

LINE_PX = 20


class MendingButton(QPushButton):
    """`tried` carries the experiment that is to be begun anew."""

    tried = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[RunProblem | None, Experiment | None] = (None, None)
        self._offered: Remedy | None = None
        self.setProperty("role", "diagnosis")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LINE_PX)
        self.clicked.connect(self._press)
        self.hide()

    def show_problem(self, problem: RunProblem | None, experiment: Experiment | None) -> None:
        """`problem` ended the run that is made of `experiment`; None: nothing did."""
        if (problem, experiment) == self._shown:
            return
        self._shown = problem, experiment
        self._offered = None if problem is None or experiment is None else mending(problem, experiment)
        self.retranslate()
        self.setVisible(self._offered is not None)

    def _press(self) -> None:
        if self._offered is not None:
            self.tried.emit(self._offered.experiment)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        if self._offered is not None:
            said = self._offered.said(language())
            self.setText(literal(said))
            self.setAccessibleName(said)
            self.setToolTip(self.tr("Begins a new run with this edit. The one before stays in its folder"))
