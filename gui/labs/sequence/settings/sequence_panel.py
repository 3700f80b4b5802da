"""The left column of the sequence lab: the task, the data, the recurrent layer and its training.

It shows an experiment and emits an edited one; what becomes of it is the lab's. No torch: everything here is on screen before
torch is imported.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment, Training
from engine.fields import edited
from gui.labs.sequence.cell_edits import recurrent_of
from gui.running.experiment_names import preset_of, presets, problem_with
from gui.shell.language import say
from gui.widgets.card import Card
from gui.widgets.forms.controls import ChoiceRow, keep_room_for_bar
from gui.widgets.forms.form import Form
from gui.widgets.labels import label

WIDTH = 264


class SequencePanel(Card):
    """Shows `experiment`, which was perhaps `opened` as another one. Emits `experiment_edited` with the whole new one when the
    user changes something, before that `rate_edited` when it is the learning rate alone. `experiment_opened`: another one is
    taken."""

    experiment_edited = Signal(object)
    experiment_opened = Signal(object)
    rate_edited = Signal(float)
    folds_changed = Signal(object)  # the keys of the parts that are open

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self.problem = ""
        self._experiment = Experiment()
        self.task = ChoiceRow()
        self.training = Form(Training, ("lr", "batch_size", "epochs", "clip"), words="fields_training")
        self.pending_box = label("muted", wraps=True)
        self.pending_box.hide()
        self.problem_box = label("warning", wraps=True)
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.training)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_room_for_bar(scroll)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self.tools.addWidget(self.task)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.problem_box)
        self.body.addWidget(self.pending_box)
        self.task.chosen.connect(self._task_chosen)
        self.training.edited.connect(self._training_edited)
        self.retranslate()

    def show_experiment(self, experiment: Experiment, opened: Experiment | None = None) -> None:
        self._experiment = experiment
        self._show()

    def set_folds(self, keys: tuple[str, ...]) -> None: ...

    def set_pending(self, pending: bool, *, follows: bool = True) -> None:
        self.pending_box.setVisible(pending)

    def _show(self) -> None:
        self.training.show_value(self._experiment.training)
        self.task.set_value(preset_of(self._experiment))
        self.problem = problem_with(self._experiment)
        self.problem_box.setText(self.problem)
        self.problem_box.setVisible(bool(self.problem))

    def _task_chosen(self, stem: str) -> None:
        self.experiment_opened.emit(presets()[stem])

    def _training_edited(self, training: Training) -> None:
        before = self._experiment.training
        if training.lr != before.lr and edited(before, lr=training.lr) == training:
            self.rate_edited.emit(training.lr)
        self._experiment = edited(self._experiment, training=training)
        self._show()
        self.experiment_edited.emit(self._experiment)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Task"))
        stems = [stem for stem, known in presets().items() if recurrent_of(known) is not None]
        self.task.set_choices([(stem, say("presets", stem)) for stem in stems])
        self.pending_box.setText(self.tr("The run under way has other settings; these come with the next run."))
        self._show()
