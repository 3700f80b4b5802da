"""What the lab computes of a picture (`Work`), and the numbers that it is computed with: the input, the filters, the plane in
view.

`Cuts` makes these numbers, and makes nothing again that has not changed since the last time: moving a stride draws no weights.
The lab calls one in the window's thread, and its preview another one in a thread of its own.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.cells.filters import Filters, Weights, filters_of
from engine.cells.planes import Cut, Studied, cut, input_of, input_shape
from engine.layers.kinds.convolution import Conv3d
from engine.layers.kinds.pooling import Pooling
from engine.pictures import Picture
from engine.runs.first_filters import trained_filters

Activation: TypeAlias = Literal["none", "ReLU", "LeakyReLU", "Sigmoid", "Tanh"]


class Work(msgspec.Struct, frozen=True):
    """What is computed of a picture: two equal ones have the same maps over the same picture.

    `shift` moves the picture by (rows, columns), around its edges. `row` is the signal of a 1-d layer; `frames` is the length
    of the clip of a 3-d one, `depth` the plane of its output that is shown. `flipped`: true convolution. `activation` is
    applied to the maps that are shown."""

    layer: Studied
    shift: tuple[int, int] = (0, 0)
    row: int = 0
    frames: int = 1
    depth: int = 0
    weights: Weights = Weights()
    flipped: bool = False
    activation: Activation = "none"


class Cuts:
    """`most` limits how many weights are drawn, or numbers of a clip put together: with more, `of` gives None. With None there
    is no limit."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._shifted: tuple[tuple[object, ...], NDArray[np.float32]] | None = None
        self._seen: tuple[tuple[object, ...], Picture] | None = None
        self._input: tuple[tuple[object, ...], NDArray[np.float32]] | None = None
        self._filters: tuple[tuple[object, ...], Filters | None] | None = None
        self._cut: tuple[Studied, int, Cut, NDArray[np.float32], Filters | None] | None = None

    def of(self, work: Work, picture: Picture) -> Cut | None:
        """The plane in view. Raises FiltersError where the weights are those of a run that cannot be read."""
        layer = work.layer
        if self._most is not None:
            shape = input_shape(layer, picture.shape, work.frames)
            if layer.parameters(shape) > self._most or (isinstance(layer, Conv3d) and prod(shape) > self._most):
                return None
        values, filters = self.input(work, picture), self.filters(work, picture.shape[0])
        made = self._cut
        if made is None or made[:2] != (layer, work.depth) or made[3] is not values or made[4] is not filters:
            made = self._cut = (layer, work.depth, cut(layer, values, filters, work.depth), values, filters)
        return made[2]

    def shifted(self, work: Work, picture: Picture) -> NDArray[np.float32]:
        """The picture's values (C, H, W), shifted."""
        made_of = (picture, work.shift)
        if self._shifted is None or self._shifted[0] != made_of:
            values = picture.values_CHW
            if work.shift != (0, 0):
                values = np.roll(values, work.shift, axis=(1, 2))
            self._shifted = (made_of, values)
        return self._shifted[1]

    def seen(self, work: Work, picture: Picture) -> Picture:
        """The picture, shifted; for a 1-d layer the row that is the signal."""
        line = min(work.row, picture.shape[1] - 1) if work.layer.AXES == 1 else None
        made_of = (picture, work.shift, line)
        if self._seen is None or self._seen[0] != made_of:
            values = self.shifted(work, picture)
            shown = values if line is None else values[:, line : line + 1]
            self._seen = (made_of, replace(picture, values_CHW=shown))
        return self._seen[1]

    def input(self, work: Work, picture: Picture) -> NDArray[np.float32]:
        """The layer's input: (C, L), (C, H, W) or (C, D, H, W)."""
        layer = work.layer
        made_of = (picture, work.shift, layer.AXES, work.row, work.frames)
        if self._input is None or self._input[0] != made_of:
            values = self.shifted(work, picture)
            self._input = (made_of, input_of(layer, values, row=work.row, frames=work.frames))
        return self._input[1]

    def filters(self, work: Work, channels: int) -> Filters | None:
        """The layer's filters for an input of `channels` channels; None for pooling. Raises FiltersError."""
        layer = work.layer
        of_layer = () if isinstance(layer, Pooling) else (layer.kernel, layer.out_channels, layer.groups, layer.bias)
        made_of = (type(layer), of_layer, channels, work.weights, work.flipped)
        if self._filters is None or self._filters[0] != made_of:
            trained = trained_filters(work.weights, layer)
            made = filters_of(work.weights, layer, channels, flipped=work.flipped, trained=trained)
            self._filters = (made_of, made)
        return self._filters[1]
