"""A network in one line, as people write it on a board: Conv2d 16 → ReLU → MaxPool2d 2 → Linear 10."""

from __future__ import annotations

from collections.abc import Sequence

from engine.layers.base import Layer
from engine.words import readable

# the one number that tells layers of a kind apart, by the first of these fields that the layer has
_TELLING = (
    "out_channels",
    "out_features",
    "hidden_size",
    "embedding_dim",
    "kernel_size",
    "output_size",
    "p",
)


def network_text(layers: Sequence[Layer]) -> str:
    """The layers' kinds with their telling numbers."""
    return " → ".join(_word(layer) for layer in layers)


def _word(layer: Layer) -> str:
    kind = type(layer).__name__
    for field in _TELLING:
        value = getattr(layer, field, None)
        if value is not None:
            return f"{kind} {readable(value)}"
    return kind
