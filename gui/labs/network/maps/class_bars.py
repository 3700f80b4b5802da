"""The answer of a classifier: its probabilities as bars, the one-hot of a class beside them, and the cross-entropy between the
two. A network that was trained on squared error gives values that are no probabilities: then the error to the one-hot.

Of few classes all are shown, in their order, so that the columns read as vectors; of many the largest, and the target. The axis
ends at the first round number above the largest probability, so that a thousand equal bars are visible too. A click or Enter
makes a class the target: the right answer. Shown in the maps' card.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf, isfinite, log, log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import fixed, full_count, in_decimals, measured, percent, round_percent
from engine.networks.output_meaning import OutputMeaning
from gui.shell.theme import THEME, font, theme

ALL = 10  # up to so many classes, all are shown
TOP = 5  # of more classes, so many
ROW_PX, HEAD_PX, FOOT_PX = 22, 20, 24
FIGURE_PX, HOT_PX, GAP_PX = 62, 44, 10
LEAST_NAME_PX, MOST_NAME_PX = 48, 150
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClassBars(QWidget):
    """`show_classes` shows probabilities, or values that are none. Up and Down move; Enter or a click makes a class the target,
    or again none."""

    target_chosen = Signal(object)  # the number of a class, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._probabilities: NDArray[np.float64] = np.zeros(0)
        self._meaning: OutputMeaning = "scores"
        self._names: tuple[str, ...] = ()
        self._target: int | None = None
        self._shown: tuple[int, ...] = ()
        self._current = 0
        THEME.changed.connect(self.update)
        self._describe()

    # --- what is shown

    def show_classes(
        self,
        probabilities: Sequence[float] | NDArray[np.float64],
        names: Sequence[str] = (),
        target: int | None = None,
        meaning: OutputMeaning = "scores",
        *,
        few: bool = False,
    ) -> None:
        """Show `probabilities`, which add up to 1, or with the `meaning` "values" outputs that are none. A class without a name
        is called by its number. `target` is the class of the one-hot. `few`: only the largest, even of a few classes."""
        self._meaning = meaning
        before = len(self._shown)
        self._probabilities = np.asarray(probabilities, np.float64)
        self._names, count = tuple(names), len(self._probabilities)
        self._target = target if target is not None and 0 <= target < count else None
        if count <= (TOP if few else ALL):
            self._shown = tuple(range(count))
        else:
            largest = np.argsort(-self._probabilities, kind="stable")[:TOP].tolist()
            self._shown = (*largest, *((self._target,) if self._target is not None and self._target not in largest else ()))
        self._current = min(self._current, max(0, len(self._shown) - 1))
        if len(self._shown) != before:
            self.updateGeometry()
        self._describe()
        self.update()

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers of the classes that are shown, from the top."""
        return self._shown

    @property
    def target(self) -> int | None:
        return self._target

    @property
    def loss(self) -> float | None:
        """The cross-entropy, −ln p of the target; of values, the mean squared error to the one-hot. None without a target."""
        if self._target is None:
            return None
        if self._meaning == "values":
            hot = np.arange(len(self._probabilities)) == self._target
            return float(np.square(self._probabilities - hot).mean())
        p = float(self._probabilities[self._target])
        return abs(log(p)) if p > 0 else inf

    @property
    def axis(self) -> float:
        """The probability at the right end of the bars."""
        return 1.0 if self._meaning == "values" else axis_end(float(self._probabilities.max(initial=0.0)))

    def name(self, number: int) -> str:
        if number < len(self._names):
            return self._names[number]
        return self.tr("class {number}").format(number=number)

    def row(self, place: int) -> QRect:
        """The rectangle of the class in a row."""
        return QRect(0, HEAD_PX + place * ROW_PX, self.width(), ROW_PX)

    def sizeHint(self) -> QSize:
        return QSize(320, HEAD_PX + max(1, len(self._shown)) * ROW_PX + FOOT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        measure = QFontMetrics(font(12))
        widest = max(measure.horizontalAdvance(self.name(number)) for number in self._shown) + 2
        across = min(max(widest, LEAST_NAME_PX), MOST_NAME_PX, self.width() // 3)
        bar_left = 8 + across + GAP_PX
        bar_width = max(20, self.width() - bar_left - FIGURE_PX - HOT_PX - GAP_PX)
        self._paint_head(painter, bar_left)
        top, end = int(np.argmax(self._probabilities)), self.axis
        for place, number in enumerate(self._shown):
            line = self.row(place)
            if place == self._current and self.hasFocus():
                painter.setPen(QPen(now.accent, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(line).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p = float(self._probabilities[number])
            painter.setFont(font(12, bold=number == top))
            painter.setPen(now.text if number == top else now.muted)
            name = painter.fontMetrics().elidedText(self.name(number), Qt.TextElideMode.ElideRight, across)
            painter.drawText(QRect(8, line.top(), across, ROW_PX), LEFT, name)
            bar = QRectF(bar_left, line.center().y() - 3, bar_width, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.grid)
            painter.drawRoundedRect(bar, 2, 2)
            bar.setWidth(bar_width * (min(max(p / end, 0.0), 1.0) if isfinite(p) else 0.0))
            painter.setBrush(now.curves[0])
            painter.drawRoundedRect(bar, min(2.0, bar.width() / 2), 2)
            painter.setPen(now.text)
            painter.setFont(font(12))
            painter.drawText(QRect(bar_left + bar_width, line.top(), FIGURE_PX, ROW_PX), RIGHT, self._figure(p))
            self._paint_hot(painter, QRect(self.width() - HOT_PX, line.top(), HOT_PX, ROW_PX), number)
        self._paint_foot(painter)

    def _figure(self, value: float) -> str:
        return in_decimals(value, 3) if self._meaning == "values" else percent(value, fine=True)

    @property
    def head(self) -> str:
        """The line above: what the bars are, and how far they go."""
        if self._meaning == "values":
            return self.tr("outputs, no probabilities · 0–1")
        end = round_percent(self.axis)
        softmax = self.tr("softmax · 0–{end}").format(end=end)
        return self.tr("probabilities · 0–{end}").format(end=end) if self._meaning == "probabilities" else softmax

    def _paint_head(self, painter: QPainter, left: int) -> None:
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        hot = painter.fontMetrics().horizontalAdvance(self.tr("one-hot")) + 2
        place = QRect(left, 0, self.width() - hot - GAP_PX - left, HEAD_PX)
        painter.drawText(place, LEFT, painter.fontMetrics().elidedText(self.head, Qt.TextElideMode.ElideRight, place.width()))
        painter.drawText(QRect(self.width() - hot, 0, hot, HEAD_PX), RIGHT, self.tr("one-hot"))

    def _paint_hot(self, painter: QPainter, place: QRect, number: int) -> None:
        """The number of the one-hot in this row: 1 for the target, 0 for the others; empty without a target."""
        now, box = theme(), QRect(place.right() - 21, place.top() + 2, 20, ROW_PX - 4)
        hot = number == self._target
        painter.setPen(QPen(now.window if hot else now.line, 1))
        painter.setBrush(now.window if hot else now.panel)
        painter.drawRoundedRect(box, 4, 4)
        if self._target is not None:
            painter.setPen(Qt.GlobalColor.black if hot else now.muted)
            painter.setFont(font(12, bold=hot))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "1" if hot else "0")

    def _paint_foot(self, painter: QPainter) -> None:
        painter.setFont(font(11))
        painter.setPen(theme().muted)
        place = QRect(8, self.height() - FOOT_PX, self.width() - 8, FOOT_PX)
        painter.drawText(place, LEFT, self._foot_within(painter.fontMetrics(), place.width()))

    def _foot_within(self, measure: QFontMetrics, width: int) -> str:
        """The line below as far as it has room: without the word for the classes, or without their number."""
        first, *left = self._foot_parts()
        short = self.tr("{shown} of {count}").format(shown=len(self._shown), count=full_count(len(self._probabilities)))
        wordings = (self.foot, f"{first} · {short}", first) if left else (first,)
        fitting = (text for text in wordings if measure.horizontalAdvance(text) <= width)
        return next(fitting, measure.elidedText(first, Qt.TextElideMode.ElideRight, width))

    @property
    def foot(self) -> str:
        """The line below: the target's loss or how to set a target, and how many classes are shown where some are left out."""
        return " · ".join(self._foot_parts())

    def _foot_parts(self) -> list[str]:
        parts = []
        if self.loss is None:
            parts.append(self.tr("Click the class that it should be."))
        elif self._meaning == "values":
            parts.append(self.tr("mean squared error: {loss}").format(loss=fixed(self.loss, 3)))
        else:
            p = measured(float(self._probabilities[self._target or 0]), 3)
            shown = fixed(self.loss, 3)
            parts.append(self.tr("cross-entropy: −ln {p} = {loss}").format(p=p, loss=shown))
        if len(self._shown) < len(self._probabilities):
            left = self.tr("{shown} of {count} classes")
            parts.append(left.format(shown=len(self._shown), count=full_count(len(self._probabilities))))
        return parts

    # --- pointer and keyboard

    def _place_at(self, point: QPoint) -> int | None:
        place = (point.y() - HEAD_PX) // ROW_PX
        return place if 0 <= place < len(self._shown) and 0 <= point.x() < self.width() else None

    def _choose(self, place: int) -> None:
        self._current = place
        number = self._shown[place]
        self.target_chosen.emit(None if number == self._target else number)
        self._describe()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -len(self._shown), Qt.Key.Key_End: len(self._shown)}
        key = Qt.Key(event.key())
        if not self._shown or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in ways:
            self._current = min(max(self._current + ways[key], 0), len(self._shown) - 1)
            self._describe()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- words

    def _describe(self) -> None:
        """Tell a screen reader the class that the keyboard is on, and the line below."""
        if not self._shown:
            self.setAccessibleDescription("")
            return
        number = self._shown[self._current]
        parts = [self.name(number), self._figure(float(self._probabilities[number]))]
        if number == self._target:
            parts.append(self.tr("one-hot"))
        self.setAccessibleDescription(f"{', '.join(parts)}. {self.foot}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
            self.update()


def axis_end(largest: float) -> float:
    """The first of 1, 2 and 5 times a power of ten that is not below the largest probability; at most 1."""
    if not 0 < largest <= 0.5:
        return 1.0
    power = 10.0 ** floor(log10(largest))
    return float(next(f"{step * power:.0e}" for step in (1, 2, 5, 10) if step * power >= largest))
