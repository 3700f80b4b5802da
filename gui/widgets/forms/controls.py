"""The rows that forms are made of: a number with its slider, a choice, a switch. Each holds one value and says when the user
changed it; setting the value from code says nothing, so that showing a state never edits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from engine.fields import Field

LABEL_PX = 84
BOX_PX = 64
BOX_HEIGHT_PX = 28  # left alone, a box is anything from 28 to 34, as the room allows: rows would stand unevenly
TAIL_PX = 22  # of a small button beside a box, which makes room for it
_FINE_STEPS = 200  # slider positions of a field that is not whole numbers, or is logarithmic
_MOST = 2**31 - 1


def align(heads: Iterable[QWidget]) -> None:
    """Give the labels of some rows one width, the widest's, so that their sliders stand in a line."""
    shown = list(heads)
    for head in shown:
        head.setMinimumWidth(0)
    width = max((head.sizeHint().width() for head in shown), default=0)
    for head in shown:
        head.setMinimumWidth(max(width, LABEL_PX))


def mark(row: QWidget, wrong: bool) -> None:
    """Let a row stand out in amber: its value is at fault."""
    if bool(row.property("wrong")) == wrong:
        return
    for part in (row, *row.findChildren(QWidget)):
        part.setProperty("wrong", wrong)
        part.style().unpolish(part)
        part.style().polish(part)


class _WheelNeedsFocus(QObject):
    """Lets a scrolled form scroll: the wheel turns a control only once it has been clicked."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def keep_room_for_bar(scroll: QScrollArea) -> None:
    """The vertical bar has its room also where there is nothing to scroll, and is not seen then. Texts whose height does not
    fall steadily with their width (formulas) let Qt look for a width for ever otherwise, and end the process."""
    bar = scroll.verticalScrollBar()
    scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
    bar.setEnabled(bar.maximum() > bar.minimum())


def scrolls_past(control: QWidget) -> None:
    """Keep the wheel from changing `control` until it has the focus."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_WheelNeedsFocus(control))


class RealBox(QDoubleSpinBox):
    """A spin box that writes 0.001 as learners write it (1e-3), and steps by factors on a logarithmic scale."""

    def __init__(self, logarithmic: bool) -> None:
        super().__init__()
        self._logarithmic = logarithmic
        self.setDecimals(10)

    def textFromValue(self, value: float) -> str:
        if value and abs(value) < 0.01:
            mantissa, exponent = f"{value:.3e}".split("e")
            return f"{float(mantissa):g}e{int(exponent)}"
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:g}"

    def valueFromText(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        try:
            value = float(text)
        except ValueError:
            good = all(letter in "0123456789.eE+-" for letter in text)
            return (QValidator.State.Intermediate if good else QValidator.State.Invalid), text, position
        inside = self.minimum() <= value <= self.maximum()
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate), text, position

    def stepBy(self, steps: int) -> None:
        if self._logarithmic and self.value() > 0:
            self.setValue(self.value() * 10 ** (steps / 10))
        else:
            super().stepBy(steps)


class NumberRow(QWidget):
    """label, slider, box: one number of a Field. Where the field may be None, the label is a check box that turns it off.

    The slider covers the field's slider range, the box its whole range; `set_range` narrows both, and `set_allowed` leaves
    only certain whole numbers (divisors, say), so that what cannot be is not reachable.
    """

    value_changed = Signal(object)

    def __init__(self, field: Field, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._whole = field.kind == "integer"
        self._allowed: list[int] | None = None
        self._stops: list[int] = []  # those of them that the slider stops at
        self._low, self._high = self._limits(field)
        self._value: float | None = field.default if isinstance(field.default, int | float) else None
        self._fallback: float = self._value if self._value is not None else self._usual()
        self._switch = QCheckBox(label) if field.optional else None
        self.head: QCheckBox | QLabel = self._switch or QLabel(label)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.box: QSpinBox | RealBox = QSpinBox() if self._whole else RealBox(field.scale == "log")
        self._lay_out()
        self._fit()
        self._show()
        self.slider.valueChanged.connect(self._slid)
        self.box.valueChanged.connect(self._typed)
        if self._switch is not None:
            self._switch.toggled.connect(self._switched)

    def _usual(self) -> float:
        """What a field that is off begins with when it is turned on: the middle of a logarithmic scale, else its start."""
        low, high = self._slider_limits()
        return round((low * high) ** 0.5, 6) if self.field.scale == "log" and low > 0 else low

    @staticmethod
    def _limits(field: Field) -> tuple[float, float]:
        smallest = 1 if field.kind == "integer" else 1e-8
        low = field.low if field.low is not None else -_MOST
        high = field.high if field.high is not None else _MOST
        return low + smallest * field.low_excluded, high - smallest * field.high_excluded

    def _lay_out(self) -> None:
        self.head.setMinimumWidth(LABEL_PX)
        self.box.setFixedSize(BOX_PX, BOX_HEIGHT_PX)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.box.setKeyboardTracking(False)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setMinimumWidth(40)
        for control in (self.slider, self.box):
            scrolls_past(control)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.head)
        row.addWidget(self.slider, 1)
        self._end = QHBoxLayout()
        self._end.setSpacing(2)
        self._end.addWidget(self.box)
        row.addLayout(self._end)

    def set_tail(self, tail: QWidget | None) -> None:
        """Put a small widget, at most `TAIL_PX` wide, at the end, where the box makes room for it; None: only make the room."""
        self.box.setFixedWidth(BOX_PX - TAIL_PX - self._end.spacing())
        if tail is None:
            tail = QWidget()
            tail.setFixedWidth(TAIL_PX)
        self._end.addWidget(tail)

    # --- what it holds

    @property
    def value(self) -> float | int | None:
        return self._value

    def set_value(self, value: float | int | None) -> None:
        if value == self._value and type(value) is type(self._value):
            return
        self._value = value
        if value is not None:
            self._fallback = value
        self._show()

    def set_range(self, low: float, high: float) -> None:
        """Narrow what can be chosen now, inside the field's own range. The value is not changed; ends `set_allowed`."""
        floor, ceiling = self._limits(self.field)
        low, high = max(low, floor), max(min(high, ceiling), max(low, floor))
        if self._allowed is None and (low, high) == (self._low, self._high):
            return
        self._allowed = None
        self._low, self._high = low, high
        self._fit()
        self._show()

    def set_allowed(self, values: Sequence[int]) -> None:
        """Let only these whole numbers be chosen, given in ascending order."""
        if self._allowed == list(values):
            return
        self._allowed = list(values)
        self._low, self._high = self._allowed[0], self._allowed[-1]
        low, high = self._slider_limits()
        self._stops = [value for value in self._allowed if low <= value <= high] or self._allowed
        self._fit()
        self._show()

    def set_label(self, text: str, tip: str = "") -> None:
        if (text, tip) == (self.head.text(), self.toolTip()):
            return
        self.head.setText(text)
        self.slider.setAccessibleName(text)
        self.box.setAccessibleName(text)
        self.setToolTip(tip)

    # --- slider positions

    def _slider_limits(self) -> tuple[float, float]:
        low, high = self.field.slider or (self._low, self._high)
        return max(low, self._low), max(min(high, self._high), max(low, self._low))

    def _stepped(self) -> bool:
        """Whether one slider position is one whole number."""
        return self._whole and self.field.scale == "linear" and self._allowed is None

    def _fit(self) -> None:
        low, high = self._slider_limits()
        with QSignalBlocker(self.slider), QSignalBlocker(self.box):
            if self._allowed is not None:
                self.slider.setRange(0, len(self._stops) - 1)
            elif self._stepped():
                self.slider.setRange(int(low), int(high))
            else:
                self.slider.setRange(0, _FINE_STEPS)
            self.slider.setPageStep(max(1, (self.slider.maximum() - self.slider.minimum()) // 10))
            if isinstance(self.box, QSpinBox):
                self.box.setRange(int(max(self._low, -_MOST)), int(min(self._high, _MOST)))
            else:
                self.box.setRange(self._low, self._high)
                self.box.setSingleStep(self.field.step or (high - low) / 20)

    def _position(self, value: float) -> int:
        if self._allowed is not None:
            return min(range(len(self._stops)), key=lambda stop: abs(self._stops[stop] - value))
        if self._stepped():
            return int(value)
        low, high = self._slider_limits()
        if high <= low:
            return 0
        value = min(max(value, low), high)
        if self.field.scale == "log" and low > 0:
            return round(_FINE_STEPS * log(value / low) / log(high / low))
        return round(_FINE_STEPS * (value - low) / (high - low))

    def _value_at(self, position: int) -> float | int:
        if self._allowed is not None:
            return self._stops[position]
        if self._stepped():
            return position
        low, high = self._slider_limits()
        part = position / _FINE_STEPS
        if self.field.scale == "log" and low > 0:
            value = float(f"{low * exp(part * log(high / low)):.2g}")  # two figures, as one would type it
        else:
            value = low + part * (high - low)
            if self.field.step:
                value = round(round(value / self.field.step) * self.field.step, 10)
        value = min(max(value, low), high)
        return round(value) if self._whole else value

    # --- what the user does

    def _slid(self, position: int) -> None:
        self._take(self._value_at(position))

    def _typed(self, value: float) -> None:
        if self._allowed is not None:
            value = self._nearest(self._allowed, value)
        self._take(value)
        self._show()  # also where what was typed gave way to what it was before

    def _nearest(self, allowed: list[int], value: float) -> int:
        """The allowed number for a typed one. An arrow key goes one up or down, and on to the next one there."""
        before = self._value or 0
        if abs(value - before) == 1:
            beyond = [each for each in allowed if (each - before) * (value - before) > 0]
            return min(beyond, key=lambda each: abs(each - before), default=int(before))
        return min(allowed, key=lambda each: abs(each - value))

    def _switched(self, on: bool) -> None:
        self._take(self._fallback if on else None)

    def _take(self, value: float | int | None) -> None:
        if value == self._value:
            return
        self.set_value(value)
        self.value_changed.emit(value)

    def _show(self) -> None:
        on = self._value is not None
        shown = self._value if self._value is not None else self._fallback
        with QSignalBlocker(self.slider), QSignalBlocker(self.box):
            self.slider.setValue(self._position(shown))
            if isinstance(self.box, QSpinBox):
                self.box.setValue(int(shown))
            else:
                self.box.setValue(float(shown))
        if self._switch is not None:
            with QSignalBlocker(self._switch):
                self._switch.setChecked(on)
            self.slider.setEnabled(on)
            self.box.setEnabled(on)


class Segmented(QWidget):
    """A few choices side by side, one of them taken."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._group.buttonClicked.connect(self._clicked)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """(key, text) pairs. The same keys again only change the texts."""
        pairs = list(choices)
        if [key for key, _ in pairs] == list(self._buttons):
            for key, text in pairs:
                self._buttons[key].setText(text)
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = {}
        for number, (key, text) in enumerate(pairs):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "segment")
            button.setProperty("place", _place(number, len(pairs)))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumWidth(0)
            self._group.addButton(button)
            self._row.addWidget(button, 1)
            self._buttons[key] = button

    @property
    def current(self) -> str:
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def button(self, key: str) -> QPushButton:
        return self._buttons[key]

    def _clicked(self) -> None:
        self.chosen.emit(self.current)


def _place(number: int, count: int) -> str:
    if count == 1:
        return "only"
    return {0: "first", count - 1: "last"}.get(number, "middle")


class ChoiceRow(QWidget):
    """label and a list to choose from."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]] = (), label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = self.head = QLabel(label)
        self._label.setMinimumWidth(LABEL_PX)
        self.box = QComboBox()
        self.box.setFixedHeight(BOX_HEIGHT_PX)
        self.box.setMinimumContentsLength(4)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        scrolls_past(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._label)
        row.addWidget(self.box, 1)
        self.set_choices(choices)
        self.box.activated.connect(self._activated)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """(key, text) pairs; what was chosen stays chosen where it still exists."""
        before = self.value
        with QSignalBlocker(self.box):
            self.box.clear()
            for key, text in choices:
                self.box.addItem(text, key)
        self.set_value(before)

    @property
    def value(self) -> str:
        return str(self.box.currentData() or "")

    def set_value(self, key: str) -> None:
        number = self.box.findData(key)
        if number >= 0:
            self.box.setCurrentIndex(number)

    def set_label(self, text: str, tip: str = "") -> None:
        self._label.setText(text)
        self._label.setHidden(not text)
        self.box.setAccessibleName(text)
        self.setToolTip(tip)

    def _activated(self) -> None:
        self.chosen.emit(self.value)


class ToggleRow(QCheckBox):
    """A switch with its label."""

    value_changed = Signal(bool)

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self.toggled.connect(self.value_changed)

    @property
    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        with QSignalBlocker(self):
            self.setChecked(value)

    def set_label(self, text: str, tip: str = "") -> None:
        self.setText(text)
        self.setToolTip(tip)
