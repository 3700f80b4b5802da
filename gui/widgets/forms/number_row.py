"""A row of a form for one number: a label, a slider and a box."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from engine.fields import Field
from gui.widgets.forms.controls import BOX_HEIGHT_PX, LABEL_PX, scrolls_past

BOX_PX = 64
TAIL_PX = 22  # the width of a small button beside the box, which is narrower for it
_FINE_STEPS = 200  # slider positions of a field with fractions or on a logarithmic scale
_MOST = 2**31 - 1


class RealBox(QDoubleSpinBox):
    """A spin box that writes small numbers as learners type them (1e-3), and steps by factors on a logarithmic scale."""

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
    """A label, a slider and a box for one number of a Field. Where the field may be None, the label is a check box for that.

    The slider covers the field's slider range, the box its whole range. `set_range` narrows both and `set_allowed` leaves only
    certain whole numbers (divisors, for instance), so that only valid values can be chosen.
    """

    value_changed = Signal(object)

    def __init__(self, field: Field, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._whole = field.kind == "integer"
        self._allowed: list[int] | None = None
        self._stops: list[int] = []  # the allowed numbers at which the slider stops
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
        """The value of an empty field that is switched on: the middle of a logarithmic scale, the start of a linear one."""
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
        """Add a small widget, at most `TAIL_PX` wide, at the end; the box is narrower for it. None: an empty space as wide."""
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
        """Narrow the range, inside the field's own. The value stays. Replaces what `set_allowed` set."""
        floor, ceiling = self._limits(self.field)
        low, high = max(low, floor), max(min(high, ceiling), max(low, floor))
        if self._allowed is None and (low, high) == (self._low, self._high):
            return
        self._allowed = None
        self._low, self._high = low, high
        self._fit()
        self._show()

    def set_allowed(self, values: Sequence[int]) -> None:
        """Allow only these whole numbers, given in ascending order."""
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
        """Whether each slider position is a whole number."""
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
            value = float(f"{low * exp(part * log(high / low)):.2g}")  # two figures, as people type
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
        self._show()  # also where the typed number was replaced by the one before

    def _nearest(self, allowed: list[int], value: float) -> int:
        """The allowed number nearest to a typed one. One step up or down leads to the next allowed number on that side."""
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
