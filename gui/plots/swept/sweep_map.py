"""A heat map of few cells, each with its value written in it: two settings of a sweep against each other.

Called by the training lab's queue.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent

from engine.figures import measured
from gui.plots.matrices.heat_map import HeatMap
from gui.shell.theme import font

DARK, BRIGHT = QColor("#14171b"), QColor("#ffffff")
CHANGES_AT = 0.55  # of the levels: brighter colours have dark figures


class SweepMap(HeatMap):
    """`written` says how a value is written; figures stand in the cells where all of them have room."""

    def __init__(self) -> None:
        self.written: Callable[[float], str] = measured
        super().__init__()

    def paintEvent(self, event: QPaintEvent) -> None:  # type: ignore[override]
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setFont(font(12))
        for area, text, colour in self.figures():
            painter.setPen(colour)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def figures(self) -> list[tuple[QRectF, str, QColor]]:
        """Where each value stands, its text and the text's colour; none where they have no room."""
        rows, columns = self._values.shape
        if not rows or not columns:
            return []
        area, measure = self.area, QFontMetricsF(font(12))
        wide, high = area.width() / columns, area.height() / rows
        low, top = self.levels
        found = []
        for row, values in enumerate(self._values.tolist()):
            for column, value in enumerate(values):
                if not np.isfinite(value):
                    continue
                text = self.written(value)
                if measure.horizontalAdvance(text) + 6 > wide or measure.height() > high:
                    return []
                corner = QPointF(area.left() + column * wide, area.top() + row * high)
                share = (value - low) / (top - low) if top > low else 0.0
                found.append((QRectF(corner.x(), corner.y(), wide, high), text, DARK if share > CHANGES_AT else BRIGHT))
        return found
