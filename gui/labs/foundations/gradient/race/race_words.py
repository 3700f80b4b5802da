"""Times from microseconds to years, in at most three figures, in the window's language. Called by the race's page."""

from __future__ import annotations

from engine.figures import full_count, in_decimals, measured
from gui.shell.language import say

_UNITS = (("micro", 1e-6), ("milli", 1e-3), ("seconds", 1.0), ("minutes", 60.0), ("hours", 3600.0), ("days", 86_400.0))
_YEAR_S = 365.25 * 86_400


def time_text(seconds: float) -> str:
    """55.4 µs, 4.41 s, 2.1 min, 3.5 h."""
    code, unit = next(((name, size) for name, size in reversed(_UNITS) if seconds >= size), _UNITS[0])
    if seconds >= _YEAR_S:
        code, unit = "years", _YEAR_S
    value = seconds / unit
    figures = (
        full_count(round(value))
        if value >= 99.5
        else measured(value, 3)
        if value < 9.995 or code == "micro"
        else in_decimals(value, 1)
    )
    return say("board_gradient", f"time.{code}", value=figures)
