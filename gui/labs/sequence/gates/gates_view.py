"""How the gates' heat maps are looked at. No Qt: it is a part of the lab's state."""

from __future__ import annotations

from typing import Literal

import msgspec

UnitOrder = Literal["number", "forget", "activity"]


class GatesView(msgspec.Struct, frozen=True, kw_only=True):
    """`order` is that of the units in the maps: as torch numbers them, by their mean forget value, or by their activity."""

    order: UnitOrder = "number"
    followed: bool = True  # the chosen unit is drawn as a curve under the input
