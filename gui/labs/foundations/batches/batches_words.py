"""The sentences of the board of batches, and ends of its axes. No Qt."""

from __future__ import annotations

import math

from engine.figures import percent_in
from gui.labs.foundations.boards import board_table
from gui.shell.language import say


def word(code: str, **values: object) -> str:
    """A sentence of the board's own table."""
    text = say(board_table("batches"), code)
    return text.format(**values) if values else text


def line_name(code: str) -> str:
    """The same as the name of a line in a legend: no capital where titles have one."""
    text = word(code)
    return text[:1].lower() + text[1:]


def share_text(share: float) -> str:
    """A share in percent in four figures, where two are nearly the same."""
    return percent_in(share, 4)


def steady(value: float, *, above: bool) -> float:
    """The next of four places a decade above or below a positive value: an end of an axis that seldom changes."""
    place = 4 * math.log10(value)
    return float(10 ** ((math.ceil(place) if above else math.floor(place)) / 4))
