"""What the axes of a map mean: one of channels or features, which are all known of one place, or one of places (time steps,
height, width). torch does not know; it is told by the layers before.

A layer that finds the two the wrong way round computes something else than what is meant, and nothing refuses it. Called by
hints, repairs and the assignment. No torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from engine.layers.axes import AXIS_NAMES
from engine.layers.base import Layer, Refusal, Shape, dimension
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.normalization import BatchNorm1d
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import Adaptive, Pooling
from engine.layers.kinds.recurrent import Recurrent
from engine.layers.kinds.upsample import Upsample
from engine.networks.trace import Path

Meaning: TypeAlias = tuple[str, ...]  # of each axis, without the batch; "" where nothing says it

CONTENTS = ("channels", "features")
PLACES = ("steps", "places", "length", "depth", "height", "width")
LETTERS = {
    "channels": "C",
    "features": "F",
    "steps": "T",
    "places": "L",
    "length": "L",
    "depth": "D",
    "height": "H",
    "width": "W",
}
PICTURE_RANKS = (3, 4)  # (C, H, W) and (C, D, H, W)


def meanings(layers: Sequence[Layer], input: Shape) -> dict[Path, Meaning]:  # noqa: A002
    """The path of each layer -> what the axes of its input mean, for a network input of this shape. `layers` must be ones that
    can be built on it, but for the last one, whose settings must be allowed."""
    found: dict[Path, Meaning] = {}
    axes = len(input)
    known = ("channels", *AXIS_NAMES[axes - 1]) if axes in PICTURE_RANKS else ("",) * axes
    _chain(layers, known, (), found)
    return found


def steps_are_channels(layer: Layer, meaning: Meaning) -> bool:
    """Whether `layer` takes for channels what are places, and for places what are features."""
    along_one = isinstance(layer, Filtering | Pooling | Adaptive) and layer.AXES == 1
    reads_channels = along_one or isinstance(layer, BatchNorm1d | Upsample)
    return reads_channels and len(meaning) == 2 and meaning[0] in PLACES and meaning[1] in CONTENTS


def channels_are_steps(layer: Layer, meaning: Meaning) -> bool:
    """Whether `layer` reads, one after the other, what are channels."""
    return isinstance(layer, Recurrent) and len(meaning) == 2 and meaning[0] in CONTENTS and meaning[1] in PLACES


def _chain(layers: Sequence[Layer], meaning: Meaning, here: Path, found: dict[Path, Meaning]) -> Meaning:
    for index, layer in enumerate(layers):
        path = (*here, index)
        found[path] = meaning
        if isinstance(layer, Composite):
            branches = layer.branches_in_order()
            ends = [_chain(branch.layers, meaning, (*path, *branch.path), found) for branch in branches] or [meaning]
            meaning = ends[0] if len(set(ends)) == 1 else ("",) * len(ends[0])
        else:
            meaning = after(layer, meaning)
    return meaning


def after(layer: Layer, meaning: Meaning) -> Meaning:
    """What the axes of the output mean of a layer that is no composite, for those of its input."""
    match layer:
        case Embedding():
            return (*(("steps",) if len(meaning) == 1 else meaning), "features")
        case Recurrent():
            return ("steps", "features") if layer.output == "sequence" else ("features",)
        case Filtering():
            return ("channels", *AXIS_NAMES[layer.AXES])
        case Linear():
            return (*meaning[:-1], "features")
        case Permute() if len(layer.dims) == len(meaning) + 1:
            return _reordered(layer, meaning)
        case Flatten():
            return _flattened(layer, meaning)
        case _:
            return meaning


def _reordered(layer: Permute, meaning: Meaning) -> Meaning:
    try:
        return tuple(meaning[axis] for axis in layer.order((1,) * len(meaning)))
    except Refusal:  # no order of these axes
        return ("",) * len(meaning)


def _flattened(layer: Flatten, meaning: Meaning) -> Meaning:
    sizes = (1,) * len(meaning)
    try:
        start, end = dimension("start_dim", layer.start_dim, sizes), dimension("end_dim", layer.end_dim, sizes)
    except Refusal:  # no such axes
        return ("",)
    inner = meaning[start : end + 1]
    if len(inner) == 1:
        return meaning
    one = "features" if set(inner) & set(CONTENTS) else "places" if all(inner) else ""
    return (*meaning[:start], one, *meaning[end + 1 :])
