"""A stack of Keras layers as layers of this program, with Keras' conventions translated.

Keras keeps channels last, (H, W, C), this program first, (C, H, W): shapes are turned, and a sequence (T, F) becomes (F, T) for
a 1-d convolution. "same" padding is counted for the input as it is, since its two sides may differ; activations are layers of
their own; momentum is 1 - momentum. What torch computes otherwise is refused, or translated and said (Keras' documentation,
keras.io/api). Called by `keras_code`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from engine.experiments.brought.keras_calls import AUGMENTING, KerasCall
from engine.experiments.brought.torch_calls import made
from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.layers.axes import as_one, per_axis
from engine.layers.base import Refusal, Shape
from engine.layers.catalog import AnyLayer
from engine.words import Phrase

_ACTIVATIONS = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "gelu": "GELU",
    "leaky_relu": "LeakyReLU",
}
_LEAKY_SLOPE = 0.2  # of the function; the layer's is 0.3
_GATES = {"SimpleRNN": ("RNN", 1), "LSTM": ("LSTM", 4), "GRU": ("GRU", 3)}


def turned(shape: Shape) -> Shape:
    """(H, W, C) as (C, H, W)."""
    return (shape[-1], *shape[:-1])


@dataclass
class KerasStack:
    """`shape` is that of what the layers so far hand on, as this program has it; `first`: its channels stand first, where it
    has several axes. `add` takes one layer after the other."""

    shape: Shape
    first: bool
    layers: list[AnyLayer] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)
    broken: bool = False  # a layer does not take its input: the window shows where
    margin: tuple[tuple[tuple[int, int], ...], int] | None = None  # a padding that waits for its convolution, and its line
    input: Shape = ()

    def __post_init__(self) -> None:
        self.input = self.shape

    def add(self, call: KerasCall) -> None:
        """Put one layer, with its activation, onto the stack. Raises BroughtError."""
        if call.get("data_format") not in (None, "channels_last"):
            raise BroughtError(
                "keras_value",
                line=call.line,
                name=call.name,
                argument="data_format",
                found=call.get("data_format"),
                allowed="channels_last",
            )
        if self.margin is not None and not call.name.startswith("Conv"):
            raise BroughtError("margin_alone", line=self.margin[1], name="ZeroPadding")
        self._translation(call)(call)
        if call.name not in ("SimpleRNN", "LSTM", "GRU", "Activation"):
            self._activate(call.get("activation"), call.line)

    def close(self) -> None:
        """Say what there is to say of the end."""
        if self.margin is not None:
            raise BroughtError("margin_alone", line=self.margin[1], name="ZeroPadding")
        if self.layers and type(self.layers[-1]).__name__ == "Softmax":
            self.notes.append(brought_note("softmax_at_the_end"))

    def _translation(self, call: KerasCall) -> Callable[[KerasCall], None]:
        name = call.name
        if name in _GATES:
            return self._recurrent
        if name in AUGMENTING or name in ("Rescaling", "Normalization"):
            return self._left_to_the_data
        for pattern, translate in (
            ("Conv1DTranspose Conv2DTranspose", self._transposed),
            ("DepthwiseConv2D SeparableConv2D", self._depthwise),
            ("Conv1D Conv2D Conv3D", self._convolution),
            ("GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D", self._global),
            ("MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D", self._pooling),
            ("ZeroPadding1D ZeroPadding2D", self._padding),
            ("UpSampling1D UpSampling2D", self._upsampling),
        ):
            if name in pattern.split():
                return translate
        others: dict[str, Callable[[KerasCall], None]] = {
            "Dense": self._dense,
            "Flatten": self._flatten,
            "Dropout": lambda call: self._put("Dropout", call, p=call.get("rate", 0.5)),
            "BatchNormalization": self._batch_norm,
            "LayerNormalization": self._layer_norm,
            "GroupNormalization": self._group_norm,
            "Activation": lambda call: self._activate(call.get("activation"), call.line),
            "ReLU": self._relu,
            "LeakyReLU": lambda call: self._put(
                "LeakyReLU", call, negative_slope=call.get("negative_slope", call.get("alpha", 0.3))
            ),
            "Softmax": lambda call: self._softmax(call.line, call.get("axis", -1)),
            "Embedding": self._embedding,
            "Bidirectional": self._bidirectional,
            "TimeDistributed": self._time_distributed,
            "Reshape": self._reshape,
            "Permute": self._permute,
            "Identity": lambda call: self._put("Identity", call),
        }
        return others[name]

    # --- putting

    def _put(self, kind: str, call: KerasCall | int, **fields: Any) -> None:
        """Put a layer of this program onto the stack."""
        line = call if isinstance(call, int) else call.line
        layer = made(kind, line, fields)
        self.layers.append(layer)
        try:
            self.shape = layer.output_shape(self.shape)
        except (Refusal, IndexError, ValueError):
            self.broken = True

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

    # --- what does not

    def _dense(self, call: KerasCall) -> None:
        """On maps Dense mixes the channels of each place: a 1×1 convolution."""
        units, bias = self._wanted(call, "units"), call.get("use_bias", True)
        if len(self.shape) > 1 and self.first:
            self._put(f"Conv{len(self.shape) - 1}d", call, out_channels=units, kernel_size=1, bias=bias)
            self._note(brought_note("dense_on_maps", line=call.line))
        else:
            self._put("Linear", call, out_features=units, bias=bias)

    def _flatten(self, call: KerasCall) -> None:
        if self.first and len(self.shape) > 1 and self.shape[0] > 1 and prod(self.shape[1:]) > 1:
            self._note(brought_note("flatten_order", line=call.line))
        self._put("Flatten", call)

    def _require_channels(self, call: KerasCall, axis: Any) -> None:
        """Raise BroughtError unless `axis`, in Keras' order, is the last one."""
        axis = axis[0] if isinstance(axis, list | tuple) and len(axis) == 1 else axis
        if axis not in (-1, len(self.shape)):
            raise self._refuse(call, "axis", "-1")

    def _batch_norm(self, call: KerasCall) -> None:
        self._require_channels(call, call.get("axis", -1))
        learned = {call.get("center", True), call.get("scale", True)}
        if len(learned) > 1:
            raise self._refuse(call, "center" if call.get("center") is False else "scale", "True")
        self._to_first(call.line)
        momentum = call.get("momentum", 0.99)
        if isinstance(momentum, bool) or not isinstance(momentum, int | float):
            raise self._refuse(call, "momentum", "0.99")
        axes = max(1, len(self.shape) - 1)
        if axes > 2:
            raise BroughtError("keras_layer", line=call.line, name=call.name)
        fields = {"eps": call.get("epsilon", 1e-3), "momentum": round(1 - momentum, 12), "affine": learned.pop()}
        self._put(f"BatchNorm{axes}d", call, **fields)

    def _layer_norm(self, call: KerasCall) -> None:
        self._require_channels(call, call.get("axis", -1))
        if len(self.shape) > 2:
            raise BroughtError("norm_over_channels", line=call.line, name=call.name)
        self._to_last(call.line)
        center, scale = call.get("center", True), call.get("scale", True)
        if center and not scale:
            raise self._refuse(call, "scale", "True")
        fields = {
            "normalized_shape": self.shape[-1],
            "eps": call.get("epsilon", 1e-3),
            "elementwise_affine": scale,
            "bias": center or not scale,
        }
        self._put("LayerNorm", call, **fields)

    def _group_norm(self, call: KerasCall) -> None:
        self._require_channels(call, call.get("axis", -1))
        learned = {call.get("center", True), call.get("scale", True)}
        if len(learned) > 1:
            raise self._refuse(call, "center" if call.get("center") is False else "scale", "True")
        self._to_first(call.line)
        groups = call.get("groups", 32)
        self._put(
            "GroupNorm",
            call,
            num_groups=self.shape[0] if groups == -1 else groups,
            eps=call.get("epsilon", 1e-3),
            affine=learned.pop(),
        )

    def _relu(self, call: KerasCall) -> None:
        most, slope = call.get("max_value"), call.get("negative_slope", 0.0)
        if call.get("threshold", 0.0):
            raise self._refuse(call, "threshold", "0.0")
        if most is not None and (most != 6 or slope):
            raise self._refuse(call, "max_value", "None, 6")
        if most is not None:
            self._put("ReLU6", call)
        elif slope:
            self._put("LeakyReLU", call, negative_slope=slope)
        else:
            self._put("ReLU", call)

    def _activate(self, activation: Any, line: int) -> None:
        """Put an activation function onto the stack as a layer of its own."""
        if activation is None:
            return
        if isinstance(activation, KerasCall):
            self.add(activation)
            return
        name = str(activation).rpartition(".")[2].lower()
        if name == "softmax":
            self._softmax(line, -1)
        elif name in _ACTIVATIONS:
            fields = {"negative_slope": _LEAKY_SLOPE} if name == "leaky_relu" else {}
            self._put(_ACTIVATIONS[name], line, **fields)
        elif name not in ("linear", "none"):
            choices = ", ".join((*_ACTIVATIONS, "softmax", "linear"))
            raise BroughtError("keras_activation", line=line, name=str(activation), choices=choices)

    def _softmax(self, line: int, axis: Any) -> None:
        if axis not in (-1, len(self.shape)):
            raise BroughtError("keras_value", line=line, name="Softmax", argument="axis", found=str(axis), allowed="-1")
        self._put("Softmax", line, dim=1 if self.first and len(self.shape) > 1 else -1)

    def _embedding(self, call: KerasCall) -> None:
        if call.get("mask_zero", False):
            self._note(brought_note("mask_left_out", line=call.line))
        sizes = {"num_embeddings": self._wanted(call, "input_dim"), "embedding_dim": self._wanted(call, "output_dim")}
        self._put("Embedding", call, **sizes)
        self.first = False

    # --- recurrent layers

    def _recurrent(self, call: KerasCall, both: bool = False) -> None:
        kind, gates = _GATES[call.name]
        self._to_last(call.line)
        for argument in ("return_state", "go_backwards", "stateful"):
            if call.get(argument, False):
                raise self._refuse(call, argument, "False")
        if call.get("reset_after", True) is not True:
            raise self._refuse(call, "reset_after", "True")
        activation, gate = (
            str(call.get(key, usual)).rpartition(".")[2]
            for key, usual in (("activation", "tanh"), ("recurrent_activation", "sigmoid"))
        )
        if activation not in (("tanh", "relu") if kind == "RNN" else ("tanh",)):
            raise self._refuse(call, "activation", "tanh, relu" if kind == "RNN" else "tanh")
        if gate != "sigmoid":
            raise self._refuse(call, "recurrent_activation", "sigmoid")
        for argument in ("dropout", "recurrent_dropout"):
            if call.get(argument, 0.0):
                self._note(brought_note("argument_left_out", line=call.line, name=call.name, argument=argument))
        units, bias = self._wanted(call, "units"), call.get("use_bias", True)
        fields: dict[str, Any] = {"hidden_size": units, "bias": bias, "bidirectional": both}
        fields["output"] = "sequence" if call.get("return_sequences", False) else "last"
        if kind == "RNN":
            fields["nonlinearity"] = activation
        if kind == "LSTM" and bias and call.get("unit_forget_bias", True):
            fields["forget_bias"] = 1.0
        self._put(kind, call, **fields)
        if bias and kind != "GRU":
            self._note(brought_note("one_bias_in_keras", line=call.line, name=call.name, count=gates * units * (1 + both)))

    def _bidirectional(self, call: KerasCall) -> None:
        inner = call.get("layer")
        if not isinstance(inner, KerasCall) or inner.name not in _GATES:
            raise BroughtError("keras_layer", line=call.line, name=call.name)
        if call.get("merge_mode", "concat") != "concat":
            raise self._refuse(call, "merge_mode", "concat")
        if call.get("backward_layer") is not None:
            raise self._refuse(call, "backward_layer", "None")
        self._recurrent(inner, both=True)

    def _time_distributed(self, call: KerasCall) -> None:
        """What a layer does at each time step, Dense and its like do anyway."""
        inner = call.get("layer")
        if not isinstance(inner, KerasCall) or inner.name not in ("Dense", "Activation", "Dropout", "ReLU", "LeakyReLU"):
            raise BroughtError("keras_layer", line=call.line, name=call.name)
        self.add(inner)

    # --- shapes

    def _reshape(self, call: KerasCall) -> None:
        """Before all other layers it says how the input is to be taken."""
        shape = call.get("target_shape")
        sizes = tuple(shape) if isinstance(shape, list | tuple) else ()
        if (
            self.layers
            or not sizes
            or not all(type(size) is int and size > 0 for size in sizes)
            or prod(sizes) != prod(self.shape)
        ):
            raise BroughtError("keras_reshape", line=call.line)
        self.shape, self.first = (turned(sizes), True) if len(sizes) > 2 else (sizes, False)
        self.input = self.shape
        self._note(brought_note("reshaped_input", line=call.line))

    def _permute(self, call: KerasCall) -> None:
        dims = call.get("dims")
        if self.first or not isinstance(dims, list | tuple) or not all(type(dim) is int for dim in dims):
            raise BroughtError("keras_layer", line=call.line, name=call.name)
        self._put("Permute", call, dims=(0, *dims))

    def _left_to_the_data(self, call: KerasCall) -> None:
        self._note(brought_note("layer_left_out", line=call.line, name=call.name))


def _sizes(value: int | tuple[int, ...]) -> str:
    return "×".join(map(str, per_axis(value, 1)))
