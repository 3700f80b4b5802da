"""What is said below a picture, line by line, in a place of fixed height: a new text lays nothing out, and nothing jumps while
a slider is dragged. Called by the pages of the boards.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme
from gui.widgets.labels import wrapped

LINE_PX, TEXT_PX = 17, 12


class WorkedLines(QWidget):
    """Room for `count` lines; in less than `roomy_px` each may take two. `muted`: remarks, in grey."""

    def __init__(self, count: int, roomy_px: int = 340, *, muted: bool = False) -> None:
        super().__init__()
        self.lines: tuple[str, ...] = ()
        self._count, self._roomy_px, self._muted = count, roomy_px, muted
        self._font = font(TEXT_PX)
        self._wrapped: tuple[int, list[str]] | None = None  # the width, and the lines that it has room for
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(count * LINE_PX)
        THEME.changed.connect(self.update)

    def show_lines(self, lines: Sequence[str]) -> None:
        if tuple(lines) != self.lines:
            self.lines, self._wrapped = tuple(lines), None
            self.setAccessibleName(" ".join(lines))
            self.update()

    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = self._count * LINE_PX * (1 if self.width() >= self._roomy_px else 2)
        if height != self.height():
            self.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._wrapped is None or self._wrapped[0] != self.width():
            measure = QFontMetricsF(self._font)
            self._wrapped = self.width(), [part for line in self.lines for part in wrapped(line, measure, self.width())]
        painter, measure_px = QPainter(self), QFontMetrics(self._font)
        painter.setFont(self._font)
        painter.setPen(theme().muted if self._muted else theme().text)
        base = (LINE_PX - measure_px.height()) // 2 + measure_px.ascent()
        for number, part in enumerate(self._wrapped[1]):
            painter.drawText(QPoint(0, number * LINE_PX + base), part)
        painter.end()
