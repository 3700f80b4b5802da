"""Every number of one unit and of two layers of them: the sum term by term, the line, the truth table; a sigmoid unit, its loss
and its step of gradient descent.

A perceptron fires above 0 (`engine.foundations.perceptrons`); a sigmoid unit answers with the probability of class 1 (logistic
regression: Cox, 1958). The loss is the mean cross-entropy -t ln p - (1 - t) ln(1 - p), whose slope by the sum is p - t. Called
by the perceptron board.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.foundations.perceptrons import Perceptron
from engine.foundations.unit_functions import RealArray, sigmoid

GATE_CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))
TRUTHS = {"AND": (0, 0, 0, 1), "NAND": (1, 1, 1, 0), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}  # at these corners
PROPER = 1e-12  # a weight vector that is shorter has no line


class WeightedTerm(NamedTuple):
    """One product of a sum; the bias is the weight of an input that is always 1."""

    weight: float
    value: float
    product: float


class UnitSum(NamedTuple):
    """A unit's answer for one input: its terms, the bias last; their sum; 1 where that is above 0."""

    terms: tuple[WeightedTerm, ...]
    total: float
    fires: int


class GateRow(NamedTuple):
    """A line of a truth table: the input, what the unit sums and answers, what the gate answers."""

    x: tuple[int, int]
    total: float
    fires: int
    wanted: int

    @property
    def is_right(self) -> bool:
        return self.fires == self.wanted


def unit_sum(unit: Perceptron, x: tuple[float, ...]) -> UnitSum:
    """The sum of `unit` at `x`, in the order in which it is written: w₁x₁ + w₂x₂ + b."""
    pairs = [*zip(unit.weights, x, strict=True), (unit.bias, 1.0)]
    terms = tuple(WeightedTerm(weight, value, weight * value) for weight, value in pairs)
    return UnitSum(terms, float(unit.total(x)), int(unit.fires(x)))


def gate_rows(unit: Perceptron, gate: str) -> tuple[GateRow, ...]:
    """The truth table of `gate` with the answers of `unit`."""
    return tuple(
        GateRow(corner, float(unit.total(corner)), int(unit.fires(corner)), wanted)
        for corner, wanted in zip(GATE_CORNERS, TRUTHS[gate], strict=True)
    )


def corrected(unit: Perceptron, x: tuple[float, ...], wanted: int, rate: float) -> Perceptron:
    """The unit after one correction of the perceptron rule (Rosenblatt, 1958): w + rate · (t - y) · x, the bias as the weight
    of an input of 1. A right answer corrects nothing."""
    error = wanted - int(unit.fires(x))
    weights = tuple(weight + rate * error * value for weight, value in zip(unit.weights, x, strict=True))
    return Perceptron(weights, unit.bias + rate * error)


def line_foot(unit: Perceptron, near: tuple[float, float]) -> tuple[float, float] | None:
    """The point of the unit's line that is nearest to `near`. None where all weights are 0: there is no line."""
    w = np.array(unit.weights, np.float64)
    square = float(w @ w)
    if square < PROPER:
        return None
    foot = np.array(near) - unit.total(near) / square * w
    return float(foot[0]), float(foot[1])


def through(unit: Perceptron, x: float, y: float) -> float:
    """The bias with which the unit's line goes through the point."""
    return -(unit.weights[0] * x + unit.weights[1] * y)


class TwoLayers(NamedTuple):
    """Two units that read the input, and one that reads both."""

    first: Perceptron
    second: Perceptron
    output: Perceptron

    def hidden(self, x: ArrayLike) -> NDArray[np.int64]:
        """What the first layer answers at points (..., 2), in their shape."""
        return np.stack([self.first.fires(x), self.second.fires(x)], axis=-1)

    def fires(self, x: ArrayLike) -> NDArray[np.int64]:
        """What the network answers at points (..., 2); shape (...)."""
        return self.output.fires(self.hidden(x))


class LayersRow(NamedTuple):
    """A line of the truth table of two layers: input, sums and answers of the first layer, sum and answer of the second, and
    what the gate answers."""

    x: tuple[int, int]
    sums: tuple[float, float]
    hidden: tuple[int, int]
    total: float
    fires: int
    wanted: int

    @property
    def is_right(self) -> bool:
        return self.fires == self.wanted


def layers_rows(layers: TwoLayers, gate: str) -> tuple[LayersRow, ...]:
    """The truth table of `gate` with what both layers answer."""
    rows = []
    for corner, wanted in zip(GATE_CORNERS, TRUTHS[gate], strict=True):
        sums = float(layers.first.total(corner)), float(layers.second.total(corner))
        hidden = int(sums[0] > 0), int(sums[1] > 0)
        total = float(layers.output.total(hidden))
        rows.append(LayersRow(corner, sums, hidden, total, int(total > 0), wanted))
    return tuple(rows)


# --- a sigmoid unit


class SigmoidStep(NamedTuple):
    """Where a sigmoid unit stands: the mean loss over all points, its slopes by w₁, w₂ and b (3,), and both after a step of
    gradient descent."""

    weights: RealArray  # (3,) w₁, w₂, b
    loss: float
    slopes: RealArray  # (3,)
    step: RealArray  # (3,) what is added: -rate · slopes
    accuracy: float  # of the points, with class 1 from a probability of 0.5 on


def probabilities(weights: ArrayLike, x: ArrayLike) -> RealArray:
    """σ(w₁x₁ + w₂x₂ + b) at points (..., 2); shape (...)."""
    w = np.asarray(weights, np.float64)
    return sigmoid(np.asarray(x, np.float64) @ w[:2] + w[2])


def sigmoid_step(weights: ArrayLike, x: RealArray, t: NDArray[np.int64], rate: float) -> SigmoidStep:
    """The next step of gradient descent over all points (N, 2) with classes t (N,), 0 or 1. Without points all is 0."""
    w = np.asarray(weights, np.float64)
    if not len(x):
        return SigmoidStep(w, 0.0, np.zeros(3), np.zeros(3), 1.0)
    total = x @ w[:2] + w[2]
    loss = float(np.mean(np.maximum(total, 0) - total * t + np.log1p(np.exp(-np.abs(total)))))
    error = (sigmoid(total) - t) / len(x)
    slopes = np.array([*(error @ x), error.sum()])
    accuracy = float(((total >= 0) == (t == 1)).mean())
    return SigmoidStep(w, loss, slopes, -rate * slopes, accuracy)


def sigmoid_descent(
    weights: ArrayLike, x: RealArray, t: NDArray[np.int64], rate: float, steps: int
) -> tuple[RealArray, RealArray]:
    """The weights after so many steps (3,), and the losses before each and after the last one (steps + 1,)."""
    w, losses = np.asarray(weights, np.float64), []
    for _ in range(steps):
        now = sigmoid_step(w, x, t, rate)
        losses.append(now.loss)
        w = w + now.step
    return w, np.array([*losses, sigmoid_step(w, x, t, rate).loss])
