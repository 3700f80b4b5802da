"""A table of the user's own: its columns with what stands in them, which of them are read, which one is to be answered and as
what, and its first rows.

Called by the view of the data.
"""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from engine.data.info import Data
from engine.data.own.tables.table_found import ColumnFound, TableFound
from engine.fields import edited
from engine.figures import UNKNOWN, full_count
from engine.words import printable
from gui.labs.training.data.column_table import UNUSABLE, ColumnTable
from gui.labs.training.data.samples.row_samples import TextTable
from gui.shell.language import say
from gui.widgets.card import Card
from gui.widgets.forms.controls import ChoiceRow, align
from gui.widgets.labels import label

USUAL = ""
WORDS = "fields_training"


class TableCard(Card):
    """`show_table` shows one; `edited` carries the whole new Data."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._found: TableFound | None = None
        self._preview: tuple[tuple[str | None, ...], ...] = ()
        self.target, self.task = ChoiceRow(), ChoiceRow()
        self.table, self.preview = ColumnTable(), TextTable()
        self.columns_head, self.preview_head = label("title"), label("title")
        for part in (self.target, self.task, self.columns_head, self.table, self.preview_head, self.preview):
            self.body.addWidget(part)
        self.target.chosen.connect(self._target_chosen)
        self.task.chosen.connect(lambda key: self._set(task=key or None))
        self.table.columns.toggled.connect(self._toggled)
        self.retranslate()

    def show_table(self, found: TableFound | None, preview: tuple[tuple[str | None, ...], ...]) -> None:
        """Show what was found, and the first rows of cells, None where a value is missing."""
        self._found, self._preview = found, preview
        self.setVisible(found is not None)
        self.retranslate()

    # --- what the user does

    def _set(self, **changes: object) -> None:
        assert self._found is not None
        self.edited.emit(edited(self._found.data, **changes))

    def _named(self, column: ColumnFound) -> str | int:
        """A column as an experiment names it: by its name, or by its number where others have that name."""
        assert self._found is not None
        names = Counter(each.name.casefold() for each in self._found.columns)
        alone = names[column.name.casefold()] == 1 and not column.name.isdecimal()
        return column.name if alone else column.number

    def _target_chosen(self, key: str) -> None:
        assert self._found is not None
        if key == USUAL:
            self._set(target=None, task=None)
            return
        chosen = self._found.columns[int(key) - 1]
        data = edited(self._found.data, target=self._named(chosen), task=None)
        if data.columns is not None:  # it is not learned from as well
            left = tuple(name for name in data.columns if name not in (chosen.name, chosen.number))
            data = edited(data, columns=left or None)
        self.edited.emit(data)

    def _toggled(self, number: int, read: bool) -> None:
        assert self._found is not None
        shown = [column for column in self._found.columns if column.role == "input" or (read and column.number == number)]
        kept = tuple(self._named(column) for column in shown if read or column.number != number)
        if kept:
            self._set(columns=kept)
        else:
            self.retranslate()  # at least one is read

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        found = self._found
        self.columns_head.setText(self.tr("Columns: those with a mark are read"))
        self.table.columns.retranslate()
        self.table.setAccessibleName(self.tr("Columns of the table"))
        self.preview.setAccessibleName(self.tr("First rows of the table"))
        self.preview_head.setText(self.tr("First rows"))
        self.target.set_label(say(WORDS, "target"), say(WORDS, "target.help"))
        self.task.set_label(say(WORDS, "task"), say(WORDS, "task.help"))
        if found is None:
            return
        text = self.tr("Table: {rows} rows, {columns} columns")
        self.set_title(text.format(rows=full_count(found.rows), columns=full_count(len(found.columns))))
        target = found.target
        usual = self.tr("what is usually meant")
        if target is not None and found.data.target is None:
            usual = self.tr("{name} (usual)").format(name=printable(target.name))
        offered = [column for column in found.columns if column.kind not in UNUSABLE]
        self.target.set_choices([(USUAL, usual), *((str(each.number), printable(each.name)) for each in offered)])
        self.target.set_value(USUAL if found.data.target is None else self._key(found.data))
        kinds = {"classification": self.tr("classes"), "regression": self.tr("a number")}
        usual = self.tr("what suits it")
        if found.info is not None and found.data.task is None:
            usual = self.tr("{kind} (suits it)").format(kind=kinds[found.info.task])
        self.task.set_choices([(USUAL, usual), *kinds.items()])
        self.task.set_value(found.data.task or USUAL)
        align((self.target.head, self.task.head))
        self.table.show_columns(found.columns)
        heads = tuple(printable(column.name) for column in found.columns)
        rows = tuple(tuple(UNKNOWN if cell is None else printable(cell) for cell in row) for row in self._preview)
        self.preview.show_texts(heads, rows, None if target is None else target.number - 1)

    def _key(self, data: Data) -> str:
        assert self._found is not None
        wanted = data.target
        for column in self._found.columns:
            if column.role == "target" or wanted in (column.name, column.number):
                return str(column.number)
        return USUAL
