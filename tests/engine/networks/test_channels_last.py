"""Which networks are trained with the channels last. That the layout of trainer and script agree, and that neither ends the
process, is held by `tests/engine/experiments/test_export.py`: its branched network has such a convolution."""

from __future__ import annotations

import pytest

from engine.layers.catalog import Residual
from engine.layers.kinds.activation import ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.networks.channels_last import are_channels_last
from engine.networks.trace import trace


@pytest.mark.parametrize(
    ("channels", "layer", "last"),
    [
        (5, Conv2d(out_channels=3, kernel_size=1, stride=2), False),
        (5, Conv2d(out_channels=3, kernel_size=1, stride=(1, 2)), False),
        (32, Conv2d(out_channels=4, kernel_size=1, stride=2, groups=4), False),
        (5, Conv2d(out_channels=3, kernel_size=1), True),
        (5, Conv2d(out_channels=3, kernel_size=2, stride=2), True),
        (64, Conv2d(out_channels=128, kernel_size=1, stride=2), True),  # as in ResNet
    ],
)
def test_a_filter_of_one_cell_with_a_stride_keeps_torchs_own_layout(channels: int, layer: Conv2d, last: bool) -> None:
    shape = (channels, 8, 8)
    assert are_channels_last((layer,), trace((layer,), shape).rows) is last
    inside = (ReLU(), Residual(main=(layer,), shortcut=(layer,)), Flatten())
    assert are_channels_last(inside, trace(inside, shape).rows) is last


def test_a_network_without_2d_convolutions_has_no_such_layout() -> None:
    layers = (Flatten(), Linear(out_features=3))
    assert not are_channels_last(layers, trace(layers, (1, 4, 4)).rows)
