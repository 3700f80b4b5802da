"""The numbers on the wires of a recurrent cell, of one unit at one time step: torch's own, or those that a value set by hand
has led to.

Pure; called by the page of one step. The keys are those of `cell_wires`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import tanh

from engine.sequences.opened import OpenedDirection
from engine.sequences.step_terms import GateTerms, StepTerms

SAME = 1e-6
LEADING: Mapping[str, str] = {"LSTM": "f", "GRU": "z", "RNN": "h"}  # the gate that is shown where none was chosen


def shown_gate(direction: OpenedDirection, wanted: str) -> str:
    """The gate that is taken apart: the wanted one, where this cell has it."""
    return wanted if wanted in direction.gates else LEADING[direction.kind]


def wire_values(terms: StepTerms) -> dict[str, float | None]:
    """The values by key. None: there is none, as of a state that a projection does not have."""
    direction, t, unit = terms.direction, terms.t, terms.unit
    now: dict[str, float | None] = {
        name: float(values[t, unit]) if unit < values.shape[1] else None for name, values in direction.arrays.items()
    }
    match direction.kind:
        case "LSTM":
            return _lstm(direction, now, t, unit)
        case "GRU":
            return _gru(direction, now, t, unit, terms.gate("n"))
        case _:
            gate = terms.gate("h")
            return {"w": float(gate.inputs.total), "u": float(gate.from_state), "sum": float(gate.total), "h": now["h"]}


def changed_keys(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> frozenset[str]:
    """The wires whose value is another one, by more than the rounding of a step that is computed again."""
    return frozenset(key for key, value in after.items() if not _alike(value, before.get(key)))


def _lstm(direction: OpenedDirection, now: dict[str, float | None], t: int, unit: int) -> dict[str, float | None]:
    i, f, g, o, c = (_number(now[name]) for name in ("i", "f", "g", "o", "c"))
    old = float(direction.old_state("c", t)[unit])
    ends = {"tanh_c": tanh(c), "m": o * tanh(c), "h": now["h"]}
    return {"c_before": old, "i": i, "f": f, "g": g, "o": o, "f*c": f * old, "i*g": i * g, "c": c, **ends}


def _gru(direction: OpenedDirection, now: dict[str, float | None], t: int, unit: int, n: GateTerms) -> dict[str, float | None]:
    r, z, candidate = (_number(now[name]) for name in ("r", "z", "n"))
    old, product = float(direction.old_state("h", t)[unit]), float(n.states.total)
    new = {"1-z": 1 - z, "(1-z)*n": (1 - z) * candidate, "z*h": z * old, "h": now["h"]}
    return {"h_before": old, "r": r, "z": z, "u": product, "r*u": r * product, "n": candidate, **new}


def _alike(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return first == second or abs(first - second) <= SAME * max(1.0, abs(second))


def _number(value: float | None) -> float:
    assert value is not None
    return value
