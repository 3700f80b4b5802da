"""The controls of forms: a choice, a switch, a row of buttons; and what all rows of a form share.

Each control has one value and a signal for the user's changes. A value set from code emits no signal, so that showing a state
never edits it.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gui.shell.focus_home import home_of

LABEL_PX = 84
BOX_HEIGHT_PX = 28  # without it boxes are 28 to 34 high, and rows uneven


def align(heads: Iterable[QWidget]) -> None:
    """Give the labels of some rows the width of the widest one, so that their sliders are in a line."""
    shown = list(heads)
    width = max((_needed_by(head) for head in shown), default=0)
    for head in shown:
        head.setMinimumWidth(max(width, LABEL_PX))
        if isinstance(head, QLabel):
            head.setIndent(head.indent())  # it forgets its hint, which keeps the minimum that it had before


def _needed_by(head: QWidget) -> int:
    """The width of a label's words. A label's own hint is never less than the minimum that it had when it was last asked."""
    if isinstance(head, QLabel):
        return head.fontMetrics().horizontalAdvance(head.text()) + 2
    return head.sizeHint().width()


def mark(row: QWidget, wrong: bool) -> None:
    """Show a row in amber, because its value is wrong, or as usual again."""
    if bool(row.property("wrong")) == wrong:
        return
    for part in (row, *row.findChildren(QWidget)):
        part.setProperty("wrong", wrong)
        part.style().unpolish(part)
        part.style().polish(part)


class _WheelNeedsFocus(QObject):
    """Lets a form scroll: the wheel changes a control only while it has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


class _BarFollowsRange(QObject):
    """Enables the vertical bar of its scroll area while there is something to scroll. It asks for the bar each time: PySide can
    let go of a bar's Python object, kept, while bar and area live on."""

    def __init__(self, scroll: QAbstractScrollArea) -> None:
        super().__init__(scroll)
        self._scroll = scroll
        scroll.verticalScrollBar().rangeChanged.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setEnabled(bar.maximum() > bar.minimum())


def keep_room_for_bar(scroll: QAbstractScrollArea) -> None:
    """Keep the room of the vertical scroll bar also where nothing scrolls and the bar is invisible. Otherwise Qt searches for a
    width for ever, and the process ends, where texts (formulas) are not always lower when they are wider."""
    scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    _BarFollowsRange(scroll)


def scrolls_past(control: QWidget) -> None:
    """Keep the wheel from changing `control` unless it has the focus."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_WheelNeedsFocus(control))


class SegmentButton(QPushButton):
    """A button that is checked, one of several. Where it is clicked, the keyboard goes back to the page, whose keys go on
    working; by Tab it is reached as any other."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setProperty("role", "segment")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        home = home_of(self)
        if home is not None:
            home.take_from(self)
        else:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)


class Segmented(QWidget):
    """Some choices as buttons side by side, one of them checked."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, SegmentButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._group.buttonClicked.connect(self._clicked)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """`choices` are (key, text). The same keys again only change the texts."""
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
            button = SegmentButton(text, self)
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
    """A label and a list to choose from."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]] = (), label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = self.head = QLabel(label, self)
        self._label.setMinimumWidth(LABEL_PX)
        self.box = QComboBox(self)
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
        """`choices` are (key, text). The chosen key stays chosen if it is among them."""
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
    """A check box with its label."""

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
