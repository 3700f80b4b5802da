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

    def set_past(self, is_past: bool) -> None:
        """The answers that come are those of a moment of the past from now on, or of now again."""

    def show_run(self, experiment: Experiment | None) -> None:
        """The shown run is of `experiment`, which has been checked; None: no run is shown. Called when it becomes another."""

    def close_page(self, deadline_s: float) -> None:
        """End what the page has begun in threads of its own, within `deadline_s` seconds."""

    def page_title(self) -> str:
        """The page's name, in the window's language."""
        raise NotImplementedError

    def short_title(self) -> str:
        """The same in one word, for the choice of pages in a narrow column."""
        return self.page_title()
