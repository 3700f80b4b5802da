"""The recurrent layer of an experiment: found, exchanged, and what it reads. Pure functions of the experiment. No Qt.

Which cell it has, and the same experiment with another one, is `engine.sequences.tasks`. Called by the lab and its panel.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from engine.data.info import DatasetError
from engine.experiments.experiment import Experiment, trace_of
from engine.fields import edited
from engine.layers.base import Shape
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.edits import at, paths, replaced
from engine.networks.trace import Path, Row
from engine.sequences.tasks import CELL_KINDS, cell_kind, with_cell, with_convolution

CellsShown: TypeAlias = Literal["one", "beside", "convolution"]  # the experiment's own; all three; it and a convolution
BesideName: TypeAlias = Literal["RNN", "LSTM", "GRU", "Conv1d"]
BESIDE_NAMES: tuple[BesideName, ...] = (*CELL_KINDS, "Conv1d")


def recurrent_path(experiment: Experiment) -> Path | None:
    """The place of the first recurrent layer; None: the network has none."""
    layers = experiment.network.layers
    return next((path for path in paths(layers) if isinstance(at(layers, path), Recurrent)), None)


def recurrent_of(experiment: Experiment) -> Recurrent | None:
    """The first recurrent layer; None: the network has none."""
    path = recurrent_path(experiment)
    found = None if path is None else at(experiment.network.layers, path)
    return found if isinstance(found, Recurrent) else None


def is_sequence(experiment: Experiment) -> bool:
    """Whether a run of it is one for the sequence lab."""
    return recurrent_path(experiment) is not None


def with_recurrent(experiment: Experiment, layer: Recurrent) -> Experiment:
    """`experiment` with `layer` in the place of its first recurrent one."""
    path = recurrent_path(experiment)
    if path is None:
        return experiment
    layers = replaced(experiment.network.layers, path, layer)  # type: ignore[arg-type]
    return edited(experiment, network=edited(experiment.network, layers=layers))


def both_ways(experiment: Experiment) -> Experiment:
    """`experiment` with its first recurrent layer reading in both directions."""
    layer = recurrent_of(experiment)
    return experiment if layer is None else with_recurrent(experiment, edited(layer, bidirectional=True))


def beside(experiment: Experiment, cells: CellsShown) -> dict[BesideName, Experiment]:
    """What runs beside the experiment: the same with each of the other two cells, or with causal convolutions."""
    own = cell_kind(experiment)
    if own is None or cells == "one":
        return {}
    if cells == "beside":
        return {kind: with_cell(experiment, kind) for kind in CELL_KINDS if kind != own}
    try:
        return {"Conv1d": with_convolution(experiment)}
    except (ValueError, DatasetError):  # the recurrent layer lies inside of another one, or cannot be reached
        return {}


def read_by(experiment: Experiment) -> Shape | None:
    """What the first recurrent layer reads, (T, F); None: it has none, or the network cannot be built up to it."""
    path = recurrent_path(experiment)
    if path is None:
        return None
    try:
        rows = trace_of(experiment).rows
    except DatasetError:
        return None
    if len(path) != 1:
        return None  # inside of a composite: its rows lie deeper
    found: Row | None = next((row for row in rows if row.index == path[0]), None)
    return None if found is None else found.input
