"""Normalisation: numbers are brought to a common mean and variance, then scaled and shifted by learned parameters."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias

from msgspec import Meta

from engine.fields import setting
from engine.layers.axes import LIMIT, Channels
from engine.layers.base import (
    POINTWISE,
    Derivation,
    Layer,
    Reach,
    Refusal,
    Shape,
    cells,
    require_agreement,
    require_rank,
)

Epsilon: TypeAlias = Annotated[float, setting(above=0.0, high=1.0, slider=(1e-8, 1e-2), scale="log")]
NormalizedGroups: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(1, 32))]
NO_MACS = Derivation("macs", "0", (), 0)  # normalisation is not counted


class BatchNormalization(Layer, frozen=True, kw_only=True):
    """Normalises each channel by its mean and variance over the batch and all positions (in evaluation: the running ones)."""

    GROUP: ClassVar[str] = "normalization"
    LAYOUTS: ClassVar[tuple[str, ...]]

    num_features: Channels | None = None
    eps: Epsilon = 1e-5
    momentum: Annotated[float, setting(0.0, 1.0, slider=(0.0, 1.0), step=0.01)] | None = 0.1  # None: the plain average
    affine: bool = True
    track_running_stats: bool = True

    def inferred(self, shape: Shape) -> dict[str, int]:
        return {"num_features": shape[0]}

    def output_shape(self, shape: Shape) -> Shape:
        require_rank(self, shape, *self.LAYOUTS)
        require_agreement(self, shape)
        return shape

    def reach(self, shape: Shape) -> Reach:
        return POINTWISE

    def parameters(self, shape: Shape) -> int:
        return 2 * shape[0] * self.affine

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        return (_learned(2 * self.affine, "C", "channels_in", shape[0]), NO_MACS)


class BatchNorm1d(BatchNormalization, frozen=True, kw_only=True):
    LAYOUTS: ClassVar[tuple[str, ...]] = ("(C, L)", "(F,)")


class BatchNorm2d(BatchNormalization, frozen=True, kw_only=True):
    LAYOUTS: ClassVar[tuple[str, ...]] = ("(C, H, W)",)


class GroupNorm(Layer, frozen=True, kw_only=True):
    """Normalises each sample by the mean and variance of each of `num_groups` groups of channels over all positions (Wu and He,
    2018); then each channel is scaled and shifted. The batch plays no part."""

    GROUP: ClassVar[str] = "normalization"

    num_groups: NormalizedGroups
    num_channels: Channels | None = None
    eps: Epsilon = 1e-5
    affine: bool = True

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        """The most groups, up to 8, of at least two channels."""
        channels = 1 if shape is None else shape[0]
        return cls(num_groups=next((most for most in range(min(8, channels // 2), 0, -1) if channels % most == 0), 1))

    def inferred(self, shape: Shape) -> dict[str, int]:
        return {"num_channels": shape[0]}

    def output_shape(self, shape: Shape) -> Shape:
        require_agreement(self, shape)
        if shape[0] % self.num_groups:
            raise Refusal("groups_not_in_input", field="num_groups", groups=self.num_groups, channels=shape[0])
        if cells(shape) == self.num_groups:
            raise Refusal("groups_of_one", field="num_groups", groups=self.num_groups)
        return shape

    def parameters(self, shape: Shape) -> int:
        return 2 * shape[0] * self.affine

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        return (_learned(2 * self.affine, "C", "channels_in", shape[0]), NO_MACS)


NormalizedSize: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(1, 512), scale="log")]


class LayerNorm(Layer, frozen=True, kw_only=True):
    """Normalises each sample by its mean and variance over the last dimensions, whose sizes are `normalized_shape`."""

    GROUP: ClassVar[str] = "normalization"

    normalized_shape: NormalizedSize | Annotated[tuple[NormalizedSize, ...], Meta(min_length=1)]
    eps: Epsilon = 1e-5
    elementwise_affine: bool = True
    bias: bool = True

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(normalized_shape=shape or (16,))

    @property
    def _normalized(self) -> Shape:
        return self.normalized_shape if isinstance(self.normalized_shape, tuple) else (self.normalized_shape,)

    def output_shape(self, shape: Shape) -> Shape:
        if self._normalized != shape[-len(self._normalized) :]:
            raise Refusal("not_the_last_sizes", field="normalized_shape", given=self._normalized, shape=shape)
        return shape

    @property
    def _learned_per_cell(self) -> int:
        return self.elementwise_affine * (1 + self.bias)

    def parameters(self, shape: Shape) -> int:
        return self._learned_per_cell * cells(self._normalized)

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        size = cells(self._normalized)
        return (_learned(self._learned_per_cell, "N", "normalized_cells", size), NO_MACS)


def _learned(each: int, symbol: str, meaning: str, size: int) -> Derivation:
    """The formula of the parameters: `each` (2 for scale and shift) for each of `size` numbers."""
    if each == 0:
        return Derivation("parameters", "0", (), 0)
    return Derivation("parameters", f"{each}×{{{symbol}}}", ((symbol, meaning, size),), each * size)


class LocalResponseNorm(Layer, frozen=True, kw_only=True):
    """Each number divided by (k + alpha·mean of squares)^beta over `size` neighbouring channels (Krizhevsky et al., 2012)."""

    GROUP: ClassVar[str] = "normalization"

    size: Annotated[int, setting(1, LIMIT, slider=(1, 15))]
    alpha: Annotated[float, setting(0.0, 1e6, slider=(1e-5, 1e-1), scale="log")] = 1e-4
    beta: Annotated[float, setting(0.0, 100.0, slider=(0.0, 2.0), step=0.05)] = 0.75
    k: Annotated[float, setting(0.0, 1e6, slider=(0.0, 5.0), step=0.5)] = 1.0

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(size=5)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) < 2:
            raise Refusal("wrong_dimensions", layer="LocalResponseNorm", expected="(C, L) / (C, H, W)", shape=shape)
        return shape

    def reach(self, shape: Shape) -> Reach:
        return POINTWISE

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        return (Derivation("parameters", "0", (), 0), NO_MACS)
