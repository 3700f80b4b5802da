"""The numbers of the board of normalisation and regularisation: what each does to a small batch, number by number.

A batch is (N, D): a sample a row, a feature (a unit) a column. Batch normalisation takes means over a column, layer
normalisation over a row; both divide by √(variance + ε) with the biased variance and then scale by γ and shift by β (Ioffe and
Szegedy, 2015; Ba et al., 2016). What torch and 『밑바닥부터 시작하는 딥러닝』 1 write otherwise is an argument:

* running means: torch keeps (1 - m) of the old one, with m = 0.1; the book keeps m of it, with m = 0.9, which is the same.
  torch keeps the unbiased variance and begins with 0 and 1; the book keeps the biased one and begins with 0 and 0.
* dropout: torch divides what is kept by the kept share while it trains ("inverted"); the book multiplies by the kept share when
  it judges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RULES, Convention, RuleSettings, RuleState, steps
from engine.foundations.unit_functions import RealArray

NormAxis: TypeAlias = Literal["columns", "rows"]
PassMode: TypeAlias = Literal["training", "evaluation"]
DecayRule: TypeAlias = Literal["sgd", "momentum", "adam"]

FIRST_MEAN, FIRST_SPREAD = 2.0, 1.5  # of the batches that a running mean follows
SCALES = 16
BLOCK = 5  # hidden layers of the networks that are compared
COMPARED_DIGITS, COMPARED_BATCH, COMPARED_RATE, COMPARED_THREADS = 1000, 100, 0.01, 2


# --- normalisation


class Normalised(NamedTuple):
    """A batch and what becomes of it. `mean` and `variance` are those that were taken away and divided by, one for each column
    or row; `own_mean` and `own_variance` are the batch's own, which evaluation does not use; `unbiased` is the batch's own
    variance with N - 1 below."""

    x: RealArray  # (N, D)
    axis: NormAxis
    mean: RealArray
    variance: RealArray
    own_mean: RealArray
    own_variance: RealArray
    unbiased: RealArray
    normal: RealArray  # (N, D)
    y: RealArray  # (N, D)


def normalised(
    x: RealArray,
    axis: NormAxis,
    *,
    gamma: float = 1.0,
    beta: float = 0.0,
    epsilon: float = 1e-5,
    running: tuple[RealArray, RealArray] | None = None,
) -> Normalised:
    """Batch normalisation (`axis` "columns") or layer normalisation ("rows"). With `running`, a mean and a variance for each
    column, these take the place of the batch's own, as in evaluation."""
    along = 0 if axis == "columns" else 1
    count = x.shape[along]
    own_mean, own_variance = x.mean(axis=along), x.var(axis=along)
    with np.errstate(invalid="ignore", divide="ignore"):
        unbiased = own_variance * count / (count - 1) if count > 1 else np.full_like(own_variance, np.nan)
    mean, variance = (own_mean, own_variance) if running is None else running
    middle, size = (mean, variance) if axis == "columns" else (mean[:, np.newaxis], variance[:, np.newaxis])
    normal = (x - middle) / np.sqrt(size + epsilon)
    return Normalised(x, axis, mean, variance, own_mean, own_variance, unbiased, normal, gamma * normal + beta)


@lru_cache(maxsize=256)
def drawn_batch(rows: int, columns: int, seed: int, draw: int = 0) -> RealArray:
    """Batch number `draw` (rows, columns): each feature has a mean and a spread of its own, every number one decimal."""
    features = np.random.default_rng(seed)
    means, spreads = features.uniform(-4, 6, columns), features.uniform(0.4, 3, columns)
    samples = np.random.default_rng((seed, draw)).standard_normal((rows, columns))
    found: RealArray = np.round(means + spreads * samples, 1)
    found.setflags(write=False)
    return found


def seen_before(
    rows: int, columns: int, seed: int, batches: int, *, taken: float, convention: Convention
) -> tuple[RealArray, RealArray]:
    """Running mean and variance of each feature after so many other batches of the same distribution."""
    mean, variance = np.zeros(columns), np.ones(columns) if convention == "torch" else np.zeros(columns)
    for draw in range(1, batches + 1):
        x = drawn_batch(rows, columns, seed, draw)
        own = x.var(axis=0, ddof=1 if convention == "torch" and rows > 1 else 0)
        mean, variance = (1 - taken) * mean + taken * x.mean(axis=0), (1 - taken) * variance + taken * own
    return mean, variance


# --- running means


class RunningSettings(NamedTuple):
    """`batches` of `size` numbers of one feature each; from the middle on their mean is higher by `shift`."""

    momentum: float = 0.1
    convention: Convention = "torch"
    size: int = 8
    batches: int = 60
    shift: float = 0.0
    seed: int = 0

    @property
    def taken(self) -> float:
        """The share of each new batch: torch's momentum itself, or what the book's leaves over."""
        return self.momentum if self.convention == "torch" else 1 - self.momentum


class RunningCourse(NamedTuple):
    """Of every batch (count,): its own mean, its biased and unbiased variance; the running mean and variance after it; the true
    mean."""

    means: RealArray
    biased: RealArray
    unbiased: RealArray
    running_mean: RealArray
    running_variance: RealArray
    true_means: RealArray


def followed(settings: RunningSettings) -> RunningCourse:
    """What running means make of drawn batches, one after the other."""
    generator = np.random.default_rng(settings.seed)
    true_means = FIRST_MEAN + settings.shift * (np.arange(settings.batches) >= settings.batches // 2)
    batches = true_means[:, np.newaxis] + FIRST_SPREAD * generator.standard_normal((settings.batches, settings.size))
    means, biased = batches.mean(axis=1), batches.var(axis=1)
    unbiased = biased * settings.size / (settings.size - 1) if settings.size > 1 else np.full_like(biased, np.nan)
    kept = unbiased if settings.convention == "torch" else biased
    mean, variance = (0.0, 1.0) if settings.convention == "torch" else (0.0, 0.0)
    running = np.empty((2, settings.batches))
    for batch in range(settings.batches):
        mean = (1 - settings.taken) * mean + settings.taken * means[batch]
        variance = (1 - settings.taken) * variance + settings.taken * kept[batch]
        running[:, batch] = mean, variance
    return RunningCourse(means, biased, unbiased, running[0], running[1], true_means)


def half_life(taken: float) -> float:
    """After so many batches half of what a running mean was is gone."""
    if taken <= 0:
        return math.inf
    return 0.0 if taken >= 1 else math.log(0.5) / math.log1p(-taken)


# --- dropout


class DropoutSettings(NamedTuple):
    ratio: float = 0.5  # of what is dropped
    inverted: bool = True  # torch's way; False: the book's first one
    mode: PassMode = "training"
    seed: int = 0


class Dropped(NamedTuple):
    """A batch, its mask of zeros and ones, the factor that all that is kept is multiplied by, the output."""

    x: RealArray
    mask: RealArray
    factor: float
    y: RealArray


def dropped(x: RealArray, settings: DropoutSettings) -> Dropped:
    """Dropout of a batch. Judging keeps all units: inverted dropout does nothing then, the book's takes the kept share."""
    kept = 1 - settings.ratio
    if settings.mode == "evaluation":
        mask = np.ones_like(x)
        factor = 1.0 if settings.inverted else kept
    else:
        mask = mask_of(x.shape, settings, 0)
        factor = (1 / kept if kept else 0.0) if settings.inverted else 1.0
    return Dropped(x, mask, factor, x * mask * factor + 0.0)  # no −0


def mask_of(shape: tuple[int, ...], settings: DropoutSettings, draw: int) -> RealArray:
    """Mask number `draw`: 1 where a uniform number in 0..1 is above the ratio."""
    generator = np.random.default_rng((settings.seed, draw))
    return (generator.random(shape) > settings.ratio).astype(np.float64)


class MaskMeans(NamedTuple):
    """The mean output of one number over 1, 2, ... masks (count,); what it tends to; the deviation of one output."""

    means: RealArray
    limit: float
    deviation: float


def mask_means(value: float, settings: DropoutSettings, count: int) -> MaskMeans:
    """What many masks make of `value` while training."""
    kept = 1 - settings.ratio
    factor = (1 / kept if kept else 0.0) if settings.inverted else 1.0
    generator = np.random.default_rng((settings.seed, 1))
    outputs = value * factor * (generator.random(count) > settings.ratio)
    means = np.cumsum(outputs) / np.arange(1, count + 1)
    return MaskMeans(means, value * factor * kept, abs(value) * factor * math.sqrt(settings.ratio * kept))


# --- weight decay


class DecaySettings(NamedTuple):
    """One weight and its loss ½ c (w - w*)²: `curvature` c, `best` w*. `decay` is λ."""

    weight: float = 2.0
    best: float = 1.0
    curvature: float = 1.0
    lr: float = 0.1
    decay: float = 0.1
    rule: DecayRule = "sgd"


class DecayStep(NamedTuple):
    """The first step, term by term: the loss's gradient; what decay adds to it, or takes from the weight; the step of the rule;
    the new weight."""

    gradient: float
    in_gradient: float  # λw, 0 where the decay is decoupled
    from_weight: float  # -lr λ w, 0 where the decay is in the loss
    step: float
    weight: float


class DecayCourse(NamedTuple):
    """The weight from the start on (count + 1,): without decay, with λ/2 w² in the loss, with the decay decoupled."""

    without: RealArray
    in_loss: RealArray
    decoupled: RealArray


def _rule_settings(settings: DecaySettings) -> RuleSettings:
    return RuleSettings(lr=settings.lr)


def _gradient(settings: DecaySettings, weight: float) -> float:
    return settings.curvature * (weight - settings.best)


def first_steps(settings: DecaySettings) -> tuple[DecayStep, DecayStep]:
    """The first step with the decay in the loss, and with the decay decoupled (Loshchilov and Hutter, 2019)."""
    weight = settings.weight
    gradient = _gradient(settings, weight)
    in_gradient, from_weight = settings.decay * weight, -settings.lr * settings.decay * weight
    first = _one_step(settings, weight, gradient + in_gradient)
    second = _one_step(settings, weight, gradient)
    return (
        DecayStep(gradient, in_gradient, 0.0, first, weight + first),
        DecayStep(gradient, 0.0, from_weight, second, weight + from_weight + second),
    )


def _one_step(settings: DecaySettings, weight: float, gradient: float) -> float:
    update = next(steps(settings.rule, _rule_settings(settings), np.array([weight]), lambda _weights: np.array([gradient])))
    return float(update.step[0])


def decayed(settings: DecaySettings, count: int) -> DecayCourse:
    """Where `count` steps lead."""
    found = []
    for decay_in_loss, shrink in ((0.0, 0.0), (settings.decay, 0.0), (0.0, settings.decay)):
        found.append(_way(settings, count, decay_in_loss, shrink))
    return DecayCourse(*found)


def _way(settings: DecaySettings, count: int, in_loss: float, shrink: float) -> RealArray:
    weights: RealArray = np.array([settings.weight])
    state: RuleState = {}
    way = [settings.weight]
    for t in range(1, count + 1):
        gradient = settings.curvature * (weights - settings.best) + in_loss * weights
        update = RULES[settings.rule](_rule_settings(settings), state, weights, gradient, t)
        weights, state = update.weights - settings.lr * shrink * weights, dict(update.state)
        way.append(float(weights[0]))
    return np.array(way)


def resting_place(settings: DecaySettings) -> float:
    """Where the loss with λ/2 w² in it is least: c w* / (c + λ)."""
    return settings.curvature * settings.best / (settings.curvature + settings.decay)


# --- with and without, over many first weights


def start_scales() -> RealArray:
    """The 16 deviations of the first weights, from 1 to 0.0001 in even steps of their logarithm, as the book takes them."""
    return np.asarray(10 ** (-4 * np.arange(SCALES) / (SCALES - 1)))


class ScaleReading(NamedTuple):
    """The accuracy on what was trained on, of the network of one scale, after an epoch."""

    scale: int  # its number
    batch_norm: bool
    epoch: int  # from 1
    accuracy: float


class ScalesLearning(NamedTuple):
    epochs: int = 20
    seed: int = 0
    units: int = 100


def _always(deviation: float) -> Callable[[int], float]:
    return lambda _inputs: deviation


def compared_scales(learning: ScalesLearning, x: RealArray, classes_N: NDArray[np.int64]) -> Iterator[ScaleReading]:
    """32 networks of five hidden layers, two for each scale, all on the same digits at rate 0.01: an epoch of one after the
    other, so that all grow together. Two threads share the networks; each has its own draws, so that changes no number."""
    x, classes_N = x[:COMPARED_DIGITS], classes_N[:COMPARED_DIGITS]
    iterations = -(-len(x) // COMPARED_BATCH)
    courses = []
    for number, scale in enumerate(start_scales().tolist()):
        for batch_norm in (True, False):
            random = np.random.default_rng(learning.seed)
            sizes = (x.shape[1], *[learning.units] * BLOCK, 10)
            network = DenseNetwork(DenseShape(sizes, first_weights=_always(scale), batch_norm=batch_norm), random)
            course = trained(
                network,
                x,
                classes_N,
                rule="sgd",
                settings=RuleSettings(lr=COMPARED_RATE),
                batch=COMPARED_BATCH,
                generator=random,
            )
            courses.append((number, batch_norm, network, course))

    def gone_on(epoch: int, number: int, batch_norm: bool, network: DenseNetwork, course: Iterator[float]) -> ScaleReading:
        with np.errstate(all="ignore"):
            for _ in range(iterations):
                next(course)
            return ScaleReading(number, batch_norm, epoch, network.accuracy(x, classes_N))

    with ThreadPoolExecutor(COMPARED_THREADS, "scales") as threads:
        for epoch in range(1, learning.epochs + 1):
            under_way = [threads.submit(gone_on, epoch, *each) for each in courses]
            try:
                for each in under_way:
                    yield each.result()
            finally:  # where nobody asks for more, what has not begun is left
                for each in under_way:
                    each.cancel()
