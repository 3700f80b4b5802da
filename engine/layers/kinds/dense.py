"""Layers without positions: the fully connected one, and the flattening before it."""

from __future__ import annotations

from math import prod
from typing import Annotated, ClassVar, Self, TypeAlias

from engine.fields import setting
from engine.layers.axes import LIMIT
from engine.layers.base import Derivation, Layer, Refusal, Shape, dimension, require_agreement

Features: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(1, 1024), scale="log")]
Dimension: TypeAlias = Annotated[int, setting(-8, 8, slider=(-4, 3))]


class Linear(Layer, frozen=True, kw_only=True):
    """Every output feature is a weighted sum of all input features; dimensions before the last one are kept."""

    GROUP: ClassVar[str] = "dense"

    in_features: Features | None = None
    out_features: Features
    bias: bool = True

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(out_features=10)

    def inferred(self, shape: Shape) -> dict[str, int]:
        return {"in_features": shape[-1]}

    def output_shape(self, shape: Shape) -> Shape:
        require_agreement(self, shape)
        return (*shape[:-1], self.out_features)

    def parameters(self, shape: Shape) -> int:
        return (shape[-1] + self.bias) * self.out_features

    def macs(self, shape: Shape) -> int:
        return prod(shape) * self.out_features

    def depth(self) -> int:
        return 1

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        features = (("F_in", "features_in", shape[-1]), ("F_out", "features_out", self.out_features))
        weights = "({F_in} + 1)×{F_out}" if self.bias else "{F_in}×{F_out}"
        leading = tuple((f"N_{axis}", "leading_size", size) for axis, size in enumerate(shape[:-1], start=1))
        products = "".join(f"{{{symbol}}}×" for symbol, _, _ in leading) + "{F_in}×{F_out}"
        return (
            Derivation("parameters", weights, features, self.parameters(shape)),
            Derivation("macs", products, (*leading, *features), self.macs(shape)),
        )


class Flatten(Layer, frozen=True, kw_only=True):
    """Joins the dimensions from `start_dim` to `end_dim` into one. The batch is dimension 0."""

    GROUP: ClassVar[str] = "dense"
    keeps_tokens: ClassVar[bool] = True

    start_dim: Dimension = 1
    end_dim: Dimension = -1

    def _range(self, shape: Shape) -> tuple[int, int]:
        """The first and the last index into `shape` of the joined dimensions."""
        start, end = dimension("start_dim", self.start_dim, shape), dimension("end_dim", self.end_dim, shape)
        if start > end:
            raise Refusal("flatten_backwards", field="start_dim", start=self.start_dim, end=self.end_dim)
        return start, end

    def output_shape(self, shape: Shape) -> Shape:
        start, end = self._range(shape)
        return (*shape[:start], prod(shape[start : end + 1]), *shape[end + 1 :])

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        start, end = self._range(shape)
        flattened = shape[start : end + 1]
        symbols = tuple((f"N_{axis}", "flattened_size", size) for axis, size in enumerate(flattened, start=1))
        template = "×".join(f"{{{symbol}}}" for symbol, _, _ in symbols)
        return (Derivation("output_features", template, symbols, prod(flattened)),)
