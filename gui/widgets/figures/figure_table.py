"""A few figures in rows and columns, with grey headings: for what is read, not chosen. Called by pages of results."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui.shell.theme import THEME, font, theme

TEXT_PX, ACROSS_PX, DOWN_PX = 12, 12, 2  # the texts' size, and what is between two columns and two rows
LEAST_ACROSS_PX = 5  # between two columns, where there is little room


class FigureTable(QWidget):
    """`set_rows` shows texts: the first row and the first column are headings. Columns are as wide as their widest text, and
    nearer to each other where there is little room; only cells whose text or place is new are painted again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._tips: tuple[str, ...] = ()
        self._font = font(TEXT_PX)
        self._measure = QFontMetrics(self._font)
        self._advances: dict[str, int] = {}
        self._columns: list[tuple[int, int]] = []  # where each begins, and its width
        self._tops: list[int] = []  # where each row begins, and where the last one ends
        self._size = self._least = QSize(0, 0)
        THEME.changed.connect(self.update)

    def set_rows(self, rows: Sequence[Sequence[str]], tips: Sequence[str] = ()) -> None:
        """`tips` explain the rows, the row of headings included."""
        shown, self._tips = tuple(tuple(texts) for texts in rows), tuple(tips)
        if shown == self._rows:
            return
        before, columns, tops = self._rows, self._columns, self._tops
        self._rows = shown
        self._lay_out()
        if (columns, tops) != (self._columns, self._tops):
            self.update()
        else:
            for row, (new, old) in enumerate(zip(shown, before, strict=True)):
                for column in range(max(len(new), len(old))):
                    if _at(new, column) != _at(old, column):
                        self.update(self.cell(row, column))
        self.setAccessibleDescription("; ".join(" ".join(filter(None, texts)) for texts in shown))

    def _lay_out(self) -> None:
        widths = list[int]()
        for texts in self._rows:
            for column, text in enumerate(texts):
                if column == len(widths):
                    widths.append(0)
                widths[column] = max(widths[column], self._advance(text))
        gaps, texts_px = max(sum(map(bool, widths)) - 1, 0), sum(widths)
        across = min(max((self.width() - texts_px) // max(gaps, 1), LEAST_ACROSS_PX), ACROSS_PX)
        self._columns, x = [], 0
        for width in widths:
            self._columns.append((x, width))
            x += width + across if width else 0
        height, self._tops, y = self._measure.height(), [], 0
        for texts in self._rows:
            self._tops.append(y)
            y += height + DOWN_PX if any(texts) else 0
        self._tops.append(y)
        y = max(y - DOWN_PX, 0)
        size, self._least = QSize(texts_px + gaps * ACROSS_PX, y), QSize(texts_px + gaps * LEAST_ACROSS_PX, y)
        if size != self._size:
            self._size = size
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self._columns
        self._lay_out()
        if self._columns != before:
            self.update()

    def _advance(self, text: str) -> int:
        if text not in self._advances:
            if len(self._advances) > 2_000:
                self._advances.clear()
            self._advances[text] = self._measure.horizontalAdvance(text)
        return self._advances[text]

    def cell(self, row: int, column: int) -> QRect:
        """Where a cell is."""
        x, width = self._columns[column]
        return QRect(x, self._tops[row], width + 1, self._measure.height())

    def sizeHint(self) -> QSize:
        return self._size

    def minimumSizeHint(self) -> QSize:
        return self._least

    def text(self, row: int, column: int) -> str:
        return self._rows[row][column]

    def texts(self) -> list[list[str]]:
        """What is shown, row by row."""
        return [[text for text in texts if text] for texts in self._rows]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, shown, now = QPainter(self), event.rect(), theme()
        painter.setFont(self._font)
        height, base = self._measure.height(), self._measure.ascent()
        for row, texts in enumerate(self._rows):
            top = self._tops[row]
            if top > shown.bottom() or top + height <= shown.top():
                continue
            painter.setPen(now.muted)  # the first cell is a heading
            for column, text in enumerate(texts):
                left, width = self._columns[column]
                if column == 1 and row:
                    painter.setPen(now.text)
                if text and left <= shown.right() and left + width > shown.left():
                    across = left + width - self._advance(text) if column else left
                    painter.drawText(across, top + base, text)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self)
            return True
        return super().event(event)

    def tip_at(self, place: QPoint) -> str:
        """What explains the row at a pixel."""
        for row, (top, end) in enumerate(zip(self._tops, self._tops[1:], strict=False)):
            if top <= place.y() < end:
                return self._tips[row] if row < len(self._tips) else ""
        return ""


def _at(texts: Sequence[str], column: int) -> str:
    return texts[column] if column < len(texts) else ""
