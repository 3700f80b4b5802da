"""A number of two things as two bars to one scale, with names before and figures behind. Called by the network lab's
comparison."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme

ROW_PX, GAP_PX = 20, 8
MOST_NAMES = 0.45  # of the width
LEAST_PX = 24.0  # of a bar, and of a name


class PairBars(QWidget):
    """`set_pair` shows two whole numbers; the larger one takes all the room that there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = ("", "")
        self._values = (0, 0)
        self._figures = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_pair(self, names: tuple[str, str], values: tuple[int, int], figures: tuple[str, str] | None = None) -> None:
        """`figures` is how the values are written; left out, in full."""
        self._names, self._values = names, values
        self._figures = figures or (f"{values[0]:,}", f"{values[1]:,}")
        told = zip(names, self._figures, strict=True)
        self.setAccessibleDescription(", ".join(f"{name} {figure}" for name, figure in told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 2 * ROW_PX)

    def lengths(self) -> tuple[float, float]:
        """How long the bars are, in pixels."""
        most = max(self._values) or 1
        room = self._room()
        return room * self._values[0] / most, room * self._values[1] / most

    def _room(self) -> float:
        return max(LEAST_PX, self.width() - self._names_width() - self._figures_width())

    def _names_width(self) -> float:
        """The room of the names, the gap after them included. They are cut before the figures are."""
        measure = QFontMetricsF(font(12))
        most = min(MOST_NAMES * self.width(), self.width() - self._figures_width() - LEAST_PX - GAP_PX)
        return GAP_PX + min(max(measure.horizontalAdvance(name) for name in self._names) + 1, max(most, LEAST_PX))

    def _figures_width(self) -> float:
        measure = QFontMetricsF(font(12))
        return max(measure.horizontalAdvance(text) for text in self._figures) + GAP_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setFont(font(12))
        measure, left = QFontMetricsF(font(12)), self._names_width()
        for number, length in enumerate(self.lengths()):
            top = number * ROW_PX
            painter.setPen(now.text)
            name = measure.elidedText(self._names[number], Qt.TextElideMode.ElideRight, left - GAP_PX)
            painter.drawText(QRectF(0, top, left, ROW_PX), Qt.AlignmentFlag.AlignVCenter, name)
            painter.fillRect(QRectF(left, top + 4, max(1.0, length), ROW_PX - 8), now.curves[number])
            box = QRectF(left + length + GAP_PX, top, self.width(), ROW_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._figures[number])
