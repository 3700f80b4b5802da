"""The axes of a plot and the grid below its curves, kept as pictures: most of a frame is axes, painted unchanged.

Called by `gui.plots.plot` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from gui.plots.look import pen_of
from gui.plots.numbers.ranges import Range, Tick
from gui.shell.theme import font, theme

NAME_BELOW = 21  # px from the end of a plot to the name of its axis
BESIDE = 40  # px that a figure may stand beyond the end of its axis


class PlotAxis(pg.AxisItem):  # type: ignore[misc]
    """Figures and a name at one side, without a line or ticks. It paints itself only when one of these changes."""

    _bounds = QRectF()

    def __init__(self, side: Literal["left", "right", "bottom"], parent: QGraphicsItem) -> None:
        super().__init__(side, parent=parent, maxTickLength=0)
        self.enableAutoSIPrefix(False)  # before the name: it would count in thousandths
        self.setStyle(hideOverlappingLabels=BESIDE, autoExpandTextSpace=False, autoReduceTextSpace=False)
        self.setStyle(tickTextOffset=6 if side != "bottom" else 4)
        self._figures: Sequence[Tick] = ()
        self._name = ""
        self.label.document().setDocumentMargin(0)
        self.keep_picture(True)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setTickFont(font(11))
        self._measure = QFontMetricsF(font(11))
        self._write_name()
        self.restyle()

    def keep_picture(self, kept: bool) -> None:
        """Paint figures and name from the pictures that Qt keeps of them, or anew each time; the pictures are let go then."""
        mode = QGraphicsItem.CacheMode.DeviceCoordinateCache if kept else QGraphicsItem.CacheMode.NoCache
        for item in (self, self.label):
            item.setCacheMode(mode)

    def place(self, area: QRectF) -> None:
        """Put the axis there, in pixels of the plot."""
        if area != self.geometry():
            self.setGeometry(area)
            self.keep_picture(False)  # Qt goes on to show the picture of the old size, `update` or not
            self.keep_picture(True)

    @property
    def figures(self) -> Sequence[Tick]:
        return self._figures

    def set_figures(self, figures: Sequence[Tick]) -> None:
        if figures != self._figures:
            self._figures = figures
            self.update()

    @property
    def name(self) -> str:
        return self._name

    def set_name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self._write_name()

    def _write_name(self) -> None:
        self.setLabel(escape(self._name), **{"font-size": "11px", "color": theme().muted.name()})
        self.resizeEvent()  # its place follows its length

    def restyle(self) -> None:
        """In the colours of the theme in force."""
        self.setTextPen(theme().muted)  # writes the name in that colour too
        self.resizeEvent()

    def boundingRect(self) -> QRectF:
        """pyqtgraph's own puts it together from the styles, several times a frame: a third of what painting a graph takes."""
        return self._bounds

    def resizeEvent(self, event: object = None) -> None:
        """The name is in the middle of the axis, at its outer edge."""
        name = getattr(self, "label", None)
        if name is None:
            return
        across, up = (BESIDE, 0) if self.orientation == "bottom" else (0, BESIDE)
        self._bounds = QRectF(0, 0, self.size().width(), self.size().height()).adjusted(-across, -up, across, up)
        size, length, height = self.size(), name.boundingRect().width(), name.boundingRect().height()
        match self.orientation:
            case "bottom":
                name.setPos(round((size.width() - length) / 2), round(min(size.height() - height - 2, NAME_BELOW)))
            case "left":
                name.setPos(0, round((size.height() + length) / 2))
            case "right":
                name.setPos(round(size.width() - height), round((size.height() + length) / 2))

    def paint(self, painter: QPainter, *_: object) -> None:
        """The figures alone, no line and no ticks. pyqtgraph's own painting weighs many styles, which takes some ms."""
        (low, high), size, upright = self.range, self.size(), self.orientation != "bottom"
        length, span = (size.height() if upright else size.width()), (high - low) or 1.0
        beside, height = self.style["tickTextOffset"][0 if upright else 1], self._measure.height()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(self.style["tickFont"])
        painter.setPen(self.textPen())
        for at, text in self._figures:
            share, width = (at - low) / span, self._measure.horizontalAdvance(text)
            if not 0 <= share <= 1:
                continue
            if not upright:
                x, top = share * length - width / 2, float(beside)
                there = x >= -BESIDE and x + width <= length + BESIDE
            else:
                x, top = float(beside), (1 - share) * length - height / 2
                if self.orientation == "left":
                    x = size.width() - beside - width
                there = x >= 0 and x + width <= size.width()
            if there:
                painter.drawText(QPointF(round(x), round(top + self._measure.ascent())), text)


class GridLines(QGraphicsPathItem):
    """Thin lines across the plot at its figures, below everything."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(-100)
        self.restyle()

    def restyle(self) -> None:
        self.setPen(pen_of(theme().grid))

    def show_lines(self, x: Range, y: Range, *, at_x: Sequence[float] = (), at_y: Sequence[float] = ()) -> None:
        """Lines up at `at_x` and across at `at_y`, through all of the plot."""
        ends = [(place, place, *y) for place in at_x] + [(*x, place, place) for place in at_y]
        if not ends:
            self.setPath(QPainterPath())
            return
        lines = np.array(ends)
        self.setPath(pg.arrayToQPath(lines[:, :2].reshape(-1), lines[:, 2:].reshape(-1), connect="pairs", finiteCheck=False))
