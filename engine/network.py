"""Layers in order, traced: a row a layer, or the Problem and where it is.

`trace` is a pure function of frozen descriptions; the screen compares old and new rows and updates what changed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from engine.layers.base import Shape


class Problem(msgspec.Struct, frozen=True):
    """Why a network cannot be built, and where. `where` is the path to the layer: (2,) is the third layer, (2, "main", 0) the
    first layer of the third one's main branch. `code` is one of assets/words/problems.toml, `values` fill its sentence."""

    where: tuple[int | str, ...]
    code: str
    values: dict[str, Any]

    @property
    def index(self) -> int:
        """The number of the top-level layer it belongs to; -1 when the input itself is at fault."""
        return int(self.where[0]) if self.where else -1


class Row(msgspec.Struct, frozen=True):
    """One layer with its numbers. A composite's row holds the totals of what is inside it."""

    index: int
    type: str
    input: Shape
    output: Shape
    parameters: int
    macs: int
    receptive_field: tuple[int, ...] | None  # cells of the network's input that one unit sees, per axis; None: no position
    jump: tuple[int, ...] | None  # how far two neighbouring units' fields lie apart
    start: tuple[float, ...] | None  # centre of the first unit's field, in input cells (0 is the first cell's centre)
    inside: tuple[tuple[str, tuple[Row, ...]], ...] = ()  # a composite's branches by name


class Trace(msgspec.Struct, frozen=True):
    """The rows up to the first problem, and the totals of those rows."""

    input: Shape
    rows: tuple[Row, ...]
    problem: Problem | None = None

    @property
    def output(self) -> Shape:
        return self.rows[-1].output if self.rows else self.input

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        return sum(row.macs for row in self.rows)
