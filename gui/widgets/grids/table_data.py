"""Numbers with headings as text: for the cells of a table, for the clipboard and for a file. No Qt.

Called by `NumberTable`, which shows a `Table`, and by the views of numbers that make one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.figures import DECIMALS, typeset
from gui.widgets.grids.sheet import Sheet

DigitStyle: TypeAlias = Literal["rounded", "exact", "shortest"]
LEAST_PLAIN, MOST_PLAIN = 5e-5, 1e8  # smaller and larger numbers are rounded to 1.234e-06


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers with a heading for each row and column: a name, or a place (−1 is in the padding)."""

    title: str
    values_HW: NDArray[Any]
    rows: Sequence[object]
    columns: Sequence[object]

    def __post_init__(self) -> None:
        if self.values_HW.shape != (len(self.rows), len(self.columns)):
            raise ValueError(f"{self.values_HW.shape} numbers under {len(self.rows)} and {len(self.columns)} headings")
        object.__setattr__(self, "values_HW", _whole(self.values_HW))


def table_of(sheet: Sheet, title: str) -> Table:
    """The numbers that a grid shows, with the places of its cells as headings."""
    (top, left), (bottom, right) = sheet.first, sheet.last
    return Table(title, sheet.values_HW, range(top, bottom + 1), range(left, right + 1))


def written(value: Any, digits: DigitStyle) -> str:
    """One number as a program reads it: rounded to four decimals, "exact" with all its digits, or "shortest" with as many as
    distinguish it from every other float32 (or float64, where it is no float32). Integers have no decimals."""
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return str(int(value))
    number = float(value)
    if not np.isfinite(number):
        return str(number)
    if digits == "exact":
        return f"{Decimal(number):f}"
    if digits == "shortest":
        single = np.float32(number) if abs(number) < float(np.finfo(np.float32).max) else None
        shown = single if single is not None and float(single) == number else np.float64(number)
        return np.format_float_positional(shown, trim="-") if 1e-5 <= abs(number) < 1e16 or number == 0 else str(shown)
    plain = number == 0 or LEAST_PLAIN <= abs(number) < MOST_PLAIN
    text = f"{number:.{DECIMALS}f}" if plain else f"{number:.3e}"
    return text.removeprefix("-") if float(text) == 0 else text


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers as integers, as in most examples made by hand: 101 instead of 101.0000. Other values stay as they are."""
    if values.dtype.kind != "f" or not values.size:
        return values
    with np.errstate(invalid="ignore"):
        whole = (np.rint(values) == values).all() and np.abs(values).max() < MOST_PLAIN
    return values.astype(np.int64) if whole else values


def heading_text(heading: object) -> str:
    """A heading as people read it."""
    return typeset(str(heading)) if isinstance(heading, int) else str(heading)


def as_text(table: Table, digits: DigitStyle = "shortest") -> str:
    """The table with its headings, with tabs between the columns, as spreadsheets paste it."""
    lines = ["\t".join(["", *map(str, table.columns)])]
    for heading, row in zip(table.rows, table.values_HW.tolist(), strict=True):
        lines.append("\t".join([str(heading), *(written(value, digits) for value in row)]))
    return "\n".join(lines) + "\n"


def as_csv(table: Table, digits: DigitStyle = "shortest") -> bytes:
    """The table with its headings as a CSV file in UTF-8. It begins with a byte order mark where Excel needs it, for Korean."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["", *map(str, table.columns)])
    for heading, row in zip(table.rows, table.values_HW.tolist(), strict=True):
        writer.writerow([str(heading), *(written(value, digits) for value in row)])
    text = stream.getvalue()
    return text.encode("utf-8" if text.isascii() else "utf-8-sig")
