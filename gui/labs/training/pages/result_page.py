"""A page beside the curves: it asks the model of the shown run a question, and shows the answer.

A page knows neither workers nor moments: `question` is a pure function of (model, data), the lab has it computed with the model
that is looked at, and hands the answer back. Derived from by every page of `side_pages`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from PySide6.QtCore import Signal

from engine.experiments.experiment import Experiment
from gui.widgets.card import Card

# (torch.nn.Module in evaluation mode, engine.data.datasets.Dataset) -> answer
ModelQuestion: TypeAlias = Callable[[Any, Any], Any]


class ResultPage(Card):
    """`question_changed`: ask anew. The page asks nothing while `question()` is None."""

    question_changed = Signal()

    def question(self) -> ModelQuestion | None:
        """What the model is asked while the page is on the screen. The answer must not share memory with the model."""
        return None

    def show_answer(self, answer: Any) -> None:
        """Show what `question` returned; None: there is no model, forget the answer before."""

    def show_run(self, experiment: Experiment | None) -> None:
        """The shown run is of `experiment`, which has been checked; None: no run is shown. Called when it becomes another."""

    def page_title(self) -> str:
        """One or two words for the choice of pages, in the window's language."""
        raise NotImplementedError
