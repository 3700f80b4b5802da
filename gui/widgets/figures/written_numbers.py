"""Exact numbers as text, rounded for reading, so that the printed numbers of a sum add up to its printed total.

Pure. Called by whoever takes a sum apart: the convolution lab a cell, the sequence lab a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, reduce
from math import isnan
from typing import NamedTuple

from engine.cells.arithmetic import EXACT
from engine.figures import DECIMALS, TIMES, bracketed, measured, typeset

LEAST_ROUNDED = 10.0 ** (1 - DECIMALS)  # has two figures

_ROUNDING = EXACT.copy()
_ROUNDING.clear_traps()
_TWO_FIGURES = Context(prec=2, rounding=ROUND_HALF_UP)


def all_digits(value: Decimal) -> str:
    """All digits, without an exponent."""
    return typeset(f"{value:f}")


def rounded(value: Decimal, decimals: int = DECIMALS) -> tuple[str, bool]:
    """A number with at most `decimals` decimals, and whether these are all that it has."""
    if not value.is_finite():
        return typeset(str(value)), True
    return _written(value, to_decimals(value, decimals), decimals)


def number_text(value: float) -> str:
    """One number in a sentence, as the sums write it: −123456.7891, 0.5020; what has less than two figures then as it is
    measured: 0.0003. NaN is no number: its text is empty."""
    if isnan(value):
        return ""
    return measured(value) if 0 < abs(value) < LEAST_ROUNDED else rounded(Decimal(value))[0]


def _written(value: Decimal, short: Decimal, decimals: int) -> tuple[str, bool]:
    """`short` is the finite `value` to that many decimals."""
    whole = short == value
    if whole:
        short = value if value.as_tuple().exponent >= -decimals else short.normalize(_ROUNDING)  # type: ignore[operator]
    text = f"{short:f}"
    if whole and "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else typeset(text)), whole


def to_decimals(value: Decimal, decimals: int = DECIMALS) -> Decimal:
    """The nearest number with `decimals` decimals; a half is rounded away from zero, as at school."""
    return value.quantize(_unit(decimals), ROUND_HALF_UP, _ROUNDING)


@cache
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


class Part(NamedTuple):
    """A term of a sum as it is written: its text, whether all its digits are there, and the value of what is written."""

    text: str
    whole: bool
    value: Decimal


def product(first: Decimal, second: Decimal, decimals: int) -> Part:
    """2×(−4), each with at most so many decimals. Only a factor that is 0 is written as 0: a smaller one in two figures."""
    left, right = _factor(first, decimals), _factor(second, decimals)
    value = _ROUNDING.multiply(left.value, right.value)
    return Part(f"{left.text}×{right.text}", left.whole and right.whole, value)


def factor_text(value: Decimal) -> str:
    """A factor beside another one: −0.25, 2.3×10⁻⁵."""
    return _bare_factor(value, DECIMALS).text


def _factor(value: Decimal, decimals: int) -> Part:
    found = _bare_factor(value, decimals)
    return found._replace(text=f"({found.text})" if TIMES in found.text else bracketed(found.text))


def _bare_factor(value: Decimal, decimals: int) -> Part:
    found = number(value, decimals)
    if not value or found.value:
        return found
    short = _TWO_FIGURES.plus(value)
    return Part(measured(float(short), 2), short == value, short)


def number(value: Decimal, decimals: int) -> Part:
    """−4, with at most so many decimals."""
    short = to_decimals(value, decimals)
    text, whole = _written(value, short, decimals) if value.is_finite() else rounded(value, decimals)
    return Part(text, whole, short)


def left_out(total: Decimal, parts: Iterable[Decimal], divisor: int = 1) -> Decimal:
    """What rounding leaves out: `total` as it is printed, less what the printed `parts` come to. 0 where that is no number."""
    found = reduce(_ROUNDING.add, parts, Decimal(0))
    missing = _ROUNDING.subtract(to_decimals(total), to_decimals(_ROUNDING.divide(found, Decimal(divisor))))
    return missing if missing.is_finite() else Decimal(0)
