"""One call of a torch.nn class as a layer: its arguments by torch's own names and order, and which of torch's the program does
not have.

`SIGNATURES` are written out here, because this floor has no torch; a test holds them against torch. Called by `torch_code` for
code, and by `printed_module` for what `print(model)` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from engine.experiments.brought.written_code import BroughtError, brought_note
from engine.layers.axes import as_one
from engine.layers.catalog import KINDS, AnyLayer
from engine.layers.kinds.convolution import PADDING_LAYERS, Convolution
from engine.layers.kinds.pooling import Pooling
from engine.toml_text import TomlError, inline
from engine.toml_values import converted, nearest
from engine.words import Phrase

_PLACE = ("device", "dtype")  # where and as what torch keeps the numbers
_CONVOLUTION = ("in_channels", "out_channels", "kernel_size", "stride", "padding")
_CONV = (*_CONVOLUTION, "dilation", "groups", "bias", "padding_mode", *_PLACE)
_TRANSPOSED = (*_CONVOLUTION, "output_padding", "groups", "bias", "dilation", "padding_mode", *_PLACE)
_MAX = ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")
_AVERAGE = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
_BATCH = ("num_features", "eps", "momentum", "affine", "track_running_stats", *_PLACE)
_CELL = ("bias", "batch_first", "dropout", "bidirectional")

SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "Conv1d": _CONV,
    "Conv2d": _CONV,
    "Conv3d": _CONV,
    "ConvTranspose1d": _TRANSPOSED,
    "ConvTranspose2d": _TRANSPOSED,
    "MaxPool1d": _MAX,
    "MaxPool2d": _MAX,
    "MaxPool3d": _MAX,
    "AvgPool1d": _AVERAGE,
    "AvgPool2d": (*_AVERAGE, "divisor_override"),
    "AvgPool3d": (*_AVERAGE, "divisor_override"),
    "AdaptiveAvgPool1d": ("output_size",),
    "AdaptiveAvgPool2d": ("output_size",),
    "AdaptiveMaxPool2d": ("output_size", "return_indices"),
    "Upsample": ("size", "scale_factor", "mode", "align_corners", "recompute_scale_factor"),
    "Linear": ("in_features", "out_features", "bias", *_PLACE),
    "Flatten": ("start_dim", "end_dim"),
    "ReLU": ("inplace",),
    "ReLU6": ("inplace",),
    "LeakyReLU": ("negative_slope", "inplace"),
    "Sigmoid": (),
    "Tanh": (),
    "GELU": ("approximate",),
    "Softmax": ("dim",),
    "Identity": (),
    "BatchNorm1d": _BATCH,
    "BatchNorm2d": _BATCH,
    "LayerNorm": ("normalized_shape", "eps", "elementwise_affine", "bias", *_PLACE),
    "GroupNorm": ("num_groups", "num_channels", "eps", "affine", *_PLACE),
    "LocalResponseNorm": ("size", "alpha", "beta", "k"),
    "Dropout": ("p", "inplace"),
    "Embedding": (
        *("num_embeddings", "embedding_dim", "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse"),
        *("_weight", "_freeze", *_PLACE),
    ),
    "RNN": ("input_size", "hidden_size", "num_layers", "nonlinearity", *_CELL),
    "LSTM": ("input_size", "hidden_size", "num_layers", *_CELL, "proj_size"),
    "GRU": ("input_size", "hidden_size", "num_layers", *_CELL),
}
NAMED_ONLY: Mapping[str, tuple[str, ...]] = {  # arguments that torch takes by name alone
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d", "GroupNorm"), ("bias",)),
    **dict.fromkeys(("RNN", "LSTM", "GRU"), _PLACE),
}
PADDINGS: Mapping[str, tuple[str, int]] = {  # a layer that pads -> how, and over how many axes
    f"{name}Pad{axes}d": (mode, axes) for mode, name in PADDING_LAYERS.items() for axes in (1, 2, 3)
}
RECURRENT = ("RNN", "LSTM", "GRU")
# what torch.nn has besides, which is no misspelling of a layer that the program has
_TORCH_BESIDES = """
    AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool3d AlphaDropout BatchNorm3d Bilinear CELU ChannelShuffle
    ConstantPad1d ConstantPad2d ConstantPad3d ConvTranspose3d CosineSimilarity Dropout1d Dropout2d Dropout3d ELU
    EmbeddingBag FeatureAlphaDropout Fold FractionalMaxPool2d FractionalMaxPool3d GLU GRUCell Hardshrink
    Hardsigmoid Hardswish Hardtanh InstanceNorm1d InstanceNorm2d InstanceNorm3d LPPool1d LPPool2d LSTMCell
    LogSigmoid LogSoftmax MaxUnpool1d MaxUnpool2d MaxUnpool3d Mish ModuleDict ModuleList MultiheadAttention PReLU
    PixelShuffle PixelUnshuffle RMSNorm RNNCell RReLU SELU SiLU Softmax2d Softmin Softplus Softshrink Softsign
    SyncBatchNorm Tanhshrink Threshold Transformer TransformerEncoder TransformerEncoderLayer TransformerDecoder
    TransformerDecoderLayer Unflatten Unfold UpsamplingBilinear2d UpsamplingNearest2d
"""
ONLY_IN_TORCH = frozenset(_TORCH_BESIDES.split())
TORCH_NAMES = frozenset((*SIGNATURES, *PADDINGS, *(f"Lazy{name}" for name in SIGNATURES), *ONLY_IN_TORCH, "Sequential"))
WITHOUT_EFFECT = frozenset(("inplace", *_PLACE, "norm_type", "sparse"))  # on the numbers that are computed
_ONLY: Mapping[str, tuple[Any, ...]] = {  # arguments of torch's that the program does not have: what they may be
    "return_indices": (False,),
    "divisor_override": (None,),
    "size": (None,),
    "recompute_scale_factor": (None, False),
    "max_norm": (None,),
    "scale_grad_by_freq": (False,),
    "_weight": (None,),
    "_freeze": (False,),
    "bias": (True,),
    "padding_mode": ("zeros",),
}
_FAMILIES = (  # of a name that the program does not have: what it has instead
    (r"Conv", "convolution"),
    (r"Pool|Upsampl|Shuffle", "pooling"),
    (r"Norm|Drop", "normalization"),
    (r"RNN|LSTM|GRU|Cell|Embed|Attention|Transformer", "recurrent"),
    (r"Linear|atten|View|Reshape", "dense"),
    (r"LU|[mM]oid|[tT]anh|[mM]ax|[sS]wish|Soft|Mish|Shrink|Threshold", "activation"),
)


def kind_of(name: str, line: int) -> str:
    """The kind of layer that torch.nn's `name` is; a Lazy one is the kind that it becomes. Raises BroughtError."""
    kind = name.removeprefix("Lazy")
    if kind in SIGNATURES:
        return kind
    if name in ("LogSoftmax", "Dropout1d", "Dropout2d", "Dropout3d"):
        raise BroughtError("log_softmax" if name == "LogSoftmax" else "channel_dropout", line=line, name=name)
    if name not in ONLY_IN_TORCH and (near := nearest(name, tuple(SIGNATURES))):
        raise BroughtError("no_such_layer_near", line=line, name=name, near=near)
    group = next((group for pattern, group in _FAMILIES if re.search(pattern, name)), None)
    choices = [name for name in SIGNATURES if group is None or group == KINDS[name].GROUP]
    raise BroughtError("no_such_layer", line=line, name=name, choices=", ".join(choices))


def bound(
    name: str,
    line: int,
    positional: list[Any],
    named: Mapping[str, Any],
    signature: tuple[str, ...],
    also: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The arguments of a call by their names. Raises BroughtError for one too many, one twice, or one that there is not."""
    if len(positional) > len(signature):
        raise BroughtError("too_many_arguments", line=line, name=name, count=len(positional), most=len(signature))
    found = dict(zip(signature, positional, strict=False))
    for key, value in named.items():
        if key in found:
            raise BroughtError("argument_twice", line=line, name=name, argument=key)
        if key not in signature and key not in also:
            choices = ", ".join((*signature, *also)) or "–"
            near = nearest(key, (*signature, *also))
            if near:
                raise BroughtError("no_such_argument_near", line=line, name=name, argument=key, near=near)
            raise BroughtError("no_such_argument", line=line, name=name, argument=key, choices=choices)
        found[key] = value
    return found


def layer_of(name: str, line: int, positional: list[Any], named: Mapping[str, Any], notes: list[Phrase]) -> AnyLayer:
    """The layer that `nn.NAME(*positional, **named)` is. What should be known of it goes into `notes`. Raises BroughtError."""
    kind = kind_of(name, line)
    if kind == "Identity":  # torch's takes any arguments and does nothing with them
        return cast(AnyLayer, KINDS[kind]())
    signature = SIGNATURES[kind][1:] if name.startswith("Lazy") else SIGNATURES[kind]
    given = bound(name, line, positional, named, signature, NAMED_ONLY.get(kind, ()))
    if kind in RECURRENT:
        given = _recurrent(kind, line, given, notes)
    if kind == "Softmax" and given.get("dim") is None:
        given["dim"] = 1
        notes.append(brought_note("softmax_without_dim", line=line))
    if kind == "Upsample":
        given = _upsampled(line, given)
    return made(kind, line, _of_the_program(kind, line, given))


def _of_the_program(kind: str, line: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that the program's layer has. Raises BroughtError where one that it does not have makes a difference."""
    fields = KINDS[kind].__struct_fields__
    kept = {}
    for key, value in given.items():
        if key in fields and not (key == "size" and kind == "Upsample"):
            kept[key] = value
        elif key == "bias" and given.get("affine") is False:
            continue  # where nothing is learned there is none
        elif key not in WITHOUT_EFFECT and (key not in _ONLY or value not in _ONLY[key]):
            allowed = ", ".join(map(str, _ONLY.get(key, ("–",))))
            raise BroughtError("argument_not_here", line=line, name=kind, argument=key, found=_short(value), allowed=allowed)
    return kept


def _recurrent(kind: str, line: int, given: dict[str, Any], notes: list[Phrase]) -> dict[str, Any]:
    """torch's axes are (T, N, F) unless `batch_first`; here the batch is first always."""
    given = dict(given)
    if given.pop("batch_first", False) is not True:
        notes.append(brought_note("batch_first", line=line, name=kind))
    notes.append(brought_note("cell_in_sequential", line=line, name=kind))
    return given


def _upsampled(line: int, given: dict[str, Any]) -> dict[str, Any]:
    """The program's Upsample takes one whole factor for all axes."""
    scale = given.get("scale_factor")
    several = tuple(scale) if isinstance(scale, list | tuple) else (scale,)
    if len(set(several)) == 1 and isinstance(several[0], float) and several[0].is_integer():
        several = (int(several[0]),)
    if len(set(several)) == 1 and scale is not None:
        given = {**given, "scale_factor": several[0]}
    if given.get("align_corners", False) is None:
        del given["align_corners"]
    if given.get("size") is not None:
        raise BroughtError(
            "argument_not_here", line=line, name="Upsample", argument="size", found=_short(given["size"]), allowed="None"
        )
    return {key: value for key, value in given.items() if not (key == "size" and value is None)}


def made(kind: str, line: int, given: Mapping[str, Any]) -> AnyLayer:
    """A layer of `kind` with these fields, validated. Raises BroughtError."""

    def place(path: tuple[str | int, ...]) -> Phrase:
        return brought_note("place", line=line, name=kind, argument=str(path[0]) if path else "")

    content = {"type": kind, **{key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}}
    try:
        return cast(AnyLayer, converted(content, KINDS[kind], place))
    except TomlError as error:
        raise BroughtError("wrong_value", problem=error.phrase) from None


def simplest(layer: AnyLayer) -> AnyLayer:
    """`layer` as people would write it: one number for axes that are equal, no stride where it is the window's own. What
    `print` says names everything."""
    changes: dict[str, Any] = {}
    for key in ("kernel_size", "stride", "padding", "dilation", "output_padding"):
        value = getattr(layer, key, None)
        if isinstance(value, tuple):
            changes[key] = as_one(value)
    simple = msgspec.structs.replace(layer, **changes)
    if isinstance(simple, Pooling) and simple.stride == simple.kernel_size:
        simple = msgspec.structs.replace(simple, stride=None)
    return simple


class Margin:
    """A layer that pads, until the convolution that follows it has been read: the program's convolutions pad by themselves."""

    def __init__(self, name: str, line: int, sides: Any) -> None:
        self.name, self.line = name, line
        self.mode, self.axes = PADDINGS[name]
        if isinstance(sides, int) and not isinstance(sides, bool):
            sides = (sides,) * (2 * self.axes)
        whole = isinstance(sides, list | tuple) and len(sides) == 2 * self.axes
        if not whole or not all(type(side) is int and side >= 0 for side in sides):
            raise BroughtError("wrong_margin", line=line, name=name, count=2 * self.axes, found=_short(sides))
        self.sides = tuple(sides)

    def around(self, layer: object) -> AnyLayer:
        """The convolution `layer` with this padding as its own. Raises BroughtError where there is none to take it."""
        fits = isinstance(layer, Convolution) and self.axes == layer.AXES and layer.padding == 0
        if not fits or not isinstance(layer, Convolution):
            raise BroughtError("margin_alone", line=self.line, name=self.name)
        before = as_one(tuple(reversed(self.sides[0::2])))  # torch names the last axis first
        after = as_one(tuple(reversed(self.sides[1::2])))
        changes: dict[str, Any] = {"padding": before, "padding_mode": self.mode}
        if after != before:
            changes["padding_after"] = after
        content = {key: getattr(layer, key) for key in layer.__struct_fields__} | changes
        return made(type(layer).__name__, self.line, content)


def _short(value: Any) -> str:
    text = inline(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"
