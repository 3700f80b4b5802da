"""How often values fall into each of some equal parts of their range.

What is not a finite number falls into none; the description counts such values. Called by the labs that show
weights, activations and gradients.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QMenu, QToolTip, QWidget

from engine.figures import full_count, measured
from gui.plots.look import bars_path
from gui.plots.numbers.ranges import count_ticks, log_limits, round_above, value_ticks
from gui.plots.plot import Plot
from gui.shell.theme import theme

BINS = 40
LEAST = 0.5  # the bottom of a logarithmic axis of counts: a count of one is seen


class Histogram(Plot):
    """`set_values` counts values, `set_counts` shows what has been counted elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edges: npt.NDArray[np.float64] = np.array([0.0, 1.0])
        self.counts: npt.NDArray[np.int64] = np.zeros(1, np.int64)
        self._missing = 0
        self._log = False
        self._bars = QGraphicsPathItem()
        self.add_item(self._bars)
        self.restyle()

    def set_values(self, values: npt.ArrayLike, *, bins: int = BINS, limits: tuple[float, float] | None = None) -> None:
        """Count `values`, of any shape, in `bins` equal parts of `limits`; left out, of their whole range."""
        found = np.asarray(values, np.float64).reshape(-1)
        finite = found[np.isfinite(found)]
        counts, edges = np.histogram(finite, bins, limits)
        self.set_counts(counts, edges, missing=len(found) - len(finite))

    def set_counts(self, counts: npt.ArrayLike, edges: npt.ArrayLike, *, missing: int = 0) -> None:
        """Show counts between edges, of which there is one more; `missing` values were not finite."""
        self.counts, self.edges = np.asarray(counts, np.int64), np.asarray(edges, np.float64)
        self._missing = missing
        total = int(self.counts.sum())
        low, high = measured(float(self.edges[0])), measured(float(self.edges[-1]))
        text = self.tr("{count} values from {low} to {high}").format(count=full_count(total), low=low, high=high)
        if missing:
            text += self.tr(", {count} not finite").format(count=full_count(missing))
        self.describe(text)
        self.draw()

    @property
    def log(self) -> bool:
        return self._log

    def set_log(self, log: bool) -> None:
        """Counts on a logarithmic axis: rare values are seen beside frequent ones."""
        self._log = log
        self.draw()

    def columns(self) -> dict[str, Sequence[object]]:
        return {"from": self.edges[:-1].tolist(), "to": self.edges[1:].tolist(), "count": self.counts.tolist()}

    def draw(self) -> None:
        most = max(int(self.counts.max(initial=0)), 1)
        across = float(self.edges[0]), float(self.edges[-1])
        if self._log:
            up = log_limits(LEAST, float(most))
            tops = np.log10(np.maximum(self.counts, 10 ** up[0]))
        else:
            up, tops = (0.0, round_above(float(most))), self.counts.astype(np.float64)
        self.set_limits(across, (up[0], up[1] + 0.02 * (up[1] - up[0])))
        area = self.area
        figures = value_ticks(up, area.height(), log=True) if self._log else count_ticks(up, area.height())
        wide = value_ticks(across, 0.6 * area.width())  # figures across need more room than upwards
        self.set_figures(wide, [tick for tick in figures if not self._log or tick[0] >= 0])
        there = self.counts > 0
        bottom = np.full(int(there.sum()), up[0])
        gap = 0.15 * np.diff(self.edges)[there] if self.area.width() / len(self.counts) > 6 else 0.0
        self._bars.setPath(bars_path(self.edges[:-1][there], self.edges[1:][there] - gap, bottom, tops[there]))

    def restyle(self) -> None:
        self._bars.setPen(QPen(Qt.PenStyle.NoPen))
        self._bars.setBrush(theme().curves[0])
        super().restyle()

    def fill_menu(self, menu: QMenu) -> None:
        action = menu.addAction(self.tr("Log axis"))
        action.setCheckable(True)
        action.setChecked(self._log)
        action.triggered.connect(self.set_log)

    def moved(self, event: QMouseEvent) -> None:
        place, _ = self.place_at(event.position())
        number = int(np.searchsorted(self.edges, place, "right")) - 1
        if 0 <= number < len(self.counts):
            low, high = measured(float(self.edges[number])), measured(float(self.edges[number + 1]))
            QToolTip.showText(event.globalPosition().toPoint(), f"{low} … {high}: {full_count(int(self.counts[number]))}", self)

    def left_alone(self) -> Any:
        QToolTip.hideText()
