"""Two networks beside each other: where their parameters, multiply-adds and receptive fields go with depth, and how the totals
differ.

Pure functions of traces; no torch. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.layers.base import Layer
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
    """Parameters, MACs, activation memory (bytes of all outputs for one sample) and the largest receptive field."""
    numbers = [(trace.parameters, trace.macs, trace.memory, largest_field(trace)) for trace in (first, second)]
    names = ("parameters", "macs", "activation_memory", "receptive_field")
    return tuple(Difference(name, one, other) for name, one, other in zip(names, *numbers, strict=True))


def largest_field(trace: Trace) -> int:
    """The receptive field along the first axis of the last layer that has one; 1 where none has."""
    fields = [row.receptive_field[0] for row in trace.rows if row.receptive_field]
    return fields[-1] if fields else 1


def matched(one: Sequence[Part], other: Sequence[Part]) -> tuple[tuple[Part | None, Part | None], ...]:
    """Layers side by side: those of equal kind and output stand in one line, in order (the longest common subsequence); others
    stand alone."""
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(other))):
            same = _alike(one[i], other[j])
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else max(lengths[i + 1][j], lengths[i][j + 1])
    return tuple(_walked(one, other, lengths))


def _walked(one: Sequence[Part], other: Sequence[Part], lengths: list[list[int]]) -> Iterator[tuple[Part | None, Part | None]]:
    i = j = 0
    while i < len(one) and j < len(other):
        if _alike(one[i], other[j]):
            yield one[i], other[j]
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            yield one[i], None
            i += 1
        else:
            yield None, other[j]
            j += 1
    yield from ((part, None) for part in one[i:])
    yield from ((None, part) for part in other[j:])


def _alike(one: Part, other: Part) -> bool:
    return one.row.type == other.row.type and one.row.output == other.row.output
