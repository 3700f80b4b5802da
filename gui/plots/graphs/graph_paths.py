"""Long lines, and points of one kind, each as one item. Called by the graph alone."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.look import CORNERS, shapes_path

_NO_PEN = QPen(Qt.PenStyle.NoPen)


class LongPath(QGraphicsPathItem):
    """A path whose bounds are those of its points: Qt strokes all of it for them, which takes longer than to paint it. The view
    paints two pixels more than the bounds."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()

    def setPath(self, path: QPainterPath) -> None:
        super().setPath(path)
        self._bounds = path.controlPointRect()  # now: the path before is asked for its own

    def boundingRect(self) -> QRectF:
        return self._bounds


class PointsItem(LongPath):
    """A path of many shapes. Rings are painted one after the other: as one path 300 of them take 19 ms, and so less than 2."""

    def __init__(self) -> None:
        super().__init__()
        self._rings: tuple[npt.NDArray[np.float64], int, float] | None = None

    def set_rings(self, places: npt.NDArray[np.float64] | None, shape: int = 0, px: float = 1.0) -> None:
        """The path is a ring at each of the places (count, 2), with the corners of that number; None: it is no rings."""
        self._rings = None if places is None else (places, shape, px)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._rings is None:
            super().paint(painter, option, widget)
            return
        places, shape, px = self._rings
        width = self.pen().widthF() / painter.device().devicePixelRatio()  # a cosmetic pen counts the screen's pixels
        inside, line = _ring(shape, px, width)
        to_pixels = painter.worldTransform()
        pixels = places * (to_pixels.m11(), to_pixels.m22()) + (to_pixels.dx(), to_pixels.dy())
        steps = np.diff(pixels, axis=0, prepend=0.0).tolist()
        painter.save()
        painter.setPen(_NO_PEN)
        for path, brush in ((inside, self.brush()), (line, QBrush(self.pen().color()))):
            painter.resetTransform()
            painter.setBrush(brush)
            for across, down in steps:
                painter.translate(across, down)
                painter.drawPath(path)
        painter.restore()


@lru_cache(maxsize=64)
def _ring(shape: int, px: float, width: float) -> tuple[QPainterPath, QPainterPath]:
    """The area of a shape around 0, in pixels, and that of the line around it, as Qt strokes it."""
    inside = shapes_path(np.zeros((1, 2)), px * CORNERS[shape], (1.0, -1.0))  # pixels are counted downwards
    stroker = QPainterPathStroker(QPen(Qt.GlobalColor.black, width))
    return inside, stroker.createStroke(inside)
