"""The scores that go into a softmax: a slider and a box each, and how many there are. Called by the board."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.fields import Field
from gui.labs.foundations.activation.state import LEAST_CLASSES, MOST_CLASSES
from gui.widgets.forms.controls import ChoiceRow, align
from gui.widgets.forms.number_row import NumberRow

_SCORE = Field(name="score", kind="number", default=0.0, low=-1e4, high=1e4, slider=(-10.0, 10.0), step=0.1)
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def numbered(letter: str, number: int) -> str:
    """x₁ is the first one, number 0."""
    return f"{letter}{str(number + 1).translate(_BELOW)}"


class ScoreRows(QWidget):
    """`scores_edited`: all scores anew; `moved_chosen`: the number of the one whose curve is drawn."""

    scores_edited = Signal(tuple)
    moved_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._scores: tuple[float, ...] = ()
        self.rows = [NumberRow(_SCORE) for _ in range(MOST_CLASSES)]
        self.more, self.fewer = QPushButton(), QPushButton()
        self.more.clicked.connect(self._add)
        self.fewer.clicked.connect(self._take_away)
        self.moved = ChoiceRow()
        self.moved.chosen.connect(lambda key: self.moved_chosen.emit(int(key)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for number, row in enumerate(self.rows):
            row.value_changed.connect(partial(self._changed, number))
            column.addWidget(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.more)
        buttons.addWidget(self.fewer)
        column.addLayout(buttons)
        column.addWidget(self.moved)

    def show_scores(self, scores: Sequence[float], moved: int, *, chosen: bool) -> None:
        """Show scores without a signal; with the choice of the moved one if `chosen`."""
        count = len(self._scores)
        self._scores = tuple(scores)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(scores))
            if number < len(scores):
                row.set_value(scores[number])
        self.more.setEnabled(len(scores) < MOST_CLASSES)
        self.fewer.setEnabled(len(scores) > LEAST_CLASSES)
        self.moved.setVisible(chosen)
        if count != len(scores):
            self._name_moved()
        self.moved.set_value(str(moved))

    def _changed(self, number: int, value: float) -> None:
        changed = list(self._scores)
        changed[number] = float(value)
        self.scores_edited.emit(tuple(changed))

    @Slot()
    def _add(self) -> None:
        self.scores_edited.emit((*self._scores, 0.0))

    @Slot()
    def _take_away(self) -> None:
        self.scores_edited.emit(self._scores[:-1])

    def _name_moved(self) -> None:
        self.moved.set_choices([(str(number), numbered("x", number)) for number in range(len(self._scores))])

    def retranslate(self) -> None:
        for number, row in enumerate(self.rows):
            row.set_label(numbered("x", number), self.tr("Score of class {number}").format(number=number + 1))
        self.more.setText(self.tr("Add a class"))
        self.fewer.setText(self.tr("Remove the last"))
        self.moved.set_label(self.tr("Moved score"), self.tr("The score along the axis of the curves"))
        self._name_moved()
        align([row.head for row in self.rows] + [self.moved.head])
