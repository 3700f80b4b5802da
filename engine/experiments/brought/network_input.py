"""The input of a network whose text does not say it: the shapes that its layers leave open, the first usual one that fits.

A Conv2d of one channel reads a 1x28x28 before it reads anything else; a Linear of 784 after a Flatten too. Which shape fits, is
the trace's to say. Called by `network_code` and, for weights, by whoever has layers without an input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from math import isqrt
from typing import NamedTuple, cast

from msgspec.structs import replace

from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer, Concat, Residual, Sequential
from engine.layers.kinds.activation import Pointwise
from engine.layers.kinds.composite import Composite, every
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm
from engine.layers.kinds.recurrent import Recurrent
from engine.layers.kinds.transposed import Transposed
from engine.networks.edits import Layers
from engine.networks.trace import Row, Trace, trace

SIDES = (28, 32, 224, 64, 96, 128, 227, 256, 299, 48, 84, 100, 112, 150, 160, 180, 192, 200, 300, 320, 384, 416, 512)
COLOUR_SIDES = (32, *(side for side in SIDES if side != 32))  # pictures in colour begin with CIFAR's
STEPS = (20, 28, 10, 40, 50, 64, 80, 100, 128, 200, 256, 500, 784, 1000)  # time steps, or places along one axis
SMALL = (7, 4, 8, 1, 14, 16, 2, 3)  # what a transposed convolution begins with
MOST_TRIED = 700
MOST_LAYERS_TRIED = 200  # of a network that is tried on every size


class GivenInput(NamedTuple):
    """`shape` is what the layers read, and `layers` those with what follows from it left open. `fits`: they can be built on it.
    `named`: the text has named it."""

    shape: Shape
    layers: Layers
    fits: bool
    named: bool


def given_input(layers: Layers, named: Sequence[Shape] = (), before: Shape | None = None, *, alone: bool = False) -> GivenInput:
    """An input for `layers`: one of the `named` ones, or `before`, or the first usual one on which they can be built. Where
    there is none, the one with which they come furthest. `alone`: none but the `named` ones."""
    best: tuple[int, Shape, bool] | None = None
    usual = iter(()) if alone else _candidates(layers, before)
    for shape, said in chain(((shape, True) for shape in named), ((shape, False) for shape in islice(usual, MOST_TRIED))):
        found = trace(layers, shape)
        if found.problem is None:
            return GivenInput(shape, _left_open(layers, found), True, said)
        if best is None or len(found.rows) > best[0]:
            best = (len(found.rows), shape, said)
    assert best is not None
    return GivenInput(best[1], layers, False, best[2])


def _left_open(layers: Layers, found: Trace) -> Layers:
    """`layers` without the fields that their inputs determine."""
    return tuple(_open(layer, row) for layer, row in zip(layers, found.rows, strict=True))


def _open(layer: AnyLayer, row: Row) -> AnyLayer:
    branches = layer.branches_in_order() if isinstance(layer, Composite) else ()
    inside = [
        tuple(map(_open, cast(Layers, tuple(branch.layers)), rows))
        for branch, (_, rows) in zip(branches, row.inside, strict=True)
    ]
    match layer:
        case Sequential():
            return replace(layer, layers=inside[0])
        case Residual():
            return replace(layer, main=inside[0], shortcut=inside[1])
        case Concat():
            return replace(layer, branches=tuple(inside))
    open_fields = dict.fromkeys(layer.inferred(row.input), None)
    return replace(layer, **open_fields) if open_fields else layer


def _candidates(layers: Layers, before: Shape | None) -> Iterator[Shape]:
    """Inputs that the first layer that minds takes, the usual ones first, none of them twice."""
    seen = set[Shape]()
    for shape in chain([before] if before else [], _usual(layers, before), [before or (1, 28, 28)]):
        if shape not in seen:
            seen.add(shape)
            yield shape


def _usual(layers: Layers, before: Shape | None) -> Iterator[Shape]:
    flat, channels = False, None
    few = sum(1 for _ in islice(every(layers), MOST_LAYERS_TRIED)) < MOST_LAYERS_TRIED
    for layer in every(layers):
        match layer:
            case Embedding():
                yield from ((steps,) for steps in _with(STEPS, before, 1))
                yield from ((steps,) for steps in range(1, 513) if few)
                return
            case Recurrent():
                width = layer.input_size or 28
                steps = (28, *STEPS) if width == 28 else STEPS
                yield from ((each, width) for each in _with(steps, before, 2))
                return
            case Filtering() | BatchNorm2d():
                axes = layer.AXES if isinstance(layer, Filtering) else 2
                channels = layer.in_channels if isinstance(layer, Filtering) else layer.num_features
                yield from _maps(axes, channels, before, few, small=isinstance(layer, Transposed))
                return
            case GroupNorm():
                yield from _maps(2, layer.num_channels, before, few)
                return
            case BatchNorm1d() if layer.num_features and not flat:
                yield from chain([(layer.num_features,)], ((layer.num_features, each) for each in STEPS))
                return
            case LayerNorm():
                sizes = layer.normalized_shape if isinstance(layer.normalized_shape, tuple) else (layer.normalized_shape,)
                yield from chain([sizes], ((each, *sizes) for each in STEPS))
                return
            case Linear():
                yield from _for_features(layer.in_features, flat)
                return
            case Flatten():
                flat = True
            case Pointwise() | Composite():
                pass
            case _:  # a pooling, which takes any channels: the layers behind it will say
                yield from _maps(2, None, before, few=False)
    if before is None:
        yield (1, 28, 28)


def _with(sizes: Iterable[int], before: Shape | None, axes: int) -> Iterator[int]:
    """`sizes`, and first of all what the input before has, where it has as many axes."""
    if before is not None and len(before) == axes:
        yield before[-1] if axes == 1 else before[0]
    yield from sizes


def _maps(axes: int, channels: int | None, before: Shape | None, few: bool, small: bool = False) -> Iterator[Shape]:
    """Maps over so many axes."""
    known = (channels,) if channels else (1, 3)
    if axes == 1:
        yield from ((each, length) for length in STEPS for each in known)
        return
    like = before[1:] if before is not None and len(before) == axes + 1 and 1 not in before[1:] else None
    for each in known:
        if like is not None:
            yield (each, *like)
        sides = COLOUR_SIDES if each == 3 else SIDES
        for side in (*SMALL, *sides) if small else sides:
            yield (each, *(side,) * axes) if axes == 2 else (each, min(side, 16), side, side)
    if few and axes == 2:
        yield from ((each, side, side) for side in range(1, 257) for each in known)


def _for_features(features: int | None, flat: bool) -> Iterator[Shape]:
    """Inputs of a first Linear: pictures of so many cells where they are flattened before it, otherwise the features."""
    if features is None:
        yield from ((1, 28, 28), (28 * 28,)) if flat else ((28 * 28,),)
        return
    if flat:
        for channels in (1, 3):
            side = isqrt(features // channels)
            if channels * side * side == features and side > 1:
                yield (channels, side, side)
        for channels in (1, 3):  # with a pooling before it
            yield from ((channels, side, side) for side in SIDES)
    yield (features,)
    yield from ((steps, features) for steps in STEPS)
