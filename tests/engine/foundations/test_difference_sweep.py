"""Error against step: the book's numbers, an own loop in numpy's scalars, and the valley where theory has it."""

from __future__ import annotations

import math
from functools import cache
from statistics import median
from typing import Any

import numpy as np
import pytest

from engine.foundations.boards.gradient.difference_sweep import DIFFERENCES, PRECISIONS, DifferenceSweep, best_of, secant, sweep
from engine.foundations.boards.gradient.number_slopes import formula_of_x, slopes_of

PARABOLA = formula_of_x("0.01*x**2 + 0.1*x")
SINE = formula_of_x("sin(x)")


def test_tangents_of_the_book() -> None:
    """『밑바닥부터 시작하는 딥러닝』 1, section 4.3: every digit that it prints."""
    assert secant(PARABOLA, 5, 1e-4, "central").slope == 0.1999999999990898
    assert secant(PARABOLA, 10, 1e-4, "central").slope == 0.2999999999986347
    assert secant(PARABOLA, 5, 1e-4, "central").derivative == pytest.approx(0.2, abs=1e-16)


def test_a_secant_goes_through_its_two_places() -> None:
    found = secant(SINE, 1.0, 0.25, "forward")
    assert found.places == (1.0, 1.25)
    assert found.values == pytest.approx((math.sin(1), math.sin(1.25)), rel=1e-15)
    assert found.slope == pytest.approx((math.sin(1.25) - math.sin(1)) / 0.25, rel=1e-14)
    assert found.error == pytest.approx(abs(found.slope - math.cos(1)), rel=1e-12)
    assert secant(SINE, 1.0, 0.25, "central").places == (0.75, 1.25)


def test_a_step_below_the_precision_moves_nothing() -> None:
    for precision in PRECISIONS:
        lost = secant(PARABOLA, 5.0, 1e-16, "central", precision)
        assert lost.slope == 0, "5 + 1e-16 is 5"
    assert secant(SINE, 1.0, 1e-9, "forward", "float32").slope == 0
    assert secant(SINE, 1.0, 1e-9, "forward", "float64").slope == pytest.approx(math.cos(1), abs=1e-6)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", DIFFERENCES)
def test_errors_are_those_of_a_loop_over_scalars(kind: Any, precision: str) -> None:
    found, of = sweep(SINE, 1.0), PRECISIONS[precision]
    assert found.steps[0] == 1
    assert found.steps[8] == 1e-1
    assert found.steps[-1] == 1e-16
    for at in range(0, len(found.steps), 8):
        h, x = of(found.steps[at]), of(1.0)
        with np.errstate(all="ignore"):
            slope = (np.sin(x + h) - np.sin(x)) / h if kind == "forward" else (np.sin(x + h) - np.sin(x - h)) / (of(2) * h)
        unit = float(np.finfo(of).eps)
        assert found.curves[kind, precision].errors[at] == pytest.approx(
            abs(float(slope) - math.cos(1)), abs=unit / found.steps[at]
        )


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", DIFFERENCES)
@pytest.mark.parametrize(
    ("text", "x"),
    [("sin(x)", 1.0), ("exp(x)", 1.0), ("x**3 - 2*x", 2.0), ("1/(1+x**2)", 0.5), ("log(x)", 30.0), ("exp(x)", 8.0)],
)
def test_the_valley_lies_within_a_decade_of_theory(text: str, x: float, kind: Any, precision: str) -> None:
    """In the median of points about `x`: at a single one, the rounding errors of any step may happen to cancel, and on which
    processors they do is chance."""
    decades = []
    for found in sweeps_about(text, x):
        lowest, best = found.lowest(kind, precision), found.curves[kind, precision].best
        assert lowest is not None
        assert best is not None
        decades.append(math.log10(lowest[0]) - math.log10(best))
    assert abs(median(decades)) <= 1


@cache
def sweeps_about(text: str, x: float) -> list[DifferenceSweep]:
    formula = formula_of_x(text)
    return [sweep(formula, x * (1 + part / 1000)) for part in range(-7, 8)]


def test_theorys_best_steps_by_hand() -> None:
    """e^x at 1: f = f' = f'' = f''' = e, so r = 2e: 2 √(2ε) and the third root of 6ε."""
    slopes = (math.e,) * 4
    unit = 2.0**-53
    assert best_of(slopes, 1.0, "forward", "float64") == pytest.approx(2 * math.sqrt(2 * unit))
    assert best_of(slopes, 1.0, "central", "float64") == pytest.approx((6 * unit) ** (1 / 3))
    assert best_of(slopes, 1.0, "central", "float32") == pytest.approx((6 * 2.0**-24) ** (1 / 3))


def test_theorys_least_is_at_its_best_step() -> None:
    found = sweep(SINE, 1.0)
    for curve in found.curves.values():
        assert curve.best is not None
        assert abs(math.log10(found.steps[curve.theory.argmin()] / curve.best)) <= 1 / 8


def test_a_parabola_has_no_best_step_of_the_central_difference() -> None:
    slopes = slopes_of(PARABOLA, 5.0)
    assert best_of(slopes, 5.0, "central", "float64") is None
    assert best_of(slopes, 5.0, "forward", "float64") is not None


def test_where_there_is_no_number_there_is_no_lowest_error() -> None:
    found = sweep(formula_of_x("log(x)"), -1.0)
    assert found.lowest("central", "float64") is None
    assert found.curves["central", "float64"].best is None
