"""Small networks of one hidden layer of tanh units, fitted to noisy points, all of them at once.

f(x) = Σ v_j tanh(w_j x + b_j) + c minimises mean (f(x) - y)² + λ Σ (w_j² + v_j²) by Adam, torch's convention. The first weights
are drawn so that the units' steps lie all over -1..1: w_j normal with deviation 4, b_j uniform within ±4, v_j normal with
deviation 1/√width, c = 0. Networks of several widths are trained at once: units that a narrow one lacks have weights of 0,
whose derivatives are 0, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.foundations.boards.capacity.capacity_polynomials import NoisyPoints
from engine.foundations.descent_rules import RULES, RuleSettings, RuleState
from engine.foundations.unit_functions import RealArray

STEEPEST = 4.0  # deviation of the first w, and the largest first b
GOING_ON_EPOCHS = 10  # from one call of `going_on` to the next: a few ms


class CurveNetwork(NamedTuple):
    """One trained network: `weights` (4, width) are w, b, v, and c in the first cell of the last row."""

    weights: RealArray

    @property
    def parameters(self) -> int:
        return 3 * int(self.weights.shape[1]) + 1

    def values(self, x: RealArray) -> RealArray:
        return np.asarray(outputs_of(self.weights[None], x)[0])


def first_networks(widths: Sequence[int], seed: int) -> RealArray:
    """(networks, 4, the largest width): rows w, b, v, and c in the last one's first cell."""
    weights = np.zeros((len(widths), 4, max(widths)))
    for network, width in enumerate(widths):
        generator = np.random.default_rng([seed, 4, width])
        weights[network, 0, :width] = STEEPEST * generator.standard_normal(width)
        weights[network, 1, :width] = generator.uniform(-STEEPEST, STEEPEST, width)
        weights[network, 2, :width] = generator.standard_normal(width) / np.sqrt(width)
    return weights


def outputs_of(weights_GRH: RealArray, x_N: RealArray) -> RealArray:
    """(networks, N)."""
    hidden = np.tanh(x_N[:, None] * weights_GRH[:, None, 0] + weights_GRH[:, None, 1])
    return np.asarray((hidden @ weights_GRH[:, 2, :, None])[..., 0] + weights_GRH[:, 3, :1])


def losses_and_slopes(
    weights_GRH: RealArray, x_N: RealArray, y_N: RealArray, decay: float, learned: int
) -> tuple[RealArray, RealArray, RealArray]:
    """Of points of which the first `learned` are learned from: their mean square and that of the others (networks,) each, NaN
    where there are none; and the derivatives of what is minimised."""
    hidden = np.tanh(x_N[:, None] * weights_GRH[:, None, 0] + weights_GRH[:, None, 1])
    wrong = (hidden @ weights_GRH[:, 2, :, None])[..., 0] + weights_GRH[:, 3, :1] - y_N
    squares = wrong**2
    train = squares[:, :learned].mean(axis=1)
    others = squares[:, learned:].mean(axis=1) if learned < len(x_N) else np.full(len(train), np.nan)
    hidden, by_output = hidden[:, :learned], 2 / learned * wrong[:, :learned, None]
    by_total = by_output * weights_GRH[:, None, 2] * (1 - hidden**2)
    slopes = np.zeros_like(weights_GRH)
    slopes[:, 0] = x_N[:learned] @ by_total
    slopes[:, 1] = by_total.sum(axis=1)
    slopes[:, 2] = (by_output * hidden).sum(axis=1)
    slopes[:, 3, 0] = by_output[..., 0].sum(axis=1)
    if decay:
        slopes[:, 0] += 2 * decay * weights_GRH[:, 0]
        slopes[:, 2] += 2 * decay * weights_GRH[:, 2]
    return train, others, slopes


class CurveEpoch(NamedTuple):
    """The networks after so many epochs, and their errors (networks,) before the next."""

    epoch: int
    weights: RealArray
    train: RealArray
    validation: RealArray


def trained_networks(
    weights_GRH: RealArray, train: NoisyPoints, validation: NoisyPoints, *, decay: float, lr: float
) -> Iterator[CurveEpoch]:
    """The networks at the start and after each epoch, without end. An epoch is one step on all points."""
    x, y = np.concatenate([train.x, validation.x]), np.concatenate([train.y, validation.y])
    settings, epoch = RuleSettings(lr=lr), 0
    state: RuleState = {}
    while True:
        train_errors, others, slopes = losses_and_slopes(weights_GRH, x, y, decay, len(train.x))
        yield CurveEpoch(epoch, weights_GRH, train_errors, others)
        epoch += 1
        update = RULES["adam"](settings, state, weights_GRH, slopes, epoch)
        weights_GRH, state = update.weights, update.state


class WidthsFitted(NamedTuple):
    """Networks of several widths after the same number of epochs."""

    widths: tuple[int, ...]
    networks: tuple[CurveNetwork, ...]


def fitted_widths(
    widths: Sequence[int],
    points: NoisyPoints,
    *,
    decay: float,
    lr: float,
    epochs: int,
    seed: int,
    going_on: Callable[[], None] = lambda: None,
) -> WidthsFitted:
    """`going_on` may raise to end it."""
    none = NoisyPoints(points.x[:0], points.y[:0])
    for now in trained_networks(first_networks(widths, seed), points, none, decay=decay, lr=lr):
        if now.epoch % GOING_ON_EPOCHS == 0:
            going_on()
        if now.epoch == epochs:
            break
    return WidthsFitted(tuple(widths), tuple(CurveNetwork(now.weights[at, :, :width]) for at, width in enumerate(widths)))


class LossCourse(NamedTuple):
    """One network's training: errors (epochs + 1,) from before the first epoch on, and its weights (epochs + 1, 4, width)."""

    train: RealArray
    validation: RealArray
    weights: RealArray

    def network(self, epoch: int) -> CurveNetwork:
        return CurveNetwork(self.weights[epoch])


def loss_course(
    width: int,
    train: NoisyPoints,
    validation: NoisyPoints,
    *,
    decay: float,
    lr: float,
    epochs: int,
    seed: int,
    going_on: Callable[[], None] = lambda: None,
) -> LossCourse:
    """Every epoch of a training."""
    found: list[CurveEpoch] = []
    for now in trained_networks(first_networks((width,), seed), train, validation, decay=decay, lr=lr):
        if now.epoch % GOING_ON_EPOCHS == 0:
            going_on()
        found.append(now)
        if now.epoch == epochs:
            break
    return LossCourse(
        np.concatenate([each.train for each in found]),
        np.concatenate([each.validation for each in found]),
        np.concatenate([each.weights for each in found]),
    )


class EarlyStop(NamedTuple):
    """Where a training with these validation errors stops. `stops_at` is the epoch after which it ends, None where its patience
    is never spent; `best` the epoch whose weights are taken back; `waited` how many epochs have not been better at the end;
    `lowest` the epoch of the smallest error of all, which a run that stops too early never sees."""

    stops_at: int | None
    best: int
    waited: int
    lowest: int


def early_stop(validation: RealArray, patience: int, min_change: float = 0.0) -> EarlyStop:
    """An epoch is better where its error is below the best one by more than `min_change`; after `patience` epochs without a
    better one the training ends. The first error is that before the first epoch, which is not counted."""
    best, best_error, waited = 0, np.inf, 0
    lowest = int(np.argmin(validation[1:])) + 1
    for epoch, error in enumerate(validation[1:].tolist(), 1):
        if error < best_error - min_change:
            best, best_error, waited = epoch, error, 0
        else:
            waited += 1
            if waited >= patience:
                return EarlyStop(epoch, best, waited, lowest)
    return EarlyStop(None, best, waited, lowest)
