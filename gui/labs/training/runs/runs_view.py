"""How all runs are looked at, as one frozen value. No Qt: the lab's state holds it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from engine.runs.library.seed_statistics import BandKind

MeasureName = Literal["loss", "accuracy"]
SplitPart = Literal["validation", "train"]
Shown = Literal["each", "mean", "difference"]

LOOKS = 16  # a colour and a dash each
MOST_PINNED = 50


class PinnedRun(msgspec.Struct, frozen=True):
    """A run whose curve is laid over the others'. `folder` is as it was found; `look` is its colour and dash."""

    folder: Annotated[str, Meta(max_length=4096)]
    look: Annotated[int, Meta(ge=0, lt=LOOKS)] = 0
    hidden: bool = False


class RunsView(msgspec.Struct, frozen=True, kw_only=True):
    """`shown`: the curve of each run, the mean of runs that differ in their seed only, or the differences of pairs with one
    seed."""

    sort: Annotated[str, Meta(max_length=40)] = "begun"
    descending: bool = True
    filter: Annotated[str, Meta(max_length=200)] = ""
    pinned: Annotated[tuple[PinnedRun, ...], Meta(max_length=MOST_PINNED)] = ()
    measure: MeasureName = "loss"
    part: SplitPart = "validation"
    shown: Shown = "each"
    band: BandKind = "interval"
    log: bool = False


def with_pin(view: RunsView, folder: str, pinned: bool) -> RunsView:
    """`view` with the run in `folder` pinned, in the first look that no other one has, or no longer pinned."""
    others = tuple(run for run in view.pinned if run.folder != folder)
    if not pinned:
        return msgspec.structs.replace(view, pinned=others)
    if len(others) != len(view.pinned) or len(view.pinned) >= MOST_PINNED:
        return view
    taken = {run.look for run in others}
    look = next((look for look in range(LOOKS) if look not in taken), len(others) % LOOKS)
    return msgspec.structs.replace(view, pinned=(*others, PinnedRun(folder, look)))
