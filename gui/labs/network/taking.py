"""The network as a file's text, and as an experiment for the training lab. No Qt, no torch."""

from __future__ import annotations

from math import prod

from engine.data.info import Data, DataInfo, DatasetError
from engine.data.sources import describe, names
from engine.experiments.check import check
from engine.experiments.experiment import Experiment, Network
from engine.experiments.problems import CannotRunError, RunProblem
from engine.fields import edited
from engine.layers.base import Shape
from engine.layers.kinds.composite import every
from engine.layers.kinds.dense import Linear
from engine.layers.network_toml import network_to_text
from engine.networks.edits import Layers
from gui.labs.network.reading import Reading


def network_file(name: str, reading: Reading) -> str:
    """The network alone as a file that the program and its command line open, without the layers that are switched off."""
    return network_to_text(name, reading.input, reading.enabled.layers)


def trainable(name: str, reading: Reading) -> Experiment | None:
    """The network with the first of the named data sets that it can be trained on; None where there is none."""
    layers = reading.enabled.layers
    return next(filter(_runs, (_with_data(name, layers, reading.input, data) for data in names())), None)


def adapted(name: str, reading: Reading) -> Experiment | None:
    """The network with its input and its last layer's outputs adapted to a data set that it can be trained on, the one with the
    largest inputs; None where there is none."""
    return next(filter(_runs, _adapted(name, reading)), None)


def refusal(name: str, reading: Reading) -> tuple[str, RunProblem] | None:
    """The data set, with as many axes as the network's input, on which even the adapted network cannot be trained, and why;
    None where there is no such data set."""
    plain = [_with_data(name, reading.enabled.layers, info.input, info.name) for info in _alike(reading)]
    for experiment in (*_adapted(name, reading), *plain):
        try:
            check(experiment)
        except CannotRunError as error:
            return experiment.data.name, error.problem
    return None


def _adapted(name: str, reading: Reading) -> list[Experiment]:
    layers = reading.enabled.layers
    if not layers or not isinstance(last := layers[-1], Linear):
        return []
    fitted = [(info, (*layers[:-1], edited(last, out_features=info.outputs))) for info in _alike(reading)]
    return [_with_data(name, made, info.input, info.name) for info, made in fitted]


def _alike(reading: Reading) -> list[DataInfo]:
    """The data sets with as many axes as the network's input, the largest inputs first. Sets of tokens only where the network
    reads tokens; rows of numbers only where it reads as many, as each of them has a meaning."""
    tokens = any(layer.reads_tokens for layer in every(reading.enabled.layers))
    found = map(_described, names())
    alike = [info for info in found if info is not None and len(info.input) == len(reading.input) and info.tokens == tokens]
    fitting = [info for info in alike if tokens or len(info.input) > 1 or info.input == reading.input]
    return sorted(fitting, key=lambda info: -prod(info.input))


def _described(data: str) -> DataInfo | None:
    """None where the user's own files, which nobody has named, would be the data."""
    try:
        return describe(Data(name=data))
    except DatasetError:
        return None


def _with_data(name: str, layers: Layers, shape: Shape, data: str) -> Experiment:
    return Experiment(name=name, network=Network(input=shape, layers=layers), data=Data(name=data))


def _runs(experiment: Experiment) -> bool:
    try:
        check(experiment)
    except (CannotRunError, DatasetError):
        return False
    return True
