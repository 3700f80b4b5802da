"""A live plot of curves over iterations: what a run's losses and accuracies are drawn with.

Hides everything that makes a frame cheap: curves are reduced to two points a pixel, pens are one pixel wide
and not antialiased, axes move in round steps and are kept as a picture. Data comes in with `append`; a redraw
never adds any. Called by the labs, through `gui.widgets.curve_card` as a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.training.curve import Curve, Smoothing
from gui.shell.theme import THEME, theme
from gui.widgets.plot_painting import Axes, Floats, Range, in_pixels, paint_axes, plot_area, polygon
from gui.widgets.plot_ranges import SMALLEST, log_limits, rate_limits, step_limit, value_limits

Kind = Literal["value", "rate"]  # a rate is a part of one, shown in percent
DOTS = 40  # a curve of few points shows them
DOT_PX = 2.5
ZOOM = 1.25
FAINT = 0.3


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
    line: QPolygonF = field(default_factory=QPolygonF)  # as it is painted now, in pixels
    behind: QPolygonF = field(default_factory=QPolygonF)  # what was measured, faintly, behind the smoothed curve
    dots: bool = False

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
        self._axes = Axes(percent=kind == "rate")
        self._background: QPixmap | None = None  # the axes, painted; None: to be painted anew
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 110)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        THEME.changed.connect(self.restyle)

    # --- data

    def add(self, key: str, colour: int, *, dashed: bool = False, smoothed: bool = True) -> None:
        """Add an empty curve in the colour of that number; dashed for what is measured on data held back."""
        self.series[key] = Series(key, colour, dashed, smoothed)
        self._smooth_anew(self.series[key])

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
        self.update()

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
        area = plot_area(self.width(), self.height())
        found = {}
        lowest, highest = np.inf, -np.inf
        for key, series in self.series.items():
            parts = [self._points(series.shown, steps, int(area.width()))]
            if series.smooth is not None:
                parts.append(self._points(series.raw, steps, int(area.width())))
            found[key] = parts
            for _, up in parts:
                if len(up):
                    lowest, highest = min(lowest, float(up.min())), max(highest, float(up.max()))
        self._set_axes(steps, self._values_shown(lowest, highest))
        for key, series in self.series.items():
            line, *behind = (polygon(*in_pixels(*part, self._axes, area)) for part in found[key])
            series.line, series.behind = line, behind[0] if behind else QPolygonF()
            series.dots = line.size() <= DOTS and not series.smoothed
        self.update()

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

    def _set_axes(self, steps: Range, values: Range) -> None:
        over, beyond = 0.02 * (values[1] - values[0]), 0.008 * (steps[1] - steps[0])  # room for a dot on the edge
        axes = replace(self._axes, steps=(steps[0], steps[1] + beyond), values=(values[0], values[1] + over), log=self._log)
        if axes != self._axes:
            self._axes = axes
            self._background = None

    @property
    def axes(self) -> Axes:
        """What the axes show."""
        return self._axes

    def set_axis_names(self, across: str, up: str) -> None:
        self._axes = replace(self._axes, steps_name=across, values_name=up)
        self.restyle()

    def restyle(self) -> None:
        """Paint the axes anew, in the colours of the theme in force."""
        self._background = None
        self.update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._background is None:
            self._background = self._paint_background()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._background)
        self._paint_curves(painter)
        if self._cursor is not None:
            area = plot_area(self.width(), self.height())
            x = float(in_pixels(np.array([self._cursor]), np.zeros(1), self._axes, area)[0][0])
            painter.setPen(theme().muted)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """All of it without the cursor, for a file."""
        paint_axes(painter, self._axes, plot_area(self.width(), self.height()))
        self._paint_curves(painter)

    def _paint_background(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(round(self.width() * scale), round(self.height() * scale)))
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(theme().panel)
        painter = QPainter(pixmap)
        paint_axes(painter, self._axes, plot_area(self.width(), self.height()))
        painter.end()
        return pixmap

    def _paint_curves(self, painter: QPainter) -> None:
        painter.save()
        area = plot_area(self.width(), self.height())
        painter.setClipRect(QRectF(area.left(), 0, area.width() + 4, area.bottom() + 2))
        for series in self.series.values():
            if series.behind.size():
                painter.setPen(series.pen(FAINT))
                painter.drawPolyline(series.behind)
        for series in self.series.values():
            painter.setPen(series.pen())
            painter.drawPolyline(series.line)
            if series.dots:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme().curves[series.colour])
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                for number in range(series.line.size()):
                    painter.drawEllipse(series.line.at(number), DOT_PX, DOT_PX)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.restore()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._background = None
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

    def _step_at(self, x: float) -> float:
        """The iteration at that many pixels from the left."""
        area = plot_area(self.width(), self.height())
        low, high = self._axes.steps
        return low + (high - low) * (x - area.left()) / area.width()

    def point_at(self, x: float) -> None:
        """Put the cursor on the measured iteration nearest to that many pixels from the left."""
        step = self._step_at(x)
        low, high = self._axes.steps
        nearest = [point for point in (each.shown.value_at(step) for each in self.series.values()) if point]
        inside = low <= step <= high and bool(nearest)
        self._set_cursor(float(min(nearest, key=lambda point: abs(point[0] - step))[0]) if inside else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().x(), self._steps_shown()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position().x())
        self.point_at(event.position().x())

    def _drag(self, x: float) -> None:
        assert self._grabbed is not None
        began, (low, high) = self._grabbed
        area = plot_area(self.width(), self.height())
        shift = max((began - x) * (high - low) / area.width(), -low)
        if abs(began - x) < 3 and self._following:
            return
        if self._following:
            self.set_following(False)
        self._window = low + shift, high + shift
        self.draw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(ZOOM ** (-event.angleDelta().y() / 120), self._step_at(event.position().x()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
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
