"""A number, or a small grid of numbers with its shape, measured and painted: what stands on the wires of the graph and in the
products below it.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from engine.figures import bracketed, measured, shape_text
from engine.foundations.unit_functions import RealArray
from gui.shell.theme import font, theme
from gui.widgets.stack.stack_painting import measure_of

NUMBER_PX, CELL_PX, SHAPE_PX = 13, 11, 10  # of letters
LINE_PX, ROW_PX, SHAPE_LINE_PX = 18.0, 16.0, 13.0
LEAST_NUMBER_PX, LEAST_CELL_PX = 40.0, 32.0  # widths: most numbers fit, so that little moves while one is dragged
MOST_SHOWN = 6  # rows and columns of a grid; what is left out is dots
PAD_PX = 4.0
DOTS = "…"


class NumberPlate(NamedTuple):
    """`cells` are the texts of the grid, row by row, `columns` the widths of its columns; a number has one text and no column.
    `shape` is written above a grid, unless it is empty."""

    cells: tuple[tuple[str, ...], ...]
    shape: str
    columns: tuple[float, ...]
    width: float
    height: float

    @property
    def head(self) -> float:
        """The height of the shape above the grid."""
        return SHAPE_LINE_PX if self.shape else 0.0

    def with_columns(self, columns: tuple[float, ...]) -> NumberPlate:
        """The same grid with other widths."""
        return self._replace(columns=columns, width=max(self.width, sum(columns))) if self.columns else self

    def left_of(self, column: int) -> float:
        """Where a column begins."""
        return sum(self.columns[:column])

    def without_shape(self) -> NumberPlate:
        return self._replace(shape="", height=self.height - self.head)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(row, column) of the number at a point from the plate's top left corner; None beside them and on dots."""
        if not self.columns:
            return (0, 0) if 0 <= x <= self.width and 0 <= y <= self.height else None
        row = math.floor((y - self.head) / ROW_PX)
        column = sum(x >= self.left_of(number) for number in range(len(self.columns) + 1)) - 1
        inside = 0 <= row < len(self.cells) and 0 <= column < len(self.columns)
        return (row, column) if inside and self.cells[row][column] != DOTS else None


@lru_cache(4096)
def _across(text: str, px: int) -> float:
    return measure_of(px).horizontalAdvance(text)


_figure = lru_cache(8192)(measured)  # most numbers of a graph stay when one is moved


def plate_of(value: RealArray, figures: int = 4, *, behind_sign: bool = False) -> NumberPlate:
    """The plate of an array of at most two axes; a vector is a row. `behind_sign`: a negative number stands in parentheses."""
    if value.ndim == 0:
        text = _figure(float(value), figures)
        text = bracketed(text) if behind_sign else text
        return NumberPlate(((text,),), "", (), max(_across(text, NUMBER_PX) + 2 * PAD_PX, LEAST_NUMBER_PX), LINE_PX)
    rows = value[None] if value.ndim == 1 else value.reshape(len(value), -1)
    cells = _cut(
        [[_figure(float(one), figures) for one in row[: MOST_SHOWN + 1]] for row in rows[: MOST_SHOWN + 1]], rows.shape
    )
    columns = tuple(
        max(max(_across(row[column], CELL_PX) for row in cells) + 2 * PAD_PX, LEAST_CELL_PX) for column in range(len(cells[0]))
    )
    shape = shape_text(value.shape, tight=True) if value.ndim > 1 else f"({value.shape[0]})"
    width = max(sum(columns), _across(shape, SHAPE_PX))
    return NumberPlate(cells, shape, columns, width, SHAPE_LINE_PX + ROW_PX * len(cells))


def _cut(cells: list[list[str]], shape: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    """The texts of a grid, with dots for rows and columns that have no room."""
    high, wide = shape[0] > MOST_SHOWN, shape[1] > MOST_SHOWN
    kept = [[*row[: MOST_SHOWN - 1], DOTS] if wide else row for row in cells]
    if high:
        kept = [*kept[: MOST_SHOWN - 1], [DOTS] * len(kept[0])]
    return tuple(map(tuple, kept))


def paint_plate(
    painter: QPainter,
    plate: NumberPlate,
    left: float,
    top: float,
    colour: QColor,
    *,
    ground: QColor | None = None,
    chosen: tuple[int, int] | None = None,
) -> None:
    """Paint a plate from its top left corner on; `chosen` is the cell that is marked."""
    now = theme()
    if not plate.columns:
        if chosen is not None:
            _mark(painter, QRectF(left, top, plate.width, plate.height))
        painter.setFont(_font(NUMBER_PX))
        painter.setPen(colour)
        _write(painter, plate.cells[0][0], left, top, plate.width, plate.height, NUMBER_PX)
        return
    if plate.shape:
        painter.setFont(_font(SHAPE_PX))
        painter.setPen(now.muted)
        painter.drawText(QPointF(left, top + SHAPE_LINE_PX - 3), plate.shape)
    top += plate.head
    grid = QRectF(left, top, sum(plate.columns), ROW_PX * len(plate.cells))
    painter.fillRect(grid, ground if ground is not None else now.panel)
    painter.setPen(QPen(now.line, 1))
    lefts = [left + plate.left_of(column) for column in range(len(plate.columns) + 1)]
    tops = [top + row * ROW_PX for row in range(len(plate.cells) + 1)]
    painter.drawLines([QLineF(left, y, grid.right(), y) for y in tops] + [QLineF(x, top, x, grid.bottom()) for x in lefts])
    painter.setFont(_font(CELL_PX))
    painter.setPen(colour)
    for y, texts in zip(tops, plate.cells, strict=False):
        for x, width, text in zip(lefts, plate.columns, texts, strict=False):
            _write(painter, text, x, y, width, ROW_PX, CELL_PX)
    if chosen is not None and chosen[0] < len(plate.cells) and chosen[1] < len(plate.columns):
        _mark(painter, QRectF(lefts[chosen[1]], tops[chosen[0]], plate.columns[chosen[1]], ROW_PX))


@cache
def _font(px: int) -> QFont:
    return font(px)


@cache
def _baseline(px: int) -> float:
    """How far below the middle of a line its letters stand."""
    measure = measure_of(px)
    return (measure.ascent() - measure.descent()) / 2


def _write(painter: QPainter, text: str, left: float, top: float, width: float, height: float, px: int) -> None:
    """A text in the middle of a box. Qt paints text at a point twice as fast as text in a box."""
    painter.drawText(QPointF(left + (width - _across(text, px)) / 2, top + height / 2 + _baseline(px)), text)


def _mark(painter: QPainter, place: QRectF) -> None:
    painter.setPen(QPen(theme().window, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


def flat_place(shape: tuple[int, ...], cell: tuple[int, int]) -> int:
    """The place of a grid's cell among the numbers of an array, row by row."""
    return cell[0] * (shape[-1] if shape else 1) + cell[1]


def cell_of(shape: tuple[int, ...], flat: int) -> tuple[int, int]:
    """The other way round."""
    row, column = np.unravel_index(flat, (1, *shape)[-2:] if shape else (1, 1))
    return int(row), int(column)
