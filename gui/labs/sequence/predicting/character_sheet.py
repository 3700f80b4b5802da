"""A text character by character, each on a ground that says how sure the network was of it; one character is chosen by pointer,
click or arrow keys.

Called by the view of texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.words import printable
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

LETTER_PX, ROW_PX, LEAST_PX, PAD_PX = 15, 25, 13.0, 5.0
DEEPEST = 150  # of 255: the ground of a character that the network was certain of
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)


def seen(character: str) -> str:
    """A character as it is shown, also where it leaves no trace."""
    return {" ": "␣", "\n": "↵", "\r": "↵", "\t": "⇥"}.get(character) or printable(character).strip() or "□"


class CharacterSheet(QWidget):
    """`set_text` shows a text. `pointed` carries the number of the character that is told of, by the pointer or the keys; it
    goes back to the one that was clicked last when the pointer leaves."""

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: tuple[str, ...] = ()
        self._shares: NDArray[np.float64] = np.zeros(0)
        self._quiet = 0
        self._kept, self._at = 0, 0
        self._wide = LEAST_PX
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        THEME.changed.connect(self.update)

    def set_text(self, text: Sequence[str], shares: NDArray[np.float64], *, quiet: int = 0) -> None:
        """`shares[k]` is the probability that the network gave to character k, NaN where it was asked for none; the first
        `quiet` characters are not the network's. Who is chosen stays chosen."""
        shown = tuple(text)
        if shown != self._text:
            measure = QFontMetricsF(font(LETTER_PX))
            widest = max((measure.horizontalAdvance(seen(letter)) for letter in set(shown)), default=0.0)
            self._wide = max(widest + PAD_PX, LEAST_PX)
            self._text = shown
            self.updateGeometry()
        self._shares, self._quiet = np.asarray(shares, np.float64), quiet
        self._kept, self._at = (min(place, max(len(shown) - 1, 0)) for place in (self._kept, self._at))
        self.setAccessibleDescription("".join(shown))
        self.update()

    @property
    def current(self) -> int:
        """The number of the character that is told of."""
        return self._at

    @property
    def text(self) -> str:
        return "".join(self._text)

    # --- places

    @property
    def across(self) -> int:
        """Characters in a row."""
        return max(int(self.width() / self._wide), 1)

    def place(self, number: int) -> QRectF:
        row, column = divmod(number, self.across)
        return QRectF(column * self._wide, row * ROW_PX, self._wide, ROW_PX)

    def number_at(self, x: float, y: float) -> int | None:
        column, row = int(x // self._wide), int(y // ROW_PX)
        number = row * self.across + column
        return number if 0 <= column < self.across and row >= 0 and number < len(self._text) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        across = max(int(width / self._wide), 1)
        return max(-(-len(self._text) // across), 1) * ROW_PX + 2

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW_PX + 2)

    # --- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        painter.setFont(font(LETTER_PX))
        for number, letter in enumerate(self._text):
            place = self.place(number)
            if place.top() > event.rect().bottom() or place.bottom() < event.rect().top():
                continue
            share = float(self._shares[number]) if number < len(self._shares) else float("nan")
            if np.isfinite(share):
                ground = QColor(now.accent)
                ground.setAlpha(round(DEEPEST * min(max(share, 0.0), 1.0)))
                painter.fillRect(place.adjusted(0.5, 1, -0.5, -1), ground)
            shown = seen(letter)
            painter.setPen(now.muted if number < self._quiet or shown != letter else now.text)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)
        if self._text:
            painter.setPen(QPen(now.window, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.place(self._at).adjusted(1, 1, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    # --- mouse and keys

    def _point(self, number: int, *, keep: bool = False) -> None:
        if keep:
            self._kept = number
        if number != self._at:
            self._at = number
            self.update()
            self.pointed.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.number_at(event.position().x(), event.position().y())
        if number is not None:
            self._point(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.number_at(event.position().x(), event.position().y())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self._point(number, keep=True)

    def leaveEvent(self, event: QEvent) -> None:
        if self._text:
            self._point(self._kept)

    def event(self, event: QEvent) -> bool:
        return claims_key(event, KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._text) - 1
        strides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self.across, Qt.Key.Key_Down: self.across}
        if last < 0 or event.key() not in KEYS:
            super().keyPressEvent(event)
            return
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        key = Qt.Key(event.key())
        number = ends[key] if key in ends else self._at + strides[key]
        if 0 <= number <= last:
            self._point(number, keep=True)
