"""Pooling: the largest or the mean value under a window, in each channel separately. It has no parameters."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias

from msgspec import Meta

from engine.fields import setting
from engine.layers.axes import (
    AXIS_LETTERS,
    AXIS_NAMES,
    LAYOUTS,
    LIMIT,
    Dilation,
    Kernel,
    OneAxis,
    Padding,
    PerAxis,
    Stride,
    ThreeAxes,
    TwoAxes,
    per_axis,
    spans,
)
from engine.layers.base import Derivation, Layer, Reach, Refusal, Shape, Window, require_rank
from engine.layers.windows import Slide, counted, output_derivation


class Pooling(Layer, frozen=True, kw_only=True):
    """A window of `kernel_size` over `AXES` axes. Without a `stride` it is the kernel's size."""

    GROUP: ClassVar[str] = "pooling"
    AXES: ClassVar[int]

    kernel_size: PerAxis
    stride: PerAxis | None = None
    padding: PerAxis = 0
    ceil_mode: bool = False

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(kernel_size=2)

    @property
    def kernel(self) -> tuple[int, ...]:
        return per_axis(self.kernel_size, self.AXES)

    @property
    def step(self) -> PerAxis:
        """The stride, by default the window's size."""
        return self.kernel_size if self.stride is None else self.stride

    @property
    def dilations(self) -> tuple[int, ...]:
        return (1,) * self.AXES

    @property
    def spans(self) -> tuple[int, ...]:
        """Cells from the first to the last of the window, along each axis."""
        return spans(self.kernel, self.dilations)

    def slides(self, shape: Shape) -> tuple[Slide, ...]:
        """The Slide along each axis. `shape` must have the right number of dimensions."""
        options = (self.kernel_size, self.step, self.padding, self.dilations)
        steps = zip(shape[1:], *(per_axis(option, self.AXES) for option in options), strict=True)
        return tuple(
            Slide(length, kernel, step, padding, padding, apart, self.ceil_mode)
            for length, kernel, step, padding, apart in steps
        )

    def output_shape(self, shape: Shape) -> Shape:
        require_rank(self, shape, LAYOUTS[self.AXES])
        slides = self.slides(shape)
        for slide in slides:
            if slide.before > slide.kernel // 2:
                values = {"padding": slide.before, "kernel": slide.kernel, "most": slide.kernel // 2}
                raise Refusal("padding_above_half_kernel", field="padding", **values)
        return (shape[0], *counted(slides, "window"))

    def reach(self, shape: Shape) -> Reach:
        return tuple(slide.window for slide in self.slides(shape))

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        dilates = "dilation" in self.__struct_fields__
        axes = zip(AXIS_NAMES[self.AXES], self.slides(shape), strict=True)
        return tuple(output_derivation(axis, slide, "window", dilates=dilates) for axis, slide in axes)


class MaxPooling(Pooling, frozen=True, kw_only=True):
    dilation: PerAxis = 1

    @property
    def dilations(self) -> tuple[int, ...]:
        return per_axis(self.dilation, self.AXES)


class MaxPool1d(MaxPooling, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 1

    kernel_size: OneAxis[Kernel]
    stride: OneAxis[Stride] | None = None
    padding: OneAxis[Padding] = 0
    dilation: OneAxis[Dilation] = 1


class MaxPool2d(MaxPooling, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 2

    kernel_size: TwoAxes[Kernel]
    stride: TwoAxes[Stride] | None = None
    padding: TwoAxes[Padding] = 0
    dilation: TwoAxes[Dilation] = 1


class MaxPool3d(MaxPooling, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 3

    kernel_size: ThreeAxes[Kernel]
    stride: ThreeAxes[Stride] | None = None
    padding: ThreeAxes[Padding] = 0
    dilation: ThreeAxes[Dilation] = 1


class AveragePooling(Pooling, frozen=True, kw_only=True):
    count_include_pad: bool = True  # whether the padding's zeros count in the mean


class AvgPool1d(AveragePooling, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 1

    kernel_size: OneAxis[Kernel]
    stride: OneAxis[Stride] | None = None
    padding: OneAxis[Padding] = 0


class AvgPool2d(AveragePooling, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 2

    kernel_size: TwoAxes[Kernel]
    stride: TwoAxes[Stride] | None = None
    padding: TwoAxes[Padding] = 0


class AvgPool3d(AveragePooling, frozen=True, kw_only=True):
    AXES: ClassVar[int] = 3

    kernel_size: ThreeAxes[Kernel]
    stride: ThreeAxes[Stride] | None = None
    padding: ThreeAxes[Padding] = 0

    def output_shape(self, shape: Shape) -> Shape:
        """torch requires that this kind's window fits the input without padding, even with `ceil_mode`."""
        output = super().output_shape(shape)
        if any(size > length for size, length in zip(self.kernel, shape[1:], strict=True)):
            raise Refusal("kernel_larger_than_bare_input", field="kernel_size", kernel=self.kernel, input=shape[1:])
        return output


OutputSize: TypeAlias = Annotated[int, setting(1, LIMIT, slider=(1, 16))]


SidesKept: TypeAlias = OutputSize | Annotated[tuple[OutputSize | None, ...], Meta(min_length=2, max_length=2)]  # None: as it is


class Adaptive(Layer, frozen=True, kw_only=True):
    """A pooling of `output_size` regions along each of `AXES` axes; output cell i covers the input from ⌊i·W / O⌋ to
    ⌈(i + 1)·W / O⌉."""

    GROUP: ClassVar[str] = "pooling"
    AXES: ClassVar[int]

    output_size: int | tuple[int | None, ...]

    @classmethod
    def fresh(cls, shape: Shape | None) -> Self:
        return cls(output_size=1)

    def _sizes(self, shape: Shape) -> tuple[int, ...]:
        wanted = self.output_size if isinstance(self.output_size, tuple) else (self.output_size,) * self.AXES
        return tuple(size or length for size, length in zip(wanted, shape[1:], strict=True))

    def output_shape(self, shape: Shape) -> Shape:
        require_rank(self, shape, LAYOUTS[self.AXES])
        return (shape[0], *self._sizes(shape))

    def reach(self, shape: Shape) -> Reach:
        """Equal, adjacent regions if the output size divides the input's; otherwise the regions differ in size."""
        pairs = list(zip(shape[1:], self._sizes(shape), strict=True))
        if any(length % size for length, size in pairs):
            return None
        return tuple(Window(kernel=length // size, stride=length // size, padding=0) for length, size in pairs)

    def derivations(self, shape: Shape) -> tuple[Derivation, ...]:
        return tuple(
            Derivation(
                f"output_{axis}",
                f"{{{AXIS_LETTERS[axis]}_out}}",
                ((f"{AXIS_LETTERS[axis]}_out", f"output_{axis}", size),),
                size,
            )
            for axis, size in zip(AXIS_NAMES[self.AXES], self._sizes(shape), strict=True)
        )


class AdaptiveAvgPool1d(Adaptive, frozen=True, kw_only=True):
    """The mean of each region"""

    AXES: ClassVar[int] = 1

    output_size: OneAxis[OutputSize]


class AdaptiveAvgPool2d(Adaptive, frozen=True, kw_only=True):
    """The mean of each region"""

    AXES: ClassVar[int] = 2

    output_size: SidesKept


class AdaptiveMaxPool2d(Adaptive, frozen=True, kw_only=True):
    """The largest value of each region"""

    AXES: ClassVar[int] = 2

    output_size: SidesKept
