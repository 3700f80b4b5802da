"""Derivatives as differences: the books' numbers, and where the valley of the error lies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.foundations.differences import best_step, central_difference, errors_by_step, numerical_gradient

STEPS = 10.0 ** np.arange(-1, -17, -1)


def _curve(x: float) -> float:
    return 0.01 * x**2 + 0.1 * x


def test_tangents_of_the_book() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, section 4.3, to the last digit that it prints."""
    assert central_difference(_curve, 5) == pytest.approx(0.1999999999990898, abs=1e-15)
    assert central_difference(_curve, 10) == pytest.approx(0.2999999999986347, abs=1e-15)


def test_arrows_of_the_book() -> None:
    def bowl(x: Any) -> float:
        return float(np.sum(x**2))

    for point, gradient in (((3.0, 4.0), (6, 8)), ((0.0, 2.0), (0, 4)), ((3.0, 0.0), (6, 0))):
        x = np.array(point)
        assert numerical_gradient(bowl, x) == pytest.approx(gradient, abs=1e-9)
        assert x.tolist() == list(point), "as before"


@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize(("function", "slope", "third"), [(np.sin, math.cos, -math.cos(1.0)), (np.exp, math.exp, math.e)])
def test_the_valley_lies_within_a_decade_of_theory(precision: Any, function: Any, slope: Any, third: float) -> None:
    """In the mean of points about 1: at a single one, the rounding errors of any step may happen to cancel, and on which
    processors they do is chance."""
    errors = np.mean([errors_by_step(function, slope(x), x, STEPS, precision) for x in np.linspace(0.8, 1.2, 41)], axis=0)
    lowest = STEPS[np.nanargmin(errors)]
    theory = best_step(float(function(1.0)), third, precision)
    assert abs(math.log10(lowest) - math.log10(theory)) <= 1
    assert errors[-1] > 1e3 * errors.min(), "steps of 1e-16 are lost in the rounding"


def test_a_parabola_has_no_best_step() -> None:
    with pytest.raises(ValueError, match="third derivative"):
        best_step(1.0, 0.0, np.float64)
