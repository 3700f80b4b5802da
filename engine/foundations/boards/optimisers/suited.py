"""What suits a surface: rates at which every rule shows what it is like, how many steps that takes, and the height of its
lowest place, above which a logarithmic axis counts. Called by the board of optimisers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.foundations.surfaces import SURFACES, Surface, own_surface

_CELLS, _FINER, _TIMES = 81, 11, 14


class Suited(NamedTuple):
    """Rates by the rule's name."""

    rates: Mapping[str, float]
    steps: int


def _suited(steps: int, gd: float, momentum: float, nesterov: float, adagrad: float, rmsprop: float, adam: float) -> Suited:
    rates = {"gd": gd, "sgd": gd, "momentum": momentum, "nesterov": nesterov, "adagrad": adagrad, "rmsprop": rmsprop}
    return Suited({**rates, "adam": adam, "adamw": adam}, steps)


SUITED = {
    "round_bowl": _suited(40, 0.1, 0.03, 0.1, 1.5, 0.2, 0.3),
    "valley": _suited(29, 0.95, 0.1, 0.1, 1.5, 0.2, 0.3),  # those of 『밑바닥부터 시작하는 딥러닝』 1, section 6.1
    "rosenbrock": _suited(200, 1e-3, 1e-3, 7e-4, 0.5, 0.05, 0.2),
    "saddle": _suited(60, 0.3, 0.1, 0.1, 0.5, 0.1, 0.2),
    "beale": _suited(200, 0.01, 0.003, 0.005, 0.5, 0.05, 0.2),
    "ripples": _suited(80, 0.2, 0.1, 0.1, 2.0, 0.3, 1.5),
    "formula": _suited(60, 0.1, 0.03, 0.05, 0.5, 0.1, 0.2),
}

# of the network that learns digits: the book's (section 6.1.8), and torch's own where the book has none
DIGIT_RATES: Mapping[str, float] = {
    **dict.fromkeys(("gd", "sgd", "momentum", "nesterov", "adagrad"), 0.01),
    **dict.fromkeys(("rmsprop", "adam", "adamw"), 0.001),
}


def known_surface(name: str) -> Surface | None:
    """The surface of that name; None for one's own."""
    return SURFACES.get("bowl" if name == "round_bowl" else name)


@lru_cache(maxsize=32)
def surface_of(name: str, text: str, reach: float) -> Surface:
    """The surface of that name, or of one's own formula, drawn from -`reach` to `reach`. Raises FormulaError."""
    known = known_surface(name)
    return known if known is not None else own_surface(text, (-reach, reach, -reach, reach))


@lru_cache(maxsize=32)
def lowest_place(surface: Surface) -> tuple[float, float] | None:
    """The lowest place: of a known surface its own (of several the first), of another one the lowest within its limits, found
    by looking ever closer; None where it falls on to their edge, or has no numbers."""
    if surface.lowest:
        return surface.lowest[0]
    left, right, bottom, top = surface.limits
    heights, x, y = _heights(surface, (left, right), (bottom, top), _CELLS)
    if not np.isfinite(heights).any():
        return None
    row, column = np.unravel_index(np.nanargmin(np.where(np.isfinite(heights), heights, np.nan)), heights.shape)
    if row in (0, _CELLS - 1) or column in (0, _CELLS - 1):
        return None
    across, up = x[1] - x[0], y[1] - y[0]
    at = (float(x[column]), float(y[row]))
    for _ in range(_TIMES):
        heights, x, y = _heights(surface, (at[0] - across, at[0] + across), (at[1] - up, at[1] + up), _FINER)
        row, column = np.unravel_index(np.nanargmin(np.where(np.isfinite(heights), heights, np.inf)), heights.shape)
        at = (float(x[column]), float(y[row]))
        across, up = across / 4, up / 4
    return at


def lowest_height(surface: Surface) -> float | None:
    """The height there."""
    place = lowest_place(surface)
    return None if place is None else float(surface.value(place))


def _heights(
    surface: Surface, across: tuple[float, float], up: tuple[float, float], cells: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The heights (rows, columns) of a grid, and its places."""
    x, y = np.linspace(*across, cells), np.linspace(*up, cells)
    return surface.value(np.stack(np.meshgrid(x, y), axis=-1)), x, y


@lru_cache(maxsize=32)
def height_field(surface: Surface, limits: tuple[float, float, float, float], columns: int, rows: int) -> np.ndarray:
    """The heights (rows, columns) over a part of the plane, its lowest row first; not to be changed."""
    left, right, bottom, top = limits
    x, y = np.linspace(left, right, columns), np.linspace(bottom, top, rows)
    return surface.value(np.stack(np.meshgrid(x, y), axis=-1))
