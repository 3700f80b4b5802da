"""The rules of optimisers as lines that are shown and computed alike: v = βv + g, then the step.

`lines_of` is the one source: `written` makes the text of a line, with symbols or with a step's numbers, and `walk_of` compiles
the same lines into a loop over plain floats, for descents that follow a dragged handle. What they compute is what
`engine.foundations.descent_rules` does, to the last bits, which the tests hold, as they hold torch's and the book's.

Symbols: w the weight, g its gradient, t the number of the step from 1, d what the step adds; v the velocity, or Adam's mean of
squares; m its mean of gradients; h AdaGrad's and rmsprop's squares; m_hat, v_hat without their start at 0; a the book's rate.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple

from engine.figures import typeset
from engine.foundations.descent_rules import Convention

RULE_NAMES = ("gd", "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
KEPT = ("v", "m", "h")  # from one step to the next

_SIGNS = {
    "lr": "η",
    "beta": "β",
    "rho": "ρ",
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "decay": "λ",
    "m_hat": "m̂",
    "v_hat": "v̂",
    "a": "ηₜ",
    "d": "Δw",
}


class RuleLine(NamedTuple):
    """`name` becomes the value of `expression`, in Python's notation."""

    name: str
    expression: str

    @property
    def sign(self) -> str:
        return sign_of(self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """What the expression reads, each once."""
        tree = ast.parse(self.expression, mode="eval")
        found = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        return tuple(dict.fromkeys(name for name in found if name != "sqrt"))


def sign_of(name: str) -> str:
    """How a symbol is written: η for lr."""
    return _SIGNS.get(name, name)


_MEANS = (
    RuleLine("m", "beta1*m + (1 - beta1)*g"),
    RuleLine("v", "beta2*v + (1 - beta2)*g**2"),
)
_ADAM: dict[Convention, tuple[RuleLine, ...]] = {
    "torch": (
        *_MEANS,
        RuleLine("m_hat", "m/(1 - beta1**t)"),
        RuleLine("v_hat", "v/(1 - beta2**t)"),
        RuleLine("d", "-lr*m_hat/(sqrt(v_hat) + eps)"),
    ),
    "book": (
        *_MEANS,
        RuleLine("a", "lr*sqrt(1 - beta2**t)/(1 - beta1**t)"),
        RuleLine("d", "-a*m/(sqrt(v) + eps)"),
    ),
}
_SCALED = RuleLine("d", "-lr*g/(sqrt(h) + eps)")
_END = RuleLine("w", "w + d")


def lines_of(rule: str, convention: Convention) -> tuple[RuleLine, ...]:
    """What a step computes, in order; the last line is the new weight."""
    book = convention == "book"
    match rule:
        case "gd" | "sgd":
            body: tuple[RuleLine, ...] = (RuleLine("d", "-lr*g"),)
        case "momentum" if book:
            body = (RuleLine("v", "beta*v - lr*g"), RuleLine("d", "v"))
        case "momentum":
            body = (RuleLine("v", "beta*v + g"), RuleLine("d", "-lr*v"))
        case "nesterov" if book:
            body = (RuleLine("v", "beta*v - lr*g"), RuleLine("d", "beta*v - lr*g"))
        case "nesterov":
            body = (RuleLine("v", "beta*v + g"), RuleLine("d", "-lr*(g + beta*v)"))
        case "adagrad":
            body = (RuleLine("h", "h + g**2"), _SCALED)
        case "rmsprop":
            body = (RuleLine("h", "rho*h + (1 - rho)*g**2"), _SCALED)
        case "adam":
            body = _ADAM[convention]
        case "adamw":
            body = (RuleLine("w", "(1 - lr*decay)*w"), *_ADAM[convention])
        case _:
            raise ValueError(f"there is no rule {rule}")
    return (*body, _END)


# --- as text

_LOOSE, _TIGHT, _POWER, _WHOLE = range(4)  # how tightly a part of a formula holds together


def written(line: RuleLine, numbers: Mapping[str, str] | None = None) -> str:
    """The right side of a line as it is written on paper: −η·v, or with `numbers`, the text of each symbol's value."""
    return _written(ast.parse(line.expression, mode="eval").body, numbers)[0]


def _written(tree: ast.expr, numbers: Mapping[str, str] | None) -> tuple[str, int]:
    """A part of a formula, and how tightly it holds together."""
    match tree:
        case ast.Name(id=name):
            text = sign_of(name) if numbers is None else numbers[name]
            return text, _LOOSE if text.startswith("−") else _POWER if "×" in text else _WHOLE
        case ast.Constant(value=value):
            return typeset(str(value)), _WHOLE
        case ast.UnaryOp(operand=operand):
            return f"−{_held(operand, numbers, _TIGHT)}", _LOOSE
        case ast.Call(args=[given]):
            inside, bond = _written(given, numbers)
            return f"√{inside}" if bond == _WHOLE else f"√({inside})", _WHOLE
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = _written(right, numbers)[0]
            base = _held(left, numbers, _WHOLE)
            return f"{base}²" if exponent == "2" else f"{base}{_raised(exponent)}", _POWER
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            first = _written(left, numbers)[0]
            return f"{first} {'+' if isinstance(op, ast.Add) else '−'} {_held(right, numbers, _TIGHT)}", _LOOSE
        case ast.BinOp(left=left, op=op, right=right):
            dividing = isinstance(op, ast.Div)
            first, second = _product_part(left, numbers), _held(right, numbers, _POWER)
            return f"{first}{' / ' if dividing else '·'}{second}", _TIGHT
    raise ValueError(f"{ast.unparse(tree)} has no place in a rule")


def _product_part(tree: ast.expr, numbers: Mapping[str, str] | None) -> str:
    """The left side of a product: a minus in front of it needs no parentheses."""
    if isinstance(tree, ast.UnaryOp):
        return _written(tree, numbers)[0]
    return _held(tree, numbers, _TIGHT)


def _held(tree: ast.expr, numbers: Mapping[str, str] | None, least: int) -> str:
    text, bond = _written(tree, numbers)
    return text if bond >= least else f"({text})"


_RAISED = str.maketrans("-−0123456789t", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵗ")


def _raised(exponent: str) -> str:
    return exponent.translate(_RAISED)


# --- as a loop


def python_lines(lines: tuple[RuleLine, ...], axis: str) -> list[str]:
    """The lines for one weight, every symbol that differs from weight to weight with `axis` behind it: vx = beta*vx + gx."""
    own = {"w", "g", "d", *KEPT, "m_hat", "v_hat"}

    class _Own(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(f"{node.id}{axis}", node.ctx) if node.id in own else node

        def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
            self.generic_visit(node)
            if isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant) and node.right.value == 2:
                return ast.BinOp(node.left, ast.Mult(), node.left)  # not pow: it raises where a product is infinite
            return node

    made = []
    for line in lines:
        tree = _Own().visit(ast.parse(line.expression, mode="eval").body)
        made.append(f"{line.name}{axis if line.name in own else ''} = {ast.unparse(tree)}")
    return made


Walk = Callable[..., list[tuple[float, ...]]]


def columns_of(lines: tuple[RuleLine, ...]) -> tuple[str, ...]:
    """What a step leaves, in the order of `walk_of`'s rows: the gradient, then each symbol's last value."""
    own = dict.fromkeys(line.name for line in lines if line.name != "a")
    return ("g", *(name for name in own if name != "w"), "w")


def walk_of(lines: tuple[RuleLine, ...]) -> Walk:
    """A function (gradient, x, y, rates, noise, settings...) -> for each step a row: x and y of each of `columns_of`. It ends
    early where a number is no longer one."""
    columns = columns_of(lines)
    row = ", ".join(f"{name}{axis}" for name in columns for axis in "xy")
    text = [
        "def walk(gradient, wx, wy, rates, noise, beta, rho, beta1, beta2, eps, decay):",
        "    rows = []",
        f"    {' = '.join(f'{name}{axis}' for name in KEPT for axis in 'xy')} = 0.0",
        "    t = 0",
        "    try:",
        "        for lr, (nx, ny) in zip(rates, noise):",
        "            t += 1",
        "            gx, gy = gradient(wx, wy)",
        "            gx += nx",
        "            gy += ny",
        *(f"            {line}" for axis in "xy" for line in python_lines(lines, axis)),
        f"            rows.append(({row}))",
        "            if not (-1e150 < wx < 1e150 and -1e150 < wy < 1e150):",
        "                break",
        "    except (OverflowError, ValueError, ZeroDivisionError):",
        "        pass",
        "    return rows",
    ]
    made: dict[str, object] = {"sqrt": _root}
    exec("\n".join(text), made)  # lines of this module's own
    walk: Walk = made["walk"]  # type: ignore[assignment]
    return walk


def _root(x: float) -> float:
    root: float = x**0.5  # of infinity too
    return root
