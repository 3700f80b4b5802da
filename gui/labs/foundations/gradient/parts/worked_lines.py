"""A formula with its numbers put in, line by line, in a place of fixed height: a new text lays nothing out.

Called by the pages of the board.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme
from gui.widgets.labels import wrapped

LINE_PX, TEXT_PX = 17, 12


class WorkedLines(QWidget):
    """Room for `count` lines; in less than `roomy_px` each may take two."""

    def __init__(self, count: int, roomy_px: int = 340) -> None:
        super().__init__()
        self.lines: tuple[str, ...] = ()
        self._count, self._roomy_px = count, roomy_px
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(count * LINE_PX)
        THEME.changed.connect(self.update)

    def show_lines(self, lines: Sequence[str]) -> None:
        if tuple(lines) != self.lines:
            self.lines = tuple(lines)
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
        painter, measure, y = QPainter(self), QFontMetricsF(font(TEXT_PX)), 0.0
        painter.setFont(font(TEXT_PX))
        painter.setPen(theme().text)
        for line in self.lines:
            for part in wrapped(line, measure, self.width()):
                painter.drawText(QRectF(0, y, self.width(), LINE_PX), Qt.AlignmentFlag.AlignVCenter, part)
                y += LINE_PX
