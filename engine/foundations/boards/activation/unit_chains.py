"""An activation function at one place, and the product of slopes through a chain of units that each read the one before.

Called by the board of activation functions. Everything is float64.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from engine.foundations.unit_functions import LEAK, UNIT_FUNCTIONS, RealArray, UnitFunction

UnitFunctionName: TypeAlias = Literal["step", "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "identity"]


def unit_function(name: str, leak: float = LEAK) -> UnitFunction:
    """The function of that name; a leaky ReLU with the slope `leak` below 0."""
    if name != "leaky_relu":
        return UNIT_FUNCTIONS[name]
    return UnitFunction(
        lambda x: np.where(x > 0, x, leak * x).astype(x.dtype),
        lambda x: np.where(x > 0, 1, leak).astype(x.dtype),
        max(1.0, leak),
    )


class Touch(NamedTuple):
    """A function at `x`: its value, and the straight line that touches it there."""

    x: float
    value: float
    slope: float

    @property
    def meets(self) -> float:
        """Where the line crosses x = 0."""
        return self.value - self.slope * self.x

    def line(self, across: RealArray) -> RealArray:
        return self.value + self.slope * (across - self.x)


def touched(name: str, x: float, leak: float = LEAK) -> Touch:
    """The function and its derivative at `x`."""
    function, at = unit_function(name, leak), np.array([x], np.float64)
    return Touch(x, float(function.value(at)[0]), float(function.slope(at)[0]))


class UnitChain(NamedTuple):
    """A chain of L units: unit l reads the one before, times the weight, and applies the function.

    `factors` are what the chain rule multiplies, weight times slope; `reaching` is the derivative of the last output by what
    layer l reads, the product of the factors from l to the end: its first entry is the derivative of the whole chain. `limits`
    are the largest that `reaching` can be in size, from the largest slope that the function has.
    """

    sums: RealArray
    outputs: RealArray
    slopes: RealArray
    factors: RealArray
    reaching: RealArray
    limits: RealArray

    @property
    def product(self) -> float:
        return float(self.reaching[0])

    @property
    def limit(self) -> float:
        return float(self.limits[0])


def unit_chain(name: str, x: float, weight: float, layers: int, leak: float = LEAK) -> UnitChain:
    """The chain of `layers` units whose first one reads `x`."""
    function = unit_function(name, leak)
    sums, outputs = np.empty(layers), np.empty(layers)
    value = np.array([x], np.float64)
    for layer in range(layers):
        total = weight * value
        value = function.value(total)
        sums[layer], outputs[layer] = total[0], value[0]
    slopes = function.slope(sums)
    factors = weight * slopes
    reaching = np.cumprod(factors[::-1])[::-1]
    limits = (abs(weight) * function.steepest) ** np.arange(layers, 0, -1.0)
    return UnitChain(sums, outputs, slopes, factors, reaching, limits)
