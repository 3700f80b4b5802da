"""The units of a layer as squares: the brighter, the more samples of the batch they answer to; a dead one is crossed out.

Called by the page of dead units.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.figures import full_count, measured
from engine.foundations.unit_functions import RealArray
from gui.shell.theme import restyle_when_seen, theme

GAP_PX, LARGEST_PX, HEIGHT_PX = 3.0, 44.0, 96


@lru_cache(maxsize=8)
def grid_of(count: int, width: int, height: int) -> tuple[int, float]:
    """The columns with which so many squares are largest in a room, and how large they are with their gap."""
    best = (count, 0.0)
    for rows in range(1, count + 1):
        columns = -(-count // rows)
        side = min(width / columns, height / rows, LARGEST_PX)
        if side > best[1]:
            best = (columns, side)
    return best


class UnitSquares(QWidget):
    """`show_units` shows for each unit in how many of `samples` it answers with more than 0, and its largest sum."""

    def __init__(self) -> None:
        super().__init__()
        self._fires: Sequence[int] = ()
        self._largest: Sequence[float] = ()
        self._samples = 1
        self.setMinimumHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        restyle_when_seen(self, self.restyle)

    def restyle(self) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT_PX)

    def show_units(self, sums: RealArray) -> None:
        """`sums` (S, U) are what the units read before the ReLU."""
        self._samples = len(sums)
        self._fires = np.count_nonzero(sums > 0, axis=0).tolist()
        self._largest = sums.max(axis=0).tolist()
        dead = self._fires.count(0)
        self.setAccessibleName(self.tr("Units of the layer"))
        said = self.tr("{dead} of {units} units answer 0 to every sample")
        self.setAccessibleDescription(said.format(dead=dead, units=len(self._fires)))
        self.update()

    def _grid(self) -> tuple[int, float]:
        """How many squares stand in a row, and how large each is with its gap."""
        return grid_of(max(len(self._fires), 1), self.width(), self.height())

    def place_of(self, unit: int) -> QRectF:
        """The square of a unit, counted from 0."""
        columns, side = self._grid()
        row, column = divmod(unit, columns)
        return QRectF(column * side, row * side, side - GAP_PX, side - GAP_PX)

    def told_at(self, point: QPointF) -> str:
        """What the tooltip says of a place."""
        columns, side = self._grid()
        column, row = int(point.x() // side), int(point.y() // side)
        unit = row * columns + column
        if not (0 <= column < columns and 0 <= unit < len(self._fires)):
            return ""
        fires = self._fires[unit]
        if not fires:
            said = self.tr("Unit {unit}: dead. Its largest sum is {sum}.")
            return said.format(unit=unit + 1, sum=measured(self._largest[unit]))
        said = self.tr("Unit {unit}: above 0 for {fires} of {samples} samples, largest sum {sum}")
        return said.format(
            unit=unit + 1, fires=full_count(fires), samples=full_count(self._samples), sum=measured(self._largest[unit])
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        now, (columns, side) = theme(), self._grid()
        inside, crosses, frames = side - GAP_PX, list[QLineF](), list[QRectF]()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tint = QColor(now.curves[0])
        for unit, fires in enumerate(self._fires):
            x, y = unit % columns * side, unit // columns * side
            if fires:
                tint.setAlphaF(0.12 + 0.88 * fires / self._samples)
                painter.setBrush(tint)
                painter.drawRoundedRect(QRectF(x, y, inside, inside), 2, 2)
                continue
            left, top, right, low = x + 0.8, y + 0.8, x + inside - 0.8, y + inside - 0.8
            frames.append(QRectF(left, top, right - left, low - top))
            crosses += (QLineF(left, top, right, low), QLineF(right, top, left, low))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(now.warn, 1.4))
        painter.drawRects(frames)
        painter.drawLines(crosses)  # one path of them all would be many times dearer
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        text = self.told_at(event.position())
        if text:
            QToolTip.showText(event.globalPosition().toPoint(), text, self)
        else:
            QToolTip.hideText()
