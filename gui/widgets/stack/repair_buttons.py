"""The buttons for the repairs of a stack's rows, below the sentence of a problem or hint. Called by `StackView`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from engine.networks.trace import Path
from gui.widgets.stack.stack_painting import BUTTON_GAP_PX, BUTTON_PX
from gui.widgets.stack.stack_rows import StackRow

LEAST_BUTTON_PX = 60  # of a button, however narrow the stack is


class RepairButtons(QObject):
    """`show_rows` makes the buttons, `height` and `place` arrange those of one row. A button is kept as long as its repair, and
    the focus with it."""

    repaired = Signal(object, str)  # Path of the row, key of the repair

    def __init__(self, viewport: QWidget, stack: QWidget) -> None:
        """The buttons are children of `viewport`. `stack` gets the focus of a button that is deleted."""
        super().__init__(stack)
        self._viewport, self._stack = viewport, stack
        self._buttons: dict[tuple[Path, str], QPushButton] = {}

    def button(self, path: Path, key: str) -> QPushButton:
        return self._buttons[path, key]

    def show_rows(self, rows: Sequence[StackRow]) -> None:
        wanted = {(row.path, key): text for row in rows if row.said for key, text in row.repairs}
        for gone in self._buttons.keys() - wanted.keys():
            self._delete(self._buttons.pop(gone))
        for place, text in wanted.items():
            if place not in self._buttons:
                self._buttons[place] = self._made(place)
            button = self._buttons[place]
            if button.accessibleName() != text:
                button.setAccessibleName(text)
                button.setText(text)

    def height(self, row: StackRow, room: int) -> int:
        """The height of a row's buttons in a width of `room`, with a gap below."""
        return len(self._lines(row, room)) * (BUTTON_PX + BUTTON_GAP_PX)

    def place(self, row: StackRow, left: int, top: int, room: int) -> None:
        """Arrange the buttons of a row in a width of `room`, from (left, top) of the viewport on."""
        for number, line in enumerate(self._lines(row, room)):
            x, y = left, top + number * (BUTTON_PX + BUTTON_GAP_PX)
            for button in line:
                button.move(x, y)
                x += button.width() + BUTTON_GAP_PX

    def _lines(self, row: StackRow, room: int) -> list[list[QPushButton]]:
        """A row's buttons, sized, as many in each line as fit."""
        lines: list[list[QPushButton]] = []
        used = 0
        for key, _ in row.repairs if row.said else ():
            button = self._buttons[row.path, key]
            _fit(button, max(room, LEAST_BUTTON_PX))
            if lines and used + BUTTON_GAP_PX + button.width() <= room:
                lines[-1].append(button)
                used += BUTTON_GAP_PX + button.width()
            else:
                lines.append([button])
                used = button.width()
        return lines

    def _made(self, place: tuple[Path, str]) -> QPushButton:
        button = QPushButton(self._viewport)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setProperty("repair", place)
        button.clicked.connect(self._clicked)
        button.show()
        return button

    def _delete(self, button: QPushButton) -> None:
        if button.hasFocus():
            self._stack.setFocus()
        button.hide()
        button.deleteLater()

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        for (path, key), button in self._buttons.items():
            if button is sender:
                self.repaired.emit(path, key)
                return


def _fit(button: QPushButton, most: int) -> None:
    """Make a button as wide as its text, at most `most`. A text that is too long is elided, and in full in the tooltip."""
    text = button.accessibleName()
    button.setText(text)
    wanted = button.sizeHint().width()
    if wanted > most:
        measure = button.fontMetrics()
        button.setText(measure.elidedText(text, Qt.TextElideMode.ElideRight, most - (wanted - measure.horizontalAdvance(text))))
    button.setToolTip(text if wanted > most else "")
    button.resize(min(wanted, most), BUTTON_PX)
