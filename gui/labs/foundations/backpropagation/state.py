"""What the board of backpropagation shows: a formula with the values of its leaves and the step that is looked at, and how
gradients are checked. No Qt here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import prod
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
from msgspec import Meta

from engine.fields import setting
from engine.foundations.boards.backpropagation.leaf_arrays import MOST_SIDE
from engine.foundations.formula_graph import MOST_LETTERS, MOST_NODES, Formula, FormulaError, read_formula
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.board_state import BoardLink, BoardState

MOST_OTHERS = 20  # leaves whose values are kept although the formula does not read them
MOST_SIZE = 1e9  # of a leaf's number
NEW_LEAF = 1.0  # the value of a leaf that has none yet

BOOKS: Mapping[str, str] = {
    "three-layers": "1.4",
    "apples": "1.16",
    "apples-and-oranges": "1.17",
    "relu": "1.18",
    "sigmoid": "1.18",
    "affine": "1.18",
    "softmax-with-loss": "1.18",
    "check-two-layers": "1.19",
    "check-convolution": "1.35",
}
LINKS = (
    BoardLink("moons", ("presets", "moons-mlp")),
    BoardLink("convolution", ("convolution", "worked-example")),
    BoardLink("through_time", ("presets", "adding-lstm")),
)


class LeafValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The value of a leaf: its numbers row by row. `shape` () is one number, (n,) a row, (m, n) a matrix; numbers that do not
    fill it are a row."""

    name: Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]
    numbers: Annotated[
        tuple[Annotated[float, Meta(ge=-MOST_SIZE, le=MOST_SIZE)], ...], Meta(min_length=1, max_length=MOST_SIDE**2)
    ]
    shape: Annotated[tuple[Annotated[int, Meta(ge=1, le=MOST_SIDE)], ...], Meta(max_length=2)] = ()

    @property
    def array(self) -> RealArray:
        row = np.array(self.numbers, np.float64)
        return row.reshape(self.shape) if prod(self.shape) == len(row) else row


def leaf_value(name: str, array: RealArray) -> LeafValue:
    """An array as the value of a leaf."""
    return LeafValue(name=name, numbers=tuple(array.reshape(-1).tolist()), shape=array.shape)


class BackpropagationState(BoardState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`step` is the step of the graph that is looked at, None the end; `leaf` and `leaf_cell` name the number that the slider
    moves, counted row by row. The other fields are those of the gradient checks; `row` is the chosen row of their table."""

    LOOKS: ClassVar[frozenset[str]] = frozenset({"step", "leaf", "leaf_cell", "row"})

    topic: Literal["graph", "layers", "network"] = "graph"
    formula: Annotated[str, Meta(max_length=MOST_LETTERS)] = "apple * count * tax"
    leaves: Annotated[tuple[LeafValue, ...], Meta(max_length=MOST_NODES + MOST_OTHERS)] = (
        LeafValue(name="apple", numbers=(100.0,)),
        LeafValue(name="count", numbers=(2.0,)),
        LeafValue(name="tax", numbers=(1.1,)),
    )
    step: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    leaf: Annotated[str, Meta(max_length=MOST_LETTERS)] = ""
    leaf_cell: Annotated[int, Meta(ge=0, le=10_000)] = 0
    check_step: Annotated[float, setting(1e-16, 1.0, slider=(1e-12, 1e-1), scale="log")] = 1e-5
    precision: Literal["float64", "float32"] = "float64"
    at_kinks: bool = False
    new_masks: bool = False
    hidden: Annotated[int, setting(1, 200, slider=(2, 100))] = 10
    hidden_activation: Literal["sigmoid", "relu", "tanh"] = "sigmoid"
    samples: Annotated[int, setting(1, 50, slider=(1, 10))] = 3
    in_logarithm: bool = False
    check_seed: Annotated[int, setting(0, 9999, slider=(0, 20))] = 0
    row: Annotated[str, Meta(max_length=60)] = ""

    @property
    def values(self) -> dict[str, RealArray]:
        """The value of every leaf of the formula, `first_value` where it has none yet. None where the formula, from a file,
        cannot be read."""
        known = {leaf.name: leaf.array for leaf in self.leaves}
        try:
            formula = formula_of(self.formula)
            return {name: known[name] if name in known else first_value(formula, name) for name in formula.leaves}
        except FormulaError:
            return {}

    def values_are(self, other: BackpropagationState) -> bool:
        """Whether both have the same formula with the same values."""
        return (self.formula, self.leaves) == (other.formula, other.leaves)

    def leaves_for(self, formula: Formula) -> tuple[LeafValue, ...]:
        """The values that are kept where another formula is read: those of its own leaves, and of some others."""
        own = [leaf for leaf in self.leaves if leaf.name in formula.leaves]
        others = [leaf for leaf in self.leaves if leaf.name not in formula.leaves]
        return (*own, *others[-MOST_OTHERS:])

    def with_value(self, name: str, array: RealArray) -> tuple[LeafValue, ...]:
        """The leaves, where one has another value."""
        made = leaf_value(name, array)
        if any(leaf.name == name for leaf in self.leaves):
            return tuple(made if leaf.name == name else leaf for leaf in self.leaves)
        return (*self.leaves, made)


def first_value(formula: Formula, name: str) -> RealArray:
    """The value of a leaf that has none yet: 1; the unit matrix where it is multiplied as a matrix, and one class of two where
    it goes into a loss."""
    place = next(place for place, node in enumerate(formula.nodes) if node.name == name)
    readers = {node.operation for node in formula.nodes if place in node.inputs}
    if "matmul" in readers:
        return np.eye(2)
    return np.array([1.0, 0.0]) if "softmax_loss" in readers else np.array(NEW_LEAF)


@lru_cache(64)
def formula_of(text: str) -> Formula:
    """A formula, read once. Raises FormulaError."""
    return read_formula(text)
