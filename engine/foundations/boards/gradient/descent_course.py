"""Gradient descent on a surface over two parameters, step by step: every place, its height, its gradient, and what the learning
rate makes of it.

The gradient is the exact one, or the central difference with h = 1e-4, by which 『밑바닥부터 시작하는 딥러닝』 1 descends
(section 4.4.1): what rounding leaves of that is a part of the numbers that it prints. Called by the board "gradient by hand".
"""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from engine.foundations.differences import BOOKS_STEP
from engine.foundations.unit_functions import RealArray

FARTHEST = 1e140  # the square of a larger number is soon none
GradientKind: TypeAlias = Literal["exact", "numerical"]
_AROUND = np.array([(BOOKS_STEP, 0), (-BOOKS_STEP, 0), (0, BOOKS_STEP), (0, -BOOKS_STEP)])


class SmoothSurface(Protocol):
    """Heights (...) and gradients (..., 2) of places (..., 2): `surfaces.Surface` is one, and so is a `RegressionSurface`."""

    def value(self, points: ArrayLike, /) -> RealArray: ...

    def gradient(self, points: ArrayLike, /) -> RealArray: ...


class Bowl:
    """x0² + x1², as fast as two squares are."""

    def value(self, points: ArrayLike) -> RealArray:
        return np.asarray(np.square(points).sum(axis=-1))

    def gradient(self, points: ArrayLike) -> RealArray:
        return 2 * np.asarray(points, np.float64)


class DescentCourse(NamedTuple):
    """`places` (n + 1, 2) of n steps, the start first; their heights (n + 1,), and the gradients (n, 2) by which each step was
    made. It ends early where a place is too far for its height: then n is less than what was asked for."""

    places: RealArray
    heights: RealArray
    gradients: RealArray

    @property
    def taken(self) -> int:
        return len(self.gradients)

    @property
    def verdict(self) -> Literal["unmoved", "down", "up"]:
        """Whether the steps have led down at all: `unmoved` where the height has changed by less than a millionth."""
        first, last = float(self.heights[0]), float(self.heights[-1])
        if not np.isfinite(last) or last > first * (1 + 1e-6) + 1e-300:
            return "up"
        return "unmoved" if last > first * (1 - 1e-6) else "down"


def numerical_slopes(surface: SmoothSurface, place: RealArray) -> RealArray:
    """Both derivatives at `place` (2,) as central differences: four heights, computed at once."""
    heights = surface.value(place + _AROUND)
    return np.asarray((heights[0::2] - heights[1::2]) / (2 * BOOKS_STEP))


def descend(surface: SmoothSurface, start: tuple[float, float], rate: float, count: int, kind: GradientKind) -> DescentCourse:
    """`count` steps of x ← x - rate · gradient from `start`."""
    places, gradients = [np.asarray(start, np.float64)], list[RealArray]()
    with np.errstate(all="ignore"):
        for _ in range(count):
            place = places[-1]
            slopes = np.asarray(surface.gradient(place) if kind == "exact" else numerical_slopes(surface, place), np.float64)
            place = place - rate * slopes
            x, y = place.tolist()
            if not (abs(x) < FARTHEST and abs(y) < FARTHEST):  # also where it is no number
                break
            places.append(place)
            gradients.append(slopes)
        stacked = np.stack(places)
        return DescentCourse(stacked, surface.value(stacked), np.array(gradients).reshape(-1, 2))


def further(course: DescentCourse, surface: SmoothSurface, rate: float, count: int, kind: GradientKind) -> DescentCourse:
    """A course of that surface, rate and kind after `count` steps: its beginning, or with the steps that it lacks."""
    if count > course.taken:
        x, y = course.places[-1].tolist()
        rest = descend(surface, (x, y), rate, count - course.taken, kind)
        return DescentCourse(
            np.concatenate([course.places, rest.places[1:]]),
            np.concatenate([course.heights, rest.heights[1:]]),
            np.concatenate([course.gradients, rest.gradients]),
        )
    return DescentCourse(course.places[: count + 1], course.heights[: count + 1], course.gradients[:count])
