"""Points with names in a plane, to one scale in both directions: one is chosen, some are its neighbours.

Called by the sequence lab's page of embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsSimpleTextItem, QToolTip, QWidget

from gui.plots.look import pen_of, shape_path
from gui.plots.numbers.ranges import nice_unit, value_ticks
from gui.plots.plot import Plot
from gui.shell.theme import font, theme

MOST_NAMES = 80  # written beside their points; of the others the pointer tells
MOST_NAMED = 200  # points: in a denser cloud only the chosen one and its neighbours have names
NEAR_PX = 14.0  # so near to a point the pointer means it
AROUND = 0.06  # of the axes: room around the outermost points
WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
PARTS = 8  # of an axis, of which its limits are multiples: so they move seldom


class NamedPoints(Plot):
    """`set_points` shows them. A click, or the arrow keys from point to point, chooses one."""

    point_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: npt.NDArray[np.float64] = np.zeros((0, 2))
        self._names: Sequence[str] = ()
        self._chosen: int | None = None
        self._near: tuple[int, ...] = ()
        self._dots, self._near_dots, self._chosen_dot = QGraphicsPathItem(), QGraphicsPathItem(), QGraphicsPathItem()
        for height, item in enumerate((self._dots, self._near_dots, self._chosen_dot)):
            item.setZValue(10 * height)
            self.add_item(item)
        self._texts: list[QGraphicsSimpleTextItem] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.restyle()

    def set_points(
        self, points: npt.ArrayLike, names: Sequence[str], chosen: int | None = None, near: Sequence[int] = ()
    ) -> None:
        """`points` (V, 2), one a name. `near` are the chosen one's neighbours."""
        self._points, self._names = np.asarray(points, np.float64).reshape(-1, 2), names
        self._chosen = chosen if chosen is not None and chosen < len(self._points) else None
        self._near = tuple(number for number in near if number < len(self._points))
        told = [] if self._chosen is None else [names[self._chosen], *(names[number] for number in self._near)]
        self.describe(", ".join(told))
        self.draw()

    @property
    def points(self) -> npt.NDArray[np.float64]:
        return self._points

    def columns(self) -> dict[str, list[object]]:
        if not len(self._points):
            return {}
        return {"name": [*self._names], "x": [*self._points[:, 0].tolist()], "y": [*self._points[:, 1].tolist()]}

    # --- drawing

    def draw(self) -> None:
        self._limit()
        there = _finite(self._points)
        special = {*self._near, *(() if self._chosen is None else (self._chosen,))}
        self._dots.setPath(self._at([number for number in np.flatnonzero(there).tolist() if number not in special]))
        self._near_dots.setPath(self._at([number for number in self._near if there[number]]))
        self._chosen_dot.setPath(self._at([self._chosen] if self._chosen is not None and there[self._chosen] else []))
        self._write_names(there)

    def _limit(self) -> None:
        """To one scale, around all points; on whole steps, so that the picture does not breathe while points move."""
        area = self.area
        finite = self._points[_finite(self._points)]
        if not len(finite):
            finite = np.zeros((1, 2))
        low, high = finite.min(axis=0), finite.max(axis=0)
        per_pixel = max(*((high - low) * (1 + 2 * AROUND) / (area.width(), area.height())), 1e-9)
        unit = nice_unit(per_pixel * min(area.width(), area.height()) / PARTS)
        edges = [(floor(low[k] / unit - AROUND) * unit, ceil(high[k] / unit + AROUND) * unit) for k in (0, 1)]
        per_pixel = max((edges[0][1] - edges[0][0]) / area.width(), (edges[1][1] - edges[1][0]) / area.height())
        middle = [(one + other) / 2 for one, other in edges]
        half = per_pixel * area.width() / 2, per_pixel * area.height() / 2
        x, y = (middle[0] - half[0], middle[0] + half[0]), (middle[1] - half[1], middle[1] + half[1])
        self.set_limits(x, y)
        self.set_figures(value_ticks(x, 0.6 * area.width()), value_ticks(y, area.height()), grid_up=True)

    def _at(self, numbers: Sequence[int]) -> QPainterPath:
        points = self._points[list(numbers)]
        path = shape_path("dot", points[:, 0], points[:, 1], self.pixel)
        path.setFillRule(Qt.FillRule.WindingFill)
        return path

    def _write_names(self, there: npt.NDArray[np.bool_]) -> None:
        """The chosen one's first, then its neighbours', then those of the others that cover no name."""
        measure = QFontMetricsF(font(11))
        order = [*(() if self._chosen is None else (self._chosen,)), *self._near]
        if len(self._points) <= MOST_NAMED:
            order += [number for number in range(len(self._points)) if number not in set(order)]
        taken, used = list[QRectF](), 0
        for number in order:
            if used >= MOST_NAMES:
                break
            if not there[number]:
                continue
            at, name = self.point_of(*self._points[number]), self._names[number]
            place = QRectF(at.x() + 5, at.y() - measure.height() / 2, measure.horizontalAdvance(name), measure.height())
            if place.right() > self.width():
                place.moveRight(at.x() - 5)
            if any(place.intersects(other) for other in taken):
                continue
            taken.append(place)
            text = self._text(used)
            text.setText(name)
            text.setPos(round(place.left()), round(place.top()))
            now = theme()
            text.setBrush(now.accent if number == self._chosen else now.text if number in self._near else now.muted)
            text.show()
            used += 1
        for text in self._texts[used:]:
            text.hide()

    def _text(self, number: int) -> QGraphicsSimpleTextItem:
        if number == len(self._texts):
            made = QGraphicsSimpleTextItem(self.centralWidget)  # type: ignore[attr-defined]
            made.setFont(font(11))
            self._texts.append(made)
        return self._texts[number]

    def names_shown(self) -> list[str]:
        """The names that are written, the most important first."""
        return [text.text() for text in self._texts if text.isVisible()]

    def restyle(self) -> None:
        now = theme()
        for item, colour in ((self._dots, now.muted), (self._near_dots, now.curves[0]), (self._chosen_dot, now.window)):
            item.setPen(pen_of(colour) if item is not self._dots else QPen(Qt.PenStyle.NoPen))
            item.setBrush(colour)
        super().restyle()

    # --- mouse and keys

    def nearest(self, point: QPointF) -> int | None:
        """The point that the pointer means."""
        if not len(self._points):
            return None
        x, y = self.place_at(point)
        across, up = self.pixel
        distances = np.hypot((self._points[:, 0] - x) / across, (self._points[:, 1] - y) / up)
        number = int(np.nanargmin(distances)) if np.isfinite(distances).any() else 0
        return number if distances[number] <= NEAR_PX else None

    def moved(self, event: QMouseEvent) -> None:
        number = self.nearest(event.position())
        if number is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self._names[number], self)

    def pressed(self, event: QMouseEvent) -> None:
        number = self.nearest(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.point_chosen.emit(number)

    def left_alone(self) -> None:
        QToolTip.hideText()

    def keys(self) -> frozenset[int]:
        return super().keys() | frozenset(WAYS)

    def key(self, event: QKeyEvent) -> bool:
        way = WAYS.get(Qt.Key(event.key()))
        if way is None or not len(self._points):
            return False
        if self._chosen is None:
            self.point_chosen.emit(0)
            return True
        apart = self._points - self._points[self._chosen]
        along, beside = apart @ np.array(way), np.abs(apart @ np.array([way[1], way[0]]))
        beyond = np.where((along > 1e-12) & (beside <= along), np.hypot(along, beside), np.inf)
        if np.isfinite(beyond).any():
            self.point_chosen.emit(int(beyond.argmin()))
        return True


def _finite(points: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Whether both coordinates are finite, (V,)"""
    return np.asarray(np.isfinite(points).all(axis=1))
