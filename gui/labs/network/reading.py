"""A network's layers read: which are built, with what numbers, and where and why the rest cannot be.

Pure; no Qt, no torch. Made anew for each state that differs in its layers, their input or what is switched off; every card of
the lab is written from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from engine.layers.base import FLOAT32_BYTES, Layer, Shape
from engine.layers.catalog import Sequential
from engine.layers.kinds.composite import Composite, every
from engine.layers.kinds.dense import Linear
from engine.networks.edits import Enabled, Layers, at, enabled
from engine.networks.hints import Hint, no_flatten
from engine.networks.trace import Path, Problem, Row, Trace, trace
from gui.labs.network.state import NetworkState, Share


@dataclass(frozen=True, eq=False)
class Reading:
    """`layers` on `input`, and the trace of those that are on. `rows`, `inputs` and `memory` are by place in the whole network,
    switched-off layers counted. A layer below the problem has no row; in the composite where it breaks, the layers before it
    have theirs, in which shapes and counts are right and receptive fields begin at the composite. `memory` are the bytes that a
    layer's output takes, a composite's with all inside it. `dense` are the parameters of fully connected layers."""

    layers: Layers
    input: Shape
    enabled: Enabled
    trace: Trace
    places: dict[Path, Path]  # in the whole network -> among those that are on
    dense: int
    hint: Hint | None = None  # what can be built, and is likely not meant
    rows: dict[Path, Row] = field(default_factory=dict)
    inputs: dict[Path, Shape] = field(default_factory=dict)
    memory: dict[Path, int] = field(default_factory=dict)

    @property
    def problem(self) -> Problem | None:
        return self.trace.problem

    @property
    def broken(self) -> Path | None:
        """Where the network breaks, in the whole network; () is its input, None: nowhere."""
        return None if self.problem is None else self.enabled.back(self.problem.where)

    @property
    def count(self) -> int:
        """How many layers are on; a composite is what is inside it."""
        return sum(not isinstance(layer, Composite) for layer in every(self.enabled.layers))

    @property
    def depth(self) -> int:
        """How many layers of weights a picture goes through one after the other."""
        return sum(layer.depth() for layer in self.enabled.layers)

    def layer(self, path: Path) -> Layer:
        return at(self.layers, path)

    def total(self, share: Share) -> int:
        """Of the layers that are built."""
        if share == "memory":
            return sum(size for path, size in self.memory.items() if len(path) == 1)
        return self.trace.parameters if share == "parameters" else self.trace.macs

    def amount(self, path: Path, share: Share) -> int | None:
        """What a layer has of a measure; None where it is not built."""
        row = self.rows.get(path)
        if row is None:
            return None
        return {"parameters": row.parameters, "macs": row.macs, "memory": self.memory[path]}[share]

    def output(self, path: Path) -> Shape | None:
        """The shape of a layer's output, or with () of the input; None where it is not built."""
        if not path:
            return self.input
        return self.rows[path].output if path in self.rows else None


def read(state: NetworkState) -> Reading:
    """The state's layers, read. Never raises for what a user can set."""
    on = enabled(state.layers, state.disabled)
    found = trace(on.layers, state.input)
    places = {whole: path for path, whole in on.paths.items()}
    hint = no_flatten(state.layers, found, state.disabled)
    made = Reading(state.layers, state.input, on, found, places, _dense(on.layers, found.rows), hint)
    _chain(made, on.layers, found.rows, ())
    _rest(made, on.layers, found, ())
    return made


def _dense(layers: Sequence[Layer], rows: Sequence[Row]) -> int:
    """The parameters of fully connected layers."""
    count = 0
    for layer, row in zip(layers, rows, strict=False):
        if isinstance(layer, Linear):
            count += row.parameters
        elif isinstance(layer, Composite):
            inside = zip(layer.branches_in_order(), row.inside, strict=True)
            count += sum(_dense(branch.layers, rows_inside) for branch, (_, rows_inside) in inside)
    return count


def _chain(made: Reading, layers: Sequence[Layer], rows: Sequence[Row], here: Path) -> None:
    """Note the rows of a list of layers at `here`."""
    for index, (layer, row) in enumerate(zip(layers, rows, strict=False)):
        path = (*here, index)
        whole = made.enabled.back(path)
        made.rows[whole], made.inputs[whole] = row, row.input
        memory = 0 if isinstance(layer, Sequential) else FLOAT32_BYTES * prod(row.output)
        if isinstance(layer, Composite):
            for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
                start = (*path, *branch.path)
                _chain(made, branch.layers, inside, start)
                memory += sum(made.memory[made.enabled.back((*start, number))] for number in range(len(inside)))
        made.memory[whole] = memory


def _rest(made: Reading, layers: Sequence[Layer], found: Trace, here: Path) -> None:
    """Where a list of layers breaks: what comes in there is known, and if it is a composite, what is inside it up to where that
    breaks."""
    index = len(found.rows)
    if found.problem is None or not found.problem.where or index >= len(layers):
        return
    path, layer, shape = (*here, index), layers[index], found.output
    made.inputs[made.enabled.back(path)] = shape
    if isinstance(layer, Composite) and found.problem.code != "nested_too_deep":
        for branch in layer.branches_in_order():
            inside, start = trace(branch.layers, shape), (*path, *branch.path)  # type: ignore[arg-type]
            _chain(made, branch.layers, inside.rows, start)
            _rest(made, branch.layers, inside, start)
