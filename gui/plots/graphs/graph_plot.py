"""A graph over real numbers: lines, points, arrows, contours over a coloured field, and places that are moved by hand.

`show_picture` brings the screen to a frozen GraphPicture; what is the same as before is not drawn again. Called by the boards
of the foundations lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsSimpleTextItem, QToolTip, QWidget

from engine.figures import measured
from gui.plots.graphs.graph_field import contours, field_colours, place_of, value_at
from gui.plots.graphs.graph_legend import GraphLegend, LegendEntry
from gui.plots.graphs.graph_parts import (
    GraphArrow,
    GraphField,
    GraphHandle,
    GraphLine,
    GraphPicture,
    GraphPoints,
    GraphText,
    GraphTone,
    GraphValues,
    PointShape,
    on_axis,
)
from gui.plots.look import CORNERS, SmoothImage, line_path, pen_of, segments_path, shapes_path, wide_pen
from gui.plots.numbers.curve_data import PATTERNS
from gui.plots.numbers.ranges import Range, Tick, log_limits, power_ticks, value_limits, value_ticks
from gui.plots.numbers.reduction import Outline
from gui.plots.plot import Plot
from gui.shell.theme import font, theme

GRAB_PX = 14.0  # so near to a handle the pointer means it
HANDLE_PX, HEAD_PX = 6.5, 8.0  # half a handle's width; an arrow's head
OVER = 0.04  # of an axis whose limits follow the data
STEPS = 100  # from one end of an axis to the other, by the arrow keys; with Shift ten of them at once
LEGEND_GAP_PX = 6.0
TEXT_GAP_PX = 6.0
_CROSS = np.array([[(-1.0, -1.0), (1.0, 1.0)], [(-1.0, 1.0), (1.0, -1.0)]])
_CROSSED = 4.0 * np.array([(-1, -1), (0, 0), (-1, 1), (0, 0), (1, 1), (0, 0), (1, -1), (0, 0)])  # of the legend, as one shape
_SHAPE_NUMBER: dict[PointShape, int] = {"dot": 0, "square": 1, "triangle": 2, "diamond": 3, "cross": 0}
_STRIDES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}


def tone(colour: GraphTone) -> QColor:
    """A colour of the theme in force, or one of its own."""
    if isinstance(colour, int):
        return theme().curves[colour % len(theme().curves)]
    if colour.startswith("#"):
        return QColor(colour)
    found: QColor = getattr(theme(), colour)
    return found


class GraphPlot(Plot):
    """Shows a GraphPicture. What the user does comes back as signals; places are those of the axes."""

    handle_moved = Signal(str, float, float)  # its key, and where it would go
    handle_released = Signal(str)
    clicked = Signal(float, float)  # on the graph, and on no handle
    removed = Signal(float, float)  # the same with the right button while `takes_removal`, and Delete on the chosen handle
    cursor_moved = Signal(object)  # the place along x under the pointer, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = GraphPicture()
        self.takes_removal = False
        self._image = SmoothImage()
        self.box.addItem(self._image, ignoreBounds=True)
        self._image.setZValue(-150)
        self._image.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # scaling it smoothly takes the most of a frame
        self._contours = self._path_item(-140)
        self._pools: dict[str, list[QGraphicsPathItem]] = {}
        self._texts: list[QGraphicsSimpleTextItem] = []
        self._legend = GraphLegend(self.centralWidget)  # type: ignore[attr-defined]
        self._field: tuple[GraphField | None, bool] = (None, False)  # what the image shows, and whether in the dark
        self._handles_drawn: dict[int, object] = {}  # what each handle was last drawn from
        self._chosen = 0  # the number of the handle that the keys move
        self._held: tuple[str, QPointF] | None = None  # the handle under the button, and how far beside it was pressed
        self._pressed_at: QPointF | None = None
        self.export_name = "graph"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.restyle()

    def _path_item(self, height: float) -> QGraphicsPathItem:
        item = QGraphicsPathItem()
        item.setZValue(height)
        self.add_item(item)
        return item

    def show_picture(self, picture: GraphPicture) -> None:
        """Show it; nothing is emitted."""
        names = tuple(entry.name for entry in self._entries(picture))
        relaid = (picture.square, names) != (self.picture.square, self._legend.names)
        self.picture = picture
        self._chosen = min(self._chosen, max(len(picture.handles) - 1, 0))
        self.set_axis_names(picture.x_name, picture.y_name)
        if relaid:
            self._lay_out()
        self.draw()

    # --- places

    def _lay_out(self) -> None:
        picture = getattr(self, "picture", None)
        if picture is None:
            super()._lay_out()
            return
        left, top, right, bottom = self.margins
        height = self._place_legend(left, top, right)
        self.margins = (left, top + height, right, bottom)
        super()._lay_out()
        self.margins = (left, top, right, bottom)
        if picture.square:
            self._make_square()

    def _place_legend(self, left: float, top: float, right: float) -> float:
        """Lay the legend out; returns the height that it takes."""
        width = max(self.width() - left - right, 1.0)
        self._legend.set_entries(self._entries(self.picture), width)
        self._legend.setPos(left, top)
        return self._legend.height + LEGEND_GAP_PX if self._legend.height else 0.0

    def _make_square(self) -> None:
        """Make the box as high as wide, in the middle of its room: with axes of equal length circles are round."""
        area = self.area
        side = min(area.width(), area.height())
        square = QRectF(area.left() + (area.width() - side) / 2, area.top(), side, side)
        if side > 1 and square != area:
            left, _, _, bottom = self.margins
            self.left.place(QRectF(square.left() - left, square.top(), left, side))
            self.bottom.place(QRectF(square.left(), square.bottom(), side, bottom))
            self.box.setGeometry(square)
            self._legend.setPos(max(min(square.left(), area.right() - self._legend.needed), area.left()), self._legend.y())

    def value_at(self, point: QPointF) -> tuple[float, float]:
        """The place under a pixel of the widget, also on logarithmic axes."""
        x, y = self.place_at(point)
        return 10**x if self.picture.log_x else x, 10**y if self.picture.log_y else y

    def pixel_of(self, x: float, y: float) -> QPointF:
        """The pixel of a place, also on logarithmic axes."""
        return self.point_of(float(on_axis(x, log=self.picture.log_x)[0]), float(on_axis(y, log=self.picture.log_y)[0]))

    # --- drawing

    def draw(self) -> None:
        if not hasattr(self, "_texts"):
            return
        picture = self.picture
        lines = [(on_axis(line.x, log=picture.log_x), on_axis(line.y, log=picture.log_y)) for line in picture.lines]
        points = [(on_axis(each.x, log=picture.log_x), on_axis(each.y, log=picture.log_y)) for each in picture.points]
        x, y = self._axes(picture, [*lines, *points])
        self.set_limits(x, y)
        area = self.area
        across, up = (
            _ticks(picture.x_ticks, x, 0.6 * area.width(), picture.log_x),
            _ticks(picture.y_ticks, y, area.height(), picture.log_y),
        )
        self.set_figures(across, up, grid_up=True)
        self.grid.setVisible(picture.field is None)
        self._draw_field(picture.field)
        self._draw_lines(picture, lines)
        self._draw_points(picture, points)
        self._draw_arrows(picture.arrows)
        self._draw_marks(picture)
        self._draw_handles(picture)
        self._draw_texts(picture, points)
        self._tell()

    def _axes(self, picture: GraphPicture, shown: Sequence[tuple[GraphValues, GraphValues]]) -> tuple[Range, Range]:
        """What the axes show: what is asked for, or all that there is."""
        limits = []
        for number, (asked, log) in enumerate(((picture.x, picture.log_x), (picture.y, picture.log_y))):
            if asked is not None:
                ends = on_axis(asked, log=log)
                limits.append((float(ends[0]), float(ends[1])))
                continue
            values = np.concatenate([pair[number] for pair in shown]) if shown else np.zeros(0)
            values = values[np.isfinite(values)]
            low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
            if log:
                limits.append(log_limits(10**low, 10**high))
                continue
            low, high = value_limits(low, high) if number else (low, high if high > low else low + 1.0)
            over = OVER * (high - low)
            limits.append((low - over / 2, high + over))
        return limits[0], limits[1]

    def _draw_field(self, field: GraphField | None) -> None:
        self._image.setVisible(field is not None)
        self._contours.setVisible(field is not None and bool(field.levels))
        wanted = (field, theme().dark)
        if field is None or wanted == self._field:
            self._field = wanted
            return
        self._field = wanted
        self._image.setImage(field_colours(field), autoLevels=False)
        self._image.setRect(place_of(field))
        self._contours.setPath(segments_path(contours(field)))
        self._contours.setPen(pen_of(theme().text, opacity=0.35))

    def _draw_lines(self, picture: GraphPicture, shown: Sequence[tuple[GraphValues, GraphValues]]) -> None:
        items = self._items("line", len(picture.lines), 10)
        fills = self._items("fill", len(picture.lines), -50)
        dots = self._items("line_dots", len(picture.lines), 12)
        for line, (x, y), item, fill, dot in zip(picture.lines, shown, items, fills, dots, strict=True):
            there = np.isfinite(x) & np.isfinite(y)
            joined = np.ones(len(x), bool)
            joined[:-1] = there[1:]
            outline = Outline(x[there], y[there], joined[there])
            item.setPath(line_path(outline))
            _pen(item, _line_pen(line))
            fill.setVisible(line.filled_to is not None)
            if line.filled_to is not None:
                low = float(on_axis(line.filled_to, log=picture.log_y)[0])
                low = low if np.isfinite(low) else self.limits[1][0]
                fill.setPath(_filled(outline, low))
                tint = QColor(tone(line.colour))
                tint.setAlphaF(0.15)
                fill.setPen(QPen(Qt.PenStyle.NoPen))
                fill.setBrush(tint)
            alone = np.arange(len(outline)) if line.dots else outline.alone
            dot.setPath(shapes_path(np.stack([outline.x[alone], outline.y[alone]], axis=1), 2.8 * CORNERS[0], self.pixel))
            dot.setPen(QPen(Qt.PenStyle.NoPen))
            dot.setBrush(tone(line.colour))

    def _draw_points(self, picture: GraphPicture, shown: Sequence[tuple[GraphValues, GraphValues]]) -> None:
        for kind, (x, y), item in zip(picture.points, shown, self._items("points", len(picture.points), 30), strict=True):
            there = np.isfinite(x) & np.isfinite(y)
            places = np.stack([x[there], y[there]], axis=1)
            if kind.shape == "cross":
                lines = _CROSS * kind.px * self.pixel
                item.setPath(segments_path((places[:, None, None] + lines).reshape(-1, 2, 2)))
            else:
                item.setPath(shapes_path(places, _corners(kind), self.pixel))
            _pen(item, _point_pen(kind))
            item.setBrush(_point_brush(kind))

    def _draw_arrows(self, arrows: Sequence[GraphArrow]) -> None:
        log_x, log_y = self.picture.log_x, self.picture.log_y
        for arrow, item in zip(arrows, self._items("arrow", len(arrows), 40), strict=True):
            tail = np.array([on_axis(arrow.x, log=log_x)[0], on_axis(arrow.y, log=log_y)[0]])
            tip = np.array([on_axis(arrow.x + arrow.dx, log=log_x)[0], on_axis(arrow.y + arrow.dy, log=log_y)[0]])
            item.setPath(_arrow_path(tail, tip, self.pixel))
            pen = wide_pen(tone(arrow.colour), arrow.width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            _pen(item, pen)

    def _draw_marks(self, picture: GraphPicture) -> None:
        (left, right), (low, high) = self.limits
        for mark, item in zip(picture.marks, self._items("mark", len(picture.marks), -20), strict=True):
            at = float(on_axis(mark.at, log=picture.log_x if mark.along == "x" else picture.log_y)[0])
            ends = ((at, low), (at, high)) if mark.along == "x" else ((left, at), (right, at))
            item.setPath(segments_path(np.array([ends])) if np.isfinite(at) else QPainterPath())
            _pen(item, pen_of(tone(mark.colour), dashes=(4.0, 3.0)))

    def _draw_handles(self, picture: GraphPicture) -> None:
        axes, focused = (picture.log_x, picture.log_y, self.pixel, self.limits, theme()), self.hasFocus()
        for number, (handle, item) in enumerate(
            zip(picture.handles, self._items("handle", len(picture.handles), 60), strict=True)
        ):
            chosen = number == self._chosen and focused
            wanted = (handle, chosen, axes)
            if self._handles_drawn.get(number) == wanted:
                continue  # of many handles only the one that is moved
            self._handles_drawn[number] = wanted
            place = np.array([[on_axis(handle.x, log=picture.log_x)[0], on_axis(handle.y, log=picture.log_y)[0]]])
            item.setPath(shapes_path(place[np.isfinite(place).all(axis=1)], HANDLE_PX * CORNERS[0], self.pixel))
            _pen(item, wide_pen(theme().text if chosen else theme().panel, 2.0))
            item.setBrush(tone(handle.colour))

    def _draw_texts(self, picture: GraphPicture, shown: Sequence[tuple[GraphValues, GraphValues]]) -> None:
        """Words stand at pixels: they are as large at every zoom."""
        words = list(picture.texts)
        for kind, (x, y) in zip(picture.points, shown, strict=True):
            places = zip(kind.labels, 10**x if picture.log_x else x, 10**y if picture.log_y else y, strict=False)
            words += [GraphText(name, float(one), float(two), "muted") for name, one, two in places if name]
        (left, _), (_, high) = self.limits
        for mark in picture.marks:
            if mark.name and mark.along == "x":
                top = 10**high if picture.log_y else high
                words.append(GraphText(mark.name, mark.at, top, mark.colour, "right below"))
            elif mark.name:
                end = 10**left if picture.log_x else left
                words.append(GraphText(mark.name, end, mark.at, mark.colour, "right above"))
        while len(self._texts) < len(words):
            item = QGraphicsSimpleTextItem(self.centralWidget)  # type: ignore[attr-defined]
            item.setFont(font(11))
            item.setZValue(80)
            self._texts.append(item)
        for item, word in zip_longest(self._texts, words):
            item.setVisible(word is not None)
            if word is not None:
                self._place_text(item, word)

    def _place_text(self, item: QGraphicsSimpleTextItem, word: GraphText) -> None:
        if item.text() != word.text:
            item.setText(word.text)
        item.setBrush(tone(word.colour))
        at, area, size = self.pixel_of(word.x, word.y), self.area, item.boundingRect()
        inside = area.adjusted(-1, -1, 1, 1).contains(at)
        item.setVisible(inside)
        if not inside:
            return
        across, _, up = word.beside.partition(" ")
        x = {"right": TEXT_GAP_PX, "left": -size.width() - TEXT_GAP_PX}.get(across, -size.width() / 2)
        far = TEXT_GAP_PX / 2 if up else TEXT_GAP_PX
        y = {"above": -size.height() - far, "below": far}.get(up or across, -size.height() / 2)
        x = min(max(at.x() + x, area.left() + 2), max(area.right() - size.width() - 2, area.left() + 2))
        y = min(max(at.y() + y, area.top()), max(area.bottom() - size.height(), area.top()))
        item.setPos(round(x), round(y))

    def _items(self, kind: str, count: int, height: float) -> list[QGraphicsPathItem]:
        """So many items of a kind; those that are left over are hidden."""
        pool = self._pools.setdefault(kind, [])
        while len(pool) < count:
            pool.append(self._path_item(height + len(pool) / 100))
        for number, item in enumerate(pool):
            item.setVisible(number < count)
        return pool[:count]

    # --- legend, table, words

    def _entries(self, picture: GraphPicture) -> list[LegendEntry]:
        if not picture.legend:
            return []
        nothing = QBrush(Qt.BrushStyle.NoBrush)
        found = [LegendEntry(line.name, _line_pen(line), nothing) for line in picture.lines if line.name]
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

    @property
    def legend(self) -> tuple[str, ...]:
        """The names in the legend."""
        return self._legend.names

    def columns(self) -> dict[str, list[object]]:
        """Every line and kind of point with two columns of its own."""
        shown: list[tuple[str, npt.ArrayLike, npt.ArrayLike]] = [
            *((line.name or f"line {number + 1}", line.x, line.y) for number, line in enumerate(self.picture.lines)),
            *((kind.name or f"points {number + 1}", kind.x, kind.y) for number, kind in enumerate(self.picture.points)),
        ]
        pairs: dict[str, list[object]] = {}
        for name, x, y in shown:
            unique = name if f"{name} x" not in pairs else f"{name} {len(pairs)}"
            pairs[f"{unique} x"] = np.atleast_1d(np.asarray(x, np.float64)).tolist()
            pairs[f"{unique} y"] = np.atleast_1d(np.asarray(y, np.float64)).tolist()
        longest = max((len(column) for column in pairs.values()), default=0)
        return {name: [*column, *[None] * (longest - len(column))] for name, column in pairs.items()} if longest else {}

    def _tell(self) -> None:
        """Tell a screen reader the places of the handles, and where each line ends."""
        told = [f"{each.name} ({measured(each.x)}, {measured(each.y)})" for each in self.picture.handles]
        for line in self.picture.lines:
            y = np.atleast_1d(np.asarray(line.y, np.float64))
            if line.name and len(y) and np.isfinite(y[-1]):
                told.append(f"{line.name} {measured(float(y[-1]))}")
        self.describe(", ".join(told))

    def told_at(self, x: float, y: float) -> str:
        """What the tooltip says of a place."""
        if self.picture.tip is not None:
            return self.picture.tip(x, y)
        heights = ((line.name, _height_at(line, x)) for line in self.picture.lines if line.told and line.name)
        rows = [f"{name}  {measured(height)}" for name, height in heights if height is not None]
        field = self.picture.field
        if field is not None and (found := value_at(field, x, y)) is not None:
            rows.append(f"({measured(x, 3)}, {measured(y, 3)})  {measured(found)}")
        elif rows:
            rows.insert(0, f"{self.picture.x_name or 'x'} = {measured(x, 3)}")
        return "\n".join(rows)

    # --- the mouse

    def handle_near(self, point: QPointF) -> GraphHandle | None:
        """The handle under a pixel of the widget."""
        best, found = GRAB_PX, None
        for handle in self.picture.handles:
            apart = self.pixel_of(handle.x, handle.y) - point
            length = float(np.hypot(apart.x(), apart.y()))
            if length <= best:
                best, found = length, handle
        return found

    def pressed(self, event: QMouseEvent) -> None:
        handle = self.handle_near(event.position())
        if event.button() == Qt.MouseButton.RightButton:
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at = event.position()
        if handle is not None:
            self._held = handle.key, self.pixel_of(handle.x, handle.y) - event.position()
            self._chosen = self.picture.handles.index(handle)
            self._draw_handles(self.picture)

    def moved(self, event: QMouseEvent) -> None:
        if self._held is not None:
            key, beside = self._held
            self._move(key, *self.value_at(event.position() + beside))
            return
        if not self.area.contains(event.position()):
            self.left_alone()
            return
        near = self.handle_near(event.position())
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if near is None else Qt.CursorShape.OpenHandCursor)
        x, y = self.value_at(event.position())
        text = self.told_at(x, y)
        QToolTip.showText(event.globalPosition().toPoint(), text, self)
        self.cursor_moved.emit(x)

    def _move(self, key: str, x: float, y: float) -> None:
        """Ask for a handle to be moved, inside of the axes."""
        handle = next((each for each in self.picture.handles if each.key == key), None)
        if handle is None:
            return
        (left, right), (low, high) = self.limits
        ends_x = (10**left, 10**right) if self.picture.log_x else (left, right)
        ends_y = (10**low, 10**high) if self.picture.log_y else (low, high)
        x = handle.x if handle.moves == "y" else min(max(x, ends_x[0]), ends_x[1])
        y = handle.y if handle.moves == "x" else min(max(y, ends_y[0]), ends_y[1])
        self.handle_moved.emit(key, x, y)

    def released(self, event: QMouseEvent) -> None:
        held, self._held = self._held, None
        began, self._pressed_at = self._pressed_at, None
        if held is not None:
            self.handle_released.emit(held[0])
            return
        at = event.position()
        if began is not None and self.area.contains(at) and (at - began).manhattanLength() < GRAB_PX:
            self.clicked.emit(*self.value_at(at))

    def contextMenuEvent(self, event: object) -> None:
        """With `takes_removal` the right button on a handle takes it away; elsewhere it opens the menu."""
        from PySide6.QtGui import QContextMenuEvent

        assert isinstance(event, QContextMenuEvent)
        handle = self.handle_near(QPointF(event.pos()))
        if self.takes_removal and handle is not None and event.reason() == QContextMenuEvent.Reason.Mouse:
            self.removed.emit(handle.x, handle.y)
            event.accept()
        else:
            super().contextMenuEvent(event)

    def left_alone(self) -> None:
        self.viewport().unsetCursor()
        QToolTip.hideText()
        self.cursor_moved.emit(None)

    # --- the keyboard

    def keys(self) -> frozenset[int]:
        return frozenset((*_STRIDES, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete))

    def key(self, event: QKeyEvent) -> bool:
        handles, key = self.picture.handles, Qt.Key(event.key())
        if not handles or event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        handle = handles[self._chosen]
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._chosen = (self._chosen + (1 if key == Qt.Key.Key_PageDown else -1)) % len(handles)
            self._draw_handles(self.picture)
            return True
        if key == Qt.Key.Key_Delete and self.takes_removal:
            self.removed.emit(handle.x, handle.y)
            return True
        if key not in _STRIDES:
            return False
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        across, up = _STRIDES[key]
        (left, right), (low, high) = self.limits
        x = float(on_axis(handle.x, log=self.picture.log_x)[0]) + across * far * (right - left) / STEPS
        y = float(on_axis(handle.y, log=self.picture.log_y)[0]) + up * far * (high - low) / STEPS
        self._move(handle.key, 10**x if self.picture.log_x else x, 10**y if self.picture.log_y else y)
        self.handle_released.emit(handle.key)
        return True

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self._draw_handles(self.picture)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._draw_handles(self.picture)

    def restyle(self) -> None:
        if hasattr(self, "_texts"):
            self._field = (None, False)
            self._lay_out()  # the legend is in the colours, too
        super().restyle()


def _ticks(given: Sequence[Tick] | None, limits: Range, room: float, log: bool) -> Sequence[Tick]:
    if given is not None:
        return given
    return power_ticks(limits, room) if log else value_ticks(limits, room)


# --- looks


def _line_pen(line: GraphLine) -> QPen:
    own = line.dashed
    if not own and isinstance(line.colour, int):
        own = (line.colour // len(theme().curves)) % len(PATTERNS)
    pen = pen_of(tone(line.colour), dashes=PATTERNS[own % len(PATTERNS)], opacity=line.opacity)
    pen.setWidthF(line.width)
    return pen


def _corners(kind: GraphPoints) -> GraphValues:
    found: GraphValues = kind.px * CORNERS[_SHAPE_NUMBER[kind.shape]]
    return found


def _point_pen(kind: GraphPoints) -> QPen:
    if kind.shape == "cross" or kind.hollow:
        return wide_pen(tone(kind.colour), 1.8)
    return wide_pen(theme().panel, 0.8)


def _point_brush(kind: GraphPoints) -> QBrush:
    if kind.shape == "cross":
        return QBrush(Qt.BrushStyle.NoBrush)
    return QBrush(theme().panel if kind.hollow else tone(kind.colour))


def _pen(item: QGraphicsPathItem, pen: QPen) -> None:
    """A new pen is a new layout, also where it is the same."""
    if pen != item.pen():
        item.setPen(pen)


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


def _height_at(line: GraphLine, x: float) -> float | None:
    """The line's height over a place, between its points in a straight line; None where it has none."""
    across, up = np.atleast_1d(np.asarray(line.x, np.float64)), np.atleast_1d(np.asarray(line.y, np.float64))
    if len(across) < 2 or np.any(np.diff(across) < 0) or not across[0] <= x <= across[-1]:
        return None
    found = float(np.interp(x, across, up))
    return found if np.isfinite(found) else None
