"""The common part of convolutions and transposed convolutions: filters between groups of channels, parameters, formulas."""

from __future__ import annotations

from math import prod
from typing import ClassVar, Literal, TypeAlias

from engine.layers.axes import AXIS_LETTERS, AXIS_NAMES, LAYOUTS, Channels, Groups, PerAxis, per_axis, spans
from engine.layers.base import Derivation, Layer, Refusal, Shape, require_agreement, require_rank

FIRST_MAPS = 16  # output channels of a convolution when nothing says how many
MOST_FRESH_MAPS = 512

NamedPadding: TypeAlias = Literal["same", "valid"]
Symbol: TypeAlias = tuple[str, str, int]


def fresh_maps(shape: Shape | None) -> int:
    """The output channels of a new layer: as many as its input has, from 16 to 512."""
    return min(max(shape[0] if shape else 0, FIRST_MAPS), MOST_FRESH_MAPS)


class Filtering(Layer, frozen=True, kw_only=True):
    """Filters of `kernel_size` over `AXES` axes. The kinds define the output's size."""

    GROUP: ClassVar[str] = "convolution"
    AXES: ClassVar[int]

    in_channels: Channels | None = None
    out_channels: Channels
    kernel_size: PerAxis
    stride: PerAxis = 1
    padding: PerAxis | NamedPadding = 0
    dilation: PerAxis = 1
    groups: Groups = 1
    bias: bool = True

    def sizes(self, shape: Shape) -> tuple[int, ...]:
        """The output's size along each axis. Raises Refusal."""
        raise NotImplementedError

    def output_shape(self, shape: Shape) -> Shape:
        require_rank(self, shape, LAYOUTS[self.AXES])
        require_agreement(self, shape)
        if shape[0] % self.groups:
            raise Refusal("groups_not_in_input", field="groups", groups=self.groups, channels=shape[0])
        if self.out_channels % self.groups:
            raise Refusal("groups_not_in_output", field="groups", groups=self.groups, channels=self.out_channels)
        return (self.out_channels, *self.sizes(shape))

    def inferred(self, shape: Shape) -> dict[str, int]:
        return {"in_channels": shape[0]}

    @property
    def kernel(self) -> tuple[int, ...]:
        return per_axis(self.kernel_size, self.AXES)

    @property
    def dilations(self) -> tuple[int, ...]:
        return per_axis(self.dilation, self.AXES)

    @property
    def spans(self) -> tuple[int, ...]:
        """Cells from the first to the last of the filter, along each axis."""
        return spans(self.kernel, self.dilations)

    def parameters(self, shape: Shape) -> int:
        weights = prod(self.kernel) * (shape[0] // self.groups) * self.out_channels
        return weights + self.out_channels * self.bias

    def macs(self, shape: Shape) -> int:
        return prod(self._positions(shape)) * prod(self.kernel) * (shape[0] // self.groups) * self.out_channels

    def depth(self) -> int:
        return 1

    def _positions(self, shape: Shape) -> tuple[int, ...]:
        """The positions of the filter: the cells of the output; of the input for a transposed convolution."""
        return self.sizes(shape)

    def _parameters_derivation(self, shape: Shape) -> Derivation:
        template, symbols = self._filter_formula(shape)
        if self.bias:
            template = f"({template} + 1)"
        symbols = (*symbols, ("C_out", "channels_out", self.out_channels))
        return Derivation("parameters", f"{template}×{{C_out}}", symbols, self.parameters(shape))

    def _macs_derivation(self, shape: Shape, side: Literal["input", "output"]) -> Derivation:
        axes = AXIS_NAMES[self.AXES]
        suffix = "_out" if side == "output" else ""
        positions: tuple[Symbol, ...] = tuple(
            (f"{AXIS_LETTERS[axis]}{suffix}", f"{side}_{axis}", size)
            for axis, size in zip(axes, self._positions(shape), strict=True)
        )
        template, symbols = self._filter_formula(shape)
        where = "×".join(f"{{{symbol}}}" for symbol, _, _ in positions)
        symbols = (*positions, *symbols, ("C_out", "channels_out", self.out_channels))
        return Derivation("macs", f"{where}×{template}×{{C_out}}", symbols, self.macs(shape))

    def _filter_formula(self, shape: Shape) -> tuple[str, tuple[Symbol, ...]]:
        """The weights of one output channel: K_h×K_w×C_in, divided by the groups if there are several."""
        symbols: list[Symbol] = [
            (f"K_{axis[0]}", f"kernel_{axis}", size) for axis, size in zip(AXIS_NAMES[self.AXES], self.kernel, strict=True)
        ]
        symbols.append(("C_in", "channels_in", shape[0]))
        template = "×".join(f"{{{symbol}}}" for symbol, _, _ in symbols)
        if self.groups > 1:
            template += "/{G}"
            symbols.append(("G", "groups", self.groups))
        return template, tuple(symbols)
