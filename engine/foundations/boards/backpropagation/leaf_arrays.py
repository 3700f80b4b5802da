"""A leaf's numbers as they are typed: one number, or rows of numbers apart by semicolons: 0.1 0.3; 0.2 0.4.

Called by the board of backpropagation, for the boxes of its leaves.
"""

from __future__ import annotations

import math
import re

import numpy as np

from engine.foundations.unit_functions import RealArray
from engine.typed_numbers import TypedError, decimal_commas, read_number
from engine.words import CodedError

MOST_SIDE = 12  # rows and columns that are taken


class LeafError(CodedError):
    """A text that is no array of numbers. The sentence says where."""

    TABLE = "board_backpropagation"


def array_in(text: str) -> RealArray:
    """A number (), a row (n,), or rows (m, n). A row with a semicolon behind it is a matrix of one row. Raises LeafError."""
    lines = text.split(";")
    rows = [_row(line, number) for number, line in enumerate(lines, 1) if line.strip() or len(lines) == 1]
    if len(rows) > MOST_SIDE:
        raise LeafError("leaf.many_rows", most=MOST_SIDE, given=len(rows))
    if not rows or not rows[0]:
        raise LeafError("leaf.empty")
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise LeafError("leaf.uneven", row=number, given=len(row), wanted=len(rows[0]))
    if len(lines) > 1:
        return np.array(rows)
    return np.array(rows[0][0]) if len(rows[0]) == 1 else np.array(rows[0])


def _row(line: str, number: int) -> list[float]:
    for text, point in decimal_commas(line.strip().strip("[]")):
        raise LeafError("leaf.decimal_comma", text=text, row=number, point=point, apart=text.replace(",", ", "))
    words = re.split(r"[,\s]+", line.strip().strip("[]"))
    words = [word for word in words if word]
    if len(words) > MOST_SIDE:
        raise LeafError("leaf.many_columns", most=MOST_SIDE, given=len(words))
    found = []
    for word in words:
        try:
            value = float(read_number(word))
        except TypedError:
            raise LeafError("leaf.no_number", text=word[:20], row=number) from None
        if not math.isfinite(value):
            raise LeafError("leaf.no_number", text=word[:20], row=number)
        found.append(value)
    return found


def text_of(array: RealArray) -> str:
    """An array to the last digit, as `array_in` reads it."""
    if array.ndim == 0:
        return _digits(array)
    rows = array[None] if array.ndim == 1 else array
    text = "; ".join(" ".join(map(_digits, row)) for row in rows)
    return text if array.ndim == 1 or len(rows) > 1 else f"{text};"


def _digits(value: RealArray) -> str:
    return np.format_float_positional(float(value), trim="-")
