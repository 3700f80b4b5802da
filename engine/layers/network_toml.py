"""A network as TOML, as it stands in an experiment's file: layers to copy, to send and to paste; and how many a file may hold.

    [network]
    layers = [
      { type = "Conv2d", out_channels = 64, kernel_size = 3 },
      { type = "ReLU" },
    ]

No torch. Called by experiments, by edits, which make nothing that a file could not hold, and by the network lab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from engine.figures import full_count
from engine.layers.base import Layer, Shape
from engine.layers.catalog import AnyLayer
from engine.layers.kinds.composite import Composite
from engine.toml_text import TomlError, inline, parsed, place
from engine.toml_values import converted

MOST_LAYERS = 2_000  # in a network, those inside composites counted; ResNet-152 has about 500
MOST_LEVELS = 30  # of composites in composites


class NetworkTomlError(TomlError):
    """A text that is TOML, but no network that can be held."""

    TABLE = "network_toml"


def layers_to_text(layers: tuple[AnyLayer, ...]) -> str:
    """`layers` as the part of an experiment's file that they are. `layers_from_text` gives them again."""
    return f"[network]\nlayers = {inline(layers)}\n"


def network_to_text(name: str, shape: Shape, layers: tuple[AnyLayer, ...]) -> str:
    """A file that says only its network and the network's input."""
    return f"name = {inline(name)}\n\n[network]\ninput = {inline(shape)}\nlayers = {inline(layers)}\n"


def layers_from_text(text: str) -> tuple[AnyLayer, ...]:
    """The layers that TOML `text` holds: an experiment or its [network], a bare list `layers`, or one layer's own keys. Raises
    TomlError, which says where and what was expected."""
    try:
        content = parsed(text)
    except TomlError as error:
        if error.code == "not_toml" and not re.search(r"\b(type|layers|network)\b", text):  # not TOML that went wrong
            raise NetworkTomlError("no_layers") from None
        raise
    whole = isinstance(content.get("network"), dict)
    found = content["network"] if whole else content
    alone = isinstance(found.get("type"), str)
    layers = [found] if alone else found.get("layers")
    if not isinstance(layers, list):
        raise NetworkTomlError("no_layers")
    require_room_for(layers)
    around = (*(["network"] if whole else []), *([] if alone else ["layers"]))
    return converted(layers, tuple[AnyLayer, ...], lambda path: place(text, (*around, *(path[1:] if alone else path))))


def require_room_for(content: Any) -> None:
    """Raise NetworkTomlError where a file's `layers`, not yet read, would take the reader, the trace or torch minutes."""
    waiting, count = [(content, 0)], 0
    while waiting:
        value, level = waiting.pop()
        if isinstance(value, dict):
            count, level = count + 1, level + 1
            waiting += [(part, level) for part in value.values() if isinstance(part, list)]
        elif isinstance(value, list):
            waiting += [(part, level) for part in value if isinstance(part, dict | list)]
        if level > MOST_LEVELS:
            raise NetworkTomlError("too_deep", most=MOST_LEVELS)
    if count > MOST_LAYERS:
        raise NetworkTomlError("too_many", count=full_count(count), most=full_count(MOST_LAYERS))


def excess(layers: Iterable[Layer]) -> Literal["too_many", "too_deep"] | None:
    """Why a file could not hold `layers`; None where it could. Needs no stack itself."""
    count, level, here = 0, 0, list(layers)
    while here:
        count, level = count + len(here), level + 1
        if count > MOST_LAYERS:
            return "too_many"
        if level > MOST_LEVELS:
            return "too_deep"
        inside = (branch for layer in here if isinstance(layer, Composite) for branch in layer.branches_in_order())
        here = [layer for branch in inside for layer in branch.layers]
    return None
