"""A layer beside a fully connected one between the same shapes."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from engine.cells.against_dense import compared
from engine.layers.catalog import AvgPool2d, Conv1d, Conv2d, Conv3d, ConvTranspose2d, MaxPool2d


def test_the_shock_of_a_full_hd_picture() -> None:
    """3x1920x1080 is 6,220,800 numbers. Four maps of 1920x1080 are 8,294,400; 6,220,800 · 8,294,400 = 51,597,803,520,000."""
    found = compared(Conv2d(out_channels=4, kernel_size=3, padding=1), (3, 1920, 1080))
    assert found.inputs == 6_220_800 and found.outputs == 8_294_400
    assert found.dense.macs == 51_597_803_520_000
    assert found.dense.parameters == 51_597_811_814_400
    assert found.dense.weight_bytes == 206_391_247_257_600
    assert found.layer.parameters == 112  # (3·3·3 + 1)·4
    assert found.layer.macs == 223_948_800  # 1920·1080·27·4
    assert (found.map_cells, found.filter_weights) == (2_073_600, 27)


@pytest.mark.parametrize(
    ("layer", "shape", "weights"),
    [
        (Conv2d(out_channels=4, kernel_size=5), (3, 8, 8), 75),
        (Conv2d(out_channels=4, kernel_size=3, groups=2, bias=False), (2, 6, 6), 9),
        (Conv1d(out_channels=2, kernel_size=3, stride=2), (1, 9), 3),
        (Conv3d(out_channels=2, kernel_size=2), (1, 3, 4, 5), 8),
        (ConvTranspose2d(out_channels=2, kernel_size=2, stride=2), (3, 4, 4), 12),
        (MaxPool2d(kernel_size=2), (3, 6, 6), 0),
        (AvgPool2d(kernel_size=3, stride=1, padding=1), (2, 4, 4), 0),
    ],
)
def test_it_is_torchs_linear_layer(layer: Conv2d, shape: tuple[int, ...], weights: int) -> None:
    arguments = {name: getattr(layer, name) for name in layer.__struct_fields__ if name not in ("in_channels", "padding_after")}
    if hasattr(layer, "out_channels"):
        arguments["in_channels"] = shape[0]
    module = getattr(nn, type(layer).__name__)(**arguments)
    output = module(torch.zeros(1, *shape))
    bias = getattr(layer, "bias", True)
    dense = nn.Linear(torch.zeros(shape).numel(), output.numel(), bias=bias)
    found = compared(layer, shape)
    assert found.dense.parameters == sum(parameter.numel() for parameter in dense.parameters())
    assert found.dense.macs == dense.weight.numel()
    assert found.layer.parameters == sum(parameter.numel() for parameter in module.parameters())
    assert (found.inputs, found.outputs) == (dense.in_features, dense.out_features)
    assert found.map_cells == output[0, 0].numel()
    assert found.filter_weights == weights
