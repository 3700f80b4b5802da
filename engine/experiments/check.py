"""Whether an experiment can be run at all: asked before torch is imported and data are loaded, so that a refusal comes at once.

And what becomes of one on other data. Called by `engine.training.execution`; the window may call it to say so before play is
pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple, cast

from engine.data.info import Data, DataInfo, DatasetError
from engine.data.sources import describe
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Training
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import CannotRunError, RunProblem
from engine.fields import edited
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import every
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNormalization
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.edits import Layers, replaced
from engine.networks.fitted_layers import fitted_layers, plain_layers
from engine.networks.hints import built, no_flatten
from engine.networks.repairs import repairs, text
from engine.networks.trace import Row, trace
from engine.words import LANGUAGES, Phrase, readable, say

VALIDATION_BATCH = 256  # samples, whatever the training's batch size, so that validation always costs the same
BEARABLE = 3  # times the usual learning rate, which a plain network of any kind still learns at


def check(experiment: Experiment) -> None:
    """Raises CannotRunError when the network cannot be built, does not take the data or does not answer the task, when loss or
    optimiser do not fit; DatasetError when there are no such data."""
    info = describe(experiment.data)
    network, training = experiment.network, experiment.training
    shape = network.input or info.input
    if shape != info.input:
        raise CannotRunError("input_differs", data=info.name, needs=readable(info.input), has=readable(shape))
    found = trace(network.layers, shape, tokens=info.tokens)
    if found.problem is not None:
        problem = found.problem
        mending = next(iter(repairs(network.layers, shape, problem, tokens=info.tokens)), None)
        repair = None if mending is None or mending.code == "remove" else {each: text(mending, each) for each in LANGUAGES}
        raise CannotRunError("network", where=problem.where, layer_code=problem.code, values=problem.values, repair=repair)
    if info.tokens:
        for layer in every(network.layers):  # nothing but the data makes tokens: every Embedding reads theirs
            if isinstance(layer, Embedding) and layer.num_embeddings < len(info.classes):
                values = {"has": layer.num_embeddings, "needs": len(info.classes)}
                raise CannotRunError("vocabulary_too_small", data=info.name, **values)
    if not network.layers:
        raise CannotRunError("no_layers")
    needs = info.target if info.task == "regression" else (*info.target, info.outputs)
    if found.output != needs:
        sizes = {"data": info.name, "needs": readable(needs), "has": readable(found.output)}
        if (hint := no_flatten(network.layers, found)) is not None:
            said = Phrase("hints", hint.code, {name: readable(value) for name, value in hint.values.items()})
            raise CannotRunError("output_differs_flatten", **sizes, layer=int(hint.where[0]) + 1, hint=said)
        raise CannotRunError("output_differs", **sizes)
    if info.task == "regression" and training.loss == "cross_entropy":
        raise CannotRunError("loss_needs_classes", data=info.name)
    if found.parameters == 0:
        raise CannotRunError("nothing_to_train")
    if (lone := _batch_of_one(experiment, info, network.layers, found.rows)) is not None:
        raise CannotRunError(lone.problem.code, **lone.problem.values)
    if (misplaced := _misplaced(training, info)) is not None:
        raise CannotRunError(misplaced.code, **misplaced.values)
    if training.truncated_steps is not None and any(
        isinstance(layer, Recurrent) and layer.bidirectional for layer in every(network.layers)
    ):
        raise CannotRunError("truncated_bidirectional")
    if training.nesterov and not (OPTIMIZERS[training.optimizer].takes("nesterov") and training.momentum > 0.0):
        raise CannotRunError("nesterov_needs_momentum")


def _misplaced(training: Training, info: DataInfo) -> RunProblem | None:
    """A setting that these data, or this loss, have no use for."""
    if training.label_smoothing > 0.0 and (training.loss or info.loss) != "cross_entropy":
        return RunProblem("label_smoothing_needs_classes")
    if training.class_weights and (training.loss or info.loss) != "cross_entropy":
        return RunProblem("class_weights_need_classes")
    if training.augmentation.is_on and not takes_augmentation(info):
        return RunProblem("augmentation_needs_images", {"data": info.name})
    return None


def takes_augmentation(info: DataInfo) -> bool:
    """Whether the samples are images, (C, H, W), which can be shifted, turned and flipped."""
    return len(info.input) == 3 and not info.tokens


def fitting(experiment: Experiment) -> Experiment:
    """`experiment` without the settings that its data or its loss have no use for."""
    try:
        info = describe(experiment.data)
    except DatasetError:
        return experiment
    training = experiment.training
    if not takes_augmentation(info):
        training = edited(training, augmentation=Augmentation())
    if (training.loss or info.loss) != "cross_entropy":
        training = edited(training, label_smoothing=0.0, class_weights=False)
    return edited(experiment, training=training)


def on_data(experiment: Experiment, data: Data) -> Experiment:
    """`experiment` on `data`, with the first of `fitted_layers` that can be trained on them. Settings that these data have no
    use for are left out. A network of another kind is not begun at a rate that only the one before it bore: spirals are learned
    at 0.01, at which convolutions die. Raises DatasetError where `data` cannot be had, CannotRunError where the training does
    not fit either."""
    info = describe(data)
    moved = fitting(edited(experiment, data=data, network=edited(experiment.network, input=None)))
    training = moved.training
    if training.loss is not None and training.loss != info.loss:
        training = edited(training, loss=None)
    if len(info.input) == 3:
        training = edited(training, truncated_steps=None)
    problem: CannotRunError | None = None
    for layers in fitted_layers(experiment.network.layers, info, read_alike=_read_alike(experiment, info)):
        fresh = layers != experiment.network.layers and layers == plain_layers(info)
        taken = _at_bearable_rate(training) if fresh else training
        found = edited(moved, training=taken, network=edited(moved.network, layers=layers))
        try:
            check(found)
        except CannotRunError as error:
            problem = error
        else:
            return found
    assert problem is not None
    raise problem


def _at_bearable_rate(training: Training) -> Training:
    """With a learning rate at most `BEARABLE` times the one that its optimiser is usually begun with."""
    most = BEARABLE * OPTIMIZERS[training.optimizer].lr
    return training if training.lr <= most else edited(training, lr=most)


def _read_alike(experiment: Experiment, info: DataInfo) -> bool:
    """Whether the network was made for inputs with as many axes, of the same kind."""
    try:
        before = describe(experiment.data)
    except DatasetError:
        return experiment.network.input is not None and len(experiment.network.input) == len(info.input)
    return before.tokens == info.tokens and len(before.input) == len(info.input)


class LoneSample(NamedTuple):
    """A batch of one sample that a batch normalisation will meet: why the run cannot go through it, and the experiment in which
    no batch has only one. `repair` is None where no batch size leaves none."""

    problem: RunProblem
    repair: Experiment | None

    def said(self, language: str = "en") -> str:
        """The repair in a few words, for a button; empty if there is none."""
        if self.repair is None:
            return ""
        if self.problem.code == "validation_of_one":
            return say("run", "keep_statistics", language)
        return say("run", "set_batch_size", language, value=self.repair.training.batch_size)


def batch_of_one(experiment: Experiment) -> LoneSample | None:
    """Whether a batch of one sample will meet a batch normalisation that has nothing else to take a mean over: its input is a
    vector, or maps of one cell. torch refuses such a batch, in training, and in validation too where no running statistics are
    kept. None also where the data or the network have another problem."""
    try:
        info = describe(experiment.data)
    except DatasetError:
        return None
    found = trace(experiment.network.layers, experiment.network.input or info.input, tokens=info.tokens)
    return None if found.problem is not None else _batch_of_one(experiment, info, experiment.network.layers, found.rows)


def _batch_of_one(experiment: Experiment, info: DataInfo, layers: Layers, rows: Sequence[Row]) -> LoneSample | None:
    narrow = [
        (path, layer)
        for path, layer, row in built(layers, rows)
        if isinstance(layer, BatchNormalization) and prod(row.input[1:]) == 1
    ]
    if not narrow:
        return None
    size, values = experiment.training.batch_size, {"train": info.train, "batch_size": experiment.training.batch_size}
    if _leaves_one(info.train, size):
        nearest = (other for away in range(1, size + info.train) for other in (size - away, size + away) if other > 1)
        other = next((batch for batch in nearest if not _leaves_one(info.train, batch)), None)
        repair = other and edited(experiment, training=edited(experiment.training, batch_size=other))
        problem = RunProblem("every_batch_of_one", values) if size == 1 else RunProblem("last_batch_of_one", values)
        return LoneSample(problem, repair or None)
    if info.validation % VALIDATION_BATCH != 1 or all(layer.track_running_stats for _, layer in narrow):
        return None
    for path, layer in narrow:
        layers = replaced(layers, path, cast("AnyLayer", edited(layer, track_running_stats=True)))
    repair = edited(experiment, network=edited(experiment.network, layers=layers))
    return LoneSample(RunProblem("validation_of_one", {"validation": info.validation}), repair)


def _leaves_one(samples: int, batch_size: int) -> bool:
    """Whether one of an epoch's batches has one sample."""
    return batch_size == 1 or samples % batch_size == 1
