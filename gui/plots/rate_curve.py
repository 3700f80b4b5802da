"""A learning rate over the epochs of a run, drawn before it runs, and where the run is on it. Called by the training lab's
settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from engine.figures import in_digits
from gui.plots.look import curve_pen, line_path, pen_of, segment, shape_path
from gui.plots.numbers.ranges import step_ticks, value_limits, value_ticks
from gui.plots.numbers.reduction import Outline
from gui.plots.plot import Plot
from gui.shell.theme import theme

LEFT_PX, BOTTOM_PX = 52.0, 34.0


class RateCurve(Plot):
    """`set_rates` gives the whole curve, `set_here` the epochs that are done, with a dot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._epochs, self._rates = np.zeros(1), np.zeros(1)
        self._here: float | None = None
        self._line, self._dot, self._cursor = QGraphicsPathItem(), QGraphicsPathItem(), QGraphicsPathItem()
        for item in (self._cursor, self._line, self._dot):
            self.add_item(item)
        self.margins = (LEFT_PX, 8.0, 10.0, BOTTOM_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.export_name = "learning rate"
        self._lay_out()
        self.restyle()

    def set_rates(self, epochs: npt.ArrayLike, rates: npt.ArrayLike) -> None:
        """The learning rate after so many epochs."""
        self._epochs, self._rates = np.asarray(epochs, np.float64), np.asarray(rates, np.float64)
        ends = " → ".join(in_digits(float(self._rates[at])) for at in (0, -1))
        self.describe(ends)
        self.draw()

    def set_here(self, epochs: float | None) -> None:
        """How many epochs the run has done; None: none is under way."""
        if epochs != self._here:
            self._here = epochs
            self.draw()

    @property
    def here(self) -> tuple[float, float] | None:
        """Where the dot is: epochs, and the rate there."""
        if self._here is None:
            return None
        here = min(self._here, float(self._epochs[-1]))  # a run that goes on for longer stays at the end
        return here, float(np.interp(here, self._epochs, self._rates))

    def columns(self) -> Mapping[str, Sequence[object]]:
        return {"epochs": [*self._epochs.tolist()], "lr": [*self._rates.tolist()]}

    def draw(self) -> None:
        high = float(self._rates.max())
        up = value_limits(0.0, high or 1.0)
        last = max(float(self._epochs[-1]), 1e-9)
        over = 0.04 * (up[1] - up[0])
        self.set_limits((-0.01 * last, 1.02 * last), (up[0] - over / 2, up[1] + over))
        area = self.area
        self.set_figures(step_ticks((0.0, last), area.width(), whole=last >= 3), value_ticks(up, area.height()))
        self._line.setPath(line_path(Outline(self._epochs, self._rates)))
        here = self.here
        self._dot.setVisible(here is not None)
        self._cursor.setVisible(here is not None)
        if here is not None:
            self._dot.setPath(shape_path("dot", np.array([here[0]]), np.array([here[1]]), self.pixel))
            self._cursor.setPath(segment(here[0], self.limits[1][0], here[0], self.limits[1][1]))

    def restyle(self) -> None:
        self._line.setPen(curve_pen(0))
        self._dot.setPen(pen_of(theme().curves[1]))
        self._dot.setBrush(theme().curves[1])
        self._cursor.setPen(pen_of(theme().muted, dashes=(2.0, 3.0)))
        super().restyle()
