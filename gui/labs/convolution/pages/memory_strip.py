"""A piece of a picture's memory: the numbers in the order in which they lie there, each with its index, channel and place.

It shows as many numbers as fit around one of them, and emits the number under the pointer. Called by the tensor page, once for
CHW and once for HWC, so that the two orders can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.cells.memory_order import Order, PictureIndex, index_of, spot_at
from engine.colours import viridis
from engine.figures import full_count
from gui.shell.theme import THEME, font, theme
from gui.widgets.figures.written_numbers import number_text
from gui.widgets.grids.grid_painting import DARK, LIGHT
from gui.widgets.grids.sheet import texts

INDEX_PX, VALUE_PX, BAND_PX, PLACE_PX = 14, 24, 4, 14  # from top to bottom: index, number, its channel's colour, its place
HEIGHT_PX = INDEX_PX + VALUE_PX + BAND_PX + PLACE_PX
LEAST_CELL_PX = 36
_CURVES = {"R": 1, "G": 2, "B": 0}  # the number of the theme's curve that has a channel's colour


def channel_colour(name: str, channel: int) -> QColor:
    """The theme's red, green or blue, which colour-blind eyes can tell apart too; other channels take the theme's curves in
    turn."""
    curves = theme().curves
    return curves[_CURVES.get(name[:1], channel % len(curves))]


def channel_name(names: Sequence[str], channel: int) -> str:
    """The name of a channel: R, or c17 where it has only a number; empty where there is only one channel."""
    name = names[channel] if channel < len(names) else str(channel)
    return f"c{name}" if name.isdigit() else name


class MemoryStrip(QWidget):
    pointed = Signal(object)  # the Spot under the pointer, or None
    picked = Signal(object)  # the Spot that was clicked or reached with an arrow key

    def __init__(self, order: Order, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = order
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._values: NDArray[np.float32] | None = None  # (C, H, W)
        self._names: tuple[str, ...] = ()
        self._ends = (0.0, 1.0)
        self._sample = 0
        self._around = PictureIndex(0, 0, 0)
        self._first = 0  # index of the first number in view
        self._count = 0
        self._cell_px = LEAST_CELL_PX
        self._lit: frozenset[PictureIndex] = frozenset()
        self._mark: PictureIndex | None = None
        self._hovered: PictureIndex | None = None
        self._base: QPixmap | None = None
        THEME.changed.connect(self._forget_base)

    # --- what is shown

    def show_memory(
        self,
        values: NDArray[np.float32],
        names: Sequence[str],
        ends: tuple[float, float],
        around: PictureIndex,
        sample: int = 0,
    ) -> None:
        """Show `values` (C, H, W) around `around`, in `sample` of a batch of this same picture. Colours run between `ends`."""
        same = values is self._values and (tuple(names), ends, sample) == (self._names, self._ends, self._sample)
        self._values, self._names, self._ends, self._sample = values, tuple(names), ends, sample
        if not same:  # what was lit may lie outside this picture
            self._mark, self._lit, self._hovered = around, frozenset(), None
        if not same or not self.holds(around):  # what is in view stays where it is under the pointer
            self._around = around
            self._arrange()

    def set_lit(self, spots: Iterable[PictureIndex], mark: PictureIndex) -> None:
        """Light these numbers; `mark` is the one that is looked at. The strip scrolls to a mark out of view, unless the pointer
        is on this strip."""
        lit = frozenset(spots)
        if self._hovered is None and not self.holds(mark):
            self._around = mark
            self._arrange()
        if (lit, mark) != (self._lit, self._mark):
            self._lit, self._mark = lit, mark
            self._describe()
            self.update()

    @property
    def shape(self) -> tuple[int, int, int]:
        assert self._values is not None
        channels, height, width = self._values.shape
        return channels, height, width

    @property
    def mark(self) -> PictureIndex | None:
        return self._mark

    @property
    def lit(self) -> frozenset[PictureIndex]:
        return self._lit

    @property
    def view(self) -> range:
        """The indices in view, of one sample."""
        return range(self._first, self._first + self._count)

    def holds(self, spot: PictureIndex) -> bool:
        return self._values is not None and index_of(self.order, self.shape, spot) in self.view

    def place(self, spot: PictureIndex) -> QRect:
        """Where a number in view is, without its index and its place."""
        number = index_of(self.order, self.shape, spot) - self._first
        return QRect(number * self._cell_px, INDEX_PX, self._cell_px, VALUE_PX)

    def spot_under(self, point: QPointF) -> PictureIndex | None:
        number = int(point.x()) // self._cell_px
        if self._values is None or point.x() < 0 or number >= self._count:
            return None
        return spot_at(self.order, self.shape, self._first + number)

    def _arrange(self) -> None:
        if self._values is None:
            return
        channels, height, width = self.shape
        measure = QFontMetricsF(font(10))
        longest = max((self._place_text(PictureIndex(c, height - 1, width - 1)) for c in {0, channels - 1}), key=len)
        last = full_count((self._sample + 1) * self._values.size)
        widest = max(measure.horizontalAdvance(longest), measure.horizontalAdvance(last))
        self._cell_px = max(LEAST_CELL_PX, int(widest) + 8)
        self._count = min(self._values.size, max(1, self.width() // self._cell_px))
        middle = index_of(self.order, self.shape, self._around)
        self._first = min(max(middle - self._count // 2, 0), self._values.size - self._count)
        self._forget_base()
        self._describe()

    def _name(self, channel: int) -> str:
        return channel_name(self._names, channel)

    def _place_text(self, spot: PictureIndex) -> str:
        return f"{self._name(spot.c)} {spot.h},{spot.w}".strip()

    def _describe(self) -> None:
        """Say to screen readers which number is looked at, where it lies and what it is."""
        if self._values is None or self._mark is None or not self.holds(self._mark):
            self.setAccessibleDescription("")
            return
        index = index_of(self.order, self.shape, self._mark, self._sample)
        value = number_text(float(self._values[self._mark]))
        self.setAccessibleDescription(
            f"{full_count(index)}: {self._name(self._mark.c)} ({self._mark.h}, {self._mark.w}) = {value}"
        )

    # --- painting

    def sizeHint(self) -> QSize:
        return QSize(12 * LEAST_CELL_PX, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * LEAST_CELL_PX, HEIGHT_PX)

    def _forget_base(self) -> None:
        self._base = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._values is None:
            return
        if self._base is None:
            ratio = self.devicePixelRatioF()
            self._base = QPixmap(self.size() * ratio)
            self._base.setDevicePixelRatio(ratio)
            self._base.fill(Qt.GlobalColor.transparent)
            on_base = QPainter(self._base)
            self._paint_base(on_base)
            on_base.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._base)
        now = theme()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for spot in self._lit:
            if spot != self._mark and self.holds(spot):
                painter.setPen(QPen(now.window, 2))
                painter.drawRect(self.place(spot).adjusted(1, 1, -1, -1))
        if self._mark is not None and self.holds(self._mark):
            place = self.place(self._mark)
            painter.setPen(QPen(now.window, 3))
            painter.drawRect(place.adjusted(1, 1, -1, -1))
            painter.setPen(now.text)
            painter.setFont(font(10, bold=True))
            index = index_of(self.order, self.shape, self._mark, self._sample)
            above = QRect(place.left(), 0, place.width(), INDEX_PX)
            painter.fillRect(above, now.panel)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, full_count(index))
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(0, INDEX_PX - 1, self._count * self._cell_px, VALUE_PX + BAND_PX + 1)

    def _paint_base(self, painter: QPainter) -> None:
        assert self._values is not None
        now, px = theme(), self._cell_px
        spots = [spot_at(self.order, self.shape, index) for index in self.view]
        values = np.array([self._values[spot] for spot in spots], np.float64)
        low, high = self._ends
        scaled = np.zeros(len(values)) if high <= low else (values - low) * (255.99 / (high - low))
        pixels = viridis()[scaled.clip(0, 255).astype(np.uint8)].tolist()
        figures = texts(values, 2)
        centred = Qt.AlignmentFlag.AlignCenter
        start = self._sample * self._values.size + self._first
        colours = [QColor(pixel & 0xFFFFFF) for pixel in pixels]
        painter.setFont(font(10))
        painter.setPen(now.muted)
        for number, spot in enumerate(spots):
            painter.drawText(QRect(number * px, 0, px, INDEX_PX), centred, full_count(start + number))
            painter.drawText(QRect(number * px, HEIGHT_PX - PLACE_PX, px, PLACE_PX), centred, self._place_text(spot))
        painter.setFont(font(11))
        for number, (spot, colour, figure) in enumerate(zip(spots, colours, figures, strict=True)):
            left = number * px
            painter.fillRect(left, INDEX_PX, px - 1, VALUE_PX, colour)
            painter.fillRect(left, INDEX_PX + VALUE_PX, px - 1, BAND_PX, channel_colour(self._name(spot.c), spot.c))
            bright = colour.red() * 0.299 + colour.green() * 0.587 + colour.blue() * 0.114 >= 128
            painter.setPen(DARK if bright else LIGHT)
            painter.drawText(QRect(left, INDEX_PX, px - 1, VALUE_PX), centred, figure)

    # --- the pointer

    def _point(self, spot: PictureIndex | None) -> None:
        if spot != self._hovered:
            self._hovered = spot
            self.pointed.emit(spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.spot_under(event.position()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._point(self.spot_under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and spot is not None:
            self.picked.emit(spot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -self._count, Qt.Key.Key_PageDown: self._count}
        if self._values is None or self._mark is None or event.key() not in ways:
            super().keyPressEvent(event)
            return
        index = index_of(self.order, self.shape, self._mark) + ways[Qt.Key(event.key())]
        self.picked.emit(spot_at(self.order, self.shape, min(max(index, 0), self._values.size - 1)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
