"""What a grid of numbers shows: the part of something larger that is in view, with its colours, and the text of each number.

No Qt here: the sheets of a view are made, checked and tested without a window. Called by `NumberGrid`, which paints a `Sheet`,
and by the views that make one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, inf, isfinite, isnan, nextafter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.colours import ColourMap
from engine.figures import MINUS, typeset

TITLE_PX = 20  # the line above a grid, with its title
NEARLY_ZERO = "≈0"

GridCell: TypeAlias = tuple[int, int]  # (row, column), counted as the owner of the grid counts: the padding's are negative


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is in view: `values_HW`, whose first cell is (row, column) `first`.

    `padding_HW` cells lie outside the picture and are hatched; where `padding_is_zero` they also carry no colour. `unread_HW`
    cells are those that no window reads. `extent` is (top, left, bottom, right) of the whole, the last two exclusive. Colours
    run from `low` to `high`. `edited` cells, set by hand, have a marked corner. Cells are `wider_px` pixels wider than they are
    high."""

    values_HW: NDArray[np.float64]
    first: GridCell
    extent: tuple[int, int, int, int]
    colours: ColourMap
    low: float
    high: float
    padding_HW: NDArray[np.bool_] | None = None
    unread_HW: NDArray[np.bool_] | None = None
    padding_is_zero: bool = True
    edited: frozenset[GridCell] = frozenset()
    wider_px: int = 0

    @property
    def rows(self) -> int:
        return len(self.values_HW)

    @property
    def columns(self) -> int:
        return int(self.values_HW.shape[1])

    @property
    def last(self) -> GridCell:
        """The cell at the other end."""
        return self.first[0] + self.rows - 1, self.first[1] + self.columns - 1

    def holds(self, cell: GridCell) -> bool:
        return self.first[0] <= cell[0] <= self.last[0] and self.first[1] <= cell[1] <= self.last[1]

    def index(self, cell: GridCell) -> tuple[int, int]:
        """Where a cell's number is in the arrays."""
        return cell[0] - self.first[0], cell[1] - self.first[1]

    def value(self, cell: GridCell) -> float:
        return float(self.values_HW[self.index(cell)])

    def is_padding(self, cell: GridCell) -> bool:
        return self.padding_HW is not None and bool(self.padding_HW[self.index(cell)])

    def pixels(self, panel: int) -> NDArray[np.uint32]:
        """A colour 0xffRRGGBB for each cell. Padding and cells that no window reads fade into the colour `panel`."""
        spread = self.high - self.low
        scaled = np.zeros(self.values_HW.shape) if spread <= 0 else (self.values_HW - self.low) * (255.99 / spread)
        scaled = np.nan_to_num(scaled, nan=0.0)
        pixels = self.colours[scaled.clip(0, 255).astype(np.uint8)]
        ground = np.array([panel & 255, panel >> 8 & 255, panel >> 16 & 255, 255], np.float64)
        channels = pixels.view(np.uint8).reshape(*pixels.shape, 4)
        for where, part in ((self.unread_HW, 0.7), (self.padding_HW, 1.0 if self.padding_is_zero else 0.6)):
            if where is not None and where.any():
                channels[where] = (channels[where] * (1 - part) + ground * part).astype(np.uint8)
        return pixels


def cell_text(cell: GridCell) -> str:
    """A cell's place as the views write it: (−1, 2) in the padding above."""
    row, column = (typeset(str(at)) for at in cell)
    return f"({row}, {column})"


def texts(values: NDArray[np.float64], decimals: int) -> list[str]:
    """Numbers as a cell shows them: whole numbers as they are, others with `decimals` decimals, or with fewer where those say
    all of them exactly. A number from 10 on has one decimal less, from 100 on two less. A half is rounded away from zero, as at
    school: 42.5 becomes 43. Only 0 is 0: what would be rounded to it is ≈0. NaN is the value of a cell without a number: its
    text is empty."""
    numbers = values[np.isfinite(values)]
    enough = next((few for few in range(1, decimals) if bool((numbers == np.round(numbers, few)).all())), 0)
    found = []
    for value in values.tolist():
        size = abs(value)
        if not isfinite(value):
            text = "" if isnan(value) else "∞" if value > 0 else "-∞"
        elif value == round(value) and size < 1e6:
            text = f"{value + 0.0:.0f}"  # no −0
        else:
            places = enough or max(0, decimals - (size >= 10) - (size >= 100))
            above = nextafter(value, copysign(inf, value))  # format() would round a half to the even digit
            text = f"{above:.{places}f}" if size < 1e5 else f"{value:.0e}"
            if not text.strip("-0."):
                text = NEARLY_ZERO
        found.append(typeset(text))
    return found


def bare(found: list[str]) -> list[str]:
    """The same figures without the 0 before the point, for cells with little room: −.25."""
    return [text.replace("0.", ".", 1) if text.startswith(("0.", f"{MINUS}0.")) else text for text in found]
