"""A surface as the mean over samples, each of which pulls another way: what a batch's gradient is off by.

Sample i has the loss L(w) + n_i · w; the n_i add up to 0, so the mean over all samples is the surface L itself. For a quadratic
bowl this is a bowl of the same shape with another middle for each sample. A batch of B samples, drawn without repetition, has
the gradient of L plus the mean of its n_i, whose deviation is σ/√B · √((N - B)/(N - 1)) along each axis: no noise at all where
the batch is everything (Cochran, Sampling Techniques, 3rd ed., theorem 2.2).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.foundations.unit_functions import RealArray

NoisePath: TypeAlias = tuple[tuple[float, float], ...]  # for each step, what the batch adds to the gradient


class BatchDraws(NamedTuple):
    """`spread` is the deviation σ of the samples' gradients from their mean, along each axis."""

    samples: int
    batch: int
    spread: float
    seed: int


def quiet(steps: int) -> NoisePath:
    """No noise: every step reads all samples."""
    return ((0.0, 0.0),) * steps


@lru_cache(maxsize=8)
def sample_pulls(samples: int, seed: int) -> RealArray:
    """(N, 2): what each sample adds to the gradient, for a spread of 1: mean 0, deviation 1 along every direction."""
    drawn = np.random.default_rng(seed).standard_normal((samples, 2))
    directions = np.linalg.svd(drawn - drawn.mean(axis=0), full_matrices=False)[0]
    return np.asarray(directions * math.sqrt(samples))


@lru_cache(maxsize=8)
def _running_sums(samples: int, seed: int, steps: int) -> RealArray:
    """(steps, N, 2): for each step an order of the samples, and the sum of the pulls of its first 1, 2, ... N. A larger batch
    of a step has the samples of a smaller one among its own."""
    order = np.random.default_rng([seed, 1]).random((steps, samples)).argsort(axis=1)
    return np.asarray(sample_pulls(samples, seed)[order].cumsum(axis=1))


@lru_cache(maxsize=64)
def batch_noise(draws: BatchDraws, steps: int) -> NoisePath:
    """What the batch of each step adds to the gradient."""
    if draws.batch >= draws.samples or not draws.spread:
        return quiet(steps)
    sums = _running_sums(draws.samples, draws.seed, steps)[:, draws.batch - 1]
    return tuple(map(tuple, (sums * (draws.spread / draws.batch)).tolist()))


def noise_deviation(draws: BatchDraws) -> float:
    """The deviation of a batch's gradient along each axis, by theory."""
    if draws.samples < 2:
        return 0.0
    left = (draws.samples - draws.batch) / (draws.samples - 1)
    return draws.spread / math.sqrt(draws.batch) * math.sqrt(max(left, 0.0))


def measured_deviation(draws: BatchDraws, steps: int) -> float:
    """The same of `steps` batches that were drawn: the root of the mean square."""
    return float(np.sqrt(np.mean(np.square(batch_noise(draws, steps)))))


def batch_sizes(samples: int) -> tuple[int, ...]:
    """1, 2, 4, ... and all of them."""
    powers = (2**power for power in range(samples.bit_length()))
    return tuple(dict.fromkeys((*(size for size in powers if size < samples), samples)))
