"""Convolutions: a filter for each output channel, moved over the input. Cross-correlations, as everywhere in the field."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from engine.layers.axes import NAMES, Dilation, Kernel, Padding, Pair, Single, Stride, Triple, per_axis
from engine.layers.base import Derivation, Reach, Refusal, Shape
from engine.layers.filtering import Filtering, NamedPadding
from engine.layers.windows import Slide, counted, output_derivation, same_padding

PaddingMode: TypeAlias = Literal["zeros", "reflect", "replicate", "circular"]


class Convolution(Filtering, frozen=True, kw_only=True):
    """A convolution over `AXES` axes: output size ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1 along each."""

    padding_mode: PaddingMode = "zeros"

    def slides(self, shape: Shape) -> tuple[Slide, ...]:
        """The filter's way along each axis. `shape` has the right number of dimensions."""
        stride, dilation = per_axis(self.stride, self.AXES), per_axis(self.dilation, self.AXES)
        return tuple(
            Slide(length, kernel, step, before, after, apart)
            for length, kernel, step, (before, after), apart in zip(
                shape[1:], self.kernel, stride, self._margins(), dilation, strict=True
            )
        )

    def _margins(self) -> tuple[tuple[int, int], ...]:
        """Padding before and after, along each axis."""
        if self.padding == "same":
            return tuple(map(same_padding, self.kernel, per_axis(self.dilation, self.AXES)))
        amounts = 0 if isinstance(self.padding, str) else self.padding
        return tuple((amount, amount) for amount in per_axis(amounts, self.AXES))

    def sizes(self, shape: Shape) -> tuple[int, ...]:
        if self.padding == "same" and max(per_axis(self.stride, self.AXES)) > 1:
            raise Refusal("same_padding_with_stride", field="stride", stride=self.stride)
        slides = self.slides(shape)
        for slide in slides:
            margin = max(slide.before, slide.after)
            if self.padding_mode == "reflect" and margin >= slide.length:
                raise Refusal("reflect_padding_too_large", field="padding", padding=margin, size=slide.length)
            if self.padding_mode == "circular" and margin > slide.length:
                raise Refusal("circular_padding_too_large", field="padding", padding=margin, size=slide.length)
        return counted(slides)

    def reach(self, shape: Shape) -> Reach:
        return tuple(slide.window for slide in self.slides(shape))

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        return (
            *map(output_derivation, NAMES[self.AXES], self.slides(shape)),
            self._parameters_derivation(shape),
            self._macs_derivation(shape, "output"),
        )


class Conv1d(Convolution, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 1

    kernel_size: Single[Kernel]
    stride: Single[Stride] = 1
    padding: Single[Padding] | NamedPadding = 0
    dilation: Single[Dilation] = 1


class Conv2d(Convolution, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 2

    kernel_size: Pair[Kernel]
    stride: Pair[Stride] = 1
    padding: Pair[Padding] | NamedPadding = 0
    dilation: Pair[Dilation] = 1


class Conv3d(Convolution, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 3

    kernel_size: Triple[Kernel]
    stride: Triple[Stride] = 1
    padding: Triple[Padding] | NamedPadding = 0
    dilation: Triple[Dilation] = 1
