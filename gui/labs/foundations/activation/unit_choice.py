"""Which activation function is touched, and which are drawn beside it. Called by the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import get_args

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from engine.foundations.boards.activation.unit_chains import UnitFunctionName
from gui.plots.graphs.graph_parts import GraphTone
from gui.shell.language import say
from gui.widgets.forms.controls import ChoiceRow
from gui.widgets.labels import label

WORDS = "board_activation"
NAMES: tuple[UnitFunctionName, ...] = get_args(UnitFunctionName)
COLOURS: Mapping[UnitFunctionName, GraphTone] = {
    "step": 0,
    "sigmoid": 1,
    "tanh": 2,
    "relu": 3,
    "leaky_relu": "#8f6fe0",
    "gelu": "#a5783f",
    "identity": "text",
}


def function_title(name: str) -> str:
    """A function's name in the language in force."""
    return say(WORDS, f"function.{name}")


class UnitChoice(QWidget):
    """`chosen`: the touched function; `compared`: all that are drawn beside it, in their order."""

    chosen = Signal(str)
    compared = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.row = ChoiceRow([(name, name) for name in NAMES])
        self.row.chosen.connect(self.chosen)
        self._beside = label("muted")
        self.boxes = {name: QCheckBox() for name in NAMES}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        for number, (name, box) in enumerate(self.boxes.items()):
            box.toggled.connect(partial(self._toggled, name))
            grid.addWidget(box, number // 2, number % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.row)
        column.addWidget(self._beside)
        column.addLayout(grid)

    def show_choice(self, function: UnitFunctionName, compared: Sequence[UnitFunctionName]) -> None:
        """Show a choice without a signal."""
        self.row.set_value(function)
        self._compared = tuple(compared)
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name == function or name in compared)
            box.setEnabled(name != function)

    def _toggled(self, name: UnitFunctionName, on: bool) -> None:
        others = (each for each in self._compared if each != name)
        self.compared.emit((*others, name) if on else tuple(others))

    def retranslate(self) -> None:
        self.row.set_choices([(name, function_title(name)) for name in NAMES])
        self.row.set_label(self.tr("Function"), self.tr("The function that is touched at x"))
        self._beside.setText(self.tr("Drawn beside it"))
        for name, box in self.boxes.items():
            box.setText(function_title(name))
            box.setToolTip(say(WORDS, f"formula.{name}"))
