"""A picture that is read row by row, a row a time step, each row on a ground that says how much it counts for the output.

It paints what is on the screen and knows no network. Shown on the page of what an output remembers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.figures import full_count
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

BESIDE_TINT, UNDER_TINT = 0.85, 0.45  # opacity of the row that counts most: beside the picture, and under it, where ink is
BAND_PX, FIGURES_PX, GAP_PX = 16.0, 30.0, 6.0
FIGURE_PX = 16.0  # a lower row has no figure of its own
KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TintedPicture(QWidget):
    """`show_picture` shows rows of numbers, `set_tint` their shares from 0 to 1. The row under the pointer, or moved to by the
    up and down keys, is told by `tip`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tip: Callable[[int], str] = lambda _row: ""
        self._rows: npt.NDArray[np.float64] = np.empty((0, 0))
        self._tint: npt.NDArray[np.float64] = np.empty(0)
        self._cursor: int | None = None
        self._ink: QImage | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        THEME.changed.connect(self._restyle)

    def show_picture(self, rows_TF: npt.ArrayLike) -> None:  # noqa: N803
        """(T, F) numbers, the largest of them as the most ink."""
        rows = np.nan_to_num(np.asarray(rows_TF, np.float64))
        if rows.shape != self._rows.shape or not np.array_equal(rows, self._rows):
            self._rows = rows
            self._cursor = None
            self._restyle()

    def set_tint(self, shares: npt.ArrayLike) -> None:
        self._tint = np.clip(np.nan_to_num(np.asarray(shares, np.float64)), 0.0, 1.0)
        self.update()

    @property
    def tint(self) -> npt.NDArray[np.float64]:
        return self._tint

    @property
    def rows(self) -> npt.NDArray[np.float64]:
        return self._rows

    @property
    def cursor_row(self) -> int | None:
        """The row that is told of."""
        return self._cursor

    # --- places

    def picture(self) -> QRectF:
        """Where the picture stands: its numbers are squares, as large as there is room."""
        count, width = self._rows.shape
        if not count or not width:
            return QRectF()
        room = self.width() - FIGURES_PX - 2 * (BAND_PX + GAP_PX)
        side = max(min(room / width, (self.height() - 4) / count), 1.0)
        left = FIGURES_PX + BAND_PX + GAP_PX + max(room - side * width, 0.0) / 2
        return QRectF(left, 2 + max(self.height() - 4 - side * count, 0.0) / 2, side * width, side * count)

    def band(self, row: int) -> QRectF:
        """The ground of a row: the picture's width and a band at both sides of it."""
        place = self.picture()
        high = place.height() / max(len(self._rows), 1)
        beside = BAND_PX + GAP_PX
        return QRectF(place.left() - beside, place.top() + row * high, place.width() + 2 * beside, high)

    def row_at(self, point: QPoint) -> int | None:
        place = self.picture()
        if not len(self._rows) or not place.top() <= point.y() < place.bottom():
            return None
        return min(int((point.y() - place.top()) / place.height() * len(self._rows)), len(self._rows) - 1)

    def sizeHint(self) -> QSize:
        return QSize(260, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 110)

    # --- painting

    def _restyle(self) -> None:
        self._ink = None
        self.update()

    def _inked(self) -> QImage:
        """The picture as ink of the colour of text, the more the larger the number."""
        if self._ink is None:
            low, high = float(self._rows.min()), float(self._rows.max())
            ink = theme().text
            pixels = np.empty((*self._rows.shape, 4), np.uint8)  # blue, green, red, opacity
            pixels[..., :3] = (ink.blue(), ink.green(), ink.red())
            pixels[..., 3] = np.rint((self._rows - low) * (255.0 / max(high - low, 1e-12)))
            height, width = self._rows.shape
            self._ink = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
        return self._ink

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        place = self.picture()
        if place.isEmpty():
            return
        for row, share in enumerate(self._tint[: len(self._rows)].tolist()):
            band = self.band(row)
            for part, opacity in (
                (QRectF(band.left(), band.top(), BAND_PX, band.height()), BESIDE_TINT),
                (QRectF(place.right() + GAP_PX, band.top(), BAND_PX, band.height()), BESIDE_TINT),
                (QRectF(place.left(), band.top(), place.width(), band.height()), UNDER_TINT),
            ):
                ground = QColor(now.window)
                ground.setAlphaF(opacity * share)
                painter.fillRect(part, ground)
        painter.drawImage(place, self._inked())
        painter.setPen(QPen(now.line, 1))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        self._paint_figures(painter)
        if self._cursor is not None:
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(self.band(self._cursor))
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_figures(self, painter: QPainter) -> None:
        """The time steps, as many as have room, the first and the last always."""
        count, high = len(self._rows), self.band(0).height()
        apart = next(each for each in (1, 2, 5, 10, 20, 50, 100, count) if each * high >= FIGURE_PX or each >= count)
        last = count - 1
        shown = {0, last, *(row for row in range(apart - 1, count, apart) if apart == 1 or last - row >= apart / 2)}
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        for row in sorted(shown):
            text = f"t = {full_count(row + 1)}" if row == 0 else full_count(row + 1)
            painter.drawText(self.figure_place(row), RIGHT, text)

    def figure_place(self, row: int) -> QRectF:
        """Where the row's figure stands: at its middle, and whole."""
        band = self.band(row)
        top = min(max(band.center().y() - FIGURE_PX / 2, 0.0), self.height() - FIGURE_PX)
        left = max(band.left() - 60, 0.0)
        return QRectF(left, top, band.left() - 6 - left, FIGURE_PX)

    # --- what the user does

    def _move_to(self, row: int | None, at: QPoint | None = None) -> None:
        if row != self._cursor:
            self._cursor = row
            self.update()
        if row is None:
            QToolTip.hideText()
        elif told := self.tip(row):
            self.setAccessibleDescription(told)
            QToolTip.showText(at or self.mapToGlobal(self.band(row).center().toPoint()), told, self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_to(self.row_at(event.position().toPoint()), event.globalPosition().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        self._move_to(None)

    def event(self, event: QEvent) -> bool:
        """With the focus here, its keys are no shortcuts of the window."""
        return claims_key(event, KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in KEYS or not len(self._rows):
            super().keyPressEvent(event)
            return
        stride, last = KEYS[Qt.Key(event.key())], len(self._rows) - 1
        here = (-1 if stride > 0 else last + 1) if self._cursor is None else self._cursor
        self._move_to(min(max(here + stride, 0), last))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._move_to(None)
        self.update()
