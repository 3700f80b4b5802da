"""A network as rows, one for each layer: their contents, their nesting, and where a dragged layer can go.

Pure; no Qt. The network lab makes the rows from a trace, `gui.widgets.stack.layer_stack` shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from engine.layers.base import Shape
from engine.networks.trace import Path

Measure: TypeAlias = Literal["parameters", "macs", "memory"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
INPUT: Path = ()


@dataclass(frozen=True)
class StackRow:
    """One row of the stack. Rows are in the order of the drawing, with the input first, at the path ().

    `path` is as in `engine.networks.trace.Problem`. A path that ends at a branch, (2, "main") or (2, "branches", 1), is the
    heading of that branch; with an empty `text` the stack names the branch. Rows inside a composite, headings too, are one
    `depth` deeper. The layers of a folded composite have no rows, and their problem is at the composite.

    Numbers that are not known, below a problem, are None. `memory` is in bytes. `share` is between 0 and 1, of the network's
    total in the quantity of the bars. `problem` says why the layer cannot be built, `hint` what is probably wrong with a valid
    one. `repairs` are (key, text of the button).
    """

    path: Path
    depth: int
    text: str
    output: Shape | None = None
    parameters: int | None = None
    macs: int | None = None
    memory: int | None = None
    share: float = 0.0
    problem: str = ""
    repairs: tuple[tuple[str, str], ...] = ()
    disabled: bool = False
    foldable: bool = False
    folded: bool = False
    hint: str = ""

    @property
    def heading(self) -> bool:
        return is_branch(self.path)

    @property
    def layer(self) -> bool:
        """Whether the row is a layer, and not the input or a heading."""
        return bool(self.path) and not self.heading

    @property
    def said(self) -> str:
        """The sentence below the row, above the repairs."""
        return self.problem or self.hint

    def amount(self, measure: Measure) -> int | None:
        """The row's number for a measure."""
        return {"parameters": self.parameters, "macs": self.macs, "memory": self.memory}[measure]


@dataclass(frozen=True)
class DropSlot:
    """A place between two rows for a dragged layer: before what is at `path` now, drawn at `depth`."""

    path: Path
    depth: int


def is_branch(path: Path) -> bool:
    """Whether a path leads to a branch, and not to a layer or the input."""
    return bool(path) and (isinstance(path[-1], str) or (len(path) > 1 and path[-2] == "branches"))


def parent(path: Path) -> Path:
    """The composite that contains a layer or a branch; () at the top level."""
    path = path if is_branch(path) else path[:-1]
    if not path:
        return ()
    return path[:-1] if isinstance(path[-1], str) else path[:-2]


def beside(path: Path, steps: int) -> Path:
    """The path `steps` places further in the same branch, whether a layer is there or not."""
    return (*path[:-1], int(path[-1]) + steps)


def inside(path: Path, outer: Path) -> bool:
    """Whether `path` is `outer` or inside it."""
    return path[: len(outer)] == outer


def slots(rows: Sequence[StackRow], number: int) -> tuple[DropSlot, ...]:
    """The places for a layer between the rows `number` - 1 and `number` (from 1 to their count), the shallowest first."""
    above, below = rows[number - 1], rows[number] if number < len(rows) else None
    if above.path == INPUT:
        return (DropSlot((0,), 0),)
    if below is not None and len(below.path) > len(above.path) and inside(below.path, above.path):
        return (DropSlot(below.path, below.depth),) if below.layer else ()  # the first row inside the row above
    found = list[DropSlot]()
    if above.heading:
        found.append(DropSlot((*above.path, 0), above.depth))
    else:
        if above.foldable and not above.folded:
            found.append(DropSlot((*above.path, "layers", 0), above.depth + 1))
        found.append(DropSlot(beside(above.path, 1), above.depth))
    outer, depth = parent(above.path), above.depth
    while outer and (below is None or not inside(below.path, outer)):
        depth -= 1
        found.append(DropSlot(beside(outer, 1), depth))
        outer = parent(outer)
    return tuple(reversed(found))


def droppable(slot: DropSlot, source: Path) -> bool:
    """Whether the layer at `source` can go to `slot`, and would be at another place than now."""
    return not inside(slot.path, source) and slot.path != beside(source, 1)


def step(rows: Sequence[StackRow], source: Path, steps: Literal[-1, 1]) -> Path | None:
    """The target of a move by one place up or down: past the neighbour in the same branch, or at the branch's end out of the
    composite. None where there is no such place."""
    if steps < 0:
        return beside(source, -1) if int(source[-1]) > 0 else parent(source) or None
    there = {row.path for row in rows}
    if beside(source, 1) in there:
        return beside(source, 2)
    return beside(parent(source), 1) if parent(source) else None
