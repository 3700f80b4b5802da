"""The layers of Keras that can be read: their arguments in Keras' order, and the other names that they go by.

Only the arguments that say what is computed stand here; how the first weights are drawn, and what Keras calls a layer, is left
out. Called by `keras_code`, which reads the calls, and `keras_stack`, which translates them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_CONV = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "activation", "use_bias")
_TRANSPOSED = ("filters", "kernel_size", "strides", "padding", "output_padding", "data_format", "dilation_rate", "activation")
_POOL = ("pool_size", "strides", "padding", "data_format")
_GLOBAL = ("data_format", "keepdims")
_CELL = ("units", "activation", "recurrent_activation", "use_bias")
_ANY_CELL = ("return_sequences", "return_state", "go_backwards", "stateful", "dropout", "recurrent_dropout")

ORDER: Mapping[str, tuple[str, ...]] = {
    "Input": ("shape",),
    "InputLayer": ("shape",),
    "Dense": ("units", "activation", "use_bias"),
    "Conv1D": _CONV,
    "Conv2D": _CONV,
    "Conv3D": _CONV,
    "Conv1DTranspose": (*_TRANSPOSED, "use_bias"),
    "Conv2DTranspose": (*_TRANSPOSED, "use_bias"),
    "DepthwiseConv2D": (
        *("kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate", "activation", "use_bias"),
    ),
    "SeparableConv2D": (
        *("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "depth_multiplier", "activation"),
        "use_bias",
    ),
    "MaxPooling1D": _POOL,
    "MaxPooling2D": _POOL,
    "MaxPooling3D": _POOL,
    "AveragePooling1D": _POOL,
    "AveragePooling2D": _POOL,
    "AveragePooling3D": _POOL,
    "GlobalAveragePooling1D": _GLOBAL,
    "GlobalAveragePooling2D": _GLOBAL,
    "GlobalMaxPooling1D": _GLOBAL,
    "GlobalMaxPooling2D": _GLOBAL,
    "Flatten": ("data_format",),
    "Dropout": ("rate", "noise_shape", "seed"),
    "BatchNormalization": ("axis", "momentum", "epsilon", "center", "scale"),
    "LayerNormalization": ("axis", "epsilon", "center", "scale"),
    "GroupNormalization": ("groups", "axis", "epsilon", "center", "scale"),
    "Activation": ("activation",),
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("negative_slope",),
    "Softmax": ("axis",),
    "Embedding": ("input_dim", "output_dim"),
    "SimpleRNN": ("units", "activation", "use_bias"),
    "LSTM": _CELL,
    "GRU": _CELL,
    "Bidirectional": ("layer", "merge_mode"),
    "TimeDistributed": ("layer",),
    "Reshape": ("target_shape",),
    "Permute": ("dims",),
    "ZeroPadding1D": ("padding", "data_format"),
    "ZeroPadding2D": ("padding", "data_format"),
    "UpSampling1D": ("size",),
    "UpSampling2D": ("size", "data_format", "interpolation"),
    "Identity": (),
    "Rescaling": ("scale", "offset"),
    "Normalization": ("axis", "mean", "variance"),
}
BY_NAME: Mapping[str, tuple[str, ...]] = {  # arguments that are given by name as a rule
    "Embedding": ("mask_zero",),
    "LeakyReLU": ("alpha",),  # as it was called before Keras 3
    "SimpleRNN": _ANY_CELL,
    "LSTM": (*_ANY_CELL, "unit_forget_bias"),
    "GRU": (*_ANY_CELL, "reset_after"),
    "Bidirectional": ("backward_layer",),
    "InputLayer": ("input_shape",),
}
OF_THE_FIRST = ("input_shape", "input_dim", "batch_input_shape", "batch_shape")  # by which a first layer says the input
OTHER_NAMES: Mapping[str, str] = {
    **{f"MaxPool{axes}D": f"MaxPooling{axes}D" for axes in (1, 2, 3)},
    **{f"AvgPool{axes}D": f"AveragePooling{axes}D" for axes in (1, 2, 3)},
    **{
        f"Global{short}Pool{axes}D": f"Global{long}Pooling{axes}D"
        for short, long in (("Avg", "Average"), ("Max", "Max"))
        for axes in (1, 2)
    },
    **{f"Convolution{axes}D": f"Conv{axes}D" for axes in (1, 2, 3)},
    "Convolution2DTranspose": "Conv2DTranspose",
    "DepthwiseConvolution2D": "DepthwiseConv2D",
    "SeparableConvolution2D": "SeparableConv2D",
}
AUGMENTING = (
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
    "RandomTranslation",
    "RandomContrast",
    "RandomBrightness",
    "RandomCrop",
)
# what Keras has besides, which is no misspelling of a layer that can be read
_KERAS_BESIDES = """
    ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average CategoryEncoding CenterCrop
    Concatenate Conv3DTranspose ConvLSTM1D ConvLSTM2D Cropping1D Cropping2D DepthwiseConv1D Dot ELU
    EinsumDense GRUCell GaussianDropout GaussianNoise GlobalAveragePooling3D GlobalMaxPooling3D LSTMCell
    Lambda LayerNorm Masking Maximum MultiHeadAttention Multiply PReLU RMSNormalization RNN RepeatVector
    SeparableConv1D SimpleRNNCell SpatialDropout1D SpatialDropout2D StackedRNNCells Subtract TextVectorization
    UnitNormalization UpSampling3D ZeroPadding3D
"""
ONLY_IN_KERAS_ITSELF = frozenset(_KERAS_BESIDES.split())
KERAS_NAMES = frozenset((*ORDER, *OTHER_NAMES, *AUGMENTING))
ONLY_IN_KERAS = frozenset(
    name for name in KERAS_NAMES if re.search(r"\dD|Dense|Pooling|Normalization|SimpleRNN|Distributed", name)
)
_NOT_COMPUTED = re.compile(
    r"\w*_initializer|\w*_constraint|name|dtype|trainable|batch_size|seed|unroll|use_cudnn|implementation|input_length|lora_\w+"
    r"|quantization_config|synchronized|sparse|ragged|autocast|optional|noise_shape|time_major"
)


@dataclass(frozen=True)
class KerasCall:
    """One layer of Keras as it was called. A value may be a call itself: the layer inside Bidirectional."""

    name: str
    line: int
    given: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str, default: Any = None) -> Any:
        return self.given.get(key, default)


def is_left_out(argument: str) -> bool:
    """Whether an argument says nothing of what is computed."""
    return _NOT_COMPUTED.fullmatch(argument) is not None
