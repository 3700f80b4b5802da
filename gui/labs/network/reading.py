"""A network's layers as they are read: which are built and with what numbers, where the rest breaks, and why.

Pure; no Qt, no torch. The lab reads again when the layers, their input or what is switched off changes. Every card of the lab
shows what is read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Composite, every
from engine.layers.kinds.dense import Linear
from engine.networks.edits import Enabled, Layers, at, enabled
from engine.networks.hints import Hint, first_hint
from engine.networks.trace import Path, Problem, Row, Trace, trace
from gui.labs.network.state import NetworkState, Share


@dataclass(frozen=True, eq=False)
class Reading:
    """`layers` on `input`, and the trace of those that are on.

    `rows` and `inputs` are by place in the whole network, in which switched-off layers count. A layer below the problem has no
    row. In the composite that breaks, the layers before the problem have rows: their shapes and counts are right, and their
    receptive fields begin at the composite. `dense` is the number of parameters in fully connected layers."""

    layers: Layers
    input: Shape
    enabled: Enabled
    trace: Trace
    places: dict[Path, Path]  # in the whole network -> among those that are on
    dense: int
    hint: Hint | None = None  # what is valid, and likely not meant
    rows: dict[Path, Row] = field(default_factory=dict)
    inputs: dict[Path, Shape] = field(default_factory=dict)

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

    def layer(self, path: Path) -> AnyLayer:
        return at(self.layers, path)

    def total(self, share: Share) -> int:
        """What all layers that are built have of a measure."""
        return _measured(self.trace, share)

    def amount(self, path: Path, share: Share) -> int | None:
        """What a layer has of a measure; None where it is not built."""
        row = self.rows.get(path)
        return None if row is None else _measured(row, share)

    def built(self, place: Path, count: int) -> tuple[Row, ...]:
        """The rows of the first `count` layers of the list at `place`, among the layers that are on, up to where it breaks."""
        found = (self.rows.get(self.enabled.back((*place, number))) for number in range(count))
        return tuple(row for row in takewhile(lambda row: row is not None, found) if row is not None)

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
    hint = first_hint(state.layers, found, state.disabled)
    made = Reading(state.layers, state.input, on, found, places, _dense(on.layers, found.rows), hint)
    _chain(made, on.layers, found.rows, ())
    _rest(made, on.layers, found, ())
    return made


def _measured(found: Row | Trace, share: Share) -> int:
    return {"parameters": found.parameters, "macs": found.macs, "memory": found.memory}[share]


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
    """Keep the rows of the list of layers at `here`."""
    for index, (layer, row) in enumerate(zip(layers, rows, strict=False)):
        path = (*here, index)
        whole = made.enabled.back(path)
        made.rows[whole], made.inputs[whole] = row, row.input
        if isinstance(layer, Composite):
            for branch, (_, inside) in zip(layer.branches_in_order(), row.inside, strict=True):
                _chain(made, branch.layers, inside, (*path, *branch.path))


def _rest(made: Reading, layers: Sequence[Layer], found: Trace, here: Path) -> None:
    """Keep what is known where the list of layers at `here` breaks: what comes in, and of a composite the layers inside it, up
    to the one that breaks."""
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
