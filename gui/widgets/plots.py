"""A live plot of curves over iterations: what a run's losses and accuracies are drawn with.

Hides pyqtgraph (its menus, its mouse, its automatic ranges) and everything that makes a frame cheap: curves
are reduced to two points a pixel, pens are one pixel wide and not antialiased, axes move in round steps. Data
comes in with `append`; a redraw never adds any. Called by the labs, through `gui.widgets.curve_card` as a
rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log10
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

import pyqtgraph as pg  # isort: skip - PySide6 first, or it looks for another Qt

from engine.training.curve import Curve, Smoothing
from gui.shell.theme import THEME, font, theme
from gui.widgets.plot_ranges import SMALLEST, log_limits, rate_limits, step_limit, value_limits

Kind = Literal["value", "rate"]  # a rate is a part of one, shown in percent
Floats = npt.NDArray[np.float64]
DOTS = 40  # a curve of few points shows them
ZOOM = 1.25


@dataclass
class Series:
    """One curve: its points, the same smoothed when that is asked for, and what draws it."""

    key: str
    colour: int
    dashed: bool
    smoothed: bool  # whether smoothing applies: measurements of single batches are noisy, of a whole set they are not
    raw: Curve = field(default_factory=Curve)
    smooth: Curve | None = None
    smoothing: Smoothing | None = None
    item: pg.PlotCurveItem = None
    behind: pg.PlotCurveItem = None  # what was measured, faintly, while the smoothed curve stands before it
    dots: pg.ScatterPlotItem = None

    @property
    def shown(self) -> Curve:
        return self.smooth if self.smooth is not None else self.raw

    def pen(self, opacity: float = 1.0) -> QPen:
        colour = QColor(theme().curves[self.colour])
        colour.setAlphaF(opacity)
        pen = QPen(colour)
        pen.setCosmetic(True)  # one pixel, whatever the scale: twice as wide is a hundred times as slow
        if self.dashed:
            pen.setDashPattern([5.0, 3.0])
        return pen


class CurvePlot(QWidget):
    """Curves over iterations. The wheel zooms the iterations, dragging moves them, a double click shows the
    whole run.

    With the focus: left and right move the cursor, + and - zoom, 0 shows the whole run.
    """

    cursor_moved = Signal(object)  # the iteration under the cursor, or None
    following_changed = Signal(bool)

    def __init__(self, kind: Kind = "value", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.series: dict[str, Series] = {}
        self.total: float | None = None  # iterations of the whole run
        self._log = False
        self._amount = 0.0
        self._window: tuple[float, float] | None = None  # None: the whole run
        self._following = True
        self._cursor: float | None = None
        self._grabbed: tuple[float, tuple[float, float]] | None = None  # where the mouse took hold
        self._limits: tuple[tuple[float, float], tuple[float, float]] | None = None
        self.view = PlotView(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 110)
        THEME.changed.connect(self.restyle)
        self.restyle()

    # --- data

    def add(self, key: str, colour: int, *, dashed: bool = False, smoothed: bool = True) -> None:
        """Add an empty curve in the colour of that number; dashed for what is measured on data held back."""
        series = Series(key, colour, dashed, smoothed)
        series.behind = pg.PlotCurveItem(skipFiniteCheck=True)
        series.item = pg.PlotCurveItem(skipFiniteCheck=True)
        series.dots = pg.ScatterPlotItem(size=5, pen=None)
        self.series[key] = series
        for item in (series.behind, series.item, series.dots):
            self.view.plot.addItem(item, ignoreBounds=True)
        self._restyle_series(series)

    def append(self, key: str, steps: npt.ArrayLike, values: npt.ArrayLike) -> None:
        """Put points at the end of a curve. Drawn at the next `draw`."""
        series = self.series[key]
        before = len(series.raw)
        series.raw.append(steps, values)
        if series.smooth is not None and series.smoothing is not None:
            new = slice(before, None)
            series.smooth.append(series.raw.x[new], series.smoothing.feed(series.raw.y[new]))

    def clear(self) -> None:
        """Forget every point, and show the whole of what comes next."""
        for series in self.series.values():
            series.raw = Curve()
            self._smooth_anew(series)
        self._window = None
        self._set_cursor(None)
        self.draw()

    def latest(self) -> float:
        """The last iteration that any curve has reached."""
        return max((float(each.raw.x[-1]) for each in self.series.values() if len(each.raw)), default=0.0)

    def values_at(self, step: float | None) -> dict[str, float]:
        """What each curve shows nearest to an iteration, or last of all."""
        found = {}
        for key, series in self.series.items():
            point = series.shown.value_at(self.latest() if step is None else step)
            if point is not None:
                found[key] = point[1]
        return found

    # --- how it is shown

    @property
    def log(self) -> bool:
        return self._log

    def set_log(self, log: bool) -> None:
        self._log = log and self.kind == "value"
        self.view.plot.getAxis("left").setLogMode(x=False, y=self._log)
        self._limits = None
        self.draw()

    @property
    def smoothing(self) -> float:
        return self._amount

    def set_smoothing(self, amount: float) -> None:
        """0 shows what was measured, towards 1 an ever longer running mean."""
        if amount == self._amount:
            return
        self._amount = amount
        for series in self.series.values():
            self._smooth_anew(series)
        self.draw()

    def _smooth_anew(self, series: Series) -> None:
        if self._amount == 0.0 or not series.smoothed:
            series.smooth = series.smoothing = None
            return
        series.smoothing, series.smooth = Smoothing(self._amount), Curve()
        series.smooth.append(series.raw.x, series.smoothing.feed(series.raw.y))

    @property
    def following(self) -> bool:
        return self._following

    def set_following(self, following: bool) -> None:
        """Keep the latest iteration in sight, or stand still."""
        if following == self._following:
            return
        if not following and self._window is None:
            self._window = self._steps_shown()
        self._following = following
        self.following_changed.emit(following)
        self.draw()

    def show_all(self) -> None:
        """The whole run, following it."""
        self._window = None
        self._following = True
        self.following_changed.emit(True)
        self.draw()

    @property
    def cursor_step(self) -> float | None:
        return self._cursor

    def set_cursor(self, step: float | None) -> None:
        """Show the cursor at an iteration, without telling anybody: for a second plot beside the first."""
        self._cursor = step
        self.view.show_cursor(step)

    def _set_cursor(self, step: float | None) -> None:
        if step != self._cursor:
            self.set_cursor(step)
            self.cursor_moved.emit(step)

    # --- drawing

    def draw(self) -> None:
        """Show what there is. Costs the same for ten thousand points as for a million."""
        if not self.isVisible():
            return
        steps = self._steps_shown()
        pixels = max(self.view.plot.vb.width(), 50.0)
        lowest, highest = np.inf, -np.inf
        for series in self.series.values():
            across, up = self._points(series.shown, steps, int(pixels))
            series.item.setData(across, up)
            few = len(across) <= DOTS and not series.smoothed
            if few or len(series.dots.data):
                series.dots.setData(across if few else [], up if few else [])
            if series.smooth is not None or series.behind.xData is not None:
                across, up = self._points(series.raw if series.smooth is not None else Curve(), steps, int(pixels))
                series.behind.setData(across, up)
            for curve in (series.item, series.behind):
                if curve.yData is not None and len(curve.yData):
                    lowest = min(lowest, float(curve.yData.min()))
                    highest = max(highest, float(curve.yData.max()))
        self._set_limits(steps, self._values_shown(lowest, highest))

    def _points(self, curve: Curve, steps: tuple[float, float], pixels: int) -> tuple[Floats, Floats]:
        x, y = curve.reduced(*steps, pixels)
        if self._log:
            x, y = x[y > 0], np.log10(np.maximum(y[y > 0], SMALLEST))
        return x.astype(np.float64), y.astype(np.float64)

    def _steps_shown(self) -> tuple[float, float]:
        latest = self.latest()
        if self._window is None:
            return 0.0, step_limit(latest, self.total)
        low, high = self._window
        if self._following:
            width = high - low
            part = width / 16
            high = max(np.ceil(latest / part) * part, width)
            low = high - width
        return low, high

    def _values_shown(self, lowest: float, highest: float) -> tuple[float, float]:
        if self.kind == "rate":
            return rate_limits(lowest if np.isfinite(lowest) else 0.0)
        if not np.isfinite(lowest):
            return (-3.0, 0.0) if self._log else (0.0, 1.0)
        return log_limits(10**lowest, 10**highest) if self._log else value_limits(lowest, highest)

    def _set_limits(self, steps: tuple[float, float], values: tuple[float, float]) -> None:
        if self._limits != (steps, values):
            self._limits = (steps, values)
            over, beyond = 0.02 * (values[1] - values[0]), 0.008 * (steps[1] - steps[0])  # room for a dot on the edge
            across, up = (steps[0], steps[1] + beyond), (values[0], values[1] + over)
            self.view.plot.vb.setRange(xRange=across, yRange=up, padding=0)

    @property
    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the axes show: iterations from and to, values from and to (powers of ten on a logarithmic
        axis)."""
        return self._limits or ((0.0, 10.0), (0.0, 1.0))

    def restyle(self) -> None:
        """Colours and fonts of the theme in force."""
        self.view.restyle(self.kind)
        for series in self.series.values():
            self._restyle_series(series)

    def _restyle_series(self, series: Series) -> None:
        series.item.setPen(series.pen())
        series.behind.setPen(series.pen(0.3))
        series.dots.setBrush(theme().curves[series.colour])

    def set_axis_names(self, across: str, up: str) -> None:
        self.view.set_axis_names(across, up)

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.draw()

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.draw()

    # --- hands

    def zoom(self, factor: float, centre: float | None = None) -> None:
        """Show `factor` times as many iterations around `centre`, or around the latest."""
        low, high = self._steps_shown()
        middle = self.latest() if centre is None else centre
        new_low, new_high = middle - (middle - low) * factor, middle + (high - middle) * factor
        if new_low <= 0 and new_high >= self.latest():
            self.show_all()
            return
        self._window = max(new_low, 0.0), max(new_high, new_low + 4)
        self.draw()

    def take_hold(self, across: float) -> None:
        """Take hold of the plot at that many pixels from the left."""
        self._grabbed = across, self._steps_shown()

    def drag(self, across: float) -> None:
        if self._grabbed is None:
            return
        began, (low, high) = self._grabbed
        shift = (began - across) * (high - low) / max(self.view.plot.vb.width(), 1.0)
        shift = max(shift, -low)
        if self._following:
            self.set_following(False)
        self._window = low + shift, high + shift
        self.draw()

    def let_go(self) -> None:
        self._grabbed = None

    @property
    def grabbed(self) -> bool:
        return self._grabbed is not None

    def point_at(self, across: float) -> None:
        """Put the cursor on the iteration that many pixels from the left edge of the plot's area."""
        low, high = self._steps_shown()
        step = low + (high - low) * across / max(self.view.plot.vb.width(), 1.0)
        nearest = [point for point in (each.shown.value_at(step) for each in self.series.values()) if point]
        inside = low <= step <= high and bool(nearest)
        self._set_cursor(float(min(nearest, key=lambda p: abs(p[0] - step))[0]) if inside else None)

    def leave(self) -> None:
        self._set_cursor(None)

    _KEYS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_Equal})

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in self._KEYS:
            event.accept()  # left and right move the cursor here, not the training
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        low, high = self._steps_shown()
        here = self._cursor if self._cursor is not None else self.latest()
        stride = max((high - low) / 100, 1.0)
        match event.key():
            case Qt.Key.Key_Left:
                self._set_cursor(max(here - stride, low))
            case Qt.Key.Key_Right:
                self._set_cursor(min(here + stride, self.latest()))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(1 / ZOOM, self._cursor)
            case Qt.Key.Key_Minus:
                self.zoom(ZOOM, self._cursor)
            case Qt.Key.Key_0:
                self.show_all()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._set_cursor(self.latest())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._set_cursor(None)


class PlotView(pg.GraphicsView):  # type: ignore[misc]
    """pyqtgraph's view with one plot in it, its own menus and mouse switched off."""

    def __init__(self, owner: CurvePlot) -> None:
        super().__init__(background=None)
        self._owner = owner
        self.plot = pg.PlotItem(axisItems={"left": ValueAxis("left"), "bottom": StepAxis("bottom")}, enableMenu=False)
        self.plot.hideButtons()
        self.plot.vb.setMouseEnabled(False, False)
        self.plot.vb.disableAutoRange()
        self.plot.layout.setContentsMargins(0, 8, 20, 0)
        self.setCentralItem(self.plot)
        self.setAntialiasing(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cursor_line = pg.InfiniteLine(angle=90, movable=False)
        self._cursor_line.hide()
        self.plot.addItem(self._cursor_line, ignoreBounds=True)

    def restyle(self, kind: Kind) -> None:
        now = theme()
        self.setBackground(now.panel)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(None))
            axis.enableAutoSIPrefix(False)
            axis.setTextPen(now.muted)
            axis.setTickPen(now.grid)
            axis.setStyle(tickFont=font(11), tickLength=0, tickTextOffset=6, maxTickLevel=0, hideOverlappingLabels=False)
            axis.setZValue(-1)  # the grid behind the curves
            axis.label.setFont(font(11))
            axis.label.setDefaultTextColor(now.muted)
        self.plot.getAxis("left").percent = kind == "rate"
        self.plot.getAxis("left").setTickDensity(1.6)
        self.plot.getAxis("left").setWidth(64)
        self.plot.getAxis("bottom").setHeight(36)
        self.plot.showGrid(x=False, y=False)
        self.plot.getAxis("left").setGrid(255)
        self._cursor_line.setPen(pg.mkPen(now.muted))

    def set_axis_names(self, across: str, up: str) -> None:
        for side, name in (("bottom", across), ("left", up)):
            axis = self.plot.getAxis(side)
            axis.setLabel(name)
            axis.label.setFont(font(11))
            axis.label.setDefaultTextColor(theme().muted)

    def show_cursor(self, step: float | None) -> None:
        self._cursor_line.setVisible(step is not None)
        if step is not None:
            self._cursor_line.setValue(step)

    # pyqtgraph's own handlers walk its scene at every move of the mouse; these replace them

    def _across(self, position: QPointF) -> float:
        return float(position.x() - self.plot.vb.sceneBoundingRect().left())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._owner.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self._owner.take_hold(self._across(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        across = self._across(event.position())
        if self._owner.grabbed:
            self._owner.drag(across)
        self._owner.point_at(across)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._owner.let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._owner.show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        across = self._across(event.position())
        low, high = self._owner.limits[0]
        centre = low + (high - low) * across / max(self.plot.vb.width(), 1.0)
        self._owner.zoom(ZOOM ** (-event.angleDelta().y() / 120), centre)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._owner.leave()


class StepAxis(pg.AxisItem):  # type: ignore[misc]
    """Whole iterations, thousands separated; no ticks between them."""

    def tickSpacing(self, lowest: float, highest: float, size: float) -> list[tuple[float, float]]:
        return [(max(float(major), 1.0), offset) for major, offset in super().tickSpacing(lowest, highest, size)[:1]]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{value:,.0f}" for value in values]


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """Values in a learner's notation: 0.25, 1e-4, 75 %."""

    percent = False

    def boundingRect(self) -> QRectF:
        return QRectF(super().boundingRect()).adjusted(0, -8, 0, 8)  # with a grid it would leave the ends without their text

    def tickValues(self, lowest: float, highest: float, size: float) -> list[tuple[float | None, list[float]]]:
        if self.logMode:
            return [(None, log_ticks(lowest, highest))]
        return list(super().tickValues(lowest, highest, size)[:1])

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.percent:
            return [f"{100 * value:.0f}%" for value in values]
        if self.logMode:
            return [plain(10**value) for value in values]
        digits = 0 if spacing is None or spacing >= 1 else min(max(int(np.ceil(-log10(spacing) - 1e-9)), 0), 8)
        return [f"{value:.{digits}f}" if abs(value) < 1e5 else f"{value:.0e}" for value in values]


def log_ticks(lowest: float, highest: float) -> list[float]:
    """Where a logarithmic axis from 10^lowest to 10^highest has its ticks: at 1, 2 and 5 times the powers of
    ten, or at the powers alone when there are many. Returned as powers."""
    powers = range(int(np.floor(lowest)), int(np.ceil(highest)) + 1)
    factors = (1, 2, 5) if highest - lowest <= 2.5 else (1,)
    stride = max(1, round(len(powers) / 7))
    ticks = [power + log10(factor) for power in powers[::stride] for factor in factors]
    return [tick for tick in ticks if lowest - 1e-9 <= tick <= highest + 1e-9]


def plain(value: float) -> str:
    """A value in few figures: 0.02, 5, 1e-5."""
    return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e") if value < 0.001 or value >= 1e5 else f"{value:g}"
