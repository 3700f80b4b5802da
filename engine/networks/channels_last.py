"""Whether a network is trained with the channels last in memory. No torch: the exported script is written without it.

Called by `engine.training.trainer` and `engine.experiments.scripts.export`, which must lay the weights out alike: a layout
decides the last bits of a loss.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.layers.axes import per_axis
from engine.layers.base import Layer
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.networks.hints import built
from engine.networks.trace import Row

BLOCK = 16  # channels that torch's fastest kernels compute together


def are_channels_last(layers: Sequence[Layer], rows: Sequence[Row]) -> bool:
    """Whether the weights of 2-d convolutions are laid out with the channels last; `rows` is the trace of the layers.

    On the CPU pooling and small convolutions are faster so. But torch 2.13 writes beyond its memory in the weight gradient of a
    1×1 filter with a stride over a few channels in that layout, on CPUs with AVX2: such a network keeps torch's own layout.
    """
    found = [(layer, row) for _, layer, row in built(layers, rows) if isinstance(layer, Conv2d | ConvTranspose2d)]
    return bool(found) and not any(isinstance(layer, Conv2d) and _skips(layer, row) for layer, row in found)


def _skips(layer: Conv2d, row: Row) -> bool:
    """Whether a convolution reads single cells, some of them, over channels that do not fill a block."""
    return layer.kernel == (1, 1) and max(per_axis(layer.stride, 2)) > 1 and row.input[0] // layer.groups % BLOCK != 0
