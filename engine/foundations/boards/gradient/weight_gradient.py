"""The gradient of one weight matrix by hand: a sample x (2,) times W (2, 3), a softmax and the cross-entropy.

The first gradient of a network's weights in 『밑바닥부터 시작하는 딥러닝』 1 (section 4.4.2). Each derivative has three sources
here: x_i (y_j - t_j), the central difference, and the loss as a curve over that one weight, whose tangent it is. Called by the
board "gradient by hand".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.foundations.differences import BOOKS_STEP
from engine.foundations.unit_functions import RealArray, softmax

SHAPE = (2, 3)  # of W: inputs, classes


class WeightGradient(NamedTuple):
    """Scores and probabilities (3,), the loss, and its derivatives by W (2, 3): exact, and as central differences."""

    scores: RealArray
    probabilities: RealArray
    loss: float
    exact: RealArray
    numerical: RealArray


def losses_of(weights: RealArray, x: RealArray, truth: int) -> RealArray:
    """The cross-entropy for each of the matrices (..., 2, 3); shape (...). Its logarithm is taken without the softmax, which
    may round to 0."""
    scores = np.einsum("i,...ij->...j", x, weights)
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(shifted).sum(axis=-1)) - shifted[..., truth])


def weight_gradient(weights: ArrayLike, x: ArrayLike, truth: int) -> WeightGradient:
    """Every derivative of the loss by the weights."""
    matrix, sample = np.asarray(weights, np.float64).reshape(SHAPE), np.asarray(x, np.float64)
    scores = sample @ matrix
    probabilities = softmax(scores)
    exact = np.outer(sample, probabilities - np.eye(SHAPE[1])[truth])
    moved = np.eye(matrix.size).reshape(matrix.size, *SHAPE) * BOOKS_STEP
    apart = losses_of(matrix + moved, sample, truth) - losses_of(matrix - moved, sample, truth)
    loss = float(losses_of(matrix, sample, truth))
    return WeightGradient(scores, probabilities, loss, exact, (apart / (2 * BOOKS_STEP)).reshape(SHAPE))


def losses_along(weights: ArrayLike, x: ArrayLike, truth: int, entry: int, values: RealArray) -> RealArray:
    """The loss where weight number `entry`, counted row by row, has each of `values` and the others stay."""
    matrices = np.repeat(np.asarray(weights, np.float64).reshape(1, -1), len(values), axis=0)
    matrices[:, entry] = values
    return losses_of(matrices.reshape(-1, *SHAPE), np.asarray(x, np.float64), truth)
