"""An output cell with its arithmetic as text: which numbers are written, and with how many digits.

Pure; the numbers are those of `engine.cells.arithmetic`. Called by the two lines under the scene, by the dialog of all terms
and by the backward view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from engine.cells.arithmetic import EXACT, OutputCell, Term, agrees
from engine.figures import DECIMALS, MINUS, typeset
from engine.layers.kinds.pooling import AveragePooling, MaxPooling, Pooling
from engine.passes.feature_maps import activated
from gui.labs.convolution.subject import Subject

FEW_TERMS = 25  # more terms are not written out in a line
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


def product(first: Decimal, second: Decimal, decimals: int) -> tuple[str, bool]:
    """2×(−4), and whether all digits are there."""
    (left, left_whole), (right, right_whole) = rounded(first, decimals), rounded(second, decimals)
    return f"{bracketed(left)}×{bracketed(right)}", left_whole and right_whole


def added(parts: Iterable[tuple[str, bool]]) -> tuple[str, bool]:
    """Parts of a sum with a + between them, and whether all digits of all are there."""
    found = list(parts)
    return " + ".join(text for text, _ in found), all(whole for _, whole in found)


def products(terms: Sequence[Term], decimals: int) -> tuple[str, bool]:
    """4×1 + 2×(−4) + ..., and whether all digits are there."""
    return added(product(term.value, term.weight, decimals) for term in terms)


def wordings(count: int, write: Callable[[int], tuple[str, bool]]) -> list[str]:
    """A sum of `count` terms after its = sign, the longest text first; ≈ says that digits are missing. `write` writes the terms
    with at most a number of decimals, and says whether all digits are there. Empty for more terms than a line holds."""
    if count > FEW_TERMS:
        return []
    return [f"{'=' if whole else '≈'} {text}" for text, whole in map(write, (DECIMALS, 3, 2, 1))]


def pooled(account: Account, decimals: int) -> tuple[str, bool]:
    """max(4, 2, ...) or (4 + 2 + ...) / 9, and whether all digits are there. Padding that does not count is left out."""
    found = [rounded(term.value, decimals) for term in account.cell.terms if account.largest or term.weight]
    if account.largest:
        return f"max({', '.join(text for text, _ in found)})", all(whole for _, whole in found)
    text, whole = added((bracketed(text), whole) for text, whole in found)
    return f"({text}) / {account.cell.divisor}", whole
