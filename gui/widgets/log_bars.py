"""Numbers of very different size as bars on a logarithmic scale, each with its name before and its figures in full behind.

Called by the convolution lab's page of formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme

ROW_PX, FIGURES_PX, GAP_PX = 17.0, 14.0, 10.0
FIGURE_PX, STEPS = 52.0, (1, 2, 3, 6, 12)  # figures of the axis stand at least so far apart, so many powers of ten
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Bar:
    """`value` is a whole number of any size from 0 on; one that is `loud` takes the second colour."""

    name: str
    value: int
    loud: bool = False


class LogBars(QWidget):
    """`set_bars` shows some bars from 1 to 10^`decades` at least."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._decades = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(200)
        THEME.changed.connect(self.update)

    def set_bars(self, bars: tuple[Bar, ...], decades: int = 1) -> None:
        shown = bars, max(decades, decades_of(bars))
        if shown != (self._bars, self._decades):
            self._bars, self._decades = shown
            self.setAccessibleDescription(", ".join(f"{bar.name} {bar.value:,}" for bar in bars))
            self.updateGeometry()
            self.update()

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def length(self, value: int) -> float:
        """How long a value's bar is, in pixels."""
        return self._length(value, self._area())

    def sizeHint(self) -> QSize:
        return QSize(360, int(len(self._bars) * ROW_PX + FIGURES_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _area(self) -> QRectF:
        """Where the bars are: between the names and the figures."""
        measure = _type(12)[1]
        names = max((measure.horizontalAdvance(bar.name) for bar in self._bars), default=0.0) + GAP_PX
        figures = max((measure.horizontalAdvance(f"{bar.value:,}") for bar in self._bars), default=0.0) + GAP_PX
        names = min(names, self.width() / 3)
        return QRectF(names, 0, max(self.width() - names - figures, 24.0), len(self._bars) * ROW_PX)

    def _length(self, value: int, area: QRectF) -> float:
        return area.width() * log10(value) / self._decades if value > 1 else 2.0 * bool(value)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, area = theme(), QPainter(self), self._area()
        self._paint_axis(painter, area)
        chosen, measure = _type(12)
        painter.setFont(chosen)
        painter.setPen(now.text)
        for number, bar in enumerate(self._bars):
            top, length = number * ROW_PX, self._length(bar.value, area)
            name = measure.elidedText(bar.name, Qt.TextElideMode.ElideRight, area.left() - 6)
            painter.drawText(QRectF(0, top, area.left(), ROW_PX), Qt.AlignmentFlag.AlignVCenter, name)
            painter.fillRect(QRectF(area.left(), top + 3, length, ROW_PX - 6), now.curves[1] if bar.loud else now.accent)
            figures = QRectF(area.left() + length + 6, top, self.width(), ROW_PX)
            painter.drawText(figures, Qt.AlignmentFlag.AlignVCenter, f"{bar.value:,}")

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        now = theme()
        step = next((step for step in STEPS if area.width() * step / self._decades >= FIGURE_PX), STEPS[-1])
        for power in range(0, self._decades + 1, step):
            x = round(area.left() + area.width() * power / self._decades)
            painter.setPen(QPen(now.line, 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, area.bottom()))
            painter.setPen(now.muted)
            _paint_power(painter, x, area.bottom(), power)


def _paint_power(painter: QPainter, x: float, top: float, power: int) -> None:
    """10 with its exponent raised, as the font's own raised figures are of two sizes."""
    base, raised = ("1", "") if power == 0 else ("10", str(power) if power > 1 else "")
    (large, measure), (small, narrow) = _type(11), _type(9)
    half = (measure.horizontalAdvance(base) + narrow.horizontalAdvance(raised)) / 2
    painter.setFont(large)
    painter.drawText(QRectF(x - half, top, 2 * half, FIGURES_PX), Qt.AlignmentFlag.AlignVCenter, base)
    if raised:
        painter.setFont(small)
        painter.drawText(QRectF(x - half, top - 3, 2 * half + 1, FIGURES_PX), RIGHT, raised)


@cache
def _type(px: int) -> tuple[QFont, QFontMetricsF]:
    """A font and its measures, which take longer to make than to use."""
    chosen = font(px)
    return chosen, QFontMetricsF(chosen)


def decades_of(bars: tuple[Bar, ...]) -> int:
    """How many powers of ten hold all the bars."""
    return max((len(str(bar.value - 1)) for bar in bars if bar.value > 1), default=1)
