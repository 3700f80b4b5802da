"""A formula of one number x: its value in the precision that is asked for, and its first three derivatives, exactly.

The derivatives are carried through the formula's graph node by node (a Taylor expansion to the third order): sums and products
by Leibniz's rule, functions by Faà di Bruno's. So a second and a third derivative of 0 are 0, and no step has to be chosen.
Called by `difference_sweep`, whose theory of the best step needs them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from engine.foundations.formula_graph import OPERATIONS, Formula, FormulaError, read_formula

_Expansion: TypeAlias = tuple[float, float, float, float]  # a value and its first three derivatives by x
EXAMPLE_OF_X = "0.01*x**2 + 0.1*x"
_JOINING = {"sum", "mean", "matmul", "softmax_loss"}  # nothing to join: there is one number


def formula_of_x(text: str) -> Formula:
    """A formula whose one variable is x. Raises FormulaError."""
    formula = read_formula(text, EXAMPLE_OF_X)
    for name in formula.leaves:
        if name != "x":
            raise FormulaError("not_of_x", name=name)
    for node in formula.nodes:
        if node.operation in _JOINING:
            raise FormulaError("joins_nothing")
    return formula


def value_of(formula: Formula, x: Any, precision: type[np.floating[Any]]) -> Any:
    """The value at `x`, a number or an array, with every constant and every operation in `precision`."""
    found: list[Any] = []
    with np.errstate(all="ignore"):
        for node in formula.nodes:
            if node.name is not None:
                found.append(np.asarray(x, precision))
            elif node.operation is None:
                found.append(np.asarray(node.constant, precision))
            else:
                found.append(np.asarray(_computed(node.operation, [found[at] for at in node.inputs])))
    return found[-1]


def _computed(operation: str, inputs: list[Any]) -> Any:
    """A square is one product, rounded once: numpy's own power of two arrays is not, on every processor."""
    if operation == "power" and inputs[1].ndim == 0 and inputs[1] == 2:
        return np.square(inputs[0])
    return OPERATIONS[operation].forward(*inputs)


def slopes_of(formula: Formula, x: float) -> _Expansion:
    """f(x), f'(x), f''(x), f'''(x); no numbers where there are none (log of -1)."""
    found: list[_Expansion] = []
    with np.errstate(all="ignore"):
        for node in formula.nodes:
            if node.name is not None:
                found.append((float(x), 1.0, 0.0, 0.0))
            elif node.operation is None:
                found.append((node.constant, 0.0, 0.0, 0.0))
            else:
                found.append(_operated(node.operation, [found[at] for at in node.inputs]))
    f, first, second, third = found[-1]
    if np.isnan(f):
        return math.nan, math.nan, math.nan, math.nan
    return float(f), float(first), float(second), float(third)


def _operated(operation: str, inputs: list[_Expansion]) -> _Expansion:
    match operation:
        case "add":
            return _each(inputs[0], inputs[1], lambda a, b: a + b)
        case "subtract":
            return _each(inputs[0], inputs[1], lambda a, b: a - b)
        case "negate":
            return _each(inputs[0], inputs[0], lambda a, _: -a)
        case "multiply":
            return _product(inputs[0], inputs[1])
        case "divide":
            return _product(inputs[0], _through(inputs[1], _power_slopes(inputs[1][0], -1.0)))
        case "power":
            return _raised(inputs[0], inputs[1])
        case _:
            return _through(inputs[0], _SLOPES[operation](np.float64(inputs[0][0])))


def _each(a: _Expansion, b: _Expansion, of: Callable[[float, float], float]) -> _Expansion:
    return of(a[0], b[0]), of(a[1], b[1]), of(a[2], b[2]), of(a[3], b[3])


def _product(a: _Expansion, b: _Expansion) -> _Expansion:
    return (
        a[0] * b[0],
        a[1] * b[0] + a[0] * b[1],
        a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2],
        a[3] * b[0] + 3 * a[2] * b[1] + 3 * a[1] * b[2] + a[0] * b[3],
    )


def _through(u: _Expansion, g: _Expansion) -> _Expansion:
    """The derivatives of g(u(x)); `g` has those of g by u."""
    return (
        g[0],
        _times(g[1], u[1]),
        _times(g[2], u[1] ** 2) + _times(g[1], u[2]),
        _times(g[3], u[1] ** 3) + 3 * _times(g[2], u[1] * u[2]) + _times(g[1], u[3]),
    )


def _times(slope: float, inner: float) -> float:
    """What does not depend on x passes nothing on, however steep the function is there."""
    return slope * inner if inner else 0.0


def _raised(base: _Expansion, exponent: _Expansion) -> _Expansion:
    if not any(exponent[1:]):
        return _through(base, _power_slopes(base[0], exponent[0]))
    logarithm = _through(base, _SLOPES["log"](np.float64(base[0])))
    return _through(_product(exponent, logarithm), _SLOPES["exp"](np.float64(exponent[0] * logarithm[0])))


def _power_slopes(u: float, c: float) -> _Expansion:
    """Of u to the power of a constant: a factor of 0 stays 0 also where the power of u is infinite."""
    factors = (1.0, c, c * (c - 1), c * (c - 1) * (c - 2))
    powers = [np.power(np.float64(u), c - order) if factor else np.float64(0) for order, factor in enumerate(factors)]
    f, first, second, third = (float(factor * power) for factor, power in zip(factors, powers, strict=True))
    return f, first, second, third


def _of_sigmoid(u: float) -> _Expansion:
    s = float(OPERATIONS["sigmoid"].forward(np.asarray(u)))
    slope = s * (1 - s)
    return s, slope, slope * (1 - 2 * s), slope * (1 - 6 * s + 6 * s * s)


def _of_tanh(u: float) -> _Expansion:
    t = float(np.tanh(u))
    slope = 1 - t * t
    return t, slope, -2 * t * slope, slope * (6 * t * t - 2)


def _of_gelu(u: float) -> _Expansion:
    density = math.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    share = 0.5 * (1 + math.erf(u / math.sqrt(2)))
    return u * share, share + u * density, (2 - u * u) * density, (u**3 - 4 * u) * density


_SLOPES: dict[str, Callable[[Any], _Expansion]] = {
    "exp": lambda u: (np.exp(u),) * 4,
    "log": lambda u: (np.log(u), 1 / u, -1 / u**2, 2 / u**3),
    "sqrt": lambda u: (np.sqrt(u), 0.5 / np.sqrt(u), -0.25 / u / np.sqrt(u), 0.375 / u**2 / np.sqrt(u)),
    "sin": lambda u: (np.sin(u), np.cos(u), -np.sin(u), -np.cos(u)),
    "cos": lambda u: (np.cos(u), -np.sin(u), -np.cos(u), np.sin(u)),
    "abs": lambda u: (np.abs(u), np.sign(u), 0.0, 0.0),
    "relu": lambda u: (np.maximum(u, 0), float(u > 0), 0.0, 0.0),
    "tanh": _of_tanh,
    "sigmoid": _of_sigmoid,
    "gelu": _of_gelu,
}
