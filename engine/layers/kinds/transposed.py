"""Transposed convolutions: every input cell adds its multiple of the filter to the output, at steps of `stride` cells."""

from __future__ import annotations

from typing import ClassVar, Self

from engine.layers.axes import (
    AXIS_LETTERS,
    AXIS_NAMES,
    Dilation,
    Kernel,
    OneAxis,
    OutputPadding,
    Padding,
    PerAxis,
    Stride,
    TwoAxes,
    per_axis,
)
from engine.layers.base import Derivation, Reach, Refusal, Shape, Window
from engine.layers.kinds.filtering import Filtering, fresh_maps


class Transposed(Filtering, frozen=True, kw_only=True):
    """A transposed convolution over `AXES` axes: output size (W − 1)S − 2P + D(K − 1) + Q + 1 along each, Q the output
    padding, as torch.nn.ConvTranspose2d documents it."""

    padding: PerAxis = 0
    output_padding: PerAxis = 0

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(out_channels=fresh_maps(shape), kernel_size=2, stride=2)

    def steps(self) -> tuple[tuple[int, int, int, int, int], ...]:
        """Kernel, stride, padding, dilation and output padding along each axis."""
        options = (self.kernel_size, self.stride, self.padding, self.dilation, self.output_padding)
        return tuple(zip(*(per_axis(option, self.AXES) for option in options), strict=True))

    def sizes(self, shape: Shape) -> tuple[int, ...]:
        sizes = []
        for length, (kernel, stride, padding, dilation, extra) in zip(shape[1:], self.steps(), strict=True):
            if extra >= max(stride, dilation):
                raise Refusal("output_padding_too_large", field="output_padding", extra=extra, stride=stride, dilation=dilation)
            sizes.append((length - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1)
        if min(sizes) < 1:
            raise Refusal("padding_eats_output", field="padding", padding=self.padding, size=tuple(sizes))
        return tuple(sizes)

    def _positions(self, shape: Shape) -> tuple[int, ...]:
        return shape[1:]

    def reach(self, shape: Shape) -> Reach:
        """Output i·S + k·D − P has a product of input i: seen from the output, a window over a grid S times as fine. None where
        filter cells and input cells both lie apart, D > 1 and S > 1: then no one window is read."""
        if any(stride > 1 and dilation > 1 for _, stride, _, dilation, _ in self.steps()):
            return None
        windows = []
        for kernel, stride, padding, dilation, _ in self.steps():
            span = dilation * (kernel - 1) + 1
            windows.append(Window(span, 1, span - 1 - padding, up=stride))
        return tuple(windows)

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        axes = zip(AXIS_NAMES[self.AXES], shape[1:], self.steps(), self.sizes(shape), strict=True)
        return (
            *(_output_derivation(*axis) for axis in axes),
            self._parameters_derivation(shape),
            self._macs_derivation(shape, "input"),
        )


def _output_derivation(axis: str, length: int, step: tuple[int, int, int, int, int], size: int) -> Derivation:
    kernel, stride, padding, dilation, extra = step
    letter = AXIS_LETTERS[axis]
    template = f"({{{letter}}} − 1)·{{S}} − 2·{{P}} + {{D}}·({{K}} − 1) + {{Q}} + 1"
    symbols = (
        (letter, f"input_{axis}", length),
        ("S", "stride", stride),
        ("P", "padding", padding),
        ("D", "dilation", dilation),
        ("K", f"kernel_{axis}", kernel),
        ("Q", "output_padding", extra),
    )
    return Derivation(f"output_{axis}", template, symbols, size)


class ConvTranspose1d(Transposed, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 1

    kernel_size: OneAxis[Kernel]
    stride: OneAxis[Stride] = 1
    padding: OneAxis[Padding] = 0
    dilation: OneAxis[Dilation] = 1
    output_padding: OneAxis[OutputPadding] = 0


class ConvTranspose2d(Transposed, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 2

    kernel_size: TwoAxes[Kernel]
    stride: TwoAxes[Stride] = 1
    padding: TwoAxes[Padding] = 0
    dilation: TwoAxes[Dilation] = 1
    output_padding: TwoAxes[OutputPadding] = 0
