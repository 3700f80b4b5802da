"""Derivatives as differences: exact enough where the step is neither too large nor too small.

The error of a central difference is h² |f'''| / 6 (what the straight line misses) and about ε |f| / h (what the rounding of f
leaves). So it has a valley: the best step is the third root of 3 ε |f| / |f'''|, ε being half the distance from 1 to the next
number (Press et al., Numerical Recipes, 3rd ed., section 5.7).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.foundations.unit_functions import RealArray

BOOKS_STEP = 1e-4  # of 『밑바닥부터 시작하는 딥러닝』 1


def central_difference(function: Callable[[Any], Any], x: Any, step: Any = BOOKS_STEP) -> Any:
    """(f(x + h) - f(x - h)) / 2h, in the precision of `x` and `step`."""
    return (function(x + step) - function(x - step)) / (2 * step)


def numerical_gradient(function: Callable[[RealArray], float], x: RealArray, step: float = BOOKS_STEP) -> RealArray:
    """The derivative of `function` by each number of `x`, in its shape: two evaluations a number. `x` is as before
    afterwards."""
    gradient = np.empty(x.shape, np.float64)
    for place in np.ndindex(*x.shape):
        kept = x[place].copy()
        x[place] = kept + step
        above = function(x)
        x[place] = kept - step
        below = function(x)
        x[place] = kept
        gradient[place] = (above - below) / (2 * step)
    return gradient


def errors_by_step(
    function: Callable[[Any], Any], slope: float, x: float, steps: RealArray, precision: type[np.floating[Any]]
) -> RealArray:
    """How far the central difference at `x` is from the derivative `slope`, for each of `steps`, computed in `precision`."""
    with np.errstate(all="ignore"):
        found = [float(central_difference(function, precision(x), precision(step))) for step in steps]
    return np.abs(np.asarray(found) - slope)


def best_step(value: float, third_derivative: float, precision: type[np.floating[Any]]) -> float:
    """Where the two errors together are least, in theory. Raises ValueError for a third derivative of 0: then there is only
    rounding, and the larger the step, the better."""
    if third_derivative == 0:
        raise ValueError("a function without a third derivative has no best step")
    unit = float(np.finfo(precision).eps) / 2
    return float((3 * unit * abs(value) / abs(third_derivative)) ** (1 / 3))
