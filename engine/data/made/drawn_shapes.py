"""Pictures of shapes, made in plain numpy: discs, squares, triangles, stars, crosses and rings, of random size, place and
rotation.

A pixel is as bright as the share of it that the shape covers, taken from its distance to the shape's edge. The sources call
this, and the exported script prints it, so it needs only numpy and what stands beside it here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def distance_to_star(x: NDArray[np.float64], y: NDArray[np.float64], points: int, inner: float) -> NDArray[np.float64]:
    """How far the places (x, y) are from the edge of a star around 0: below 0 inside. Its points are at 1, the corners between
    them at `inner`; where that is cos(π / points), it is a regular polygon. By symmetry all places lie between a point and
    the corner beside it, where the edge is one straight piece."""
    sector = np.pi / points
    radius, angle = np.hypot(x, y), np.arctan2(y, x) % (2 * sector)
    angle = np.minimum(angle, 2 * sector - angle)
    px, py = radius * np.cos(angle) - 1.0, radius * np.sin(angle)  # from the point
    ex, ey = inner * np.cos(sector) - 1.0, inner * np.sin(sector)  # to the corner
    along = np.clip((px * ex + py * ey) / (ex * ex + ey * ey), 0.0, 1.0)
    distance = np.hypot(px - along * ex, py - along * ey)
    return np.asarray(np.where(ex * py - ey * px > 0, -distance, distance))


def distance_to_box(x: NDArray[np.float64], y: NDArray[np.float64], wide: float, high: float) -> NDArray[np.float64]:
    """The same of a box around 0, `wide` and `high` from its middle to its sides."""
    beyond, above = np.abs(x) - wide, np.abs(y) - high
    outside = np.hypot(np.maximum(beyond, 0.0), np.maximum(above, 0.0))
    inside = np.minimum(np.maximum(beyond, above), 0.0)
    return np.asarray(outside + inside)


def distance_to_shape(x: NDArray[np.float64], y: NDArray[np.float64], shape: int) -> NDArray[np.float64]:
    """The same of a shape whose farthest points are at 1: 0 is a disc, 1 a square, 2 a triangle, 3 a star with five points, 4 a
    cross, 5 a ring."""
    if shape == 0:
        return np.hypot(x, y) - 1.0
    if shape == 4:
        return np.minimum(distance_to_box(x, y, 0.947, 0.32), distance_to_box(x, y, 0.32, 0.947))
    if shape == 5:
        return np.abs(np.hypot(x, y) - 0.75) - 0.25
    points = {1: 4, 2: 3, 3: 5}[shape]
    return distance_to_star(x, y, points, 0.45 if shape == 3 else np.cos(np.pi / points))


def make_shapes(rng: np.random.Generator, samples: int, noise: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """x of shape (samples, 1, 28, 28), light on dark, in 0..1, and y, which of the six shapes. Each is 12 to 20 pixels across,
    wholly inside of the picture, turned by any angle; `noise` is the standard deviation of what is added to every pixel."""
    y = rng.permutation(samples) % 6
    size = rng.uniform(6.0, 10.0, samples)  # from the middle to the farthest points
    angle = rng.uniform(0.0, 2 * np.pi, samples)
    middle = 13.5 + rng.uniform(-1.0, 1.0, (samples, 2)) * (13.5 - size)[:, None]
    light = rng.uniform(0.6, 1.0, samples)
    across, down = np.meshgrid(np.arange(28.0), np.arange(28.0))
    x = np.zeros((samples, 28, 28), np.float32)
    for shape in range(6):
        for block in np.array_split(np.flatnonzero(y == shape), samples // 3000 + 1):
            here = block[:, None, None]
            dx, dy = (across - middle[here, 0]) / size[here], (down - middle[here, 1]) / size[here]
            sine, cosine = np.sin(angle[here]), np.cos(angle[here])
            distance = size[here] * distance_to_shape(cosine * dx + sine * dy, cosine * dy - sine * dx, shape)  # in pixels
            x[block] = light[here] * np.clip(0.5 - distance, 0.0, 1.0)
    x += np.float32(noise) * rng.standard_normal(x.shape, np.float32)
    return np.clip(x, 0.0, 1.0).reshape(samples, 1, 28, 28), y
