"""What the preview thread computes for the wall: one pass of the layer over the picture, painted.

`Request` is all that a pass depends on, `Shown` is what came of it; numbers under the cursor are computed from the `Shown` that
is on the screen, never from newer settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.cells.filters import Filters, Weights
from engine.cells.planes import Cut, Studied
from engine.colours import viridis
from engine.layers.kinds.convolution import Conv1d, Conv3d
from engine.passes.feature_maps import Wall, cell, maps, wall
from engine.passes.forward import torchs_map
from engine.pictures import Picture
from gui.labs.convolution.cuts import Cuts
from gui.patience import Patience

if TYPE_CHECKING:
    from gui.widgets.maps.feature_wall import Plan, Spot


@dataclass(frozen=True, eq=False)
class Request:
    """`moved`, `row`, `frames` and `depth` say what of the picture is the input and which plane of the output is shown;
    `activation` is what is painted ("none" while feature maps are); `kept` is the map whose values are wanted as torch computes
    them."""

    layer: Studied
    picture: Picture
    moved: tuple[int, int]
    row: int
    frames: int
    depth: int
    weights: Weights
    flipped: bool
    activation: str
    shared_range: bool
    kept: int
    plan: Plan


@dataclass(frozen=True, eq=False)
class Shown:
    """The tiles of a request, the enlarged map where one was asked for, and the plane of the layer's work that they show: its
    input and its filters."""

    request: Request
    cut: Cut
    tiles: Wall
    large: Wall | None

    @property
    def filters(self) -> Filters | None:
        return self.cut.filters

    def torch_value(self, row: int, column: int) -> np.float32 | None:
        """A cell of the kept map as torch computed it, before any activation."""
        kept = self.tiles.kept_HW
        if kept is None or row >= kept.shape[0] or column >= kept.shape[1]:
            return None
        return np.float32(kept[row, column])

    def value(self, spot: Spot) -> float:
        """The exact value of a cell of a map, or of the input's channel beside it."""
        if spot.source:
            return float(self.cut.values_CHW[spot.number, spot.row, spot.column])
        work = self.cut
        return cell(work.layer, work.values_CHW, work.filters, spot.number, spot.row, spot.column, self.request.activation)

    def ends(self, number: int) -> tuple[float, float]:
        """The values that the lowest and the highest colour of a map stand for."""
        low, high = self.tiles.ends[:, min(number, self.tiles.count - 1)]
        return float(low), float(high)

    def maps(self) -> NDArray[np.float32]:
        """All values of the maps that are painted, (C, H, W); of a 3-d layer the plane that is shown. As slow as a pass."""
        work = self.cut
        return maps(work.layer, work.values_CHW, work.filters, self.request.activation)


class Pass:
    """Called with one Request after the other, in the preview thread. On one thread of torch: several wait for each other
    longer than the work takes while the window is busy."""

    def __init__(self, superseded: Callable[[], bool]) -> None:
        self._superseded = superseded
        self._prepared = False
        self._cuts = Cuts()

    def __call__(self, request: Request) -> Shown:
        self._prepare()
        layer, plan = request.layer, request.plan
        work = self._cuts.of(request, request.picture)
        assert work is not None
        tiles = wall(
            work.layer,
            work.values_CHW,
            work.filters,
            tile=plan.tile,
            columns=plan.columns,
            colours=viridis(),
            activation=request.activation,
            shared=request.shared_range,
            keep=request.kept,
            sources=plan.sources,
            activity=plan.activity,
            checkpoint=Patience(self._superseded),
        )
        if isinstance(layer, Conv1d | Conv3d) and request.kept < tiles.count:
            # Torch's own number is that of its own kind of layer, which may add up in another order.
            tiles = replace(tiles, kept_HW=self._torchs(layer, request))
        large = None
        if plan.enlarged is not None and plan.large is not None and plan.enlarged < tiles.count:
            ends = tiles.ends[:, plan.enlarged]
            large = wall(
                work.layer,
                work.values_CHW,
                work.filters,
                tile=plan.large,
                columns=2 if plan.sources else 1,
                colours=viridis(),
                activation=request.activation,
                only=plan.enlarged,
                ends=(float(ends[0]), float(ends[1])),
                sources=plan.sources,
            )
        return Shown(request, work, tiles, large)

    def _torchs(self, layer: Conv1d | Conv3d, request: Request) -> NDArray[np.float32]:
        """The kept map by torch's own kind of layer."""
        values = self._cuts.input(request, request.picture)
        filters = self._cuts.filters(request, request.picture.shape[0])
        assert filters is not None
        return torchs_map(layer, values, filters, request.kept, request.depth)

    def _prepare(self) -> None:
        if not self._prepared:
            import torch

            torch.set_num_threads(1)
            self._prepared = True
