"""How the gates' heat maps are looked at. No Qt: it is a part of the lab's state."""

from __future__ import annotations

import msgspec

from engine.sequences.gate_probe import UnitOrder


class GatesView(msgspec.Struct, frozen=True, kw_only=True):
    """`order` is that of the units in the maps: as torch numbers them, by their mean forget value, or by their activity.
    `front`: where three cells run side by side and there is room for one only, the one that is shown; "": the experiment's."""

    order: UnitOrder = "as_they_are"
    front: str = ""
