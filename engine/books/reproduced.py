"""An experiment of 『밑바닥부터 시작하는 딥러닝』 1 or 2, computed anew: figures with the band that each is expected in.

A band comes from what the book prints, from counting, from theory ("derived"), or from other people's runs of the book's code
("measured"); never from this program. What cannot be computed here says why. Called by the modules of this room, and by the
command `books`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from engine.figures import MINUS, typeset
from engine.words import Phrase, say

BandSource: TypeAlias = Literal["printed", "counted", "derived", "measured"]
Verdict: TypeAlias = Literal["in_band", "out_of_band", "not_here"]

_SIGN = re.compile(r"(?<!\w)-(?=[ \w])")  # and not the hyphens of 784-50-10
_INPUT = re.compile(r"\bx([01])\b")  # x₀ and x₁
_POWER = re.compile(r"\b\d+e-?\d+\b")


class BookFigure(NamedTuple):
    """One figure: what it is of, in the field's notation with words between commas; its value; the band, both ends included."""

    label: str
    value: float
    low: float
    high: float
    origin: BandSource

    @property
    def in_band(self) -> bool:
        return self.low <= self.value <= self.high

    def label_in(self, language: str = "en") -> str:
        """The label with its words in a language; notation is the same in each, with signs and powers as people read them."""
        said = ", ".join(say("book_figures", part, language) for part in self.label.split(", "))
        return _SIGN.sub(MINUS, _POWER.sub(lambda found: typeset(found[0]), _INPUT.sub(_lowered, said)))


def _lowered(found: re.Match[str]) -> str:
    return f"x{chr(0x2080 + int(found[1]))}"


def printed(label: str, value: float, expected: float, digits: int) -> BookFigure:
    """A figure that the book prints with so many digits after the point: the same when it is rounded as there."""
    half = 0.5000001 * 10.0**-digits
    return BookFigure(label, float(value), expected - half, expected + half, "printed")


def counted(label: str, value: int, expected: int) -> BookFigure:
    """A number that comes out exactly."""
    return BookFigure(label, value, expected, expected, "counted")


def derived(label: str, value: float, low: float, high: float) -> BookFigure:
    """A figure whose band follows from theory: what chance or rounding leaves."""
    return BookFigure(label, float(value), low, high, "derived")


def measured(label: str, value: float, low: float, high: float) -> BookFigure:
    """A figure that depends on random draws, or on the machine's rounding."""
    return BookFigure(label, float(value), low, high, "measured")


class BookExperiment(NamedTuple):
    """Experiment `number` of book `book`. `compute` gives its figures; `remark` says what is otherwise here than in the book,
    or why there are no figures (a code of `assets/words/books.toml`)."""

    book: int
    number: int
    chapter: int
    compute: Callable[[], list[BookFigure]] | None
    remark: str | None = None

    @property
    def key(self) -> str:
        """1.21 is the 21st experiment of the first book."""
        return f"{self.book}.{self.number}"

    def title(self, language: str = "en") -> str:
        return Phrase("books", f"{self.book}-{self.number}").say(language)

    def remark_in(self, language: str = "en") -> str:
        return Phrase("books", self.remark).say(language) if self.remark else ""


def verdict(readings: list[BookFigure]) -> Verdict:
    """What is said of an experiment by its figures; a value that is no number is in no band."""
    if not readings:
        return "not_here"
    return "in_band" if all(reading.in_band and not math.isnan(reading.value) for reading in readings) else "out_of_band"
