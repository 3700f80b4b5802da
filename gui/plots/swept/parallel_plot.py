"""Parallel coordinates: an upright axis for each setting and one for the result, and a line across them for each run.

The line's colour is where it ends on the last axis. Called by the training lab's queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from engine.colours import viridis
from gui.plots.plot import Plot
from gui.shell.theme import font, theme

TOP_PX, BOTTOM_PX, SIDE_PX = 34.0, 14.0, 70.0
NEAR_PX = 12.0  # from the pointer to a line
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class ParallelAxis:
    """An axis: its name, and texts at places from 0, its lower end, to 1."""

    name: str
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class ParallelLine:
    """A run: its place on each axis, from 0 to 1, and its values in words."""

    places: tuple[float, ...]
    texts: tuple[str, ...]


class ParallelPlot(Plot):
    """`set_lines` shows runs. The line nearest to the pointer, or moved to by the arrow keys in the order of the results, is
    told in a tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axes: tuple[ParallelAxis, ...] = ()
        self._lines: tuple[ParallelLine, ...] = ()
        self._marked: int | None = None
        for part in (self.left, self.bottom, self.grid):
            part.hide()
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    def set_lines(self, axes: Sequence[ParallelAxis], lines: Sequence[ParallelLine]) -> None:
        """Show runs; the last of `axes` is the result's."""
        self._axes, self._lines, self._marked = tuple(axes), tuple(lines), None
        self.describe("; ".join(self._said(line) for line in self._lines[:1]))
        self.viewport().update()

    @property
    def lines(self) -> tuple[ParallelLine, ...]:
        return self._lines

    @property
    def marked(self) -> int | None:
        """The number of the line that is told of."""
        return self._marked

    def columns(self) -> dict[str, list[object]]:
        if not self._lines:
            return {}
        return {axis.name: [line.texts[number] for line in self._lines] for number, axis in enumerate(self._axes)}

    def place_of(self, axis: int, place: float) -> QPointF:
        """Where a place on an axis is, in pixels of the widget."""
        across = self.width() - 2 * SIDE_PX
        x = SIDE_PX + across * axis / max(len(self._axes) - 1, 1)
        top = TOP_PX + (18.0 if self.title.text() else 0.0)
        return QPointF(x, self.height() - BOTTOM_PX - place * (self.height() - BOTTOM_PX - top))

    # --- drawing

    def draw(self) -> None:
        self.set_limits((0.0, 1.0), (0.0, 1.0))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, line in enumerate(self._lines):
            if number != self._marked:
                self._paint_line(painter, line, 1.0, 0.75 if self._marked is None else 0.25)
        if self._marked is not None:
            self._paint_line(painter, self._lines[self._marked], 2.5, 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_axes(painter)
        painter.end()

    def _paint_line(self, painter: QPainter, line: ParallelLine, width: float, opacity: float) -> None:
        colours = viridis()
        colour = QColor.fromRgb(int(colours[min(max(round(line.places[-1] * 255), 0), 255)]) | 0xFF000000)
        colour.setAlphaF(opacity)
        painter.setPen(QPen(colour, width))
        painter.drawPolyline([self.place_of(axis, place) for axis, place in enumerate(line.places)])

    def _paint_axes(self, painter: QPainter) -> None:
        now, measure = theme(), QFontMetricsF(font(11))
        painter.setFont(font(11))
        gap = (self.width() - 2 * SIDE_PX) / max(len(self._axes) - 1, 1)
        for number, axis in enumerate(self._axes):
            top, bottom = self.place_of(number, 1.0), self.place_of(number, 0.0)
            painter.setPen(now.muted)
            painter.drawLine(top, bottom)
            painter.setPen(now.text)
            room = min(gap, 2 * SIDE_PX) - 8
            name = measure.elidedText(axis.name, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(QRectF(top.x() - room / 2, top.y() - 30, room, 16), CENTRE, name)
            painter.setPen(now.muted)
            for place, text in axis.ticks:
                at = self.place_of(number, place)
                wide = measure.horizontalAdvance(text) + 6
                ground = QColor(now.panel)
                ground.setAlphaF(0.8)
                painter.fillRect(QRectF(at.x() + 3, at.y() - 7, wide, 14), ground)
                painter.drawText(QRectF(at.x() + 3, at.y() - 8, wide, 16), CENTRE, text)

    # --- the line that is told of

    def _said(self, line: ParallelLine) -> str:
        return "\n".join(f"{axis.name}: {text}" for axis, text in zip(self._axes, line.texts, strict=True))

    def _mark(self, number: int | None) -> None:
        if number != self._marked:
            self._marked = number
            self.viewport().update()
        if number is None:
            QToolTip.hideText()
        else:
            line = self._lines[number]
            at = self.place_of(len(line.places) - 1, line.places[-1]).toPoint()
            QToolTip.showText(self.mapToGlobal(at), self._said(line), self)

    def nearest(self, point: QPointF) -> int | None:
        """The number of the line that passes the point most nearly; None where none is near."""
        best, found = NEAR_PX, None
        for number, line in enumerate(self._lines):
            corners = [self.place_of(axis, place) for axis, place in enumerate(line.places)]
            for left, right in pairwise(corners):
                if left.x() <= point.x() <= right.x():
                    share = (point.x() - left.x()) / max(right.x() - left.x(), 1.0)
                    away = abs(left.y() + share * (right.y() - left.y()) - point.y())
                    if away < best:
                        best, found = away, number
        return found

    def moved(self, event: QMouseEvent) -> None:
        self._mark(self.nearest(event.position()))

    def left_alone(self) -> None:
        self._mark(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | {Qt.Key.Key_Up, Qt.Key.Key_Down}

    def key(self, event: QKeyEvent) -> bool:
        stride = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if stride is None or not self._lines:
            return False
        order = sorted(range(len(self._lines)), key=lambda number: self._lines[number].places[-1])
        here = len(order) - 1 if self._marked is None else order.index(self._marked) + stride
        self._mark(order[min(max(here, 0), len(order) - 1)])
        return True
