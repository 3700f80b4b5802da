"""Convolutions: a filter for each output channel, moved over the input. Cross-correlations, as everywhere in the field."""

from __future__ import annotations

from itertools import chain
from typing import Any, ClassVar, Literal, Self, TypeAlias

from engine.layers.axes import AXIS_NAMES, Dilation, Kernel, OneAxis, Padding, PerAxis, Stride, ThreeAxes, TwoAxes, per_axis
from engine.layers.base import Derivation, Reach, Refusal, Shape
from engine.layers.kinds.filtering import Filtering, NamedPadding, fresh_maps
from engine.layers.windows import Slide, counted, output_derivation, same_padding

PaddingMode: TypeAlias = Literal["zeros", "reflect", "replicate", "circular"]
PADDING_LAYERS = {"zeros": "Zero", "reflect": "Reflection", "replicate": "Replication", "circular": "Circular"}


class Convolution(Filtering, frozen=True, kw_only=True):
    """A convolution over `AXES` axes: output size ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1 along each.

    `padding_after` is the one field that torch does not have: the padding after the input along each axis (bottom, right), if
    it differs from the padding before it, which is `padding`. In torch a padding layer precedes the convolution:
    `padding_layer`."""

    padding_after: PerAxis | None = None
    padding_mode: PaddingMode = "zeros"

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(out_channels=fresh_maps(shape), kernel_size=3, padding=1)

    def slides(self, shape: Shape) -> tuple[Slide, ...]:
        """The Slide along each axis. `shape` must have the right number of dimensions."""
        stride, dilation = per_axis(self.stride, self.AXES), per_axis(self.dilation, self.AXES)
        return tuple(
            Slide(length, kernel, step, before, after, apart)
            for length, kernel, step, (before, after), apart in zip(
                shape[1:], self.kernel, stride, self.margins, dilation, strict=True
            )
        )

    @property
    def margins(self) -> tuple[tuple[int, int], ...]:
        """Cells of padding before and after, along each axis."""
        if self.padding == "same":
            return tuple(map(same_padding, self.kernel, per_axis(self.dilation, self.AXES)))
        if isinstance(self.padding, str):
            return ((0, 0),) * self.AXES
        after = self.padding if self.padding_after is None else self.padding_after
        return tuple(zip(per_axis(self.padding, self.AXES), per_axis(after, self.AXES), strict=True))

    @property
    def padding_layer(self) -> tuple[str, tuple[int, ...]] | None:
        """The layer of torch.nn that pads before the convolution, and its argument, the last axis first as in torch:
        ("ZeroPad2d", (left, right, top, bottom)). None if both sides are equal, so that the convolution itself can pad."""
        if self.padding_after is None or all(before == after for before, after in self.margins):
            return None
        return f"{PADDING_LAYERS[self.padding_mode]}Pad{self.AXES}d", tuple(chain.from_iterable(reversed(self.margins)))

    def arguments(self, shape: Shape) -> dict[str, Any]:
        """The arguments of the convolution itself, which does not pad if `padding_layer` does."""
        arguments = super().arguments(shape)
        del arguments["padding_after"]
        if self.padding_layer is not None:
            arguments |= {"padding": 0, "padding_mode": "zeros"}
        return arguments

    def sizes(self, shape: Shape) -> tuple[int, ...]:
        if isinstance(self.padding, str) and self.padding_after is not None:
            raise Refusal("named_padding_after", field="padding_after")
        if self.padding == "same" and max(per_axis(self.stride, self.AXES)) > 1:
            raise Refusal("same_padding_with_stride", field="stride", stride=self.stride)
        slides = self.slides(shape)
        for slide in slides:
            margin = max(slide.before, slide.after)
            field = "padding" if self.padding_after is None or slide.before == margin else "padding_after"
            if self.padding_mode == "reflect" and margin >= slide.length:
                raise Refusal("reflect_padding_too_large", field=field, padding=margin, size=slide.length)
            if self.padding_mode == "circular" and margin > slide.length:
                raise Refusal("circular_padding_too_large", field=field, padding=margin, size=slide.length)
        return counted(slides, "filter")

    def reach(self, shape: Shape) -> Reach:
        return tuple(slide.window for slide in self.slides(shape))

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        slides = self.slides(shape)
        return (
            *(output_derivation(axis, slide, "filter") for axis, slide in zip(AXIS_NAMES[self.AXES], slides, strict=True)),
            self._parameters_derivation(shape),
            self._macs_derivation(shape, "output"),
        )


class Conv1d(Convolution, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 1

    kernel_size: OneAxis[Kernel]
    stride: OneAxis[Stride] = 1
    padding: OneAxis[Padding] | NamedPadding = 0
    padding_after: OneAxis[Padding] | None = None
    dilation: OneAxis[Dilation] = 1


class Conv2d(Convolution, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 2

    kernel_size: TwoAxes[Kernel]
    stride: TwoAxes[Stride] = 1
    padding: TwoAxes[Padding] | NamedPadding = 0
    padding_after: TwoAxes[Padding] | None = None
    dilation: TwoAxes[Dilation] = 1


class Conv3d(Convolution, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 3

    kernel_size: ThreeAxes[Kernel]
    stride: ThreeAxes[Stride] = 1
    padding: ThreeAxes[Padding] | NamedPadding = 0
    padding_after: ThreeAxes[Padding] | None = None
    dilation: ThreeAxes[Dilation] = 1
