"""Samples as small pictures, a row for each class: one is chosen by click or by keys, and opened by a double click or Enter.

Pictures are made when they are first painted, of the arrays' own values. Called by the card of samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from engine.data.contents import KeptSamples
from engine.figures import full_count
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key
from gui.widgets.pictures.picture_files import image_of_values

GAP, NAME_GAP = 6, 10
SMALL_PX, LARGE_PX = 44, 68  # of a picture
LARGE_FROM = 33  # cells of its longer side
MOST_NAME_PX = 120
MOST_ROWS = 100
WAYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SheetRow(NamedTuple):
    """A class and the places of its samples among those that are kept."""

    name: str
    places: NDArray[np.int64]


def picture_in(kept: KeptSamples, place: int) -> NDArray[np.float32]:
    """A sample as (C, H, W); one of rows that are read one by one has one channel."""
    values: NDArray[np.float32] = kept.x[place]
    return values if values.ndim == 3 else values[None]


class SampleSheet(QWidget):
    """`show_rows` shows samples of some classes; `opened` carries the place of one that is to be seen large."""

    opened = Signal(int)
    pages_changed = Signal()  # there is room for more or fewer samples

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: KeptSamples | None = None
        self._rows: tuple[SheetRow, ...] = ()
        self._page = 0
        self._current = (0, 0)  # row and column
        self._images: dict[int, QImage] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("role", "page")
        THEME.changed.connect(self.update)

    def show_rows(self, kept: KeptSamples | None, rows: Sequence[SheetRow], page: int) -> None:
        """Show samples of `kept`, in each row those of the `page`, counted from 0 on."""
        if kept is not self._kept:
            self._images = {}
        self._kept, self._rows, self._page = kept, tuple(rows)[:MOST_ROWS], page
        self._fit()
        self._move_to(*self._current)
        self.update()

    # --- places

    @property
    def tile_px(self) -> int:
        if self._kept is None or not len(self._kept.x):
            return SMALL_PX
        return LARGE_PX if max(self._kept.x.shape[-2:]) >= LARGE_FROM else SMALL_PX

    @property
    def _name_px(self) -> int:
        measure = self.fontMetrics()
        return min(max((measure.horizontalAdvance(row.name) for row in self._rows), default=0), MOST_NAME_PX) + NAME_GAP

    @property
    def columns(self) -> int:
        """How many samples of a class there is room for."""
        return max(1, (self.width() - self._name_px + GAP) // (self.tile_px + GAP))

    @property
    def pages(self) -> int:
        """How many pages hold all samples that are kept."""
        most = max((len(row.places) for row in self._rows), default=0)
        return max(1, -(-most // self.columns))

    @property
    def page(self) -> int:
        return min(self._page, self.pages - 1)

    def shown(self, row: int) -> list[int]:
        """The places of the samples in a row, from left to right."""
        begin = self.page * self.columns
        found: list[int] = self._rows[row].places[begin : begin + self.columns].tolist()
        return found

    def place(self, row: int, column: int) -> QRect:
        """Where a sample is painted."""
        side = self.tile_px
        return QRect(self._name_px + column * (side + GAP), row * (side + GAP), side, side)

    def _fit(self) -> None:
        self.setFixedHeight(max(1, len(self._rows) * (self.tile_px + GAP) - GAP))

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pages_changed.emit()

    # --- painting

    def image(self, place: int) -> QImage:
        """A sample as it is painted, a pixel a cell."""
        assert self._kept is not None
        if place not in self._images:
            self._images[place] = image_of_values(picture_in(self._kept, place))
        return self._images[place]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._kept is None:
            return
        painter, now, dirty = QPainter(self), theme(), event.rect()
        painter.setFont(font(12))
        high = self.tile_px + GAP
        for row in range(max(0, dirty.top() // high), min(len(self._rows), dirty.bottom() // high + 1)):
            line = QRect(0, row * high, self._name_px - NAME_GAP, self.tile_px)
            name = painter.fontMetrics().elidedText(self._rows[row].name, Qt.TextElideMode.ElideMiddle, line.width())
            painter.setPen(now.text)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
            for column, place in enumerate(self.shown(row)):
                around = self.place(row, column)
                image = self.image(place)
                size = QSize(image.size()).scaled(around.size(), Qt.AspectRatioMode.KeepAspectRatio)
                inside = QRect(around.topLeft(), size)
                inside.moveCenter(around.center())
                fine = image.width() > inside.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=fine)
                painter.drawImage(QRectF(inside), image)
                if (row, column) == self._current and self.hasFocus():
                    painter.setPen(QPen(now.accent, 2))
                    painter.drawRect(around.adjusted(0, 0, -1, -1))

    # --- what the user does

    def _at(self, x: int, y: int) -> tuple[int, int] | None:
        row, column = y // (self.tile_px + GAP), (x - self._name_px) // (self.tile_px + GAP)
        if not (0 <= row < len(self._rows) and 0 <= column < len(self.shown(row))):
            return None
        return (row, column) if self.place(row, column).contains(x, y) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        if (found := self._at(spot.x(), spot.y())) is not None:
            self._move_to(*found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        if (found := self._at(spot.x(), spot.y())) is not None:
            self._move_to(*found)
            self._open()

    def event(self, event: QEvent) -> bool:
        if claims_key(event, (*WAYS, *OPENING)):
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), "" if found is None else self._said(*found), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (way := WAYS.get(Qt.Key(event.key()))) is not None:
            self._move_to(self._current[0] + way[0], self._current[1] + way[1])
            self._seen()
        elif event.key() in OPENING:
            self._open()
        else:
            super().keyPressEvent(event)

    def choose(self, place: int) -> None:
        """Make a sample the current one, where it is shown."""
        for row in range(len(self._rows)):
            if place in (shown := self.shown(row)):
                self._move_to(row, shown.index(place))

    @property
    def current(self) -> int | None:
        """The place of the current sample; None where there is none."""
        row, column = self._current
        if row >= len(self._rows) or not (shown := self.shown(row)):
            return None
        return shown[min(column, len(shown) - 1)]

    def _open(self) -> None:
        if (place := self.current) is not None:
            self.opened.emit(place)

    def _move_to(self, row: int, column: int) -> None:
        row = min(max(row, 0), max(len(self._rows) - 1, 0))
        most = len(self.shown(row)) - 1 if self._rows else 0
        self._current = row, min(max(column, 0), max(most, 0))
        self.setAccessibleDescription(self._said(*self._current) if self.current is not None else "")
        self.update()

    def _said(self, row: int, column: int) -> str:
        shown = self.shown(row)
        assert self._kept is not None
        if column >= len(shown):
            return ""
        text = self.tr("{name}: sample {number}")
        return text.format(name=self._rows[row].name, number=full_count(int(self._kept.numbers[shown[column]])))

    def _seen(self) -> None:
        """Scroll to the current sample."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if isinstance(around, QScrollArea) and (page := around.widget()) is not None:
            spot = self.mapTo(page, self.place(*self._current).center())
            around.ensureVisible(spot.x(), spot.y(), 0, self.tile_px)
