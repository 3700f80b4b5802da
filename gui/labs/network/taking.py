"""The network taken along: as a file, and as an experiment for the training lab. No Qt, no torch."""

from __future__ import annotations

from math import prod

from engine.data_info import SOURCES, Data, DatasetError, describe
from engine.edits import Layers
from engine.experiment import Experiment, Network, inline
from engine.fields import edited
from engine.layers.base import Shape
from engine.layers.dense import Linear
from engine.network import Problem, trace
from engine.training.failures import CannotRunError
from engine.training.preparation import check
from gui.labs.network.reading import Reading


def network_text(name: str, reading: Reading) -> str:
    """The network alone as a file that the program and its command line open: layers that are switched off are not in it."""
    layers, shape = reading.enabled.layers, reading.input
    return f"name = {inline(name)}\n\n[network]\ninput = {inline(shape)}\nlayers = {inline(layers)}\n"


def trainable(name: str, reading: Reading) -> Experiment | None:
    """The network with the first of the named data sets that it can be trained on."""
    layers = reading.enabled.layers
    return next(filter(_runs, (_with_data(name, layers, reading.input, data) for data in SOURCES)), None)


def adapted(name: str, reading: Reading) -> Experiment | None:
    """The network on data of another size, its input and its last layer's outputs made to fit them: those with the largest
    inputs that it can be trained on."""
    return next(filter(_runs, _adapted(name, reading)), None)


def obstacle(name: str, reading: Reading) -> tuple[Experiment, Problem] | None:
    """Why it cannot be made to fit: the experiment that comes nearest, and where that breaks."""
    for experiment in _adapted(name, reading):
        problem = trace(experiment.network.layers, experiment.network.input or ()).problem
        if problem is not None:
            return experiment, problem
    return None


def _adapted(name: str, reading: Reading) -> list[Experiment]:
    layers = reading.enabled.layers
    found = sorted((describe(Data(name=data)) for data in SOURCES), key=lambda info: -prod(info.input))
    made = []
    for info in found:
        if len(info.input) == len(reading.input) and layers and isinstance(layers[-1], Linear):
            last = edited(layers[-1], out_features=info.outputs)
            made.append(_with_data(name, (*layers[:-1], last), info.input, info.name))
    return made


def _with_data(name: str, layers: Layers, shape: Shape, data: str) -> Experiment:
    return Experiment(name=name, network=Network(input=shape, layers=layers), data=Data(name=data))


def _runs(experiment: Experiment) -> bool:
    try:
        check(experiment)
    except (CannotRunError, DatasetError):
        return False
    return True
