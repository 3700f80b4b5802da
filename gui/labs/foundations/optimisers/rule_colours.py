"""Each optimiser's colour, everywhere on its board: its path, its curve, its switch. Called by the parts of the board."""

from __future__ import annotations

from PySide6.QtGui import QColor

from gui.labs.foundations.optimisers.state import RuleName
from gui.shell.theme import theme

_PLACES: dict[RuleName, tuple[bool, int]] = {  # whether it is one of the further colours, and its number
    "gd": (False, 0),
    "sgd": (True, 0),
    "momentum": (False, 1),
    "nesterov": (True, 1),
    "adagrad": (False, 2),
    "rmsprop": (True, 2),
    "adam": (False, 3),
    "adamw": (True, 3),
}


def rule_colour(rule: RuleName) -> QColor:
    """In the theme that is in force."""
    further, number = _PLACES[rule]
    return theme().more_curves[number] if further else theme().curves[number]
