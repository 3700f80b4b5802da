"""The sentences of the board of batches. No Qt."""

from __future__ import annotations

from engine.figures import measured
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
    return f"{measured(100 * share, 4)}%"
