"""Formulas of normalisation and dropout with today's numbers put in. No Qt. Called by the board's pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.figures import bracketed, measured
from engine.foundations.boards.normalisation_numbers import Normalised

FIGURES = 4


def number(value: float) -> str:
    """A value as it stands alone, after an equals sign."""
    return measured(value, FIGURES)


def factor(value: float) -> str:
    """A value between two operators: a negative one in brackets."""
    return bracketed(number(value))


def minus(left: float, right: float) -> str:
    """left − right; what is taken away in brackets where it is negative."""
    return f"{number(left)} − {factor(right)}"


def added(values: Sequence[float]) -> str:
    """a + b − c: a negative term is taken away."""
    text = number(values[0]) if len(values) else "0"
    for value in values[1:]:
        text += f" − {number(-value)}" if value < 0 else f" + {number(value)}"
    return text


def mean_line(values: Sequence[float], mean: float) -> str:
    """μ = (2.1 + 0.3) / 2 = 1.2"""
    return f"μ = ({added(values)}) / {len(values)} = {number(mean)}"


def variance_line(values: Sequence[float], mean: float, variance: float) -> str:
    """σ² = ((2.1 − 1.2)² + (0.3 − 1.2)²) / 2 = 0.81"""
    squares = " + ".join(f"({minus(value, mean)})²" for value in values)
    return f"σ² = ({squares}) / {len(values)} = {number(variance)}"


def output_lines(found: Normalised, cell: tuple[int, int], gamma: float, beta: float, epsilon: float) -> list[str]:
    """How one output comes from its input."""
    x, normal, y = (float(values[cell]) for values in (found.x, found.normal, found.y))
    place = cell[1] if found.axis == "columns" else cell[0]
    mean, variance = float(found.mean[place]), float(found.variance[place])
    return [
        f"x̂ = (x − μ) / √(σ² + ε) = ({minus(x, mean)}) / √({number(variance)} + {number(epsilon)}) = {number(normal)}",
        f"y = γ x̂ + β = {factor(gamma)} × {factor(normal)} + {factor(beta)} = {number(y)}",
    ]


def batch_lines(found: Normalised, cell: tuple[int, int]) -> list[str]:
    """The mean and the variance of the batch's own column or row, term by term."""
    place = cell[1] if found.axis == "columns" else cell[0]
    along = found.x[:, place] if found.axis == "columns" else found.x[place]
    values: list[float] = np.asarray(along, np.float64).tolist()
    mean = float(found.own_mean[place])
    return [mean_line(values, mean), variance_line(values, mean, float(found.own_variance[place]))]
