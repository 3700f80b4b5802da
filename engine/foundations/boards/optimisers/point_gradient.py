"""The gradient of a surface at one point in plain floats: some hundred times as fast as over arrays, which a descent that is
drawn while its start is dragged needs.

The graph's nodes become lines of Python, forwards and then backwards (reverse mode). The lines are made of the graph alone,
whose operations are a closed list; nothing that a user has typed is executed. Called by the board of optimisers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from engine.foundations.formula_graph import Formula, FormulaNode

PointGradient: TypeAlias = Callable[[float, float], tuple[float, float]]


class _Scalar(NamedTuple):
    """An operation on floats: its value from {a} and {b}, and what it passes back to each from {g} and its value {out}."""

    value: str
    passed: tuple[str, ...]


def _sigmoid(x: float) -> float:
    e = math.exp(-abs(x))
    return 1 / (1 + e) if x >= 0 else e / (1 + e)


def _below(x: float) -> float:
    """The share of a standard normal distribution below x."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def _gelu_slope(x: float) -> float:
    return _below(x) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


_SCALARS = {
    "add": _Scalar("{a} + {b}", ("{g}", "{g}")),
    "subtract": _Scalar("{a} - {b}", ("{g}", "-{g}")),
    "multiply": _Scalar("{a} * {b}", ("{g} * {b}", "{g} * {a}")),
    "divide": _Scalar("{a} / {b}", ("{g} / {b}", "-{g} * {a} / ({b} * {b})")),
    "power": _Scalar("pow({a}, {b})", ("{g} * {b} * pow({a}, {b} - 1)", "({g} * {out} * log({a}) if {a} > 0 else 0.0)")),
    "square": _Scalar("{a} * {a}", ("{g} * 2 * {a}",)),
    "negate": _Scalar("-{a}", ("-{g}",)),
    "exp": _Scalar("exp({a})", ("{g} * {out}",)),
    "log": _Scalar("log({a})", ("{g} / {a}",)),
    "sqrt": _Scalar("sqrt({a})", ("{g} / (2 * {out})",)),
    "sin": _Scalar("sin({a})", ("{g} * cos({a})",)),
    "cos": _Scalar("cos({a})", ("-{g} * sin({a})",)),
    "abs": _Scalar("abs({a})", ("{g} * (({a} > 0) - ({a} < 0))",)),
    "tanh": _Scalar("tanh({a})", ("{g} * (1 - {out} * {out})",)),
    "relu": _Scalar("max({a}, 0.0)", ("{g} * ({a} > 0)",)),
    "gelu": _Scalar("{a} * below({a})", ("{g} * gelu_slope({a})",)),
    "sigmoid": _Scalar("sigmoid({a})", ("{g} * {out} * (1 - {out})",)),
}
_NAMES: dict[str, Any] = {
    **{name: getattr(math, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "pow")},
    "inf": math.inf,
    "nan": math.nan,
    "sigmoid": _sigmoid,
    "below": _below,
    "gelu_slope": _gelu_slope,
    "abs": abs,
    "max": max,
}


@lru_cache(maxsize=32)
def point_gradient(formula: Formula) -> PointGradient:
    """The derivatives of a formula by x and y at a point. The function raises OverflowError, ValueError or ZeroDivisionError
    where a value on the way is no finite number."""
    nodes = formula.nodes
    reached = {len(nodes) - 1}  # a name may be read by nothing that counts
    lines = ["def gradient(x, y):"]
    for place, node in enumerate(nodes):
        if node.operation is not None:
            scalar, given = _of(node, nodes)
            lines.append(f"    v{place} = {scalar.value.format(**given)}")
    passed: dict[int, str] = {len(nodes) - 1: "1.0"}
    for place in reversed(range(len(nodes))):
        node = nodes[place]
        if node.operation is None or place not in reached:
            continue
        scalar, given = _of(node, nodes)
        for at, back in zip(node.inputs, scalar.passed, strict=False):
            if nodes[at].operation is None and nodes[at].name is None:
                continue  # nobody asks by a constant
            reached.add(at)
            sign = "+=" if at in passed else "="
            lines.append(f"    g{at} {sign} {back.format(g=passed[place], out=f'v{place}', **given)}")
            passed[at] = f"g{at}"
    of = {node.name: passed.get(place, "0.0") for place, node in enumerate(nodes) if node.name is not None}
    lines.append(f"    return {of.get('x', '0.0')}, {of.get('y', '0.0')}")
    made: dict[str, Any] = dict(_NAMES)
    exec("\n".join(lines), made)  # lines of this module's own, see above
    found: PointGradient = made["gradient"]
    return found


def _of(node: FormulaNode, nodes: tuple[FormulaNode, ...]) -> tuple[_Scalar, dict[str, str]]:
    """The operation of a node and what its inputs are called."""
    given = {letter: _called(at, nodes[at]) for letter, at in zip("ab", node.inputs, strict=False)}
    assert node.operation is not None
    square = node.operation == "power" and nodes[node.inputs[1]].operation is None and nodes[node.inputs[1]].constant == 2
    is_constant = nodes[node.inputs[-1]].name is None
    return _SCALARS["square" if square and is_constant else node.operation], given


def _called(place: int, node: FormulaNode) -> str:
    if node.name is not None:
        return node.name
    return f"v{place}" if node.operation is not None else f"({float(node.constant)!r})"
