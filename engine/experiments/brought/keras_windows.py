"""What moves a window in a stack of Keras layers: convolutions, transposed ones, poolings, with Keras' padding; and the shape
that the stack keeps. The rest of the layers is `keras_stack`'s.

"same" padding is counted for the input as it is, since its two sides may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from engine.experiments.brought.keras_calls import KerasCall
from engine.experiments.brought.torch_calls import made
from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.layers.axes import as_one, per_axis
from engine.layers.base import Refusal, Shape
from engine.layers.catalog import AnyLayer
from engine.words import Phrase


@dataclass
class WindowStack:
    """`shape` is that of what the layers so far hand on, as this program has it; `first`: its channels stand first, where it
    has several axes."""

    shape: Shape
    first: bool
    layers: list[AnyLayer] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)
    margin: tuple[tuple[tuple[int, int], ...], int] | None = None  # a padding that waits for its convolution, and its line
    input: Shape = ()

    def __post_init__(self) -> None:
        self.input = self.shape

    # --- putting

    def _put(self, kind: str, call: KerasCall | int, **fields: Any) -> None:
        """Put a layer of this program onto the stack."""
        line = call if isinstance(call, int) else call.line
        layer = made(kind, line, fields)
        self.layers.append(layer)
        with suppress(Refusal, IndexError, ValueError):  # it does not take its input: the trace says so, where it is looked at
            self.shape = layer.output_shape(self.shape)

    def _note(self, note: Phrase) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _refuse(self, call: KerasCall, argument: str, allowed: str) -> BroughtError:
        found = str(call.get(argument))
        return BroughtError("keras_value", line=call.line, name=call.name, argument=argument, found=found, allowed=allowed)

    def _to_first(self, line: int) -> None:
        """Have the channels of a sequence first, as 1-d convolutions and poolings need them."""
        if len(self.shape) == 2 and not self.first:
            self._turn(line)

    def _to_last(self, line: int) -> None:
        """Have the features of a sequence last, as recurrent layers need them."""
        if len(self.shape) == 2 and self.first:
            self._turn(line)

    def _turn(self, line: int) -> None:
        self._put("Permute", line, dims=(0, 2, 1))
        self.first = not self.first
        self._note(brought_note("sequence_turned", line=line))

    # --- what moves a window

    def _window(self, call: KerasCall, axes: int, size: str, strides: str = "strides") -> tuple[Any, Any, Any]:
        """Kernel, stride and dilation along each axis. Raises BroughtError."""
        default = 2 if size == "pool_size" else None
        kernel = self._each(call, size, axes, default)
        stride = self._each(call, strides, axes, None if size == "pool_size" else 1)
        return kernel, kernel if stride is None else stride, self._each(call, "dilation_rate", axes, 1)

    def _each(self, call: KerasCall, argument: str, axes: int, default: Any) -> Any:
        """A number for each axis; None where there is none."""
        value = call.get(argument, default)
        value = default if value is None else value
        if value is None:
            if argument in ("kernel_size", "pool_size"):
                raise BroughtError("keras_missing", line=call.line, name=call.name, argument=argument)
            return None
        numbers = tuple(value) if isinstance(value, list | tuple) else (value,) * axes
        if len(numbers) != axes or not all(type(number) is int and number >= 1 for number in numbers):
            raise self._refuse(call, argument, f"1, 2, … (×{axes})")
        return numbers

    def _margins(self, call: KerasCall, kernel: Shape, stride: Shape, dilation: Shape) -> tuple[tuple[int, int], ...]:
        """Cells before and after, along each axis, of "same" padding: ⌈W / S⌉ outputs, the rest after."""
        lengths = self.shape[1:] if len(self.shape) == len(kernel) + 1 else kernel
        found = []
        for length, size, step, apart in zip(lengths, kernel, stride, dilation, strict=True):
            total = max((-(-length // step) - 1) * step + apart * (size - 1) + 1 - length, 0)
            found.append((total // 2, total - total // 2))
        return tuple(found)

    def _padded(self, call: KerasCall, kernel: Shape, stride: Shape, dilation: Shape) -> dict[str, Any]:
        """The fields of a convolution's padding."""
        padding = str(call.get("padding", "valid")).lower()
        if self.margin is not None:
            (margins, line), self.margin = self.margin, None
            if padding != "valid" or len(margins) != len(kernel):
                raise BroughtError("margin_alone", line=line, name="ZeroPadding")
        elif padding == "valid":
            return {}
        elif padding == "same":
            if max(stride) == 1:
                return {"padding": "same"}
            margins = self._margins(call, kernel, stride, dilation)
            before, after = (as_one(tuple(margin[side] for margin in margins)) for side in (0, 1))
            if before != after:
                self._note(
                    brought_note("same_with_stride", line=call.line, name=call.name, before=_sizes(before), after=_sizes(after))
                )
        elif padding == "causal" and call.name == "Conv1D":
            margins = ((dilation[0] * (kernel[0] - 1), 0),)
        else:
            raise self._refuse(call, "padding", "valid, same")
        before, after = (as_one(tuple(margin[side] for margin in margins)) for side in (0, 1))
        return {"padding": before} if before == after else {"padding": before, "padding_after": after}

    def _convolution(self, call: KerasCall) -> None:
        axes = int(call.name[4])
        self._to_first(call.line)
        kernel, stride, dilation = self._window(call, axes, "kernel_size")
        padding = self._padded(call, kernel, stride, dilation)
        window = {"kernel_size": as_one(kernel), "stride": as_one(stride), "dilation": as_one(dilation), **padding}
        groups = call.get("groups", 1)
        self._put(
            f"Conv{axes}d",
            call,
            out_channels=self._wanted(call, "filters"),
            **window,
            groups=groups,
            bias=call.get("use_bias", True),
        )

    def _depthwise(self, call: KerasCall) -> None:
        """DepthwiseConv2D is a convolution of as many groups as there are channels; SeparableConv2D a 1×1 one after it."""
        kernel, stride, dilation = self._window(call, 2, "kernel_size")
        window = {"kernel_size": as_one(kernel), "stride": as_one(stride), "dilation": as_one(dilation)}
        channels, separable = self.shape[0], call.name == "SeparableConv2D"
        window |= self._padded(call, kernel, stride, dilation)
        bias = call.get("use_bias", True)
        out = channels * call.get("depth_multiplier", 1)
        self._put("Conv2d", call, out_channels=out, **window, groups=channels, bias=bias and not separable)
        if separable:
            self._put("Conv2d", call, out_channels=self._wanted(call, "filters"), kernel_size=1, bias=bias)

    def _wanted(self, call: KerasCall, argument: str) -> Any:
        if argument not in call.given:
            raise BroughtError("keras_missing", line=call.line, name=call.name, argument=argument)
        return call.given[argument]

    def _transposed(self, call: KerasCall) -> None:
        """The output has n·S cells with "same" and (n − 1)·S + max(K, S) with "valid". What "same" cuts off is K − S cells, the
        odd one at the end; torch can only cut it off at the beginning."""
        axes = int(call.name[4])
        self._to_first(call.line)
        kernel, stride, dilation = self._window(call, axes, "kernel_size")
        if call.get("output_padding") is not None:
            raise self._refuse(call, "output_padding", "None")
        same = str(call.get("padding", "valid")).lower() == "same"
        if not same and str(call.get("padding", "valid")).lower() != "valid":
            raise self._refuse(call, "padding", "valid, same")
        cut, more = [], []
        for size, step, apart in zip(kernel, stride, dilation, strict=True):
            excess = apart * (size - 1) + 1 - step
            cut.append((excess + 1) // 2 if same and excess > 0 else 0)
            more.append(excess % 2 if same and excess > 0 else max(-excess, 0))
            if same and excess > 0 and excess % 2:
                self._note(brought_note("transposed_same", line=call.line, name=call.name))
        window = {"kernel_size": as_one(kernel), "stride": as_one(stride), "dilation": as_one(dilation)}
        window |= {"padding": as_one(tuple(cut)), "output_padding": as_one(tuple(more))}
        self._put(
            f"ConvTranspose{axes}d", call, out_channels=self._wanted(call, "filters"), **window, bias=call.get("use_bias", True)
        )

    def _pooling(self, call: KerasCall) -> None:
        axes, average = int(call.name[-2]), call.name.startswith("Average")
        self._to_first(call.line)
        kernel, stride, dilation = self._window(call, axes, "pool_size")
        fields: dict[str, Any] = {"kernel_size": as_one(kernel)}
        if stride != kernel:
            fields["stride"] = as_one(stride)
        padding = str(call.get("padding", "valid")).lower()
        if padding == "same":
            margins = self._margins(call, kernel, stride, dilation)
            fields |= self._same_pooling(call, margins, stride)
            if average and any(map(any, margins)):
                fields["count_include_pad"] = False  # Keras takes the mean of what there is
        elif padding != "valid":
            raise self._refuse(call, "padding", "valid, same")
        self._put(f"{'Avg' if average else 'Max'}Pool{axes}d", call, **fields)

    def _same_pooling(self, call: KerasCall, margins: Sequence[tuple[int, int]], stride: Shape) -> dict[str, Any]:
        """A pooling that pads the cells after its input only is one whose last window may stand out over it."""
        if all(
            before == after or (before == 0 and after < step) for (before, after), step in zip(margins, stride, strict=True)
        ):
            equal = as_one(tuple(before if before == after else 0 for before, after in margins))
            fields: dict[str, Any] = {"padding": equal} if equal else {}
            return fields | ({"ceil_mode": True} if any(before != after for before, after in margins) else {})
        before, after = (_sizes(as_one(tuple(margin[side] for margin in margins))) for side in (0, 1))
        raise BroughtError("pooling_sides", line=call.line, name=call.name, before=before, after=after)

    def _global(self, call: KerasCall) -> None:
        axes, average = int(call.name[-2]), "Average" in call.name
        self._to_first(call.line)
        if average or axes == 2:
            self._put(f"Adaptive{'Avg' if average else 'Max'}Pool{axes}d", call, output_size=1)
        else:
            self._put("MaxPool1d", call, kernel_size=self.shape[-1])  # there is no AdaptiveMaxPool1d
        if not call.get("keepdims", False):
            self._put("Flatten", call)

    def _padding(self, call: KerasCall) -> None:
        axes = int(call.name[-2])
        value = call.get("padding", 1)
        sides = [value] * axes if isinstance(value, int) else [value] if axes == 1 and len(value) == 2 else list(value)
        pairs = tuple((side, side) if isinstance(side, int) else tuple(side) for side in sides)
        if len(pairs) != axes or not all(
            len(pair) == 2 and all(type(one) is int and one >= 0 for one in pair) for pair in pairs
        ):
            raise self._refuse(call, "padding", "1, (1, 1), ((1, 1), (1, 1))")
        self.margin = (pairs, call.line)

    def _upsampling(self, call: KerasCall) -> None:
        axes = int(call.name[-2])
        self._to_first(call.line)
        sizes = self._each(call, "size", axes, 2)
        mode = call.get("interpolation", "nearest")
        if len(set(sizes)) > 1:
            raise self._refuse(call, "size", "(2, 2)")
        if mode not in ("nearest", "bilinear"):
            raise self._refuse(call, "interpolation", "nearest, bilinear")
        self._put("Upsample", call, scale_factor=sizes[0], mode=mode)


def _sizes(value: int | tuple[int, ...]) -> str:
    return "×".join(map(str, per_axis(value, 1)))
