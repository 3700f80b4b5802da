"""The small field that opens over a cell of a grid to type a number into it. Called by `grid_editing`.

It hides how such a field behaves: Enter takes the number, Escape leaves without it, Tab takes it and goes on to the next cell,
and losing the focus takes it. A text that is no number keeps the field open, with a sentence that says what is expected.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.figures import full_count
from engine.typed_numbers import TypedError, read_number
from gui.shell.language import language
from gui.shell.theme import font, set_role
from gui.widgets.forms.box_note import BoxNote, living

LEAST_FIELD_PX = 58  # room for a few digits even over a small cell
_PASSING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)  # the focus comes back by itself


def written(value: float) -> str:
    """The shortest text that is read back as `value`, or as its float32 where `value` is one."""
    short = np.float32(value)
    text = str(short) if float(short) == value else repr(value)
    return text.removesuffix(".0")


class CellEditor(QLineEdit):
    """One field for all cells of a grid. `cover` moves it."""

    taken = Signal(float)
    left = Signal(bool)  # the field closes; whether it had the focus
    passed_on = Signal(int)  # Tab: open the next cell (1) or the one before (-1)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._limit = 0.0
        self._open = False
        self._note: BoxNote | None = None
        self.hide()
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setProperty("role", "cell")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the usual menu would be larger than the grid
        self.setFont(font(12))
        self.textEdited.connect(self._forgive)
        self.returnPressed.connect(self._entered)

    def open(self, place: QRect, text: str, limit: float, *, select: bool) -> None:
        """Show the field over `place` in the parent. It takes numbers between −`limit` and `limit`."""
        self._limit = limit
        self._forgive()
        self.setText(text)
        self.cover(place)
        self._open = True
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if select:
            self.selectAll()
        else:
            self.end(False)

    def cover(self, place: QRect) -> None:
        """Move over `place`, wider than a small place, and inside the parent."""
        parent = self.parentWidget()
        assert parent is not None
        high = max(place.height() + 1, round(QFontMetricsF(self.font()).height()) + 4)
        wide = max(place.width() + 1, LEAST_FIELD_PX)
        left = place.center().x() - wide // 2
        top = place.center().y() - high // 2
        left = max(0, min(left, parent.width() - wide))
        top = max(0, min(top, parent.height() - high))
        self.setGeometry(left, top, wide, high)

    @property
    def number(self) -> float | None:
        """The number in the field; None where the text is no number in range."""
        try:
            value = read_number(self.text())
        except TypedError:
            return None
        return float(value) if abs(value) <= self._limit else None

    def expected(self) -> str:
        """What the field takes; or what its text could mean, where that is two numbers."""
        try:
            read_number(self.text())
        except TypedError as error:
            if error.code == "two_ways":
                return error.message(language())
        limit = full_count(round(self._limit))
        return self.tr("A number from −{limit} to {limit}, such as −0.5 or 1/9").format(limit=limit)

    def _entered(self) -> None:
        if self.take():
            self.close_up()

    def take(self) -> bool:
        """Emit the number. Returns False for a text that is no number: the field then says what is expected."""
        value = self.number
        if value is None:
            set_role(self, "cell_wrong")
            self._note = living(self._note) or BoxNote(self)
            self._note.say(self.expected())
            return False
        self.taken.emit(value)
        return True

    def close_up(self) -> None:
        """Close the field without taking its number."""
        if self._open:
            self._open = False
            self._forgive()
            self.left.emit(self.hasFocus())  # before hiding, at which Qt gives the focus to the next widget
            self.hide()

    def _forgive(self) -> None:
        if self.property("role") != "cell":
            set_role(self, "cell")
        if (note := living(self._note)) is not None:
            note.withdraw()

    # --- what Qt calls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_up()
            return
        super().keyPressEvent(event)
        event.accept()  # the grid must not get the keys that the field ignores

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  (Qt's name)
        if not self._open:
            return super().focusNextPrevChild(next)
        if self.take():
            self.passed_on.emit(1 if next else -1)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in _PASSING or not self._open:
            return
        if self.number is not None:
            self.take()
        self.close_up()
