"""Rates between 0 and 1 over any positions: a few lines with a dot at each measured place. Called by the training lab's
comparison of two networks on moved pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsPathItem, QToolTip, QWidget

from engine.figures import measured, percent
from gui.plots.look import curve_pen, line_path, pen_of, segment, shape_path
from gui.plots.numbers.ranges import Tick, nice_unit, value_ticks
from gui.plots.numbers.reduction import Outline
from gui.plots.plot import Plot
from gui.shell.theme import theme

APART_PX = 44.0  # between two figures below


@dataclass(frozen=True)
class RateLine:
    """`rates` at the places `x`, which ascend; a rate is from 0 to 1."""

    name: str
    x: Sequence[float]
    rates: Sequence[float]
    colour: int
    dashed: bool = False


class RatePlot(Plot):
    """`set_lines` shows some lines, and a dotted one at the rate of guessing. The place under the cursor is told in a tooltip;
    left and right move it."""

    cursor_moved = Signal(object)  # the place under the cursor, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[RateLine, ...] = ()
        self._unit = ""
        self._chance: float | None = None
        self._cursor: float | None = None
        self._items: list[tuple[QGraphicsPathItem, QGraphicsPathItem]] = []
        self._cursor_line, self._chance_line = QGraphicsPathItem(), QGraphicsPathItem()
        for item in (self._cursor_line, self._chance_line):
            item.setZValue(-50)
            self.add_item(item)
        self.restyle()

    def set_lines(self, lines: Sequence[RateLine], *, unit: str = "", chance: float | None = None) -> None:
        """Show `lines`; `unit` is written behind a place in the tooltip."""
        for item in (item for pair in self._items for item in pair):
            self.box.removeItem(item)
        self._lines, self._unit, self._chance, self._cursor = tuple(lines), unit, chance, None
        self._items = [(QGraphicsPathItem(), QGraphicsPathItem()) for _ in lines]
        for item in (item for pair in self._items for item in pair):
            self.add_item(item)
        self.describe(", ".join(f"{line.name} {percent(min(line.rates))} – {percent(max(line.rates))}" for line in lines))
        self.restyle()

    @property
    def lines(self) -> tuple[RateLine, ...]:
        return self._lines

    def _places(self) -> list[float]:
        return sorted({place for line in self._lines for place in line.x})

    def columns(self) -> dict[str, list[object]]:
        if not self._lines:
            return {}
        places = self._places()
        table: dict[str, list[object]] = {self.bottom.name or "position": [*places]}
        for number, line in enumerate(self._lines):
            rates = dict(zip(line.x, line.rates, strict=True))
            name = line.name if line.name not in table else f"{line.name} {number + 1}"
            table[name] = [rates.get(place) for place in places]
        return table

    def draw(self) -> None:
        places = self._places() or [0.0, 1.0]
        side = 0.02 * max(places[-1] - places[0], 1.0)
        self.set_limits((places[0] - side, places[-1] + side), (0.0, 1.04))
        area = self.area
        self.set_figures(self._figures(places, area.width()), value_ticks((0.0, 1.0), area.height(), percent=True))
        for (line, dots), shown in zip(self._items, self._lines, strict=True):
            x, y = np.asarray(shown.x, np.float64), np.asarray(shown.rates, np.float64)
            line.setPath(line_path(Outline(x, y, np.ones(len(x), bool))))
            dots.setPath(shape_path("dot", x, y, self.pixel))
        self._cursor_line.setVisible(self._cursor is not None)
        if self._cursor is not None:
            self._cursor_line.setPath(segment(self._cursor, 0.0, self._cursor, 1.04))
        self._chance_line.setVisible(self._chance is not None)
        if self._chance is not None:
            self._chance_line.setPath(segment(places[0] - side, self._chance, places[-1] + side, self._chance))

    def _figures(self, places: list[float], width: float) -> list[Tick]:
        """Figures at round places, 0 among them."""
        unit = max(nice_unit((places[-1] - places[0] or 1.0) * APART_PX / max(width, APART_PX)), 1.0)
        if unit >= 20:
            unit = max(30.0, unit)  # degrees are read in thirties
        first = int(np.ceil(places[0] / unit - 1e-9))
        last = int(np.floor(places[-1] / unit + 1e-9))
        return [(number * unit, measured(number * unit)) for number in range(first, last + 1)]

    def restyle(self) -> None:
        for (item, dots), line in zip(self._items, self._lines, strict=True):
            item.setPen(curve_pen(line.colour, dashed=line.dashed))
            dots.setPen(pen_of(theme().curves[line.colour]))
            dots.setBrush(theme().curves[line.colour])
        self._cursor_line.setPen(pen_of(theme().line))
        self._chance_line.setPen(pen_of(theme().muted, dashes=(1.0, 3.0)))
        super().restyle()

    # --- the cursor

    @property
    def cursor_place(self) -> float | None:
        return self._cursor

    def _move_cursor(self, place: float | None, at: QPoint | None = None) -> None:
        if place != self._cursor:
            self._cursor = place
            self.draw()
            self.cursor_moved.emit(place)
        if place is not None:
            rates = [(line.name, dict(zip(line.x, line.rates, strict=True)).get(place)) for line in self._lines]
            told = [f"{measured(place)}{self._unit}", *(f"{name}: {percent(rate)}" for name, rate in rates if rate is not None)]
            QToolTip.showText(at or self.mapToGlobal(self.point_of(place, 1.0).toPoint()), "\n".join(told), self)

    def moved(self, event: QMouseEvent) -> None:
        places = self._places()
        if places:
            across = self.place_at(event.position())[0]
            self._move_cursor(min(places, key=lambda place: abs(place - across)), event.globalPosition().toPoint())

    def left_alone(self) -> None:
        self._move_cursor(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | {Qt.Key.Key_Left, Qt.Key.Key_Right}

    def key(self, event: QKeyEvent) -> bool:
        stride = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        places = self._places()
        if stride is None or not places:
            return False
        here = len(places) // 2 if self._cursor is None else places.index(self._cursor) + stride
        self._move_cursor(places[min(max(here, 0), len(places) - 1)])
        return True
