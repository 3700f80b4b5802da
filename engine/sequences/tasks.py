"""The tasks of the sequence lab: which data, which of their settings are sliders, and the experiment that each begins with.

A task is a data set whose samples are sequences. Its experiment is the preset of its name, here with an RNN, a GRU, an LSTM
or a causal convolution in the recurrent layer's place and all else kept, so that several cells can be compared on the same
seed and data. Its words stand in `assets/words/sequence_tasks.toml`. Called by the lab, the bench and the tests. No torch.
"""

from __future__ import annotations

from math import log
from typing import Literal, NamedTuple, TypeAlias, cast

import msgspec

from engine.data.info import Data, DataInfo, DatasetError, Option
from engine.data.sources import describe, source_named
from engine.experiments.experiment import Experiment, preset
from engine.fields import Scale, edited
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv1d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool1d
from engine.layers.kinds.recurrent import GRU, LSTM, RNN, Recurrent
from engine.networks.edits import Layers, at, paths, replaced
from engine.networks.trace import Path, trace
from engine.words import say

RecurrentName: TypeAlias = Literal["RNN", "LSTM", "GRU"]
CELL_KINDS: tuple[RecurrentName, ...] = ("RNN", "LSTM", "GRU")
NaiveName: TypeAlias = Literal["last_value", "mean", "by_step", "frequencies"]

_CLASSES: dict[str, type[Recurrent]] = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}
KERNEL = 3  # time steps that one filter of the causal convolution reads


class TaskSlider(NamedTuple):
    """A setting of the data that the lab offers, and the part of its range that its slider covers; typing reaches the rest."""

    name: Option | Literal["samples"]  # a field of `Data`
    low: float
    high: float
    scale: Scale = "linear"
    step: float | None = None


class SequenceTask(NamedTuple):
    """A task: the data set's name (its title and its sentence are those of `assets/words/datasets.toml`), the preset that it
    begins with, its sliders, and the answer that looks at nothing, with which every network is compared.

    In `assets/words/sequence_tasks.toml`, NAME.reads says what a time step of the input is, NAME.answers what the network
    answers, NAME.watch what to look at, and naive.NAME what the naive answer is."""

    name: str
    preset: str
    sliders: tuple[TaskSlider, ...]
    naive: NaiveName
    own_file: bool = False  # takes `Data.path`


_LENGTH = TaskSlider("length", 5, 500, "log")
_SAMPLES = TaskSlider("samples", 100, 20_000, "log")
_FEW_SAMPLES = TaskSlider("samples", 50, 5_000, "log")  # of long series, or of stored ones
_NOISE = TaskSlider("noise", 0.0, 1.0, step=0.01)
TASKS: tuple[SequenceTask, ...] = (
    SequenceTask("waves", "waves-lstm", (_LENGTH, _FEW_SAMPLES, _NOISE), "last_value"),
    SequenceTask("random-walk", "random-walk-lstm", (_LENGTH, _FEW_SAMPLES, _NOISE), "last_value"),
    SequenceTask("adding", "adding-lstm", (_LENGTH, _SAMPLES), "mean"),
    SequenceTask("copy", "copy-lstm", (_LENGTH, TaskSlider("symbols", 1, 20), _SAMPLES), "by_step"),
    SequenceTask("counting", "counting-lstm", (_LENGTH, _SAMPLES), "frequencies"),
    SequenceTask("addition", "addition-lstm", (TaskSlider("digits", 1, 5), _SAMPLES), "by_step"),
    SequenceTask("digits-rows", "digits-rows-lstm", (TaskSlider("samples", 50, 1_797, "log"),), "frequencies"),
    SequenceTask("mnist-5k-rows", "digits-rows-lstm", (TaskSlider("samples", 50, 5_000, "log"),), "frequencies"),
    SequenceTask("text", "text-lstm", (TaskSlider("length", 1, 500, "log"),), "frequencies", own_file=True),
    SequenceTask("series", "series-lstm", (TaskSlider("length", 1, 500, "log"),), "last_value", own_file=True),
)


def task_named(name: str) -> SequenceTask | None:
    """The task whose data set has this name; None where the data are no sequences."""
    return next((task for task in TASKS if task.name == name), None)


def fresh(name: str, kind: RecurrentName = "LSTM", data: Data | None = None) -> Experiment:
    """The experiment that the task `name` begins with, with a recurrent layer of this kind; on `data` where they are given.
    Raises KeyError where there is no such task, and DatasetError where `data` cannot be had."""
    task = task_named(name)
    if task is None:
        raise KeyError(name)
    experiment = with_cell(preset(task.preset), kind)
    if data is None and experiment.data.name != name:
        title, data = say("datasets", name).replace("×", "x"), Data(name=name)
        experiment = edited(experiment, name=f"{title} {kind}")
    return experiment if data is None else with_data(experiment, data)


def least_length(data: Data) -> int:
    """The fewest time steps that these data can have: of a copy task, room for its symbols twice and the mark. 1 where the data
    are no known ones."""
    try:
        return source_named(data.name).least_length(data)
    except DatasetError:
        return 1


def expected_naive(info: DataInfo) -> float | None:
    """The loss of the naive answer where a formula gives it, before any data are there: 1/6 for the adding problem, symbols ·
    ln 8 / length for the copy task, the variance of a step for a random walk, ln K for K classes. None: it is measured
    (`engine.sequences.naive`)."""
    if info.task == "classification":
        return log(info.outputs)
    if info.name == "adding":
        return 1 / 6
    if info.name == "copy" and info.symbols is not None and info.length is not None:
        return info.symbols * log(8) / info.length
    if info.name == "random-walk" and info.noise is not None:
        return info.noise**2
    return None


def with_data(experiment: Experiment, data: Data) -> Experiment:
    """`experiment` on other data: the first Embedding and the last Linear follow their vocabulary, their classes or their
    number of outputs. Raises DatasetError."""
    info = describe(data)
    layers = experiment.network.layers
    if info.tokens and (place := _first(layers, Embedding)) is not None:
        layers = replaced(layers, place, edited(at(layers, place), num_embeddings=info.outputs))
    if layers and isinstance(layers[-1], Linear):
        layers = (*layers[:-1], edited(layers[-1], out_features=info.outputs))
    return edited(experiment, data=data, network=edited(experiment.network, layers=layers))


def cell_kind(experiment: Experiment) -> RecurrentName | None:
    """The kind of its first recurrent layer; None where it has none."""
    place = _first(experiment.network.layers, Recurrent)
    return None if place is None else cast("RecurrentName", type(at(experiment.network.layers, place)).__name__)


def with_cell(experiment: Experiment, kind: RecurrentName, nonlinearity: Literal["tanh", "relu"] | None = None) -> Experiment:
    """`experiment` with its recurrent layers of another kind, all else kept: sizes, layers, directions, dropout, seed, data and
    training. What the other kind does not have (the projection and the forget bias of an LSTM, the nonlinearity of an RNN) is
    left out; where that changes the layer's width, stated input sizes after it are left to be found from the shape. A name that
    ends in the old kind ends in the new one. `nonlinearity` is an RNN's."""
    layers, before = experiment.network.layers, cell_kind(experiment)
    for place in paths(layers):
        layer = at(layers, place)
        if isinstance(layer, Recurrent):
            new = _of_kind(layer, kind, nonlinearity)
            layers = replaced(layers, place, cast("AnyLayer", new))
            if new.state != layer.state:
                layers = _inferred_after(layers, place)
    name = experiment.name
    if before is not None and name.endswith(f" {before}"):
        name = name.removesuffix(before) + kind
    return edited(experiment, name=name, network=edited(experiment.network, layers=layers))


def _of_kind(layer: Recurrent, kind: RecurrentName, nonlinearity: Literal["tanh", "relu"] | None) -> Recurrent:
    made = _CLASSES[kind]
    kept = {name: getattr(layer, name) for name in layer.__struct_fields__ if name in made.__struct_fields__}
    if kind == "RNN" and nonlinearity is not None:
        kept["nonlinearity"] = nonlinearity
    return made(**kept)


def with_convolution(experiment: Experiment) -> Experiment:
    """`experiment` with a causal convolution in the place of its first recurrent layer: time step t reads the steps up to t
    only.

    (T, F) is turned to (F, T); `Conv1d` layers of 3 steps with dilations 1, 2, 4, ... and as many channels as the recurrent
    layer has outputs, each padded on the left alone and followed by a ReLU, until the last step sees all T; then back to
    (T, F). Where the recurrent layer hands on its last state, the mean over time follows instead: no module of torch takes the
    last step of a sequence. Raises ValueError where there is no recurrent layer at the top level, or the network cannot be
    built up to it."""
    layers = experiment.network.layers
    index = next((number for number, layer in enumerate(layers) if isinstance(layer, Recurrent)), None)
    if index is None:
        raise ValueError("no recurrent layer")
    layer = cast("Recurrent", layers[index])
    info = describe(experiment.data)
    above = trace(layers[:index], experiment.network.input or info.input, tokens=info.tokens)
    if above.problem is not None or len(above.output) != 2:
        raise ValueError("no sequence")
    steps, width = above.output[0], layer.directions * layer.state
    made: list[AnyLayer] = [Permute(dims=(0, 2, 1))]
    for dilation in dilations(steps):
        left = dilation * (KERNEL - 1)
        causal = Conv1d(out_channels=width, kernel_size=KERNEL, dilation=dilation, padding=left, padding_after=0)
        made += [causal, ReLU()]
    made += [AdaptiveAvgPool1d(output_size=1), Flatten()] if layer.output == "last" else [Permute(dims=(0, 2, 1))]
    name, kind = experiment.name, cell_kind(experiment)
    if kind is not None and name.endswith(f" {kind}"):
        name = name.removesuffix(kind) + "Conv1d"
    network = edited(experiment.network, layers=(*layers[:index], *made, *layers[index + 1 :]))
    return edited(experiment, name=name, network=network)


def dilations(steps: int) -> tuple[int, ...]:
    """1, 2, 4, ...: as many as let the last of `steps` time steps see the first one, 1 + 2·(1 + 2 + 4 + ...) steps."""
    found = [1]
    while 1 + (KERNEL - 1) * sum(found) < steps:
        found.append(2 * found[-1])
    return tuple(found)


def _first(layers: Layers, kind: type) -> Path | None:
    return next((place for place in paths(layers) if isinstance(at(layers, place), kind)), None)


def _inferred_after(layers: Layers, place: Path) -> Layers:
    """`layers` without the input sizes that are stated after the layer at `place`."""
    for later in paths(layers):
        layer = at(layers, later)
        stated = [name for name in ("input_size", "in_features", "in_channels", "num_features") if getattr(layer, name, None)]
        optional = [name for name in stated if _may_be_left_out(layer, name)]
        if later > place and optional:
            layers = replaced(layers, later, edited(layer, **dict.fromkeys(optional)))
    return layers


def _may_be_left_out(layer: AnyLayer, name: str) -> bool:
    return any(field.name == name and field.default is None for field in msgspec.structs.fields(type(layer)))
