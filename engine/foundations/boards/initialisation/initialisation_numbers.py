"""The numbers of the board of first weights: what each layer of a stack does, the histograms, what theory says, what is to be
seen in it, and all combinations of first weights and activation function at once.

The stack, its draws and its order of draws are those of `engine.foundations.first_layers.flow`. A part of the samples gives the
first picture: its numbers are those of the same samples within the whole batch. Theory stands in `initialisation_theory`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.figures import measured, whole_percent
from engine.foundations.dense_networks import DenseNetwork, DenseShape, trained
from engine.foundations.descent_rules import RuleSettings
from engine.foundations.first_layers import EDGE, FIRST_WEIGHTS, spread
from engine.foundations.unit_functions import RealArray
from engine.words import Phrase

StackWeights: TypeAlias = Literal["zeros", "0.01", "1", "xavier", "he", "torch", "own_deviation"]
StackActivation: TypeAlias = Literal["sigmoid", "tanh", "relu"]
StartLosses: TypeAlias = Mapping[StackWeights, float]  # of one iteration
FlowSide: TypeAlias = Literal["activations", "gradients"]
BarAxis: TypeAlias = Literal["shared_axis", "own_axis"]

STACK_WEIGHTS: tuple[StackWeights, ...] = (*FIRST_WEIGHTS, "own_deviation")
STACK_ACTIVATIONS: tuple[StackActivation, ...] = ("sigmoid", "tanh", "relu")
BINS = 30  # as in the book's histograms
REACH = 4.0  # deviations to either side of a histogram's middle
FAR = 100.0  # times as much, or as little: what counts as exploded, or as vanished
MANY = 0.5  # of the outputs: what counts as saturated, of the units as dead


class Stack(NamedTuple):
    """What is computed: layers of the same width without biases. `deviation` is that of the weights where `first_weights` is
    "own_deviation"."""

    first_weights: StackWeights = "1"
    activation: StackActivation = "sigmoid"
    layers: int = 5
    units: int = 100
    samples: int = 1000
    seed: int = 0
    deviation: float = 0.1

    @property
    def weight_deviation(self) -> float:
        """The standard deviation that the weights are drawn with."""
        return self.deviation if self.first_weights == "own_deviation" else spread(self.first_weights, self.units)


class LayerSums(NamedTuple):
    """One layer in numbers. `between_samples` is the deviation over the samples, its mean over the units. `saturated` is the
    share of outputs within a twentieth of the ends of the function's range, `dead` that of units that are 0 for every sample;
    None where the function has no ends, or can not die."""

    mean: float
    deviation: float
    between_samples: float
    gradient_deviation: float
    saturated: float | None
    dead: float | None


class StackPass(NamedTuple):
    """Activations and gradients (samples, units) of every layer, for the first `samples` of the batch."""

    stack: Stack
    samples: int
    activations: Sequence[RealArray]
    gradients: Sequence[RealArray]
    layers: tuple[LayerSums, ...]


class LayerBars(NamedTuple):
    """A histogram: shares (bins,) of all values between edges (bins + 1,); `outside` is the share of those that lie in none."""

    edges: RealArray
    shares: RealArray
    outside: float


class Combination(NamedTuple):
    """How many times as much is left at the other end of a stack: of the deviation between samples in the last layer, of the
    deviation of the gradients in the first. No number (NaN) where there was nothing at the beginning."""

    first_weights: StackWeights
    activation: StackActivation
    forwards: float
    backwards: float


# --- a pass


@lru_cache(maxsize=3)
def _draws(kind: str, layers: int, units: int, samples: int, seed: int) -> tuple[RealArray, tuple[RealArray, ...], RealArray]:
    """Inputs (samples, units), each layer's weights before they are scaled, and the derivatives of the sum by the last layer's
    outputs."""
    generator = np.random.default_rng(seed)
    inputs, weights = generator.standard_normal((samples, units)), []
    for _ in range(layers):
        if kind == "uniform":
            weights.append(generator.uniform(-1, 1, (units, units)))
        elif kind == "normal":
            weights.append(generator.standard_normal((units, units)))
        else:
            weights.append(np.zeros((units, units)))
    return inputs, tuple(weights), generator.standard_normal((samples, units))


def passed(stack: Stack, samples: int | None = None) -> StackPass:
    """A pass forwards and backwards, of the first `samples` of the batch, or of all. Of 50 layers of 100 units, 1,000 samples
    take a third of a second of one core, and 50 samples some 20 ms."""
    count = stack.samples if samples is None else min(samples, stack.samples)
    values, gradients = _through(stack, count)
    layers = tuple(_sums(stack.activation, *pair) for pair in zip(values, gradients, strict=True))
    return StackPass(stack, count, values, gradients, layers)


def _through(stack: Stack, count: int) -> tuple[list[RealArray], list[RealArray]]:
    """Activations and gradients (count, units) of every layer, for the first `count` samples of the batch."""
    kinds = {"zeros": "zeros", "torch": "uniform"}
    kind = kinds.get(stack.first_weights, "normal")
    inputs, draws, ends = _draws(kind, stack.layers, stack.units, stack.samples, stack.seed)
    if kind == "uniform":
        weights = [drawn / math.sqrt(stack.units) for drawn in draws]
    else:
        weights = [drawn * stack.weight_deviation for drawn in draws]
    value, values, slopes = inputs[:count], [], []
    with np.errstate(over="ignore", under="ignore"):
        for weight in weights:
            value, slope = _activated(stack.activation, value @ weight)
            values.append(value)
            slopes.append(slope)
        gradient = ends[:count] * slopes[-1]
        gradients = [gradient]
        for layer in reversed(range(stack.layers - 1)):
            gradient = (gradient @ weights[layer + 1].T) * slopes[layer]
            gradients.append(gradient)
        gradients.reverse()
    return values, gradients


def _activated(activation: StackActivation, total: RealArray) -> tuple[RealArray, RealArray]:
    """The function's values and slopes, the slopes by way of the values."""
    match activation:
        case "sigmoid":
            value: RealArray = 1 / (1 + np.exp(-total))
            return value, value * (1 - value)
        case "tanh":
            value = np.tanh(total)
            return value, 1 - value * value
        case "relu":
            return np.maximum(total, 0), (total > 0).astype(total.dtype)


def _sums(activation: StackActivation, value: RealArray, gradient: RealArray) -> LayerSums:
    means = value.mean(axis=0)
    apart = value - means
    variances = np.einsum("nu,nu->u", apart, apart) / len(value)
    mean = float(means.mean())
    deviation = math.sqrt(float(variances.mean()) + float(((means - mean) ** 2).mean()))
    saturated = dead = None
    if activation == "relu":
        dead = float((value.max(axis=0) <= 0).mean())
    else:
        low, high = (0.0, 1.0) if activation == "sigmoid" else (-1.0, 1.0)
        inside = (value >= low + EDGE * (high - low)) & (value <= high - EDGE * (high - low))
        saturated = 1 - float(inside.mean())
    return LayerSums(mean, deviation, float(np.sqrt(variances).mean()), float(gradient.std()), saturated, dead)


# --- histograms


def bars(found: StackPass, side: FlowSide, axis: BarAxis) -> list[LayerBars]:
    """A histogram of each layer: on one axis for all, the function's own range where it has one, or each on an axis of its own
    size."""
    values = found.activations if side == "activations" else found.gradients
    ranges = [_reach(found, layer, side) for layer in range(len(values))]
    if axis == "shared_axis":
        whole = (min(low for low, _ in ranges), max(high for _, high in ranges))
        if side == "activations" and found.stack.activation != "relu":
            whole = (0.0, 1.0) if found.stack.activation == "sigmoid" else (-1.0, 1.0)
        ranges = [whole] * len(values)
    return [_counted(value, *reach) for value, reach in zip(values, ranges, strict=True)]


def _reach(found: StackPass, layer: int, side: FlowSide) -> tuple[float, float]:
    """Where the values of a layer lie."""
    sums = found.layers[layer]
    if side == "gradients":
        far = REACH * sums.gradient_deviation or 1.0
        return -far, far
    far = REACH * sums.deviation or 0.5
    if found.stack.activation == "relu":
        return 0.0, (sums.mean + far) if sums.mean or sums.deviation else 1.0
    return sums.mean - far, sums.mean + far


def _counted(values: RealArray, low: float, high: float) -> LayerBars:
    edges = low + (high - low) * np.arange(BINS + 1) / BINS
    place = np.floor((values.ravel() - low) * (BINS / (high - low)))
    place[values.ravel() == high] = BINS - 1  # the last bin has both of its ends
    inside = place[(place >= 0) & (place < BINS)].astype(np.intp)
    shares = np.bincount(inside, minlength=BINS) / values.size
    return LayerBars(edges, shares, 1 - len(inside) / values.size)


# --- what is to be seen


def left_over(layers: Sequence[LayerSums]) -> tuple[float, float]:
    """How many times as much is left: of the deviation between samples in the last layer, of the gradients in the first."""
    return (
        _times(layers[-1].between_samples, layers[0].between_samples),
        _times(layers[0].gradient_deviation, layers[-1].gradient_deviation),
    )


def _times(end: float, beginning: float) -> float:
    return end / beginning if beginning else math.nan


def findings(stack: Stack, layers: Sequence[LayerSums]) -> list[Phrase]:
    """What a teacher would say of these numbers, the gravest first."""
    forwards, backwards = left_over(layers)
    found = []
    if stack.weight_deviation == 0:
        return [Phrase("board_initialisation", "all_alike")]
    if forwards < 1 / FAR:
        found.append(
            Phrase("board_initialisation", "samples_alike", {"times": rounded(1 / forwards if forwards else math.inf)})
        )
    elif forwards > FAR:
        found.append(Phrase("board_initialisation", "grows", {"times": rounded(forwards)}))
    last = layers[-1]
    if last.saturated is not None and last.saturated >= MANY:
        found.append(Phrase("board_initialisation", "saturates", {"share": whole_percent(last.saturated)}))
    if last.dead is not None and last.dead >= MANY:
        found.append(Phrase("board_initialisation", "dies", {"share": whole_percent(last.dead)}))
    if backwards < 1 / FAR:
        found.append(
            Phrase("board_initialisation", "gradients_vanish", {"times": rounded(1 / backwards if backwards else math.inf)})
        )
    elif backwards > FAR:
        found.append(Phrase("board_initialisation", "gradients_explode", {"times": rounded(backwards)}))
    return found or [Phrase("board_initialisation", "healthy")]


def rounded(times: float, figures: int = 2) -> str:
    """How many times as much, in so few figures: 69,000."""
    return measured(float(f"{times:.{figures - 1}e}"), figures)


# --- all combinations


@lru_cache(maxsize=512)
def combination(stack: Stack) -> Combination:
    """What is left of one stack: the number that a pass of the whole batch has, of whose layers only the ends are needed."""
    values, gradients = _through(stack, stack.samples)
    ends = [_sums(stack.activation, values[layer], gradients[layer]) for layer in (0, -1)]
    forwards, backwards = left_over(ends)
    return Combination(stack.first_weights, stack.activation, forwards, backwards)


def combinations(stack: Stack) -> Iterator[Combination]:
    """Every rule with every function, for a stack of that size and the same batch, one after the other."""
    for rule in STACK_WEIGHTS:
        for activation in STACK_ACTIVATIONS:
            deviation = stack.deviation if rule == "own_deviation" else 0.0
            yield combination(stack._replace(first_weights=rule, activation=activation, deviation=deviation))


# --- learning from such weights

DIGIT_SIZES = (784, 100, 100, 100, 100, 10)  # the book's comparison
DIGIT_BATCH, DIGIT_RATE = 128, 0.01
BOOK_STARTS: tuple[StackWeights, ...] = ("0.01", "xavier", "he")


class StartsLearning(NamedTuple):
    """What is learned from the digits. The starts of the book come first, then the one that is looked at."""

    activation: StackActivation = "relu"
    iterations: int = 2000
    own: StackWeights | None = None
    deviation: float = 0.1
    seed: int = 0

    @property
    def starts(self) -> tuple[StackWeights, ...]:
        return BOOK_STARTS if self.own is None or self.own in BOOK_STARTS else (*BOOK_STARTS, self.own)


def learned(learning: StartsLearning, x: RealArray, classes_N: NDArray[np.int64]) -> Iterator[StartLosses]:
    """The loss of each start, an iteration after the other: five layers on batches of 128 by plain descent, all on the same
    batches. torch's weights are drawn from a normal distribution of the same deviation here."""
    courses = {start: _course(learning, start, x, classes_N) for start in learning.starts}
    for _ in range(learning.iterations):
        with np.errstate(all="ignore"):
            yield {start: next(course) for start, course in courses.items()}


def _course(learning: StartsLearning, start: StackWeights, x: RealArray, classes_N: NDArray[np.int64]) -> Iterator[float]:
    generator = np.random.default_rng(learning.seed)

    def first_weights(inputs: int) -> float:
        return learning.deviation if start == "own_deviation" else spread(start, inputs)

    network = DenseNetwork(DenseShape(DIGIT_SIZES, learning.activation, first_weights), generator)
    return trained(
        network, x, classes_N, rule="sgd", settings=RuleSettings(lr=DIGIT_RATE), batch=DIGIT_BATCH, generator=generator
    )
