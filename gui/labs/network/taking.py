"""The network taken along: as a file, and as an experiment for the training lab. No Qt, no torch."""

from __future__ import annotations

from engine.data_info import SOURCES, Data, DatasetError, describe
from engine.experiment import Experiment, Network, inline
from engine.training.failures import CannotRunError
from engine.training.preparation import check
from gui.labs.network.reading import Reading


def network_text(name: str, reading: Reading) -> str:
    """The network alone as a file that the program and its command line open: layers that are switched off are not in it."""
    layers, shape = reading.enabled.layers, reading.input
    return f"name = {inline(name)}\n\n[network]\ninput = {inline(shape)}\nlayers = {inline(layers)}\n"


def experiment_of(name: str, reading: Reading) -> Experiment:
    """The network with the first of the named data sets that it can be trained on; where there is none, with one of the same
    shape if there is, so that the training lab says what does not fit."""
    network = Network(input=reading.input, layers=reading.enabled.layers)
    made = [Experiment(name=name, network=network, data=Data(name=data)) for data in SOURCES]
    for experiment in made:
        try:
            check(experiment)
        except (CannotRunError, DatasetError):
            continue
        return experiment
    alike = (experiment for experiment in made if describe(experiment.data).input == reading.input)
    return next(alike, made[0])
