"""A stack of Keras layers as layers of this program, with Keras' conventions translated.

Keras keeps channels last, (H, W, C), this program first, (C, H, W): shapes are turned, and a sequence (T, F) becomes (F, T) for
a 1-d convolution. "same" padding is counted (`keras_windows`); activations are layers of their own; momentum is 1 - momentum.
What torch computes otherwise is refused, or translated and said (Keras' documentation, keras.io/api). Called by `keras_code`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from engine.experiments.brought.keras_calls import AUGMENTING, KerasCall
from engine.experiments.brought.keras_windows import WindowStack
from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.layers.base import Shape

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


class KerasStack(WindowStack):
    """`add` takes one layer after the other, `close` says what there is to say of the end."""

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
