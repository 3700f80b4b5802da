"""The comparison of two networks: parameters, multiply-adds and receptive field by depth, the totals, and matching layers.

Pure functions of traces; no torch. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple, TypeAlias

from engine.layers.base import Layer, cells
from engine.layers.catalog import KINDS, AnyLayer
from engine.layers.kinds.activation import Dropout, Identity, Pointwise, Softmax
from engine.layers.kinds.composite import Composite
from engine.layers.kinds.dense import Flatten
from engine.layers.kinds.normalization import BatchNormalization
from engine.layers.kinds.pooling import Adaptive
from engine.networks.trace import Row, Trace


class RunningSums(NamedTuple):
    """Sums over all layers up to this one. `field` is the receptive field along the first axis; None if the layer's output has
    no positions, or if it reads its whole input, as for `last_field`."""

    layer: str
    parameters: int
    macs: int
    memory: int  # bytes of the layer's outputs for one sample
    field: int | None


@dataclass(frozen=True, eq=False)
class Side:
    """A network under its name: its layers and their trace."""

    name: str
    layers: tuple[AnyLayer, ...]
    trace: Trace


class Difference(NamedTuple):
    """A quantity of both networks."""

    quantity: str  # a code of assets/words/quantities.toml
    first: int
    second: int


class UnfoldedLayer(NamedTuple):
    """A layer with its row, and the number of composites around it."""

    level: int
    layer: Layer
    row: Row


def unfolded(layers: Sequence[Layer], rows: Sequence[Row], level: int = 0) -> Iterator[UnfoldedLayer]:
    """All layers that have a row; after a composite the layers inside it."""
    for layer, row in zip(layers, rows, strict=False):
        yield UnfoldedLayer(level, layer, row)
        if isinstance(layer, Composite):
            for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
                yield from unfolded(branch.layers, inside, level + 1)


def depths(trace: Trace) -> tuple[RunningSums, ...]:
    """Running sums of parameters and MACs along the longest path of the network. Layers inside a composite are steps of their
    own, as in a plain network; where branches join, the sums of the shorter branches are added."""
    return tuple(_steps(trace.rows, 0, 0))


def _steps(rows: Sequence[Row], parameters: int, macs: int) -> Iterator[RunningSums]:
    for row in rows:
        if row.inside:
            yield from _steps(max((inside for _, inside in row.inside), key=_length), parameters, macs)
        parameters, macs = parameters + row.parameters, macs + row.macs
        if len(row.inside) != 1:
            field = row.receptive_field[0] if row.receptive_field and not _reads_everything(row) else None
            yield RunningSums(row.type, parameters, macs, row.memory, field)


def _length(rows: Sequence[Row]) -> int:
    """The number of steps along the longest path of a list."""
    return sum(max((_length(inside) for _, inside in row.inside), default=0) + (len(row.inside) != 1) for row in rows)


def differences(first: Trace, second: Trace) -> tuple[Difference, ...]:
    """Parameters, MACs, activation memory (bytes of all outputs for one sample), and the receptive field along the first axis
    if both networks have one of windows, or both see the whole input."""
    found = [
        Difference("parameters", first.parameters, second.parameters),
        Difference("macs", first.macs, second.macs),
        Difference("activation_memory", first.memory, second.memory),
    ]
    one, other = last_field(first), last_field(second)
    if one is not None and other is not None and one.whole == other.whole:
        found.append(Difference("receptive_field", one.cells[0], other.cells[0]))
    return tuple(found)


class ReceptiveField(NamedTuple):
    """The cells of the input that a unit of top-level layer number `at` sees, along each spatial axis. `whole`: the unit sees
    all of them, because the layer reads its whole input."""

    cells: tuple[int, ...]
    at: int
    whole: bool


def last_field(trace: Trace) -> ReceptiveField | None:
    """The receptive field of the network's windows, at the layer that last enlarged it. A global pooling and the layers after
    it are left out, because they read the whole map. If there is no window before them, the field is the whole input. None if
    neither is known, as after a recurrent layer."""
    found: ReceptiveField | None = None
    for row in trace.rows:
        everything = _reads_everything(row)
        if row.receptive_field is None or everything:
            if found is not None and max(found.cells) > 1:
                return found
            if everything:
                return ReceptiveField(trace.input[1:] or trace.input, row.index, True)
            if not issubclass(KINDS[row.type], (Flatten, Pointwise, BatchNormalization)):
                return None
        elif found is None or row.receptive_field != found.cells:
            found = ReceptiveField(row.receptive_field, row.index, False)
    return found


def _reads_everything(row: Row) -> bool:
    """Whether each unit depends on the layer's whole input: in a fully connected layer on a vector, and in a pooling to one
    place."""
    if issubclass(KINDS[row.type], Adaptive):
        return cells(row.output[1:]) == 1 < cells(row.input[1:])
    return row.type == "Linear" and len(row.input) == 1


# --- layer beside layer

MatchedLayers: TypeAlias = tuple[UnfoldedLayer | None, UnfoldedLayer | None]  # None: the other one has no partner

GAP_COST = 0.75  # of a layer without a partner; two of them cost more than a pair of one kind with different outputs
ACTIVATION_KINDS = {
    name for name, kind in KINDS.items() if issubclass(kind, Pointwise) and not issubclass(kind, (Dropout, Identity, Softmax))
}
SIZE_COST = 0.2  # of a pair, for each factor of two between the sizes of the outputs


def matched(one: Sequence[UnfoldedLayer], other: Sequence[UnfoldedLayer]) -> tuple[MatchedLayers, ...]:
    """The layers of both networks, paired in order: the alignment of the least cost (edit distance). Two layers can be a pair
    if they are of one kind or both activations. Pairs with equal outputs cost nothing, others more the more their sizes
    differ."""
    costs = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one) + 1)):
        for j in reversed(range(len(other) + 1)):
            if (i, j) != (len(one), len(other)):
                costs[i][j] = min(cost for cost, _, _ in _ways(one, other, costs, i, j))
    return tuple(_walked(one, other, costs))


def _ways(
    one: Sequence[UnfoldedLayer], other: Sequence[UnfoldedLayer], costs: list[list[float]], i: int, j: int
) -> Iterator[tuple[float, int, int]]:
    """The possible next steps of the alignment: (cost to the end, layers of `one`, layers of `other`)."""
    if i < len(one) and j < len(other) and (change := _change(one[i].row, other[j].row)) is not None:
        yield costs[i + 1][j + 1] + change, 1, 1
    if i < len(one):
        yield costs[i + 1][j] + GAP_COST, 1, 0
    if j < len(other):
        yield costs[i][j + 1] + GAP_COST, 0, 1


def _change(one: Row, other: Row) -> float | None:
    """The cost of a pair; None if the two layers cannot be one."""
    if one.type != other.type and not (one.type in ACTIVATION_KINDS and other.type in ACTIVATION_KINDS):
        return None
    if (one.type, one.output) == (other.type, other.output):
        return 0.0
    near = len(one.output) == len(other.output) > 1
    return 1.0 + (SIZE_COST * abs(log2(one.output[-1] / other.output[-1])) if near else 0.0)


def _walked(one: Sequence[UnfoldedLayer], other: Sequence[UnfoldedLayer], costs: list[list[float]]) -> Iterator[MatchedLayers]:
    i = j = 0
    while i < len(one) or j < len(other):
        _, down, across = min(_ways(one, other, costs, i, j), key=lambda way: way[0])
        yield one[i] if down else None, other[j] if across else None
        i, j = i + down, j + across
