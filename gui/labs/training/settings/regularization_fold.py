"""What works against overfitting: weight decay, smoothed labels, dropout, batch normalisation, early stopping.

Dropout and batch normalisation are layers: these two controls edit the network, and say so."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.data.info import DataInfo
from engine.experiments.experiment import Experiment, Training
from engine.experiments.regularizing import dropout, has_batch_norm, with_batch_norm, with_dropout
from engine.experiments.stopping import EarlyStopping
from engine.fields import Field, edited
from engine.figures import fixed, full_count, in_digits
from engine.layers.kinds.activation import Dropout
from engine.layers.kinds.composite import every
from engine.layers.kinds.normalization import BatchNormalization
from engine.networks.edits import Layers
from engine.training.chance import smoothing_floor
from gui.labs.training.settings.fold import Fold
from gui.shell.language import say
from gui.widgets.forms.controls import ToggleRow
from gui.widgets.forms.form import Form
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, set_text

WORDS = "fields_training"
SHARE = Field(name="p", kind="number", default=0.0, low=0.0, high=0.95, slider=(0.0, 0.9), step=0.05)


class RegularizationFold(Fold):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("regularization", parent)
        self._experiment = self._opened = Experiment()
        self.training = Form(Training, ("weight_decay", "decay_applies_to", "label_smoothing", "class_weights"), words=WORDS)
        self.floor = label("muted", wraps=True)
        self.dropout = NumberRow(SHARE)
        self.batch_norm = ToggleRow()
        self.layers_note = label("muted", wraps=True)
        self.stops = ToggleRow()
        self.stopping = Form(EarlyStopping, words=WORDS)
        self.rows.addWidget(self.training)
        for part in (self.floor, self.dropout, self.batch_norm, self.layers_note, self.stops, self.stopping):
            self.rows.addWidget(part)
        self.training.edited.connect(self._training_edited)
        self.dropout.value_changed.connect(self._dropout_edited)
        self.batch_norm.value_changed.connect(self._batch_norm_edited)
        self.stops.value_changed.connect(self._stops_edited)
        self.stopping.edited.connect(self._stopping_edited)
        self.retranslate()

    def show_experiment(self, experiment: Experiment, opened: Experiment, info: DataInfo | None) -> None:
        self._experiment, self._opened = experiment, opened
        training, layers = experiment.training, experiment.network.layers
        p, normed, stopping = dropout(layers), has_batch_norm(layers), training.early_stopping
        smoothed = info is not None and (training.loss or info.loss) == "cross_entropy"
        self.training.show_value(training)
        self.training.set_row_visible("decay_applies_to", training.weight_decay > 0.0)
        self.training.set_row_visible("label_smoothing", smoothed)
        self.training.set_row_visible("class_weights", smoothed)
        floor = ""
        if smoothed and info is not None and training.label_smoothing > 0.0 and not training.class_weights:
            values = {"classes": info.outputs, "floor": fixed(smoothing_floor(info.outputs, training.label_smoothing))}
            floor = self.tr("With {classes} classes the loss cannot fall below {floor}.").format(**values)
        set_text(self.floor, floor)
        self.floor.setVisible(bool(floor))
        self.dropout.set_value(p)
        self.batch_norm.set_value(normed)
        known = info is not None or experiment.network.input is not None  # the shapes of the layers it goes behind
        self.batch_norm.setEnabled(normed or known)
        set_text(self.layers_note, self._counted(layers))
        self.stops.set_value(stopping is not None)
        self.stopping.setVisible(stopping is not None)
        self.stopping.show_value(stopping or EarlyStopping())
        said = (
            self._part("weight_decay", training.weight_decay),
            self._part("label_smoothing", training.label_smoothing),
            self._part("dropout", p),
            say(WORDS, "class_weights") if training.class_weights else "",
            say(WORDS, "batch_norm") if normed else "",
            say(WORDS, "early_stopping") if stopping is not None else "",
        )
        self.tell(*(said if any(said) else (self.tr("none"),)))

    @staticmethod
    def _part(name: str, value: float) -> str:
        return f"{say(WORDS, name)} {in_digits(value)}" if value else ""

    def _counted(self, layers: Layers) -> str:
        """How many such layers the network has: what the two controls above have done."""
        dropouts = sum(isinstance(layer, Dropout) for layer in every(layers))
        norms = sum(isinstance(layer, BatchNormalization) for layer in every(layers))
        text = self.tr("These two edit the network: {dropouts} Dropout, {norms} BatchNorm layers.")
        return text.format(dropouts=full_count(dropouts), norms=full_count(norms))

    # --- what the user does

    def _training_edited(self, training: Training) -> None:
        if training.weight_decay == 0.0:
            training = edited(training, decay_applies_to="all")  # a row that is not seen
        self.edited.emit(edited(self._experiment, training=training))

    def _layers_edited(self, layers: Layers) -> None:
        self.edited.emit(edited(self._experiment, network=edited(self._experiment.network, layers=layers)))

    def _dropout_edited(self, p: float) -> None:
        self._layers_edited(with_dropout(self._experiment.network.layers, p, self._opened.network.layers))

    def _batch_norm_edited(self, on: bool) -> None:
        self._layers_edited(with_batch_norm(self._experiment, on))

    def _stops_edited(self, on: bool) -> None:
        self._stopping_edited(EarlyStopping() if on else None)

    def _stopping_edited(self, stopping: EarlyStopping | None) -> None:
        training = edited(self._experiment.training, early_stopping=stopping)
        self.edited.emit(edited(self._experiment, training=training))

    def heads(self) -> list[QWidget]:
        return [*self.training.heads(), self.dropout.head, *self.stopping.heads()]

    def retranslate(self) -> None:
        self.set_title(self.tr("Against overfitting"), self.tr("What keeps the network from learning its data by heart."))
        self.dropout.set_label(say(WORDS, "dropout"), say(WORDS, "dropout.help"))
        self.batch_norm.set_label(say(WORDS, "batch_norm"), say(WORDS, "batch_norm.help"))
        self.stops.set_label(say(WORDS, "early_stopping"), say(WORDS, "early_stopping.help"))
