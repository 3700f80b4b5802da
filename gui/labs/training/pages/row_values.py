"""A row of a table: each value after its column's name.

Called by the predictions and by the pages of judged samples.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.figures import UNKNOWN
from engine.words import printable
from gui.shell.theme import THEME, font, theme

LINE_PX, MOST_LINES, PAIR_GAP = 18, 3, 14
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RowValues(QWidget):
    """One row's values, each after its column's name, in as many lines as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: tuple[tuple[str, str], ...] = ()
        THEME.changed.connect(self.update)

    def show_row(self, names: Sequence[str], cells: Sequence[str | None]) -> None:
        """None: a value is missing."""
        named = zip(names, cells, strict=False)
        pairs = tuple((printable(name), UNKNOWN if cell is None else printable(cell)) for name, cell in named)
        if pairs != self.pairs:
            self.pairs = pairs
            self.setToolTip("\n".join(f"{name}: {value}" for name, value in pairs))
            self.setAccessibleName(", ".join(f"{name} {value}" for name, value in pairs))
            self.update()

    def wanted_px(self, width: int, most_lines: int = MOST_LINES) -> int:
        """As high as all values need at this width, in so many lines at most."""
        return LINE_PX * min(len(self._laid_out(width)), most_lines)

    def _laid_out(self, width: int) -> list[list[tuple[str, str, float]]]:
        """The pairs by lines, each with its place from the left."""
        measure = QFontMetrics(font(12))
        lines: list[list[tuple[str, str, float]]] = [[]]
        left = 0.0
        for name, value in self.pairs:
            taken = float(measure.horizontalAdvance(f"{name} {value}"))
            if lines[-1] and left + taken > width:
                lines.append([])
                left = 0.0
            lines[-1].append((name, value, left))
            left += taken + PAIR_GAP
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(12))
        measure, now = painter.fontMetrics(), theme()
        lines = self._laid_out(self.width())
        shown = max(self.height() // LINE_PX, 1)
        for number, line in enumerate(lines[:shown]):
            for place, (name, value, left) in enumerate(line):
                room = round(self.width() - left)
                is_last = number == shown - 1 and place == len(line) - 1 and len(lines) > shown
                called = measure.elidedText(f"{name} ", Qt.TextElideMode.ElideMiddle, max(room // 2, 1))
                across = measure.horizontalAdvance(called)
                said = f"{value} …" if is_last else value
                said = measure.elidedText(said, Qt.TextElideMode.ElideRight, max(room - across, 1))
                painter.setPen(now.muted)
                painter.drawText(QRectF(left, number * LINE_PX, across, LINE_PX), LEFT, called)
                painter.setPen(now.text)
                painter.drawText(QRectF(left + across, number * LINE_PX, room - across, LINE_PX), LEFT, said)
