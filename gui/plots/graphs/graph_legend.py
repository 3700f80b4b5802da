"""The legend of a graph: a sample of each kind of line and point with its name, in rows above the box. Called by the graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QWidget

from gui.plots.look import shapes_path
from gui.plots.numbers.reduction import Places
from gui.shell.theme import font, theme

SAMPLE_PX, GAP_PX, APART_PX, ROW_PX = 18.0, 5.0, 14.0, 17.0


@dataclass(frozen=True, eq=False)
class LegendEntry:
    """A name, and how its sample looks: a line with `pen`, or one point with `corners`."""

    name: str
    pen: QPen
    brush: QBrush
    corners: Places | None = None


class GraphLegend(QGraphicsItem):
    """`set_entries` lays the entries out in a width; `height` is what they take. It is kept as a picture: most frames have the
    same."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._entries: tuple[LegendEntry, ...] = ()
        self._places: list[QPointF] = []
        self._width = 0.0
        self.height = 0.0
        self.needed = 0.0  # of the width
        self.keep_picture(True)

    def keep_picture(self, kept: bool) -> None:
        """Paint it from the picture that Qt keeps of it, or anew each time; the picture is let go then."""
        mode = QGraphicsItem.CacheMode.DeviceCoordinateCache if kept else QGraphicsItem.CacheMode.NoCache
        self.setCacheMode(mode)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self._entries)

    def set_entries(self, entries: Sequence[LegendEntry], width: float) -> None:
        self.prepareGeometryChange()
        self._entries, self._width = tuple(entries), width
        measure = QFontMetricsF(font(11))
        self._places, x, y, self.needed = [], 0.0, 0.0, 0.0
        for entry in entries:
            needed = SAMPLE_PX + GAP_PX + measure.horizontalAdvance(self._shown(entry, measure))
            if x and x + needed > width:
                x, y = 0.0, y + ROW_PX
            self._places.append(QPointF(x, y))
            x += needed + APART_PX
            self.needed = max(self.needed, x - APART_PX)
        self.height = y + ROW_PX if entries else 0.0
        self.keep_picture(False)  # as an axis: Qt goes on to show the picture of the old size
        self.keep_picture(True)

    def _shown(self, entry: LegendEntry, measure: QFontMetricsF) -> str:
        """A name that is wider than the graph ends in dots."""
        return measure.elidedText(entry.name, Qt.TextElideMode.ElideRight, max(self._width - SAMPLE_PX - GAP_PX, 1.0))

    @property
    def cut(self) -> tuple[str, ...]:
        """The names that end in dots."""
        measure = QFontMetricsF(font(11))
        return tuple(entry.name for entry in self._entries if self._shown(entry, measure) != entry.name)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._width, self.height)

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        measure = QFontMetricsF(font(11))
        painter.setFont(font(11))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry, place in zip(self._entries, self._places, strict=True):
            middle = place.y() + ROW_PX / 2
            painter.setPen(entry.pen)
            painter.setBrush(entry.brush)
            if entry.corners is None:
                painter.drawLine(QPointF(place.x(), middle), QPointF(place.x() + SAMPLE_PX, middle))
            else:
                painter.save()
                painter.translate(place.x() + SAMPLE_PX / 2, middle)
                painter.scale(1, -1)
                painter.drawPath(shapes_path(entry.corners[:1] * 0, entry.corners, (1.0, 1.0)))
                painter.restore()
            painter.setPen(theme().text)
            base = middle + (measure.ascent() - measure.descent()) / 2
            painter.drawText(QPointF(place.x() + SAMPLE_PX + GAP_PX, base), self._shown(entry, measure))
