"""The left column of the sequence lab: the task with its data, the recurrent layer with the number of its parameters, and the
training.

It shows an experiment and emits an edited one; what becomes of it is the lab's. No torch: everything here is on screen before
torch is imported.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from engine.data.info import Data, DataInfo, DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Training
from engine.experiments.mid_run import taken_over
from engine.fields import edited, fields
from engine.layers.kinds.recurrent import Recurrent
from engine.sequences.tasks import TASKS, cell_kind, fresh, task_named, with_data
from gui.labs.sequence.cell_edits import read_by, recurrent_of, with_recurrent
from gui.labs.sequence.settings.layer_rows import LayerRows
from gui.labs.sequence.settings.parameter_count import ParameterCount
from gui.labs.sequence.settings.task_rows import TaskRows
from gui.running.experiment_names import problem_with
from gui.shell.language import language, say
from gui.widgets.card import Card
from gui.widgets.forms.controls import ChoiceRow, align, keep_room_for_bar
from gui.widgets.forms.form import Form
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, separator

WIDTH = 288
CHOICE = 152
HEADER = 30  # as high as the other cards' with their buttons
WORDS = "fields_training"
OTHER = "other"  # data that are none of the tasks'
TRAINING = ("optimizer", "lr", "clip", "truncated_steps", "batch_size", "epochs")


class SequencePanel(Card):
    """Shows `experiment`. Emits `experiment_edited` with the whole new one when the user changes something, before that
    `settings_edited` where a run under way can take it over. `experiment_opened`: another one is taken."""

    experiment_edited = Signal(object)
    experiment_opened = Signal(object)
    settings_edited = Signal(object)  # name -> value, of those that may be changed in mid-run

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self.problem = ""  # why what is set cannot be run, in words; empty: it can
        self._experiment = Experiment()
        self._refused = ""  # why the data that were asked for last cannot be had
        self._pending, self._follows = False, True
        self.task = ChoiceRow()
        self.about = label("muted", wraps=True)
        self.data = TaskRows()
        self.layer = LayerRows()
        self.parameters = ParameterCount()
        self.training = Form(Training, TRAINING, words=WORDS)
        self.seed = NumberRow(fields(Experiment)["seed"])
        self.pending_box = label("muted", wraps=True)
        self.problem_box = label("warning", wraps=True)
        self._titles = {name: label("title") for name in ("layer", "training")}
        self._lay_out()
        self.task.chosen.connect(self._task_chosen)
        self.data.edited.connect(self._data_edited)
        self.layer.edited.connect(self._layer_edited)
        self.training.edited.connect(self._training_edited)
        self.seed.value_changed.connect(self._seed_edited)
        self.retranslate()

    def _lay_out(self) -> None:
        self.tools.addWidget(self.task)  # before the rest, also for the Tab key
        page = QWidget()
        page.setProperty("role", "page")
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_room_for_bar(scroll)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self.body.addWidget(scroll, 1)  # before it is filled: what is moved is styled once more, with all that is in it
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(7)
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
        column.addStretch(1)
        self.tools.addStrut(HEADER)
        self.tools.setContentsMargins(0, 0, 8, 0)
        self.task.setFixedWidth(CHOICE)
        said = QVBoxLayout()
        said.setContentsMargins(0, 0, 8, 0)
        said.setSpacing(6)
        said.addWidget(self.problem_box)
        said.addWidget(self.pending_box)
        self.body.addLayout(said)
        self.layout().setContentsMargins(12, 10, 4, 10)  # type: ignore[union-attr]

    # --- what is shown

    @property
    def experiment(self) -> Experiment:
        return self._experiment

    def show_experiment(self, experiment: Experiment) -> None:
        """Show it; nothing is emitted."""
        if experiment.data != self._experiment.data:
            self._refused = ""
        self._experiment = experiment
        self._show()

    def set_pending(self, pending: bool, *, follows: bool = True) -> None:
        """Whether what is shown differs from the run that is under way. `follows`: that run takes over a learning rate that is
        edited."""
        if (pending, follows) != (self._pending, self._follows):
            self._pending, self._follows = pending, follows
            self._write_pending()

    def info(self) -> DataInfo | None:
        """What the data are; None where they cannot be had."""
        try:
            return describe(self._experiment.data)
        except DatasetError:
            return None

    def _write_pending(self) -> None:
        text = self.tr("The run under way has other settings; these come with the next run.")
        if self._follows:
            text += " " + self.tr("Edits of the learning rate and of gradient clipping reach it at once.")
        self.pending_box.setText(text)
        self.pending_box.setVisible(self._pending)

    def _show(self) -> None:
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
        self.problem_box.setText(self._refused or self.problem)
        self.problem_box.setVisible(bool(self._refused or self.problem))
        self._write_pending()
        self._align()

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

    def _emit(self, experiment: Experiment) -> None:
        changed = taken_over(self._experiment, experiment)
        self._experiment = experiment
        if changed:
            self.settings_edited.emit(changed)
        self._show()
        self.experiment_edited.emit(experiment)

    @Slot(str)
    def _task_chosen(self, name: str) -> None:
        if name == OTHER or name == self._experiment.data.name:
            return
        self._refused = ""
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
        self._refused = ""
        self._emit(experiment)

    def _refuse(self, error: DatasetError) -> None:
        self._refused = error.message(language())
        self._show()

    @Slot(object)
    def _layer_edited(self, layer: Recurrent) -> None:
        self._emit(with_recurrent(self._experiment, layer))

    @Slot(object)
    def _training_edited(self, training: Training) -> None:
        self._emit(edited(self._experiment, training=training))

    def _seed_edited(self, seed: int) -> None:
        self._emit(edited(self._experiment, seed=seed))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Task"))
        self.task.set_label("", self.tr("What is to be learned. Each task begins with settings that learn it."))
        self.task.box.setAccessibleName(self.tr("Task"))
        self.seed.set_label(say(WORDS, "seed"), say(WORDS, "seed.help"))
        self._titles["layer"].setText(self.tr("Recurrent layer"))
        self._titles["training"].setText(self.tr("Training"))
        self._show()
        QTimer.singleShot(0, self, self._align)  # after the forms, which align their own rows when they are told

    @Slot()
    def _align(self) -> None:
        self.layer.name_rows()
        shorter = {"clip": self.tr("Clip norm"), "truncated_steps": self.tr("Truncated to")}
        for name, words in shorter.items():
            number = self.training.number(name)
            number.set_label(words, number.toolTip())
        own = [self.training.row(name) for name in TRAINING]
        heads = [row.head for row in own if isinstance(row, NumberRow | ChoiceRow)]
        every: list[QWidget] = [*self.data.heads(), *self.layer.heads(), *heads, self.seed.head]
        align([head for head in every if head.isVisibleTo(self)])
