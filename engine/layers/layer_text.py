"""A layer in a few words, for a row of a table: Conv2d 64, 11×11, s4, p2.

Names and numbers are the same in every language; options that have a word (bidirectional, last) and branches are said in one.
Called by the network lab's stack and by tables of a network.
"""

from __future__ import annotations

import re
from functools import cache

from engine.fields import fields
from engine.layers.base import Layer
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.pooling import Pooling
from engine.words import readable, say, table

OPTIONS = "layer_options"  # the table of words that holds what an option is called in a row
# How a field is written if it is not the default (those of _ALWAYS in any case), in this order. Required numbers come first, as
# they are. Other fields (sizes that the input determines, epsilons, biases) are left to the form.
_SAID = {
    "stride": "s{}",
    "padding": "p{}",
    "padding_after": "then p{}",
    "padding_mode": "{}",
    "dilation": "d{}",
    "output_padding": "op{}",
    "groups": "g{}",
    "ceil_mode": "ceil",
    "start_dim": "from {}",
    "end_dim": "to {}",
    "negative_slope": "{}",
    "approximate": "{}",
    "dim": "dim {}",
    "p": "{}",
    "num_layers": "{} layers",
    "proj_size": "proj {}",
    "nonlinearity": "{}",
    "bidirectional": "bidirectional",
    "output": "{}",
}
_ALWAYS = frozenset({"p", "negative_slope", "output"})


def short(layer: Layer, language: str = "en") -> str:
    """`layer` in a few words of a language; a named block by its name."""
    name = getattr(layer, "name", "")
    if name:
        return str(name)
    kind = type(layer).__name__
    parts = [_required(layer, field.name) for field in fields(type(layer)).values() if field.required]
    parts += _chosen(layer)
    said = ", ".join(_worded(part, language) for part in parts if part)
    return f"{kind} {said}" if said else kind


def branch_name(last: str | int, language: str = "en") -> str:
    """The name of a branch from the last part of its path: main path, shortcut, branch 1 (for number 0)."""
    return say("branches", last, language) if isinstance(last, str) else say("branches", "number", language, number=last + 1)


@cache
def _option_codes() -> dict[str, str]:
    """An option's English words -> its code."""
    return {entry["en"]: code for code, entry in table(OPTIONS).items()}


def _worded(part: str, language: str) -> str:
    """An option in a language; what has no word there stays as it is."""
    code = _option_codes().get(part)
    if code is not None:
        return say(OPTIONS, code, language)
    number = re.search(r"-?\d[\d×]*", part)
    code = None if number is None else _option_codes().get(part.replace(number[0], "{number}"))
    return part if number is None or code is None else say(OPTIONS, code, language, number=number[0])


def _required(layer: Layer, name: str) -> str:
    """A required number. A filter's size is written along every axis, to tell it from the channels before it."""
    value = getattr(layer, name)
    if isinstance(layer, Filtering) and name == "kernel_size":
        value = layer.kernel
    if isinstance(value, tuple) and any(not isinstance(part, int | None) for part in value):
        return ""  # layers inside
    if isinstance(value, tuple):
        value = tuple("–" if part is None else part for part in value)  # AdaptiveAvgPool2d keeps that side's size
    return "" if value == () else readable(value)


def _chosen(layer: Layer) -> list[str]:
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
        said.append(str(value) if named else words.format(readable(value)))
    return said
