"""A graph over real numbers: lines, points, arrows, contours over a coloured field, and places that are moved by hand.

`show_picture` brings the screen to a frozen GraphPicture; what is the same as before is not drawn again. Called by the boards
of the foundations lab.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QToolTip, QWidget

from engine.figures import measured
from gui.plots.graphs.graph_field import contours, field_colours, place_of, value_at
from gui.plots.graphs.graph_items import GraphItems, GraphRoom, legend_entries, look_of
from gui.plots.graphs.graph_legend import GraphLegend
from gui.plots.graphs.graph_parts import GraphField, GraphHandle, GraphLine, GraphPicture, GraphValues, on_axis
from gui.plots.look import SmoothImage, pen_of, segments_path
from gui.plots.numbers.ranges import Range, Tick, log_limits, power_ticks, value_limits, value_ticks
from gui.plots.plot import KeptPicture, Plot
from gui.shell.theme import theme

GRAB_PX = 14.0  # so near to a handle the pointer means it
OVER = 0.04  # of an axis whose limits follow the data
STEPS = 100  # from one end of an axis to the other, by the arrow keys; with Shift ten of them at once
LEGEND_GAP_PX = 6.0
TOLD_MS = 250  # a screen reader hears where a graph has come to rest
_STRIDES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}


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
        self._items = GraphItems(self.add_item, self.centralWidget)  # type: ignore[attr-defined]
        self._legend = GraphLegend(self.centralWidget)  # type: ignore[attr-defined]
        self._legend_look: tuple[object, ...] = ()
        self._figures_drawn: object = None  # what axes and grid were last drawn from
        self._field: tuple[GraphField | None, bool] = (None, False)  # what the image shows, and whether in the dark
        self._chosen = 0  # the number of the handle that the keys move
        self._held: tuple[str, QPointF] | None = None  # the handle under the button, and how far beside it was pressed
        self._pressed_at: QPointF | None = None
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(TOLD_MS)
        self._telling.timeout.connect(self._tell)
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
        look, relaid = look_of(picture), picture.square != self.picture.square
        self._chosen = self._followed(picture)
        new_look, self.picture, self._legend_look = look != self._legend_look, picture, look
        self.set_axis_names(picture.x_name, picture.y_name)
        if new_look:
            height = self._legend.height
            self._place_legend(*self.margins[:3])
            relaid = relaid or picture.square or self._legend.height != height
        if relaid:
            self._lay_out()
        self.draw()

    def _followed(self, picture: GraphPicture) -> int:
        """The number in `picture` of the handle that is chosen: one that has just been added is, where a click has added it."""
        before, keys = [each.key for each in self.picture.handles], [each.key for each in picture.handles]
        added = [key for key in keys if key not in before]
        if len(added) == 1 and before and self.hasFocus():
            return keys.index(added[0])
        chosen = before[self._chosen] if self._chosen < len(before) else ""
        return keys.index(chosen) if chosen in keys else min(self._chosen, max(len(keys) - 1, 0))

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
        self._legend.set_entries(legend_entries(self.picture), width)
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
            self.place_box(square)
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
        if not hasattr(self, "_telling"):
            return
        picture = self.picture
        lines = [(on_axis(line.x, log=picture.log_x), on_axis(line.y, log=picture.log_y)) for line in picture.lines]
        points = [(on_axis(each.x, log=picture.log_x), on_axis(each.y, log=picture.log_y)) for each in picture.points]
        x, y = self._axes(picture, [*lines, *points])
        self.set_limits(x, y)
        view = self._view()
        self._draw_figures(picture, view)
        self._draw_field(picture.field)
        self._items.draw(picture, lines, points, view, self._chosen if self.hasFocus() else None)
        self._telling.start()

    def _view(self) -> GraphRoom:
        return GraphRoom(self.area, self.limits, self.pixel, self.picture.log_x, self.picture.log_y, theme().dark)

    def _draw_figures(self, picture: GraphPicture, view: GraphRoom) -> None:
        """The axes' figures and the grid."""
        wanted = (view, picture.x_ticks, picture.y_ticks)
        if wanted != self._figures_drawn:
            self._figures_drawn = wanted
            (x, y), area = view.limits, view.area
            self.set_figures(
                _ticks(picture.x_ticks, x, 0.6 * area.width(), view.log_x),
                _ticks(picture.y_ticks, y, area.height(), view.log_y),
                grid_up=True,
            )
        self.grid.setVisible(picture.field is None)

    def _draw_handles(self) -> None:
        """Another handle is chosen, or none."""
        self._items.draw_handles(self.picture.handles, self._view(), self._chosen if self.hasFocus() else None)

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

    # --- legend, table, words

    @property
    def legend(self) -> tuple[str, ...]:
        """The names in the legend."""
        return self._legend.names

    def kept_pictures(self) -> Sequence[KeptPicture]:
        return *super().kept_pictures(), self._legend

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
        self._telling.stop()
        self.describe(", ".join(told))

    def accessibleDescription(self) -> str:
        """What is told of what is shown now, also where the graph has not yet come to rest."""
        if self._telling.isActive():
            self._tell()
        return super().accessibleDescription()

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
            self._draw_handles()

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
            self._draw_handles()
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
        self._draw_handles()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._draw_handles()

    def restyle(self) -> None:
        if hasattr(self, "_telling"):
            self._field = (None, False)
            self._lay_out()  # the legend is in the colours, too
        super().restyle()


def _ticks(given: Sequence[Tick] | None, limits: Range, room: float, log: bool) -> Sequence[Tick]:
    if given is not None:
        return given
    return power_ticks(limits, room) if log else value_ticks(limits, room)


def _height_at(line: GraphLine, x: float) -> float | None:
    """The line's height over a place, between its points in a straight line; None where it has none."""
    across, up = np.atleast_1d(np.asarray(line.x, np.float64)), np.atleast_1d(np.asarray(line.y, np.float64))
    if len(across) < 2 or np.any(np.diff(across) < 0) or not across[0] <= x <= across[-1]:
        return None
    found = float(np.interp(x, across, up))
    return found if np.isfinite(found) else None
