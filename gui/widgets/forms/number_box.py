"""The one box for a number, in every form, row and page of the program.

Anything can be typed. What was typed is taken when the box is left, or at Enter: the number itself, or the nearest one that is
allowed, with a sentence that names the limit, or the number before stays, with a sentence that says why. A number that nobody
typed is never taken. Enter gives the keyboard back to the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from PySide6.QtCore import QEvent, QLocale, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QStyle, QStyleOptionFrame, QToolTip, QWidget

from engine.figures import in_digits
from engine.typed_numbers import TypedError, read_number
from engine.words import Phrase
from gui.shell.focus_home import home_of
from gui.shell.language import language
from gui.widgets.forms.box_note import BoxNote, living
from gui.widgets.forms.controls import scrolls_past

LINE_MARGIN_PX = 2  # that Qt leaves beside the text of a line
_MOST_CHOICES = 12  # allowed numbers in a sentence
_SHARP = 3  # figures of a number that was stepped by a factor
EDGE = 1e-8  # how near a number from code, or a slider, is brought to a limit that is itself excluded


class NumberLine(QLineEdit):
    """The text of the box. A double click marks the whole number: a point, or a minus, is no end of a word in it. A long number
    takes all of the box; where that is not enough it ends in dots until it is typed, and the tip says all of it: its first
    digits alone would be another number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.textChanged.connect(self._make_room)

    def shown_text(self) -> str:
        """What is seen of the number."""
        if self.hasFocus() or self._fits():
            return self.text()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self._whole_rect().width())

    def _fits(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) <= self._whole_rect().width()

    def _make_room(self) -> None:
        """Take what the style leaves free beside the text, where Qt would hide an end of it."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        own = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        over = self.fontMetrics().horizontalAdvance(self.text()) - (own.width() - 2 * LINE_MARGIN_PX)
        free = max(min((over + 1) // 2, own.left() - self.rect().left()), 0)
        if self.textMargins().left() != -free:
            self.setTextMargins(-free, 0, -free, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _whole_rect(self) -> QRect:
        return self.rect().adjusted(LINE_MARGIN_PX, 0, -LINE_MARGIN_PX, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or self._fits():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(self._whole_rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, self.shown_text())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.shown_text() != self.text():
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)  # a third click soon after is to be known as one
        self.selectAll()


class NumberBox(QAbstractSpinBox):
    """A number, whole or with a fraction, within limits. `valueChanged` carries it whenever it changes, by the user or by
    `setValue`; `show_value` emits nothing. `logarithmic`: the arrow keys multiply it."""

    valueChanged = Signal(object)

    def __init__(self, *, whole: bool = True, logarithmic: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        self._logarithmic = logarithmic
        self._low, self._high = 0.0, 99.0
        self._open = (False, False)  # whether the limits are themselves excluded
        self._allowed: tuple[int, ...] | None = None
        self._step = 1.0
        self._prefix = ""
        self._value: float = 0 if whole else 0.0
        self._note: BoxNote | None = None
        self.setLineEdit(NumberLine())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setLocale(QLocale.c())
        self.lineEdit().textEdited.connect(self._edited)
        scrolls_past(self)
        self._write()

    # --- what it holds

    def value(self) -> float:
        """An int in a box for whole numbers."""
        return self._value

    def show_value(self, value: float) -> None:
        """Hold and show a number as it is, even outside the limits; emits nothing. The same number again leaves alone what is
        being typed."""
        value = self._kind(value)
        if value != self._value:
            self._value = value
            self._write()
            self.withdraw_note()
        elif not self.lineEdit().isModified():
            self._write()

    def setValue(self, value: float) -> None:
        """Hold the number that is nearest to `value` and allowed, as if it had been typed."""
        self._take(self._inside(value))

    def _take(self, value: float) -> None:
        value = self._kind(value)
        changed = value != self._value
        self._value = value
        self._write()
        if changed:
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, value))
            self.valueChanged.emit(value)

    def _kind(self, value: float) -> float:
        return round(value) if self._whole else float(value)

    # --- its limits

    def minimum(self) -> float:
        return self._kind(self._low)

    def maximum(self) -> float:
        return self._kind(self._high)

    def setRange(self, low: float, high: float, *, low_excluded: bool = False, high_excluded: bool = False) -> None:
        """Allow the numbers from `low` to `high`, themselves perhaps excluded. The value stays as it is."""
        self._low, self._high = low, max(low, high)
        self._open = (low_excluded, high_excluded)
        self._allowed = None
        self._tell_limits()

    def set_allowed(self, allowed: Sequence[int]) -> None:
        """Allow only these whole numbers, given in ascending order."""
        self._allowed = tuple(allowed)
        self._low, self._high, self._open = self._allowed[0], self._allowed[-1], (False, False)
        self._tell_limits()

    def _tell_limits(self) -> None:
        """Keep the limits where a screen reader asks for them."""
        self.setProperty("minimum", self.minimum())
        self.setProperty("maximum", self.maximum())

    @property
    def allowed(self) -> tuple[int, ...] | None:
        """The only numbers that are allowed; None: all within the limits."""
        return self._allowed

    def setSingleStep(self, step: float) -> None:
        self._step = step

    def setPrefix(self, prefix: str) -> None:
        """Set a text before the number, which need not be typed."""
        self._prefix = prefix
        self._write()

    def _inside(self, value: float) -> float:
        """The allowed number nearest to `value`. One step up or down leads to the next allowed number on that side."""
        if self._allowed is not None:
            before = self._value
            if abs(value - before) == 1:
                beyond = [each for each in self._allowed if (each - before) * (value - before) > 0]
                return min(beyond, key=lambda each: abs(each - before), default=before)
            return min(self._allowed, key=lambda each: abs(each - value))
        low_open, high_open = self._open
        if value < self._low or (low_open and value == self._low):
            return self._low + EDGE * low_open
        if value > self._high or (high_open and value == self._high):
            return self._high - EDGE * high_open
        return value

    def _outside(self, value: float) -> TypedError | None:
        """Why `value` cannot be had, and `_fallback` says what is taken instead; None where it can be."""
        low_open, high_open = self._open
        if value > self._high or (high_open and value == self._high):
            return TypedError("below" if high_open else "at_most", limit=self._written(self._high))
        if value < self._low or (low_open and value == self._low):
            return TypedError("above" if low_open else "at_least", limit=self._written(self._low))
        if self._allowed is not None and value not in self._allowed:
            return TypedError("one_of", choices=self._choices(self._allowed))
        return None

    def _written(self, limit: float) -> str:
        """A limit as a sentence shows it: the last whole number inside it, its thousands apart; or a number in digits."""
        if self._whole:
            return f"{ceil(limit) if limit == self._low else floor(limit):,}"
        return in_digits(limit)

    @staticmethod
    def _choices(allowed: Sequence[int]) -> str:
        if len(allowed) <= _MOST_CHOICES:
            return ", ".join(map(str, allowed))
        return ", ".join([*map(str, allowed[: _MOST_CHOICES - 1]), "…", str(allowed[-1])])

    # --- its text

    def textFromValue(self, value: float) -> str:
        return str(round(value)) if self._whole else in_digits(value)

    def cleanText(self) -> str:
        return self.text().removeprefix(self._prefix)

    def _write(self) -> None:
        """Show the number. What was typed is forgotten, and cannot be undone in the box."""
        text = self._prefix + self.textFromValue(self._value)
        self.setProperty("value", self._value)  # what a screen reader asks for
        line = self.lineEdit()
        if line.text() != text or line.isModified() or line.isUndoAvailable() or line.isRedoAvailable():
            line.setText(text)
            if not self.hasFocus():
                line.setCursorPosition(0)

    # --- what the user does

    def interpretText(self) -> None:
        """Take what has been typed."""
        line = self.lineEdit()
        if not line.isModified():
            return
        text = line.text().strip().removeprefix(self._prefix.strip()).strip()
        if text in ("", self.textFromValue(self._value)):
            self._write()
            return
        try:
            typed = read_number(text, whole=self._whole)
        except TypedError as error:
            self._write()
            self._say(error, stays=True)
            return
        limit = self._outside(typed)
        if limit is None:
            self._take(typed)
        elif limit.code in ("above", "below"):  # there is no nearest number
            self._write()
            self._say(limit, stays=True)
        else:
            self._take(self._nearest(typed))
            self._say(limit)

    def _nearest(self, typed: float) -> float:
        if self._allowed is not None:
            return min(self._allowed, key=lambda each: abs(each - typed))
        return min(max(typed, self._low), self._high)

    def _say(self, error: TypedError, *, stays: bool = False) -> None:
        sentence = error.message(language())
        if stays:
            kept = Phrase(TypedError.TABLE, "stays", {"value": self.textFromValue(self._value)})
            sentence = f"{sentence} {kept.say(language())}"
        if not self.isVisible():
            return
        self._note = living(self._note) or BoxNote(self)
        self._note.say(sentence)

    @property
    def note(self) -> str:
        """The sentence that is shown beside the box; empty: none."""
        note = living(self._note)
        return note.text() if note is not None and not note.isHidden() else ""

    def withdraw_note(self) -> None:
        if (note := living(self._note)) is not None:
            note.withdraw()

    def _edited(self) -> None:
        self.withdraw_note()

    def stepBy(self, steps: int) -> None:
        self.interpretText()
        if self._logarithmic and self._value > 0:
            value = float(f"{self._value * 10 ** (steps / 10):.{_SHARP}g}")
        else:
            value = self._value + steps * self._step
            value = value if self._whole else round(value, 10)
        self._take(self._inside(value))
        self.selectAll()

    # --- what Qt calls

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def event(self, event: QEvent) -> bool:
        """Leave Space to the page while nothing is being typed: numbers begin with no space."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_spare(event):
            event.ignore()
            return True
        return super().event(event)

    def _is_spare(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Space and not event.modifiers() and not self.lineEdit().isModified()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_spare(event):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Escape and self.lineEdit().isModified():
            self._write()
            self.selectAll()
            return
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered:
            self.interpretText()
        super().keyPressEvent(event)
        if entered and (home := home_of(self)) is not None:
            event.accept()
            home.take_back(self)
            self.lineEdit().end(False)  # where Backspace goes on

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        BoxNote.make_way(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # the box's own menu: the focus comes back
            self.interpretText()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.withdraw_note()
