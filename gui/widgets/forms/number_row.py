"""A row of a form for one number: a label, a slider and a box."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.fields import Field
from gui.widgets.forms.controls import BOX_HEIGHT_PX, LABEL_PX, scrolls_past
from gui.widgets.forms.hand_slider import HandSlider
from gui.widgets.forms.number_box import EDGE, NumberBox

BOX_PX = 64
TAIL_PX = 22  # the width of a small button beside the box, which is narrower for it
_FINE_STEPS = 200  # slider positions of a field with fractions or on a logarithmic scale
_MOST = 2**31 - 1


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
        self._switch = QCheckBox(label, self) if field.optional else None
        self.head: QCheckBox | QLabel = self._switch or QLabel(label, self)
        self.slider = HandSlider(self)
        self.box = NumberBox(whole=self._whole, logarithmic=not self._whole and field.scale == "log", parent=self)
        self._lay_out()
        self._fit()
        self._show()
        self.slider.valueChanged.connect(self._slid)
        self.box.valueChanged.connect(self._typed)
        if self._switch is not None:
            self._switch.toggled.connect(self._switched)

    def _usual(self) -> float:
        """The value of an empty field that is switched on: what it declares, or else the middle of a logarithmic scale, or the
        start of a linear one."""
        if self.field.usual is not None:
            return self.field.usual
        low, high = self._slider_limits()
        if self.field.scale != "log" or low <= 0:
            return low
        middle = float((low * high) ** 0.5)
        return round(middle) if self._whole else round(middle, 6)

    @staticmethod
    def _limits(field: Field) -> tuple[float, float]:
        smallest = 1 if field.kind == "integer" else EDGE
        low = field.low if field.low is not None else -_MOST
        high = field.high if field.high is not None else _MOST
        return low + smallest * field.low_excluded, high - smallest * field.high_excluded

    def _lay_out(self) -> None:
        self.head.setMinimumWidth(LABEL_PX)
        self.box.setFixedSize(BOX_PX, BOX_HEIGHT_PX)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setMinimumWidth(40)
        scrolls_past(self.slider)
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
        with QSignalBlocker(self.slider):
            if self._allowed is not None:
                self.slider.setRange(0, len(self._stops) - 1)
            elif self._stepped():
                self.slider.setRange(int(low), int(high))
            else:
                self.slider.setRange(0, _FINE_STEPS)
            self.slider.setPageStep(max(1, (self.slider.maximum() - self.slider.minimum()) // 10))
        self._limit_box()
        if not self._whole:
            self.box.setSingleStep(self.field.step or (high - low) / 20)

    def _limit_box(self) -> None:
        """Let the box take what the row takes; unlike the slider, it comes as near to an excluded limit as one types."""
        if self._allowed is not None:
            self.box.set_allowed(self._allowed)
            return
        field, (floor, ceiling) = self.field, self._limits(self.field)
        low_open = not self._whole and field.low_excluded and self._low == floor
        high_open = not self._whole and field.high_excluded and self._high == ceiling
        low = field.low if low_open and field.low is not None else self._low
        high = field.high if high_open and field.high is not None else self._high
        self.box.setRange(low, high, low_excluded=low_open, high_excluded=high_open)

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
        self._take(value)
        self._show()  # also where the typed number was replaced by the one before

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
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._position(shown))
        self.box.show_value(shown)
        if self._switch is not None:
            with QSignalBlocker(self._switch):
                self._switch.setChecked(on)
            self.slider.setEnabled(on)
            self.box.setEnabled(on)
