"""The first weights, how long a gradient may be, and how far back through time it goes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.data.info import DataInfo
from engine.experiments.experiment import Experiment, Training
from engine.fields import edited
from engine.figures import full_count, in_digits
from engine.layers.kinds.composite import every
from engine.layers.kinds.recurrent import Recurrent
from gui.labs.training.settings.fold import Fold
from gui.shell.language import say
from gui.widgets.forms.form import Form
from gui.widgets.labels import label, set_text

WORDS = "fields_training"


class StartFold(Fold):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("start", parent)
        self._experiment = Experiment()
        self.training = Form(Training, ("initialization", "initial_deviation", "clip", "truncated_steps"), words=WORDS)
        self.note = label("muted", wraps=True)
        self.rows.addWidget(self.training)
        self.rows.addWidget(self.note)
        self.training.edited.connect(self._edited)
        self.retranslate()

    def show_experiment(self, experiment: Experiment, opened: Experiment, info: DataInfo | None) -> None:
        self._experiment = experiment
        training = experiment.training
        self.training.show_value(training)
        self.training.set_row_visible("initial_deviation", training.initialization == "normal")
        recurs = any(isinstance(layer, Recurrent) for layer in every(experiment.network.layers))
        self.training.set_row_visible("truncated_steps", recurs or training.truncated_steps is not None)
        set_text(self.note, say(WORDS, f"initialization.{training.initialization}"))
        clip = "" if training.clip is None else f"{say(WORDS, 'clip')} {in_digits(training.clip)}"
        steps = training.truncated_steps
        truncated = "" if steps is None else f"{say(WORDS, 'truncated_steps')} {full_count(steps)}"
        self.tell(say("choices", training.initialization), clip, truncated)

    def _edited(self, training: Training) -> None:
        if training.initialization != "normal":
            training = edited(training, initial_deviation=Training().initial_deviation)  # a row that is not seen
        self.edited.emit(edited(self._experiment, training=training))

    def heads(self) -> list[QWidget]:
        return self.training.heads()

    def retranslate(self) -> None:
        self.set_title(
            self.tr("Start and gradient"), self.tr("How the first weights are drawn, and how long a gradient may be.")
        )
