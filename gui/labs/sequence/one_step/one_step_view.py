"""How one step is looked at: what was set by hand, and which sums are unfolded. No Qt: it is a part of the lab's state."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

FoldedSum: TypeAlias = Literal["inputs", "states", "projection"]


class ValueByHand(msgspec.Struct, frozen=True, kw_only=True):
    """`value` instead of torch's own, of one gate of one unit at one step of one direction: it belongs to that place alone."""

    layer: int
    backward: bool
    t: int
    unit: int
    gate: Annotated[str, Meta(max_length=8)]
    value: float


class OneStepView(msgspec.Struct, frozen=True, kw_only=True):
    by_hand: ValueByHand | None = None
    unfolded: tuple[FoldedSum, ...] = ()
    whole: tuple[FoldedSum, ...] = ()  # of those, the sums whose terms are all shown
    course: Literal["c", "h"] = "h"  # whose course is drawn
