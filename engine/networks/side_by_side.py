"""Two networks beside each other: where their parameters, multiply-adds and receptive fields go with depth, and how the totals
differ.

Pure functions of traces; no torch. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

from engine.layers.base import Layer
from engine.layers.catalog import KINDS
from engine.layers.kinds.activation import Dropout, Identity, Pointwise, Softmax
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.dense import Flatten
from engine.layers.kinds.normalization import BatchNormalization
from engine.networks.trace import Row, Trace


class Depth(NamedTuple):
    """Sums over the layers up to one. `field` is the receptive field along the
    first axis; None where position has no meaning any more."""

    layer: str
    parameters: int
    macs: int
    memory: int  # bytes of the layer's outputs for one sample
    field: int | None


@dataclass(frozen=True, eq=False)
class Side:
    """A network under its name: its layers, and their trace."""

    name: str
    layers: Sequence[Layer]
    trace: Trace


class Difference(NamedTuple):
    """A number of both networks, and how many times the first one's the second one's is; None where the first one's is 0."""

    quantity: str  # a code of assets/words/quantities.toml
    first: int
    second: int

    @property
    def ratio(self) -> float | None:
        return self.second / self.first if self.first else None


class Part(NamedTuple):
    """A layer with its row, and how many composites it lies in."""

    level: int
    layer: Layer
    row: Row


def unfolded(layers: Sequence[Layer], rows: Sequence[Row], level: int = 0) -> Iterator[Part]:
    """All layers that have a row, what is inside a composite right after it."""
    for layer, row in zip(layers, rows, strict=False):
        yield Part(level, layer, row)
        if isinstance(layer, Composite):
            for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
                yield from unfolded(branch.layers, inside, level + 1)


def depths(trace: Trace) -> tuple[Depth, ...]:
    """The network layer by layer along its longest way: running sums of parameters and MACs. What is inside a composite has its
    own depth, as in a plain network; where branches join, those beside the longest are added."""
    return tuple(_steps(trace.rows, 0, 0))


def _steps(rows: Sequence[Row], parameters: int, macs: int) -> Iterator[Depth]:
    for row in rows:
        if row.inside:
            yield from _steps(max((inside for _, inside in row.inside), key=_length), parameters, macs)
        parameters, macs = parameters + row.parameters, macs + row.macs
        if len(row.inside) != 1:
            field = row.receptive_field[0] if row.receptive_field else None
            yield Depth(row.type, parameters, macs, row.memory, field)


def _length(rows: Sequence[Row]) -> int:
    """How many layers a list is deep."""
    return sum(max((_length(inside) for _, inside in row.inside), default=0) + (len(row.inside) != 1) for row in rows)


def differences(first: Trace, second: Trace) -> tuple[Difference, ...]:
    """Parameters, MACs, activation memory (bytes of all outputs for one sample) and the receptive field along the first
    axis, where both have one that windows have made, or both see everything."""
    found = [
        Difference("parameters", first.parameters, second.parameters),
        Difference("macs", first.macs, second.macs),
        Difference("activation_memory", first.memory, second.memory),
    ]
    one, other = last_field(first), last_field(second)
    if one is not None and other is not None and one.whole == other.whole:
        found.append(Difference("receptive_field", one.cells[0], other.cells[0]))
    return tuple(found)


class Field(NamedTuple):
    """How many cells of the input, along each axis of places, a unit of the top-level layer number `at` sees; `whole`: all of
    them, for the layer reads everything."""

    cells: tuple[int, ...]
    at: int
    whole: bool


def last_field(trace: Trace) -> Field | None:
    """The receptive field that the windows of a network have made, where it was last made larger: a global pooling and what
    comes after it read all that is left of the map. Where no layer looks through a window before that, the whole input. None
    where neither can be said, as after a recurrent layer."""
    found: Field | None = None
    for row in trace.rows:
        everything = _reads_everything(row)
        if row.receptive_field is None or everything:
            if found is not None and max(found.cells) > 1:
                return found
            if everything:
                return Field(trace.input[1:] or trace.input, row.index, True)
            if not issubclass(KINDS[row.type], (Flatten, Pointwise, BatchNormalization)):
                return None
        elif found is None or row.receptive_field != found.cells:
            found = Field(row.receptive_field, row.index, False)
    return found


def _reads_everything(row: Row) -> bool:
    """Whether each unit depends on the whole of what comes in: in a fully connected layer on a vector, and in a pooling to one
    place."""
    if row.type == "AdaptiveAvgPool2d":
        return row.output[1:] == (1, 1) != row.input[1:]
    return row.type == "Linear" and len(row.input) == 1


# --- layer beside layer

GAP = 0.75  # what a layer that stands alone costs; two of them more than a pair of one kind that differs
ACTIVATIONS = {
    name for name, kind in KINDS.items() if issubclass(kind, Pointwise) and not issubclass(kind, (Dropout, Identity, Softmax))
}
FAR = 0.2  # for each time that the sizes of a pair's outputs differ by two


def matched(one: Sequence[Part], other: Sequence[Part]) -> tuple[tuple[Part | None, Part | None], ...]:
    """Layers side by side, in order: those of one kind, or two activations, in one line, rather with equal outputs than not and
    rather near in size than far, others alone. It is the way from one network to the other that changes least: edit
    distance."""
    costs = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one) + 1)):
        for j in reversed(range(len(other) + 1)):
            if (i, j) != (len(one), len(other)):
                costs[i][j] = min(cost for cost, _, _ in _ways(one, other, costs, i, j))
    return tuple(_walked(one, other, costs))


def _ways(
    one: Sequence[Part], other: Sequence[Part], costs: list[list[float]], i: int, j: int
) -> Iterator[tuple[float, int, int]]:
    """What can follow, each as (its cost to the end, steps in `one`, steps in `other`)."""
    if i < len(one) and j < len(other) and (change := _change(one[i].row, other[j].row)) is not None:
        yield costs[i + 1][j + 1] + change, 1, 1
    if i < len(one):
        yield costs[i + 1][j] + GAP, 1, 0
    if j < len(other):
        yield costs[i][j + 1] + GAP, 0, 1


def _change(one: Row, other: Row) -> float | None:
    """What it costs to set two layers side by side that do the same; None: they do not."""
    if one.type != other.type and not (one.type in ACTIVATIONS and other.type in ACTIVATIONS):
        return None
    if (one.type, one.output) == (other.type, other.output):
        return 0.0
    near = len(one.output) == len(other.output) > 1
    return 1.0 + (FAR * abs(log2(one.output[-1] / other.output[-1])) if near else 0.0)


def _walked(one: Sequence[Part], other: Sequence[Part], costs: list[list[float]]) -> Iterator[tuple[Part | None, Part | None]]:
    i = j = 0
    while i < len(one) or j < len(other):
        _, down, across = min(_ways(one, other, costs, i, j), key=lambda way: way[0])
        yield one[i] if down else None, other[j] if across else None
        i, j = i + down, j + across
