"""The legend of a plot of curves, which is also its read-out. Called by `gui.plots.card`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.shell.theme import THEME, font, theme

Entry = tuple[str, str, str]  # key, name, value


class CurveLegend(QWidget):
    """Colour, line, name and value of every curve, in a row. `pen` gives the pen of a key."""

    def __init__(self, pen: Callable[[str], QPen]) -> None:
        super().__init__()
        self._pen = pen
        self._entries: Sequence[Entry] = ()
        self._at = ""
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_entries(self, entries: Sequence[Entry], at: str) -> None:
        """Key, name and value of every curve, and where the values are."""
        if (entries, at) != (self._entries, self._at):
            self._entries, self._at = entries, at
            self.setAccessibleName(", ".join(f"{name} {value}" for _, name, value in entries))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter, QRectF(self.rect()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.accessibleName(), self)
            return True
        return super().event(event)

    def fitting(self, metrics: QFontMetrics, room: float) -> tuple[int, int, bool]:
        """Length of a line, gap behind an entry, and whether there are names: where they would cost a value its place, the
        lines alone tell the curves apart, and the names are in the tooltip."""
        ways = ((22, 12, True), (14, 4, True), (14, 8, False))
        for dash, gap, named in ways:
            texts = [text for _, name, value in self._entries for text in ((name, value) if named else (value,))]
            words = sum(metrics.horizontalAdvance(text) + 6 for text in texts)
            if words + len(self._entries) * (dash + 6 + gap) - gap - 6 <= room:
                return dash, gap, named
        return ways[-1]

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw it anywhere: on the screen, or in an exported picture."""
        now = theme()
        painter.setFont(font(12))
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        x = area.left()
        dash, gap, named = self.fitting(metrics, area.width())
        for key, name, value in self._entries:
            painter.setPen(self._pen(key))
            painter.drawLine(int(x), int(area.center().y()), int(x) + dash, int(area.center().y()))
            x += dash + 6
            for text, colour in ((name if named else "", now.muted), (value, now.text)):
                if text:
                    painter.setPen(colour)
                    width = metrics.horizontalAdvance(text)
                    painter.drawText(QRectF(x, area.top(), width + 2, area.height()), middle, text)
                    x += width + 6
            x += gap
        painter.setPen(now.muted)
        if self._at and x + metrics.horizontalAdvance(self._at) < area.right():
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, right, self._at)
