"""The left column of the training lab: preset, network summary, data and training settings of one experiment.

It shows an experiment and emits an edited one; what becomes of it is the lab's. No torch: everything here is
on screen before torch is imported.
"""

from __future__ import annotations

from functools import cache

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.data.info import Data, DataInfo, DatasetError
from engine.data.sources import describe, names
from engine.experiments.check import check
from engine.experiments.experiment import Experiment, Training, preset, preset_names, trace_of
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.fields import edited, fields
from engine.figures import full_count
from engine.runs.failures import problem_of
from engine.words import printable, readable
from gui.labs.training.network_text import network_text
from gui.labs.training.state import FIRST_PRESET
from gui.shell.language import language, say
from gui.widgets.card import Card
from gui.widgets.forms.controls import ChoiceRow, align
from gui.widgets.forms.form import Form
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, separator

WIDTH = 296
CHOICE = 176
HEADER = 30  # as high as the other cards' with their buttons
OWN = "own"
WORDS = "fields_training"
TRAINING = ("optimizer", "lr", "momentum", "nesterov", "batch_size", "epochs", "weight_decay", "clip", "device")
DATA = ("validation", "samples", "length", "noise", "wave")


class ExperimentPanel(Card):
    """Shows `experiment`; emits `experiment_edited` with the whole new one when the user changes
    something."""

    experiment_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self._experiment = presets()[FIRST_PRESET]
        self._pending = False
        self.problem = ""  # why the experiment cannot be run, in words; empty: it can
        self.preset = ChoiceRow()
        self.about = label("muted", wraps=True)
        self.network = label("muted", wraps=True)
        self.problem_box = QLabel()
        self.problem_box.setProperty("role", "warning")
        self.problem_box.setWordWrap(True)
        self.repair = QPushButton()
        self.pending_box = label("muted", wraps=True)
        self.note = label("muted", wraps=True)
        self.training = Form(Training, TRAINING, words=WORDS)
        self.seed = NumberRow(fields(Experiment)["seed"])
        self.dataset = ChoiceRow()
        self.data = Form(Data, DATA, words=WORDS)
        self._titles = {name: label("title") for name in ("training", "data")}
        self._lay_out()
        self.preset.chosen.connect(self._preset_chosen)
        self.training.edited.connect(self._training_edited)
        self.seed.value_changed.connect(self._seed_edited)
        self.dataset.chosen.connect(self._dataset_chosen)
        self.data.edited.connect(self._data_edited)
        self.repair.clicked.connect(self._repair)
        self.retranslate()

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(7)
        for part in (self.about, self.network, self.problem_box, self.repair, self.pending_box):
            column.addWidget(part)
        column.addWidget(separator())
        column.addWidget(self._titles["training"])
        column.addWidget(self.training)
        column.addWidget(self.seed)
        column.addWidget(self.note)
        column.addWidget(separator())
        data_line = QHBoxLayout()
        data_line.addWidget(self._titles["data"], 1)
        data_line.addWidget(self.dataset)
        column.addLayout(data_line)
        column.addWidget(self.data)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self.tools.addWidget(self.preset)  # before the rest, also for the Tab key
        self.body.addWidget(scroll, 1)
        self.tools.addStrut(HEADER)
        self.tools.setContentsMargins(0, 0, 8, 0)
        for choice in (self.preset, self.dataset):  # beside a title, which names them
            choice.setFixedWidth(CHOICE)
        self.layout().setContentsMargins(12, 10, 4, 10)  # type: ignore[union-attr]

    # --- what is shown

    @property
    def experiment(self) -> Experiment:
        return self._experiment

    def show_experiment(self, experiment: Experiment) -> None:
        """Show it; nothing is emitted."""
        self._experiment = experiment
        self._show()

    def set_pending(self, pending: bool) -> None:
        """Whether what is shown differs from the run that is under way."""
        if pending != self._pending:
            self._pending = pending
            self.pending_box.setVisible(pending)

    def set_devices(self, available: list[str]) -> None:
        """Offer only the devices that this machine has."""
        row = self.training.row("device")
        assert isinstance(row, ChoiceRow)
        now = self._experiment.training.device
        row.set_choices([(name, say("choices", name)) for name in available if name])
        if now not in available:  # a file from another machine: shown as it is, and refused with the reason when run
            row.box.addItem(say("choices", now), now)
        row.set_value(now)

    def info(self) -> DataInfo | None:
        """What the data are; None where they cannot be had."""
        try:
            return describe(self._experiment.data)
        except DatasetError:
            return None

    def _show(self) -> None:
        experiment = self._experiment
        info = self.info()
        self.training.show_value(experiment.training)
        self.seed.set_value(experiment.seed)
        self.dataset.set_value(experiment.data.name)
        self.data.show_value(self._effective(experiment.data, info))
        optimizer = OPTIMIZERS[experiment.training.optimizer]
        for name in OPTIMIZER_FIELDS:
            useless = name == "nesterov" and experiment.training.momentum == 0
            self.training.set_row_visible(name, optimizer.takes(name) and not useless)
        for name in ("length", "noise", "wave"):
            self.data.set_row_visible(name, info is not None and name in info.options)
        self._show_preset()
        self._show_texts(info)
        self._align()

    @staticmethod
    def _effective(data: Data, info: DataInfo | None) -> Data:
        """`data` with the values that None stands for."""
        if info is None:
            return data
        given = {name: getattr(info, name) for name in ("samples", "length", "noise", "wave")}
        return msgspec.structs.replace(data, **{key: value for key, value in given.items() if value is not None})

    def _show_preset(self) -> None:
        stem = preset_of(self._experiment)
        choices = [(name, say("presets", name)) for name in presets()]
        if not stem:
            choices.insert(0, (OWN, self.tr("{name} (edited)").format(name=self._own_name())))
        self.preset.set_choices(choices)
        self.preset.set_value(stem or OWN)
        self.about.setText(say("presets", f"{stem}.about") if stem else "")
        self.about.setVisible(bool(stem))

    def _own_name(self) -> str:
        """The experiment's name, in the user's language where it is a preset's."""
        name = self._experiment.name
        return next((say("presets", stem) for stem, known in presets().items() if known.name == name), printable(name))

    def _show_texts(self, info: DataInfo | None) -> None:
        self.problem = self._find_problem()
        self.problem_box.setText(self.problem)
        self.problem_box.setVisible(bool(self.problem))
        self.repair.setVisible(bool(self.problem) and bool(self._fitting_preset()))
        self.pending_box.setVisible(self._pending)
        lines = []
        if info is not None:
            counts = self.tr("training {train} · validation {validation}")
            counts = counts.format(train=full_count(info.train), validation=full_count(info.validation))
            lines = [f"{say('datasets', info.name)} · {readable(info.input)}", counts]
        lines.append(network_text(self._experiment.network.layers))
        if not self.problem:
            parameters = trace_of(self._experiment).parameters
            lines.append(self.tr("{count} parameters").format(count=full_count(parameters)))
        self.network.setText("\n".join(lines))
        self.note.setText("" if info is None else self._epoch_note(info.train, self._experiment.training.batch_size))

    def _epoch_note(self, samples: int, batch: int) -> str:
        """How an epoch falls into iterations."""
        iterations, last = -(-samples // batch), samples % batch
        values = {
            "samples": full_count(samples),
            "batch": full_count(batch),
            "iterations": full_count(iterations),
            "last": full_count(last),
        }
        if iterations == 1:
            return self.tr("1 epoch = 1 iteration with all {samples} samples.").format(**values)
        if last == 0:
            return self.tr("1 epoch = {samples} ÷ {batch} = {iterations} iterations.").format(**values)
        text = self.tr("1 epoch = {samples} ÷ {batch} → {iterations} iterations; the last batch has {last}.")
        return text.format(**values)

    def _find_problem(self) -> str:
        try:
            check(self._experiment)
        except Exception as error:  # whatever it is, the form says it and stays
            return problem_of(error).sentence(language())
        return ""

    def _fitting_preset(self) -> str:
        """The first preset whose network was made for these data."""
        name = self._experiment.data.name
        return next((stem for stem, known in presets().items() if known.data.name == name), "")

    # --- what the user does

    def _emit(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._show()
        self.experiment_edited.emit(experiment)

    def _preset_chosen(self, stem: str) -> None:
        if stem != OWN:
            self._emit(presets()[stem])

    def _training_edited(self, training: Training) -> None:
        optimizer = OPTIMIZERS[training.optimizer]
        hidden = {name: getattr(Training(), name) for name in OPTIMIZER_FIELDS if not optimizer.takes(name)}
        if training.momentum == 0 or "momentum" in hidden:
            hidden["nesterov"] = False
        training = edited(training, **hidden)  # rows that have just disappeared
        self._emit(edited(self._experiment, training=training))

    def _seed_edited(self, seed: int) -> None:
        self._emit(edited(self._experiment, seed=seed))

    def _dataset_chosen(self, name: str) -> None:
        if name != self._experiment.data.name:
            data = Data(name=name, validation=self._experiment.data.validation)
            self._emit(edited(self._experiment, data=data))

    def _data_edited(self, data: Data) -> None:
        """Take over what was changed, and nothing that was only shown in the place of None."""
        shown = self._effective(self._experiment.data, self.info())
        changes = {name: getattr(data, name) for name in DATA if getattr(data, name) != getattr(shown, name)}
        self._emit(edited(self._experiment, data=edited(self._experiment.data, **changes)))

    def _repair(self) -> None:
        fitting = presets()[self._fitting_preset()]
        self._emit(edited(fitting, seed=self._experiment.seed))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Experiment"))
        self.preset.set_label("", self.tr("An experiment that is ready to run. Change of it what you like."))
        self.preset.box.setAccessibleName(self.tr("Preset"))
        self.seed.set_label(say(WORDS, "seed"), say(WORDS, "seed.help"))
        self.dataset.set_label("", say(WORDS, "name.help"))
        self.dataset.box.setAccessibleName(say(WORDS, "name"))
        self.dataset.set_choices([(name, say("datasets", name)) for name in names()])
        self._titles["training"].setText(self.tr("Training"))
        self._titles["data"].setText(self.tr("Data"))
        self.repair.setText(self.tr("Take the preset for these data"))
        self.pending_box.setText(
            self.tr("A run is under way: the learning rate changes at once, everything else with the next run.")
        )
        self.training.retranslate()
        self.data.retranslate()
        self._show()
        QTimer.singleShot(0, self, self._align)  # after the forms, which align their own rows when they are told

    @Slot()
    def _align(self) -> None:
        rows = [self.training.row(name) for name in TRAINING] + [self.data.row(name) for name in DATA]
        every = [*rows, self.seed]
        align(row.head for row in every if isinstance(row, NumberRow | ChoiceRow))


@cache
def presets() -> dict[str, Experiment]:
    """The presets by name, read once."""
    return {stem: preset(stem) for stem in preset_names()}


def preset_of(experiment: Experiment) -> str:
    """The preset that `experiment` is; empty when it is none, or no longer."""
    return next((stem for stem, known in presets().items() if known == experiment), "")
