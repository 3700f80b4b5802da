"""A form made from the declarations of a struct: one row for each field, with the field's kind, range and words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

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
    emitted; `refused` then says why in words. With `later` the form begins without rows: `show_rows` makes each when it is
    first shown."""

    edited = Signal(object)
    refused = Signal(str)

    def __init__(
        self,
        kind: type[msgspec.Struct],
        names: Sequence[str] = (),
        *,
        words: str = "fields",
        later: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        declared = fields(kind)
        self._fields = {name: declared[name] for name in names or declared if _has_row(declared[name])}
        self._words = words
        self._value: msgspec.Struct | None = None
        self._rows: dict[str, FormRow] = {}  # in the order of the fields
        self._aligned: Collection[str] = () if later else tuple(self._fields)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        if not later:
            for name in self._fields:
                self._make(name)
            self.retranslate()

    def _make(self, name: str) -> FormRow:
        row = _row_for(self._fields[name], self)
        made = {**self._rows, name: row}
        self._rows = {each: made[each] for each in self._fields if each in made}
        self._column.insertWidget(list(self._rows).index(name), row)
        changed = row.chosen if isinstance(row, ChoiceRow) else row.value_changed
        changed.connect(lambda value: self._changed(name, None if value == "" else value))
        return row

    def row(self, name: str) -> FormRow:
        """The row of a field; made, and not shown, if it has not been shown yet."""
        if name not in self._rows:
            row = self._make(name)
            row.hide()
            self._write(name)
            self._show(name)
        return self._rows[name]

    def number(self, name: str) -> NumberRow:
        """The row of a field with one number."""
        row = self.row(name)
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
        for name in self._rows:
            self._show(name)

    def _show(self, name: str) -> None:
        row, now = self._rows[name], cast("Any", getattr(self._value, name, None))
        if self._value is None:
            return
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

    def show_rows(self, names: Collection[str]) -> None:
        """Show the rows of these fields and no others."""
        for name in self._fields:
            if name in names:
                self.row(name).show()
            elif name in self._rows:
                self._rows[name].hide()
        self._aligned = names
        self._align()

    def set_row_enabled(self, name: str, enabled: bool) -> None:
        """Leave a row alone, if it has been shown, or not."""
        if name in self._rows:
            self._rows[name].setEnabled(enabled)

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
        for name in self._rows:
            self._write(name)
        self._align()

    def _align(self) -> None:
        align(head for name, row in self._rows.items() if name in self._aligned for head in _heads(row))

    def _write(self, name: str) -> None:
        row, tip = self._rows[name], say(self._words, f"{name}.help")
        row.set_label(say(self._words, name), "" if tip == f"{name}.help" else tip)
        if isinstance(row, ChoiceRow):
            choices = [str(row.box.itemData(i)) for i in range(row.box.count())]
            row.set_choices([(key, say("choices", key or "auto")) for key in choices])


def _has_row(field: Field) -> bool:
    """Not a list of layers, for one."""
    return bool(field.axes) or field.kind in ("integer", "number", "boolean", "choice")


def _row_for(field: Field, form: QWidget) -> FormRow:
    if field.axes:
        return AxesRow(field, form)
    if field.kind == "boolean":
        return ToggleRow(parent=form)
    if field.kind == "choice":
        automatic = [("", "")] if field.optional else []
        return ChoiceRow([*automatic, *((choice, choice) for choice in field.choices)], parent=form)
    return NumberRow(field, parent=form)


def _heads(row: FormRow) -> list[QWidget]:
    """The label widgets of a row."""
    if isinstance(row, AxesRow):
        return [each.head for each in row.rows]
    return [] if isinstance(row, ToggleRow) else [row.head]
