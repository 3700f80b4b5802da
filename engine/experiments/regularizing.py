"""Dropout and batch normalisation as settings: edits of the network that put such layers where they are usual, change them, or
take them out. No torch.

Called by the training lab's panel; the network lab shows what has come of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import cast

from engine.experiments.experiment import Experiment, trace_of
from engine.fields import edited
from engine.layers.base import Layer
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.activation import Dropout, Identity, Pointwise, Softmax
from engine.layers.kinds.composite import every
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Linear
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d, BatchNormalization
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.edits import EditError, Layers, at, following, has, inserted, paths, removed, replaced
from engine.networks.hints import built
from engine.networks.trace import Path


def dropout(layers: Layers) -> float:
    """The largest probability of the network's Dropout layers; 0 where it has none."""
    return max((layer.p for layer in every(layers) if isinstance(layer, Dropout)), default=0.0)


def with_dropout(layers: Layers, p: float, before: Layers = ()) -> Layers:
    """`layers` with Dropout of probability `p`: all Dropout layers have it; where there are none, one follows each activation,
    or each recurrent layer where nothing is activated, but none makes the output. At 0 they are taken out. `before`: a network
    whose Dropout layers, taken out, leave `layers`: they come back to where they were."""
    has_some = any(isinstance(layer, Dropout) for layer in every(layers))
    if p == 0.0:
        return _without(layers, Dropout)
    if not has_some and before and _without(before, Dropout) == layers:
        layers, has_some = before, any(isinstance(layer, Dropout) for layer in every(before))
    if has_some:
        for path in paths(layers):
            layer = at(layers, path)
            if isinstance(layer, Dropout):
                layers = replaced(layers, path, edited(layer, p=p))
        return layers
    active = [path for path in paths(layers) if _activates(at(layers, path))]
    places = active or [path for path in paths(layers) if isinstance(at(layers, path), Recurrent)]
    return _after(layers, [(path, Dropout(p=p)) for path in places if path != (len(layers) - 1,)])


def probabilities(layers: Layers) -> tuple[float, ...]:
    """Those of all Dropout layers, in the order of their paths."""
    found = (at(layers, path) for path in paths(layers))
    return tuple(layer.p for layer in found if isinstance(layer, Dropout))


def with_probabilities(layers: Layers, values: Sequence[float]) -> Layers:
    """`layers` with these; where they are not as many as the Dropout layers, as they are."""
    places = [path for path in paths(layers) if isinstance(at(layers, path), Dropout)]
    if len(places) == len(values):
        for path, p in zip(places, values, strict=True):
            layers = replaced(layers, path, Dropout(p=p))
    return layers


def has_batch_norm(layers: Layers) -> bool:
    """Whether a batch normalisation is among the layers."""
    return any(isinstance(layer, BatchNormalization) for layer in every(layers))


def with_batch_norm(experiment: Experiment, on: bool) -> Layers:
    """The experiment's layers with a batch normalisation behind each 1-d and 2-d convolution, and behind each fully connected
    layer of vectors that an activation follows; or without any."""
    layers = experiment.network.layers
    if not on:
        return _without(layers, BatchNormalization)
    rank = {path: len(row.output) for path, _, row in built(layers, trace_of(experiment).rows)}
    found: list[tuple[Path, AnyLayer]] = []
    for path in paths(layers):
        layer, after = at(layers, path), following(path)
        next_layer = at(layers, after) if has(layers, after) else None
        if isinstance(next_layer, BatchNormalization):
            continue
        if isinstance(layer, Conv2d | Conv1d):
            found.append((path, BatchNorm2d() if isinstance(layer, Conv2d) else BatchNorm1d()))
        elif isinstance(layer, Linear) and next_layer is not None and _activates(next_layer) and rank.get(path) == 1:
            found.append((path, BatchNorm1d()))
    return _after(layers, found)


def _activates(layer: Layer) -> bool:
    """Whether it is an activation function between two layers."""
    return isinstance(layer, Pointwise) and not isinstance(layer, Dropout | Identity | Softmax)


def _after(layers: Layers, found: list[tuple[Path, AnyLayer]]) -> Layers:
    """`layers` with a layer inserted after each of the paths, as many as a file may hold."""
    with suppress(EditError):
        for path, layer in reversed(found):  # from the end: the paths before it stay
            layers = inserted(layers, following(path), layer)
    return layers


def _without(layers: Layers, kind: type[Layer]) -> Layers:
    for path in reversed(paths(layers)):
        if isinstance(cast("Layer", at(layers, path)), kind):
            layers = removed(layers, path)
    return layers
