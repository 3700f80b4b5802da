"""What the preview thread computes for the wall: one pass of the layer over the picture, painted.

`Request` is all that a pass depends on, `Shown` is what came of it; numbers under the cursor are computed from the `Shown` that
is on the screen, never from newer settings.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.colours import viridis
from engine.feature_maps import Filters, Wall, cell, course, he, wall
from engine.layers.convolution import Conv2d
from engine.pictures import Picture
from gui.bridge import Superseded

if TYPE_CHECKING:
    from gui.widgets.feature_wall import Plan, Spot

PATIENCE_S = 0.25  # a pass that takes longer than this gives way to a newer request


@dataclass(frozen=True, eq=False)
class Request:
    """`kept`: the map whose values are wanted as torch computes them."""

    layer: Conv2d
    picture: Picture
    weights: str
    seed: int
    shared_range: bool
    kept: int
    plan: Plan


@dataclass(frozen=True, eq=False)
class Shown:
    """The tiles of a request, the enlarged map where one was asked for, and the filters that made them."""

    request: Request
    filters: Filters
    tiles: Wall
    large: Wall | None

    def torch_value(self, row: int, column: int) -> np.float32 | None:
        """A cell of the kept map, as torch computed it."""
        kept = self.tiles.kept_HW
        if kept is None or row >= kept.shape[0] or column >= kept.shape[1]:
            return None
        return np.float32(kept[row, column])

    def value(self, spot: Spot) -> float:
        """The exact value of a cell of a map."""
        return cell(self.request.layer, self.request.picture.values_CHW, self.filters, spot.number, spot.row, spot.column)

    def ends(self, number: int) -> tuple[float, float]:
        """The values that the lowest and the highest colour of a map stand for."""
        if self.request.shared_range or number >= self.tiles.count:
            return float(self.tiles.low.min()), float(self.tiles.high.max())
        return float(self.tiles.low[number]), float(self.tiles.high[number])


def filters_of(layer: Conv2d, channels: int, weights: str, seed: int) -> Filters:
    """The filters that a state names."""
    return course(layer, channels) if weights == "course" else he(layer, channels, seed)


class Pass:
    """Called with one Request after the other, in the preview thread. On one thread of torch: several wait for each other
    longer than the work takes while the window is busy."""

    def __init__(self, superseded: Callable[[], bool]) -> None:
        self._superseded = superseded
        self._prepared = False

    def __call__(self, request: Request) -> Shown:
        self._prepare()
        began = time.perf_counter()

        def checkpoint() -> None:
            if time.perf_counter() - began > PATIENCE_S and self._superseded():
                raise Superseded

        layer, picture, plan = request.layer, request.picture.values_CHW, request.plan
        filters = filters_of(layer, picture.shape[0], request.weights, request.seed)
        tiles = wall(
            layer,
            picture,
            filters,
            tile=plan.tile,
            columns=plan.columns,
            colours=viridis(),
            shared=request.shared_range,
            keep=request.kept,
            checkpoint=checkpoint,
        )
        large = None
        if plan.enlarged is not None and plan.large is not None:
            ends = (float(tiles.low.min()), float(tiles.high.max())) if request.shared_range else None
            large = wall(
                layer,
                picture,
                filters,
                tile=plan.large,
                columns=1,
                colours=viridis(),
                only=plan.enlarged,
                ends=ends,
            )
        return Shown(request, filters, tiles, large)

    def _prepare(self) -> None:
        if not self._prepared:
            import torch

            torch.set_num_threads(1)
            self._prepared = True
