"""A row for "one number, or one per axis": a slider for each axis, moved together while linked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.fields import Field
from engine.layers.axes import NAMES
from gui.shell.language import say
from gui.widgets.controls import NumberRow


class AxesRow(QWidget):
    """One number for each axis, moved together while linked."""

    value_changed = Signal(object)
    link_changed = Signal(bool)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.rows = [NumberRow(field) for _ in range(field.axes)]
        self.link = QPushButton()
        self.link.setCheckable(True)
        self.link.setProperty("role", "link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for axis, row in enumerate(self.rows):
            column.addWidget(row)
            row.value_changed.connect(self._first_changed if axis == 0 else self._other_changed)
        self.link.toggled.connect(self._link_toggled)
        self.link.setVisible(field.axes > 1)
        column.addWidget(self.link)

    @property
    def linked(self) -> bool:
        return self.link.isChecked()

    def set_linked(self, linked: bool) -> None:
        with QSignalBlocker(self.link):
            self.link.setChecked(linked)

    @property
    def value(self) -> tuple[int, ...]:
        return tuple(int(row.value or 0) for row in self.rows)

    def set_value(self, value: int | Sequence[int]) -> None:
        for axis, row in enumerate(self.rows):
            row.set_value(value if isinstance(value, int) else value[axis])

    def set_label(self, text: str, tip: str = "") -> None:
        for axis, row in zip(NAMES[self.field.axes], self.rows, strict=True):
            code = f"{self.field.name}.axis"
            spoken = say("axes", code, axis=say("axes", axis))
            row.set_label(text if len(self.rows) == 1 else spoken if spoken != code else f"{text}, {say('axes', axis)}", tip)
        self.link.setText(say("axes", "linked"))

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
        self.link_changed.emit(linked)
        if linked and len(set(self.value)) > 1:
            self._moved(self.rows[0])
