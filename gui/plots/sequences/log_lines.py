"""Lines of norms over positions on a logarithmic axis, where an exact zero has no place: it is a gap, and a mark at the edge.

Called by the sequence lab's pages of the gradient through time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from gui.plots.lines import APART_PX, FEW, LinePlot, PlotLine
from gui.plots.look import line_path, pen_of, segment, shape_path
from gui.plots.numbers.curve_data import PATTERNS
from gui.plots.numbers.ranges import Range, position_ticks, power_ticks
from gui.plots.numbers.reduction import Outline

OVER = 0.04  # of the axis: room for a dot on the edge


@dataclass(frozen=True)
class TintedLine(PlotLine):
    """A line in a colour of its own: one of many that lie in an order."""

    tint: QColor | None = None

    def pen(self) -> QPen:
        if self.tint is None:
            return super().pen()
        pen = pen_of(self.tint, dashes=PATTERNS[self.dashed], opacity=self.tint.alphaF())
        pen.setWidthF(self.width)
        return pen

    def look(self) -> tuple[object, ...]:
        return (*super().look(), None if self.tint is None else self.tint.rgba())


def log_outline(line: PlotLine) -> Outline:
    """The places of a line with the powers of ten of its values; open where a value is zero, negative or not finite."""
    values = np.asarray(line.values, np.float64)
    there = np.isfinite(values) & (values > 0)
    joined = np.ones(len(values), bool)
    joined[:-1] = there[1:]
    x = np.arange(1.0, len(values) + 1)
    return Outline(x[there], np.log10(values[there]), joined[there])


def zeros_of(line: PlotLine) -> npt.NDArray[np.float64]:
    """The positions, from 1, of the values that are exactly zero."""
    return np.flatnonzero(np.asarray(line.values, np.float64) == 0.0).astype(np.float64) + 1.0


def power_limits(powers: npt.NDArray[np.float64]) -> Range:
    """Whole powers of ten around all `powers`; of many, those that are multiples of 5 or 20: limits move seldom."""
    if not len(powers):
        return -1.0, 0.0
    low, high = floor(powers.min()), ceil(powers.max())
    unit = 1 if high - low <= 10 else 5 if high - low <= 60 else 20
    return float(floor(low / unit) * unit), float(max(ceil(high / unit) * unit, low + 1))


class LogLinePlot(LinePlot):
    """`set_lines` shows lines of values from 0 on. The axis goes from one power of ten to another, so that it moves seldom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._zeros: list[QGraphicsPathItem] = []
        super().__init__(parent)

    def set_lines(self, lines: Sequence[PlotLine], **ways: Any) -> None:
        """As `LinePlot.set_lines`; the cursor stays where it is."""
        kept, shown = self._cursor, tuple(lines)
        while len(self._zeros) > len(shown):
            self.box.removeItem(self._zeros.pop())
        while len(self._zeros) < len(shown):
            self._zeros.append(item := QGraphicsPathItem())
            item.setZValue(99 + len(self._zeros))
            self.add_item(item)
        super().set_lines(shown, **ways)
        if kept is not None and kept <= max((len(line.values) for line in shown), default=0):
            self.set_cursor(kept)

    @property
    def has_zeros(self) -> bool:
        """Whether a value is exactly zero."""
        return any(len(zeros_of(line)) for line in self._lines)

    def draw(self) -> None:
        last = max((len(line.values) for line in self._lines), default=1)
        outlines = [log_outline(line) for line in self._lines]
        powers = np.concatenate([outline.y for outline in outlines]) if outlines else np.empty(0)
        up = self._up or power_limits(powers)
        side, over = 0.5 if last == 1 else 0.012 * (last - 1), OVER * (up[1] - up[0])
        self.set_limits((1.0 - side, last + side), (up[0] - over, up[1] + over))
        area, pixel = self.area, self.pixel
        self.set_figures(position_ticks(last, area.width()), power_ticks(up, area.height()))
        for number, ((line, dots), outline, shown) in enumerate(zip(self._items, outlines, self._lines, strict=True)):
            line.setPath(line_path(outline))
            chosen = outline.alone
            if len(outline) <= FEW and not shown.dashed and area.width() >= APART_PX * (last - 1):
                chosen = np.arange(len(outline))
            if self._cursor is not None:
                chosen = np.union1d(chosen, np.flatnonzero(outline.x == self._cursor))
            dots.setPath(shape_path("dot", outline.x[chosen], outline.y[chosen], pixel))
            self._zeros[number].setPath(shape_path("down", zeros_of(shown), np.array(self.limits[1][0]), pixel))
        self._cursor_line.setVisible(self._cursor is not None)
        if self._cursor is not None:
            self._cursor_line.setPath(segment(self._cursor, self.limits[1][0], self._cursor, self.limits[1][1]))

    def restyle_line(self, number: int, pen: QPen) -> None:
        self._zeros[number].setPen(pen_of(pen.color()))
        self._zeros[number].setBrush(pen.color())
