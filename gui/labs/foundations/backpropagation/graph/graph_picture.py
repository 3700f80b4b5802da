"""What the graph shows of a walk: its plates, its layout, and which parts are known, lit and labelled.

Made anew for each state; painted by `graph_view`.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.figures import DECIMALS, TIMES, bracketed
from engine.foundations.boards.backpropagation.graph_walk import (
    GraphWalk,
    LocalTerm,
    WalkedSoFar,
    WalkStep,
    number_or_shape,
    sign_of,
)
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.backpropagation.graph.graph_layout import (
    BOOKS_LEAVES,
    SIGN_GAP_PX,
    GraphLayout,
    PartSize,
    laid_out,
)
from gui.labs.foundations.backpropagation.graph.number_plates import NumberPlate, plate_of
from gui.widgets.stack.stack_painting import measure_of

RING_PX, SIGN_TEXT_PX = 34.0, 15
WIRE_GAP_PX = 3.0  # between the wire and what stands above and below it
LANE_PX = 20.0
FIGURES = 3  # of the numbers in grids, which need room; the products below the graph have one more
ROUND_SIGNS = ("+", "−", "×", "/", "^", "@")


class GraphShown(NamedTuple):
    """`values` and `gradients` are the plates of all nodes, whether they are known yet or not; `passed` those of the wires of
    leaves that are read more than once."""

    walk: GraphWalk
    done: int
    known: WalkedSoFar
    layout: GraphLayout
    signs: tuple[str, ...]
    values: tuple[NumberPlate, ...]
    gradients: tuple[NumberPlate, ...]
    passed: dict[tuple[int, int], NumberPlate]
    sums: dict[int, NumberPlate]  # of leaves read more than once: what has come so far

    @property
    def step(self) -> WalkStep:
        return self.walk.steps[self.done]

    def term(self, target: int, turn: int) -> LocalTerm:
        return self.terms[target, turn]

    @property
    def terms(self) -> dict[tuple[int, int], LocalTerm]:
        return {(term.target, term.turn): term for step in self.walk.steps for term in step.terms}

    def is_leaf(self, place: int) -> bool:
        return self.walk.formula.nodes[place].name is not None

    def is_constant(self, place: int) -> bool:
        return self.walk.formula.nodes[place].operation is None and not self.is_leaf(place)


def shown_graph(walk: GraphWalk, done: int) -> GraphShown:
    """The picture after step `done` of a walk."""
    nodes = walk.formula.nodes
    known = walk.known(done)
    signs = tuple(sign_of(node) for node in nodes)
    pairs = [_pair(value, gradient) for value, gradient in zip(walk.values, walk.gradients, strict=True)]
    values, gradients = tuple(value for value, _ in pairs), tuple(gradient for _, gradient in pairs)
    terms = {(term.target, term.turn): term for step in walk.steps for term in step.terms}
    several = {place: readers for place, readers in walk.readers.items() if len(readers) > 1}
    passed = {wire: plate_of(terms[wire].passed, FIGURES).without_shape() for wires in several.values() for wire in wires}
    sizes = [
        _size(signs[place], values[place], gradients[place], constant=node.operation is None and node.name is None)
        for place, node in enumerate(nodes)
    ]
    lanes = {wire: PartSize(0.0, plate.width, LANE_PX / 2, WIRE_GAP_PX + plate.height) for wire, plate in passed.items()}
    plain = all(value.ndim == 0 for value in walk.values)
    leaves = sum(node.name is not None for node in nodes)
    constants = {place for place, node in enumerate(nodes) if node.operation is None and node.name is None}
    inputs = [node.inputs for node in nodes]
    layout = laid_out(inputs, sizes, lanes, leaves_left=plain and leaves <= BOOKS_LEAVES, near=constants)
    sums = {place: _pair(walk.values[place], known.gradients[place])[1] for place in several if place in known.gradients}
    return GraphShown(walk, done, known, layout, signs, values, gradients, passed, sums)


def _pair(value: RealArray, gradient: RealArray) -> tuple[NumberPlate, NumberPlate]:
    """The plates of a value and its gradient, cell above cell; the shape is that of both."""
    figures = FIGURES if value.ndim else DECIMALS
    above, below = plate_of(value, figures), plate_of(gradient, figures).without_shape()
    columns = tuple(map(max, above.columns, below.columns))
    return above.with_columns(columns), below.with_columns(columns)


def _size(sign: str, value: NumberPlate, gradient: NumberPlate, *, constant: bool) -> PartSize:
    half = RING_PX / 2
    above = max(half, value.height + WIRE_GAP_PX)
    if constant:
        return PartSize(sign_width(sign), 0.0, half, half)
    return PartSize(
        sign_width(sign),
        max(value.width, gradient.width) + 2 * SIGN_GAP_PX,
        above,
        max(half, gradient.height + WIRE_GAP_PX),
    )


def sign_width(sign: str) -> float:
    """A ring for the signs of arithmetic; a name has a box as wide as it needs."""
    if sign in ROUND_SIGNS:
        return RING_PX
    return max(RING_PX, measure_of(SIGN_TEXT_PX - 2).horizontalAdvance(sign) + 18)


def chip_text(term: LocalTerm) -> str:
    """A term's local derivative as it is written on its wire: × 1.1."""
    local = number_or_shape(term.local)
    return {"times": f"{TIMES} {bracketed(local)}", "right": f"@ {local}", "left": f"{local} @"}[term.joining]
