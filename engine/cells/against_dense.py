"""The cost of a fully connected layer between the same shapes: one weight for each pair of an input and an output cell.

Exact integers of any size. No torch. Called by the convolution lab's page of formulas.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.layers.base import FLOAT32_BYTES, Shape, cells
from engine.layers.catalog import Sliding
from engine.layers.kinds.dense import Linear


class Cost(NamedTuple):
    """Parameters, and multiply-adds for one sample."""

    parameters: int
    macs: int

    @property
    def weight_bytes(self) -> int:
        """Memory of the parameters as float32."""
        return self.parameters * FLOAT32_BYTES


class Comparison(NamedTuple):
    """A layer and the fully connected one (`dense`) with the same input cells and output cells.

    `inputs`: cells of the input, which is also the number of weights of each fully connected output cell. `map_cells`: output
    cells that share one filter. `filter_weights`: weights of that filter, over all input channels of its group.
    """

    layer: Cost
    dense: Cost
    inputs: int
    outputs: int
    map_cells: int
    filter_weights: int


def compared(layer: Sliding, shape: Shape) -> Comparison:
    """`layer` compared with the fully connected layer, for an input of `shape` that the layer accepts. The fully connected
    layer has inputs × outputs weights, and a bias for each output unless `layer` is a convolution without biases."""
    output = layer.output_shape(shape)
    bias = bool(getattr(layer, "bias", True))
    flat, dense = (cells(shape),), Linear(out_features=cells(output), bias=bias)
    own = Cost(layer.parameters(shape), layer.macs(shape))
    biases = output[0] if own.parameters and bias else 0
    return Comparison(
        own,
        Cost(dense.parameters(flat), dense.macs(flat)),
        inputs=cells(shape),
        outputs=cells(output),
        map_cells=cells(output[1:]),
        filter_weights=(own.parameters - biases) // output[0],
    )
