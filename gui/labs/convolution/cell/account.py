"""An output cell with its arithmetic as views of it write it down: which number stands where, and how many digits of it.

Pure; the numbers are `engine.cells.arithmetic`'s. Called by the two lines under the scene and by the window of all terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

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
    """How cell (`row`, `column`) of a subject's map comes about. `source` is the input channel that the scene shows, counted
    within the group. `torch` is torch's number before the activation, None until it has come. `other` is the cell's total with
    the filter turned round, where that is something else."""

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
        """What the input channels of the group are called."""
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
        """Whether torch's number, which is there, is this cell; and its difference."""
        assert self.torch is not None
        return agrees(self.cell, self.torch)


def exact(value: Decimal) -> str:
    """All digits, without an exponent."""
    return typeset(f"{value:f}")


def rounded(value: Decimal, decimals: int = DECIMALS) -> tuple[str, bool]:
    """A number with at most so many decimals, and whether these are all it has."""
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
    """The nearest number of so many decimals."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, _ROUNDING)


def bracketed(text: str) -> str:
    """A negative number after an operator stands in parentheses."""
    return f"({text})" if text.startswith(MINUS) else text


def products(terms: Sequence[Term], decimals: int) -> tuple[str, bool]:
    """4×1 + 2×(−4) + ..., and whether all digits are there."""
    parts, whole = [], True
    for term in terms:
        (value, first), (weight, second) = rounded(term.value, decimals), rounded(term.weight, decimals)
        parts.append(f"{bracketed(value)}×{bracketed(weight)}")
        whole = whole and first and second
    return " + ".join(parts), whole


def pooled(account: Account, decimals: int) -> tuple[str, bool]:
    """max(4, 2, ...) or (4 + 2 + ...) / 9, and whether all digits are there. Padding that does not count is left out."""
    found = [rounded(term.value, decimals) for term in account.cell.terms if account.largest or term.weight]
    whole = all(each for _, each in found)
    if account.largest:
        return f"max({', '.join(text for text, _ in found)})", whole
    return f"({' + '.join(bracketed(text) for text, _ in found)}) / {account.cell.divisor}", whole
