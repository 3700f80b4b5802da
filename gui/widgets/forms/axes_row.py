"""Rows for some numbers that can be linked: one for each axis, or one for each side.

Linked numbers are one row; a small chain at its end separates them. Called by the forms of layers.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from engine.fields import Field
from engine.layers.axes import AXIS_NAMES
from gui.shell.language import say
from gui.shell.theme import THEME, theme
from gui.widgets.forms.number_row import TAIL_PX, NumberRow

SPACING_PX = 4


class LinkButton(QAbstractButton):
    """A chain: two rings, joined while checked and separate while not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFixedSize(TAIL_PX, TAIL_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        THEME.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(TAIL_PX, TAIL_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        linked = self.isChecked()
        colour = now.accent if linked or self.underMouse() else now.muted
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.translate(QRectF(self.rect()).center())
        painter.rotate(-45)
        apart = 4.0 if linked else 5.0
        for centre in (-apart, apart):
            painter.drawRoundedRect(QRectF(centre - 4, -2.75, 8, 5.5), 2.75, 2.75)
        if linked:
            painter.drawLine(QLineF(QPointF(-2.5, 0), QPointF(2.5, 0)))


class LinkedRows(QWidget):
    """`count` numbers of one field. `value_changed` carries all of them as a tuple. Where linking makes them equal,
    `link_changed` comes first."""

    value_changed = Signal(object)
    link_changed = Signal(bool)

    def __init__(self, field: Field, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.rows = [NumberRow(field, parent=self)]
        self.link = LinkButton(self)  # after the first row, also for the Tab key
        self.rows += [NumberRow(field, parent=self) for _ in range(count - 1)]
        self._together = ""
        self._apart: tuple[str, ...] = ("",) * count
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        for number, row in enumerate(self.rows):
            if count > 1:
                row.set_tail(None if number else self.link)
            column.addWidget(row)
            row.value_changed.connect(self._first_changed if number == 0 else self._other_changed)
        self.link.toggled.connect(self._link_toggled)
        self.link.setVisible(count > 1)

    # --- what it holds

    @property
    def linked(self) -> bool:
        return self.link.isChecked()

    def set_linked(self, linked: bool) -> None:
        if linked == self.linked:
            return
        with QSignalBlocker(self.link):
            self.link.setChecked(linked)
        self.link.update()
        self._arrange()

    @property
    def value(self) -> tuple[int, ...]:
        """All numbers."""
        return tuple(int(row.value or 0) for row in self.rows)

    def set_value(self, value: int | Sequence[int]) -> None:
        for number, row in enumerate(self.rows):
            row.set_value(value if isinstance(value, int) else value[number])

    def set_reach(self, each: Sequence[tuple[int, int]], together: tuple[int, int]) -> None:
        """Set the range of each number while the others stay, and the range of all while they are linked."""
        for row, (low, high) in zip(self.rows, each, strict=True):
            row.set_range(*(together if self.linked else (low, high)))

    def set_labels(self, together: str, apart: Sequence[str], tip: str = "") -> None:
        """Set the label of the one row of linked numbers, and the labels of separate rows."""
        self._together, self._apart = together, tuple(apart)
        for row in self.rows:
            row.setToolTip(tip)
        self.link.setToolTip(say("axes", "linked"))
        self.link.setAccessibleName(f"{together}: {say('axes', 'linked')}")
        self._arrange()

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, of the linked row and of the separate rows."""
        return (self._together, *self._apart)

    # --- what the user does

    def _arrange(self) -> None:
        whole = self.linked or len(self.rows) == 1
        self.rows[0].set_label(self._together if whole else self._apart[0], self.rows[0].toolTip())
        for row, text in zip(self.rows[1:], self._apart[1:], strict=True):
            row.set_label(text, row.toolTip())
            row.setVisible(not whole)

    def _first_changed(self, value: object) -> None:
        self._moved(self.rows[0])

    def _other_changed(self, value: object) -> None:
        mover = next((row for row in self.rows[1:] if row.value == value), self.rows[0])
        self._moved(mover)

    def _moved(self, mover: NumberRow) -> None:
        if self.linked:
            for row in self.rows:
                row.set_value(mover.value)
        self.value_changed.emit(self.value)

    def _link_toggled(self, linked: bool) -> None:
        self._arrange()
        self.link_changed.emit(linked)
        if linked and len(set(self.value)) > 1:
            self._moved(self.rows[0])


class AxesRow(LinkedRows):
    """The numbers of a field that is declared as "one number, or one for each axis"."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, field.axes, parent)

    def set_label(self, text: str, tip: str = "") -> None:
        self.set_labels(text, [self._of(axis, text) for axis in AXIS_NAMES[self.field.axes]], tip)

    def _of(self, axis: str, text: str) -> str:
        code = f"{self.field.name}.axis"
        spoken = say("axes", code, axis=say("axes", axis))
        return f"{text}, {say('axes', axis)}" if spoken == code else spoken
