"""How the inside of the network is looked at: what the pages of feature maps and of the layers' numbers show."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from engine.networks.trace import Path
from gui.labs.training.inside.layer_courses import LayerNumber

LayerSide: TypeAlias = Literal["activations", "weights"]
Counted: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]


class InsideView(msgspec.Struct, frozen=True, kw_only=True):
    """`layer` is the one whose maps are shown, () for the input; None: the first one with weights. `row` is the layer whose
    histograms are shown; None: the first of the table. `over_time` is the number of all layers that is shown over the steps of
    the run, instead of the table and the histograms."""

    sample: Counted = 0  # of the validation set
    layer: Path | None = None
    enlarged: Counted | None = None  # the number of a map
    cell: tuple[Counted, Counted] | None = None  # row and column in the enlarged map, whose sum is shown
    row: Path | None = None
    histograms: bool = False  # instead of the table
    over_time: LayerNumber | None = None
    side: LayerSide = "activations"  # of the histograms
