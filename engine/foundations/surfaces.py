"""Loss surfaces over two weights, x and y, to descend: six that are often shown, and any formula of one's own.

A surface is a `Formula`; its gradient is the graph run backwards, for all points at once, and its curvature the derivative of
that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.foundations.formula_graph import Formula, FormulaError, backward, forward, read_formula
from engine.foundations.unit_functions import RealArray

OWN_EXAMPLE = "x**2 / 8 + y**2 + sin(2*x)"
STEP = 1e-5  # of the difference of two gradients
_JOINING = {"sum", "mean", "matmul", "softmax_loss"}  # what makes one number of all points


class Surface(NamedTuple):
    """`start` is where the descent usually begins, `lowest` where the least value is, and `limits` what is drawn: x and y."""

    formula: Formula
    start: tuple[float, float]
    limits: tuple[float, float, float, float]  # x from, to, y from, to
    lowest: tuple[tuple[float, float], ...] = ()

    def value(self, points: ArrayLike) -> RealArray:
        """The height at points (..., 2); shape (...)."""
        x, y = _axes(points)
        return np.broadcast_to(forward(self.formula, {"x": x, "y": y})[-1], x.shape)

    def gradient(self, points: ArrayLike) -> RealArray:
        """The derivatives by x and y at points (..., 2), in their shape: each height depends on its own point alone, so the sum
        of the heights has them all."""
        x, y = _axes(points)
        values = forward(self.formula, {"x": x, "y": y})
        passed = backward(self.formula, values).of_nodes
        of = {node.name: passed[place] for place, node in enumerate(self.formula.nodes) if node.name is not None}
        return np.stack([of.get(name, np.zeros(x.shape)) for name in ("x", "y")], axis=-1)

    def curvatures(self, point: ArrayLike) -> RealArray:
        """The second derivatives along the two directions in which they are least and most (the Hessian's eigenvalues),
        (2,)."""
        middle = np.asarray(point, np.float64)
        along = np.eye(2) * STEP
        hessian = (self.gradient(middle + along) - self.gradient(middle - along)) / (2 * STEP)
        return np.linalg.eigvalsh((hessian + hessian.T) / 2)


def _axes(points: ArrayLike) -> tuple[RealArray, RealArray]:
    together = np.asarray(points, np.float64)
    return together[..., 0], together[..., 1]


def checked_surface(text: str, names: Sequence[str], example: str) -> Formula:
    """A formula of the first two of `names`; others of them are read as well. Raises FormulaError, with an `example` that is
    one."""
    formula = read_formula(text, example)
    for name in formula.leaves:
        if name not in names:
            raise FormulaError("not_of_surface", name=name, first=names[0], second=names[1])
    if any(node.operation in _JOINING for node in formula.nodes):
        raise FormulaError("not_one_number")
    return formula


def own_surface(text: str, limits: tuple[float, float, float, float] = (-4, 4, -4, 4)) -> Surface:
    """A formula of x and y as a surface. Raises FormulaError."""
    formula = checked_surface(text, ("x", "y"), OWN_EXAMPLE)
    left, right, bottom, top = limits
    return Surface(formula, (left + 0.2 * (right - left), top - 0.2 * (top - bottom)), limits)


def _built_in(
    text: str, start: tuple[float, float], limits: tuple[float, float, float, float], *lowest: tuple[float, float]
) -> Surface:
    return Surface(read_formula(text), start, limits, lowest)


SURFACES = {
    "bowl": _built_in("x**2 + y**2", (-3, 4), (-5, 5, -5, 5), (0, 0)),
    "valley": _built_in("x**2 / 20 + y**2", (-7, 2), (-10, 10, -5, 5), (0, 0)),  # 『밑바닥부터 시작하는 딥러닝』 1, section 6.1
    "rosenbrock": _built_in("(1 - x)**2 + 100 * (y - x**2)**2", (-1.5, 2), (-2, 2, -1, 3), (1, 1)),
    "saddle": _built_in("x**2 / 4 - y**2 / 4 + y**4 / 64", (-3, 0.05), (-4, 4, -4, 4), (0, -(8**0.5)), (0, 8**0.5)),
    "beale": _built_in(
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2", (1, 1.5), (-4.5, 4.5, -4.5, 4.5), (3, 0.5)
    ),
    "ripples": _built_in("(x**2 + y**2) / 10 + 2 - cos(2*x) - cos(2*y)", (-3.5, 3), (-4, 4, -4, 4), (0, 0)),
}
