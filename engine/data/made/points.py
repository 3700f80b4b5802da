"""Points of a plane in classes, made in plain numpy: two moons, two rings, two spirals, four quarters.

What each hidden unit of a small network does with them can be seen as a line in the plane. The sources call these, and the
exported script prints their source, so each function needs only numpy and what stands beside it here. All points lie around
0, between about -1.5 and 1.5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def make_moons(rng: np.random.Generator, samples: int, noise: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Two half rings of radius 1 that reach into each other: x of shape (samples, 2), and y, 0 for the upper one, 1 for the
    lower. `noise` is the standard deviation of what is added to both coordinates."""
    y = rng.permutation(samples) % 2
    angle = np.pi * rng.random(samples)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, upper - [0.5, 0.25], [0.5, 0.25] - upper)  # the lower one is the upper one turned by 180°
    x += noise * rng.standard_normal(x.shape)
    return x.astype(np.float32), y


def make_circles(rng: np.random.Generator, samples: int, noise: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """A ring of radius 0.5 inside of one of radius 1: x of shape (samples, 2), and y, 0 for the outer one, 1 for the inner.
    `noise` is the standard deviation of what is added to both coordinates."""
    y = rng.permutation(samples) % 2
    angle = 2 * np.pi * rng.random(samples)
    radius = np.where(y == 0, 1.0, 0.5)
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    x += noise * rng.standard_normal(x.shape)
    return x.astype(np.float32), y


def make_spirals(rng: np.random.Generator, samples: int, noise: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Two spirals of a turn and a half, wound into each other: x of shape (samples, 2), and y, which one. The radius grows
    with the angle, from 0.1 to 1.3; `noise` is the standard deviation of what is added to both coordinates."""
    y = rng.permutation(samples) % 2
    along = rng.random(samples)
    radius = 0.1 + 1.2 * along
    angle = 3 * np.pi * along + np.pi * y
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    x += noise * rng.standard_normal(x.shape)
    return x.astype(np.float32), y


def make_xor(rng: np.random.Generator, samples: int, noise: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Points spread evenly over the square from -1 to 1: x of shape (samples, 2), and y, 1 where the signs of the coordinates
    differ, else 0. `noise` is the standard deviation of what is added to both coordinates afterwards."""
    x = rng.uniform(-1.0, 1.0, (samples, 2))
    y = (x[:, 0] * x[:, 1] < 0).astype(np.int64)
    x += noise * rng.standard_normal(x.shape)
    return x.astype(np.float32), y
