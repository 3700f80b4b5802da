"""One unit that fires or not, and the logic gates that it can be.

A perceptron sums its inputs, each times its weight, adds the bias, and fires above 0. One divides the plane with a straight
line, so AND, NAND and OR are one unit each; XOR needs two layers (Minsky and Papert, Perceptrons, 1969). The numbers are those
of 『밑바닥부터 시작하는 딥러닝』 1, chapter 2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

SETTLED = 12  # decimals of a sum


class Perceptron(NamedTuple):
    """A unit with one weight for each input."""

    weights: tuple[float, ...]
    bias: float

    def total(self, x: ArrayLike) -> NDArray[np.float64]:
        """The weighted sum with the bias, of points (..., n); shape (...). What rounding leaves of 0.1 + 0.2 − 0.3 is 0: a unit
        fires by what is written."""
        total = np.asarray(x, np.float64) @ np.asarray(self.weights, np.float64) + self.bias
        settled: NDArray[np.float64] = np.round(total, SETTLED) + 0.0  # no −0
        return settled

    def fires(self, x: ArrayLike) -> NDArray[np.int64]:
        """1 where the sum is above 0, else 0; shape (...)."""
        return (self.total(x) > 0).astype(np.int64)

    def line(self, across: ArrayLike) -> NDArray[np.float64] | None:
        """Of two inputs: the second one at which the sum is 0, for each first one in `across`. None where the line is upright
        or there is none."""
        first, second = self.weights
        if second == 0:
            return None
        return -(first * np.asarray(across, np.float64) + self.bias) / second


GATES = {
    "AND": Perceptron((0.5, 0.5), -0.7),
    "NAND": Perceptron((-0.5, -0.5), 0.7),
    "OR": Perceptron((0.5, 0.5), -0.2),
}


def xor(x: ArrayLike) -> NDArray[np.int64]:
    """AND of NAND and OR, of points (..., 2): the first layer is two units, the second one."""
    hidden = np.stack([GATES["NAND"].fires(x), GATES["OR"].fires(x)], axis=-1)
    return GATES["AND"].fires(hidden)
