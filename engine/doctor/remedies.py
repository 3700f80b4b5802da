"""What mends a diagnosis, or what ended a run, where an edit of the experiment does: the experiment to try next.

A remedy is tried before it is offered: its network is traced, and checked as every run is. Where the data themselves are at
fault, or the loop, there is none. No torch. Called by the training lab, which begins a new run with it and keeps the old one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.doctor.diagnoses import TABLE, Diagnosis, DiagnosisCode
from engine.experiments.check import batch_of_one, check
from engine.experiments.experiment import Experiment, trace_of
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import CannotRunError, RunProblem
from engine.fields import edited
from engine.figures import in_digits
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.activation import Dropout, ReLU, ReLU6, Sigmoid, Tanh
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d
from engine.networks.edits import EditError, Layers, at, inserted, paths, replaced
from engine.networks.hints import double_softmax
from engine.words import say

FACTOR = 10.0  # of a learning rate
NARROW, WIDE = 16, 64  # units of a layer that is too narrow, and of one that is not
CLIP = 1.0
DROPPED = 0.5


@dataclass(frozen=True)
class Remedy:
    """`experiment` is what is to be tried. `code` is one of the "remedy." words. `goes_back`: it may also begin from the last
    moment of the run whose numbers were finite, because only steps have spoilt it."""

    code: str
    experiment: Experiment
    values: dict[str, str] = field(default_factory=dict)
    goes_back: bool = False

    def said(self, language: str = "en") -> str:
        """In a few words, for a button."""
        return say(TABLE, f"remedy.{self.code}", language, **self.values)


def remedy(diagnosis: Diagnosis, experiment: Experiment) -> Remedy | None:
    """The edit of `experiment`, which the run was made of, that mends what `diagnosis` says; None where no edit does."""
    make = _REMEDIES.get(diagnosis.code)
    try:
        found = None if make is None else make(diagnosis, experiment)
        if found is None or found.experiment == experiment:
            return None
        check(found.experiment)
    except (CannotRunError, DatasetError, EditError):
        return None
    return found


def mending(problem: RunProblem, experiment: Experiment) -> Remedy | None:
    """The edit of `experiment` that may mend what ended its run: of one that had too little memory for its steps, half the
    batch. None where no edit does, or the batch is one sample already."""
    if problem.code != "out_of_memory" or not problem.values.get("in_steps"):
        return None
    try:
        size = min(experiment.training.batch_size, describe(experiment.data).train) // 2
        found = _trained(experiment, batch_size=max(1, size))
        lone = batch_of_one(found)
        if lone is not None and lone.repair is not None:
            found = lone.repair
        if not 0 < found.training.batch_size <= size:
            return None
        check(found)
    except (CannotRunError, DatasetError):
        return None
    return Remedy("set_batch_size", found, {"value": str(found.training.batch_size)})


def _slower(diagnosis: Diagnosis, experiment: Experiment) -> Remedy:
    return _rate(experiment, min(_rate_of(diagnosis, experiment) / FACTOR, OPTIMIZERS[experiment.training.optimizer].lr))


def _faster(diagnosis: Diagnosis, experiment: Experiment) -> Remedy:
    return _rate(experiment, max(_rate_of(diagnosis, experiment) * FACTOR, OPTIMIZERS[experiment.training.optimizer].lr))


def _rate_of(diagnosis: Diagnosis, experiment: Experiment) -> float:
    """The rate that was seen, which may have been set in mid-run."""
    return float(diagnosis.values.get("lr", experiment.training.lr))


def _rate(experiment: Experiment, lr: float) -> Remedy:
    lr = float(f"{lr:.2g}")
    return Remedy("set_rate", _trained(experiment, lr=lr), {"value": in_digits(lr)}, goes_back=True)


def _other_batches(_: Diagnosis, experiment: Experiment) -> Remedy | None:
    lone = batch_of_one(experiment)
    if lone is None or lone.repair is None:
        return None
    size = lone.repair.training.batch_size
    if size == experiment.training.batch_size:
        return Remedy("keep_statistics", lone.repair)
    return Remedy("set_batch_size", lone.repair, {"value": str(size)})


def _without_softmax(_: Diagnosis, experiment: Experiment) -> Remedy | None:
    hint = double_softmax(experiment.network.layers, "cross_entropy")
    return None if hint is None else Remedy("remove_softmax", _networked(experiment, hint.repair.layers))


def _normalized(_: Diagnosis, experiment: Experiment) -> Remedy | None:
    """With a batch normalisation before all, which needs channels first: pictures (C, H, W) and vectors (F,)."""
    shape = describe(experiment.data).input
    first: AnyLayer = BatchNorm2d() if len(shape) == 3 else BatchNorm1d()
    if len(shape) == 2:
        return None
    return Remedy("normalize_first", _networked(experiment, inserted(experiment.network.layers, (0,), first)))


def _begun_as_torch(_: Diagnosis, experiment: Experiment) -> Remedy | None:
    """None where weights begin as torch has them already."""
    if experiment.training.initialization == "torch":
        return None
    return Remedy("begin_as_torch", _trained(experiment, initialization="torch"))


def _clipped(diagnosis: Diagnosis, experiment: Experiment) -> Remedy | None:
    if diagnosis.step <= 1 and (otherwise := _begun_as_torch(diagnosis, experiment)) is not None:
        return otherwise
    if experiment.training.clip is not None:
        return None
    return Remedy("clip", _trained(experiment, clip=CLIP), {"value": in_digits(CLIP)}, goes_back=True)


def _alive(diagnosis: Diagnosis, experiment: Experiment) -> Remedy | None:
    """Other first weights, or a batch normalisation before each activation function, which brings what comes to its middle
    whatever weights and biases are."""
    if (begun := _begun_as_torch(diagnosis, experiment)) is not None:
        return begun
    layers = experiment.network.layers
    rows = trace_of(experiment).rows
    for index in reversed(range(1, len(layers) - 1)):
        if isinstance(layers[index], ReLU | ReLU6 | Sigmoid | Tanh) and isinstance(layers[index - 1], Linear | Convolution):
            axes = len(rows[index].input)
            normal: AnyLayer = BatchNorm1d() if axes == 1 else BatchNorm2d()
            layers = inserted(layers, (index,), normal) if axes in (1, 3) else layers
    return Remedy("normalize_inside", _networked(experiment, layers))


def _with_relu(_: Diagnosis, experiment: Experiment) -> Remedy | None:
    """ReLU in the place of every sigmoid and tanh but the last layer, which makes the output's range."""
    layers = _swapped(experiment.network.layers, (Sigmoid, Tanh), ReLU())
    return Remedy("use_relu", _networked(experiment, layers))


def _swapped(layers: Layers, kinds: tuple[type, ...], other: AnyLayer) -> Layers:
    for path in paths(layers):
        if path != (len(layers) - 1,) and isinstance(at(layers, path), kinds):
            layers = replaced(layers, path, other)
    return layers


def _generalizing(_: Diagnosis, experiment: Experiment) -> Remedy | None:
    """All the data there are, where only some are used; else a dropout before the last layer."""
    everything = edited(experiment, data=edited(experiment.data, samples=None))
    if experiment.data.samples is not None and describe(everything.data).samples > experiment.data.samples:
        return Remedy("all_samples", everything)
    layers = experiment.network.layers
    if len(layers) < 2 or any(isinstance(at(layers, path), Dropout) for path in paths(layers)):
        return None
    return Remedy("drop_out", _networked(experiment, inserted(layers, (len(layers) - 1,), Dropout(p=DROPPED))))


def _wider(_: Diagnosis, experiment: Experiment) -> Remedy | None:
    """Every hidden layer that is narrow made wide; layers that name their input's size take what comes."""
    layers = experiment.network.layers
    weighted = [path for path in paths(layers) if isinstance(at(layers, path), Linear | Convolution)]
    for path in weighted[:-1]:
        layer = at(layers, path)
        name = "out_features" if isinstance(layer, Linear) else "out_channels"
        if getattr(layer, name) < NARROW:
            layers = replaced(layers, path, replace(layer, **{name: WIDE}))
    if layers == experiment.network.layers:
        return None
    for path in weighted[1:]:
        layer = at(layers, path)
        name = "in_features" if isinstance(layer, Linear) else "in_channels"
        layers = replaced(layers, path, replace(layer, **{name: None}))
    return Remedy("widen", _networked(experiment, layers))


def _trained(experiment: Experiment, **changes: Any) -> Experiment:
    return edited(experiment, training=edited(experiment.training, **changes))


def _networked(experiment: Experiment, layers: Layers) -> Experiment:
    return edited(experiment, network=edited(experiment.network, layers=layers))


_REMEDIES: dict[DiagnosisCode, Callable[[Diagnosis, Experiment], Remedy | None]] = {
    "learning_rate_high": _slower,
    "learning_rate_low": _faster,
    "batch_norm_single": _other_batches,
    "double_softmax": _without_softmax,
    "inputs_not_scaled": _normalized,
    "zero_start": _begun_as_torch,
    "small_start": _begun_as_torch,
    "exploding_gradient": _clipped,
    "saturated": _alive,
    "dead_units": _alive,
    "vanishing_gradient": _with_relu,
    "overfitting": _generalizing,
    "underfitting": _wider,
}
