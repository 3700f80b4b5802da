"""The labels of a learner's own drawings, each with its key and a bar as long as it has drawings. Called by the pad."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import full_count
from engine.words import printable
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

ROW_PX, KEY_PX, FIGURE_PX, NAME_PART = 26, 22, 40, 0.5
KEYED = 10  # labels with a key
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def key_of(number: int) -> str:
    """The key of a label by its number from 0 on: 1 to 9, then 0."""
    return str((number + 1) % 10) if number < KEYED else ""


class LabelRows(QWidget):
    """`show_counts` shows labels; `chosen` carries the one that the user chooses."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[str, int] = {}
        self._current = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("role", "page")
        THEME.changed.connect(self.update)

    def show_counts(self, counts: Mapping[str, int], current: str) -> None:
        """How many drawings each label has; `current` is the one that the next drawing gets, or empty."""
        self._counts, self._current = dict(counts), current
        self.setFixedHeight(max(1, len(counts)) * ROW_PX)
        self.setAccessibleDescription(f"{printable(current)} {full_count(counts[current])}" if current in counts else "")
        self.update()

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """Each label's key, name and number of drawings, from top to bottom."""
        return [(key_of(number), name, count) for number, (name, count) in enumerate(self._counts.items())]

    def sizeHint(self) -> QSize:
        return QSize(220, self.height())

    def row(self, number: int) -> QRectF:
        """Where a label is."""
        return QRectF(0, number * ROW_PX, self.width(), ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        most = max((*self._counts.values(), 10))
        for number, (key, name, count) in enumerate(self.rows):
            place = self.row(number).adjusted(1, 1, -1, -1)
            if name == self._current:
                painter.setPen(QPen(now.accent, 1) if self.hasFocus() else Qt.PenStyle.NoPen)
                painter.setBrush(now.accent_ground)
                painter.drawRoundedRect(place, 6, 6)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if key:
                painter.setPen(QPen(now.line, 1))
                painter.drawRoundedRect(QRectF(place.left() + 4, place.top() + 4, 16, 16), 4, 4)
                painter.setPen(now.muted)
                painter.drawText(QRectF(place.left() + 4, place.top() + 4, 16, 16), Qt.AlignmentFlag.AlignCenter, key)
            begin = place.left() + KEY_PX + 4
            wide = (place.width() - KEY_PX - FIGURE_PX - 8) * NAME_PART
            painter.setPen(now.accent if name == self._current else now.text)
            shown = painter.fontMetrics().elidedText(printable(name), Qt.TextElideMode.ElideMiddle, int(wide))
            painter.drawText(QRectF(begin, place.top(), wide, place.height()), LEFT, shown)
            groove = QRectF(begin + wide + 4, place.center().y() - 3, wide, 6)
            painter.fillRect(groove, now.groove)
            groove.setWidth(groove.width() * count / most)
            painter.fillRect(groove, now.curves[0])
            painter.setPen(now.text)
            painter.drawText(place.adjusted(0, 0, -6, 0), RIGHT, full_count(count))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = int(event.position().y() // ROW_PX)
        if 0 <= number < len(self._counts):
            self.chosen.emit(list(self._counts)[number])

    def event(self, event: QEvent) -> bool:
        return claims_key(event, (Qt.Key.Key_Up, Qt.Key.Key_Down)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        names = list(self._counts)
        if stride is None or not names:
            super().keyPressEvent(event)
            return
        number = names.index(self._current) + stride if self._current in names else 0
        if 0 <= number < len(names):
            self.chosen.emit(names[number])
