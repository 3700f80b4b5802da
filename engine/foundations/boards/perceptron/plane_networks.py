"""Small networks that tell classes of points of the plane apart, trained a step at a time.

Hidden layers of one width, then scores, a softmax and the mean cross-entropy. What a unit does with its sum z goes from nothing
to its activation function f: (1 - s) z + s f(z). At s = 0 the layers are one matrix, `collapsed`.

Everything is a function of what is set: the batches of an epoch are a permutation of its own random numbers, so the moment
after n steps is the same on whatever way it is reached. Training is in float64, `answers_on` in float32. Called by the
perceptron board.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.foundations.descent_rules import RULES, RuleSettings, RuleState
from engine.foundations.first_layers import FirstWeights, drawn
from engine.foundations.unit_functions import UNIT_FUNCTIONS, RealArray, largest_of, softmax

LayerWeights: TypeAlias = tuple[RealArray, ...]  # W₁, b₁, W₂, b₂, ...; x @ W + b


class PlaneShape(NamedTuple):
    """What a network is made of: inputs, hidden layers, outputs; the activation function and its share s."""

    sizes: tuple[int, ...]
    activation: str = "tanh"
    share: float = 1.0

    @property
    def parameters(self) -> int:
        return sum((inputs + 1) * outputs for inputs, outputs in zip(self.sizes, self.sizes[1:], strict=False))


class PlaneTraining(NamedTuple):
    """How it is trained. `batch` 0: all points at once. `start` is the rule of the first weights
    (`engine.foundations.first_layers`)."""

    rate: float = 0.1
    rule: str = "gd"
    batch: int = 0
    start: FirstWeights = "xavier"
    seed: int = 0


class PlaneMoment(NamedTuple):
    """The network after so many steps, with what its optimiser remembers of each parameter."""

    step: int
    weights: LayerWeights
    memory: tuple[RuleState, ...]


class BatchLoss(NamedTuple):
    """The mean loss of the points that a step learned from, before that step."""

    loss: float
    points: int


class PlaneAnswer(NamedTuple):
    """What a network says of points: scores (N, K), and what each hidden layer has for them, (N, units) each."""

    scores: RealArray
    hidden: tuple[RealArray, ...]


class PlanePart(NamedTuple):
    """Points (N, 2) with the number of each one's class (N,)."""

    x: RealArray
    t: NDArray[np.int64]


class Collapsed(NamedTuple):
    """Linear layers as one: x @ matrix + bias, and the matrices whose product it is."""

    factors: tuple[RealArray, ...]
    matrix: RealArray
    bias: RealArray


class PlaneJudged(NamedTuple):
    """All points judged: the mean loss, and the class that each is taken for."""

    loss: float
    predicted: NDArray[np.int64]
    accuracy: float


def started(shape: PlaneShape, training: PlaneTraining) -> PlaneMoment:
    """The network before its first step: weights by the rule of `start`, biases 0."""
    random = np.random.default_rng(training.seed)
    weights: list[RealArray] = []
    for inputs, outputs in zip(shape.sizes, shape.sizes[1:], strict=False):
        weights += [drawn(training.start, inputs, outputs, random), np.zeros(outputs)]
    return PlaneMoment(0, tuple(weights), tuple({} for _ in weights))


def _function(name: str, total: RealArray) -> RealArray:
    """The activation function's value; a sigmoid as a tanh, which is faster: σ(z) = (1 + tanh(z/2)) / 2."""
    return 0.5 + 0.5 * np.tanh(0.5 * total) if name == "sigmoid" else UNIT_FUNCTIONS[name].value(total)


def _function_slope(name: str, total: RealArray, value: RealArray) -> RealArray:
    """The derivative by `total`, from the function's value where that is faster."""
    if name == "tanh":
        return 1 - value * value
    return value * (1 - value) if name == "sigmoid" else UNIT_FUNCTIONS[name].slope(total)


def _mixed(share: float, linear: RealArray, value: RealArray) -> RealArray:
    return value if share == 1 else (1 - share) * linear + share * value


def answer(shape: PlaneShape, weights: LayerWeights, x: RealArray) -> PlaneAnswer:
    """Scores and hidden values of points (N, 2), in their precision."""
    hidden: list[RealArray] = []
    value = x
    last = len(weights) - 2
    for place in range(0, last, 2):
        total = value @ weights[place] + weights[place + 1]
        value = _mixed(shape.share, total, _function(shape.activation, total)) if shape.share else total
        hidden.append(value)
    return PlaneAnswer(value @ weights[last] + weights[last + 1], tuple(hidden))


def answers_on(shape: PlaneShape, weights: LayerWeights, places: RealArray) -> PlaneAnswer:
    """The same in float32: a hundred times a hundred places in a part of a frame."""
    with np.errstate(over="ignore", invalid="ignore"):
        return answer(shape, tuple(each.astype(np.float32) for each in weights), places.astype(np.float32, copy=False))


def loss_and_slopes(
    shape: PlaneShape, weights: LayerWeights, x: RealArray, t: NDArray[np.int64]
) -> tuple[float, tuple[RealArray, ...]]:
    """The mean cross-entropy of points (N, 2) with classes (N,), and its derivatives by every parameter, in their order."""
    unit_slopes: list[RealArray] = []
    values = [x]
    last = len(weights) - 2
    for place in range(0, last, 2):
        total = values[-1] @ weights[place] + weights[place + 1]
        value = _function(shape.activation, total)
        unit_slopes.append(1 - shape.share + shape.share * _function_slope(shape.activation, total, value))
        values.append(_mixed(shape.share, total, value))
    scores = values[-1] @ weights[last] + weights[last + 1]
    own = np.arange(len(x)), t
    shifted = scores - largest_of(scores)
    loss = float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[own]))
    gradient = softmax(scores)
    gradient[own] -= 1
    gradient /= len(x)
    slopes: list[RealArray] = []
    for layer in range(last // 2, -1, -1):
        slopes += [gradient.sum(axis=0), values[layer].T @ gradient]
        if layer:
            gradient = gradient @ weights[2 * layer].T * unit_slopes[layer - 1]
    return loss, tuple(reversed(slopes))


def steps_an_epoch(points: int, batch: int) -> int:
    """How many steps see every point once; the last one may have fewer."""
    return 1 if not batch or batch >= points else math.ceil(points / batch)


def batch_at(step: int, points: int, training: PlaneTraining) -> NDArray[np.int64] | slice:
    """Which points step `step` (from 0) learns from: a part of the epoch's own permutation; all of them, where they are one
    batch."""
    epoch, place = divmod(step, count := steps_an_epoch(points, training.batch))
    if count == 1:
        return slice(None)
    order: NDArray[np.int64] = np.random.default_rng((training.seed, epoch)).permutation(points)
    return order[place * training.batch : (place + 1) * training.batch]


def stepped(shape: PlaneShape, training: PlaneTraining, moment: PlaneMoment, part: PlanePart) -> tuple[PlaneMoment, BatchLoss]:
    """The network one step later. `part` has at least one point."""
    chosen = batch_at(moment.step, len(part.x), training)
    x, t = part.x[chosen], part.t[chosen]
    settings, rule = RuleSettings(lr=training.rate), RULES[training.rule]
    with np.errstate(over="ignore", invalid="ignore"):  # what diverges is shown as it is
        loss, slopes = loss_and_slopes(shape, moment.weights, x, t)
        updates = [
            rule(settings, state, weights, slope, moment.step + 1)
            for state, weights, slope in zip(moment.memory, moment.weights, slopes, strict=True)
        ]
    weights, memory = tuple(update.weights for update in updates), tuple(update.state for update in updates)
    return PlaneMoment(moment.step + 1, weights, memory), BatchLoss(loss, len(x))


def judged(shape: PlaneShape, weights: LayerWeights, part: PlanePart) -> PlaneJudged:
    """The loss and the answers over all points; without points the loss is 0."""
    if not len(part.x):
        return PlaneJudged(0.0, np.zeros(0, np.int64), 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        scores = answer(shape, weights, part.x).scores
        shifted = scores - largest_of(scores)
        losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(part.x)), part.t]
    predicted: NDArray[np.int64] = scores.argmax(axis=1)
    return PlaneJudged(float(losses.mean()), predicted, float((predicted == part.t).mean()))


def collapsed(weights: LayerWeights) -> Collapsed:
    """The layers without their activation functions as one: ((x W₁ + b₁) W₂ + b₂) ... = x W₁W₂ ... + b."""
    matrix, bias = weights[0], weights[1]
    for place in range(2, len(weights), 2):
        matrix, bias = matrix @ weights[place], bias @ weights[place] + weights[place + 1]
    return Collapsed(weights[0::2], matrix, bias)


def separating_line(matrix: RealArray, bias: RealArray, one: int = 1, other: int = 0) -> tuple[float, float, float]:
    """w₁, w₂ and b of the line w₁x₁ + w₂x₂ + b = 0 on which two scores of x @ matrix + bias are equal; class `one` lies where
    it is above 0."""
    w = matrix[:, one] - matrix[:, other]
    return float(w[0]), float(w[1]), float(bias[one] - bias[other])


class PlaneLosses:
    """The losses of a training, a step each, in the order of the steps; and the mean of each epoch."""

    def __init__(self) -> None:
        self._losses: list[float] = []
        self._points: list[int] = []

    def __len__(self) -> int:
        return len(self._losses)

    def note(self, loss: BatchLoss) -> None:
        self._losses.append(loss.loss)
        self._points.append(loss.points)

    def until(self, step: int, an_epoch: int) -> tuple[RealArray, RealArray]:
        """After how many steps (M,), and the loss (M,): each step's where it saw all points, else the mean over the points of
        each epoch that is done."""
        losses = np.array(self._losses[:step], np.float64)
        if an_epoch == 1:
            return np.arange(len(losses), dtype=np.float64), losses
        epochs = len(losses) // an_epoch
        shares = np.array(self._points[: epochs * an_epoch], np.float64).reshape(epochs, an_epoch)
        means = (losses[: epochs * an_epoch].reshape(epochs, an_epoch) * shares).sum(axis=1) / np.maximum(shares.sum(axis=1), 1)
        return an_epoch * np.arange(1, epochs + 1, dtype=np.float64), means
