"""An output cell with its arithmetic as text: which numbers are written, and with how many digits.

Pure; the numbers are those of `engine.cells.arithmetic`. Called by the two lines under the scene, by the dialog of all terms
and by the backward view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import reduce
from typing import NamedTuple

import numpy as np

from engine.cells.arithmetic import EXACT, OutputCell, Term, agrees
from engine.figures import DECIMALS, MINUS, typeset
from engine.layers.kinds.pooling import AveragePooling, MaxPooling, Pooling
from engine.passes.feature_maps import activated
from gui.labs.convolution.subject import Subject

_ROUNDING = EXACT.copy()
_ROUNDING.clear_traps()


@dataclass(frozen=True, eq=False)
class Account:
    """How cell (`row`, `column`) of a subject's map is computed. `source` is the input channel that the scene shows, counted
    within the group. `torch` is torch's number before the activation, None until it has come. `other` is the cell's total with
    the flipped filter; None where that is the same."""

    subject: Subject
    cell: OutputCell
    row: int
    column: int
    source: int
    has_bias: bool
    torch: np.float32 | None
    other: Decimal | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the input channels of the group."""
        return self.subject.names

    @property
    def largest(self) -> bool:
        return isinstance(self.subject.layer, MaxPooling)

    @property
    def mean(self) -> bool:
        return isinstance(self.subject.layer, AveragePooling)

    @property
    def pools(self) -> bool:
        return isinstance(self.subject.layer, Pooling)

    @property
    def activation(self) -> str:
        return self.subject.activation

    @property
    def after_activation(self) -> float:
        """The cell of the activation map, in double precision."""
        return float(activated(np.array([float(self.cell.total)]), self.activation)[0])

    def terms(self, number: int) -> Sequence[Term]:
        """The terms of one input channel, counted within the group."""
        count = len(self.cell.terms) // len(self.channels)
        return self.cell.terms[number * count : (number + 1) * count]

    def verdict(self) -> tuple[bool, Decimal]:
        """Whether torch's number agrees with the cell, and the difference. torch's number must have come."""
        assert self.torch is not None
        return agrees(self.cell, self.torch)


def all_digits(value: Decimal) -> str:
    """All digits, without an exponent."""
    return typeset(f"{value:f}")


def rounded(value: Decimal, decimals: int = DECIMALS) -> tuple[str, bool]:
    """A number with at most `decimals` decimals, and whether these are all that it has."""
    if not value.is_finite():
        return typeset(str(value)), True
    short = to_decimals(value, decimals)
    whole = short == value
    if whole:
        short = value if value.as_tuple().exponent >= -decimals else short.normalize(_ROUNDING)  # type: ignore[operator]
    text = f"{short:f}"
    if whole and "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else typeset(text)), whole


def to_decimals(value: Decimal, decimals: int = DECIMALS) -> Decimal:
    """The nearest number with `decimals` decimals."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, _ROUNDING)


def bracketed(text: str) -> str:
    """A negative number in parentheses, as it is written after an operator."""
    return f"({text})" if text.startswith(MINUS) else text


class Part(NamedTuple):
    """A term of a sum as it is written: its text, whether all its digits are there, and the value of what is written."""

    text: str
    whole: bool
    value: Decimal


def product(first: Decimal, second: Decimal, decimals: int) -> Part:
    """2×(−4), each with at most so many decimals."""
    (left, left_whole), (right, right_whole) = rounded(first, decimals), rounded(second, decimals)
    value = _ROUNDING.multiply(to_decimals(first, decimals), to_decimals(second, decimals))
    return Part(f"{bracketed(left)}×{bracketed(right)}", left_whole and right_whole, value)


def number(value: Decimal, decimals: int) -> Part:
    """−4, with at most so many decimals."""
    text, whole = rounded(value, decimals)
    return Part(text, whole, to_decimals(value, decimals))


def left_out(total: Decimal, parts: Iterable[Decimal], divisor: int = 1) -> Decimal:
    """What rounding leaves out: `total` as it is printed, less what the printed `parts` come to. 0 where that is no number."""
    found = reduce(_ROUNDING.add, parts, Decimal(0))
    missing = _ROUNDING.subtract(to_decimals(total), to_decimals(_ROUNDING.divide(found, Decimal(divisor))))
    return missing if missing.is_finite() else Decimal(0)
