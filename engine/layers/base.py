"""What every kind of layer is: a frozen description that knows its shape arithmetic.

A kind is one subclass of `Layer`, named and parametrised as in torch.nn, in one file of this package and one line in
`catalog.py`. It never imports torch: these numbers are on screen before torch is.

Shapes leave out the batch: (C, H, W), (C, L), (T, F), (F,), and (T,) for tokens.
"""

from __future__ import annotations

import re
from math import prod
from typing import Any, ClassVar, Literal, Self, TypeAlias

import msgspec

Shape: TypeAlias = tuple[int, ...]

FLOAT32_BYTES = 4  # of one number, in weights, maps and pictures


class Refusal(Exception):  # noqa: N818  (a verdict, not an error of the program)
    """Raised by a layer that cannot accept its input: a code of `assets/words/problems.toml` and the values in its sentence. If
    one field is at fault, `field` is among the values. `engine.networks.trace` catches it and adds the layer's path."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}")
        self.code = code
        self.values = values


class Derivation(msgspec.Struct, frozen=True):
    """One number and the formula that says why.

    `template` is the formula with its symbols in braces, `⌊({H} + 2·{P} − {D}·({K} − 1) − 1) / {S}⌋ + 1`; `symbols` gives
    each symbol's meaning (a code of `assets/words/symbols.toml`) and its present value. Operators are + − · × / ⌊⌋ ⌈⌉ and
    parentheses, so that the substituted formula can be evaluated, and a test does so.
    """

    quantity: str  # a code of assets/words/quantities.toml: output_height, parameters, macs, ...
    template: str
    symbols: tuple[tuple[str, str, int], ...]  # (symbol, code of its meaning, value)
    result: int

    @property
    def formula(self) -> str:
        """The formula in symbols: ⌊(H + 2·P − D·(K − 1) − 1) / S⌋ + 1."""
        return re.sub(r"[{}]", "", self.template)

    @property
    def substituted(self) -> str:
        """The formula with the present values: ⌊(28 + 2·1 − 1·(3 − 1) − 1) / 1⌋ + 1."""
        return self.template.format_map({symbol: value for symbol, _, value in self.symbols})


class Window(msgspec.Struct, frozen=True):
    """How one output cell reads its input along one axis: `kernel` cells from the first to the last (dilation included),
    every `stride` cells, the first window starting at -`padding`. Araujo et al., "Computing Receptive Fields of
    Convolutional Neural Networks", Distill 2019, call these k, s and p.

    Where a layer makes maps larger, these are cells of a grid `up` times as fine, on which every `up`-th cell is one of the
    input and those between are empty (Dumoulin and Visin, "A guide to convolution arithmetic", 2016)."""

    kernel: int
    stride: int
    padding: int
    up: int = 1


POINTWISE: Literal["pointwise"] = "pointwise"
Reach: TypeAlias = tuple[Window, ...] | Literal["pointwise"] | None


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag=True):
    """The description of one layer. Its fields are torch.nn's arguments; its `type` in a file is the class's name. `GROUP` is
    its group in the palette of layers, a key of assets/words/layer_groups.toml."""

    GROUP: ClassVar[str]
    reads_tokens: ClassVar[bool] = False  # takes integers, as Embedding does
    keeps_tokens: ClassVar[bool] = False  # returns integers unchanged, as Identity does

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        """A new layer of this kind for an input of `shape` (None if it is not known). Its effect is seen at once. A
        kind whose fields all have defaults needs no `fresh` of its own."""
        return cls()

    def output_shape(self, shape: Shape) -> Shape:
        """The output's shape for an input of `shape`. Raises Refusal where torch would raise, and where torch would compute
        nonsense."""
        raise NotImplementedError

    def inferred(self, shape: Shape) -> dict[str, int]:
        """The fields that the input's shape determines, by name: `in_channels`, `num_features`, ..."""
        return {}

    def arguments(self, shape: Shape) -> dict[str, Any]:
        """torch.nn's arguments for the module of this layer, inferred ones filled in."""
        return {name: getattr(self, name) for name in self.__struct_fields__} | self.inferred(shape)

    def parameters(self, shape: Shape) -> int:
        """Learnable numbers, biases included. Here and below, `shape` must be one that `output_shape` accepts."""
        return 0

    def unseen(self, shape: Shape) -> int:
        """Numbers that the layer computes for one sample and does not hand on, though torch holds them as it does an output:
        the states of a recurrent layer before the last one."""
        return 0

    def macs(self, shape: Shape) -> int:
        """Multiply-accumulates for one sample; biases, activations, pooling and normalisation count 0."""
        return 0

    def depth(self) -> int:
        """Layers of weights in sequence, as counted by the 16 in VGG-16 and the 50 in ResNet-50: convolutions, fully connected
        and recurrent layers (He et al., 2015, table 1)."""
        return 0

    def reach(self, shape: Shape) -> Reach:
        """A Window for each spatial axis; POINTWISE if each output reads only its own position; None if the output has no
        positions, or if no single window describes the layer (Flatten, Linear, LSTM)."""
        return None

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        """The formulas of the layer's numbers: output size along each axis, parameters, MACs."""
        return ()


def cells(shape: Shape) -> int:
    """The number of cells of a shape."""
    return prod(shape)


def require_rank(layer: Layer, shape: Shape, *layouts: str) -> None:
    """Raise Refusal unless `shape` has as many dimensions as one of `layouts`, for example "(C, H, W)"."""
    if len(shape) not in {len(layout.split(", ")) for layout in layouts}:
        expected = " / ".join(layouts)
        raise Refusal("wrong_dimensions", layer=type(layer).__name__, expected=expected, shape=shape)


def require_agreement(layer: Layer, shape: Shape) -> None:
    """Raise Refusal if a field that the input determines was given with another value."""
    for field, found in layer.inferred(shape).items():
        given = getattr(layer, field)
        if given is not None and given != found:
            raise Refusal("size_differs", field=field, given=given, found=found)


def dimension(field: str, dim: int, shape: Shape) -> int:
    """`dim`, counted as torch does (batch first, negative numbers from the end), as an index into `shape`. Raises Refusal if
    there is no such dimension, or if it is the batch."""
    rank = len(shape) + 1
    if not -rank <= dim < rank:
        raise Refusal("no_such_dimension", field=field, dim=dim, low=-rank, high=rank - 1)
    if dim % rank == 0:
        raise Refusal("batch_dimension", field=field, dim=dim)
    return dim % rank - 1
