"""Points of a plane by class: samples of two numbers as they lie, each class with the colour and the shape that it has in the
plane of the answers, too. Called by the training lab's view of the data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from engine.figures import full_count
from gui.plots.look import pen_of, shapes_path
from gui.plots.matrices.plane_plot import class_colour, class_corners
from gui.plots.numbers.ranges import value_ticks
from gui.plots.plot import Plot
from gui.shell.theme import theme

POINT_PX = 3.4  # half a point's width
OVER = 0.06  # of the axes, beyond the outermost points
MOST_CLASSES = 16  # that colour and shape tell apart


class ClassPoints(Plot):
    """`set_points` shows points (N, 2) and the number of each one's class. Both axes have one scale: a ring is round."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: npt.NDArray[np.float64] = np.zeros((0, 2))
        self.labels: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._names: tuple[str, ...] = ()
        self._items: list[QGraphicsPathItem] = []
        self.restyle()

    def set_points(self, points: npt.ArrayLike, labels: npt.ArrayLike, names: Sequence[str]) -> None:
        """`names` are those of the classes."""
        self.points, self.labels = np.asarray(points, np.float64), np.asarray(labels, np.int64)
        self._names = tuple(names)[:MOST_CLASSES]
        for item in self._items:
            self.box.removeItem(item)
        self._items = [QGraphicsPathItem() for _ in self._names]
        for item in self._items:
            self.add_item(item)
        counts = (f"{name} {full_count(int((self.labels == label).sum()))}" for label, name in enumerate(self._names))
        self.describe(", ".join(counts))
        self.restyle()

    def columns(self) -> dict[str, list[object]]:
        if not len(self.points):
            return {}
        classes = [self._names[label] if label < len(self._names) else str(label) for label in self.labels.tolist()]
        return {"x1": self.points[:, 0].tolist(), "x2": self.points[:, 1].tolist(), "class": [*classes]}

    def draw(self) -> None:
        if not len(self.points):
            return
        finite = self.points[np.isfinite(self.points).all(axis=1)]
        low, high = finite.min(axis=0), finite.max(axis=0)
        middle, half = (low + high) / 2, max(float((high - low).max()) / 2, 1e-9) * (1 + OVER)
        area: QRectF = self.area
        shares = np.array([area.width(), area.height()]) / max(min(area.width(), area.height()), 1.0)  # one scale
        begin, end = middle - half * shares, middle + half * shares
        self.set_limits((float(begin[0]), float(end[0])), (float(begin[1]), float(end[1])))
        across, up = ((float(begin[axis]), float(end[axis])) for axis in (0, 1))
        self.set_figures(value_ticks(across, area.width()), value_ticks(up, area.height()))
        for label, item in enumerate(self._items):
            own = self.points[self.labels == label]
            item.setPath(shapes_path(own[np.isfinite(own).all(axis=1)], POINT_PX * class_corners(label), self.pixel))

    def restyle(self) -> None:
        for label, item in enumerate(self._items):
            item.setPen(pen_of(theme().panel))  # so that points that lie over each other can be told apart
            item.setBrush(class_colour(label))
        super().restyle()
