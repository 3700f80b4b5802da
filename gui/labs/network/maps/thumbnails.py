"""A row of small maps, one for each layer, one of them chosen. Shown in the maps' card.

One widget paints them all. The row scrolls where there are more than fit, and keeps the chosen one in view.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from gui.shell.theme import THEME, theme

SIDE_PX, GAP_PX, RING_PX = 32, 6, 3
BAR_PX = 8  # of the scroll bar


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """`key` is what `chosen` carries; `text` names the layer."""

    key: Hashable
    text: str
    image: QImage


def image_of(pixels: NDArray[np.uint32]) -> QImage:
    """Colours (height, width), each 0xffRRGGBB, as an image with memory of its own."""
    height, width = pixels.shape
    return QImage(np.ascontiguousarray(pixels).data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


class Thumbnails(QAbstractScrollArea):
    """`show_thumbnails` shows them, `set_chosen` rings one. Arrows, Home, End and a click choose."""

    chosen = Signal(object)  # a Thumbnail's key
    pointed = Signal(object)  # the key under the cursor, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(SIDE_PX + 2 * RING_PX + BAR_PX)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._shown: tuple[Thumbnail, ...] = ()
        self._chosen: Hashable | None = None
        self._hovered: int | None = None
        THEME.changed.connect(self.viewport().update)

    # --- what is shown

    def show_thumbnails(self, thumbnails: Sequence[Thumbnail]) -> None:
        self._shown = tuple(thumbnails)
        self._hovered = None
        self._arrange()
        self._describe()

    def set_chosen(self, key: Hashable | None) -> None:
        """Ring one and bring it into view; None, or a key that is not there, rings none."""
        if key != self._chosen:
            self._chosen = key
            self._reveal()
            self._describe()
            self.viewport().update()

    @property
    def keys(self) -> tuple[Hashable, ...]:
        return tuple(each.key for each in self._shown)

    @property
    def chosen_key(self) -> Hashable | None:
        return self._chosen

    def place(self, key: Hashable) -> QRect:
        """The rectangle of a thumbnail in the viewport."""
        return self._place(self.keys.index(key))

    def _place(self, number: int) -> QRect:
        left = RING_PX + number * (SIDE_PX + GAP_PX) - self.horizontalScrollBar().value()
        return QRect(left, RING_PX, SIDE_PX, SIDE_PX)

    def _number_at(self, point: QPoint) -> int | None:
        number, x = divmod(point.x() + self.horizontalScrollBar().value() - RING_PX, SIDE_PX + GAP_PX)
        inside = 0 <= number < len(self._shown) and x < SIDE_PX and 0 <= point.y() < SIDE_PX + 2 * RING_PX
        return number if inside else None

    def _number(self) -> int | None:
        return next((number for number, each in enumerate(self._shown) if each.key == self._chosen), None)

    def _arrange(self) -> None:
        across = 2 * RING_PX + len(self._shown) * (SIDE_PX + GAP_PX) - GAP_PX
        bar = self.horizontalScrollBar()
        bar.setRange(0, max(0, across - self.viewport().width()))
        bar.setPageStep(self.viewport().width())
        bar.setSingleStep(SIDE_PX + GAP_PX)
        self._reveal()
        self.viewport().update()

    def _reveal(self) -> None:
        number = self._number()
        if number is None:
            return
        bar, place = self.horizontalScrollBar(), self._place(number)
        before, after = place.left() - SIDE_PX, place.right() + SIDE_PX - self.viewport().width()
        if before < 0:
            bar.setValue(bar.value() + before)
        elif after > 0:
            bar.setValue(bar.value() + after)

    def _describe(self) -> None:
        number = self._number()
        self.setAccessibleDescription("" if number is None else self._shown[number].text)

    def sizeHint(self) -> QSize:
        return QSize(8 * (SIDE_PX + GAP_PX), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * (SIDE_PX + GAP_PX), self.height())

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self.viewport()), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = SIDE_PX + GAP_PX
        first = max(0, (self.horizontalScrollBar().value() - RING_PX) // step)
        for number in range(first, min(len(self._shown), first + self.viewport().width() // step + 2)):
            thumbnail, place = self._shown[number], self._place(number)
            painter.drawImage(place, thumbnail.image)
            if thumbnail.key == self._chosen:
                painter.setPen(QPen(now.accent, 2))
            elif number == self._hovered:
                painter.setPen(QPen(now.muted, 1))
            else:
                continue
            painter.drawRoundedRect(place.adjusted(-2, -2, 1, 1), 4, 4)
            if thumbnail.key == self._chosen and self.hasFocus():
                painter.setPen(QPen(now.panel, 1, Qt.PenStyle.DotLine))
                painter.drawRect(place.adjusted(1, 1, -2, -2))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # --- pointer and keyboard

    def _choose(self, number: int) -> None:
        key = self._shown[number].key
        if key != self._chosen:
            self.set_chosen(key)
            self.chosen.emit(key)

    def _point(self, number: int | None) -> None:
        if number != self._hovered:
            self._hovered = number
            self.viewport().update()
            self.pointed.emit(None if number is None else self._shown[number].key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._choose(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # its effect came with the press

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._number_at(event.position().toPoint()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the row with both directions of the wheel; at the row's end the page scrolls."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        turned = event.angleDelta().x() or event.angleDelta().y()
        bar.setValue(before - turned * (SIDE_PX + GAP_PX) // 120)
        event.setAccepted(bar.value() != before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._shown) - 1
        now = self._number()
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -last - 1, Qt.Key.Key_End: last + 1}
        key = Qt.Key(event.key())
        if key not in ways or last < 0 or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self._choose(0 if now is None else min(max(now + ways[key], 0), last))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._point(None)
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._number_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if number is None else self._shown[number].text, self)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
