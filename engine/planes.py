"""One plane of a layer's work, as everything on the screen shows it: a 2-d layer over channels of height and width.

A picture is made the input of any kind of layer (`input_of`): one of its rows is a signal for 1-d kinds, and moved on frame by
frame it is a clip for 3-d ones. `cut` then takes the plane that is looked at out of the layer: a 1-d layer is a 2-d one over one
row, and plane z of a Conv3d is a 2-d convolution over the input planes that it reads, put side by side as channels. Scene, sums
and walls know 2-d kinds only.

No torch. Called by the convolution lab and `feature_maps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.filters import Filters
from engine.layers.convolution import Conv1d, Conv2d, Conv3d
from engine.layers.pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from engine.layers.transposed import ConvTranspose2d

Studied: TypeAlias = Conv1d | Conv2d | Conv3d | ConvTranspose2d | MaxPool1d | MaxPool2d | AvgPool1d | AvgPool2d
Flat: TypeAlias = Conv2d | ConvTranspose2d | MaxPool2d | AvgPool2d


@dataclass(frozen=True, eq=False)
class Cut:
    """`layer` over `values_CHW` is the plane that is looked at. `filters` is None for pooling. `planes` says which (channel, plane)
    of the layer's own input each channel of `values_CHW` is; a plane of the padding has its position outside the input."""

    layer: Flat
    values_CHW: NDArray[np.float32]
    filters: Filters | None
    planes: tuple[tuple[int, int], ...]
