"""Points of a plane in classes, made in plain numpy: two moons, two rings, two spirals, four quarters, three arms, two clouds.

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


def make_arms(rng: np.random.Generator, samples: int, noise: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The three arms of 『밑바닥부터 시작하는 딥러닝』 2, chapter 1: x of shape (samples, 2), and y, which arm. The
    radius grows from 0 to 1, the angle by 4 from arm to arm and by 4 along each; `noise` is the standard deviation of what is
    added to the angle, in the book 0.2. The first arms have one point more where the number is not a multiple of three."""
    parts = []
    for arm in range(3):
        own = (samples - arm + 2) // 3
        share = np.arange(own) / own if own else np.zeros(0)
        angle = 4.0 * arm + 4.0 * share + noise * rng.standard_normal(own)
        parts.append((np.stack([share * np.sin(angle), share * np.cos(angle)], axis=1), np.full(own, arm)))
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def make_clouds(rng: np.random.Generator, samples: int, noise: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Two round clouds around (-0.6, -0.4) and (0.6, 0.4), which a line divides: x of shape (samples, 2), and y, 0 for the left
    one, 1 for the right. Their standard deviation is 0.2 with `noise` on top."""
    y = rng.permutation(samples) % 2
    middle = np.where(y[:, None] == 0, [-0.6, -0.4], [0.6, 0.4])
    x = middle + (0.2 + noise) * rng.standard_normal((samples, 2))
    return x.astype(np.float32), y
