"""How a number is written for people: one function for each kind of number, called by the window and the command line alike.

The text is the same in every language. A half is rounded away from zero, as at school: 0.125 is 0.13, −1.225 is −1.23. Files
and JSON are for programs and do not come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite, isnan

DECIMALS = 4  # of a number that is rounded for reading
MINUS, TIMES = "−", "×"
UNKNOWN = "–"  # stands for a number that is not known
LEAST_PLAIN, MOST_PLAIN = 1e-4, 1e6  # a measured value outside is written with a power of ten

_SURE_FIGURES = 14  # a number that was computed is a half if it is one in so many: the last bits are rounding
_BYTES = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_COUNTS = ("k", "M", "G", "T", "P", "E")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LEAST_FINE = 1e-5  # 0.001%
_MOST_FIGURES = 7  # that tell a value from 1
_BOX_LETTERS = 8  # that a form's box has room for: 0.000012


def full_count(count: int) -> str:
    """A count to the last digit, its thousands apart: 714,188,480."""
    return f"{count:,}".replace("-", MINUS)


def short_count(count: int) -> str:
    """A count in at most three figures: 714 M, 61.1 M, 1.81 G; below ten thousand to the last digit: 9,408."""
    return full_count(count) if count < 10_000 else _in_units(count, 1000, _COUNTS)


def binary_size(count: int) -> str:
    """A number of bytes in at most three figures, or four just before the next unit: 875 B, 3.06 MiB, 1,011 KiB."""
    return f"{full_count(count)} B" if count < 1024 else _in_units(count, 1024, _BYTES)


def _in_units(count: int, step: int, units: Sequence[str]) -> str:
    """`count` in the first unit in which it is written as less than `step`; each unit is `step` times the one before."""
    for power, unit in enumerate(units, 1):
        value = count / step**power
        text = _to_decimals(value, 0) if value >= 999.5 else _to_figures(value, 3)
        if float(text) < step:
            return f"{float(text):,g} {unit}"
    return f"{full_count(round(value))} {unit}"


def measured(value: float, figures: int = DECIMALS) -> str:
    """A measured value in `figures` significant figures, without zeros at its end: 0.0123, 12.35. All digits before the point
    stay: 12,346. Very large and very small values have a power of ten: 1.235×10⁻⁷. Also ∞, −∞ and NaN."""
    if not isfinite(value):
        return typeset(str(value))
    mantissa, exponent = _to_figures(value, figures).split("e")
    rounded = abs(float(f"{mantissa}e{exponent}"))
    if rounded and not LEAST_PLAIN <= rounded < MOST_PLAIN:
        return typeset(f"{_without_zeros(mantissa)}e{exponent}")
    return typeset(_without_zeros(_to_decimals(value, max(0, figures - 1 - int(exponent)), ",")))


def beside_one(value: float, figures: int = DECIMALS) -> str:
    """A measured value that means something else on either side of 1, as `measured` writes it, but never rounded to 1: 1.0003,
    0.99996. What more figures do not tell from 1 either is > 1 or < 1."""
    for more in range(figures, _MOST_FIGURES + 1):
        text = measured(value, more)
        if text != "1" or value == 1:
            return text
    return "> 1" if value > 1 else "< 1"


def in_digits(value: float) -> str:
    """A number as it is typed into a box: 0.003, 0.00001, 12.5, as many figures as a box has room for; from a million on to the
    last digit. Only what is too small for that has a power of ten: 1×10⁻⁷."""
    if abs(value) >= MOST_PLAIN or value == 0:
        return _without_zeros(f"{value:.0f}")
    for figures in range(_BOX_LETTERS - 1, 0, -1):
        text = f"{Decimal(_to_figures(value, figures)):f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(text.lstrip("-")) <= _BOX_LETTERS:
            return text
    mantissa, exponent = _to_figures(value, 2).split("e")
    return f"{_without_zeros(mantissa)}{TIMES}10{raised(int(exponent))}"


def fixed(value: float, decimals: int = DECIMALS) -> str:
    """A measured value with a fixed number of decimals, which keeps its width while it changes: 0.5000. A value that has less
    than two figures then, or a thousand and more, is written as `measured` writes it."""
    if value == 0 or 10 ** (1 - decimals) <= abs(value) < 1000:
        return in_decimals(value, decimals)
    return measured(value, decimals)


def in_decimals(value: float, decimals: int) -> str:
    """A value with so many decimals, whatever its size: −0.25, 12.00; no −0."""
    text = _to_decimals(value, decimals)
    return typeset(text if float(text) else text.removeprefix("-"))


def ratio(value: float) -> str:
    """How many times as much, in at least three figures: 3.58, 26.1, 1,204,224."""
    return measured(value, 3) if value < 999.5 else full_count(int(_to_decimals(value, 0)))


def percent(share: float, *, fine: bool = False) -> str:
    """A share of 1 as a percentage with one decimal: 98.3%. Only 0 is 0.0% and only 1 is 100.0%: what would round to them is
    < 0.1% and > 99.9%. `fine`: below 1% in three figures, down to < 0.001%."""
    if fine and 0 < share < 0.01:
        return f"{100 * share:#.3g}%" if share >= _LEAST_FINE else "< 0.001%"
    if 0 < share < 0.0005:
        return "< 0.1%"
    return "> 99.9%" if 0.9995 <= share < 1 else f"{typeset(_to_decimals(100 * share, 1, ','))}%"


def whole_percent(share: float) -> str:
    """A share of 1 in whole percent, where there is little room. Only 0 is 0% and only 1 is 100%."""
    whole = int(_to_decimals(100 * share, 0))
    return "<1%" if share > 0 and not whole else ">99%" if share < 1 and whole == 100 else f"{whole}%"


def round_percent(share: float, decimals: int | None = None) -> str:
    """A round share of 1, as on an axis: 20%, 0.5%. With as many `decimals` as all figures of the axis, or without zeros at its
    end."""
    return f"{measured(100 * share) if decimals is None else in_decimals(100 * share, decimals)}%"


def percent_in(share: float, figures: int) -> str:
    """A share of 1 as a percentage in so many significant figures, where two are nearly the same: 36.77%."""
    return f"{measured(100 * share, figures)}%"


def to_figures(value: float, figures: int) -> float:
    """The nearest number of so many significant figures: what a hand means that drags a point on a logarithmic axis."""
    return float(_to_figures(value, figures))


def raised(number: int) -> str:
    """A whole number as an exponent: ²⁰⁰, ⁻³."""
    return str(number).translate(_RAISED)


def shape_text(shape: Sequence[int] | None, *, tight: bool = False) -> str:
    """64 × 55 × 55, `tight` 64×55×55; the one size of a vector as a count: 9,216. None is a shape that is not known."""
    if shape is None:
        return UNKNOWN
    if len(shape) == 1:
        return full_count(shape[0])
    return (TIMES if tight else f" {TIMES} ").join(map(str, shape))


def typeset(text: str) -> str:
    """A number's text as programs write it, as people read it: −1.2×10⁻⁵ for -1.2e-05, and ∞ for inf."""
    if "n" in text.lower():
        return "NaN" if isnan(float(text)) else f"{MINUS}∞" if text.startswith("-") else "∞"
    mantissa, e, exponent = text.partition("e")
    return mantissa.replace("-", MINUS) + (f"{TIMES}10{raised(int(exponent))}" if e else "")


def bracketed(text: str) -> str:
    """A number behind a sign of arithmetic: 0.5, but (−0.5)."""
    return f"({text})" if text.startswith(MINUS) else text


def _to_figures(value: float, figures: int) -> str:
    """As programs write it: 1.23e-05."""
    return f"{_past_half(value, figures - 1):.{figures - 1}e}"


def _to_decimals(value: float, decimals: int, thousands: str = "") -> str:
    """As programs write it: -0.25."""
    return f"{_past_half(value, None, decimals):{thousands}.{decimals}f}"


def _past_half(value: float, behind: int | None, decimals: int = 0) -> float:
    """`value`, or a little more in size where it is halfway between two numbers of so many figures behind the first one, or of
    so many `decimals`."""
    if not isfinite(value):
        return value
    mantissa, exponent = f"{value:.{_SURE_FIGURES - 1}e}".split("e")
    digits = mantissa.rstrip("0").rstrip(".")
    kept = decimals + int(exponent) if behind is None else behind
    half = digits.endswith("5") and len(digits.partition(".")[2]) == kept + 1
    return value * (1 + 10.0 ** (1 - _SURE_FIGURES)) if half else value


def _without_zeros(text: str) -> str:
    """A number's text without the zeros at the end of its decimals, and no -0."""
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
