"""A line of words whose numbers stand out, as they change all the time. Called by the run bar."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent

from gui.shell.theme import theme
from gui.widgets.labels import FilledLabel, fill_ground

_BOLD = re.compile("</?b>")


class BoldNumbers(FilledLabel):
    """Writes what stands between <b> and </b> in bold. It paints that itself: a rich label makes a document of each text, which
    takes five times as long, several times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []  # every second one is bold
        self._fonts: tuple[QFont, QFont] | None = None

    def setText(self, text: str) -> None:
        self._parts = _BOLD.split(text)
        super().setText(text)
        self.setAccessibleName("".join(self._parts))

    def needed(self, text: str) -> int:
        """How wide `text` is."""
        return (
            sum(QFontMetrics(self._font(number)).horizontalAdvance(part) for number, part in enumerate(_BOLD.split(text))) + 2
        )

    def _font(self, number: int) -> QFont:
        """Of the part of that number."""
        if self._fonts is None or self._fonts[0] != self.font():
            bold = QFont(self.font())
            bold.setBold(True)
            self._fonts = QFont(self.font()), bold
        return self._fonts[number % 2]

    def sizeHint(self) -> QSize:
        return QSize(self.needed(self.text()), self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        fill_ground(self)
        painter = QPainter(self)
        painter.setPen(theme().text)
        metrics = self.fontMetrics()
        x, y = 0, (self.height() - metrics.height()) // 2 + metrics.ascent()
        for number, part in enumerate(self._parts):
            if part:
                painter.setFont(self._font(number))
                painter.drawText(x, y, part)
                x += painter.fontMetrics().horizontalAdvance(part)
