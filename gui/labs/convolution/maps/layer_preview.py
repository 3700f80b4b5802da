"""What the preview thread computes for the wall: one pass of the layer over the picture, painted.

A pass depends on its `MapsRequest` alone and gives `ShownMaps`. Numbers under the pointer are computed from the `ShownMaps` on
the screen, never from newer settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.cells.filters import Filters
from engine.cells.planes import Cut
from engine.colours import viridis
from engine.layers.kinds.convolution import Conv1d, Conv3d
from engine.passes.feature_maps import Wall, cell, maps, wall
from engine.passes.forward import torchs_map
from engine.pictures import Picture
from gui.labs.convolution.work import Cuts, Work
from gui.patience import Patience

if TYPE_CHECKING:
    from gui.widgets.maps.feature_wall import Plan
    from gui.widgets.maps.wall_places import Spot

FEW_CELLS = 1024  # of all maps: more are too small for figures


@dataclass(frozen=True, eq=False)
class MapsRequest:
    """The maps of `work` over `picture`, painted as `plan` says; `kept` is the map whose values are wanted as torch computes
    them, before the activation."""

    work: Work
    picture: Picture
    shared_range: bool
    kept: int
    plan: Plan


@dataclass(frozen=True, eq=False)
class ShownMaps:
    """The tiles of a request, the enlarged map where one was asked for, and the plane that they show: its input and filters."""

    request: MapsRequest
    cut: Cut
    tiles: Wall
    large: Wall | None
    figures: tuple[NDArray[np.float32], ...] = ()  # where cells are few: values of the maps, with pooling of the input too

    def are_of(self, work: Work, picture: Picture) -> bool:
        """Whether these are the maps of `work` over `picture`."""
        return self.request.work == work and self.request.picture is picture

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
        cut, activation = self.cut, self.request.work.activation
        return cell(cut.layer, cut.values_CHW, cut.filters, spot.number, spot.row, spot.column, activation)

    def ends(self, number: int) -> tuple[float, float]:
        """The values that the lowest and the highest colour of a map stand for."""
        low, high = self.tiles.ends[:, min(number, self.tiles.count - 1)]
        return float(low), float(high)

    def maps(self) -> NDArray[np.float32]:
        """All values of the maps that are painted, (C, H, W); of a 3-d layer the plane in view. As slow as a pass."""
        cut = self.cut
        return maps(cut.layer, cut.values_CHW, cut.filters, self.request.work.activation)


class LayerPass:
    """Called with one MapsRequest after the other, in the preview thread. It gives torch one thread: while the window is busy,
    several wait for each other longer than the computation takes."""

    def __init__(self, superseded: Callable[[], bool]) -> None:
        self._superseded = superseded
        self._prepared = False
        self._cuts = Cuts()

    def __call__(self, request: MapsRequest) -> ShownMaps:
        self._prepare()
        work, plan = request.work, request.plan
        cut = self._cuts.of(work, request.picture)
        assert cut is not None
        tiles = wall(
            cut.layer,
            cut.values_CHW,
            cut.filters,
            tile=plan.tile,
            columns=plan.columns,
            colours=viridis(),
            activation=work.activation,
            shared=request.shared_range,
            keep=request.kept,
            sources=plan.sources,
            activity=plan.activity,
            checkpoint=Patience(self._superseded),
        )
        if isinstance(work.layer, Conv1d | Conv3d) and request.kept < tiles.count:
            # torch's own number is that of its 1-d or 3-d layer, which may add up in another order.
            tiles = replace(tiles, kept_HW=self._torchs(work.layer, request))
        large = None
        if plan.enlarged is not None and plan.large is not None and plan.enlarged < tiles.count:
            ends = tiles.ends[:, plan.enlarged]
            large = wall(
                cut.layer,
                cut.values_CHW,
                cut.filters,
                tile=plan.large,
                columns=2 if plan.sources else 1,
                colours=viridis(),
                activation=work.activation,
                only=plan.enlarged,
                ends=(float(ends[0]), float(ends[1])),
                sources=plan.sources,
            )
        shown = ShownMaps(request, cut, tiles, large)
        sources = () if tiles.sources is None else (cut.values_CHW,)
        few = prod(tiles.shape) <= FEW_CELLS and all(each.size <= FEW_CELLS for each in sources)
        return replace(shown, figures=(shown.maps(), *sources)) if few else shown

    def _torchs(self, layer: Conv1d | Conv3d, request: MapsRequest) -> NDArray[np.float32]:
        """The kept map by torch's own kind of layer."""
        values = self._cuts.input(request.work, request.picture)
        filters = self._cuts.filters(request.work, request.picture.shape[0])
        assert filters is not None
        return torchs_map(layer, values, filters, request.kept, request.work.depth)

    def _prepare(self) -> None:
        if not self._prepared:
            import torch

            torch.set_num_threads(1)
            self._prepared = True
