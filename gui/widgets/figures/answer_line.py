"""The answer line: the main numbers of a lab in large figures, each with a small grey name. Called by the labs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.shell import theme
from gui.widgets.labels import set_text


class AnswerLine(QFrame):
    """`set_cells` shows cells of (key, title, value, note). Cells are kept as long as their keys, so that nothing jumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._cells: dict[str, tuple[QLabel, QLabel, QLabel]] = {}

    def set_cells(self, cells: Sequence[tuple[str, str, str, str]]) -> None:
        if list(self._cells) != [key for key, *_ in cells]:
            self._rebuild([key for key, *_ in cells])
        for key, title, value, note in cells:
            labels = self._cells[key]
            for label, text in zip(labels, (title, value, note), strict=True):
                set_text(label, text)
            labels[1].setAccessibleName(f"{title} {value}")

    def set_tip(self, key: str, tip: str) -> None:
        """Set the tooltip of a cell: what its number means."""
        for label in self._cells[key]:
            label.setToolTip(tip)

    def value(self, key: str) -> str:
        """The number that a cell shows."""
        return self._cells[key][1].text()

    def _rebuild(self, keys: list[str]) -> None:
        while self._row.count():
            item = self._row.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()  # it goes in a later turn of events, and others are painted before
                old.deleteLater()
        self._cells = {}
        for number, key in enumerate(keys):
            if number:
                line = QFrame()
                line.setProperty("role", "column")
                self._row.addWidget(line)
            self._row.addWidget(self._cell(key), 3 if number == 0 else 2)

    def _cell(self, key: str) -> QWidget:
        title, value, note = QLabel(), QLabel(), QLabel()
        title.setProperty("role", "title")
        value.setProperty("role", "answer")
        value.setFont(theme.font(22))
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        note.setProperty("role", "muted")
        self._cells[key] = (title, value, note)
        figures = QHBoxLayout()
        figures.setSpacing(8)
        figures.addWidget(value)
        figures.addWidget(note, 0, Qt.AlignmentFlag.AlignBottom)
        figures.addStretch(1)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(16, 8, 12, 8)
        column.setSpacing(0)
        column.addWidget(title)
        column.addLayout(figures)
        return cell
