"""The points of the plane that a state asks for, made or one's own, with the part of the plane that shows them. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.made.points import make_arms, make_circles, make_clouds, make_moons, make_spirals, make_xor
from engine.foundations.boards.perceptron.plane_networks import PlanePart
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.perceptron.state import EDGE_OF_PLANE, MOST_OWN, ClassedPoint, PerceptronState, PlaneData

_Maker: TypeAlias = Callable[[np.random.Generator, int, float], tuple[RealArray, NDArray[np.int64]]]
_MADE: dict[PlaneData, _Maker] = {
    "clouds": make_clouds,
    "moons": make_moons,
    "circles": make_circles,
    "spirals": make_spirals,
    "quarters": make_xor,
    "arms": make_arms,
}
SIDE = 100  # places of the grid in either direction
ROOM = 1.06  # beyond the outermost point
LEAST_HALF, OWN_HALF = 1.2, 1.6  # of the plane that is shown


class PlaneScene(NamedTuple):
    """Points, how many classes they have, and the grid: `places` (SIDE · SIDE, 2) in rows from below, at `axis` (SIDE,) either
    way."""

    part: PlanePart
    classes: int
    half: float
    axis: NDArray[np.float64]
    places: NDArray[np.float32]


def scene_of(state: PerceptronState) -> PlaneScene:
    """The same object for the same points."""
    if state.data == "own":
        return _own(state.own)
    return _made(state.data, state.samples, state.noise, state.data_seed)


@lru_cache(maxsize=8)
def _made(data: PlaneData, samples: int, noise: float, seed: int) -> PlaneScene:
    x, t = _MADE[data](np.random.default_rng(seed), samples, noise)
    return _scene(x.astype(np.float64), t, 3 if data == "arms" else 2, LEAST_HALF)


@lru_cache(maxsize=8)
def _own(points: tuple[ClassedPoint, ...]) -> PlaneScene:
    x = np.array([(point.x, point.y) for point in points], np.float64).reshape(-1, 2)
    t = np.array([point.label for point in points], np.int64)
    return _scene(x, t, max(2, int(t.max(initial=0)) + 1), OWN_HALF)


def _scene(x: RealArray, t: NDArray[np.int64], classes: int, least: float) -> PlaneScene:
    half = max(least, math.ceil(10 * ROOM * float(np.abs(x).max(initial=0.0))) / 10)
    axis = half * ((np.arange(SIDE) + 0.5) / SIDE * 2 - 1)
    across, up = np.meshgrid(axis, axis)
    places = np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)
    return PlaneScene(PlanePart(x, t), classes, half, axis, places)


def own_points(state: PerceptronState) -> tuple[ClassedPoint, ...] | None:
    """The points that are shown as one's own, to edit them. None where they are more than there may be."""
    if state.data == "own":
        return state.own
    part = scene_of(state).part
    if len(part.x) > MOST_OWN:
        return None
    return tuple(own_point(x, y, int(label)) for (x, y), label in zip(part.x.tolist(), part.t, strict=True))


def own_point(x: float, y: float, label: int) -> ClassedPoint:
    """A point at the nearest place that there is."""
    x, y = (round(min(max(value, -EDGE_OF_PLANE), EDGE_OF_PLANE), 4) for value in (x, y))
    return ClassedPoint(x, y, label)
