"""The memory that a pass over a whole network needs, computed before torch is asked for anything. No torch.

Called by `engine.passes.activations`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.layers.base import FLOAT32_BYTES, cells
from engine.layers.catalog import KINDS
from engine.layers.kinds.recurrent import Recurrent
from engine.networks.trace import Row, Trace

if TYPE_CHECKING:
    pass

KEPT_BYTES = 256_000_000  # up to this size all outputs are kept, so that another layer is shown at once


class Memory(NamedTuple):
    """Bytes that a pass needs."""

    weights: int
    activations: int

    @property
    def total(self) -> int:
        return self.weights + self.activations


def memory(traced: Trace, gradient: bool = False) -> Memory:
    """The memory of a pass over the rows of `traced`; with `gradient`, of a forward and a backward pass. No torch."""
    everything, largest = _outputs(traced.rows)
    most = _peak(traced.rows) * FLOAT32_BYTES
    kept, one = everything * FLOAT32_BYTES, largest * FLOAT32_BYTES
    weights = traced.parameters * FLOAT32_BYTES
    if gradient:
        return Memory(weights, kept + most + _unseen(traced.rows) * FLOAT32_BYTES)
    return Memory(weights, max(kept, most) if kept <= KEPT_BYTES else most + one)


def keeps_all(traced: Trace) -> bool:
    """Whether a pass keeps the outputs of all layers, and not only what is looked at."""
    return _outputs(traced.rows)[0] * FLOAT32_BYTES <= KEPT_BYTES


def _outputs(rows: Sequence[Row]) -> tuple[int, int]:
    """The number of cells of all outputs, and of the largest. A Sequential's output is that of its last layer."""
    total = largest = 0
    for row in rows:
        own = cells(row.output)
        inside = [_outputs(inner) for _, inner in row.inside]
        total += sum(each for each, _ in inside) + (0 if row.type == "Sequential" else own)
        largest = max(largest, own, *(each for _, each in inside))
    return total, largest


def _peak(rows: Sequence[Row], held: int = 0) -> int:
    """The most cells in memory at once: a layer's input, its output and what else it computes, and `held` cells of the
    composites around it: their inputs, which later branches read, and the outputs of earlier branches."""
    most = held
    for row in rows:
        before, done = cells(row.input), 0
        for _, inner in row.inside:
            most = max(most, _peak(inner, held + before + done))
            done += cells(inner[-1].output) if inner else 0
        most = max(most, held + before + done + cells(row.output) + row.unseen + _at_work(row))
    return most


def _at_work(row: Row) -> int:
    """The most numbers that torch needs besides while it computes a recurrent layer on the CPU: the gates of all time steps,
    twice, and sequences of states. (Measured: 9.4 sequences for an LSTM, 5.5 for a GRU, 4.5 for an RNN.)"""
    kind = KINDS[row.type]
    return (2 * kind.GATES + 3) * row.input[0] * row.output[-1] if issubclass(kind, Recurrent) else 0


def _unseen(rows: Sequence[Row]) -> int:
    """The numbers that the layers compute and do not hand on, and what recurrent layers keep for the gradient. (Measured: up to
    20 times the sequences of an LSTM's layers.)"""
    total = 0
    for row in rows:
        kind = KINDS[row.type]
        kept = 5 * kind.GATES * (row.unseen + cells(row.output)) if issubclass(kind, Recurrent) else 0
        total += row.unseen + kept + sum(_unseen(inner) for _, inner in row.inside)
    return total
