"""The items of a graph's lines, points, arrows, marks, handles and words, each drawn anew only where it shows something else
than before.

Called by the graph alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsSimpleTextItem

from gui.plots.graphs.graph_legend import LegendEntry
from gui.plots.graphs.graph_parts import (
    Beside,
    GraphArrow,
    GraphHandle,
    GraphLine,
    GraphMark,
    GraphPicture,
    GraphPoints,
    GraphText,
    GraphTone,
    GraphValues,
    PointShape,
)
from gui.plots.graphs.graph_paths import LongPath, PointsItem
from gui.plots.look import CORNERS, line_path, pen_of, segment, segments_path, shapes_path, wide_pen
from gui.plots.numbers.curve_data import PATTERNS
from gui.plots.numbers.ranges import Range
from gui.plots.numbers.reduction import Outline
from gui.shell.theme import font, theme

HANDLE_PX, HEAD_PX, DOT_PX = 6.5, 8.0, 2.8  # half a handle's width; an arrow's head; half the width of a line's dots
TEXT_GAP_PX = 6.0
MOST_DOTS = 100
FEW_POINTS, CROWDED = 200, 1000  # of a line whose pieces may be long; points of lines that other words count as
_CROSS = np.array([[(-1.0, -1.0), (1.0, 1.0)], [(-1.0, 1.0), (1.0, -1.0)]])
_CROSSED = 4.0 * np.array([(-1, -1), (0, 0), (-1, 1), (0, 0), (1, 1), (0, 0), (1, -1), (0, 0)])  # of the legend, as one shape
_BESIDE_X: tuple[Beside, ...] = ("right below", "left below", "right above", "left above")  # of the name of a mark along x
_BESIDE_Y: tuple[Beside, ...] = ("right above", "right below", "left above", "left below")
_SHAPE_NUMBER: dict[PointShape, int] = {"dot": 0, "square": 1, "triangle": 2, "diamond": 3, "cross": 0}

AxisPlaces: TypeAlias = tuple[GraphValues, GraphValues]  # as they lie on the axes, across and up
ItemT = TypeVar("ItemT", bound=QGraphicsItem)
PathItemT = TypeVar("PathItemT", bound=QGraphicsPathItem)


class GraphRoom(NamedTuple):
    """What is drawn into: the box in pixels of the widget, what its axes show (powers of ten on a logarithmic one), how much of
    them a pixel is, and whether the colours are those of the dark scheme."""

    area: QRectF
    limits: tuple[Range, Range]
    pixel: tuple[float, float]
    log_x: bool
    log_y: bool
    dark: bool

    def place_of(self, x: float, y: float) -> tuple[float, float]:
        """A place as it lies on the axes; no number where a logarithmic one has none."""
        return _on(x, self.log_x), _on(y, self.log_y)

    def pixel_of(self, x: float, y: float) -> QPointF:
        """The pixel of the widget."""
        across, up = self.place_of(x, y)
        (left, _), (low, _) = self.limits
        return QPointF(self.area.left() + (across - left) / self.pixel[0], self.area.bottom() - (up - low) / self.pixel[1])


def _on(value: float, log: bool) -> float:
    if not log:
        return float(value)
    return math.log10(value) if value > 0 else math.nan


def tone(colour: GraphTone) -> QColor:
    """A colour of the theme in force, or one of its own."""
    if isinstance(colour, int):
        return theme().curves[colour % len(theme().curves)]
    if colour.startswith("#"):
        return QColor(colour)
    found: QColor = getattr(theme(), colour)
    return found


class _Kept(Generic[ItemT]):
    """Items of one kind: so many as are asked for are shown, each with what it was last drawn from."""

    def __init__(self, make: Callable[[int], ItemT]) -> None:
        self._make = make
        self.items: list[ItemT] = []
        self._drawn: list[object] = []  # nothing yet, and after it was hidden: itself
        self._shown = 0

    def show(self, count: int) -> None:
        while len(self.items) < count:
            self.items.append(self._make(len(self.items)))
            self._drawn.append(self)
        for number in range(min(count, self._shown), max(count, self._shown)):
            self.items[number].setVisible(number < count)
            self._drawn[number] = self
        self._shown = count

    def is_new(self, number: int, wanted: object) -> bool:
        """Whether that item is to be drawn from something else than before, which it then takes for drawn."""
        if self._drawn[number] == wanted:
            return False
        self._drawn[number] = wanted
        return True


class GraphItems:
    """`draw` brings all items to a picture. `add` puts an item into the box of the axes, `words` carries those that are as
    large at every zoom."""

    def __init__(self, add: Callable[[QGraphicsItem], None], words: QGraphicsItem) -> None:
        self._add, self._words = add, words
        self._fills, self._marks, self._dots, self._arrows, self._handles = (
            _Kept(self._maker(height, QGraphicsPathItem)) for height in (-50, -20, 12, 40, 60)
        )
        self._lines, self._points = _Kept(self._maker(10, LongPath)), _Kept(self._maker(30, PointsItem))
        self._texts = _Kept(self._text)

    def _maker(self, height: float, kind: Callable[[], PathItemT]) -> Callable[[int], PathItemT]:
        def make(number: int) -> PathItemT:
            item = kind()
            item.setZValue(height + number / 100)
            self._add(item)
            return item

        return make

    def _text(self, _number: int) -> QGraphicsSimpleTextItem:
        item = _text_item("", self._words)
        item.setZValue(80)
        return item

    def draw(
        self,
        picture: GraphPicture,
        lines: Sequence[AxisPlaces],
        points: Sequence[AxisPlaces],
        view: GraphRoom,
        chosen: int | None,
    ) -> None:
        """`lines` and `points` are the picture's as they lie on the axes; `chosen` is the number of the handle that the keys
        move."""
        self._draw_lines(picture.lines, lines, view)
        self._draw_points(picture.points, points, view)
        self._draw_arrows(picture.arrows, view)
        self._draw_marks(picture.marks, view)
        self.draw_handles(picture.handles, view, chosen)
        self._draw_texts(picture, lines, points, view)

    def _draw_lines(self, wanted: Sequence[GraphLine], shown: Sequence[AxisPlaces], view: GraphRoom) -> None:
        for items in (self._lines, self._fills, self._dots):
            items.show(len(wanted))
        for number, (line, places) in enumerate(zip(wanted, shown, strict=True)):
            data = _data(places)
            outline: Outline | None = None
            if self._lines.is_new(number, data):
                outline = _outline(*places)
                self._lines.items[number].setPath(line_path(outline))
            _pen(self._lines.items[number], line_pen(line))
            low = self._floor(line, view)
            if self._fills.is_new(number, None if low is None else (data, low)):
                self._fills.items[number].setVisible(low is not None)
                if low is not None:
                    self._fills.items[number].setPath(_filled(outline or _outline(*places), low))
            if low is not None:
                _look(self._fills.items[number], _NO_PEN, tint_of(line.colour, view.dark))
            if self._dots.is_new(number, (data, line.dots, view.pixel)):
                outline = outline or _outline(*places)
                alone = np.arange(len(outline)) if line.dots else outline.alone
                self._dots.items[number].setVisible(len(alone) > 0)
                if len(alone):
                    self._dots.items[number].setPath(_dots_path(outline.x[alone], outline.y[alone], DOT_PX, view.pixel))
            _look(self._dots.items[number], _NO_PEN, brush_of(line.colour, view.dark))

    def _floor(self, line: GraphLine, view: GraphRoom) -> float | None:
        """The height down to which a line is filled, as it lies on the axis."""
        if line.filled_to is None:
            return None
        low = _on(line.filled_to, view.log_y)
        return low if math.isfinite(low) else view.limits[1][0]

    def _draw_points(self, wanted: Sequence[GraphPoints], shown: Sequence[AxisPlaces], view: GraphRoom) -> None:
        self._points.show(len(wanted))
        for number, (kind, (x, y)) in enumerate(zip(wanted, shown, strict=True)):
            item = self._points.items[number]
            if self._points.is_new(number, (_data((x, y)), kind.shape, kind.px, kind.hollow, view.pixel)):
                places = _places(x, y)
                item.setPath(_points_path(kind, places, view.pixel))
                rings = kind.hollow and kind.shape != "cross"
                item.set_rings(places if rings else None, _SHAPE_NUMBER[kind.shape], kind.px)
            _look(item, _point_pen(kind), _point_brush(kind))

    def _draw_arrows(self, wanted: Sequence[GraphArrow], view: GraphRoom) -> None:
        self._arrows.show(len(wanted))
        for number, arrow in enumerate(wanted):
            item = self._arrows.items[number]
            if self._arrows.is_new(number, (arrow, view)):
                tail = np.array(view.place_of(arrow.x, arrow.y))
                tip = np.array(view.place_of(arrow.x + arrow.dx, arrow.y + arrow.dy))
                item.setPath(_arrow_path(tail, tip, view.pixel))
                pen = wide_pen(tone(arrow.colour), arrow.width)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                _pen(item, pen)

    def _draw_marks(self, wanted: Sequence[GraphMark], view: GraphRoom) -> None:
        self._marks.show(len(wanted))
        (left, right), (low, high) = view.limits
        for number, mark in enumerate(wanted):
            item, across = self._marks.items[number], mark.along == "x"
            if self._marks.is_new(number, (mark.at, across, view.limits, view.log_x, view.log_y)):
                at = _on(mark.at, view.log_x if across else view.log_y)
                ends = (at, low, at, high) if across else (left, at, right, at)
                item.setPath(segment(*ends) if math.isfinite(at) else QPainterPath())
            _pen(item, _mark_pen(mark.colour, view.dark))

    def draw_handles(self, wanted: Sequence[GraphHandle], view: GraphRoom, chosen: int | None) -> None:
        """Of many handles only those that are moved, or chosen, are drawn again."""
        self._handles.show(len(wanted))
        for number, handle in enumerate(wanted):
            own = number == chosen
            if self._handles.is_new(number, (handle, own, view)):
                item, (x, y) = self._handles.items[number], view.place_of(handle.x, handle.y)
                seen = math.isfinite(x) and math.isfinite(y)
                item.setPath(_dots_path([x], [y], HANDLE_PX, view.pixel) if seen else QPainterPath())
                _look(item, _outline_pen("text" if own else "panel", 2.0, view.dark), brush_of(handle.colour, view.dark))

    def _draw_texts(
        self, picture: GraphPicture, lines: Sequence[AxisPlaces], points: Sequence[AxisPlaces], view: GraphRoom
    ) -> None:
        """Words stand at pixels: they are as large at every zoom."""
        words, names = _words(picture, points, view), _names(picture.marks, view)
        self._texts.show(len(words) + len(names))
        for number, word in enumerate(words):
            if self._texts.is_new(number, (word, view)):
                _place_text(self._texts.items[number], word, _text_area(word, view))
        drawn = (
            [*(_pixels(places, view) for places in lines), *(_mark_pixels(mark, view) for mark in picture.marks)]
            if names
            else []
        )
        taken = [area for word in words if (area := _text_area(word, view)) is not None] if names else []
        for number, places in enumerate(names, len(words)):
            word, area = _free_place(places, view, drawn, taken)
            if self._texts.is_new(number, (word, area, view.dark)):
                _place_text(self._texts.items[number], word, area)
            if area is not None:
                taken.append(area)


def _words(picture: GraphPicture, shown: Sequence[AxisPlaces], view: GraphRoom) -> list[GraphText]:
    """The picture's words, and the labels of its points."""
    words = list(picture.texts)
    for kind, (x, y) in zip(picture.points, shown, strict=True):
        if kind.labels:
            places = zip(kind.labels, 10**x if view.log_x else x, 10**y if view.log_y else y, strict=False)
            words += [GraphText(name, float(one), float(two), "muted") for name, one, two in places if name]
    return words


def _names(marks: Sequence[GraphMark], view: GraphRoom) -> list[list[GraphText]]:
    """The names of marks, each with the places that it may have, the usual one first."""
    (left, right), (low, high) = view.limits
    across = (10**left, 10**right) if view.log_x else (left, right)
    up = (10**high, 10**low) if view.log_y else (high, low)
    found = []
    for mark in marks:
        if mark.name and mark.along == "x":
            found.append([GraphText(mark.name, mark.at, up[at // 2], mark.colour, side) for at, side in enumerate(_BESIDE_X)])
        elif mark.name:
            found.append(
                [GraphText(mark.name, across[at // 2], mark.at, mark.colour, side) for at, side in enumerate(_BESIDE_Y)]
            )
    return found


def _pixels(places: AxisPlaces, view: GraphRoom) -> GraphValues:
    """(points, 2) a line in pixels of the widget, with a point every few pixels."""
    (left, _), (low, _) = view.limits
    x = view.area.left() + (places[0] - left) / view.pixel[0]
    y = view.area.bottom() - (places[1] - low) / view.pixel[1]
    if 1 < len(x) < FEW_POINTS:  # long pieces may lead through a name without a point in it
        share = np.linspace(0, len(x) - 1, FEW_POINTS)
        x, y = np.interp(share, np.arange(len(x)), x), np.interp(share, np.arange(len(y)), y)
    return np.stack([x, y], axis=1)


def _mark_pixels(mark: GraphMark, view: GraphRoom) -> GraphValues:
    """The same of a mark: no name stands on one, its own included."""
    area, limits = view.area, view.limits
    if mark.along == "x":
        at = area.left() + (_on(mark.at, view.log_x) - limits[0][0]) / view.pixel[0]
        return np.stack([np.full(FEW_POINTS, at), np.linspace(area.top(), area.bottom(), FEW_POINTS)], axis=1)
    at = area.bottom() - (_on(mark.at, view.log_y) - limits[1][0]) / view.pixel[1]
    return np.stack([np.linspace(area.left(), area.right(), FEW_POINTS), np.full(FEW_POINTS, at)], axis=1)


def _free_place(
    places: Sequence[GraphText], view: GraphRoom, lines: Sequence[GraphValues], taken: Sequence[QRectF]
) -> tuple[GraphText, QRectF | None]:
    """The first of the places of a name through which the fewest points of lines lead, and on no other words."""
    found: list[tuple[int, int, QRectF]] = []
    for number, place in enumerate(places):
        area = _text_area(place, view)
        if area is None:
            continue
        crossed = sum(_inside(line, area) for line in lines) + CROWDED * sum(area.intersects(other) for other in taken)
        found.append((crossed, number, area))
        if not crossed:
            break
    if not found:
        return places[0], None
    _, number, area = min(found, key=lambda each: each[:2])
    return places[number], area


def _inside(points: GraphValues, area: QRectF) -> int:
    with np.errstate(invalid="ignore"):
        x = (points[:, 0] > area.left()) & (points[:, 0] < area.right())
        return int((x & (points[:, 1] > area.top()) & (points[:, 1] < area.bottom())).sum())


def _text_area(word: GraphText, view: GraphRoom) -> QRectF | None:
    """Where a word stands, in pixels of the widget; None where its place is outside."""
    at, area, (width, height) = view.pixel_of(word.x, word.y), view.area, _text_size(word.text)
    if not area.adjusted(-1, -1, 1, 1).contains(at):
        return None
    across, _, up = word.beside.partition(" ")
    x = {"right": TEXT_GAP_PX, "left": -width - TEXT_GAP_PX}.get(across, -width / 2)
    far = TEXT_GAP_PX / 2 if up else TEXT_GAP_PX
    y = {"above": -height - far, "below": far}.get(up or across, -height / 2)
    x = min(max(at.x() + x, area.left() + 2), max(area.right() - width - 2, area.left() + 2))
    y = min(max(at.y() + y, area.top()), max(area.bottom() - height, area.top()))
    return QRectF(round(x), round(y), width, height)


@lru_cache(maxsize=1024)
def _text_size(text: str) -> tuple[float, float]:
    size = _text_item(text).boundingRect().size()
    return size.width(), size.height()


def _text_item(text: str, parent: QGraphicsItem | None = None) -> QGraphicsSimpleTextItem:
    item = QGraphicsSimpleTextItem(text, parent)
    item.setFont(font(11))
    return item


def _place_text(item: QGraphicsSimpleTextItem, word: GraphText, area: QRectF | None) -> None:
    item.setVisible(area is not None)
    if area is None:
        return
    if item.text() != word.text:
        item.setText(word.text)
    brush = brush_of(word.colour, theme().dark)
    if item.brush() != brush:
        item.setBrush(brush)
    item.setPos(area.topLeft())


# --- the legend


def look_of(picture: GraphPicture) -> tuple[object, ...]:
    """What the legend follows from: names, and how their samples look."""
    if not picture.legend:
        return ()
    return (
        *((line.name, line.colour, line.dashed, line.width, line.opacity) for line in picture.lines if line.name),
        *((kind.name, kind.colour, kind.shape, kind.px, kind.hollow) for kind in picture.points if kind.name),
        *((arrow.name, arrow.colour, arrow.width) for arrow in picture.arrows if arrow.name),
    )


def legend_entries(picture: GraphPicture) -> list[LegendEntry]:
    """Of each name its first line, kind of point or arrow."""
    if not picture.legend:
        return []
    nothing = QBrush(Qt.BrushStyle.NoBrush)
    found = [LegendEntry(line.name, line_pen(line), nothing) for line in picture.lines if line.name]
    for kind in picture.points:
        if kind.name:
            corners = _CROSSED if kind.shape == "cross" else _corners(kind)
            found.append(LegendEntry(kind.name, _point_pen(kind), _point_brush(kind), corners))
    arrows = {arrow.name: arrow for arrow in picture.arrows if arrow.name}
    found += [LegendEntry(name, wide_pen(tone(arrow.colour), arrow.width), nothing) for name, arrow in arrows.items()]
    seen: dict[str, LegendEntry] = {}
    for entry in found:
        seen.setdefault(entry.name, entry)
    return list(seen.values())


# --- looks: made once for each scheme


def line_pen(line: GraphLine) -> QPen:
    return _line_pen(line.colour, line.dashed, line.width, line.opacity, theme().dark)


@lru_cache(maxsize=512)
def _line_pen(colour: GraphTone, dashed: int, width: float, opacity: float, _dark: bool) -> QPen:
    if not dashed and isinstance(colour, int):
        dashed = (colour // len(theme().curves)) % len(PATTERNS)
    pen = pen_of(tone(colour), dashes=PATTERNS[dashed % len(PATTERNS)], opacity=opacity)
    pen.setWidthF(width)
    return pen


@lru_cache(maxsize=64)
def _mark_pen(colour: GraphTone, _dark: bool) -> QPen:
    return pen_of(tone(colour), dashes=(4.0, 3.0))


@lru_cache(maxsize=64)
def brush_of(colour: GraphTone, _dark: bool) -> QBrush:
    return QBrush(tone(colour))


@lru_cache(maxsize=64)
def tint_of(colour: GraphTone, _dark: bool) -> QBrush:
    tint = QColor(tone(colour))
    tint.setAlphaF(0.15)
    return QBrush(tint)


@lru_cache(maxsize=64)
def _shape_corners(shape: PointShape, px: float) -> GraphValues:
    found: GraphValues = px * CORNERS[_SHAPE_NUMBER[shape]]
    return found


def _corners(kind: GraphPoints) -> GraphValues:
    return _shape_corners(kind.shape, kind.px)


def _point_pen(kind: GraphPoints) -> QPen:
    line = kind.shape == "cross" or kind.hollow
    return _outline_pen(kind.colour if line else "panel", 1.8 if line else 0.8, theme().dark)


@lru_cache(maxsize=64)
def _outline_pen(colour: GraphTone, width: float, _dark: bool) -> QPen:
    return wide_pen(tone(colour), width)


def _point_brush(kind: GraphPoints) -> QBrush:
    if kind.shape == "cross":
        return _NO_BRUSH
    return brush_of("panel" if kind.hollow else kind.colour, theme().dark)


_NO_PEN, _NO_BRUSH = QPen(Qt.PenStyle.NoPen), QBrush(Qt.BrushStyle.NoBrush)


def _pen(item: QGraphicsPathItem, pen: QPen) -> None:
    """A new pen is a new layout, also where it is the same."""
    if pen != item.pen():
        item.setPen(pen)


def _look(item: QGraphicsPathItem, pen: QPen, brush: QBrush) -> None:
    """The same of a shape: setting a brush paints it anew."""
    _pen(item, pen)
    if brush != item.brush():
        item.setBrush(brush)


# --- paths


def _data(places: AxisPlaces) -> tuple[bytes, bytes]:
    """What is compared of a line's or point's places: also no numbers are the same as before."""
    return places[0].tobytes(), places[1].tobytes()


def _outline(x: GraphValues, y: GraphValues) -> Outline:
    there = np.isfinite(x) & np.isfinite(y)
    if there.all():
        return Outline(x, y)
    joined: npt.NDArray[Any] = np.ones(len(x), bool)
    joined[:-1] = there[1:]
    return Outline(x[there], y[there], joined[there])


def _dots_path(x: Iterable[float], y: Iterable[float], px: float, pixel: tuple[float, float]) -> QPainterPath:
    """A dot at each place: of few, faster than all corners at once."""
    path, dot = QPainterPath(), _dot(px, pixel)
    path.setFillRule(Qt.FillRule.WindingFill)
    for one, two in zip(x, y, strict=True):
        path.addPath(dot.translated(one, two))
    return path


@lru_cache(maxsize=64)
def _dot(px: float, pixel: tuple[float, float]) -> QPainterPath:
    """Around 0."""
    return shapes_path(np.zeros((1, 2)), px * CORNERS[0], pixel)


def _places(x: GraphValues, y: GraphValues) -> GraphValues:
    """(count, 2) those that are numbers."""
    there = np.isfinite(x) & np.isfinite(y)
    return np.stack([x[there], y[there]], axis=1)


def _points_path(kind: GraphPoints, places: GraphValues, pixel: tuple[float, float]) -> QPainterPath:
    if kind.shape == "dot" and len(places) <= MOST_DOTS:
        return _dots_path(places[:, 0], places[:, 1], kind.px, pixel)
    if kind.shape == "cross":
        return segments_path((places[:, None, None] + _CROSS * kind.px * pixel).reshape(-1, 2, 2))
    return shapes_path(places, _corners(kind), pixel)


def _filled(outline: Outline, low: float) -> QPainterPath:
    path = QPainterPath()
    if len(outline):
        path = line_path(Outline(outline.x, outline.y))
        path.lineTo(float(outline.x[-1]), low)
        path.lineTo(float(outline.x[0]), low)
        path.closeSubpath()
    return path


def _arrow_path(tail: GraphValues, tip: GraphValues, pixel: tuple[float, float]) -> QPainterPath:
    """A line with two strokes at its tip; where it is shorter than these, it is so much smaller."""
    scale = np.array(pixel)
    along = (tip - tail) / scale
    length = float(np.hypot(*along))
    if not np.isfinite(length) or length < 0.5:
        return QPainterPath()
    back, side = along / length, np.array([-along[1], along[0]]) / length
    head = min(HEAD_PX, 0.6 * length)
    strokes = [tip + (-back * head + side * head * 0.5) * scale, tip + (-back * head - side * head * 0.5) * scale]
    return segments_path(np.array([[tail, tip], [strokes[0], tip], [strokes[1], tip]]))
