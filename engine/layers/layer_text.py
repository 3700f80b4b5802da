"""A layer in a few words, as it stands in a row of a table: Conv2d 64, 11×11, s4, p2.

Names and numbers only, the same in every language; branches alone have words. Called by the network lab's stack and by tables
of a network.
"""

from __future__ import annotations

from engine.fields import fields
from engine.layers.base import Layer, Shape
from engine.layers.kinds.filtering import Filtering
from engine.layers.kinds.pooling import Pooling
from engine.words import readable, say

# How a field is said where it is not the default (always, for those of _ALWAYS), in the order in which they stand; required
# numbers come first, as they are. The rest (sizes that the input settles, epsilons, biases) a row leaves to the form.
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


def short(layer: Layer) -> str:
    """`layer` in a few words; a named block by its name."""
    name = getattr(layer, "name", "")
    if name:
        return str(name)
    kind = type(layer).__name__
    parts = [_required(layer, field.name) for field in fields(type(layer)).values() if field.required]
    parts += _chosen(layer)
    said = ", ".join(part for part in parts if part)
    return f"{kind} {said}" if said else kind


def branch_name(last: str | int, language: str = "en") -> str:
    """A branch of a block, by the end of its path: main path, shortcut, branch 1 (which is number 0)."""
    return say("branches", last, language) if isinstance(last, str) else say("branches", "number", language, number=last + 1)


def output_text(shape: Shape) -> str:
    """An output's shape: 64×55×55, or of a vector 9,216."""
    return f"{shape[0]:,}" if len(shape) == 1 else readable(shape)


def _required(layer: Layer, name: str) -> str:
    """A number that the layer cannot be without; a filter's size along every axis, for it stands beside its channels."""
    value = getattr(layer, name)
    if isinstance(layer, Filtering) and name == "kernel_size":
        value = layer.kernel
    if isinstance(value, tuple) and any(not isinstance(part, int | None) for part in value):
        return ""  # layers inside
    if isinstance(value, tuple):
        value = tuple("–" if part is None else part for part in value)  # AdaptiveAvgPool2d leaves that side as it is
    return "" if value == () else readable(value)


def _chosen(layer: Layer) -> list[str]:
    """What is said of the fields that are not as they would be anyway."""
    known, said = fields(type(layer)), []
    for name, words in _SAID.items():
        if name not in known or known[name].required:
            continue
        value = getattr(layer, name)
        if name not in _ALWAYS and (value is None or value == known[name].default):
            continue
        if name == "stride" and isinstance(layer, Pooling) and value == layer.kernel_size:
            continue  # a pooling moves by its own size unless told otherwise
        named = name == "padding" and isinstance(value, str)  # "same" and "valid" need no p
        said.append(str(value) if named else words.format(readable(value)))
    return said
