"""Samples as small tiles in rows, the first one the most certain: pictures, or the end of a text. One is chosen by click or by
keys.

Called by the pages of the confusion matrix and of the mistakes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from engine.figures import UNKNOWN, in_decimals, percent
from engine.judging.whole_set import Verdicts
from engine.words import printable
from gui.shell.theme import THEME, font, theme
from gui.widgets.pictures.picture_files import image_of_values
from gui.widgets.scrolled_page import ScrolledPage

GAP, LABEL_PX = 8, 16
PICTURE_PX, TEXT_SIZE = 52, (124, 22)
WIDEST_PX = 116  # a tile, for the names of two classes below it; longer ones lose their ends
LABEL_SPILL = 4  # that a label may reach beyond its tile, to each side
FEW_NUMBERS = 3  # of a row
TEXT_LETTERS = 24  # before the answer, at most
PAIR = "{} → {}"  # a true and a predicted class
CENTRE = Qt.AlignmentFlag.AlignCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class SampleTiles(QWidget):
    """`show_tiles` shows answers by their numbers."""

    chosen = Signal(int)  # the number of an answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts: Verdicts | None = None
        self._numbers: NDArray[np.int64] = np.zeros(0, np.int64)
        self._pairs = True
        self._wide = PICTURE_PX
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        THEME.changed.connect(self.update)

    def show_tiles(self, verdicts: Verdicts | None, numbers: NDArray[np.int64], *, pairs: bool = True) -> None:
        """Show the answers of these numbers. `pairs`: true and predicted class stand below each."""
        self._verdicts, self._numbers, self._pairs = verdicts, numbers, pairs
        self._current = min(self._current, max(len(numbers) - 1, 0))
        self._wide = self._width_for_names()
        self._fit()
        self._describe()
        self.update()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the answers, in the order of the tiles."""
        shown: list[int] = self._numbers.tolist()
        return shown

    def first(self) -> None:
        """Make the first tile the current one."""
        self._current = 0

    # --- places

    @property
    def _holds_text(self) -> bool:
        """Whether a tile shows a text, and no picture."""
        return self._verdicts is not None and self._verdicts.inputs.ndim == 2

    @property
    def _tile(self) -> QSize:
        wide, high = TEXT_SIZE if self._holds_text else (self._wide, PICTURE_PX)
        return QSize(wide, high + LABEL_PX * (2 if self._pairs else 1))

    def _width_for_names(self) -> int:
        """Of a tile with a picture: as wide as the longest label below one, within bounds."""
        if self._verdicts is None or not self._pairs:
            return PICTURE_PX
        truth, predicted = self._verdicts.truth[self._numbers], self._verdicts.predicted[self._numbers]
        pairs = {*zip(truth.tolist(), predicted.tolist(), strict=True)}
        measure = QFontMetrics(font(11))
        longest = max((measure.horizontalAdvance(self.pair_text(*pair)) for pair in pairs), default=0)
        return min(max(PICTURE_PX, longest - 2 * LABEL_SPILL), WIDEST_PX)

    def pair_text(self, truth: int, guess: int, room: int | None = None) -> str:
        """The true and the predicted class, in `room` pixels: of names that are too long for it both are still to be told."""
        measure = QFontMetrics(font(11))
        names = [self._name(truth), self._name(guess)]
        if room is None or measure.horizontalAdvance(PAIR.format(*names)) <= room:
            return PAIR.format(*names)
        each = (room - measure.horizontalAdvance(PAIR.format("", ""))) // 2 - 2  # letters beside each other may need more
        short = min(map(measure.horizontalAdvance, names))
        most = 2 * each - short if short < each else each
        return PAIR.format(*(measure.elidedText(name, Qt.TextElideMode.ElideRight, most) for name in names))

    @property
    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (self._tile.width() + GAP))

    def place(self, tile: int) -> QRect:
        """Where a tile is."""
        row, column = divmod(tile, self._columns)
        size = self._tile
        return QRect(column * (size.width() + GAP), row * (size.height() + GAP), size.width(), size.height())

    def _fit(self) -> None:
        rows = -(-len(self._numbers) // self._columns)
        self.setMinimumHeight(max(1, rows * (self._tile.height() + GAP)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._verdicts is None:
            return
        painter, now, dirty = QPainter(self), theme(), event.rect()
        predicted, certainty = self._verdicts.predicted, self._verdicts.certainty
        painter.setFont(font(11))
        for tile, number in enumerate(self.numbers):
            place = self.place(tile)
            if not place.intersects(dirty):
                continue
            high = self._tile.height() - LABEL_PX * (2 if self._pairs else 1)
            top = self._picture_place(place, high)
            self._paint_sample(painter, top, number)
            line = QRect(place.left(), top.bottom() + 1, place.width(), LABEL_PX)
            line.adjust(-LABEL_SPILL, 0, LABEL_SPILL, 0)
            if self._pairs:
                truth, guess = int(self._verdicts.truth[number]), int(predicted[number])
                painter.setPen(now.ok if truth == guess else now.warn)
                painter.drawText(line, CENTRE, self.pair_text(truth, guess, line.width()))
                line.translate(0, LABEL_PX)
            painter.setPen(now.muted)
            painter.drawText(line, CENTRE, written(float(certainty[number]), self._verdicts))
            if tile == self._current and self.hasFocus():
                painter.setPen(QPen(now.accent, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(top.adjusted(0, 0, -1, -1))

    def _picture_place(self, place: QRect, high: int) -> QRect:
        """The upper part of a tile, which a picture has the middle of."""
        wide = place.width() if self._holds_text else PICTURE_PX
        return QRect(place.left() + (place.width() - wide) // 2, place.top(), wide, high)

    def _paint_sample(self, painter: QPainter, place: QRect, number: int) -> None:
        assert self._verdicts is not None
        found = sample_of(self._verdicts, number)
        if isinstance(found, str):
            painter.fillRect(place, theme().ground)
            painter.setPen(theme().text)
            room = place.adjusted(4, 0, -4, 0)
            of_table = self._verdicts.rows is not None  # which is read from the left; of a text the end counts
            elided = Qt.TextElideMode.ElideRight if of_table else Qt.TextElideMode.ElideLeft
            text = painter.fontMetrics().elidedText(found, elided, room.width())
            painter.drawText(room, LEFT if of_table else RIGHT, text)
        else:
            painter.drawImage(QRectF(place), image_of_values(found))

    def _name(self, number: int) -> str:
        assert self._verdicts is not None
        name = self._verdicts.classes[number]
        return "␣" if name == " " else name

    # --- what the user does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        tile = next((tile for tile in range(len(self._numbers)) if self.place(tile).contains(at)), None)
        if tile is not None:
            self._current = tile
            self.update()
            self.chosen.emit(int(self._numbers[tile]))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in self._strides():
            event.accept()
            return True
        return super().event(event)

    def _strides(self) -> dict[Qt.Key, int]:
        row = self._columns
        return {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -row, Qt.Key.Key_Down: row}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = self._strides().get(Qt.Key(event.key()))
        if stride is not None:
            if 0 <= self._current + stride < len(self._numbers):
                self._current += stride
                self._seen()
                self._describe()
                self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self._numbers):
            self.chosen.emit(int(self._numbers[self._current]))
        else:
            super().keyPressEvent(event)

    def _seen(self) -> None:
        """Scroll to the current tile."""
        viewport = self.parentWidget()
        around = None if viewport is None else viewport.parentWidget()
        if isinstance(around, QScrollArea):
            place = self.place(self._current)
            around.ensureVisible(place.center().x(), place.center().y(), place.width(), place.height())

    def _describe(self) -> None:
        """Tell screen readers of the current tile."""
        if self._verdicts is None or not len(self._numbers):
            self.setAccessibleDescription("")
            return
        number = int(self._numbers[self._current])
        truth, guess = self._name(int(self._verdicts.truth[number])), self._name(int(self._verdicts.predicted[number]))
        certain = written(float(self._verdicts.certainty[number]), self._verdicts)
        text = self.tr("True {true}, predicted {predicted}, {certainty}")
        self.setAccessibleDescription(text.format(true=truth, predicted=guess, certainty=certain))


class Gallery(ScrolledPage):
    """Tiles that scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.tiles = SampleTiles()
        self.tiles.setProperty("role", "page")
        self.setWidget(self.tiles)


def sample_of(verdicts: Verdicts, number: int) -> NDArray[np.float32] | str:
    """What an answer is about: a picture (C, H, W), a row of numbers or of a table as a text, or the text that ends where the
    next character was asked for."""
    sample, step = divmod(number, verdicts.steps)
    if verdicts.rows is not None:
        return ", ".join(UNKNOWN if cell is None else printable(cell) for cell in verdicts.rows.row(sample))
    values: NDArray[Any] = verdicts.inputs[sample]
    if verdicts.inputs.ndim == 2 and np.issubdtype(values.dtype, np.floating):
        shown = ", ".join(in_decimals(float(value), 2) for value in values[:FEW_NUMBERS])
        return f"{shown}, …" if len(values) > FEW_NUMBERS else shown
    if verdicts.inputs.ndim == 2:
        letters = [verdicts.classes[token] for token in values[max(0, step + 1 - TEXT_LETTERS) : step + 1].tolist()]
        return "".join("␣" if letter == " " else letter for letter in letters)
    picture: NDArray[np.float32] = values if values.ndim == 3 else values[None]  # of rows that are read one by one
    return picture


def written(answer: float, verdicts: Verdicts) -> str:
    """An answer as it is read: a probability as a percentage, a value as a number."""
    return in_decimals(answer, 2) if verdicts.is_values else percent(answer)
