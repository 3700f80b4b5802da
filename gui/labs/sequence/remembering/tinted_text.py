"""A text whose characters are tinted by how much each of them counts for one output, which the pointer chooses.

It paints what is on the screen and knows no network. Shown on the page of what an output remembers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.labs.sequence.predicting.character_sheet import seen
from gui.shell.theme import THEME, font, theme
from gui.widgets.stack.stack_painting import measure_of

PX, ROW_PX, LEAST_CELL_PX, SIDE_PX = 15, 26, 9.0, 3.0
FULL_TINT = 0.85  # the opacity of the character that counts most


class TintedText(QWidget):
    """`show_text` shows characters, `set_tint` their shares from 0 to 1, `set_marked` which one the output follows. `hovered`
    carries the place under the pointer, or None, `chosen` the one that was clicked or moved to by the arrow keys."""

    hovered = Signal(object)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._characters: tuple[str, ...] = ()
        self._tint: npt.NDArray[np.float64] = np.empty(0)
        self._marked: int | None = None
        self._hovered: int | None = None
        self._cells: list[QRectF] = []
        self._rows: list[int] = []  # the number of the first character of each row
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_text(self, characters: Sequence[str]) -> None:
        if tuple(characters) != self._characters:
            self._characters = tuple(characters)
            self._arrange()

    def set_tint(self, shares: npt.ArrayLike) -> None:
        self._tint = np.clip(np.nan_to_num(np.asarray(shares, np.float64)), 0.0, 1.0)
        self.update()

    def set_marked(self, number: int | None) -> None:
        """Mark a character; nothing is emitted."""
        if number != self._marked:
            self._marked = number
            self.update()

    @property
    def characters(self) -> tuple[str, ...]:
        return self._characters

    @property
    def tint(self) -> npt.NDArray[np.float64]:
        return self._tint

    @property
    def marked(self) -> int | None:
        return self._marked

    def cell(self, number: int) -> QRectF:
        """Where a character stands."""
        return self._cells[number]

    # --- layout

    def sizeHint(self) -> QSize:
        return QSize(260, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def _arrange(self) -> None:
        """Set the characters in rows; a row ends where a line of the text does."""
        measure, width = measure_of(PX), float(self.width())
        sizes: dict[str, float] = {}
        cells, rows = list[QRectF](), [0]
        left, top = 0.0, 0.0
        for number, character in enumerate(self._characters):
            size = sizes.get(character)
            if size is None:
                size = sizes[character] = max(measure.horizontalAdvance(seen(character)) + SIDE_PX, LEAST_CELL_PX)
            before = self._characters[number - 1] if number else ""
            if left and (left + size > width or before == "\n"):
                left, top = 0.0, top + ROW_PX
                rows.append(number)
            cells.append(QRectF(left, top, size, ROW_PX))
            left += size
        self._cells, self._rows = cells, rows
        self.setFixedHeight(int(top) + ROW_PX)
        self.update()

    def number_at(self, point: QPoint) -> int | None:
        """The number of the character at a point."""
        row = int(point.y() // ROW_PX)
        if not self._cells or not 0 <= row < len(self._rows):
            return None
        first = self._rows[row]
        last = self._rows[row + 1] if row + 1 < len(self._rows) else len(self._cells)
        found = bisect_right([cell.left() for cell in self._cells[first:last]], point.x()) - 1
        number = first + max(found, 0)
        return number if self._cells[number].right() >= point.x() else None

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        first = self._rows[min(max(event.rect().top() // ROW_PX, 0), len(self._rows) - 1)] if self._rows else 0
        painter.setFont(font(PX))
        for number in range(first, len(self._cells)):
            cell = self._cells[number]
            if cell.top() > event.rect().bottom():
                break
            share = float(self._tint[number]) if number < len(self._tint) else 0.0
            if share > 0:
                ground = QColor(now.window)
                ground.setAlphaF(FULL_TINT * share)
                painter.fillRect(cell.adjusted(0, 2, 0, -2), ground)
            character = self._characters[number]
            on_amber = share > 0.5  # amber is bright in both schemes
            painter.setPen(now.muted if not character.strip() else QColor("#1b1f24") if on_amber else now.text)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, seen(character))
        for place, pen in ((self._hovered, QPen(now.muted, 1)), (self._marked, QPen(now.accent, 2))):
            if place is not None and place < len(self._cells):
                painter.setPen(pen)
                painter.drawRect(self._cells[place].adjusted(1, 1.5, -1, -1.5))
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    # --- what the user does

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.number_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, number: int | None) -> None:
        if number != self._hovered:
            self._hovered = number
            self.update()
            self.hovered.emit(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.number_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.chosen.emit(number)

    def _led_to(self, event: QKeyEvent) -> int | None:
        """The character that a key leads to."""
        here, last = self._marked or 0, len(self._cells) - 1
        if last < 0 or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        match event.key():
            case Qt.Key.Key_Left:
                return max(here - 1, 0)
            case Qt.Key.Key_Right:
                return min(here + 1, last)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                way = -1 if event.key() == Qt.Key.Key_Up else 1
                at = self.number_at((self._cells[here].center()).toPoint() + QPoint(0, way * ROW_PX))
                return here if at is None else at
            case _:
                return None

    def event(self, event: QEvent) -> bool:
        """With the focus here, its keys are no shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._led_to(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = self._led_to(event)
        if number is None:
            super().keyPressEvent(event)
        elif number != self._marked:
            self.chosen.emit(number)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
