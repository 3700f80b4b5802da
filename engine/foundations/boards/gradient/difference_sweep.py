"""The derivative as a limit: the error of a forward and of a central difference for each step h, and theory's best step.

Two errors add up. What a straight line misses: h |f''| / 2 of the forward difference, h² |f'''| / 6 of the central one. And
what rounding leaves, ε being half the distance from 1 to the next number of the precision: f is known to ε |f| at best, and
x + h to ε |x|, which moves f by ε |x f'|. Over the distance of the two places that is 2 ε r / h forward and ε r / h central,
with r = |f| + |x f'|. Their sum is least at h = 2 √(ε r / |f''|), or at the third root of 3 ε r / |f'''| (Press et al.,
Numerical Recipes, 3rd ed., section 5.7, has the same with r = |f|). Called by the board "gradient by hand".
"""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from engine.foundations.boards.gradient.number_slopes import slopes_of, value_of
from engine.foundations.formula_graph import Formula
from engine.foundations.unit_functions import RealArray

DifferenceKind: TypeAlias = Literal["forward", "central"]
DIFFERENCES: tuple[DifferenceKind, ...] = ("forward", "central")
PRECISIONS: dict[str, type[np.floating[Any]]] = {"float32": np.float32, "float64": np.float64}
STEPS_A_DECADE = 8
DECADES = np.arange(0, -17, -1)  # 1 to 1e-16


class Secant(NamedTuple):
    """A difference: the two places that it reads, their values, and the slope between them; beside it the derivative."""

    places: tuple[float, float]
    values: tuple[float, float]
    slope: float
    derivative: float

    @property
    def error(self) -> float:
        return abs(self.slope - self.derivative)


class ErrorCurve(NamedTuple):
    """The difference for each of the sweep's steps, its error, the same in theory, and the step at which theory has it least:
    None where it only falls, or only rises, because a derivative is 0."""

    found: RealArray
    errors: RealArray
    theory: RealArray
    best: float | None


class DifferenceSweep(NamedTuple):
    """`curves` by the kind of difference and the name of the precision; `slopes` are f, f', f'' and f'''."""

    steps: RealArray
    slopes: tuple[float, float, float, float]
    curves: dict[tuple[DifferenceKind, str], ErrorCurve]

    def lowest(self, kind: DifferenceKind, precision: str) -> tuple[float, float] | None:
        """The step with the least error, and that error; None where there is no number at all."""
        errors = self.curves[kind, precision].errors
        if np.isnan(errors).all():
            return None
        at = int(np.nanargmin(errors))
        return float(self.steps[at]), float(errors[at])


def secant(formula: Formula, x: float, step: float, kind: DifferenceKind, precision: str = "float64") -> Secant:
    """The difference at `x`, computed as a program does: every number in `precision`, and the distance taken to be `step`, or
    twice it."""
    of = PRECISIONS[precision]
    h = of(step)
    with np.errstate(all="ignore"):
        left, right = (of(x) - h if kind == "central" else of(x)), of(x) + h
        low, high = value_of(formula, np.stack([left, right]), of)
        slope = (high - low) / (h if kind == "forward" else 2 * h)
    return Secant((float(left), float(right)), (float(low), float(high)), float(slope), slopes_of(formula, x)[1])


def sweep(formula: Formula, x: float) -> DifferenceSweep:
    """All errors at `x`, in both precisions."""
    steps = 10.0 ** np.linspace(DECADES[0], DECADES[-1], STEPS_A_DECADE * (len(DECADES) - 1) + 1)
    steps[::STEPS_A_DECADE] = [float(f"1e{decade}") for decade in DECADES]
    slopes = slopes_of(formula, x)
    curves = {
        (kind, precision): _curve(formula, x, steps, slopes, kind, precision)
        for kind in DIFFERENCES
        for precision in PRECISIONS
    }
    return DifferenceSweep(steps, slopes, curves)


def _curve(
    formula: Formula,
    x: float,
    steps: RealArray,
    slopes: tuple[float, float, float, float],
    kind: DifferenceKind,
    precision: str,
) -> ErrorCurve:
    of = PRECISIONS[precision]
    h = steps.astype(of)
    with np.errstate(all="ignore"):
        high = value_of(formula, of(x) + h, of)
        low = value_of(formula, (of(x) - h) if kind == "central" else np.full_like(h, x), of)
        found = np.broadcast_to((high - low) / (h if kind == "forward" else 2 * h), h.shape).astype(np.float64)
        errors = np.abs(found - slopes[1])
        missed, rounded = _missed(slopes, kind, steps), _rounding(slopes, x, precision) / steps
        theory = missed + rounded * (2 if kind == "forward" else 1)
    return ErrorCurve(found, errors, theory, best_of(slopes, x, kind, precision))


def _missed(slopes: tuple[float, float, float, float], kind: DifferenceKind, steps: RealArray) -> RealArray:
    return steps * abs(slopes[2]) / 2 if kind == "forward" else steps**2 * abs(slopes[3]) / 6


def _rounding(slopes: tuple[float, float, float, float], x: float, precision: str) -> float:
    """ε r: what rounding leaves of one value of f."""
    unit = float(np.finfo(PRECISIONS[precision]).eps) / 2
    return unit * (abs(slopes[0]) + abs(x * slopes[1]))


def best_of(slopes: tuple[float, float, float, float], x: float, kind: DifferenceKind, precision: str) -> float | None:
    """Theory's best step. None where a straight line misses nothing (the larger the step, the better), where nothing is
    rounded, and where there are no numbers."""
    rounded, bend = _rounding(slopes, x, precision), abs(slopes[2] if kind == "forward" else slopes[3])
    if not (0 < rounded < math.inf and 0 < bend < math.inf):
        return None
    return 2 * math.sqrt(rounded / bend) if kind == "forward" else math.cbrt(3 * rounded / bend)
