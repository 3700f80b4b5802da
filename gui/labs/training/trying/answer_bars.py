"""The answers for all classes as bars; one class is chosen, by click or keys: the one that the saliency is of. Called by the
board of the page "try it"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import in_decimals, percent
from engine.judging.tried import Tried
from gui.shell.theme import THEME, font, theme
from gui.widgets.own_keys import claims_key

ROW_PX, NAME_PX, FIGURE_PX, MARK_PX = 17, 26, 52, 12
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class AnswerBars(QWidget):
    """`show_answers` shows what was answered."""

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._tried: Tried | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_answers(self, classes: tuple[str, ...], tried: Tried | None) -> None:
        if len(classes) != len(self._classes):
            self.updateGeometry()
        self._classes, self._tried = classes, tried
        self.setAccessibleDescription("" if tried is None else self.told(tried.predicted))
        self.update()

    def told(self, number: int) -> str:
        """One class and the answer for it."""
        assert self._tried is not None
        return f"{self._classes[number]}: {self._figure(float(self._tried.answers[number]))}"

    def sizeHint(self) -> QSize:
        return QSize(200, max(len(self._classes), 1) * ROW_PX + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def row(self, number: int) -> QRectF:
        """Where a class is."""
        return QRectF(0, 1 + number * ROW_PX, self.width(), ROW_PX)

    def _answers(self) -> NDArray[np.float32]:
        return np.zeros(len(self._classes), np.float32) if self._tried is None else self._tried.answers

    def _figure(self, answer: float) -> str:
        if self._tried is not None and self._tried.is_values:
            return in_decimals(answer, 2)
        return percent(answer)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now, answers = QPainter(self), theme(), self._answers()
        painter.setFont(font(12))
        top = None if self._tried is None else self._tried.predicted
        asked = None if self._tried is None else self._tried.asked
        label = None if self._tried is None else self._tried.label
        for number, name in enumerate(self._classes):
            place = self.row(number)
            painter.setPen(now.text if number == top else now.muted)
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, NAME_PX - 4)
            painter.drawText(QRectF(4, place.top(), NAME_PX - 4, ROW_PX), LEFT, shown)
            if number == label:  # the truth: a sign, not a colour alone
                painter.setPen(now.ok)
                painter.drawText(QRectF(NAME_PX - 8, place.top(), MARK_PX, ROW_PX), LEFT, "✓")
            groove = QRectF(NAME_PX + MARK_PX - 4, place.center().y() - 3, place.width() - NAME_PX - MARK_PX - FIGURE_PX, 6)
            painter.fillRect(groove, now.groove)
            answer = float(answers[number])
            groove.setWidth(groove.width() * min(max(answer, 0.0), 1.0))
            painter.fillRect(groove, now.accent if number == top else now.muted)
            if self._tried is not None:
                painter.setPen(now.text if number == top else now.muted)
                painter.drawText(place.adjusted(0, 0, -4, 0), RIGHT, self._figure(answer))
            if number == asked and (self.hasFocus() or asked != top):
                painter.setPen(QPen(now.window, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place.adjusted(0.5, 0.5, -1.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = int((event.position().y() - 1) // ROW_PX)
        if 0 <= number < len(self._classes):
            self.class_chosen.emit(number)

    def event(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        return claims_key(event, keys) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if stride is None or self._tried is None:
            super().keyPressEvent(event)
            return
        number = self._tried.asked + stride
        if 0 <= number < len(self._classes):
            self.class_chosen.emit(number)
            self.setAccessibleDescription(self.told(number))
