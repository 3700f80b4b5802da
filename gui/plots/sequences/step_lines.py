"""Lines over the time steps of a sequence, with a mark at the step that is looked at, and a tint behind them
that says how much each step counts.

Steps are counted from 0 in the program and from 1 on the screen. Called by the pages of the sequence lab.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QToolTip, QWidget

from engine.figures import UNKNOWN, full_count, measured
from gui.plots.look import curve_pen, line_path, pen_of, segment, shape_path
from gui.plots.numbers.ranges import POSITION_TICK_PX, Range, nice_unit, value_limits, value_ticks
from gui.plots.numbers.reduction import Outline
from gui.plots.plot import Plot
from gui.shell.theme import theme

FULL_TINT = 0.85  # the opacity of a step that counts most
OVER = 0.06  # of the axis: room above and below the lines


@dataclass(frozen=True)
class StepLine:
    """`values` are those of steps 0, 1, 2, ...; one that is not finite is a gap. `colour` None is the muted one."""

    name: str
    values: Sequence[float] | npt.NDArray[np.floating]
    colour: int | None = None
    dashed: bool = False

    def pen(self) -> QPen:
        if self.colour is None:
            return pen_of(theme().muted, dashes=(4.0, 4.0) if self.dashed else ())
        return curve_pen(self.colour, dashed=self.dashed)

    def outline(self) -> Outline:
        y = np.asarray(self.values, np.float64)
        there = np.isfinite(y)
        joined = np.ones(len(y), bool)
        joined[:-1] = there[1:]
        return Outline(np.arange(float(len(y)))[there], y[there], joined[there])


class StepLines(Plot):
    """`set_lines` shows lines, `set_tint` colours the steps, `set_marked` marks one. The step under the pointer, or moved to by
    the left and right keys, is told in a tooltip and by `cursor_moved`; a click, or Enter, chooses it."""

    cursor_moved = Signal(object)  # a step, or None
    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[StepLine, ...] = ()
        self._outlines: list[Outline] = []
        self._up: Range | None = None
        self._percent = False
        self._tip: Callable[[int], str] | None = None
        self._tint: npt.NDArray[np.float64] | None = None
        self._marked: int | None = None
        self._cursor: int | None = None
        self._items: list[QGraphicsPathItem] = []
        self._alone: list[QGraphicsPathItem] = []
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setZValue(-80)
        self._image.hide()
        self.box.addItem(self._image, ignoreBounds=True)
        self._mark, self._cursor_line = QGraphicsPathItem(), QGraphicsPathItem()
        for item in (self._cursor_line, self._mark):
            item.setZValue(-50)
            self.add_item(item)
        self.restyle()

    def set_lines(
        self,
        lines: Sequence[StepLine],
        *,
        up: Range | None = None,
        percent: bool = False,
        tip: Callable[[int], str] | None = None,
    ) -> None:
        """`up` is what the value axis shows; left out: all of the lines. `percent`: the values are shares of one. `tip` says
        what is told of a step."""
        while len(self._items) > len(lines):
            for items in (self._items, self._alone):
                self.box.removeItem(items.pop())
        while len(self._items) < len(lines):
            for items in (self._items, self._alone):
                items.append(item := QGraphicsPathItem())
                item.setZValue(len(self._items))
                self.add_item(item)
        self._lines, self._up, self._percent, self._tip = tuple(lines), up, percent, tip
        ends = ((line.name, next((value for value in reversed(line.values) if np.isfinite(value)), None)) for line in lines)
        self.describe(", ".join(f"{name} {UNKNOWN if value is None else measured(float(value))}" for name, value in ends))
        self._outlines = [line.outline() for line in lines]
        self._set_pens()
        self.draw()

    def set_tint(self, shares: npt.ArrayLike | None) -> None:
        """How much each step counts, from 0, which has no colour, to 1; None: no step has one."""
        self._tint = None if shares is None else np.clip(np.nan_to_num(np.asarray(shares, np.float64)), 0.0, 1.0)
        self._draw_tint(self.limits[1])

    def set_marked(self, step: int | None) -> None:
        """Mark a step; nothing is emitted."""
        if step != self._marked:
            self._marked = step
            self._draw_marks(self.limits[1])

    @property
    def lines(self) -> tuple[StepLine, ...]:
        return self._lines

    @property
    def tint(self) -> npt.NDArray[np.float64] | None:
        return self._tint

    @property
    def marked(self) -> int | None:
        return self._marked

    @property
    def steps(self) -> int:
        return max((len(line.values) for line in self._lines), default=0)

    def columns(self) -> dict[str, list[object]]:
        if not self._lines:
            return {}
        table: dict[str, list[object]] = {"t": list(range(1, self.steps + 1))}
        for number, line in enumerate(self._lines):
            name = line.name if line.name not in table else f"{line.name} {number + 1}"
            table[name] = [*np.asarray(line.values, np.float64).tolist(), *[None] * (self.steps - len(line.values))]
        if self._tint is not None and len(self._tint) == self.steps:
            table["share"] = [*self._tint.tolist()]
        return table

    # --- drawing

    def draw(self) -> None:
        last = max(self.steps - 1, 0)
        outlines = self._outlines
        values = np.concatenate([outline.y for outline in outlines]) if outlines else np.empty(0)
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        up = self._up or value_limits(low, high)
        over = OVER * (up[1] - up[0])
        across, upwards = (-0.5, last + 0.5), (up[0] - over, up[1] + over)
        self.set_limits(across, upwards)
        apart = max(round(nice_unit(max(last, 1) * POSITION_TICK_PX / max(self.area.width(), POSITION_TICK_PX))), 1)
        places = dict.fromkeys([0, *range(apart - 1, last + 1, apart)] if apart > 1 else range(last + 1))
        across_ticks = [(float(step), full_count(step + 1)) for step in places if not 0 < step < apart / 2]
        self.set_figures(across_ticks, value_ticks(up, self.area.height(), percent=self._percent))
        for item, alone, outline in zip(self._items, self._alone, outlines, strict=True):
            item.setPath(line_path(outline))
            dots = outline.alone
            alone.setPath(shape_path("dot", outline.x[dots], outline.y[dots], self.pixel))
        self._draw_marks(upwards)
        self._draw_tint(upwards)

    def _draw_marks(self, upwards: Range) -> None:
        for line, step in ((self._mark, self._marked), (self._cursor_line, self._cursor)):
            line.setVisible(step is not None)
            if step is not None:
                line.setPath(segment(step, upwards[0], step, upwards[1]))

    def _draw_tint(self, upwards: Range) -> None:
        tint = self._tint
        shown = tint is not None and len(tint) > 0
        self._image.setVisible(shown)
        if tint is None or not shown:
            return
        colour = theme().window
        pixels = np.empty((1, len(tint), 4), np.uint8)
        pixels[..., :3] = (colour.red(), colour.green(), colour.blue())
        pixels[0, :, 3] = np.rint(tint * FULL_TINT * 255)
        self._image.setImage(pixels, autoLevels=False, levels=None)
        self._image.setRect(QRectF(-0.5, upwards[0], len(tint), upwards[1] - upwards[0]))

    def _set_pens(self) -> None:
        for item, alone, line in zip(self._items, self._alone, self._lines, strict=True):
            pen = line.pen()
            item.setPen(pen)
            alone.setPen(pen_of(pen.color()))
            alone.setBrush(pen.color())

    def restyle(self) -> None:
        self._set_pens()
        self._mark.setPen(pen_of(theme().text))
        self._cursor_line.setPen(pen_of(theme().line))
        super().restyle()

    # --- the cursor

    @property
    def position(self) -> int | None:
        return self._cursor

    def _move_cursor(self, step: int | None, at: QPoint | None = None) -> None:
        if step != self._cursor:
            self._cursor = step
            self._draw_marks(self.limits[1])
            self.cursor_moved.emit(step)
        if step is not None:
            text = self._told(step) if self._tip is None else self._tip(step)
            QToolTip.showText(at or self.mapToGlobal(self.point_of(step, self.limits[1][1]).toPoint()), text, self)

    def _told(self, step: int) -> str:
        rows = [(line.name, float(line.values[step])) for line in self._lines if step < len(line.values)]
        return "\n".join([f"t = {full_count(step + 1)}", *(f"{name} {measured(value)}" for name, value in rows)])

    def step_at(self, point: QPoint) -> int | None:
        if not self.steps or not self.area.contains(point):
            return None
        return min(max(round(self.place_at(point)[0]), 0), self.steps - 1)

    def moved(self, event: QMouseEvent) -> None:
        self._move_cursor(self.step_at(event.position().toPoint()), event.globalPosition().toPoint())

    def pressed(self, event: QMouseEvent) -> None:
        step = self.step_at(event.position().toPoint())
        if step is not None and event.button() == Qt.MouseButton.LeftButton:
            self.step_chosen.emit(step)

    def left_alone(self) -> None:
        self._move_cursor(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | {Qt.Key.Key_Left, Qt.Key.Key_Right}

    def key(self, event: QKeyEvent) -> bool:
        if not self.steps:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor is not None:
            self.step_chosen.emit(self._cursor)
            return True
        stride = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if stride is None:
            return False
        here = self._marked if self._cursor is None else self._cursor
        at = (0 if stride > 0 else self.steps - 1) if here is None else here + stride
        self._move_cursor(min(max(at, 0), self.steps - 1))
        return True
