"""A series with its forecasts, and the place from which a forecast goes on by itself, which can be dragged.

Called by the sequence lab's page of predictions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from gui.plots.lines import LinePlot, PlotLine
from gui.plots.look import pen_of, segment
from gui.plots.numbers.ranges import Range, value_limits
from gui.shell.theme import theme

WILD = 1.0  # of the truth's spread: a forecast that leaves it by more does not flatten it


class ForecastPlot(LinePlot):
    """`set_series` shows lines over positions 1, 2, 3, ...; a press or a drag moves the start."""

    start_moved = Signal(int)  # a position, by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        self._start: int | None = None
        self._start_line = QGraphicsPathItem()
        super().__init__(parent)
        self._start_line.setZValue(500)
        self.add_item(self._start_line)
        self.restyle()

    def set_series(self, lines: Sequence[PlotLine], start: int | None) -> None:
        """The first of `lines` is the truth, around which the axis lies. `start` None: there is none. The cursor stays."""
        kept = self._cursor
        self._start = start
        super().set_lines(lines, up=_limits(lines))
        if kept is not None and kept <= max((len(line.values) for line in lines), default=0):
            self.set_cursor(kept)

    def set_between(self, lines: Sequence[PlotLine], up: Range | None, tip: Callable[[int], str] | None = None) -> None:
        """Other lines over the same positions, without a start, between the values of `up`; None: all of them. The cursor
        stays."""
        kept = self._cursor
        self._start = None
        super().set_lines(lines, up=up, tip=tip)
        if kept is not None and kept <= max((len(line.values) for line in lines), default=0):
            self.set_cursor(kept)

    @property
    def start(self) -> int | None:
        return self._start

    def draw(self) -> None:
        super().draw()
        self._start_line.setVisible(self._start is not None)
        if self._start is not None:
            low, high = self.limits[1]
            self._start_line.setPath(segment(self._start, low, self._start, high))

    def restyle(self) -> None:
        pen = pen_of(theme().window)
        pen.setWidth(2)
        self._start_line.setPen(pen)
        super().restyle()

    def pressed(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._move_start(event)

    def moved(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_start(event)
        super().moved(event)

    def _move_start(self, event: QMouseEvent) -> None:
        last = max((len(line.values) for line in self._lines), default=0)
        position = min(max(round(self.place_at(event.position())[0]), 1), last)
        if self._start is not None and position != self._start and self.area.contains(event.position()):
            self.start_moved.emit(position)


def _limits(lines: Sequence[PlotLine]) -> Range | None:
    """Around the truth, and as far beyond as the others go, up to once its spread."""
    values = [np.asarray(line.values, np.float64) for line in lines]
    values = [each[np.isfinite(each)] for each in values]
    if not values or not len(values[0]):
        return None
    truth, everything = values[0], np.concatenate(values)
    spread = max(float(np.ptp(truth)), 1e-3) * WILD
    low = max(float(everything.min()), float(truth.min()) - spread)
    high = min(float(everything.max()), float(truth.max()) + spread)
    return value_limits(low, high)
