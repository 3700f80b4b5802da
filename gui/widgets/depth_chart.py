"""How a number grows layer by layer in one or two networks: a small chart of steps, painted in one go.

Called by the network lab's comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.shell.theme import THEME, font, theme

LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 58, 10, 26, 18
TICKS = 3
DASHES = [4.0, 4.0]  # of the second line, in its widths


@dataclass(frozen=True)
class Line:
    """`values` by layer; None where there is none. `layers` are the names that the tooltip says."""

    name: str
    values: tuple[int | None, ...]
    layers: tuple[str, ...]


class DepthChart(QWidget):
    """`set_lines` shows up to two networks; the layer under the cursor is said in a tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._lines: tuple[Line, ...] = ()
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 110)
        THEME.changed.connect(self.update)

    def set_lines(self, title: str, lines: Sequence[Line]) -> None:
        self._title, self._lines = title, tuple(lines)
        ends = (f"{line.name}: {self._last(line):,}" for line in lines)
        self.setAccessibleName(title)
        self.setAccessibleDescription(", ".join(ends))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 150)

    @staticmethod
    def _last(line: Line) -> int:
        return next((value for value in reversed(line.values) if value is not None), 0)

    @property
    def _depth(self) -> int:
        return max((len(line.values) for line in self._lines), default=1)

    @property
    def _highest(self) -> int:
        return max((value for line in self._lines for value in line.values if value is not None), default=1) or 1

    def _area(self) -> QRectF:
        return QRectF(LEFT_PX, TOP_PX, max(20, self.width() - LEFT_PX - RIGHT_PX), max(20, self.height() - TOP_PX - BOTTOM_PX))

    def point(self, layer: int, value: float) -> QPointF:
        """Where a value of a layer stands."""
        area = self._area()
        across = area.width() / max(1, self._depth - 1) if self._depth > 1 else 0.0
        return QPointF(area.left() + layer * across, area.bottom() - area.height() * value / self._highest)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, area, painter = theme(), self._area(), QPainter(self)
        painter.setFont(font(11))
        painter.setPen(now.muted)
        painter.drawText(QRectF(0, 0, self.width(), TOP_PX - 2), Qt.AlignmentFlag.AlignLeft, self._title)
        painter.fillRect(area, now.grid)
        for tick in range(TICKS):
            value = self._highest * tick / (TICKS - 1)
            y = self.point(0, value).y()
            painter.setPen(QPen(now.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(now.muted)
            box = QRectF(0, y - 8, LEFT_PX - 6, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short(value))
        painter.drawText(QRectF(area.left(), area.bottom() + 1, 40, 17), Qt.AlignmentFlag.AlignLeft, "1")
        middle = QRectF(area.left() + 40, area.bottom() + 1, area.width() - 80, 17)
        painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter, self.tr("layer"))
        right = QRectF(area.right() - 60, area.bottom() + 1, 60, 17)
        painter.drawText(right, Qt.AlignmentFlag.AlignRight, str(self._depth))
        for number, line in enumerate(self._lines):
            self._paint_line(painter, line, number)

    def _paint_line(self, painter: QPainter, line: Line, number: int) -> None:
        now = theme()
        points = [self.point(layer, value) for layer, value in enumerate(line.values) if value is not None]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(now.curves[number], 2 if number else 3)
        if number:
            pen.setDashPattern(DASHES)  # so that a line below it is seen
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(now.curves[number])
        for layer, value in enumerate(line.values):
            if value is not None and (len(line.values) <= 24 or layer == self._hovered):
                size = 4 if layer == self._hovered else 2.5
                painter.drawEllipse(self.point(layer, value), size, size)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self._area()
        part = (event.position().x() - area.left()) / area.width() if area.width() else 0
        layer = min(max(round(part * (self._depth - 1)), 0), self._depth - 1)
        if layer != self._hovered:
            self._hovered = layer
            self.update()
        lines = [
            f"{line.name}, {layer + 1}: {line.layers[layer]}  {line.values[layer]:,}"
            for line in self._lines
            if layer < len(line.values) and line.values[layer] is not None
        ]
        QToolTip.showText(event.globalPosition().toPoint(), "\n".join(lines), self)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()


def short(value: float) -> str:
    """A count in three figures with the unit that courses use: 61.1 M."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:g}"
