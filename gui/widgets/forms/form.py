"""A form made from the declarations of a struct: one row for each field, with the field's kind, range and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QAbstractButton, QLabel, QVBoxLayout, QWidget

from engine.fields import Field, edited, fields
from gui.shell.language import say
from gui.widgets.forms.axes_row import AxesRow
from gui.widgets.forms.controls import ChoiceRow, ToggleRow, align, mark
from gui.widgets.forms.number_row import NumberRow

FormRow = NumberRow | AxesRow | ChoiceRow | ToggleRow


class Form(QWidget):
    """Rows for some fields of one kind of struct. `edited` carries the whole new value, validated. An invalid value is not
    emitted; `refused` then says why in words."""

    edited = Signal(object)
    refused = Signal(str)

    def __init__(
        self, kind: type[msgspec.Struct], names: Sequence[str] = (), *, words: str = "fields", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        declared = fields(kind)
        self._words = words
        self._value: msgspec.Struct | None = None
        self._rows: dict[str, FormRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for name in names or tuple(declared):
            row = _row_for(declared[name], self)
            if row is None:
                continue
            self._rows[name] = row
            column.addWidget(row)
            changed = row.chosen if isinstance(row, ChoiceRow) else row.value_changed
            changed.connect(lambda value, name=name: self._changed(name, None if value == "" else value))
        self.retranslate()

    def row(self, name: str) -> FormRow:
        return self._rows[name]

    def number(self, name: str) -> NumberRow:
        """The row of a field with one number."""
        row = self._rows[name]
        assert isinstance(row, NumberRow)
        return row

    def heads(self) -> list[QWidget]:
        """The label widgets of the sliders and lists."""
        return [head for row in self._rows.values() for head in _heads(row)]

    def labels(self) -> list[str]:
        """The texts of these labels."""
        return [head.text() for head in self.heads() if isinstance(head, QLabel | QAbstractButton)]

    def show_value(self, value: msgspec.Struct) -> None:
        """Show a struct without emitting a signal."""
        self._value = value
        for name, row in self._rows.items():
            now: Any = getattr(value, name)
            if isinstance(row, ChoiceRow):
                row.set_value(now or "")
            else:
                row.set_value(now)

    def mark(self, wrong: str) -> None:
        """Show only the row of the field `wrong` in amber."""
        for name, row in self._rows.items():
            mark(row, name == wrong)

    def set_row_visible(self, name: str, visible: bool) -> None:
        self._rows[name].setVisible(visible)

    def _changed(self, name: str, value: object) -> None:
        if self._value is None:
            return
        try:
            self._value = edited(self._value, **{name: value})
        except msgspec.ValidationError as error:
            self.refused.emit(str(error))
            self.show_value(self._value)
            return
        self.edited.emit(self._value)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        for name, row in self._rows.items():
            tip = say(self._words, f"{name}.help")
            row.set_label(say(self._words, name), "" if tip == f"{name}.help" else tip)
            if isinstance(row, ChoiceRow):
                choices = [str(row.box.itemData(i)) for i in range(row.box.count())]
                row.set_choices([(key, say("choices", key or "auto")) for key in choices])
        align(self.heads())


def _row_for(field: Field, form: QWidget) -> FormRow | None:
    """The row for a field; None for a field that a form cannot show (a list of layers)."""
    if field.axes:
        return AxesRow(field, form)
    if field.kind in ("integer", "number"):
        return NumberRow(field, parent=form)
    if field.kind == "boolean":
        return ToggleRow(parent=form)
    if field.kind == "choice":
        automatic = [("", "")] if field.optional else []
        return ChoiceRow([*automatic, *((choice, choice) for choice in field.choices)], parent=form)
    return None


def _heads(row: FormRow) -> list[QWidget]:
    """The label widgets of a row."""
    if isinstance(row, AxesRow):
        return [each.head for each in row.rows]
    return [] if isinstance(row, ToggleRow) else [row.head]
