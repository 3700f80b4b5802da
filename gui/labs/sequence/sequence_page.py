"""A page of the sequence lab: a `ResultPage` that knows what of the recurrent layers is looked at. Derived from by every page
of `sequence_pages`."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from engine.experiments.experiment import Experiment
from gui.labs.sequence.sequence_look import SequenceLook
from gui.running.result_page import ModelQuestion, ResultPage


class SequencePage(ResultPage):
    """`look` is what all pages look at. A page that lets the user look elsewhere emits `look_edited` with the whole new value:
    the lab keeps it and hands it to every page, that one included.

    A page that has a way of its own of being looked at fills in `set_view` and emits `view_edited`: the value is a frozen
    struct, in the field of the lab's state that has the page's name.
    """

    look_edited = Signal(object)  # a SequenceLook
    view_edited = Signal(object)  # the page's own frozen struct

    convention_chosen = Signal(str)  # by which parameters are counted: "torch", "keras" or "book"
    bidirectional_asked = Signal()  # the user wants the recurrent layer to read both ways

    def __init__(self, title: str = "") -> None:
        super().__init__(title)
        self.look = SequenceLook()

    def set_look(self, look: SequenceLook) -> None:
        """Look at that from now on; nothing is emitted but, where the page must ask anew, `question_changed`."""
        if look != self.look:
            before, self.look = self.look, look
            self.look_changed(before)

    def look_changed(self, before: SequenceLook) -> None:
        """`look` is another one than `before`. Filled in by the pages: they draw anew, or make another question."""

    def set_view(self, view: Any) -> None:
        """Be looked at that way; nothing is emitted."""

    def show_settings(self, experiment: Experiment) -> None:
        """What is set, whatever the shown run is of. Called at each edit."""

    def set_convention(self, convention: str) -> None:
        """By which parameters are counted; nothing is emitted."""

    def question_beside(self, cell: str) -> ModelQuestion | None:
        """Where other cells run beside the experiment's own: what the network with `cell` ("RNN", "LSTM", "GRU", or "Conv1d"
        for causal convolutions) is asked; None: nothing. The page's own question, where it `asks_beside`."""
        return self.question() if self.asks_beside and cell != "Conv1d" else None

    def show_beside(self, cell: str, answer: Any) -> None:
        """What the network with `cell` answers, beside what `show_answer` gets of the experiment's own; None: there is none any
        more."""

    asks_beside = False  # whether the page wants the answers of the other two cells, too
