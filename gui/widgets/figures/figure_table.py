"""A few figures in rows and columns, with grey headings: for what is read, not chosen. Called by pages of results."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui.widgets.labels import label, set_text

MOST_COLUMNS = 20  # behind them is what is left of the room


class FigureTable(QWidget):
    """`set_rows` shows texts: the first row and the first column are headings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: dict[tuple[int, int], QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(MOST_COLUMNS, 1)

    def set_rows(self, rows: Sequence[Sequence[str]], tips: Sequence[str] = ()) -> None:
        """`tips` explain the rows, the row of headings included."""
        shown = set()
        self._grid.setEnabled(False)  # every cell that is shown would lay out the whole page anew
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                cell = self._cell(row, column)
                set_text(cell, text)
                cell.setToolTip(tips[row] if row < len(tips) else "")
                cell.setVisible(bool(text))
                shown.add((row, column))
        for place, cell in self._cells.items():
            if place not in shown:
                cell.hide()
        self._grid.setEnabled(True)
        self._grid.invalidate()
        self._grid.activate()
        self.setAccessibleDescription("; ".join(" ".join(text for text in texts if text) for texts in rows))

    def text(self, row: int, column: int) -> str:
        return self._cells[row, column].text()

    def texts(self) -> list[list[str]]:
        """What is shown, row by row."""
        rows = sorted({row for row, _ in self._cells})
        return [
            [cell.text() for (row, _), cell in sorted(self._cells.items()) if row == wanted and not cell.isHidden()]
            for wanted in rows
        ]

    def _cell(self, row: int, column: int) -> QLabel:
        if (row, column) not in self._cells:
            heading = row == 0 or column == 0
            made = self._cells[row, column] = label("muted" if heading else "worked")
            across = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            made.setAlignment(across | Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(made, row, column)
        return self._cells[row, column]
