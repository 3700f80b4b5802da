"""The scores that go into a softmax: a slider and a box each, how many there are, and which of them is meant.

Called by the boards of activation functions and of losses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.fields import Field
from gui.widgets.forms.controls import ChoiceRow, align
from gui.widgets.forms.number_row import NumberRow

LEAST = 2  # scores
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def below(number: int) -> str:
    """A number as it stands below a letter."""
    return str(number).translate(_BELOW)


def numbered(letter: str, number: int) -> str:
    """x₁ is the first one, number 0."""
    return f"{letter}{below(number + 1)}"


class ScoreRows(QWidget):
    """Rows for at most `most` scores, written with `letter`; a score has the range of `field`. `scores_edited`: all scores
    anew; `one_chosen`: the number of the one that is meant."""

    scores_edited = Signal(tuple)
    one_chosen = Signal(int)

    def __init__(self, field: Field, most: int, letter: str) -> None:
        super().__init__()
        self._scores: tuple[float, ...] = ()
        self._most, self._letter = most, letter
        self.rows = [NumberRow(field) for _ in range(most)]
        self.more, self.fewer = QPushButton(), QPushButton()
        self.more.clicked.connect(self._add)
        self.fewer.clicked.connect(self._take_away)
        self.one = ChoiceRow()
        self.one.chosen.connect(lambda key: self.one_chosen.emit(int(key)))
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
        column.addWidget(self.one)

    def show_scores(self, scores: Sequence[float], one: int, *, chosen: bool, several: bool = True) -> None:
        """Show scores without a signal; with the choice of one of them if `chosen`; without `several` only the first one."""
        count = len(self._scores)
        self._scores = tuple(scores)
        for number, row in enumerate(self.rows):
            row.setVisible(number < (len(scores) if several else 1))
            if number < len(scores):
                row.set_value(scores[number])
        for button in (self.more, self.fewer):
            button.setVisible(several)
        self.more.setEnabled(len(scores) < self._most)
        self.fewer.setEnabled(len(scores) > LEAST)
        self.one.setVisible(chosen)
        if count != len(scores):
            self._name_one()
        self.one.set_value(str(one))

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

    def _name_one(self) -> None:
        self.one.set_choices([(str(number), numbered(self._letter, number)) for number in range(len(self._scores))])

    def write(self, one: str, tip: str) -> None:
        """Write all texts in the language in force; `one` names the choice."""
        for number, row in enumerate(self.rows):
            row.set_label(numbered(self._letter, number), self.tr("Score of class {number}").format(number=number + 1))
        self.more.setText(self.tr("Add a class"))
        self.fewer.setText(self.tr("Remove the last"))
        self.one.set_label(one, tip)
        self._name_one()
        align([row.head for row in self.rows] + [self.one.head])
