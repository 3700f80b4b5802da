"""From a state and a picture to the numbers that are computed with: the input, the filters, the plane that is looked at.

What has not changed since the last time is not made again: moving a stride draws no weights. Called by the lab in the window's
thread, and by its preview in another one, each with a `Cuts` of its own.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.cells.filters import Filters, Weights, filters_of
from engine.cells.planes import Cut, Studied, cut, input_of, input_shape
from engine.layers.kinds.convolution import Conv3d
from engine.layers.kinds.pooling import Pooling
from engine.pictures import Picture
from engine.runs.first_filters import trained_filters


class Wanted(Protocol):
    """The part of a state, or of a request for maps, that says what is computed."""

    @property
    def layer(self) -> Studied: ...
    @property
    def moved(self) -> tuple[int, int]: ...
    @property
    def row(self) -> int: ...
    @property
    def frames(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def weights(self) -> Weights: ...
    @property
    def flipped(self) -> bool: ...


class Cuts:
    """`most` is how many weights may be drawn, or numbers put together for a clip; with more, `of` gives None. None: any
    number."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._moved: tuple[tuple[object, ...], NDArray[np.float32]] | None = None
        self._seen: tuple[tuple[object, ...], Picture] | None = None
        self._input: tuple[tuple[object, ...], NDArray[np.float32]] | None = None
        self._filters: tuple[tuple[object, ...], Filters | None] | None = None
        self._cut: tuple[Studied, int, Cut, NDArray[np.float32], Filters | None] | None = None

    def of(self, wanted: Wanted, picture: Picture) -> Cut | None:
        """The plane that is looked at. Raises FiltersError where the weights are those of a run that cannot be read."""
        layer = wanted.layer
        if self._most is not None:
            shape = input_shape(layer, picture.shape, wanted.frames)
            if layer.parameters(shape) > self._most or (isinstance(layer, Conv3d) and prod(shape) > self._most):
                return None
        values, filters = self.input(wanted, picture), self.filters(wanted, picture.shape[0])
        made = self._cut
        if made is None or made[:2] != (layer, wanted.depth) or made[3] is not values or made[4] is not filters:
            made = self._cut = (layer, wanted.depth, cut(layer, values, filters, wanted.depth), values, filters)
        return made[2]

    def moved(self, wanted: Wanted, picture: Picture) -> NDArray[np.float32]:
        """The picture's values (C, H, W), moved around its edges."""
        made_of = (picture, wanted.moved)
        if self._moved is None or self._moved[0] != made_of:
            values = picture.values_CHW
            if wanted.moved != (0, 0):
                values = np.roll(values, wanted.moved, axis=(1, 2))
            self._moved = (made_of, values)
        return self._moved[1]

    def seen(self, wanted: Wanted, picture: Picture) -> Picture:
        """The picture as it is moved; for a 1-d layer the row that is the signal."""
        line = min(wanted.row, picture.shape[1] - 1) if wanted.layer.AXES == 1 else None
        made_of = (picture, wanted.moved, line)
        if self._seen is None or self._seen[0] != made_of:
            values = self.moved(wanted, picture)
            shown = values if line is None else values[:, line : line + 1]
            self._seen = (made_of, replace(picture, values_CHW=shown))
        return self._seen[1]

    def input(self, wanted: Wanted, picture: Picture) -> NDArray[np.float32]:
        """The layer's input: (C, L), (C, H, W) or (C, D, H, W)."""
        layer = wanted.layer
        made_of = (picture, wanted.moved, layer.AXES, wanted.row, wanted.frames)
        if self._input is None or self._input[0] != made_of:
            moved = self.moved(wanted, picture)
            self._input = (made_of, input_of(layer, moved, row=wanted.row, frames=wanted.frames))
        return self._input[1]

    def filters(self, wanted: Wanted, channels: int) -> Filters | None:
        """The layer's filters for an input of so many channels; None for pooling. Raises FiltersError."""
        layer = wanted.layer
        of_layer = () if isinstance(layer, Pooling) else (layer.kernel, layer.out_channels, layer.groups, layer.bias)
        made_of = (type(layer), of_layer, channels, wanted.weights, wanted.flipped)
        if self._filters is None or self._filters[0] != made_of:
            trained = trained_filters(wanted.weights, layer)
            made = filters_of(wanted.weights, layer, channels, flipped=wanted.flipped, trained=trained)
            self._filters = (made_of, made)
        return self._filters[1]
