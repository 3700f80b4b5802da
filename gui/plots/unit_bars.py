"""The values of some units as bars upwards and downwards from zero, the first unit at the left.

What is not a finite number has no bar; the description counts such values. Called by the labs that show a vector.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QToolTip, QWidget

from engine.figures import full_count, measured
from gui.plots.look import bars_path, pen_of, segment
from gui.plots.numbers.ranges import Tick, value_limits, value_ticks
from gui.plots.plot import Plot
from gui.shell.theme import theme

NAME_PX = 34.0  # a unit's name needs so much


class UnitBars(Plot):
    """`set_values` shows a vector. The unit under the pointer, or moved to by Left and Right, is told in a tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: npt.NDArray[np.float64] = np.zeros(0)
        self._names: Sequence[str] = ()
        self._unit: int | None = None
        self._bars, self._zero = QGraphicsPathItem(), QGraphicsPathItem()
        self.add_item(self._bars)
        self.add_item(self._zero)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.restyle()

    def set_values(self, values: npt.ArrayLike, names: Sequence[str] = ()) -> None:
        """Show a vector. `names` are the units'; left out, their numbers."""
        self._values, self._names = np.asarray(values, np.float64).reshape(-1), names
        if self._unit is not None and self._unit >= len(self._values):
            self._unit = None
        finite = self._values[np.isfinite(self._values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
        text = self.tr("{count} units from {low} to {high}").format(
            count=full_count(len(self._values)), low=measured(low), high=measured(high)
        )
        if len(finite) < len(self._values):
            text += self.tr(", {count} not finite").format(count=full_count(len(self._values) - len(finite)))
        self.describe(text)
        self.draw()

    @property
    def values(self) -> npt.NDArray[np.float64]:
        return self._values

    def columns(self) -> dict[str, Sequence[object]]:
        return {"unit": [self._name(number) for number in range(len(self._values))], "value": self._values.tolist()}

    def _name(self, number: int) -> str:
        return self._names[number] if number < len(self._names) else str(number)

    def draw(self) -> None:
        count = max(len(self._values), 1)
        there = np.flatnonzero(np.isfinite(self._values))
        heights = self._values[there]
        low, high = value_limits(min(0.0, float(heights.min(initial=0.0))), max(0.0, float(heights.max(initial=0.0))))
        self.set_limits((0.0, float(count)), (low, high))
        stride = max(1, -(-count // max(int(self.area.width() / NAME_PX), 1)))
        names: list[Tick] = [(number + 0.5, self._name(number)) for number in range(0, count, stride)]
        self.set_figures(names, value_ticks((low, high), self.area.height()))
        gap = 0.1 if self.area.width() / count > 6 else 0.0
        left = there.astype(np.float64)
        bottom, top = np.minimum(heights, 0.0), np.maximum(heights, 0.0)
        self._bars.setPath(bars_path(left + gap, left + 1 - gap, bottom, top))
        self._zero.setPath(segment(0.0, 0.0, float(count), 0.0))

    def restyle(self) -> None:
        self._bars.setPen(QPen(Qt.PenStyle.NoPen))
        self._bars.setBrush(theme().curves[0])
        self._zero.setPen(pen_of(theme().muted))
        super().restyle()

    # --- the unit under the cursor

    def _tell(self, number: int | None, event: QMouseEvent | None = None) -> None:
        self._unit = number
        if number is None:
            QToolTip.hideText()
            return
        place = (
            self.mapToGlobal(self.point_of(number + 0.5, 0.0).toPoint()) if event is None else event.globalPosition().toPoint()
        )
        QToolTip.showText(place, f"{self._name(number)}: {measured(float(self._values[number]))}", self)

    def moved(self, event: QMouseEvent) -> None:
        number = int(self.place_at(event.position())[0])
        self._tell(number if 0 <= number < len(self._values) and self.area.contains(event.position()) else None, event)

    def left_alone(self) -> None:
        self._tell(None)

    def keys(self) -> frozenset[int]:
        return super().keys() | {Qt.Key.Key_Left, Qt.Key.Key_Right}

    def key(self, event: QKeyEvent) -> bool:
        if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right) or not len(self._values):
            return False
        step = 1 if event.key() == Qt.Key.Key_Right else -1
        self._tell(0 if self._unit is None else min(max(self._unit + step, 0), len(self._values) - 1))
        return True
