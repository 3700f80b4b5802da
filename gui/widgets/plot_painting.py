"""How a live plot is painted: axes, grid and their figures once into a picture that is kept, curves anew each
frame.

pyqtgraph's scene costs a frame a dozen calls back into Python for each of its items, and in each of them the
painting and the training pass the interpreter to and fro; painted in one go, a frame takes a third of that.
Called by the plots only.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
import numpy.typing as npt
import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from gui.shell.theme import font, theme

Floats = npt.NDArray[np.float64]
Range = tuple[float, float]

LEFT, TOP, RIGHT, BOTTOM = 62.0, 8.0, 14.0, 38.0  # px around the plot's area
VALUE_TICK_PX, STEP_TICK_PX = 44.0, 76.0  # figures stand at least this far apart


@dataclass(frozen=True)
class Axes:
    """What the axes show: iterations across, values upwards (powers of ten on a logarithmic axis)."""

    steps: Range = (0.0, 10.0)
    values: Range = (0.0, 1.0)
    log: bool = False
    percent: bool = False
    steps_name: str = ""
    values_name: str = ""


def plot_area(width: float, height: float) -> QRectF:
    """Where the curves are, in a plot of that size."""
    return QRectF(LEFT, TOP, max(width - LEFT - RIGHT, 1.0), max(height - TOP - BOTTOM, 1.0))


def in_pixels(x: Floats, y: Floats, axes: Axes, area: QRectF) -> tuple[Floats, Floats]:
    """Iterations and values as places in `area`."""
    (left, right), (low, high) = axes.steps, axes.values
    across = area.left() + (x - left) * (area.width() / (right - left))
    up = area.bottom() - (y - low) * (area.height() / (high - low))
    return across, up


def polygon(x: Floats, y: Floats) -> QPolygonF:
    """Points as Qt wants them, written into its memory in one go."""
    points = QPolygonF()
    points.resize(len(x))
    if len(x):
        room = shiboken6.VoidPtr(points.data(), 16 * len(x), True)  # type: ignore[call-arg, arg-type]
        pairs = np.frombuffer(room, np.float64).reshape(-1, 2)  # type: ignore[call-overload]
        pairs[:, 0], pairs[:, 1] = x, y
    return points


def paint_axes(painter: QPainter, axes: Axes, area: QRectF) -> None:
    """Grid lines, figures and names."""
    now = theme()
    painter.setFont(font(11))
    beside = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for value, text in value_ticks(axes, area.height()):
        y = round(float(in_pixels(np.zeros(1), np.array([value]), axes, area)[1][0]))
        painter.setPen(now.grid)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(now.muted)
        painter.drawText(QRectF(18, y - 8, area.left() - 24, 16), beside, text)
    for step in step_ticks(axes.steps, area.width()):
        x = float(in_pixels(np.array([step]), np.zeros(1), axes, area)[0][0])
        room = QRectF(x - 40, area.bottom() + 3, 80, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{step:,.0f}")
    centre = Qt.AlignmentFlag.AlignCenter
    painter.drawText(QRectF(area.left(), area.bottom() + 19, area.width(), 16), centre, axes.steps_name)
    painter.save()
    painter.translate(9, area.center().y())
    painter.rotate(-90)
    painter.drawText(QRectF(-area.height() / 2, -8, area.height(), 16), centre, axes.values_name)
    painter.restore()


def nice_unit(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least `least` > 0."""
    power = 10.0 ** floor(log10(least))
    return next(step for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9)) * power


def step_ticks(steps: Range, width: float) -> list[float]:
    """Whole iterations with a figure."""
    unit = max(nice_unit((steps[1] - steps[0]) * STEP_TICK_PX / max(width, STEP_TICK_PX)), 1.0)
    first = ceil(steps[0] / unit - 1e-9)
    last = floor(steps[1] / unit + 1e-9)
    return [number * unit for number in range(first, last + 1)]


def value_ticks(axes: Axes, height: float) -> list[tuple[float, str]]:
    """Values with a figure, and the figure. On a logarithmic axis values are powers of ten."""
    low, high = axes.values
    if axes.log:
        return [(tick, plain(10**tick)) for tick in log_ticks(low, high)]
    unit = nice_unit((high - low) * VALUE_TICK_PX / max(height, VALUE_TICK_PX))
    values = [number * unit for number in range(ceil(low / unit - 1e-9), floor(high / unit + 1e-9) + 1)]
    if axes.percent:
        return [(value, f"{100 * value:.{0 if unit >= 0.01 else 1}f}%") for value in values]
    if high >= 1e5:
        return [(value, "0" if value == 0 else plain(value)) for value in values]
    digits = min(max(ceil(-log10(unit) - 1e-9), 0), 9)
    return [(value, f"{value:.{digits}f}".replace("-", "−")) for value in values]


def log_ticks(lowest: float, highest: float) -> list[float]:
    """Where an axis from 10^lowest to 10^highest has its figures: at 1, 2 and 5 times the powers of ten, or
    at the powers alone when there are many. Returned as powers."""
    powers = range(floor(lowest), ceil(highest) + 1)
    factors = (1, 2, 5) if highest - lowest <= 2.5 else (1,)
    stride = max(1, round(len(powers) / 7))
    ticks = [power + log10(factor) for power in powers[::stride] for factor in factors]
    return [tick for tick in ticks if lowest - 1e-9 <= tick <= highest + 1e-9]


def plain(value: float) -> str:
    """A value in few figures: 0.02, 5, 1e-5."""
    if value != 0 and (abs(value) < 0.001 or abs(value) >= 1e5):
        return f"{value:.2g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return f"{value:g}"
