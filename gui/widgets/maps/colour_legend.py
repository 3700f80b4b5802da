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
_NUMBER_PX = 50  # a fixed width for the numbers, so that nothing moves while they change


def strip_of(colours: ColourMap) -> QImage:
    """All colours side by side, low to high."""
    return QImage(colours.tobytes(), len(colours), 1, 4 * len(colours), QImage.Format.Format_RGB32).copy()


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
        ends = ("" if low is None else measured(low, 3), "" if high is None else measured(high, 3))
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
        left = QRect(0, 0, _NUMBER_PX - 6, self.height())
        right = QRect(_NUMBER_PX + _STRIP.width() + 6, 0, _NUMBER_PX - 6, self.height())
        painter.drawText(left, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._low)
        painter.drawText(right, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._high)
        top = (self.height() - _STRIP.height()) // 2
        painter.drawImage(QRect(_NUMBER_PX, top, _STRIP.width(), _STRIP.height()), self._strip)


class ColourLine(QWidget):
    """A quiet line with the strip between words: each map: min ▭ max · more words."""

    def __init__(self, colours: ColourMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = strip_of(colours)
        self._before = self._after = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(18)
        THEME.changed.connect(self.update)

    def set_words(self, before: str, after: str) -> None:
        """Set the words at the left and right of the strip. Empty: nothing is shown."""
        if (before, after) != (self._before, self._after):
            self._before, self._after = before, after
            self.setAccessibleName(f"{before} … {after}" if after else "")
            self.update()

    @property
    def words(self) -> tuple[str, str]:
        return self._before, self._after

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._after:
            return
        painter, measure = QPainter(self), QFontMetrics(font(11))
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        left = measure.horizontalAdvance(self._before) + _BESIDE_PX if self._before else 0
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(0, 0, left, self.height()), middle, self._before)
        strip = QRect(left, (self.height() - _STRIP.height()) // 2, _SHORT_PX, _STRIP.height())
        painter.drawImage(strip, self._strip)
        rest = QRect(strip.right() + 1 + _BESIDE_PX, 0, self.width() - strip.right() - _BESIDE_PX, self.height())
        painter.drawText(rest, middle, measure.elidedText(self._after, Qt.TextElideMode.ElideRight, rest.width()))
