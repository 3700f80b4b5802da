"""The settings of a task's data: the sliders that its row of `TASKS` names, its choices, and an own file. No torch.

Called by the sequence lab's panel.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from engine.data.info import Data, DataInfo
from engine.fields import edited, fields
from engine.sequences.tasks import SequenceTask, TaskSlider
from engine.words import printable
from gui.shell.language import language, say
from gui.widgets.forms.controls import BOX_HEIGHT_PX, ChoiceRow
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, shortened

WORDS = "fields_training"
CHOICES = ("wave", "reversed")  # options of data that are no numbers
TEXTS = "*.txt *.md *.csv *.tsv"


class TaskRows(QWidget):
    """`show_data` shows what is set; `edited` carries the whole new Data, which is not yet known to be had."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = Data()
        self._task: SequenceTask | None = None
        self._info: DataInfo | None = None
        self._numbers: dict[TaskSlider, NumberRow] = {}  # each that has been shown
        self._choices = {name: ChoiceRow([(each, "") for each in fields(Data)[name].choices]) for name in CHOICES}
        self.file = QToolButton()
        self.file.setProperty("role", "link")
        self.usual = QToolButton()
        self.usual.setProperty("role", "link")
        self.file_name = label("muted")
        self.column = QLineEdit()
        self.column.setFixedHeight(BOX_HEIGHT_PX)
        self.column.setMaxLength(200)
        self.column_label = label("")
        self.notes = label("muted", wraps=True)
        self._file_row, self._column_row = QWidget(), QWidget()
        line = QHBoxLayout(self._file_row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.file_name, 1)
        line.addWidget(self.usual)
        line.addWidget(self.file)
        line = QHBoxLayout(self._column_row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.column_label)
        line.addWidget(self.column, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self._file_row)
        self._column.addWidget(self._column_row)
        for name, row in self._choices.items():
            self._column.addWidget(row)
            row.chosen.connect(lambda value, name=name: self._set(**{name: value}))
        self._column.addWidget(self.notes)
        self.file.clicked.connect(self.ask_for_file)
        self.usual.clicked.connect(lambda: self._set(path=None, column=None, length=None, samples=None))
        self.column.editingFinished.connect(self._column_typed)
        self.retranslate()

    def show_data(self, data: Data, info: DataInfo | None, task: SequenceTask | None) -> None:
        """Show what is set; nothing is emitted. `info` gives the values that None stands for."""
        self._data, self._task = data, task
        shown = () if task is None else task.sliders
        for slider in shown:
            if slider not in self._numbers:
                self._numbers[slider] = row = self._row(slider)
                self._column.insertWidget(self._column.count() - 1 - len(CHOICES), row)
        for slider, row in self._numbers.items():
            row.setVisible(slider in shown)
            value = getattr(data, slider.name)
            if value is None and info is not None:
                value = getattr(info, slider.name)
            if slider in shown and value is not None:
                row.set_value(value)
        for name, choice in self._choices.items():
            offered = info is not None and name in info.options
            choice.setVisible(offered)
            if offered:
                choice.set_value(getattr(data, name) or getattr(info, name) or "")
        own = task is not None and task.own_file
        self._file_row.setVisible(own)
        self.usual.setVisible(own and data.path is not None)
        self._column_row.setVisible(own and "column" in (() if info is None else info.options) and data.path is not None)
        if not self.column.hasFocus():
            self.column.setText(data.column or "")
        self._write_file()
        self._info = info
        self._write_reading()

    def heads(self) -> list[QWidget]:
        """The labels of its rows, to be aligned with all others."""
        shown = () if self._task is None else self._task.sliders
        numbers = [self._numbers[slider].head for slider in shown if slider in self._numbers]
        return [*numbers, *(choice.head for choice in self._choices.values())]

    def row(self, name: str) -> NumberRow:
        """The row of a setting that the shown task has."""
        assert self._task is not None
        return next(self._numbers[slider] for slider in self._task.sliders if slider.name == name)

    def _row(self, slider: TaskSlider) -> NumberRow:
        field = msgspec.structs.replace(
            fields(Data)[slider.name],
            optional=False,
            slider=(slider.low, slider.high),
            scale=slider.scale,
            step=slider.step,
        )
        row = NumberRow(field, say(WORDS, slider.name))
        self._name(slider, row)
        row.value_changed.connect(lambda value: self._set(**{slider.name: value}))
        return row

    def _name(self, slider: TaskSlider, row: NumberRow) -> None:
        words = self.tr("Length T") if slider.name == "length" else say(WORDS, slider.name)
        row.set_label(words, say(WORDS, f"{slider.name}.help"))

    def _set(self, **changes: object) -> None:
        self._data = edited(self._data, **changes)
        self.edited.emit(self._data)

    def _column_typed(self) -> None:
        name = " ".join(self.column.text().split()) or None
        if name != self._data.column:
            self._set(column=name)

    def ask_for_file(self) -> None:
        """Let the user choose a file of his own."""
        assert self._task is not None
        titles = {"text": self.tr("Open a text"), "series": self.tr("Open a series")}
        kinds = self.tr("Texts and tables ({patterns})").format(patterns=TEXTS)
        every = self.tr("All files (*)")
        title = titles.get(self._task.name, titles["text"])
        path, _ = QFileDialog.getOpenFileName(self, title, self._data.path or "", f"{kinds};;{every}")
        if path:
            self.open_file(path)

    def open_file(self, path: str) -> None:
        """Take the data from that file, as long as they are there, and let the file say how many."""
        self._set(path=path, column=None, length=None, samples=None)

    def _write_reading(self) -> None:
        """What was found in the file and what was done to it; and in the empty box the column that is taken."""
        info = self._info
        notes = () if info is None else tuple(note for note in (info.reading, *info.notes) if note is not None)
        self.notes.setText("\n".join(note.say(language()) for note in notes))
        self.notes.setVisible(bool(notes))
        if info is None or info.scale is None:
            self.column.setPlaceholderText(self.tr("the first one of numbers", "column of a table"))
        else:
            found = self.tr("{column} (found by itself)", "column of a table")
            self.column.setPlaceholderText(found.format(column=printable(info.scale.name)))

    def _write_file(self) -> None:
        path = self._data.path
        usual = say("datasets", f"{self._data.name}.usual") if self._task is not None and self._task.own_file else ""
        self.file_name.setText(usual if path is None else shortened(printable(Path(path).name), 22))
        self.file_name.setToolTip("" if path is None else printable(path))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.file.setText(self.tr("Open..."))
        self.file.setToolTip(say(WORDS, "path.help"))
        self.file.setAccessibleName(self.tr("Open a file of your own"))
        self.usual.setText("×")
        self.usual.setToolTip(self.tr("Take what comes along again"))
        self.usual.setAccessibleName(self.usual.toolTip())
        self.column_label.setText(say(WORDS, "column"))
        self.column.setAccessibleName(say(WORDS, "column"))
        self.column.setToolTip(say(WORDS, "column.help"))
        self._write_reading()
        for slider, row in self._numbers.items():
            self._name(slider, row)
        for name, choice in self._choices.items():
            choice.set_label(say(WORDS, name), say(WORDS, f"{name}.help"))
            choice.set_choices([(each, say("choices", each)) for each in fields(Data)[name].choices])
        self._write_file()
