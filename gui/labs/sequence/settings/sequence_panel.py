"""The left column of the sequence lab: the task with its data, the recurrent layer with the number of its parameters, and the
training.

Called by the lab, which it tells of each edit.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine.data.info import Data, DatasetError
from engine.experiments.experiment import Experiment, Training
from engine.fields import edited
from engine.layers.kinds.recurrent import Recurrent
from engine.sequences.tasks import TASKS, cell_kind, fresh, task_named, with_data
from gui.labs.sequence.cell_edits import read_by, recurrent_of, with_recurrent
from gui.labs.sequence.settings.layer_rows import LayerRows
from gui.labs.sequence.settings.parameter_count import ParameterCount
from gui.labs.sequence.settings.task_rows import TaskRows
from gui.running.experiment_names import problem_with
from gui.running.lab.settings_panel import WORDS, SettingsPanel
from gui.shell.language import language, of_the_data, say
from gui.widgets.forms.controls import ChoiceRow, align
from gui.widgets.forms.form import Form
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, separator

WIDTH = 288
CHOICE = 152
OTHER = "other"  # data that are none of the tasks'
TRAINING = ("optimizer", "lr", "clip", "truncated_steps", "batch_size", "epochs")


class SequencePanel(SettingsPanel):
    """Data that cannot be had are not taken, and it is said why, until something else is set or a run begins
    (`forget_refusal`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Experiment(), WIDTH, CHOICE, parent)
        self._refused: DatasetError | None = None  # why the data that were asked for last cannot be had
        self.task = self.choice
        self.about = label("muted", wraps=True)
        self.data = TaskRows()
        self.layer = LayerRows()
        self.parameters = ParameterCount()
        self.training = Form(Training, TRAINING, words=WORDS)
        self._titles = {name: label("title") for name in ("layer", "training")}
        self._lay_out()
        self.task.chosen.connect(self._task_chosen)
        self.data.edited.connect(self._data_edited)
        self.layer.edited.connect(self._layer_edited)
        self.training.edited.connect(self._training_edited)
        self.retranslate()

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(self.about)
        column.addWidget(self.data)
        column.addWidget(separator())
        column.addWidget(self._titles["layer"])
        column.addWidget(self.layer)
        column.addWidget(self.parameters)
        column.addWidget(separator())
        column.addWidget(self._titles["training"])
        column.addWidget(self.training)
        column.addWidget(self.seed)
        self.end_with()

    # --- what is shown

    def show_experiment(self, experiment: Experiment, opened: Experiment | None = None) -> None:
        self._refused = None
        super().show_experiment(experiment)

    def take(self, experiment: Experiment) -> None:
        self._refused = None
        super().take(experiment)

    def forget_refusal(self) -> None:
        """Say no more of data that were not taken: what is set is what counts."""
        if self._refused is not None:
            self._refused = None
            self._show_problem()

    def taken_at_once(self) -> tuple[str, str]:
        return self.tr("Edits of the learning rate and of gradient clipping reach it at once."), ""

    def show_settings(self) -> None:
        experiment, info = self._experiment, self.info()
        task = task_named(experiment.data.name)
        layer = recurrent_of(experiment)
        self._show_task()
        self.data.show_data(experiment.data, info, task)
        self.layer.show_layer(layer)
        self._titles["layer"].setVisible(layer is not None)
        self.parameters.show_layer(layer, read_by(experiment) if layer is not None else None)
        self.training.show_value(experiment.training)
        self.seed.set_value(experiment.seed)
        self.problem = problem_with(experiment)
        self._show_problem()
        self.align_rows()

    def _show_problem(self) -> None:
        refused = self._refused
        text = self.problem if refused is None else of_the_data(refused.message(language()))
        self.problem_box.setText(text)
        self.problem_box.setVisible(bool(text))

    def _show_task(self) -> None:
        name = self._experiment.data.name
        choices = [(task.name, say("datasets", task.name)) for task in TASKS]
        if task_named(name) is None:
            choices.insert(0, (OTHER, say("datasets", name)))
            self.about.setText("")
        else:
            reads, answers = (say("sequence_tasks", f"{name}.{part}") for part in ("reads", "answers"))
            shown = self.tr("At each step: {reads}\nTo answer: {answers}").format(reads=reads, answers=answers)
            self.about.setText(shown)
            self.about.setToolTip(say("sequence_tasks", f"{name}.watch"))
        self.about.setVisible(bool(self.about.text()))
        if [(self.task.box.itemData(i), self.task.box.itemText(i)) for i in range(self.task.box.count())] != choices:
            self.task.set_choices(choices)
        self.task.set_value(name if task_named(name) is not None else OTHER)
        self.task.box.setToolTip(self.task.box.currentText())

    # --- what the user does

    @Slot(str)
    def _task_chosen(self, name: str) -> None:
        if name == OTHER or name == self._experiment.data.name:
            return
        try:
            self.experiment_opened.emit(fresh(name, cell_kind(self._experiment) or "LSTM"))
        except DatasetError as error:
            self._refuse(error)

    @Slot(object)
    def _data_edited(self, data: Data) -> None:
        """Data that cannot be had are not taken, and it is said why."""
        try:
            experiment = with_data(self._experiment, data)
        except DatasetError as error:
            self._refuse(error)
            return
        self.take(experiment)

    def _refuse(self, error: DatasetError) -> None:
        self._refused = error.with_traceback(None)
        self.show_settings()

    @Slot(object)
    def _layer_edited(self, layer: Recurrent) -> None:
        self.take(with_recurrent(self._experiment, layer))

    @Slot(object)
    def _training_edited(self, training: Training) -> None:
        self.take(edited(self._experiment, training=training))

    # --- words

    def retranslate(self) -> None:
        self.set_title(self.tr("Task"))
        self.task.set_label("", self.tr("What is to be learned. Each task begins with settings that learn it."))
        self.task.box.setAccessibleName(self.tr("Task"))
        self._titles["layer"].setText(self.tr("Recurrent layer"))
        self._titles["training"].setText(self.tr("Training"))
        super().retranslate()

    @Slot()
    def align_rows(self) -> None:
        self.layer.name_rows()
        shorter = {"clip": self.tr("Clip norm"), "truncated_steps": self.tr("Truncated to")}
        for name, words in shorter.items():
            number = self.training.number(name)
            number.set_label(words, number.toolTip())
        own = [self.training.row(name) for name in TRAINING]
        heads = [row.head for row in own if isinstance(row, NumberRow | ChoiceRow)]
        every: list[QWidget] = [*self.data.heads(), *self.layer.heads(), *heads, self.seed.head]
        align([head for head in every if head.isVisibleTo(self)])
