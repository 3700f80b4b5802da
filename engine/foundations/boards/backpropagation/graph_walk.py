"""A formula forwards and then backwards, node by node: what is known after each step, and by which rule.

`walk` makes a `GraphWalk` of a formula and its leaves' values. Forwards a step is the value of one node; backwards a step is
what one node passes to all its inputs, each time upstream times local (`LocalTerm`). A leaf that is read twice adds up what has
come. Called by the board of backpropagation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from engine.figures import MINUS, TIMES, bracketed, measured
from engine.foundations.differences import BOOKS_STEP, numerical_gradient
from engine.foundations.formula_graph import OPERATIONS, Formula, FormulaNode, backward, forward
from engine.foundations.unit_functions import RealArray
from engine.words import Phrase

TABLE = "board_backpropagation"

Joining: TypeAlias = Literal["times", "right", "left"]  # upstream ∘ local, upstream @ local, local @ upstream
StepKind: TypeAlias = Literal["leaves", "forward", "begin", "backward"]

SIGNS = {"add": "+", "subtract": MINUS, "multiply": TIMES, "divide": "/", "power": "^", "matmul": "@"}


class LocalTerm(NamedTuple):
    """What node `target` passes back to its input `source`: `upstream` is the derivative of the output by the target's value,
    `local` the derivative of the target's value by this input. Of a matrix product both are matrices (a vector is a row on the
    left of @ and a column on its right), and `local` is the other factor, transposed; else they are multiplied number by
    number. `passed` is their product, summed over the copies of a number that was broadcast, in the input's shape."""

    source: int
    target: int
    turn: int  # the how manieth of the node's inputs it is, from 0
    joining: Joining
    upstream: RealArray
    local: RealArray
    product: RealArray
    passed: RealArray

    @property
    def summed(self) -> bool:
        """Whether several numbers of the product belong to one number of the input."""
        return self.product.size > self.passed.size


class WalkStep(NamedTuple):
    """One step. `node` is the place of the node that it is about; "leaves" (the values that are given) and "begin" (the
    derivative of the output by itself) are the first steps of the two ways."""

    kind: StepKind
    node: int
    terms: tuple[LocalTerm, ...] = ()


class WalkedSoFar(NamedTuple):
    """What is on the graph after some steps: the nodes with a value, the derivative that has come to each node so far, and the
    terms that have been passed back, by (target, turn)."""

    values: frozenset[int]
    gradients: Mapping[int, RealArray]
    terms: Mapping[tuple[int, int], LocalTerm]


class GraphWalk(NamedTuple):
    """`values` and `gradients` are those of every node at the end; `steps` lead there."""

    formula: Formula
    values: tuple[RealArray, ...]
    gradients: tuple[RealArray, ...]
    steps: tuple[WalkStep, ...]

    @property
    def output(self) -> RealArray:
        return self.values[-1]

    @property
    def readers(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Of each node: who reads it, as (place of the reader, turn)."""
        found: dict[int, tuple[tuple[int, int], ...]] = dict.fromkeys(range(len(self.formula.nodes)), ())
        for place, node in enumerate(self.formula.nodes):
            for turn, source in enumerate(node.inputs):
                found[source] = (*found[source], (place, turn))
        return found

    def known(self, done: int) -> WalkedSoFar:
        """What is known once step `done` has been taken (0: the leaves alone)."""
        values = {place for place, node in enumerate(self.formula.nodes) if node.operation is None}
        gradients: dict[int, RealArray] = {}
        terms: dict[tuple[int, int], LocalTerm] = {}
        for step in self.steps[: done + 1]:
            if step.kind == "forward":
                values.add(step.node)
            elif step.kind == "begin":
                gradients[step.node] = np.ones(self.output.shape)
            for term in step.terms:
                before = gradients.get(term.source)
                with np.errstate(all="ignore"):
                    gradients[term.source] = term.passed if before is None else before + term.passed
                terms[term.target, term.turn] = term
        return WalkedSoFar(frozenset(values), gradients, terms)

    def of_leaf(self, name: str) -> RealArray:
        """The derivative of the output, or of the sum of its numbers, by the leaf `name`."""
        return self.gradients[next(place for place, node in enumerate(self.formula.nodes) if node.name == name)]


def walk(formula: Formula, values: Mapping[str, ArrayLike]) -> GraphWalk:
    """All values, derivatives and steps. Raises FormulaError for a leaf without a value, and for shapes that do not fit."""
    found = forward(formula, values)
    passed = backward(formula, found).of_nodes
    operations = [place for place, node in enumerate(formula.nodes) if node.operation is not None]
    last = len(formula.nodes) - 1
    steps = [WalkStep("leaves", -1), *(WalkStep("forward", place) for place in operations), WalkStep("begin", last)]
    steps += [WalkStep("backward", place, local_terms(formula, found, passed, place)) for place in reversed(operations)]
    return GraphWalk(formula, found, passed, tuple(steps))


def local_terms(
    formula: Formula, values: tuple[RealArray, ...], gradients: tuple[RealArray, ...], place: int
) -> tuple[LocalTerm, ...]:
    """What the node at `place` passes back, one term for each input in its order."""
    node, upstream = formula.nodes[place], gradients[place]
    assert node.operation is not None
    inputs = [values[source] for source in node.inputs]
    terms = []
    for turn, source in enumerate(node.inputs):
        joining: Joining = "times"
        if node.operation == "matmul":
            rows, columns = _rows(inputs[0]), _columns(inputs[1])
            above = upstream.reshape(len(rows), columns.shape[1])
            joining, local = ("right", columns.T) if turn == 0 else ("left", rows.T)
            with np.errstate(all="ignore"):
                product = above @ local if turn == 0 else local @ above
        else:
            above = upstream
            with np.errstate(all="ignore"):
                passed_on = OPERATIONS[node.operation].backward(np.ones(upstream.shape), values[place], *inputs)
                local = np.asarray(passed_on[turn], np.float64)
                product = above * local
        shape = inputs[turn].shape
        with np.errstate(all="ignore"):
            passed = product.reshape(shape) if node.operation == "matmul" else _summed(product, shape)
        terms.append(LocalTerm(source, place, turn, joining, above, local, product, passed))
    return tuple(terms)


def _rows(a: RealArray) -> RealArray:
    return a[None] if a.ndim == 1 else a


def _columns(b: RealArray) -> RealArray:
    return b[:, None] if b.ndim == 1 else b


def _summed(product: RealArray, shape: tuple[int, ...]) -> RealArray:
    """A number that was broadcast gets the sum over its copies."""
    product = np.asarray(product.sum(axis=tuple(range(product.ndim - len(shape)))))
    copied = tuple(axis for axis, size in enumerate(shape) if size == 1 and product.shape[axis] != 1)
    return np.asarray(product.sum(axis=copied, keepdims=True)) if copied else product


def checked_by_differences(formula: Formula, values: Mapping[str, ArrayLike], step: float = BOOKS_STEP) -> dict[str, RealArray]:
    """The derivatives of the sum of the output's numbers by every leaf, as central differences."""
    arrays = {name: np.array(value, np.float64) for name, value in values.items()}

    def total(_moved: RealArray) -> float:
        return float(forward(formula, arrays)[-1].sum())

    with np.errstate(all="ignore"):
        return {name: numerical_gradient(total, arrays[name], step) for name in formula.leaves}


# --- as sentences


def sign_of(node: FormulaNode) -> str:
    """What is drawn in the node: × for a product, the name of a leaf or of a function, a constant's number."""
    if node.name is not None:
        return node.name
    if node.operation is None:
        return measured(node.constant)
    return MINUS if node.operation == "negate" else SIGNS.get(node.operation, node.operation)


def forward_line(graph: GraphWalk, place: int) -> str:
    """A node's arithmetic with today's numbers: 2 × 100 = 200, sigmoid(0.5) = 0.6225; of arrays with their shapes."""
    node = graph.formula.nodes[place]
    inputs = [number_or_shape(graph.values[source]) for source in node.inputs]
    if node.operation in SIGNS:
        made = f"{inputs[0]} {SIGNS[node.operation]} {bracketed(inputs[1])}"
    elif node.operation == "negate":
        made = f"{MINUS}({inputs[0]})"
    else:
        made = f"{node.operation}({', '.join(inputs)})"
    return f"{made} = {number_or_shape(graph.values[place])}"


def backward_line(term: LocalTerm) -> str:
    """Upstream times local with today's numbers: 1.1 × 2 = 2.2; of arrays with their shapes."""
    above, local = number_or_shape(term.upstream), number_or_shape(term.local)
    made = {
        "times": f"{above} {TIMES} {bracketed(local)}",
        "right": f"{above} @ {local}",
        "left": f"{local} @ {above}",
    }[term.joining]
    if term.summed:
        return f"Σ {made} = {number_or_shape(term.passed)}"
    return f"{made} = {number_or_shape(term.passed)}"


def number_or_shape(value: RealArray) -> str:
    """A number in four figures; an array as its shape in parentheses: (2×3)."""
    return measured(float(value)) if value.ndim == 0 else f"({'×'.join(map(str, value.shape))})"


def rule_of(graph: GraphWalk, step: WalkStep) -> Phrase:
    """The sentence of a step: which rule it is."""
    node = graph.formula.nodes[step.node]
    match step.kind:
        case "leaves":
            return Phrase(TABLE, "step.leaves")
        case "begin":
            code = "step.begin" if graph.output.ndim == 0 else "step.begin_array"
            return Phrase(TABLE, code, {"count": graph.output.size})
        case "forward":
            return Phrase(TABLE, f"forward.{node.operation}")
        case "backward":
            return Phrase(TABLE, f"backward.{node.operation}")
