"""How plots look: pens of one pixel, colours and type of the theme, and the small shapes that mark a place.

The one module beside `gui.plots.plot` and `gui.plots.plot_axes` that speaks pyqtgraph's own language. Called by the plots.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.plots.numbers.curve_data import PATTERNS
from gui.plots.numbers.reduction import Outline, Places
from gui.shell.theme import theme

pg.setConfigOption("exitCleanup", False)  # the program leaves by itself; it would search all objects for items

MarkShape = Literal["dot", "cross", "down", "up"]

FAINT = 0.3
_QUARTERS = np.arange(4) * (np.pi / 2)
_TWELFTHS = np.arange(12) * (np.pi / 6)
# the corners of closed shapes, around 0 and about 1 in radius: those of the classes of a plane, by number
CORNERS: tuple[Places, ...] = (
    np.stack((np.cos(_TWELFTHS), np.sin(_TWELFTHS)), axis=1),
    0.9 * np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]),
    1.2 * np.array([(0.0, 1.0), (-0.9, -0.75), (0.9, -0.75)]),
    1.25 * np.stack((np.cos(_QUARTERS), np.sin(_QUARTERS)), axis=1),
)
_AROUND = np.arange(8) * (np.pi / 4) + np.pi / 8
# in pixels around the place, upwards: the corners of closed shapes; of the cross, the ends of its two lines
_SHAPES: dict[MarkShape, Places] = {
    "dot": 2.8 * np.stack((np.cos(_AROUND), np.sin(_AROUND)), axis=1),
    "cross": np.array([(-3.5, 3.0), (3.5, 10.0), (-3.5, 10.0), (3.5, 3.0)]),
    "down": np.array([(-4.0, 7.0), (4.0, 7.0), (0.0, 0.0)]),
    "up": np.array([(-4.0, -7.0), (4.0, -7.0), (0.0, 0.0)]),
}


class SmoothImage(pg.ImageItem):  # type: ignore[misc]
    """An image, the first row first, whose colours go over into each other from cell to cell."""

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")

    def paint(self, painter: QPainter, *arguments: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *arguments)


def pen_of(colour: QColor, *, dashes: Sequence[float] = (), opacity: float = 1.0) -> QPen:
    """A line of one pixel, whatever the scale. Of width 0: the same pixel as width 1, at half the cost."""
    seen = QColor(colour)
    seen.setAlphaF(opacity)
    pen = QPen(seen, 0)
    pen.setCosmetic(True)
    if dashes:
        pen.setDashPattern(list(dashes))
    return pen


def curve_pen(number: int, *, dashed: int = False, opacity: float = 1.0) -> QPen:
    """The pen of the curve in the colour of that number; `dashed`, or with the dashes of that number."""
    return pen_of(theme().curves[number], dashes=PATTERNS[dashed], opacity=opacity)


def wide_pen(colour: QColor, width: float) -> QPen:
    """A line of so many pixels, whatever the scale."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


def line_path(outline: Outline) -> QPainterPath:
    """The lines of an outline, open where it is."""
    joined = "all" if outline.joined is None else outline.joined.astype(np.int32)
    path: QPainterPath = pg.arrayToQPath(outline.x, outline.y, connect=joined, finiteCheck=False)
    return path


def segment(x1: float, y1: float, x2: float, y2: float) -> QPainterPath:
    """One straight line."""
    path = QPainterPath(QPointF(x1, y1))
    path.lineTo(x2, y2)
    return path


def shape_path(shape: MarkShape, x: Places, y: Places, pixel: tuple[float, float]) -> QPainterPath:
    """One mark at each place. `pixel`: how much of the axes a pixel is, so that marks are as large at every zoom."""
    if len(x) == 0:
        return QPainterPath()
    corners = _SHAPES[shape] * pixel
    if shape == "cross":
        joins = np.array([1, 0, 1, 0], np.int32)
    else:
        corners = np.vstack((corners, corners[:1]))
        joins = np.array([1] * (len(corners) - 1) + [0], np.int32)
    across = (x[:, None] + corners[:, 0]).reshape(-1)
    up = (np.broadcast_to(y, x.shape)[:, None] + corners[:, 1]).reshape(-1)
    path: QPainterPath = pg.arrayToQPath(across, up, connect=np.tile(joins, len(x)), finiteCheck=False)
    return path


def shapes_path(places: Places, corners: Places, pixel: tuple[float, float]) -> QPainterPath:
    """One closed shape at each of the places (count, 2); `corners` are pixels around it."""
    return _at_places(places, (corners,), pixel)


def rings_path(places: Places, corners: Places, radius: float, width: float, pixel: tuple[float, float]) -> QPainterPath:
    """The closed line of such a shape of that radius at each of the places, as an area to be filled."""
    half = width / 2 / radius
    return _at_places(places, ((1 + half) * corners, (1 - half) * corners[::-1]), pixel)


def _at_places(places: Places, outlines: Sequence[Places], pixel: tuple[float, float]) -> QPainterPath:
    """The closed outlines, in pixels, around each of the places. What an outline of the other direction surrounds is a hole."""
    if not len(places):
        return QPainterPath()
    closed = np.vstack([corner for outline in outlines for corner in (outline, outline[:1])]) * pixel
    ends = (places[:, None] + closed).reshape(-1, 2)
    joins = np.tile(np.array([join for outline in outlines for join in [1] * len(outline) + [0]], np.int32), len(places))
    path: QPainterPath = pg.arrayToQPath(ends[:, 0].copy(), ends[:, 1].copy(), connect=joins, finiteCheck=False)
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def segments_path(lines: Places) -> QPainterPath:
    """Straight lines (count, 2, 2): both ends of each."""
    if not len(lines):
        return QPainterPath()
    ends = lines.reshape(-1, 2)
    path: QPainterPath = pg.arrayToQPath(ends[:, 0].copy(), ends[:, 1].copy(), connect="pairs", finiteCheck=False)
    return path


def ribbon_path(x: Places, low: Places, high: Places) -> QPainterPath:
    """The area between two lines, closed."""
    if len(x) == 0:
        return QPainterPath()
    across, up = np.concatenate((x, x[::-1])), np.concatenate((high, low[::-1]))
    path: QPainterPath = pg.arrayToQPath(across, up, connect="all", finiteCheck=False)
    path.closeSubpath()
    return path


def bars_path(left: Places, right: Places, bottom: Places, top: Places) -> QPainterPath:
    """Rectangles."""
    if len(left) == 0:
        return QPainterPath()
    across = np.stack((left, left, right, right, left), axis=1).reshape(-1)
    up = np.stack((bottom, top, top, bottom, bottom), axis=1).reshape(-1)
    joins = np.tile(np.array([1, 1, 1, 1, 0], np.int32), len(left))
    path: QPainterPath = pg.arrayToQPath(across, up, connect=joins, finiteCheck=False)
    return path
