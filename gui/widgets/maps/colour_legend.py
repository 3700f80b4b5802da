"""What the colours of the maps mean: a strip from low to high, with numbers or words at its ends. Called by labs with maps."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.colours import ColourMap
from engine.figures import measured
from gui.shell.theme import THEME, font, theme

_STRIP = QSize(72, 8)
_SHORT_PX, _BESIDE_PX = 40, 5  # the strip between words; the space beside it
_NUMBER_PX, _AIR_PX = 61, 6  # a fixed width for a number, so that nothing moves while it changes, and the space beside it
_FIGURES = (3, 2, 1)  # of a number: as many as there is room for


def strip_of(colours: ColourMap) -> QImage:
    """All colours side by side, low to high."""
    return QImage(colours.tobytes(), len(colours), 1, 4 * len(colours), QImage.Format.Format_RGB32).copy()


def _fitting(value: float) -> str:
    """A number in as many figures as there is room for beside the strip."""
    measure, room = QFontMetrics(font(11)), _NUMBER_PX - _AIR_PX
    texts = [measured(value, figures) for figures in _FIGURES]
    return next((text for text in texts if measure.horizontalAdvance(text) <= room), texts[-1])


class ColourLegend(QWidget):
    def __init__(self, colours: ColourMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = strip_of(colours)
        self._low = self._high = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(_STRIP.width() + 2 * _NUMBER_PX, 20)
        THEME.changed.connect(self.update)

    def set_range(self, low: float | None, high: float | None) -> None:
        """Set the values of the two ends. None: nothing is shown yet."""
        ends = ("" if low is None else _fitting(low), "" if high is None else _fitting(high))
        if ends != (self._low, self._high):
            self._low, self._high = ends
            self.setAccessibleName(f"{self._low} … {self._high}")
            self.update()

    @property
    def ends(self) -> tuple[str, str]:
        return self._low, self._high

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        left = QRect(0, 0, _NUMBER_PX - _AIR_PX, self.height())
        right = QRect(_NUMBER_PX + _STRIP.width() + _AIR_PX, 0, _NUMBER_PX - _AIR_PX, self.height())
        painter.drawText(left, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._low)
        painter.drawText(right, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._high)
        top = (self.height() - _STRIP.height()) // 2
        painter.drawImage(QRect(_NUMBER_PX, top, _STRIP.width(), _STRIP.height()), self._strip)


class ColourLine(QWidget):
    """A quiet line with the strip between words, and a note behind them in the longest wording for which there is room: each
    map: min ▭ max · a note."""

    def __init__(self, colours: ColourMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = strip_of(colours)
        self._before = self._after = ""
        self._notes: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(18)
        THEME.changed.connect(self.update)

    def set_words(self, before: str, after: str, *notes: str) -> None:
        """Set the words at the left and right of the strip, and the note, from its longest wording to its shortest. Empty:
        nothing is shown."""
        if (before, after, notes) != (self._before, self._after, self._notes):
            self._before, self._after, self._notes = before, after, notes
            before, after = self.words
            self.setAccessibleName(f"{before} … {after}" if after else "")
            self.setToolTip(notes[0] if notes else "")
            self.update()

    @property
    def words(self) -> tuple[str, str]:
        """The words at the left and at the right, with the note in its longest wording."""
        return self._before, self._behind(self._notes[:1])[0]

    def _behind(self, notes: tuple[str, ...]) -> list[str]:
        return [f"{self._after} · {note}" for note in notes] or [self._after]

    @property
    def shown(self) -> str:
        """What there is room for behind the strip."""
        measure, left = QFontMetrics(font(11)), self._left + _SHORT_PX + _BESIDE_PX
        fitting = (text for text in self._behind(self._notes) if left + measure.horizontalAdvance(text) <= self.width())
        return next(fitting, self._after)

    @property
    def _left(self) -> int:
        """Where the strip begins."""
        return QFontMetrics(font(11)).horizontalAdvance(self._before) + _BESIDE_PX if self._before else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._after:
            return
        painter, measure = QPainter(self), QFontMetrics(font(11))
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        left = self._left
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(0, 0, left, self.height()), middle, self._before)
        strip = QRect(left, (self.height() - _STRIP.height()) // 2, _SHORT_PX, _STRIP.height())
        painter.drawImage(strip, self._strip)
        rest = QRect(strip.right() + 1 + _BESIDE_PX, 0, self.width() - strip.right() - _BESIDE_PX, self.height())
        painter.drawText(rest, middle, measure.elidedText(self.shown, Qt.TextElideMode.ElideRight, rest.width()))
