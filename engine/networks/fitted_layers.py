"""Layers for other data than those that they were made for: the same ones with what must be otherwise, or a plain network for
data of that kind.

Called by `engine.experiments.check`, which tries them. No torch.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.data.info import DataInfo
from engine.fields import edited
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.pooling import MaxPool2d
from engine.layers.kinds.recurrent import LSTM
from engine.networks.edits import Layers, at, paths, replaced
from engine.networks.repairs import repairs
from engine.networks.trace import trace

INFERRED = ("in_channels", "in_features", "input_size", "num_features")  # sizes that a layer may leave out
MOST_REPAIRS = 4
CHANNELS = (16, 32, 64, 64)  # of a plain network's convolutions, each with a pooling
LEAST_SIDE = 4  # cells, after the last pooling
HIDDEN = (64, 32)
VECTOR, STATE = 32, 64  # of an Embedding, of an LSTM


def fitted_layers(layers: Layers, info: DataInfo, *, read_alike: bool) -> Iterator[Layers]:
    """What may learn from data of `info`, the likeliest first: `layers` as they are, with their last Linear and their first
    Embedding of another size, mended where they do not take the input; and in the end a plain network. `read_alike`: `layers`
    were made for inputs with as many axes, of the same kind."""
    if layers and read_alike:
        yield layers
        fitted = _with_sizes(layers, info)
        yield fitted
        yield _mended(fitted, info)
    yield plain_layers(info)


def _with_sizes(layers: Layers, info: DataInfo) -> Layers:
    """`layers` that answer with as many numbers as the data ask for, read as many tokens, and find their other sizes from the
    shape."""
    for place in paths(layers):
        layer = at(layers, place)
        stated = [name for name in INFERRED if getattr(layer, name, None) is not None and _may_be_left_out(layer, name)]
        if stated:
            layers = replaced(layers, place, edited(layer, **dict.fromkeys(stated)))
        if isinstance(layer, Embedding) and info.tokens:
            layers = replaced(layers, place, edited(layer, num_embeddings=info.outputs))
    linear = next((number for number in reversed(range(len(layers))) if isinstance(layers[number], Linear)), None)
    if linear is None:
        return layers
    return (*layers[:linear], edited(layers[linear], out_features=info.outputs), *layers[linear + 1 :])


def _may_be_left_out(layer: AnyLayer, name: str) -> bool:
    return any(field.name == name and field.default is None for field in msgspec.structs.fields(type(layer)))


def _mended(layers: Layers, info: DataInfo) -> Layers:
    """`layers` with the first repair of each problem that they have, a few times at most."""
    for _ in range(MOST_REPAIRS):
        problem = trace(layers, info.input, tokens=info.tokens).problem
        if problem is None:
            break
        found = next((each for each in repairs(layers, info.input, problem, tokens=info.tokens)), None)
        if found is None:
            break
        layers = found.layers
    return layers


def plain_layers(info: DataInfo) -> Layers:
    """A small network for data of that kind: convolutions for pictures, an LSTM for sequences, else fully connected layers."""
    if info.tokens:
        return (
            Embedding(num_embeddings=info.outputs, embedding_dim=VECTOR),
            LSTM(hidden_size=STATE, output="sequence"),
            Linear(out_features=info.outputs),
        )
    if len(info.input) == 3:
        layers: list[AnyLayer] = []
        side = min(info.input[1:])
        for channels in CHANNELS:
            layers += [Conv2d(out_channels=channels, kernel_size=3, padding=1), ReLU()]
            if side // 2 < LEAST_SIDE:
                break
            layers.append(MaxPool2d(kernel_size=2))
            side //= 2
        return (*layers, Flatten(), Linear(out_features=info.outputs))
    if len(info.input) == 2:
        answers_each = len(info.target) == 2
        return (LSTM(hidden_size=STATE, output="sequence" if answers_each else "last"), Linear(out_features=info.outputs))
    hidden = [layer for size in HIDDEN for layer in (Linear(out_features=size), ReLU())]
    return (*hidden, Linear(out_features=info.outputs))
