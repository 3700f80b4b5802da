"""A network's table with blanks, as courses set it: "fill in the output shapes and the parameters of AlexNet".

The answers are the trace's; `is_right` reads what a learner writes in any of the usual ways. No torch. Called by the network
lab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from engine.layers.base import Shape
from engine.network import Row, Trace

Column: TypeAlias = Literal["output", "parameters", "macs"]
COLUMNS: tuple[Column, ...] = ("output", "parameters", "macs")
_SIZES = re.compile(r"\d+(?:[,_]\d{3})*|\d+")


class Blank(NamedTuple):
    """A cell of the table that is to be filled in: of top-level row `row`."""

    row: int
    column: Column


def blanks(trace: Trace, columns: Sequence[Column] = ("output", "parameters")) -> tuple[Blank, ...]:
    """The cells worth asking for, row by row: every output shape that differs from the layer's input, and every number of
    parameters or MACs that is not 0."""
    return tuple(_blanks(trace.rows, columns))


def _blanks(rows: Sequence[Row], columns: Sequence[Column]) -> Iterator[Blank]:
    for number, row in enumerate(rows):
        for column in columns:
            asked = row.output != row.input if column == "output" else getattr(row, column) > 0
            if asked:
                yield Blank(number, column)


def answer(trace: Trace, blank: Blank) -> Shape | int:
    """What belongs there."""
    found: Shape | int = getattr(trace.rows[blank.row], blank.column)
    return found


def is_right(trace: Trace, blank: Blank, written: str) -> bool:
    """Whether a learner's answer is right. A shape may be written 64x55x55, 64 × 55 × 55, (64, 55, 55) or [64,55,55], with
    channels last as many courses have it (55x55x64), and a square one as 55x55, without channels; a number, and a vector's
    size, with or without commas."""
    wanted = answer(trace, blank)
    text = written.strip()
    if isinstance(wanted, int) or (len(wanted) == 1 and _SIZES.fullmatch(text)):
        size = wanted if isinstance(wanted, int) else wanted[0]
        return bool(_SIZES.fullmatch(text)) and int(re.sub("[,_]", "", text)) == size
    if not re.fullmatch(r"[\s\d×xX*,()\[\]]+", written):
        return False
    numbers = tuple(int(part) for part in re.findall(r"\d+", written))
    spelled = {wanted, (*wanted[1:], wanted[0])}
    if len(wanted) == 3:
        spelled.add(wanted[1:])
    return numbers in spelled
