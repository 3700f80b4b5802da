"""A formula as a graph of values, forwards and backwards: each node's value, each edge's gradient.

`read_formula` makes a graph of what people type, `x**2 / 20 + y**2` or `softmax_loss(x @ W + b, t)`; nothing of it is executed.
A name that stands twice in a formula is one leaf, whose gradients add up. `forward` gives every node's value, `backward`
multiplies from the output on, one edge after the other, by the local derivative (reverse mode; 『밑바닥부터 시작하는 딥러닝』
1, chapter 5).

Values are float64 arrays of any shapes that numpy broadcasts; a gradient has the shape of its value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from engine.foundations.single_losses import cross_entropy_slopes
from engine.foundations.unit_functions import UNIT_FUNCTIONS, RealArray, sigmoid, softmax
from engine.words import CodedError

MOST_LETTERS = 1_000
MOST_NODES = 300
DEEPEST = 60  # parentheses and operators within each other

_Back: TypeAlias = Callable[..., tuple[RealArray, ...]]  # (gradient, output, *inputs) -> a gradient for each input


class FormulaError(CodedError):
    """A text that is no formula, or one that has no value for what is put in. The sentence says where."""

    TABLE = "formula_problems"


class Operation(NamedTuple):
    """How a node's value follows from its inputs, and what it passes back to each."""

    inputs: int
    forward: Callable[..., RealArray]
    backward: _Back


def _matmul_back(gradient: RealArray, _out: RealArray, a: RealArray, b: RealArray) -> tuple[RealArray, ...]:
    """Of (N, I) @ (I, O), and of rows or columns alone."""
    if a.ndim == 1 and b.ndim == 1:
        return gradient * b, gradient * a
    if a.ndim == 1:
        return b @ gradient, np.outer(a, gradient)
    if b.ndim == 1:
        return np.outer(gradient, b), a.T @ gradient
    return gradient @ b.T, a.T @ gradient


def _softmax_loss(scores: RealArray, truth: RealArray) -> RealArray:
    """The mean over the samples of the cross-entropy after a softmax; one sample where there is one axis. The logarithm of the
    softmax is taken without the softmax, which may round to 0."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.asarray(-np.sum(truth * logs) / (len(scores) if scores.ndim > 1 else 1))


def _softmax_loss_back(gradient: RealArray, _out: RealArray, scores: RealArray, truth: RealArray) -> tuple[RealArray, ...]:
    samples = len(scores) if scores.ndim > 1 else 1
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    of_scores = (
        cross_entropy_slopes(scores, truth) if _adds_up(truth) else softmax(scores) * truth.sum(-1, keepdims=True) - truth
    )
    return gradient * of_scores / samples, -gradient * logs / samples


def _adds_up(truth: RealArray) -> bool:
    return bool(np.all(truth.sum(axis=-1) == 1))


def _of_unit(name: str) -> Operation:
    function = UNIT_FUNCTIONS[name]
    return Operation(1, function.value, lambda g, out, x: (g * function.slope(x),))


def _power_back(gradient: RealArray, out: RealArray, base: RealArray, exponent: RealArray) -> tuple[RealArray, ...]:
    of_base = gradient * exponent * np.power(base, exponent - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_exponent = gradient * out * np.where(base > 0, np.log(base), 0.0)
    return of_base, of_exponent


OPERATIONS: dict[str, Operation] = {
    "add": Operation(2, np.add, lambda g, out, a, b: (g, g)),
    "subtract": Operation(2, np.subtract, lambda g, out, a, b: (g, -g)),
    "multiply": Operation(2, np.multiply, lambda g, out, a, b: (g * b, g * a)),
    "divide": Operation(2, np.divide, lambda g, out, a, b: (g / b, -g * a / b**2)),
    "power": Operation(2, np.power, _power_back),
    "negate": Operation(1, np.negative, lambda g, out, x: (-g,)),
    "matmul": Operation(2, np.matmul, _matmul_back),
    "exp": Operation(1, np.exp, lambda g, out, x: (g * out,)),
    "log": Operation(1, np.log, lambda g, out, x: (g / x,)),
    "sqrt": Operation(1, np.sqrt, lambda g, out, x: (g / (2 * out),)),
    "sin": Operation(1, np.sin, lambda g, out, x: (g * np.cos(x),)),
    "cos": Operation(1, np.cos, lambda g, out, x: (-g * np.sin(x),)),
    "abs": Operation(1, np.abs, lambda g, out, x: (g * np.sign(x),)),
    "tanh": _of_unit("tanh"),
    "relu": _of_unit("relu"),
    "gelu": _of_unit("gelu"),
    "sigmoid": Operation(1, sigmoid, lambda g, out, x: (g * out * (1 - out),)),
    "sum": Operation(1, lambda x: np.asarray(x.sum()), lambda g, out, x: (np.full(x.shape, g),)),
    "mean": Operation(1, lambda x: np.asarray(x.mean()), lambda g, out, x: (np.full(x.shape, g / x.size),)),
    "softmax_loss": Operation(2, _softmax_loss, _softmax_loss_back),
}

FUNCTIONS = tuple(
    name for name in OPERATIONS if name not in {"add", "subtract", "multiply", "divide", "power", "negate", "matmul"}
)
CONSTANTS = {"pi": np.pi, "e": np.e}


class FormulaNode(NamedTuple):
    """A leaf by its `name`, a constant by its `constant`, or what `operation` makes of the nodes at `inputs`. `place` is where
    it stands in the text: the letter of the sign or of the first of the name, the first letter being 1."""

    operation: str | None = None
    inputs: tuple[int, ...] = ()
    name: str | None = None
    constant: float = 0.0
    place: int = 1


class Formula(NamedTuple):
    """`nodes` in an order in which each stands after its inputs; the last one is the formula's value."""

    text: str
    nodes: tuple[FormulaNode, ...]

    @property
    def leaves(self) -> tuple[str, ...]:
        """The names that need a value, in the order of the text."""
        return tuple(node.name for node in self.nodes if node.name is not None)


class PassedBack(NamedTuple):
    """The derivatives of the output: by each node's value, and what each edge (from an input's place to a node) has passed
    back."""

    of_nodes: tuple[RealArray, ...]
    of_edges: Mapping[tuple[int, int], tuple[RealArray, ...]]  # one for each time that the node reads this input


def forward(formula: Formula, values: Mapping[str, ArrayLike]) -> tuple[RealArray, ...]:
    """The value of every node. What is no number (0 / 0, the log of -1) is said by the values themselves. Raises FormulaError
    for a leaf without a value, and for shapes that do not fit."""
    found: list[RealArray] = []
    with np.errstate(all="ignore"):
        for node in formula.nodes:
            if node.name is not None:
                if node.name not in values:
                    raise FormulaError("no_value", name=node.name)
                found.append(np.asarray(values[node.name], np.float64))
            elif node.operation is None:
                found.append(np.asarray(node.constant))
            else:
                inputs = [found[place] for place in node.inputs]
                try:
                    found.append(np.asarray(OPERATIONS[node.operation].forward(*inputs)))
                except ValueError:
                    shapes = ", ".join("×".join(map(str, value.shape)) or "1" for value in inputs)
                    raise FormulaError("shapes", operation=node.operation, shapes=shapes, place=node.place) from None
    return tuple(found)


def backward(formula: Formula, values: tuple[RealArray, ...]) -> PassedBack:
    """The derivatives of the output, or of the sum of its numbers, by every node's value, after `forward`."""
    gradients = [np.zeros(value.shape) for value in values]
    gradients[-1] = np.ones(values[-1].shape)
    edges: dict[tuple[int, int], tuple[RealArray, ...]] = {}
    with np.errstate(all="ignore"):
        for place in reversed(range(len(formula.nodes))):
            node = formula.nodes[place]
            if node.operation is None:
                continue
            inputs = [values[at] for at in node.inputs]
            passed = OPERATIONS[node.operation].backward(gradients[place], values[place], *inputs)
            for at, one in zip(node.inputs, passed, strict=True):
                fitted = _summed_to(np.asarray(one), values[at].shape)
                gradients[at] = gradients[at] + fitted
                edges[at, place] = (*edges.get((at, place), ()), fitted)
    return PassedBack(tuple(gradients), edges)


def _summed_to(gradient: RealArray, shape: tuple[int, ...]) -> RealArray:
    """A number that was broadcast has the sum of the gradients of all its copies."""
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    repeated = tuple(axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[axis] != 1)
    return np.broadcast_to(gradient.sum(axis=repeated, keepdims=True) if repeated else gradient, shape)


def read_formula(text: str, example: str = "x**2 / 20 + y**2") -> Formula:
    """The graph of a formula in Python's own notation: + - * / ** @, parentheses, names, numbers, `FUNCTIONS`, pi and e; ^ is
    read as **. Raises FormulaError, which names an `example` of what is expected."""
    if len(text) > MOST_LETTERS:
        raise FormulaError("long", most=MOST_LETTERS)
    line = " ".join(text.split()) if "\n" in text or "\r" in text else text.strip()
    try:
        tree = ast.parse(line.replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = getattr(error, "offset", None) or len(line) + line.count("^")  # 0: something is missing at the end
        place = _letter(line, at - 1)
        raise FormulaError("unreadable", text=line or "–", place=place, example=example) from None
    reader = _Reader(line)
    reader.read(tree, 0)
    if not any(node.name is not None for node in reader.nodes):
        raise FormulaError("no_names", example=example)
    return Formula(line, tuple(reader.nodes))


def _letter(line: str, at: int) -> int:
    """Which letter of `line`, from 1 on, stands at index `at` of what Python has read, where ^ is two letters."""
    read = 0
    for number, letter in enumerate(line, 1):
        read += 2 if letter == "^" else 1
        if read > at:
            return number
    return max(len(line), 1)


_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.MatMult: "matmul",
}


class _Reader:
    """Walks Python's syntax tree and keeps one node for each operation, name and number."""

    def __init__(self, line: str) -> None:
        self.nodes: list[FormulaNode] = []
        self._places: dict[str, int] = {}
        self._line = line
        self._bytes = line.replace("^", "**").encode()  # Python counts in bytes of UTF-8

    def _letter(self, at_byte: int) -> int:
        return _letter(self._line, len(self._bytes[:at_byte].decode()))

    def _sign(self, left: ast.expr) -> int:
        """Where the sign after the operand `left` stands: behind it come spaces and closing parentheses only."""
        at = left.end_col_offset or 0
        while self._bytes[at : at + 1] in (b" ", b"\t", b")"):
            at += 1
        return self._letter(at)

    def read(self, tree: ast.expr, depth: int) -> int:
        """The place of the node of `tree`."""
        if depth > DEEPEST:
            raise FormulaError("deep", most=DEEPEST)
        place = self._letter(tree.col_offset)
        match tree:
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                inputs = (self.read(left, depth + 1), self.read(right, depth + 1))
                return self._add(FormulaNode(_BINARY[type(operator)], inputs, place=self._sign(left)))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand, depth + 1)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
                number, bool
            ):
                return self._number(-number, place)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._add(FormulaNode("negate", (self.read(operand, depth + 1),), place=place))
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self._number(number, place)
            case ast.Name(id=name) if name in CONSTANTS:
                return self._number(CONSTANTS[name], place)
            case ast.Name(id=name) if name not in OPERATIONS:
                return self._leaf(name, place)
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in FUNCTIONS:
                return self._call(name, given, depth, place)
            case ast.Call(func=ast.Name(id=name)):
                raise FormulaError("no_function", name=name, functions=", ".join(FUNCTIONS), place=place)
            case _:
                raise FormulaError("not_allowed", text=ast.unparse(tree)[:40], place=place)

    def _call(self, name: str, given: list[ast.expr], depth: int, place: int) -> int:
        wanted = OPERATIONS[name].inputs
        if len(given) != wanted:
            raise FormulaError("arguments", name=name, wanted=wanted, given=len(given), place=place)
        return self._add(FormulaNode(name, tuple(self.read(one, depth + 1) for one in given), place=place))

    def _leaf(self, name: str, place: int) -> int:
        if name not in self._places:
            self._places[name] = self._add(FormulaNode(name=name, place=place))
        return self._places[name]

    def _number(self, number: float, place: int) -> int:
        try:
            return self._add(FormulaNode(constant=float(number), place=place))
        except OverflowError:
            raise FormulaError("large_number", place=place) from None

    def _add(self, node: FormulaNode) -> int:
        if len(self.nodes) == MOST_NODES:
            raise FormulaError("many_nodes", most=MOST_NODES)
        self.nodes.append(node)
        return len(self.nodes) - 1
