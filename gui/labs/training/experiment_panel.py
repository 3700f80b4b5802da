"""The left column of the training lab: preset, name, network summary, data and training settings of one experiment.

Called by the lab, which it tells of each edit.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from engine.data.idx.idx_images import missing_files
from engine.data.info import Data, DataInfo, DatasetError
from engine.data.sources import names
from engine.experiments.check import batch_of_one, fitting, on_data
from engine.experiments.experiment import Experiment, Training, trace_of
from engine.experiments.optimisers import OPTIMIZER_FIELDS, OPTIMIZERS
from engine.experiments.problems import CannotRunError
from engine.fields import edited
from engine.figures import full_count
from engine.networks import hints, repairs
from engine.networks.network_text import network_text
from engine.runs.status import Status
from engine.words import printable, readable
from gui.labs.training.data.own_buttons import OwnButtons, OwnKind
from gui.labs.training.settings.augmentation_fold import AugmentationFold
from gui.labs.training.settings.fold import Fold
from gui.labs.training.settings.regularization_fold import RegularizationFold
from gui.labs.training.settings.schedule_fold import ScheduleFold
from gui.labs.training.settings.start_fold import StartFold
from gui.labs.training.state import FIRST_PRESET
from gui.running.experiment_names import name_in_words, preset_of, presets, problem_with
from gui.running.lab.settings_panel import WORDS, SettingsPanel
from gui.shell.language import language, say
from gui.widgets.forms.controls import ChoiceRow, align
from gui.widgets.forms.form import Form
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, separator, shortened

WIDTH = 296
CHOICE = 176
OWN = "own"
LONGEST_NAME = 120
BESIDE_NAME = 34  # px, in the list of presets: its edges and its arrow
TRAINING = ("optimizer", "lr", "momentum", "nesterov", "batch_size", "epochs", "device")
OPTIONS = ("length", "noise", "wave", "symbols", "digits", "reversed")
OF_OWN: dict[str, OwnKind] = {"folder": "pictures"}  # data that there are none of before they are chosen
DATA = ("validation", "samples", *OPTIONS)


class ExperimentPanel(SettingsPanel):
    """The experiment was perhaps `opened` as another one."""

    folds_changed = Signal(object)  # the keys of the parts that are open
    network_asked = Signal()  # in its own lab
    own_asked = Signal(str)  # the kind of data of his own that the user wants to choose
    again_asked = Signal()  # the file or folder of the data is to be chosen again
    fetch_asked = Signal(str)  # the name of a data set whose files are missing

    def __init__(self, parent: QWidget | None = None) -> None:
        first = self._opened = presets()[FIRST_PRESET]
        super().__init__(first, WIDTH, CHOICE, parent)
        self._repaired: Experiment | None = None  # what the button below the problem leads to
        self.preset = self.choice
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name_label = QLabel()
        self.edit_network = QPushButton()
        self.edit_network.setProperty("role", "link")
        self.about = label("muted", wraps=True)
        self.network = label("muted", wraps=True)
        self.repair, self.fetch = QPushButton(), QPushButton()
        self._missing = ""  # the data set whose files can be fetched
        self.note = label("fact", wraps=True)
        self.schedule, self.regularization = ScheduleFold(), RegularizationFold()
        self.start, self.augmentation = StartFold(), AugmentationFold()
        self.folds: tuple[Fold, ...] = (self.schedule, self.regularization, self.start, self.augmentation)
        self.training = Form(Training, TRAINING, words=WORDS)
        self.dataset = ChoiceRow()
        self.data = Form(Data, DATA, words=WORDS)
        self.own, self.again = OwnButtons(), QPushButton()
        self._titles = {name: label("title") for name in ("training", "data")}
        self._lay_out()
        self.preset.chosen.connect(self._preset_chosen)
        self.name.editingFinished.connect(self._name_edited)
        self.name.returnPressed.connect(self.name.clearFocus)
        self.edit_network.clicked.connect(self.network_asked)
        self.training.edited.connect(self._training_edited)
        self.dataset.chosen.connect(self._dataset_chosen)
        self.data.edited.connect(self._data_edited)
        self.repair.clicked.connect(self._repair)
        self.own.asked.connect(self.own_asked)
        self.again.clicked.connect(self.again_asked)
        self.fetch.clicked.connect(lambda: self.fetch_asked.emit(self._missing))
        for fold in self.folds:
            fold.edited.connect(self.take)
            fold.toggled.connect(self._fold_toggled)
        self.retranslate()

    def _lay_out(self) -> None:
        column = self.column
        name_line = QHBoxLayout()
        name_line.setSpacing(8)
        name_line.addWidget(self.name_label)
        name_line.addWidget(self.name, 1)
        column.addLayout(name_line)
        for part in (self.about, self.network):
            column.addWidget(part)
        links = QHBoxLayout()
        links.setSpacing(0)
        links.addWidget(self.edit_network)
        links.addWidget(self.export)
        links.addStretch(1)
        column.addLayout(links)
        column.addWidget(separator())
        column.addWidget(self._titles["training"])
        column.addWidget(self.training)
        column.addWidget(self.seed)
        column.addWidget(self.note)
        column.addWidget(separator())
        for fold in self.folds:
            column.addWidget(fold)
        column.addWidget(separator())
        data_line = QHBoxLayout()
        data_line.addWidget(self._titles["data"], 1)
        data_line.addWidget(self.dataset)
        column.addLayout(data_line)
        column.addWidget(self.data)
        column.addWidget(self.own)
        self.dataset.setFixedWidth(CHOICE)
        self.end_with(self.repair, self.fetch, self.again)

    # --- what is shown

    def show_experiment(self, experiment: Experiment, opened: Experiment | None = None) -> None:
        """Show it; nothing is emitted. `opened` is what it was edited from; None: the preset of its name, or itself."""
        named = (known for known in presets().values() if known.name == experiment.name)
        self._opened = opened or next(named, experiment)
        super().show_experiment(experiment)

    def taken_at_once(self) -> tuple[str, str]:
        tip = self.tr(
            "What reaches a run under way at once: learning rate and schedule, momentum, weight decay, gradient clipping, "
            "label smoothing, augmentation, and the probability of the Dropout layers that there are"
        )
        return self.tr("Edits of the learning rate and a few others reach it at once."), tip

    def set_folds(self, keys: tuple[str, ...]) -> None:
        """Open these parts, and fold the others."""
        for fold in self.folds:
            fold.set_open(fold.key in keys)
        self.align_rows()

    def show_run(self, status: Status | None) -> None:
        """The run of these settings stands so; None: there is none."""
        self.schedule.show_run(status)

    def torch_ready(self) -> None:
        """torch can be imported without delay from now on."""
        self.augmentation.torch_ready()

    def close_panel(self, deadline_s: float) -> None:
        """End the preview's thread."""
        self.augmentation.close_fold(deadline_s)

    def set_devices(self, available: list[str]) -> None:
        """Offer only the devices that this machine has."""
        row = self.training.row("device")
        assert isinstance(row, ChoiceRow)
        now = self._experiment.training.device
        row.set_choices([(name, say("choices", name)) for name in available if name])
        if now not in available:  # a file from another machine: shown as it is, and refused with the reason when run
            row.box.addItem(say("choices", now), now)
        row.set_value(now)

    def show_settings(self) -> None:
        experiment = self._experiment
        info = self.info()
        self.training.show_value(experiment.training)
        self.seed.set_value(experiment.seed)
        self.dataset.set_value(experiment.data.name)
        self.data.show_value(self._effective(experiment.data, info))
        optimizer = OPTIMIZERS[experiment.training.optimizer]
        for name in (field for field in OPTIMIZER_FIELDS if field in TRAINING):
            useless = name == "nesterov" and experiment.training.momentum == 0
            self.training.set_row_visible(name, optimizer.takes(name) and not useless)
        self.data.set_row_visible("validation", experiment.data.folds is None)  # or else a fold validates
        for fold in self.folds:
            fold.show_experiment(experiment, self._opened, info)
        for name in OPTIONS:
            self.data.set_row_visible(name, info is not None and name in info.options)
        self._show_preset()
        if not self.name.hasFocus() or not self.name.isModified():
            self.name.setText(name_in_words(experiment))
            self.name.setCursorPosition(0)
            self.name.setToolTip(name_in_words(experiment))
        self._show_texts(info)
        self.align_rows()

    @staticmethod
    def _effective(data: Data, info: DataInfo | None) -> Data:
        """`data` with the values that None stands for."""
        if info is None:
            return data
        given = {name: getattr(info, name) for name in ("samples", *OPTIONS)}
        return msgspec.structs.replace(data, **{key: value for key, value in given.items() if value is not None})

    def _show_preset(self) -> None:
        stem, own = preset_of(self._experiment), ""
        choices = [(name, say("presets", name)) for name in presets()]
        if not stem:
            name = name_in_words(self._experiment)
            own = self.tr("{name} (edited)").format(name=name) if self._edited() else name
            room = CHOICE - BESIDE_NAME
            choices.insert(0, (OWN, self.preset.box.fontMetrics().elidedText(own, Qt.TextElideMode.ElideMiddle, room)))
        self.preset.set_choices(choices)
        self.preset.set_value(stem or OWN)
        self.preset.box.setToolTip(own)
        stem = preset_of(self._opened)
        self.about.setText(say("presets", f"{stem}.about") if stem else "")
        self.about.setVisible(bool(stem))

    def _edited(self) -> bool:
        """Whether the experiment is no longer what was opened under its name."""
        return self._experiment != self._opened and self._experiment.name == self._opened.name

    def _show_texts(self, info: DataInfo | None) -> None:
        self.problem = problem_with(self._experiment)
        said, words, self._repaired = self._advice(info)
        self.problem_box.setText(said)
        self.problem_box.setVisible(bool(said))
        self.repair.setText(words)
        self.repair.setVisible(self._repaired is not None)
        self._missing = missing_files(self._experiment.data)
        self.fetch.setText(self.tr("Fetch the files…"))
        self.fetch.setVisible(bool(self._missing))
        self._name_again()
        self.again.setVisible(bool(self._missing) or (info is None and self._experiment.data.path is not None))
        lines = []
        if info is not None:
            counts = self.tr("training {train} · validation {validation}")
            counts = counts.format(train=full_count(info.train), validation=full_count(info.validation))
            own = "" if info.path is None else f": {shortened(printable(Path(info.path).name))}"
            lines = [f"{say('datasets', info.name)}{own} · {readable(info.input)}", counts]
        lines.append(network_text(self._experiment.network.layers))
        if not self.problem:
            parameters = trace_of(self._experiment).parameters
            lines.append(self.tr("{count} parameters").format(count=full_count(parameters)))
        self.network.setText("\n".join(lines))
        training = self._experiment.training
        self.note.setVisible(info is not None)
        self.note.setText("" if info is None else self._epoch_note(info.train, training.batch_size, training.epochs))

    def _epoch_note(self, samples: int, batch: int, epochs: int) -> str:
        """How an epoch falls into iterations, and the run into epochs."""
        iterations, last = -(-samples // batch), samples % batch
        values = {
            "samples": full_count(samples),
            "batch": full_count(batch),
            "iterations": full_count(iterations),
            "last": full_count(last),
            "epochs": full_count(epochs),
            "all": full_count(epochs * iterations),
        }
        whole = self.tr("The run: {epochs} epochs × {iterations} = {all} iterations.").format(**values)
        if iterations == 1:
            text = self.tr("1 epoch = 1 iteration with all {samples} samples.")
        elif last == 0:
            text = self.tr("1 epoch = {samples} ÷ {batch} = {iterations} iterations.")
        else:
            text = self.tr("1 epoch = {samples} ÷ {batch} → {iterations} iterations; the last batch has {last}.")
        return text.format(**values) + "\n" + whole

    def _advice(self, info: DataInfo | None) -> tuple[str, str, Experiment | None]:
        """Why the experiment cannot be run or is likely not meant, what a button would do about it, and the experiment that it
        leads to; empty where there is nothing to say."""
        experiment = self._experiment
        if (lone := batch_of_one(experiment)) is not None and self.problem:
            return self.problem, lone.said(language()), lone.repair
        if self.problem:
            if (fitted := fitting(experiment)) != experiment and not problem_with(fitted):
                return self.problem, self.tr("Leave this setting out"), fitted
            stem = self._fitting_preset()
            if not stem:
                return self.problem, self.tr("Fit the network to these data"), self._fitted(info)
            taken = edited(presets()[stem], seed=experiment.seed)
            return self.problem, self.tr("Take the preset for these data"), taken
        assert info is not None, "data that are missing are a problem"
        layers = experiment.network.layers
        hint = hints.first_hint(layers, trace_of(experiment), loss=experiment.training.loss or info.loss)
        if hint is None:
            return "", "", None
        network = edited(experiment.network, layers=hint.repair.layers, input=hint.repair.input or experiment.network.input)
        repaired = edited(experiment, network=network)
        return hints.text(hint, language()), repairs.text(hint.repair, language()), repaired

    def _fitted(self, info: DataInfo | None) -> Experiment | None:
        """The experiment with a network that fits its data; None where none is found."""
        try:
            return None if info is None else on_data(self._experiment, self._experiment.data)
        except (CannotRunError, DatasetError):
            return None

    def _fitting_preset(self) -> str:
        """The first preset whose network was made for these data; none was made for a user's own."""
        if self._experiment.data.path is not None:
            return ""
        name = self._experiment.data.name
        return next((stem for stem, known in presets().items() if known.data.name == name), "")

    # --- what the user does

    def _open(self, experiment: Experiment) -> None:
        self.experiment_opened.emit(experiment)

    def _preset_chosen(self, stem: str) -> None:
        if stem != OWN:
            self._open(presets()[stem])

    @Slot()
    def _name_edited(self) -> None:
        """Take over a name, or give the old one back where there is none."""
        name = " ".join(self.name.text().split())
        self.name.setModified(False)
        if name and name != name_in_words(self._experiment):
            self.take(edited(self._experiment, name=name))
        else:
            self.show_settings()

    def _training_edited(self, training: Training) -> None:
        before = self._experiment.training
        if training.optimizer != before.optimizer:
            training = edited(training, lr=rate_with(training.optimizer, before, self._opened.training))
        optimizer = OPTIMIZERS[training.optimizer]
        hidden = {name: getattr(Training(), name) for name in OPTIMIZER_FIELDS if not optimizer.takes(name)}
        if "weight_decay" in hidden:
            hidden["decay_applies_to"] = "all"
        if training.momentum == 0 or "momentum" in hidden:
            hidden["nesterov"] = False
        training = edited(training, **hidden)  # rows that have just disappeared
        self.take(edited(self._experiment, training=training))

    def _fold_toggled(self, is_open: bool) -> None:
        self.folds_changed.emit(tuple(fold.key for fold in self.folds if fold.is_open))
        fold = self.sender()
        if is_open and isinstance(fold, Fold):
            QTimer.singleShot(0, fold, lambda: self.bring_into_view(fold))

    def bring_into_view(self, fold: Fold) -> None:
        """Scroll as little as shows all of a part that has been opened, or as much of it as there is room for."""
        bar = self.area.verticalScrollBar()
        if (layout := self.page.layout()) is not None:
            layout.activate()
        missing = fold.geometry().bottom() - (bar.value() + self.area.viewport().height())
        if missing > 0:
            bar.setValue(min(bar.value() + missing + 8, fold.y()))

    def _dataset_chosen(self, name: str) -> None:
        if name in OF_OWN:
            self.show_settings()  # as long as nothing has been chosen
            self.own_asked.emit(OF_OWN[name])
        elif name != self._experiment.data.name:
            data = Data(name=name, validation=self._experiment.data.validation)
            self.take(fitting(edited(self._experiment, data=data)))

    def _data_edited(self, data: Data) -> None:
        """Take over what was changed, and nothing that was only shown in the place of None."""
        shown = self._effective(self._experiment.data, self.info())
        changes = {name: getattr(data, name) for name in DATA if getattr(data, name) != getattr(shown, name)}
        self.take(edited(self._experiment, data=edited(self._experiment.data, **changes)))

    @Slot()
    def _repair(self) -> None:
        repaired = self._repaired
        if repaired is None:
            return
        if repaired.name == self._experiment.name:
            self.take(repaired)
        else:  # a preset
            self._open(repaired)

    # --- words

    def retranslate(self) -> None:
        self.set_title(self.tr("Experiment"))
        self.preset.set_label("", self.tr("An experiment that is ready to run. Change of it what you like."))
        self.preset.box.setAccessibleName(self.tr("Preset"))
        self.dataset.set_label("", say(WORDS, "name.help"))
        self.dataset.box.setAccessibleName(say(WORDS, "name"))
        self.dataset.set_choices([(name, say("datasets", name)) for name in names()])
        self.name_label.setText(self.tr("Name"))
        self.name.setAccessibleName(self.tr("Name of the experiment"))
        self.edit_network.setText(self.tr("Edit network"))
        self.edit_network.setToolTip(self.tr("Open this network in the network lab"))
        self._name_again()
        self._titles["training"].setText(self.tr("Training"))
        self._titles["data"].setText(self.tr("Data"))
        self.training.retranslate()
        self.data.retranslate()
        for fold in self.folds:
            fold.retranslate()
        super().retranslate()

    def _name_again(self) -> None:
        """Where files have never been there, none are chosen again."""
        self.again.setText(self.tr("Choose their folder…") if self._missing else self.tr("Choose again..."))
        self.again.setToolTip(
            self.tr("Choose the folder of the IDX files")
            if self._missing
            else self.tr("Choose the file or the folder of these data again")
        )

    @Slot()
    def align_rows(self) -> None:
        rows = [self.training.row(name) for name in TRAINING] + [self.data.row(name) for name in DATA]
        every = [*rows, self.seed]
        heads = [head for fold in self.folds for head in fold.heads()]
        align([self.name_label, *heads, *(row.head for row in every if isinstance(row, NumberRow | ChoiceRow))])


def rate_with(optimizer: str, now: Training, opened: Training) -> float:
    """The learning rate with another optimiser: its usual one, or that of `opened` where this had it; but a rate that the user
    has set himself stays. That is one which is neither usual nor was opened."""
    if now.lr not in (OPTIMIZERS[now.optimizer].lr, opened.lr):
        return now.lr
    return opened.lr if opened.optimizer == optimizer else OPTIMIZERS[optimizer].lr
