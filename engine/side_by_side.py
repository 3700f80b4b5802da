"""Two networks beside each other: where their parameters, multiply-adds and receptive fields go with depth, and how the totals
differ.

Pure functions of traces; no torch. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log2
from typing import NamedTuple

from engine.layers.base import Layer, Shape
from engine.layers.composite import Composite
from engine.network import Row, Trace


class Depth(NamedTuple):
    """Sums over the layers up to one. `field` is the receptive field along the
    first axis; None where position has no meaning any more."""

    layer: str
    parameters: int
    macs: int
    memory: int  # bytes of the layer's outputs for one sample
    field: int | None


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
    """Parameters, MACs, activation memory (bytes of all outputs for one sample) and the receptive field."""
    numbers = [(trace.parameters, trace.macs, trace.memory, last_field(trace).size) for trace in (first, second)]
    names = ("parameters", "macs", "activation_memory", "receptive_field")
    return tuple(Difference(name, one, other) for name, one, other in zip(names, *numbers, strict=True))


class Field(NamedTuple):
    """How much of the input, along its first axis of places, a unit of the top-level layer number `at` sees; `whole`: all of
    it, for position has no meaning there any more."""

    size: int
    at: int
    whole: bool


def last_field(trace: Trace) -> Field:
    """The receptive field of the last layer in which position has a meaning. Where there is none, the first layer that reads
    everything sees the whole input: a fully connected one after Flatten."""
    placed = [row for row in trace.rows if row.receptive_field]
    if placed:
        field = placed[-1].receptive_field
        assert field is not None
        return Field(field[0], placed[-1].index, False)
    if not trace.rows:
        return Field(1, 0, False)
    shape = trace.rows[0].input
    reader = next((row.index for row in trace.rows if row.type != "Flatten"), 0)
    return Field(shape[1] if len(shape) > 1 else shape[0], reader, True)


# --- layer beside layer

GAP = 0.75  # what a layer that stands alone costs; two of them more than a pair of one kind that differs
FAR = 0.2  # for each time that the sizes of a pair's outputs differ by two


def matched(one: Sequence[Part], other: Sequence[Part]) -> tuple[tuple[Part | None, Part | None], ...]:
    """Layers side by side, in order: those of one kind in one line, rather with equal outputs than not and rather near in size
    than far, others alone. It is the way from one network to the other that changes least (edit distance)."""
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
    if i < len(one) and j < len(other) and one[i].row.type == other[j].row.type:
        yield costs[i + 1][j + 1] + _change(one[i].row.output, other[j].row.output), 1, 1
    if i < len(one):
        yield costs[i + 1][j] + GAP, 1, 0
    if j < len(other):
        yield costs[i][j + 1] + GAP, 0, 1


def _change(one: Shape, other: Shape) -> float:
    """What it costs to set two layers of one kind side by side."""
    if one == other:
        return 0.0
    return 1.0 + (FAR * abs(log2(one[-1] / other[-1])) if len(one) == len(other) > 1 else 0.0)


def _walked(one: Sequence[Part], other: Sequence[Part], costs: list[list[float]]) -> Iterator[tuple[Part | None, Part | None]]:
    i = j = 0
    while i < len(one) or j < len(other):
        _, down, across = min(_ways(one, other, costs, i, j), key=lambda way: way[0])
        yield one[i] if down else None, other[j] if across else None
        i, j = i + down, j + across
