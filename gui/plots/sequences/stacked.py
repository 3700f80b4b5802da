"""Parts of a whole over positions, stacked: a column a position, each part in its colour; what works against the whole hangs
below zero.

Called by the sequence lab's pages of the gradient through time and of the answers for classes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from engine.figures import MINUS, percent
from gui.plots.lines import LinePlot
from gui.plots.look import bars_path, pen_of, segment
from gui.plots.numbers.ranges import Range, position_ticks, value_ticks
from gui.plots.numbers.reduction import Places
from gui.plots.sequences.log_lines import TintedLine

HIGHEST = 3.0  # wholes: parts that nearly cancel are many times their sum, and would flatten all others


def stacked(parts: npt.ArrayLike) -> tuple[Places, Places]:
    """The lower and the upper edge (K, T) of `parts` (K, T): positive ones upwards from zero, the first lowest, negative ones
    downwards. A part that is not finite has no height."""
    shares = np.nan_to_num(np.asarray(parts, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    above, below = np.maximum(shares, 0.0), np.minimum(shares, 0.0)
    tops, bottoms = np.cumsum(above, axis=0), np.cumsum(below, axis=0)
    return np.where(shares >= 0, tops - above, bottoms), np.where(shares >= 0, tops, bottoms - below)


class StackedPlot(LinePlot):
    """`set_parts` shows shares of one, written in percent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.export_name = "parts"

    def set_parts(self, names: tuple[str, ...], parts: npt.ArrayLike, tints: tuple[QColor, ...]) -> None:
        """`parts[k, t]` is the share of part k at position t; a column of NaN is left out. The cursor stays where it is."""
        shares, kept = np.asarray(parts, np.float64), self._cursor
        lines = [TintedLine(name, row.tolist(), tint=tint) for name, row, tint in zip(names, shares, tints, strict=True)]
        super().set_lines(lines)
        if kept is not None and kept <= shares.shape[1]:
            self.set_cursor(kept)

    def figure(self, value: float) -> str:
        return percent(value) if value >= 0 else MINUS + percent(-value)

    def draw(self) -> None:
        parts = np.array([line.values for line in self._lines], np.float64) if self._lines else np.zeros((0, 1))
        last = max(parts.shape[1], 1)
        low, high = stacked(parts)
        up = self._up or _limits(low, high)
        self.set_limits((0.5, last + 0.5), up)
        self.set_figures(position_ticks(last, self.area.width()), value_ticks(up, self.area.height(), percent=True))
        stride = max(1, -(-last // max(int(self.area.width()), 1)))  # of several positions on a pixel, the first
        left = np.arange(0, last, stride) + 0.5
        for number, (columns, dots) in enumerate(self._items):
            bottom, top = low[number][::stride], high[number][::stride]
            seen = bottom < top
            columns.setPath(bars_path(left[seen], left[seen] + stride, bottom[seen], top[seen]))
            dots.setPath(QPainterPath())
        self._cursor_line.setVisible(self._cursor is not None)
        if self._cursor is not None:
            self._cursor_line.setPath(segment(self._cursor, up[0], self._cursor, up[1]))

    def restyle(self) -> None:
        super().restyle()
        for (columns, _), line in zip(self._items, self._lines, strict=True):
            columns.setPen(QPen(pen_of(line.pen().color()).brush(), 0))
            columns.setBrush(line.pen().color())
        self._cursor_line.setZValue(1000)

    def swatch(self, number: int) -> QRectF:
        """Where a part's colours are, in places of the axes: around all its columns."""
        return self._items[number][0].path().boundingRect()


def _limits(low: Places, high: Places) -> Range:
    """From 0 to 1, and further where parts work against each other."""
    bottom = max(float(low.min(initial=0.0)), 1.0 - HIGHEST)
    top = min(max(float(high.max(initial=1.0)), 1.0), HIGHEST)
    return bottom, top if top > 1.0 + 1e-6 else 1.0
