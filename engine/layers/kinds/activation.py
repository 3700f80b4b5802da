"""Activation functions, and the layers that leave a shape as it is: dropout and identity."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from engine.fields import setting
from engine.layers.base import POINTWISE, Layer, Reach, Shape, dimension
from engine.layers.kinds.dense import Dimension

Probability: TypeAlias = Annotated[float, setting(0.0, 1.0, slider=(0.0, 0.9), step=0.05)]


class Pointwise(Layer, frozen=True, kw_only=True):
    """Maps each number separately."""

    GROUP: ClassVar[str] = "activation"

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def reach(self, shape: Shape) -> Reach:
        return POINTWISE


class ReLU(Pointwise, frozen=True, kw_only=True):
    """max(0, x)"""


class ReLU6(Pointwise, frozen=True, kw_only=True):
    """min(max(0, x), 6): stays exact in few bits (Sandler et al., 2018, MobileNetV2)"""


class LeakyReLU(Pointwise, frozen=True, kw_only=True):
    """x if it is positive, else `negative_slope`·x"""

    negative_slope: Annotated[float, setting(-1e6, 1e6, slider=(0.0, 0.5), step=0.01)] = 0.01


class Sigmoid(Pointwise, frozen=True, kw_only=True):
    """1 / (1 + exp(−x)); its slope is at most 0.25"""


class Tanh(Pointwise, frozen=True, kw_only=True):
    """The hyperbolic tangent, between −1 and 1"""


class GELU(Pointwise, frozen=True, kw_only=True):
    """x·Φ(x), Φ the normal distribution function; `approximate`: exact, or approximated with tanh"""

    approximate: Literal["none", "tanh"] = "none"


class Dropout(Pointwise, frozen=True, kw_only=True):
    """In training, each number is set to 0 with probability `p`, and the others grow by 1 / (1 − p)"""

    GROUP: ClassVar[str] = "normalization"

    p: Probability = 0.5


class Identity(Pointwise, frozen=True, kw_only=True):
    """Returns its input"""

    keeps_tokens: ClassVar[bool] = True


class Softmax(Pointwise, frozen=True, kw_only=True):
    """exp(x) divided by the sum of exp along `dim`. The batch is dimension 0"""

    dim: Dimension = -1

    def output_shape(self, shape: Shape) -> Shape:
        dimension("dim", self.dim, shape)
        return shape

    def reach(self, shape: Shape) -> Reach:
        """Softmax over the channels reads one position; over another axis it reads the whole axis."""
        return POINTWISE if dimension("dim", self.dim, shape) == 0 else None
