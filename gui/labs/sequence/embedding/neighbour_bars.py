"""The nearest neighbours of a word with the cosines of their angles, as bars; a click goes to one.

Called by the page of embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import MINUS
from engine.sequences.embedding_view import Neighbour
from gui.labs.sequence.embedding.lookup_picture import seen_word
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

ROW_PX, NAME_PX, FIGURE_PX = 19, 90, 56
KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class NeighbourBars(QWidget):
    """`show_neighbours` shows them, the nearest first."""

    row_chosen = Signal(int)  # a row of the table

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[Neighbour, ...] = ()
        self._names: tuple[str, ...] = ()
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        THEME.changed.connect(self.update)

    def show_neighbours(self, found: Sequence[Neighbour], words: Sequence[str]) -> None:
        if len(found) != len(self.found):
            self.updateGeometry()
        self.found, self._names = tuple(found), tuple(seen_word(words[each.row]) for each in found)
        self._at = min(self._at, max(len(self.found) - 1, 0))
        self.setAccessibleDescription(", ".join(self.texts()))
        self.update()

    def texts(self) -> list[str]:
        """Each neighbour and its cosine."""
        return [f"{name} {cosine_text(each.cosine)}" for name, each in zip(self._names, self.found, strict=True)]

    def sizeHint(self) -> QSize:
        return QSize(240, max(len(self.found), 1) * ROW_PX + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def place(self, number: int) -> QRectF:
        return QRectF(0, 1 + number * ROW_PX, self.width(), ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.setFont(font(12))
        for number, (name, each) in enumerate(zip(self._names, self.found, strict=True)):
            place = self.place(number)
            painter.setPen(now.text)
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, NAME_PX - 6)
            painter.drawText(QRectF(2, place.top(), NAME_PX - 4, ROW_PX), LEFT, shown)
            groove = QRectF(NAME_PX, place.center().y() - 3, max(place.width() - NAME_PX - FIGURE_PX, 8), 6)
            painter.fillRect(groove, now.groove)
            middle, half = groove.center().x(), groove.width() / 2
            length = half * min(max(each.cosine, -1.0), 1.0)
            bar = QRectF(min(middle, middle + length), groove.top(), abs(length), 6)
            painter.fillRect(bar, now.accent if each.cosine >= 0 else now.warn)
            painter.setPen(now.muted)
            painter.drawLine(int(middle), int(groove.top()) - 2, int(middle), int(groove.bottom()) + 2)
            painter.setPen(now.text)
            painter.drawText(place.adjusted(0, 0, -2, 0), RIGHT, cosine_text(each.cosine))
            if self.hasFocus() and number == self._at:
                painter.setPen(QPen(now.accent, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place.adjusted(0.5, 0.5, -1.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = int((event.position().y() - 1) // ROW_PX)
        if 0 <= number < len(self.found) and event.button() == Qt.MouseButton.LeftButton:
            self._at = number
            self.row_chosen.emit(self.found[number].row)

    def event(self, event: QEvent) -> bool:
        return claims_key(event, KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in KEYS or not self.found:
            super().keyPressEvent(event)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.row_chosen.emit(self.found[self._at].row)
            return
        stride = -1 if event.key() == Qt.Key.Key_Up else 1
        self._at = min(max(self._at + stride, 0), len(self.found) - 1)
        self.update()


def cosine_text(cosine: float) -> str:
    """With three decimals. Only what is 1 or −1 is written so."""
    text = f"{abs(cosine):.3f}"
    if text == "1.000" and abs(cosine) < 1 - 1e-7:
        text = "0.999"
    return f"{MINUS}{text}" if cosine < 0 and float(text) else text
