"""The plane of a model's two inputs: what it answers everywhere as colours, the boundary between the classes, the lines of the
first layer's units, and the points of both parts.

Where the model is unsure the colour of the class fades into the ground, so nothing hangs on telling two hues apart; the classes
have shapes besides. The points are kept as pictures: a new answer repaints the colours below and the lines. Called by the
training lab's page of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QWidget

from engine.colours import viridis
from engine.figures import full_count
from engine.foundations.unit_functions import largest_of
from engine.judging.decision_plane import DecisionPlane, PlanePoints
from gui.plots.look import CORNERS, SmoothImage, pen_of, segments_path, shapes_path, wide_pen
from gui.plots.matrices.cell_keys import STRIDES, walked
from gui.plots.numbers.contour import zero_lines
from gui.plots.numbers.ranges import Range, value_ticks
from gui.plots.plot import Plot
from gui.shell.theme import theme

STRENGTH = 0.5  # of a class's colour where the model is certain
MOST_UNITS, FEW_UNITS = 64, 12  # whose lines are drawn; more than a few are drawn faintly
TRAINED_PX, JUDGED_PX, WRONG_PX = 3.2, 4.2, 4.2  # half a point's width, in a box of USUAL_PX
USUAL_PX, SMALLEST, LARGEST = 340.0, 0.6, 1.3  # of other boxes the points are so much smaller or larger, at most
MARGINS, LOW_MARGINS, LOW_PX = (40.0, 6.0, 6.0, 34.0), (28.0, 6.0, 4.0, 18.0), 190.0  # lower plots name no axes
MANY_WRONG = 200  # more crosses are thin ones, and have no edge
NEAR_PX = 6.0  # so near to a point the pointer means it
CROWD = 1500  # points of a part; more are drawn smaller
CROWDED = 0.7


def class_colour(number: int) -> QColor:
    """Of a class; the fifth has the first one's again, and another shape."""
    curves = theme().curves
    return curves[number % len(curves)]


def class_corners(number: int) -> npt.NDArray[np.float64]:
    """The corners of a class's shape."""
    return CORNERS[(number + number // len(CORNERS)) % len(CORNERS)]


class PlanePlot(Plot):
    """`set_plane` shows an answer. `place` is the cell of the grid under the pointer, or moved to by the arrow keys."""

    place_moved = Signal(object)  # (row, column), or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plane: DecisionPlane | None = None
        self._shows_units = True
        self._place: tuple[int, int] | None = None
        self._by_keys = False  # the arrow keys have moved it there
        self._drawn: _DrawnPoints | None = None  # what the points are of
        self.image = SmoothImage()
        self.box.addItem(self.image, ignoreBounds=True)
        self.units, self.boundary, self.spot = QGraphicsPathItem(), QGraphicsPathItem(), QGraphicsPathItem()
        self.wrong_halo, self.wrong = QGraphicsPathItem(), QGraphicsPathItem()
        for height, item in (
            (1, self.units), (2, self.boundary), (50, self.wrong_halo), (51, self.wrong), (60, self.spot),
        ):  # fmt: skip
            item.setZValue(height)
            self.add_item(item)
        self._points: list[QGraphicsPathItem] = []
        self.export_name = "decision boundary"
        self.grid.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.retranslate()
        self.restyle()

    def set_plane(self, plane: DecisionPlane | None) -> None:
        """Show an answer; None: nothing."""
        self.plane = plane
        if plane is None:
            self._place = None
        self.draw()

    def show_units(self, shown: bool) -> None:
        """Whether the lines are drawn at which the units of the first layer turn."""
        self._shows_units = shown
        self.draw()

    # --- places

    def _lay_out(self) -> None:
        """The box is a square: axes of one scale have circles round."""
        low = self.height() < LOW_PX
        self.margins = LOW_MARGINS if low else MARGINS
        self.set_axis_names("" if low else "x₁", "" if low else "x₂")
        super()._lay_out()
        area = self.area
        side = min(area.width(), area.height())
        square = QRectF(area.left() + max(area.width() - side, 0.0) / 2, area.top(), side, side)
        if square != area and side > 1:
            self.left.place(QRectF(square.left() - self.margins[0], square.top(), self.margins[0], side))
            self.bottom.place(QRectF(square.left(), square.bottom(), side, self.margins[3]))
            self.place_box(square)

    @property
    def place(self) -> tuple[int, int] | None:
        """Row and column of the grid under the cursor, the lowest row first."""
        return self._place

    def place_under(self, point: QPointF) -> tuple[int, int] | None:
        """The cell of the grid at a pixel of the widget."""
        if self.plane is None or not self.area.contains(point):
            return None
        (x, y), ((left, right), (low, high)) = self.place_at(point), self.limits
        rows, columns = len(self.plane.up), len(self.plane.across)
        return min(int((y - low) / (high - low) * rows), rows - 1), min(int((x - left) / (right - left) * columns), columns - 1)

    def middle_of(self, row: int, column: int) -> QPointF:
        """The pixel in the middle of a cell of the grid."""
        assert self.plane is not None
        return self.point_of(float(self.plane.across[column]), float(self.plane.up[row]))

    def point_near(self) -> tuple[bool, int] | None:
        """The point at the cursor: whether it validates, and its number in its part."""
        if self.plane is None or self._place is None:
            return None
        middle = self.plane.across[self._place[1]], self.plane.up[self._place[0]]
        best: tuple[float, bool, int] | None = None
        for judged, part in ((True, self.plane.validation), (False, self.plane.training)):
            if not len(part.places):
                continue
            apart = np.hypot(*((part.places - np.array(middle)) / np.array(self.pixel)).T)
            number = int(np.nan_to_num(apart, nan=np.inf).argmin())
            if apart[number] <= NEAR_PX and (best is None or apart[number] < best[0]):
                best = float(apart[number]), judged, number
        return None if best is None else best[1:]

    # --- drawing

    def draw(self) -> None:
        plane = self.plane
        lines = (self.units, self.boundary, self.wrong, self.wrong_halo, self.spot)
        items: tuple[QGraphicsItem, ...] = (self.image, *lines, *self._points)
        for item in items:
            item.setVisible(plane is not None)
        if plane is None:
            return
        x, y = plane.limits
        self.set_limits(x, y)
        self.set_figures(value_ticks(x, 0.6 * self.area.width()), value_ticks(y, self.area.height()))
        self.image.setImage(_colours(plane), autoLevels=False)
        self.image.setRect(QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0]))
        self._draw_points(plane)
        self._draw_lines(plane, x, y)
        self._draw_cursor()
        self._tell(plane)

    def _draw_points(self, plane: DecisionPlane) -> None:
        """The points stand still: they are drawn again where they, their room or their colours have changed."""
        pixel = self.pixel
        parts = (plane.training, plane.validation)
        drawn = _DrawnPoints(parts, self.limits, pixel, theme().dark)
        if not drawn.are(self._drawn):
            if self._drawn is None or drawn[1:] != self._drawn[1:]:
                self._let_go(0)  # the pictures that Qt keeps of the items are of another size
            self._drawn = drawn
            ends, count = plane_ends(plane), 0
            for judged, part in enumerate(parts):
                for number, colour, where in _groups(plane, part, ends):
                    self._draw_group(count, part, where, class_corners(number), colour, bool(judged), pixel)
                    count += 1
            self._let_go(count)
        crosses: list[npt.NDArray[np.float32]] = []
        if plane.task == "classification":
            crosses = [part.places[part.wrong] for part in parts]
        wrong = np.concatenate(crosses) if crosses else np.zeros((0, 2))
        path = _crosses(wrong.astype(np.float64), WRONG_PX * self._scale, pixel)
        self.wrong.setPath(path)
        many = len(wrong) > MANY_WRONG
        self.wrong_halo.setPath(QPainterPath() if many else path)
        pen = pen_of(theme().text) if many else wide_pen(theme().text, 1.8)
        if pen != self.wrong.pen():
            self.wrong.setPen(pen)

    @property
    def _scale(self) -> float:
        """Of the points."""
        return min(max(self.area.width() / USUAL_PX, SMALLEST), LARGEST)

    def _let_go(self, count: int) -> None:
        """Keep only the first `count` items of the points."""
        for item in self._points[count:]:
            self.box.removeItem(item)
        del self._points[count:]

    def _draw_group(
        self,
        count: int,
        part: PlanePoints,
        where: npt.NDArray[np.int64],
        corners: npt.NDArray[np.float64],
        colour: QColor,
        judged: bool,
        pixel: tuple[float, float],
    ) -> None:
        """Draw points that look alike with the item number `count`."""
        size = self._scale * (JUDGED_PX if judged else TRAINED_PX) * (CROWDED if len(part.places) > CROWD else 1.0)
        if count == len(self._points):
            made = QGraphicsPathItem()
            made.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self.add_item(made)
            self._points.append(made)
        item = self._points[count]
        item.setPath(shapes_path(part.places[where].astype(np.float64), size * corners, pixel))
        item.setBrush(theme().panel if judged else colour)
        outline = wide_pen(colour if judged else theme().panel, (1.8 if judged else 0.7) * self._scale)
        if outline != item.pen():
            item.setPen(outline)
        item.setZValue(20 if judged else 10)

    def _draw_lines(self, plane: DecisionPlane, x: Range, y: Range) -> None:
        boundary = np.zeros((0, 2, 2))
        if plane.task == "classification" and plane.is_finite:
            margins = np.moveaxis(plane.margins(), 2, 0)
            boundary = zero_lines(margins[1:] if len(margins) == 2 else margins, plane.across, plane.up)
        self.boundary.setPath(segments_path(boundary))
        lines = np.zeros((0, 2, 2))
        if self._shows_units and plane.units is not None:
            lines = unit_lines(plane.units[:MOST_UNITS], x, y)
        self.units.setPath(segments_path(lines))
        pen = pen_of(theme().text, dashes=(4, 3), opacity=0.7 if len(lines) <= FEW_UNITS else 0.3)
        if pen != self.units.pen():
            self.units.setPen(pen)

    def _draw_cursor(self) -> None:
        path = QPainterPath()
        if self.plane is not None and self._place is not None:
            row, column = self._place
            x, y = float(self.plane.across[column]), float(self.plane.up[row])
            across, up = (6 * share for share in self.pixel)
            path.addRect(QRectF(x - across, y - up, 2 * across, 2 * up))
        self.spot.setPath(path)

    def _tell(self, plane: DecisionPlane) -> None:
        if plane.task != "classification":
            return
        part = plane.validation
        right = full_count(int(len(part.places) - part.wrong.sum()))
        self.describe(self.tr("{right} of {total} validation points on their side of the boundary").format(
            right=right, total=full_count(len(part.places))
        ))  # fmt: skip

    def columns(self) -> dict[str, Sequence[object]]:
        """The grid as a table."""
        if self.plane is None:
            return {}
        plane = self.plane
        across, up = np.meshgrid(plane.across, plane.up)
        table: dict[str, Sequence[object]] = {"x1": across.ravel().tolist(), "x2": up.ravel().tolist()}
        names = plane.classes or ("output",)
        for number in range(plane.answers.shape[2]):
            name = names[number] if number < len(names) else str(number)
            table[f"answer {name}" if plane.classes else name] = plane.answers[:, :, number].ravel().tolist()
        return table

    def restyle(self) -> None:
        if hasattr(self, "wrong"):
            now = theme()
            for item, colour, width in (
                (self.boundary, now.text, 2.0),
                (self.wrong_halo, now.panel, 4.0),
                (self.spot, now.accent, 1.5),
            ):
                item.setPen(wide_pen(colour, width))
        super().restyle()

    # --- the cell under the cursor

    def _move_place(self, place: tuple[int, int] | None) -> None:
        if place != self._place:
            self._place = place
            self._draw_cursor()
            self.place_moved.emit(place)

    def moved(self, event: QMouseEvent) -> None:
        self._move_place(self.place_under(event.position()))
        self._by_keys = False

    def left_alone(self) -> None:
        """A place that the keys have gone to stays; the pointer takes its own along."""
        if not self._by_keys:
            self._move_place(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | frozenset(STRIDES)

    def key(self, event: QKeyEvent) -> bool:
        if self.plane is None:
            return False
        rows, columns = len(self.plane.up), len(self.plane.across)
        start = self._place if self._place is not None else (rows // 2, columns // 2)
        place = walked((rows - 1 - start[0], start[1]), event.key(), rows, columns)  # whose rows go downwards
        if place is None:
            return False
        self._move_place((rows - 1 - place[0], place[1]))
        self._by_keys = True
        return True

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Decision boundary"))


class _DrawnPoints(NamedTuple):
    """What decides how the points look."""

    parts: tuple[PlanePoints, PlanePoints]
    limits: tuple[Range, Range]
    pixel: tuple[float, float]
    dark: bool

    def are(self, other: _DrawnPoints | None) -> bool:
        """Whether those of `other` look the same."""
        if other is None or self[1:] != other[1:]:
            return False
        return all(
            np.array_equal(one.places, two.places, equal_nan=True) and np.array_equal(one.truth, two.truth)
            for one, two in zip(self.parts, other.parts, strict=True)
        )


def plane_ends(plane: DecisionPlane) -> Range:
    """The numbers of the first and the last colour of a regression: the smallest and the largest true one."""
    truth = np.concatenate([plane.training.truth, plane.validation.truth]).astype(np.float64)
    finite = truth[np.isfinite(truth)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _level(values: npt.NDArray[np.floating], ends: Range) -> npt.NDArray[np.int64]:
    """The numbers of the colours, 0 to 255."""
    share = np.nan_to_num((values - ends[0]) / (ends[1] - ends[0]), nan=0.0, posinf=1.0, neginf=0.0)
    found: npt.NDArray[np.int64] = np.clip(np.rint(255 * share), 0, 255).astype(np.int64)
    return found


def _channels(colours: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """0xffRRGGBB as (..., 3)."""
    return np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(np.uint8)


def _colours(plane: DecisionPlane) -> npt.NDArray[np.uint8]:
    """(rows, columns, 3) the colour of each cell. What is not finite is the ground's."""
    if plane.task != "classification":
        return _channels(viridis()[_level(plane.answers[:, :, 0], plane_ends(plane))])
    count = plane.answers.shape[2]
    least = 1.0 / count
    certainty = _level(largest_of(plane.answers)[:, :, 0], (least, 1.0))
    found: npt.NDArray[np.uint8] = _class_table(count).take(256 * plane.answers.argmax(axis=2) + certainty, axis=0)
    return found


def _class_table(count: int) -> npt.NDArray[np.uint8]:
    """(256 · count, 3): for each class 256 colours, from the ground's, where it is as likely as any other, to its own."""
    ground = _rgb(theme().panel)
    shares = STRENGTH * np.linspace(0.0, 1.0, 256)[:, None]
    rows = [ground + shares * (_rgb(class_colour(number)) - ground) for number in range(count)]
    found: npt.NDArray[np.uint8] = np.rint(np.concatenate(rows)).astype(np.uint8)
    return found


def _rgb(colour: QColor) -> npt.NDArray[np.float32]:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float32)


def _groups(plane: DecisionPlane, part: PlanePoints, ends: Range) -> list[tuple[int, QColor, npt.NDArray[np.int64]]]:
    """(the number of the shape, colour, which points) of the points that look alike: a class, or of a regression those with
    about the same number."""
    finite = np.isfinite(part.places).all(axis=1)
    if plane.task == "classification":
        classes = range(plane.answers.shape[2])
        return [(one, class_colour(one), np.flatnonzero(finite & (part.truth == one))) for one in classes]
    levels = _level(np.asarray(part.truth, np.float64), ends) // 16
    colours = viridis()
    return [
        (0, QColor.fromRgb(int(colours[min(16 * level + 8, 255)])), np.flatnonzero(finite & (levels == level)))
        for level in np.unique(levels).tolist()
    ]


def _crosses(places: npt.NDArray[np.float64], size: float, pixel: tuple[float, float]) -> QPainterPath:
    """Two lines across each place."""
    lines = np.array([[(-1.0, -1.0), (1.0, 1.0)], [(-1.0, 1.0), (1.0, -1.0)]]) * size * pixel
    return segments_path((places[:, None, None] + lines).reshape(-1, 2, 2))


def unit_lines(units: npt.NDArray[np.float64], x: Range, y: Range) -> npt.NDArray[np.float64]:
    """(lines, 2, 2): where w₁x₁ + w₂x₂ + b = 0 of those of the `units` (w₁, w₂, b) whose line meets the box, drawn to beyond
    its edge."""
    middle = np.array([(x[0] + x[1]) / 2, (y[0] + y[1]) / 2])
    reach = float(np.hypot(x[1] - x[0], y[1] - y[0]) / 2)
    weights, bias = units[:, :2], units[:, 2]
    length = np.hypot(weights[:, 0], weights[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        normal = weights / length[:, None]
        apart = (weights @ middle + bias) / length
    there = np.isfinite(apart) & np.isfinite(normal).all(axis=1) & (np.abs(apart) < reach)
    normal, apart = normal[there], apart[there]
    foot = middle - apart[:, None] * normal
    along = reach * np.stack([-normal[:, 1], normal[:, 0]], axis=1)
    return np.stack([foot - along, foot + along], axis=1)
