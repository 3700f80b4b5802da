"""A network as rows, a row a layer: what stands in them, which lie inside which, and where a dragged layer can go.

Pure; no Qt. `gui.widgets.stack.layer_stack` shows them, the network lab makes them of a trace.
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
    """One line of the stack, in the order of the drawing: the input first, with the path ().

    `path` is as in `engine.networks.trace.Problem.where`. A path that ends at a branch, (2, "main") or (2, "branches", 1), is
    the heading of that branch: its text may stay empty, the stack then names the branch itself. What lies in a composite,
    headings too, is one `depth` deeper than it. What a folded composite holds has no rows; its problem stands at the composite.
    A number that is not known, below a problem, is None; `memory` is in bytes, `share` between 0 and 1 of the network's total
    in what the bars show. `problem` says why the layer cannot be built, `hint` of one that can what is likely not meant;
    `repairs`, (key, words on the button), what to do about it.
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
        """Whether it is a layer: not the input, and no heading."""
        return bool(self.path) and not self.heading

    @property
    def said(self) -> str:
        """The sentence under the row, above the repairs."""
        return self.problem or self.hint

    def amount(self, measure: Measure) -> int | None:
        """What the row has of a measure."""
        return {"parameters": self.parameters, "macs": self.macs, "memory": self.memory}[measure]


@dataclass(frozen=True)
class DropSlot:
    """A place between two rows where a layer can go: before what is at `path` now, drawn at `depth`."""

    path: Path
    depth: int


def is_branch(path: Path) -> bool:
    """Whether a path leads to a branch, not to a layer or the input."""
    return bool(path) and (isinstance(path[-1], str) or (len(path) > 1 and path[-2] == "branches"))


def parent(path: Path) -> Path:
    """The composite that a layer or a branch lies in; () for what lies in the network itself."""
    path = path if is_branch(path) else path[:-1]
    if not path:
        return ()
    return path[:-1] if isinstance(path[-1], str) else path[:-2]


def beside(path: Path, steps: int) -> Path:
    """The layer so many places further on in the same branch, whether it is there or not."""
    return (*path[:-1], int(path[-1]) + steps)


def inside(path: Path, outer: Path) -> bool:
    """Whether `path` is `outer` or lies in it."""
    return path[: len(outer)] == outer


def slots(rows: Sequence[StackRow], number: int) -> tuple[DropSlot, ...]:
    """Where a layer can go between row `number` - 1 and row `number` (from 1 to their count), the shallowest first."""
    above, below = rows[number - 1], rows[number] if number < len(rows) else None
    if above.path == INPUT:
        return (DropSlot((0,), 0),)
    if below is not None and len(below.path) > len(above.path) and inside(below.path, above.path):
        return (DropSlot(below.path, below.depth),) if below.layer else ()  # right under what it opens
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
    """Whether the layer at `source` can go there, and would then be somewhere else than now."""
    return not inside(slot.path, source) and slot.path != beside(source, 1)


def step(rows: Sequence[StackRow], source: Path, steps: Literal[-1, 1]) -> Path | None:
    """The slot that one place up or down leads to: past the neighbour in the same branch, and at its end out of the composite.
    None where there is no way."""
    if steps < 0:
        return beside(source, -1) if int(source[-1]) > 0 else parent(source) or None
    there = {row.path for row in rows}
    if beside(source, 1) in there:
        return beside(source, 2)
    return beside(parent(source), 1) if parent(source) else None
