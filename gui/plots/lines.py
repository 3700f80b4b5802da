"""Plots of values that are there at once: lines over a position (layers, time steps), and points of truth and prediction.

Called by the network lab's comparison and the training lab's predictions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QToolTip, QWidget

from engine.figures import UNKNOWN, full_count, measured
from gui.plots.look import curve_pen, line_path, pen_of, segment, shape_path
from gui.plots.numbers.curve_data import PATTERNS
from gui.plots.numbers.ranges import Range, count_ticks, nice_unit, position_ticks, value_limits, value_ticks
from gui.plots.numbers.reduction import Outline
from gui.plots.plot import Plot
from gui.shell.theme import theme

FEW = 24  # a line of so few values shows each as a dot
OVER = 0.04  # of the axes: room for a dot on the edge
APART_PX = 12.0  # dots that lie closer would melt into a line


@dataclass(frozen=True)
class PlotLine:
    """`values` are those of position 1, 2, 3, ...; one that is not finite is a gap. `colour` None is the muted one; `dashed`,
    or with the dashes of that number."""

    name: str
    values: Sequence[float]
    colour: int | None = None
    dashed: int = False
    width: float = 0.0  # px; 0 is one pixel

    def pen(self) -> QPen:
        muted = pen_of(theme().muted, dashes=PATTERNS[self.dashed])
        pen = muted if self.colour is None else curve_pen(self.colour, dashed=self.dashed)
        pen.setWidthF(self.width)
        return pen

    def look(self) -> tuple[object, ...]:
        """What its pen follows from, besides the scheme."""
        return type(self), self.colour, self.dashed, self.width

    def outline(self) -> Outline:
        y = np.asarray(self.values, np.float64)
        x, there = np.arange(1.0, len(y) + 1), np.isfinite(y)
        joined = np.ones(len(y), bool)
        joined[:-1] = there[1:]
        return Outline(x[there], y[there], joined[there])


@dataclass(frozen=True)
class TruthLine(PlotLine):
    """What all other lines are held against, in the colour of text."""

    def pen(self) -> QPen:
        return pen_of(theme().text)


class LinePlot(Plot):
    """A few lines over positions. The position under the cursor is told in a tooltip; left and right move it."""

    cursor_moved = Signal(object)  # the position under the cursor, from 1, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[PlotLine, ...] = ()
        self._up: Range | None = None
        self._counts = False
        self._tip: Callable[[int], str] | None = None
        self._cursor: int | None = None
        self._items: list[tuple[QGraphicsPathItem, QGraphicsPathItem]] = []
        self._looks: list[object] = []  # what each line's pen was made from
        self._cursor_line = QGraphicsPathItem()
        self._cursor_line.setZValue(-50)
        self.add_item(self._cursor_line)
        self.restyle()

    def set_lines(
        self,
        lines: Sequence[PlotLine],
        *,
        up: Range | None = None,
        counts: bool = False,
        tip: Callable[[int], str] | None = None,
    ) -> None:
        """Show `lines`. `up` is what the value axis shows, left out: all of it; `counts` are whole numbers from 0 on,
        written short; `tip` says what the tooltip tells of a position, from 1."""
        self._lines, self._up, self._counts, self._tip = tuple(lines), up, counts, tip
        while len(self._items) > len(lines):
            self._looks.pop()
            for item in self._items.pop():
                self.box.removeItem(item)
        while len(self._items) < len(lines):
            self._items.append((QGraphicsPathItem(), QGraphicsPathItem()))
            self._looks.append(None)
            for item in self._items[-1]:
                item.setZValue(len(self._items) - 1)
                self.add_item(item)
        self._cursor = None
        ends = ((line.name, next((value for value in reversed(line.values) if np.isfinite(value)), None)) for line in lines)
        self.describe(", ".join(f"{name} {UNKNOWN if value is None else self.figure(value)}" for name, value in ends))
        self.restyle()

    @property
    def lines(self) -> tuple[PlotLine, ...]:
        return self._lines

    def figure(self, value: float) -> str:
        """A value in words."""
        return full_count(round(value)) if self._counts else measured(value)

    def columns(self) -> dict[str, list[object]]:
        if not self._lines:
            return {}
        length = max(len(line.values) for line in self._lines)
        table: dict[str, list[object]] = {"position": list(range(1, length + 1))}
        for number, line in enumerate(self._lines):
            name = line.name if line.name not in table else f"{line.name} {number + 1}"
            table[name] = [*line.values, *[None] * (length - len(line.values))]
        return table

    def draw(self) -> None:
        last = max((len(line.values) for line in self._lines), default=1)
        outlines = [line.outline() for line in self._lines]
        values = np.concatenate([outline.y for outline in outlines]) if outlines else np.empty(0)
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        up = self._up or ((0.0, high or 1.0) if self._counts else value_limits(low, high))
        side, over = 0.012 * max(last - 1, 1), OVER * (up[1] - up[0])
        if last == 1:
            side = 0.5
        self.set_limits((1.0 - side, last + side), (up[0] - over / 4, up[1] + over))
        area = self.area
        figures = count_ticks(up, area.height()) if self._counts else value_ticks(up, area.height())
        self.set_figures(position_ticks(last, area.width()), figures)
        for (line, dots), outline, shown in zip(self._items, outlines, self._lines, strict=True):
            line.setPath(line_path(outline))
            chosen = outline.alone
            if len(outline) <= FEW and not shown.dashed and area.width() >= APART_PX * (last - 1):
                chosen = np.arange(len(outline))
            if self._cursor is not None:
                chosen = np.union1d(chosen, np.flatnonzero(outline.x == self._cursor))
            dots.setPath(shape_path("dot", outline.x[chosen], outline.y[chosen], self.pixel))
        self._cursor_line.setVisible(self._cursor is not None)
        if self._cursor is not None:
            self._cursor_line.setPath(segment(self._cursor, self.limits[1][0], self._cursor, self.limits[1][1]))

    def restyle(self) -> None:
        """The pens of lines that look as before are kept: a new pen is a new layout."""
        scheme = theme()
        for number, ((item, dots), line) in enumerate(zip(self._items, self._lines, strict=True)):
            wanted = (line.look(), scheme.dark)
            if self._looks[number] != wanted:
                self._looks[number] = wanted
                pen = line.pen()
                item.setPen(pen)
                self.restyle_line(number, pen)
                dots.setPen(pen_of(pen.color()))
                dots.setBrush(pen.color())
        self._cursor_line.setPen(pen_of(scheme.line))
        super().restyle()

    def restyle_line(self, number: int, pen: QPen) -> None:
        """Give what else belongs to a line the colour of its pen."""

    # --- the cursor

    @property
    def position(self) -> int | None:
        return self._cursor

    def set_cursor(self, position: float | None) -> None:
        """Show the cursor at a position, without telling anybody."""
        self._cursor = None if position is None else round(position)
        self.draw()

    def _move_cursor(self, position: int | None, at: QPoint | None = None) -> None:
        if position != self._cursor:
            self.set_cursor(position)
            self.cursor_moved.emit(position)
        if position is not None:
            text = self._tip(position) if self._tip is not None else self._told(position)
            point = at or self.mapToGlobal(self.point_of(position, self.limits[1][1]).toPoint())
            QToolTip.showText(point, text, self)

    def _told(self, position: int) -> str:
        lines = [(line.name, line.values[position - 1]) for line in self._lines if position <= len(line.values)]
        return "\n".join(f"{name} {self.figure(value)}" for name, value in lines if np.isfinite(value))

    def moved(self, event: QMouseEvent) -> None:
        last = max((len(line.values) for line in self._lines), default=0)
        position = min(max(round(self.place_at(event.position())[0]), 1), last)
        self._move_cursor(position or None, event.globalPosition().toPoint())

    def left_alone(self) -> None:
        self._move_cursor(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | {Qt.Key.Key_Left, Qt.Key.Key_Right}

    def key(self, event: QKeyEvent) -> bool:
        stride = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        last = max((len(line.values) for line in self._lines), default=0)
        if stride is None or not last:
            return False
        here = (0 if stride > 0 else last + 1) if self._cursor is None else self._cursor
        self._move_cursor(min(max(here + stride, 1), last))
        return True


class ScatterPlot(Plot):
    """A point a sample: truth to the right, prediction upwards. On the diagonal they agree. A prediction beyond the axis
    is a mark at its edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x = np.empty(0)
        self._groups: tuple[tuple[str, npt.NDArray[np.float64], int], ...] = ()
        self._points: list[QGraphicsPathItem] = []
        self._diagonal = QGraphicsPathItem()
        self.add_item(self._diagonal)
        self.restyle()

    def set_points(self, x: npt.ArrayLike, y: npt.ArrayLike) -> None:
        """Show pairs of finite numbers; the axes follow `x`."""
        self.set_groups(x, [("", y, 0)])

    def set_groups(self, x: npt.ArrayLike, groups: Sequence[tuple[str, npt.ArrayLike, int]]) -> None:
        """Several predictions of the same truth, each with its name and the number of its colour."""
        self._x = np.asarray(x, np.float64)
        self._groups = tuple((name, np.asarray(y, np.float64), colour) for name, y, colour in groups)
        while len(self._points) > len(groups):
            self.box.removeItem(self._points.pop())
        while len(self._points) < len(groups):
            self._points.append(item := QGraphicsPathItem())
            self.add_item(item)
        self.restyle()

    @property
    def groups(self) -> tuple[tuple[str, npt.NDArray[np.float64], int], ...]:
        """What is shown: name, predictions, number of the colour."""
        return self._groups

    def set_axis_names(self, across: str, up: str) -> None:
        super().set_axis_names(across, up)
        self.setAccessibleName(f"{up} / {across}")

    def columns(self) -> dict[str, list[object]]:
        if len(self._x) == 0:
            return {}
        up = self.left.name or "y"
        named = {f"{up} {name}".strip(): [*y.tolist()] for name, y, _ in self._groups}
        return {self.bottom.name or "x": [*self._x.tolist()], **named}

    def _lay_out(self) -> None:
        """The box is a square at the left."""
        left, top, _, bottom = self.margins
        side = max(min(self.width() - left - 14, self.height() - top - bottom), 40)
        self.margins = (left, top, self.width() - left - side, max(bottom, self.height() - top - side))
        super()._lay_out()
        self.margins = (left, top, 14.0, bottom)

    def draw(self) -> None:
        low = min(float(self._x.min(initial=0.0)), 0.0)
        high = max(float(self._x.max(initial=1.0)), 1.0)
        unit = nice_unit((high - low) / 5)
        low, high = floor(low / unit) * unit, ceil(high / unit) * unit
        over = OVER / 2 * (high - low)
        self.set_limits((low - over, high + over), (low - over, high + over))
        figures = value_ticks((low, high), self.area.height())
        self.set_figures(figures, figures)
        self._diagonal.setPath(segment(low, low, high, high))
        for item, (_, y, _) in zip(self._points, self._groups, strict=True):
            inside = (y >= low) & (y <= high)
            path = shape_path("dot", self._x[inside], y[inside], self.pixel)
            above, below = self._x[y > high], self._x[y < low]
            path.addPath(shape_path("up", above, np.array(high + over), self.pixel))
            path.addPath(shape_path("down", below, np.array(low - over), self.pixel))
            path.setFillRule(Qt.FillRule.WindingFill)
            item.setPath(path)

    def restyle(self) -> None:
        for item, (_, _, colour) in zip(self._points, self._groups, strict=True):
            item.setPen(QPen(Qt.PenStyle.NoPen))
            item.setBrush(theme().curves[colour])
        self._diagonal.setPen(pen_of(theme().muted, dashes=(4.0, 4.0)))
        super().restyle()
