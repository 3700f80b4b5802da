"""Sparse beside distributed: the one-hot of a word, with as many cells as there are words, beside the table; their product is
one row of the table.

Painted; a row is chosen by click, wheel or arrow keys. Called by the page of embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.colours import diverging
from engine.figures import full_count, measured
from engine.sequences.embedding_view import Lookup
from gui.labs.sequence.predicting.character_sheet import seen
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

ROW_PX, HEAD_PX, RESULT_PX = 17, 20, 46
WORD_PX, HOT_PX, GAP_PX = 70, 44, 22
LEAST_CELL_PX = 3.0
KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)
CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LookupPicture(QWidget):
    """`show_lookup` shows a row of a table as a product."""

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: Sequence[str] = ()
        self._table: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._found: Lookup | None = None
        self._most = 1.0
        self._first = 0
        self._heads = ("", "", "")
        self._turned = 0
        self.setMinimumSize(220, HEAD_PX + RESULT_PX + 3 * ROW_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        THEME.changed.connect(self.update)
        self.retranslate()

    def show_lookup(self, words: Sequence[str], table: NDArray[np.float32], found: Lookup) -> None:
        """`found` is a row of `table` (V, D), one a word."""
        moved = self._found is None or found.row != self._found.row or len(words) != len(self._words)
        self._words, self._table, self._found = words, table, found
        self._most = float(np.abs(table).max(initial=0.0)) or 1.0
        if moved:
            self._bring_in(found.row)
        self._first = min(self._first, max(len(words) - self.rows, 0))
        self.setAccessibleDescription(
            f"{seen_word(words[found.row])}: {', '.join(measured(float(v), 3) for v in found.product)}"
        )
        self.retranslate()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 300)

    # --- places

    @property
    def rows(self) -> int:
        """Rows of the table that there is room for."""
        return max(min((self.height() - HEAD_PX - RESULT_PX) // ROW_PX, len(self._words)), 1)

    @property
    def first(self) -> int:
        """The first row that is shown."""
        return self._first

    def row_place(self, row: int) -> QRectF:
        """Where a row of the table is, with its word and its cell of the one-hot."""
        return QRectF(0, HEAD_PX + (row - self._first) * ROW_PX, self.width(), ROW_PX)

    @property
    def shown_dimensions(self) -> int:
        """Numbers of a vector that there is room for."""
        return min(int(self._table.shape[1]), max(int(self._across() / LEAST_CELL_PX), 1))

    def cell(self, row: int, dimension: int) -> QRectF:
        """Where one number of the table is."""
        wide = self._across() / max(self.shown_dimensions, 1)
        return QRectF(WORD_PX + HOT_PX + GAP_PX + dimension * wide, self.row_place(row).top(), wide, ROW_PX)

    def product_cell(self, dimension: int) -> QRectF:
        """Where one number of the product is, below the table."""
        above = self.cell(self._first, dimension)
        top = HEAD_PX + self.rows * ROW_PX + RESULT_PX - ROW_PX - 3
        return QRectF(above.left(), top, above.width(), ROW_PX)

    def _across(self) -> float:
        return max(self.width() - WORD_PX - HOT_PX - GAP_PX - 2, 20)

    def _bring_in(self, row: int) -> None:
        if row < self._first or row >= self._first + self.rows:
            self._first = min(max(row - self.rows // 2, 0), max(len(self._words) - self.rows, 0))

    def row_at(self, point: QPointF) -> int | None:
        row = self._first + int((point.y() - HEAD_PX) // ROW_PX)
        return row if point.y() >= HEAD_PX and self._first <= row < min(self._first + self.rows, len(self._words)) else None

    # --- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._found is None:
            return
        painter, now, found = QPainter(self), theme(), self._found
        painter.setFont(font(11))
        metrics = painter.fontMetrics()
        left = WORD_PX + HOT_PX + GAP_PX
        painter.setPen(now.muted)
        for place, head in (
            (QRectF(0, 0, WORD_PX + HOT_PX + GAP_PX - 4, HEAD_PX), self._heads[0]),
            (QRectF(left, 0, self.width() - left, HEAD_PX), self._heads[1]),
        ):
            painter.drawText(place, LEFT, metrics.elidedText(head, Qt.TextElideMode.ElideRight, int(place.width())))
        shown = range(self._first, min(self._first + self.rows, len(self._words)))
        for row in shown:
            place, hot = self.row_place(row), row == found.row
            painter.setFont(font(11, bold=hot))
            painter.setPen(now.text if hot else now.muted)
            word = painter.fontMetrics().elidedText(seen_word(self._words[row]), Qt.TextElideMode.ElideRight, WORD_PX - 8)
            painter.drawText(QRectF(2, place.top(), WORD_PX - 6, ROW_PX), LEFT, word)
            one = QRectF(WORD_PX, place.top() + 1, HOT_PX, ROW_PX - 2)
            painter.fillRect(one, now.accent if hot else now.ground)
            painter.setPen(now.on_accent if hot else now.muted)
            painter.drawText(one, CENTRE, "1" if hot else "0")
        painter.setFont(font(12))
        painter.setPen(now.muted)
        middle = HEAD_PX + len(shown) * ROW_PX / 2
        painter.drawText(QRectF(WORD_PX + HOT_PX, middle - 10, GAP_PX, 20), CENTRE, "×")
        count = self.shown_dimensions
        self._paint_cells(painter, self._table[shown.start : shown.stop, :count], self.cell(shown.start, 0))
        if found.row in shown:
            painter.setPen(QPen(now.window, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(left, self.row_place(found.row).top(), self._across(), ROW_PX).adjusted(-1, 0, 1, 0))
        self._paint_result(painter, found, count)
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_result(self, painter: QPainter, found: Lookup, count: int) -> None:
        now, first = theme(), self.product_cell(0)
        painter.setPen(now.muted)
        painter.setFont(font(12))
        painter.drawText(QRectF(WORD_PX + HOT_PX, first.top(), GAP_PX, ROW_PX), CENTRE, "=")
        painter.setFont(font(11))
        head = painter.fontMetrics().elidedText(self._heads[2], Qt.TextElideMode.ElideRight, int(self.width() - first.left()))
        painter.drawText(QRectF(first.left(), first.top() - 19, self.width() - first.left(), 18), LEFT, head)
        painter.setPen(now.text)
        word = painter.fontMetrics().elidedText(
            seen_word(self._words[found.row]), Qt.TextElideMode.ElideRight, WORD_PX + HOT_PX - 6
        )
        painter.drawText(QRectF(2, first.top(), WORD_PX + HOT_PX - 4, ROW_PX), LEFT, word)
        self._paint_cells(painter, found.product[None, :count], first)
        painter.setPen(QPen(now.window, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(first.left(), first.top(), self._across(), ROW_PX).adjusted(-1, 0, 1, 0))

    def _paint_cells(self, painter: QPainter, values: NDArray[np.float32], first: QRectF) -> None:
        """`values` (rows, dimensions) as colours, white at 0, from the place of the first one on."""
        if not values.size:
            return
        places = np.nan_to_num((values / self._most + 1) / 2, nan=0.5)
        pixels = np.ascontiguousarray(diverging()[np.clip(np.rint(places * 255), 0, 255).astype(int)])
        rows, columns = pixels.shape
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        painter.drawImage(QRectF(first.left(), first.top(), first.width() * columns, ROW_PX * rows), image)
        if first.width() >= 8:
            painter.setPen(QPen(QColor(theme().panel), 1))
            for column in range(1, columns):
                x = round(first.left() + column * first.width())
                painter.drawLine(x, int(first.top()), x, int(first.top() + ROW_PX * rows) - 1)

    # --- mouse, keys and words

    def _told(self, point: QPointF) -> str:
        row = self.row_at(point)
        left = WORD_PX + HOT_PX + GAP_PX
        if row is None or self._found is None:
            return ""
        word = seen_word(self._words[row])
        if point.x() < left:
            return f"{word}: {1 if row == self._found.row else 0}"
        dimension = int((point.x() - left) / max(self._across() / max(self.shown_dimensions, 1), 1e-9))
        if dimension >= self.shown_dimensions:
            return word
        return f"{word}, {dimension + 1}: {measured(float(self._table[row, dimension]))}"

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._told(QPointF(event.pos())), self)
            return True
        return claims_key(event, KEYS) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.row_chosen.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through the rows; who is chosen stays chosen."""
        last = max(len(self._words) - self.rows, 0)
        if not last:
            event.ignore()
            return
        self._turned += event.angleDelta().y()
        steps, self._turned = divmod(abs(self._turned), 40)[0] * (1 if self._turned > 0 else -1), 0
        self._first = min(max(self._first - steps, 0), last)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._found is None or event.key() not in KEYS:
            super().keyPressEvent(event)
            return
        last, here = len(self._words) - 1, self._found.row
        row = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_PageUp: here - self.rows,
            Qt.Key.Key_PageDown: here + self.rows,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }[Qt.Key(event.key())]
        row = min(max(row, 0), last)
        if row != here:
            self.row_chosen.emit(row)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self._found is not None:
            self._first = min(self._first, max(len(self._words) - self.rows, 0))
            self._bring_in(self._found.row)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("One-hot times table"))
        words, size = full_count(len(self._words)), full_count(self._table.shape[1])
        one, table = self.tr("one-hot 1 × {words}"), self.tr("table {words} × {size}")
        if self.shown_dimensions < self._table.shape[1]:
            table = self.tr("table {words} × {size}, the first {shown}")
        values = {"words": words, "size": size, "shown": full_count(self.shown_dimensions)}
        vector = self.tr("vector 1 × {size}")
        self._heads = (one.format(**values), table.format(**values), vector.format(**values))


def seen_word(word: str) -> str:
    """A word as it is shown; one character also where it leaves no trace."""
    return seen(word) if len(word) == 1 else word
