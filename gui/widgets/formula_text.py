"""The text of a formula: with its values, with subscripts, and where it may break into lines.

Called by the widgets that show formulas.
"""

from __future__ import annotations

import re

from PySide6.QtGui import QFontMetricsF

from engine.figures import full_count, measured
from engine.layers.base import Derivation, Layer, Shape
from engine.layers.kinds.convolution import Convolution
from engine.layers.kinds.pooling import Pooling
from engine.layers.windows import Slide
from gui.shell.language import say
from gui.shell.theme import font

BREAK = "\N{ZERO WIDTH SPACE}"  # a long product may break here
NO_BREAK = "\N{NO-BREAK SPACE}"
OPEN, CLOSE = "(⌊⌈", ")⌋⌉"
MOST_NESTED = 4  # brackets inside brackets of a formula


def slides_of(layer: Layer, shape: Shape) -> tuple[Slide, ...]:
    """How the window slides along each axis; none for a layer whose output size has no division."""
    return layer.slides(shape) if isinstance(layer, Convolution | Pooling) else ()


def course_division(slide: Slide) -> str:
    """(W + 2P − K)/S + 1 with its values, as courses write it, and its result before rounding: 3/2 + 1 = 2.5."""
    covered = slide.padded - slide.span
    return f"{covered}/{slide.stride} + 1 = {measured(round(covered / slide.stride + 1, 2), 6)}"


def explained(derivation: Derivation) -> str:
    """One line for each symbol: its meaning and its value."""
    return "\n".join(f"{symbol}: {say('symbols', code)} = {full_count(value)}" for symbol, code, value in derivation.symbols)


def grouped(values: str) -> str:
    """The values of a formula with their thousands apart: 12,544."""
    return re.sub(r"\d{4,}", lambda number: full_count(int(number[0])), values)


def with_subscripts(formula: str) -> str:
    """A formula with what follows each _ as a subscript, in HTML."""
    return re.sub(r"_(\w+)", r"<sub>\1</sub>", formula)


def as_typed(text: str) -> str:
    """The formula of a label as it would be typed, without HTML."""
    typed = re.sub("<sub>(.*?)</sub>", r"_\1", text)
    return re.sub("<[^>]*>", "", typed).replace(BREAK, "").replace(NO_BREAK, " ")


def breakable(formula: str, room: float) -> str:
    """A formula that may break into lines of at most `room` pixels before its operators: outside of brackets if that is
    enough, else inside as few nested brackets as necessary."""
    measure = QFontMetricsF(font(12))
    for depth in range(MOST_NESTED):
        broken = _breakable_to(formula, depth)
        if all(measure.horizontalAdvance(piece) <= room for piece in re.split(f"[ {BREAK}]", broken)):
            break
    return broken


def _breakable_to(formula: str, depth: int) -> str:
    """A formula that may break only before operators that are inside at most `depth` brackets."""
    made, level = "", 0
    for place, letter in enumerate(formula):
        level += (letter in OPEN) - (letter in CLOSE)
        before_operator = letter == " " and formula[place + 1 : place + 2] in ("+", "−", "/", "=")
        if letter == " ":
            made += " " if before_operator and level <= depth else NO_BREAK
        elif letter in "×·" and level <= depth:
            made += f"{letter}{BREAK}"
        else:
            made += letter
    return made
