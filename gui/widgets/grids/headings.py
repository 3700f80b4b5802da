"""The headings of a grid of numbers, beside or above it, one for each cell. Called by the im2col view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.shell.theme import THEME, font, theme

FIGURES_PX, NAMES_PX = 10, 11
LINE_PX = 14


class Headings(QWidget):
    """`set_headings` sets a text for each cell, and names for runs of cells; `set_lit` lights some of the texts."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._across = orientation == Qt.Orientation.Horizontal
        self._texts: tuple[str, ...] = ()
        self._names: tuple[tuple[int, str], ...] = ()
        self._px = 1
        self._lit: frozenset[int] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        THEME.changed.connect(self.update)

    def set_headings(self, texts: Sequence[str], px: int, names: Sequence[tuple[int, str]] = ()) -> None:
        """A name is (number of its first cell, text). Only headings above a grid have names."""
        if (tuple(texts), tuple(names), px) != (self._texts, self._names, self._px):
            self._texts, self._names, self._px = tuple(texts), tuple(names), px
            self.resize(self.sizeHint())
            self.update()

    def set_lit(self, numbers: Sequence[int]) -> None:
        if frozenset(numbers) != self._lit:
            self._lit = frozenset(numbers)
            self.update()

    @property
    def texts(self) -> tuple[str, ...]:
        return self._texts

    @property
    def names(self) -> tuple[tuple[int, str], ...]:
        return self._names

    @staticmethod
    def width_for(texts: Sequence[str]) -> int:
        """The width of headings beside a grid."""
        measure = QFontMetrics(font(NAMES_PX))
        return max((measure.horizontalAdvance(text) for text in texts), default=0) + 8

    def sizeHint(self) -> QSize:
        if self._across:
            return QSize(len(self._texts) * self._px + 1, LINE_PX * (1 + bool(self._names)))
        return QSize(self.width_for(self._texts), len(self._texts) * self._px + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), theme()
        top = LINE_PX if self._names and self._across else 0
        painter.setFont(font(NAMES_PX))
        painter.setPen(now.muted)
        ends = [*(first for first, _ in self._names[1:]), len(self._texts)][: len(self._names)]
        for (first, name), end in zip(self._names, ends, strict=True):
            place = QRect(first * self._px, 0, (end - first) * self._px, LINE_PX)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        if self._across:
            painter.setFont(font(FIGURES_PX))
        measure = painter.fontMetrics()
        fits = not self._across or all(measure.horizontalAdvance(text) < self._px for text in self._texts)
        for number, text in enumerate(self._texts):
            lit = number in self._lit
            if not fits and not (lit and len(self._lit) == 1):
                continue  # too narrow for all: only the one that is lit
            painter.setPen(now.text if lit else now.muted)
            if self._across:
                spare = 0 if fits else self._px
                place = QRect(number * self._px - spare, top, self._px + 2 * spare, LINE_PX)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
            else:
                place = QRect(0, number * self._px, self.width() - 6, self._px)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
