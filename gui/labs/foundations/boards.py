"""The boards of the foundations lab: one row each, in the order of the courses. A new board is a folder, a row here, a field of
`FoundationsState`, and its words. No Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

BOARD_WORDS = "boards"  # the table of words with the boards' titles


class BoardRow(NamedTuple):
    """A board's class, imported when the board is first shown. `room` is its folder."""

    room: str
    kind: str

    @property
    def module(self) -> str:
        return f"gui.labs.foundations.{self.room}.{self.room}_board"

    @property
    def state_module(self) -> str:
        """Where its state is, and which experiments of the books its presets show (`BOOKS`)."""
        return f"gui.labs.foundations.{self.room}.state"


# name -> row; the name is the board's field of the lab's state and its folder of presets
BOARDS: Mapping[str, BoardRow] = {
    # "perceptron": BoardRow("perceptron", "PerceptronBoard"),
    # "activation": BoardRow("activation", "ActivationBoard"),
    # "losses": BoardRow("losses", "LossesBoard"),
    # "gradient": BoardRow("gradient", "GradientBoard"),
    # "backpropagation": BoardRow("backpropagation", "BackpropagationBoard"),
    # "optimisers": BoardRow("optimisers", "OptimisersBoard"),
    # "initialisation": BoardRow("initialisation", "InitialisationBoard"),
    # "normalisation": BoardRow("normalisation", "NormalisationBoard"),
    "capacity": BoardRow("capacity", "CapacityBoard"),
    "batches": BoardRow("batches", "BatchesBoard"),
}


def board_table(name: str) -> str:
    """The table of words of the board `name`: its fields, presets, links and sentences."""
    return f"board_{name}"
