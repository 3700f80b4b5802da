"""Whether steps of a rule stay near a minimum of a given curvature, and how high they hover over it with a noisy gradient.

Near a minimum with curvature λ a rule with a fixed scale is a linear recursion of the weight and what it keeps; it stays where
the recursion's largest eigenvalue is below 1 in size. That gives ηλ < 2 for plain descent, 2 + 2β with momentum (Polyak, 1964),
(2 + 2β)/(1 + 2β) with Nesterov's. Rules that scale themselves are looked at as they are at one step, with their scale held: the
curvature is that of D^½ H D^½, D being the scale of each weight, and the limit 2 for AdaGrad and rmsprop,
(2 + 2β₁)/(1 - β₁) for Adam (Cohen et al., Adaptive Gradient Methods at the Edge of Stability, 2022), times 1 - ηλ/2 with the
decay λ of AdamW.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.foundations.boards.optimisers.descents import Descent, epsilon_of
from engine.foundations.boards.optimisers.point_gradient import PointGradient
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.unit_functions import RealArray

STEP = 1e-5  # of the difference of two gradients
SCALED = ("adagrad", "rmsprop", "adam", "adamw")


class Stability(NamedTuple):
    """`product` is rate times largest curvature, `limit` what it must stay below. `growth` is the factor by which a step
    multiplies the distance, in the long run, in the direction that is worst; `lowest` the product of the least curvature, below
    0 where the surface falls away (a saddle)."""

    product: float
    limit: float
    growth: float
    lowest: float

    @property
    def stays(self) -> bool:
        return self.product < self.limit


def hessian_at(gradient: PointGradient, point: tuple[float, float]) -> RealArray:
    """The second derivatives (2, 2), by differences of the gradient; no numbers where there is none."""
    x, y = point
    hx, hy = STEP * max(abs(x), 1.0), STEP * max(abs(y), 1.0)
    try:
        with np.errstate(invalid="ignore"):  # of gradients that are infinite
            across = np.subtract(gradient(x + hx, y), gradient(x - hx, y)) / (2 * hx)
            up = np.subtract(gradient(x, y + hy), gradient(x, y - hy)) / (2 * hy)
    except (OverflowError, ValueError, ZeroDivisionError):
        return np.full((2, 2), math.nan)
    found = np.stack((across, up))
    return np.asarray((found + found.T) / 2)


def limit_of(rule: str, settings: RuleSettings) -> float:
    """What rate (or scale) times curvature must stay below."""
    beta, first = settings.momentum, settings.beta1
    match rule:
        case "momentum":
            return 2 + 2 * beta
        case "nesterov":
            return (2 + 2 * beta) / (1 + 2 * beta)
        case "adam":
            return (2 + 2 * first) / (1 - first)
        case "adamw":
            return (2 - settings.lr * settings.weight_decay) * (1 + first) / (1 - first)
        case _:
            return 2.0


Recursion: TypeAlias = tuple[tuple[float, float], tuple[float, float]]


def recursion(rule: str, settings: RuleSettings, product: float) -> Recursion:
    """What a step makes of the weight and of the velocity in units of the step (2, 2), where rate (or scale) times curvature is
    `product`."""
    beta, first = settings.momentum, settings.beta1
    match rule:
        case "momentum":  # u = βu + ηλw, w = w - u
            return (1 - product, -beta), (product, beta)
        case "nesterov":  # w = w - ηλw - βu
            return (1 - product - beta * product, -beta * beta), (product, beta)
        case "adam" | "adamw":
            decayed = 1 - settings.lr * settings.weight_decay if rule == "adamw" else 1.0
            return (decayed - (1 - first) * product, -first), ((1 - first) * product, first)
        case _:
            return (1 - product, 0.0), (0.0, 0.0)


def growth_of(rule: str, settings: RuleSettings, product: float) -> float:
    """The size of the recursion's largest eigenvalue, from trace and determinant: a pair of complex ones is as large as the
    root of the determinant."""
    if not math.isfinite(product):
        return math.nan
    (a, b), (c, d) = recursion(rule, settings, product)
    half, determinant = (a + d) / 2, a * d - b * c
    under = half * half - determinant
    return math.sqrt(determinant) if under < 0 else abs(half) + math.sqrt(under)


def scale_at(gone: Descent, step: int) -> tuple[float, float]:
    """What step number `step` multiplies the gradient (of Adam: its corrected mean) of each weight with."""
    rate, small = gone.rates[step], epsilon_of(gone.rule, gone.settings)
    if gone.rule not in SCALED:
        return rate, rate
    if gone.rule in ("adagrad", "rmsprop"):
        root = np.sqrt(gone.values["h"][step])
    else:
        corrected = math.sqrt(1 - gone.settings.beta2 ** (step + 1))
        root = np.sqrt(gone.values["v"][step]) / corrected
        if gone.settings.convention == "book":
            small /= corrected  # which the book adds to the uncorrected root
    with np.errstate(over="ignore"):
        across, up = rate / (root + small)
    return float(across), float(up)


def stability_at(gone: Descent, step: int, gradient: PointGradient) -> Stability:
    """Before step number `step`, from 0."""
    curved = hessian_at(gradient, (float(gone.points[step, 0]), float(gone.points[step, 1])))
    scale = np.sqrt(np.array(scale_at(gone, step)))
    with np.errstate(over="ignore", invalid="ignore"):
        curved = scale[:, None] * curved * scale
    settings = gone.settings._replace(lr=gone.rates[step])
    limit = limit_of(gone.rule, settings)
    if not np.isfinite(curved).all():
        return Stability(math.nan, limit, math.nan, math.nan)
    lowest, highest = (float(one) for one in np.linalg.eigvalsh(curved))
    growth = max(growth_of(gone.rule, settings, product) for product in (lowest, highest))
    return Stability(highest, limit, growth, lowest)


def hovering_height(rule: str, settings: RuleSettings, curvatures: tuple[float, float], deviation: float) -> float:
    """The mean height over the minimum at which a rule with a fixed rate stays, where the gradient is off by `deviation` along
    each axis: half of curvature times variance, summed, the variance solving Σ = AΣAᵀ + bbᵀ. For plain descent it is
    Σ η·s²/(2(2 - ηλ)): about η·s²/2 for two weights and small rates (Mandt et al., SGD as Approximate Bayesian Inference,
    2017). Infinite where it does not stay."""
    total = 0.0
    for curvature in curvatures:
        product = settings.lr * curvature
        if growth_of(rule, settings, product) >= 1:
            return math.inf
        if rule == "momentum":
            pushed = np.array([-1.0, 1.0])
        elif rule == "nesterov":
            pushed = np.array([-1.0 - settings.momentum, 1.0])
        else:
            pushed = np.array([-1.0, 0.0])
        pushed = pushed * settings.lr * deviation
        turned = np.array(recursion(rule, settings, product))
        both = np.linalg.solve(np.eye(4) - np.kron(turned, turned), np.outer(pushed, pushed).reshape(-1))
        total += 0.5 * curvature * float(both[0])
    return total
