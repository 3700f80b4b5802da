"""Numbers as people type them: 0.01 and 0,01, 1e-3, 1,000, 1/9, １２. What can be read in two ways is refused, never guessed.

A comma is a decimal point where the number may have a fraction, and parts thousands where it is whole. In a list it parts two
numbers, unless it can be a decimal point. Called by every box that takes a number or several. `figures` writes numbers, this
reads them.
"""

from __future__ import annotations

import re
from math import inf, isnan

from engine.words import CodedError

MOST_TYPED = 400  # letters; a longer text is no number
LEAST = 1e-30  # in size, but for 0: what is nearer to 0 vanishes where it is computed with, or divides to no number
_SHOWN = 20  # letters of a text in a sentence

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", ord("\N{MINUS SIGN}"): "-"}
_RAISED = "⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOWERED = str.maketrans(_RAISED, "-+0123456789")
_POWER = re.compile(rf"\s*×\s*10([{_RAISED}]+)")  # as `figures` writes it
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,9})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+)(?:\.\d*)?", re.ASCII)  # 1,234.5
_GROUPED_BY_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d*|(?:\.\d{3}){2,})", re.ASCII)  # 1.234,5 and 1.234.567
_LONE_COMMA = re.compile(r"[+-]?\d*,\d+(?:e[+-]?\d{1,9})?", re.ASCII)  # 0,01
_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


class TypedError(CodedError):
    """A text that is no number, or not one that a field can hold."""

    TABLE = "typed"


def read_number(text: str, *, whole: bool = False) -> float:
    """The number that was typed, an int where `whole`; ±inf for one that no float can hold. Raises TypedError."""
    if len(text) > MOST_TYPED:
        raise _no_number(text)
    plain = _POWER.sub(lambda found: f"e{found[1].translate(_LOWERED)}", text).translate(_HALF_WIDTH).strip().lower()
    if _TWO_WAYS.fullmatch(plain) and ("." if whole else ",") in plain:
        thousands, decimal = re.sub("[.,]", "", plain), float(plain.replace(",", "."))
        raise TypedError("two_ways", text=_shortened(text), one=thousands, other=f"{decimal:g}")
    top, slash, bottom = plain.partition("/")
    try:
        value = float(_read(top)) / float(_read(bottom)) if slash else _read(top)
    except (ValueError, ZeroDivisionError):
        raise _no_number(text) from None
    if isnan(value):  # 1e999/1e999
        raise _no_number(text)
    if abs(value) < LEAST and re.search("[1-9]", re.split("[e/]", plain)[0]):
        raise TypedError("too_small", text=_shortened(text), least=f"{LEAST:g}")
    if not whole or abs(value) == inf:
        return value
    if value != int(value):
        raise TypedError("not_whole")
    return int(value)


def require_no_decimal_comma(text: str) -> None:
    """Raises TypedError where a comma between the numbers of a list can also be a decimal point: 0,01, or 0,5 1,5."""
    for word in text.translate(_HALF_WIDTH).split():
        word = word.strip(",")
        if _LONE_COMMA.fullmatch(word):
            decimal, apart = word.replace(",", "."), word.replace(",", ", ")
            raise TypedError("comma", text=_shortened(text), decimal=_shortened(decimal), apart=_shortened(apart))


def _read(plain: str) -> float:
    """One number without a stroke; an int where it is written as one, which has no rounding. Raises ValueError."""
    plain = plain.strip()
    if _GROUPED.fullmatch(plain):
        plain = re.sub("[, ']", "", plain)
    elif _GROUPED_BY_POINTS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(plain)
    value = float(plain)
    return int(plain) if plain.lstrip("+-").isdecimal() and abs(value) < inf else value


def _no_number(text: str) -> TypedError:
    return TypedError("not_a_number", text=_shortened(text))


def _shortened(text: str) -> str:
    """A typed text as a sentence shows it."""
    text = text.strip()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
