"""The board of backpropagation: a graph of values and gradients, and gradients that are checked by differences."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.backpropagation.checks.check_page import LayersCheckPage, NetworkCheckPage
from gui.labs.foundations.backpropagation.graph.graph_page import GraphPage
from gui.labs.foundations.backpropagation.graph.leaf_rows import LeafRows
from gui.labs.foundations.backpropagation.state import BOOKS, LINKS, BackpropagationState
from gui.labs.foundations.topic_board import TopicBoard


class BackpropagationBoard(TopicBoard[BackpropagationState]):
    name = "backpropagation"
    state_type = BackpropagationState
    BOOKS = BOOKS
    LINKS = LINKS
    PAGES = {"graph": GraphPage, "layers": LayersCheckPage, "network": NetworkCheckPage}  # noqa: RUF012  (as in the base)
    TOPIC_FIELDS = {  # noqa: RUF012
        "graph": (),
        "layers": ("check_step", "precision", "at_kinks", "new_masks", "check_seed"),
        "network": ("check_step", "hidden", "hidden_activation", "samples", "in_logarithm", "check_seed"),
    }
    FORM = (
        "check_step",
        "precision",
        "at_kinks",
        "new_masks",
        "hidden",
        "hidden_activation",
        "samples",
        "in_logarithm",
        "check_seed",
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        self.leaves = LeafRows()
        super().__init__(parent)
        self.leaves.value_edited.connect(self._value_edited)

    def controls(self) -> Sequence[QWidget]:
        return (self.form, self.leaves)

    def draw(self) -> None:
        super().draw()
        state = self.state
        self.leaves.setVisible(state.topic == "graph")
        values = state.values
        self.leaves.show_leaves(state.formula, values, state.leaf if state.leaf in values else "", state.leaf_cell)

    @Slot(str, object)
    def _value_edited(self, name: str, array: RealArray) -> None:
        """A number that was moved is the one whose gradient the answer line tells."""
        state = self.state
        cell = state.leaf_cell if name == state.leaf and state.leaf_cell < array.size else 0
        self.edit(leaves=state.with_value(name, array), leaf=name, leaf_cell=cell)
