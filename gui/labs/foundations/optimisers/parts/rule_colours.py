"""Each optimiser's colour and dashes, everywhere on its board: kindred rules share a colour, the second of them is dashed.
Called by the parts of the board."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QPen

from gui.labs.foundations.optimisers.state import RuleName
from gui.plots.graphs.graph_items import tone
from gui.plots.look import wide_pen
from gui.plots.numbers.curve_data import PATTERNS

RULE_TONES: Mapping[RuleName, int] = {  # numbers of curves' colours; from 4 on with dashes
    "gd": 0,
    "sgd": 4,
    "momentum": 1,
    "nesterov": 5,
    "adagrad": 2,
    "rmsprop": 6,
    "adam": 3,
    "adamw": 7,
}
_COLOURS = 4


def rule_pen(rule: RuleName) -> QPen:
    """The pen of its path, in the theme that is in force."""
    number = RULE_TONES[rule]
    pen = wide_pen(tone(number), 2.0)
    if number >= _COLOURS:
        pen.setDashPattern(list(PATTERNS[number // _COLOURS]))
    return pen
