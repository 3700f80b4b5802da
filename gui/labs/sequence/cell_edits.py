"""The recurrent cell of an experiment, exchanged for another one: pure functions of the experiment. No Qt.

Called by the sequence lab's panel and by the lab.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from engine.experiments.experiment import Experiment
from engine.fields import edited
from engine.layers.base import Layer
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv1d
from engine.layers.kinds.dense import Flatten
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool1d
from engine.layers.kinds.recurrent import GRU, LSTM, RNN, Recurrent

CellName: TypeAlias = Literal["RNN", "LSTM", "GRU", "Conv1d"]
RECURRENT: tuple[CellName, ...] = ("RNN", "LSTM", "GRU")
CELLS: tuple[CellName, ...] = (*RECURRENT, "Conv1d")
KERNEL = 3  # time steps that a causal convolution reads at once
SHARED = ("input_size", "hidden_size", "num_layers", "bias", "dropout", "bidirectional", "output")
_KINDS: dict[str, type[Recurrent]] = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


def recurrent_of(experiment: Experiment) -> Recurrent | None:
    """The first recurrent layer of the network; None: it has none."""
    return next((layer for layer in experiment.network.layers if isinstance(layer, Recurrent)), None)


def cell_of(experiment: Experiment) -> CellName | None:
    """Which cell the network has; None: neither a recurrent layer nor a causal convolution over time."""
    if (layer := recurrent_of(experiment)) is not None:
        return next(name for name in RECURRENT if type(layer) is _KINDS[name])
    return "Conv1d" if _convolved(experiment) is not None else None


def with_recurrent(experiment: Experiment, layer: Recurrent) -> Experiment:
    """`experiment` with `layer` in the place of its first recurrent one."""
    before = recurrent_of(experiment)
    layers = tuple(layer if each is before else each for each in experiment.network.layers)
    return _with_layers(experiment, layers)


def with_cell(experiment: Experiment, cell: CellName) -> Experiment:
    """`experiment` with another cell of the same size: what both kinds have stays as it is set. Unchanged where it has that
    cell, or none that could be exchanged."""
    if cell == cell_of(experiment):
        return experiment
    layers: list[Any] = list(experiment.network.layers)
    if (found := _convolved(experiment)) is not None:
        start, end, layer = found
        layers[start:end] = [layer]
    if not any(isinstance(layer, Recurrent) for layer in layers):
        return experiment
    made: list[Any] = []
    for layer in layers:
        if not isinstance(layer, Recurrent):
            made.append(layer)
        elif cell == "Conv1d":
            made += _convolution(layer)
        else:
            made.append(_as_kind(layer, _KINDS[cell]))
    return _with_layers(experiment, tuple(made))


def steps_back(experiment: Experiment) -> int | None:
    """How many time steps, that of the output among them, the stacked causal convolutions read; None: there are none."""
    found = _convolved(experiment)
    if found is None:
        return None
    convolutions = [layer for layer in experiment.network.layers[found[0] : found[1]] if isinstance(layer, Conv1d)]
    return 1 + sum(_padding(layer) for layer in convolutions)


def _as_kind(layer: Recurrent, kind: type[Recurrent]) -> Recurrent:
    own = {name: getattr(layer, name) for name in SHARED}
    return edited(kind(hidden_size=layer.hidden_size), **own)


def _convolution(layer: Recurrent) -> list[Layer]:
    """Causal convolutions over time with as many channels as the recurrent layer has units, one for each of its layers, each of
    them with twice the dilation of the one below (van den Oord et al. 2016). Where the last state was handed on, it is the mean
    over time."""
    made: list[Layer] = [Permute(dims=(0, 2, 1))]
    for number in range(layer.num_layers):
        dilation = 2**number
        margin = (KERNEL - 1) * dilation
        made += [
            Conv1d(out_channels=layer.hidden_size, kernel_size=KERNEL, dilation=dilation, padding=margin, padding_after=0),
            ReLU(),
        ]
    return [*made, AdaptiveAvgPool1d(output_size=1), Flatten()] if layer.output == "last" else [*made, Permute(dims=(0, 2, 1))]


def _convolved(experiment: Experiment) -> tuple[int, int, Recurrent] | None:
    """Where the causal convolutions stand that `_convolution` makes, from the first layer to behind the last one, and the LSTM
    that they stand for; None: there are none."""
    layers = experiment.network.layers
    for start, layer in enumerate(layers):
        if not isinstance(layer, Permute):
            continue
        end = start + 1
        convolutions = []
        while end + 1 < len(layers) and _is_causal(layers[end]) and isinstance(layers[end + 1], ReLU):
            convolutions.append(layers[end])
            end += 2
        if not convolutions:
            continue
        first = convolutions[0]
        assert isinstance(first, Conv1d)
        last = isinstance(layers[end], AdaptiveAvgPool1d) if end < len(layers) else False
        after = 2 if last else 1
        return (
            start,
            end + after,
            LSTM(hidden_size=first.out_channels, num_layers=len(convolutions), output="last" if last else "sequence"),
        )
    return None


def _is_causal(layer: Layer) -> bool:
    return isinstance(layer, Conv1d) and layer.padding_after == 0 and _padding(layer) > 0


def _padding(layer: Conv1d) -> int:
    return layer.padding if isinstance(layer.padding, int) else 0


def _with_layers(experiment: Experiment, layers: tuple[Any, ...]) -> Experiment:
    return edited(experiment, network=msgspec.structs.replace(experiment.network, layers=layers))
