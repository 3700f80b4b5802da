"""A layer in a few words, for a row of a table: Conv2d 64, 11×11, s4, p2.

Names and numbers are the same in every language; options and branches have words. Called by the network lab's stack and by
tables of a network.
"""

from __future__ import annotations

from engine.fields import fields
from engine.layers.base import Layer
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import Pooling
from engine.words import readable, say

# How a field is written if it is not the default (those of _ALWAYS in any case), in this order; an empty text means its words
# in assets/words/layer_text.toml. Required numbers come first, as they are. Other fields (sizes that the input determines,
# epsilons, biases) are left to the form.
_SAID = {
    "stride": "s{}",
    "padding": "p{}",
    "padding_after": "",
    "padding_mode": "{}",
    "dilation": "d{}",
    "output_padding": "op{}",
    "groups": "g{}",
    "ceil_mode": "",
    "mode": "{}",
    "align_corners": "",
    "start_dim": "",
    "end_dim": "",
    "negative_slope": "{}",
    "approximate": "{}",
    "dim": "",
    "p": "{}",
    "num_layers": "",
    "proj_size": "",
    "forget_bias": "",
    "nonlinearity": "{}",
    "bidirectional": "",
    "output": "{}",
}
_ALWAYS = frozenset({"p", "negative_slope", "output"})


def short(layer: Layer, language: str = "en") -> str:
    """`layer` in a few words; a named block by its name."""
    name = getattr(layer, "name", "")
    if name:
        return str(name)
    kind = type(layer).__name__
    parts = [_required(layer, field.name) for field in fields(type(layer)).values() if field.required]
    parts += _chosen(layer, language)
    said = ", ".join(part for part in parts if part)
    return f"{kind} {said}" if said else kind


def branch_name(last: str | int, language: str = "en") -> str:
    """The name of a branch from the last part of its path: main path, shortcut, branch 1 (for number 0)."""
    return say("branches", last, language) if isinstance(last, str) else say("branches", "number", language, number=last + 1)


def _required(layer: Layer, name: str) -> str:
    """A required number. A filter's size is written along every axis, to tell it from the channels before it."""
    value = getattr(layer, name)
    if isinstance(layer, Filtering) and name == "kernel_size":
        value = layer.kernel
    if isinstance(layer, Permute):
        return layer.written
    if isinstance(value, tuple) and any(not isinstance(part, int | None) for part in value):
        return ""  # layers inside
    if isinstance(value, tuple):
        value = tuple("–" if part is None else part for part in value)  # AdaptiveAvgPool2d keeps that side's size
    return "" if value == () else readable(value)


def _chosen(layer: Layer, language: str) -> list[str]:
    """The texts of the fields that are not the default."""
    known, said = fields(type(layer)), []
    for name, words in _SAID.items():
        if name not in known or known[name].required:
            continue
        value = getattr(layer, name)
        if name not in _ALWAYS and (value is None or value == known[name].default):
            continue
        if name == "stride" and isinstance(layer, Pooling) and value == layer.kernel_size:
            continue  # a pooling's default stride is its window
        named = name == "padding" and isinstance(value, str)  # "same" and "valid" need no p
        shown = say("layer_text", value, language) if isinstance(value, str) else readable(value)
        own = "{}" if named else words
        said.append(own.format(shown) if own else say("layer_text", name, language, value=shown))
    return said
