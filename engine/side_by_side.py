"""Two networks beside each other: where their parameters, multiply-adds and receptive fields go with depth, and how the totals
differ.

Pure functions of traces; no torch. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from engine.network import Row, Trace


class Depth(NamedTuple):
    """Sums over the layers up to one, those inside composites counted with theirs. `field` is the receptive field along the
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


def depths(trace: Trace) -> tuple[Depth, ...]:
    """The network layer by layer: running sums of parameters and MACs."""
    rows = trace.rows
    sums = zip(accumulate(row.parameters for row in rows), accumulate(row.macs for row in rows), strict=True)
    return tuple(
        Depth(row.type, parameters, macs, row.memory, row.receptive_field[0] if row.receptive_field else None)
        for row, (parameters, macs) in zip(rows, sums, strict=True)
    )


def differences(first: Trace, second: Trace) -> tuple[Difference, ...]:
    """Parameters, MACs, activation memory (bytes of all outputs for one sample) and the largest receptive field."""
    numbers = [(trace.parameters, trace.macs, trace.memory, largest_field(trace)) for trace in (first, second)]
    names = ("parameters", "macs", "activation_memory", "receptive_field")
    return tuple(Difference(name, one, other) for name, one, other in zip(names, *numbers, strict=True))


def largest_field(trace: Trace) -> int:
    """The receptive field along the first axis of the last layer that has one; 1 where none has."""
    fields = [row.receptive_field[0] for row in trace.rows if row.receptive_field]
    return fields[-1] if fields else 1


def matched(first: Trace, second: Trace) -> tuple[tuple[Row | None, Row | None], ...]:
    """Rows side by side: those of equal kind and output stand in one line, in order (the longest common subsequence); others
    stand alone."""
    one, other = first.rows, second.rows
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(other))):
            same = _alike(one[i], other[j])
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else max(lengths[i + 1][j], lengths[i][j + 1])
    return tuple(_walked(one, other, lengths))


def _walked(one: Sequence[Row], other: Sequence[Row], lengths: list[list[int]]) -> Iterator[tuple[Row | None, Row | None]]:
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
    yield from ((row, None) for row in one[i:])
    yield from ((None, row) for row in other[j:])


def _alike(one: Row, other: Row) -> bool:
    return one.type == other.type and one.output == other.output
