"""The gradient of a surface as arrows on a grid: true directions, and lengths that compare with each other.

All arrows are scaled by one factor, so that the longest one just reaches its neighbour. Called by the board "gradient by hand".
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from engine.foundations.boards.gradient.descent_course import SmoothSurface
from engine.foundations.surfaces import Surface, checked_surface, own_surface
from engine.foundations.unit_functions import RealArray

ARROWS_EXAMPLE = "x0**2 + x1**2"


class ArrowField(NamedTuple):
    """Places and gradients (n, 2) of a grid; `scale` is how long an arrow is drawn for a gradient of 1."""

    places: RealArray
    gradients: RealArray
    scale: float


def arrow_field(surface: SmoothSurface, limits: tuple[float, float, float, float], count: int) -> ArrowField:
    """`count` by `count` arrows at the middles of as many cells; `limits` are x from, to, y from, to. Where a gradient is no
    number there is no arrow."""
    left, right, bottom, top = limits
    middles = (np.arange(count) + 0.5) / count
    across, up = np.meshgrid(left + (right - left) * middles, bottom + (top - bottom) * middles)
    places = np.stack([across.ravel(), up.ravel()], axis=-1)
    with np.errstate(all="ignore"):
        gradients = surface.gradient(places)
        lengths = np.hypot(gradients[:, 0], gradients[:, 1])
    seen = np.isfinite(lengths)
    places, gradients, lengths = places[seen], gradients[seen], lengths[seen]
    cell = min(right - left, top - bottom) / count
    longest = float(lengths.max()) if len(lengths) else 0.0
    return ArrowField(places, gradients, cell / longest if longest > 0 else 0.0)


def surface_of(text: str, limits: tuple[float, float, float, float]) -> Surface:
    """A formula of x0 and x1, as 『밑바닥부터 시작하는 딥러닝』 1 writes them, or of x and y, as a surface. Raises
    FormulaError, which speaks of x0 and x1."""
    checked_surface(text, ("x0", "x1", "x", "y"), ARROWS_EXAMPLE)
    return own_surface(re.sub(r"\bx1\b", "y", re.sub(r"\bx0\b", "x", text)), limits)
