"""Which number of a recurrent layer is taken apart: whose, at which time step, of which unit and gate, and what was set by hand.

A part of the sequence lab's state; shown by the page of one step and by the heat maps.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

GateName: TypeAlias = Literal["i", "f", "g", "o", "c", "h", "r", "z", "n"]

GATES: dict[str, tuple[str, ...]] = {"LSTM": ("i", "f", "g", "o"), "GRU": ("r", "z", "n"), "RNN": ("h",)}  # what sums are made for
STATES: dict[str, tuple[str, ...]] = {"LSTM": ("c", "h"), "GRU": ("h",), "RNN": ("h",)}
LEADING: dict[str, GateName] = {"LSTM": "f", "GRU": "z", "RNN": "h"}  # is shown where nothing was chosen


class StepPlace(msgspec.Struct, frozen=True, kw_only=True):
    """`number` is the recurrent layer's place among those of the network, `layer` counts inside of it. `t` and `unit` are
    counted from 0; what is beyond the sequence or the layer is brought inside by whoever shows it. `by_hand` is the value that
    the gate was given instead of its own; None: none."""

    number: Annotated[int, msgspec.Meta(ge=0)] = 0
    layer: Annotated[int, msgspec.Meta(ge=0)] = 0
    backward: bool = False
    t: Annotated[int, msgspec.Meta(ge=0)] = 0
    unit: Annotated[int, msgspec.Meta(ge=0)] = 0
    gate: GateName | None = None
    by_hand: float | None = None

    def at(self, **changes: object) -> StepPlace:
        """Another place. A value that was set by hand belongs to one gate of one unit at one step, and does not come along."""
        return msgspec.structs.replace(self, **{"by_hand": None, **changes})

    def gate_of(self, kind: str) -> GateName:
        """The gate that is shown in a cell of that kind: the chosen one, where the cell has it."""
        known = (*GATES[kind], *STATES[kind])
        return self.gate if self.gate is not None and self.gate in known else LEADING[kind]
