"""Epoch, batch and iteration: which samples a batch draws, how many iterations that makes, which samples are never drawn.

Without replacement an epoch is a random order of all samples, cut into batches; the last one holds what is left, or is left out
(torch's `drop_last`). With replacement every sample of every batch is drawn from all of them, so that one may come twice:
after D draws a sample has not been drawn with probability (1 - 1/N)^D, after an epoch of D = N draws about 1/e.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.foundations.unit_functions import RealArray


class EpochPlan(NamedTuple):
    """`samples` N, `batch` B at most N."""

    samples: int
    batch: int
    epochs: int = 1
    drop_last: bool = False
    replacement: bool = False

    @property
    def sizes(self) -> tuple[int, ...]:
        """The size of each batch of an epoch."""
        whole, left = divmod(self.samples, self.batch)
        return (self.batch,) * whole + ((left,) if left and not self.drop_last else ())

    @property
    def iterations_per_epoch(self) -> int:
        """⌈N / B⌉, and ⌊N / B⌋ where the smaller last batch is left out."""
        return self.samples // self.batch if self.drop_last else math.ceil(self.samples / self.batch)

    @property
    def iterations(self) -> int:
        return self.iterations_per_epoch * self.epochs

    @property
    def last_size(self) -> int:
        """Of the smaller last batch, drawn or not; 0 where the batch size divides the number of samples."""
        return self.samples % self.batch

    @property
    def draws_per_epoch(self) -> int:
        return self.samples - (self.last_size if self.drop_last else 0)


def drawn_epoch(plan: EpochPlan, epoch: int, seed: int) -> NDArray[np.int64]:
    """The samples (draws,) of one epoch, from 0, in the order in which they are drawn; its batches are cut from it."""
    generator = np.random.default_rng([seed, epoch])
    if plan.replacement:
        return generator.integers(0, plan.samples, plan.draws_per_epoch)
    return generator.permutation(plan.samples)[: plan.draws_per_epoch]


class BatchStep(NamedTuple):
    """Where an iteration is: `iteration` from 1 to all of them, 0: nothing is drawn yet. `epoch` and `batch` from 1."""

    iteration: int
    epoch: int
    batch: int
    begins: int  # of the epoch's draws
    ends: int


def batch_step(plan: EpochPlan, iteration: int) -> BatchStep:
    if iteration == 0:
        return BatchStep(0, 1, 0, 0, 0)
    epoch, batch = divmod(iteration - 1, plan.iterations_per_epoch)
    begins = batch * plan.batch
    return BatchStep(iteration, epoch + 1, batch + 1, begins, min(begins + plan.batch, plan.samples))


def draw_counts(plan: EpochPlan, iteration: int, seed: int) -> NDArray[np.int64]:
    """How often each sample (N,) has been drawn after so many iterations."""
    step, counts = batch_step(plan, iteration), np.zeros(plan.samples, np.int64)
    for epoch in range(1, step.epoch + 1):
        drawn = drawn_epoch(plan, epoch, seed)
        counts += np.bincount(drawn[: step.ends] if epoch == step.epoch else drawn, minlength=plan.samples)
    return counts


def unseen_over_draws(plan: EpochPlan, seed: int) -> RealArray:
    """The share of samples that have not been drawn after 0, 1, 2, ... draws of all epochs."""
    drawn = np.concatenate([drawn_epoch(plan, epoch, seed) for epoch in range(1, plan.epochs + 1)])
    first = np.zeros(len(drawn), np.int64)
    first[np.unique(drawn, return_index=True)[1]] = 1
    return np.concatenate([[1.0], 1 - np.cumsum(first) / plan.samples])


class UnseenShare(NamedTuple):
    """`mean` and `deviation` of the share of samples that have not been drawn, over all that may be drawn."""

    mean: float
    deviation: float


def unseen_share(samples: int, draws: int) -> UnseenShare:
    """Exactly, with replacement: each has not been drawn with (1 - 1/N)^D, two of them neither with (1 - 2/N)^D."""
    one, two = (1 - 1 / samples) ** draws, (1 - 2 / samples) ** draws if samples > 1 else 0.0
    variance = one / samples + (1 - 1 / samples) * two - one**2
    return UnseenShare(one, math.sqrt(max(variance, 0.0)))


def expected_unseen(plan: EpochPlan, draws: int) -> float:
    """The expected share after so many draws of the plan. Without replacement the samples that an epoch leaves out are
    other ones in the next."""
    if plan.replacement:
        return float((1 - 1 / plan.samples) ** draws)
    epochs, rest = divmod(draws, plan.draws_per_epoch)
    return float((1 - plan.draws_per_epoch / plan.samples) ** epochs * (1 - rest / plan.samples))


def simulated_unseen(samples: int, draws: int, repeats: int, seed: int) -> RealArray:
    """The shares (repeats,) that were not drawn, with replacement, each time anew."""
    generator = np.random.default_rng([seed, 5])
    seen = np.zeros((repeats, samples), bool)
    drawn = generator.integers(0, samples, (repeats, draws))
    seen[np.arange(repeats)[:, None], drawn] = True
    return np.asarray(1 - seen.mean(axis=1))


def times_drawn(samples: int, draws: int, most: int) -> RealArray:
    """The probability (most + 1,) that a sample is drawn 0, 1, ... times of `draws` with replacement: the binomial distribution
    of D draws at 1/N."""
    if samples == 1:
        return np.asarray(np.arange(most + 1) == draws, np.float64)
    log_share, log_rest = -math.log(samples), math.log1p(-1 / samples)
    return np.array(
        [
            math.exp(
                math.lgamma(draws + 1)
                - math.lgamma(times + 1)
                - math.lgamma(draws - times + 1)
                + times * log_share
                + (draws - times) * log_rest
            )
            if times <= draws
            else 0.0
            for times in range(most + 1)
        ]
    )
