"""All kinds of layers: `AnyLayer` is what a file may contain, `KINDS` finds a kind by its name.

A new kind is one class in a file of this package, an import and a line here. The composites are defined here, because they can
hold any kind of layer, themselves included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self, TypeAlias, Union, cast, get_args

from engine.layers.base import Derivation, Layer, Refusal, Shape
from engine.layers.kinds.activation import GELU, Dropout, Identity, LeakyReLU, ReLU, ReLU6, Sigmoid, Softmax, Tanh
from engine.layers.kinds.composite import Branch, Composite
from engine.layers.kinds.convolution import Conv1d, Conv2d, Conv3d, Convolution
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.filtering import FIRST_MAPS, fresh_maps
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, LocalResponseNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    Pooling,
)
from engine.layers.kinds.recurrent import GRU, LSTM, RNN
from engine.layers.kinds.transposed import ConvTranspose1d, ConvTranspose2d, Transposed
from engine.layers.kinds.upsample import Upsample


def _keeping(shape: Shape | None) -> Conv2d | Linear:
    """A layer with weights whose output has the shape of its input."""
    if shape is not None and len(shape) != 3:
        return Linear(out_features=shape[-1])
    return Conv2d(out_channels=shape[0] if shape else FIRST_MAPS, kernel_size=3, padding=1)


class Sequential(Composite, frozen=True, kw_only=True):
    """Layers in order, under one name."""

    layers: tuple[AnyLayer, ...] = ()

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(layers=(_keeping(shape), ReLU()))

    def branches_in_order(self) -> tuple[Branch, ...]:
        return (Branch(("layers",), self.layers),)

    def join(self, outputs: Sequence[Shape]) -> Shape:
        return outputs[0]


class Residual(Composite, frozen=True, kw_only=True):
    """Main path and shortcut, added. An empty shortcut returns the input (He et al., 2015)."""

    main: tuple[AnyLayer, ...]
    shortcut: tuple[AnyLayer, ...] = ()

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(main=(_keeping(shape), ReLU(), _keeping(shape)))

    def branches_in_order(self) -> tuple[Branch, ...]:
        return Branch(("main",), self.main), Branch(("shortcut",), self.shortcut)

    def join(self, outputs: Sequence[Shape]) -> Shape:
        main, shortcut = outputs
        if main != shortcut:
            raise Refusal("sum_of_different_shapes", main=main, shortcut=shortcut)
        return main

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        return self._sum_derivation("parameters", shape), self._sum_derivation("macs", shape)


class Concat(Composite, frozen=True, kw_only=True):
    """Branches on the same input, their channels concatenated (Szegedy et al., 2014)."""

    branches: tuple[tuple[AnyLayer, ...], ...]

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        if shape is not None and len(shape) != 3:
            return cls(branches=((_keeping(shape),), (_keeping(shape),)))
        maps = fresh_maps(shape)
        pointwise = Conv2d(out_channels=maps, kernel_size=1)
        return cls(branches=((pointwise,), (Conv2d(out_channels=maps, kernel_size=3, padding=1),)))

    def branches_in_order(self) -> tuple[Branch, ...]:
        return tuple(Branch(("branches", index), layers) for index, layers in enumerate(self.branches))

    def join(self, outputs: Sequence[Shape]) -> Shape:
        if not outputs:
            raise Refusal("no_branches", field="branches")
        first = outputs[0]
        for number, other in enumerate(outputs[1:], start=2):
            if other[1:] != first[1:] or len(other) != len(first):
                raise Refusal("branches_do_not_match", first=first, number=number, other=other)
        return (sum(output[0] for output in outputs), *first[1:])

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        channels = [Sequential(layers=layers).output_shape(shape)[0] for layers in self.branches]
        symbols = tuple((f"C_{number}", "branch_channels", size) for number, size in enumerate(channels, start=1))
        template = " + ".join(f"{{{symbol}}}" for symbol, _, _ in symbols)
        joined = Derivation("output_channels", template, symbols, sum(channels))
        return joined, self._sum_derivation("parameters", shape), self._sum_derivation("macs", shape)


AnyLayer: TypeAlias = Union[  # noqa: UP007  (one kind a line)
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    Upsample,
    Linear,
    Flatten,
    Permute,
    ReLU,
    ReLU6,
    LeakyReLU,
    Sigmoid,
    Tanh,
    GELU,
    Softmax,
    Identity,
    BatchNorm1d,
    BatchNorm2d,
    LayerNorm,
    GroupNorm,
    LocalResponseNorm,
    Dropout,
    Embedding,
    RNN,
    LSTM,
    GRU,
    Sequential,
    Residual,
    Concat,
]

Sliding: TypeAlias = Convolution | Transposed | Pooling  # a window moves over the input, or over the output when transposed

KINDS: dict[str, type[Layer]] = {kind.__name__: kind for kind in get_args(AnyLayer)}


def fresh(kind: str, shape: Shape | None) -> AnyLayer:
    """A new layer of `kind`, one of KINDS, for an input of `shape` (None if it is not known)."""
    return cast(AnyLayer, KINDS[kind].fresh(shape))
