"""Which wires and gates of a cell's drawing belong to which lines of its formulas, and
the other way round.

Pure tables; called by the page of one step.
"""

from __future__ import annotations

# The wires and gates that a line of the formulas is about: of the chosen gate, and of the state.
_STATE_PARTS: dict[tuple[str, str], frozenset[str]] = {
    ("LSTM", "c"): frozenset({"c_before", "f", "i", "g", "f*c", "i*g", "c"}),
    ("LSTM", "h"): frozenset({"o", "tanh_c", "m", "h"}),
    ("LSTM", "projection"): frozenset({"m", "h"}),
    ("GRU", "h"): frozenset({"h_before", "z", "1-z", "n", "(1-z)*n", "z*h", "h"}),
    ("GRU", "reset"): frozenset({"r", "u", "r*u"}),
}
_SUM_PARTS: dict[tuple[str, str], frozenset[str]] = {
    ("RNN", "inputs"): frozenset({"w"}),
    ("RNN", "bias"): frozenset({"w"}),
    ("RNN", "states"): frozenset({"u"}),
    ("RNN", "bias2"): frozenset({"u"}),
    ("RNN", "sum"): frozenset({"w", "u", "sum", "h"}),
    ("RNN", "formula"): frozenset({"w", "u", "sum", "h"}),
}


def parts_of(line: str, kind: str, gate: str) -> frozenset[str]:
    """The parts of the drawing that a line is about."""
    if not line:
        return frozenset()
    if (kind, line) in _STATE_PARTS:
        return _STATE_PARTS[kind, line]
    if (kind, line) in _SUM_PARTS:
        return _SUM_PARTS[kind, line]
    if kind == "GRU" and gate == "n" and line in ("states", "bias2"):
        return frozenset({"u"})
    return frozenset({gate} if line in ("sum", "formula") else {"inputs", gate})


def lines_of(part: str, kind: str, gate: str) -> frozenset[str]:
    """The lines that a part of the drawing stands in."""
    if not part:
        return frozenset()
    tables = [(line, parts) for (each, line), parts in {**_STATE_PARTS, **_SUM_PARTS}.items() if each == kind]
    lines = {line for line, parts in tables if part in parts}
    if part == gate:
        lines |= {"formula", "sum"}
    if part == "inputs":
        lines |= {"inputs", "states"}
    if part == "u" and gate == "n":
        lines |= {"states", "bias2"}
    return frozenset(lines)
