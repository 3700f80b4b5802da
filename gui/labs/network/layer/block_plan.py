"""A block with layers inside, as it is drawn: what arrives, its branches side by side, how they become one, what leaves.

`block_plan` makes it of a composite and its rows in a trace; `BlockDiagram` paints it. Called by the chosen layer's card, and
by the comparison for networks that are short enough to be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from engine.layers.base import Layer, Shape
from engine.layers.catalog import Concat, Residual, Sequential
from engine.layers.kinds.composite import Branch, Composite
from engine.layers.layer_text import branch_name, short
from engine.networks.trace import Row
from gui.shell.language import language

Join = Literal["add", "concat", "chain"]
_JOINS: dict[type[Layer], Join] = {Residual: "add", Concat: "concat"}


@dataclass(frozen=True)
class Step:
    """A layer in few words, and the shape that it gives; None where it is not built."""

    text: str
    output: Shape | None


@dataclass(frozen=True)
class Lane:
    """One branch. Without steps it hands its input on. `output` is what leaves it."""

    title: str
    steps: tuple[Step, ...]
    output: Shape | None


@dataclass(frozen=True)
class BlockPlan:
    """`broken`: the lanes' outputs do not come together."""

    input: Shape | None
    lanes: tuple[Lane, ...]
    join: Join
    output: Shape | None
    broken: bool = False


def block_plan(
    block: Composite, arrives: Shape | None, rows: Sequence[Sequence[Row]], leaves: Shape | None, *, broken: bool = False
) -> BlockPlan:
    """The plan of a composite. `rows` has those of each branch, which may stop early: the layers after them are not built. A
    shape that is not known is None."""
    lanes = (
        _lane(_title(block, branch), branch.layers, inside, arrives)
        for branch, inside in zip(block.branches_in_order(), rows, strict=True)
    )
    return BlockPlan(arrives, tuple(lanes), _JOINS.get(type(block), "chain"), leaves, broken)


def _title(block: Composite, branch: Branch) -> str:
    """Few letters, for a lane may be narrow: a number, or a name."""
    last = branch.path[-1]
    if isinstance(block, Sequential):
        return ""
    return str(last + 1) if isinstance(last, int) else branch_name(last, language())


def _lane(title: str, layers: Sequence[Layer], rows: Sequence[Row], arrives: Shape | None) -> Lane:
    both = zip_longest(layers, rows)
    steps = tuple(Step(short(layer, language()), None if row is None else row.output) for layer, row in both)
    return Lane(title, steps, steps[-1].output if steps else arrives)
