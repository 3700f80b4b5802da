"""A page of the sequence lab whose question is dear: a run loses at most an eightieth of its time to it. What the user changes
is asked at once.

Derived from by pages that compute gradients, generate texts or go through many samples.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from engine.words import CodedError
from gui.labs.sequence.sequence_page import SequencePage
from gui.running.result_page import ModelQuestion

SHARE = 0.0125  # of a run's time, at most: half of what probes may take, so that the other pages are answered in between
FREE_S = 0.004  # what an answer may cost without a rest: the run's own limit is enough for it


@dataclass(frozen=True, eq=False)
class TimedAnswer:
    """`answer` took `seconds` of its thread's own work: what other runs and the window do meanwhile is no cost of it, and would
    make it rest for half a minute where three cells learn side by side. `learning`: the model has gradients of a step, so it is
    in training."""

    answer: Any
    seconds: float
    learning: bool


class TimedQuestion:
    """`question`, and how long it took. What cannot be answered is an answer too: the CodedError that says why, which hinders
    no other page."""

    def __init__(self, question: ModelQuestion) -> None:
        self.question = question

    def __call__(self, model: Any, data: Any) -> TimedAnswer:
        began = time.thread_time()
        try:
            answer = self.question(model, data)
        except CodedError as error:
            answer = error.with_traceback(None)  # which leads to the model
        learning = any(weights.grad is not None for weights in model.parameters())
        return TimedAnswer(answer, time.thread_time() - began, learning)


class RestingPage(SequencePage):
    """A subclass says with `ask` what is asked, and shows in `show_found` what was found, in `show_found_beside` what the
    network with another cell answers. Each network's run has a rest of its own."""

    share, free_s = SHARE, FREE_S

    def __init__(self, title: str = "") -> None:
        super().__init__(title)
        self._key: Hashable = None
        self._asked: TimedQuestion | None = None

    def ask(self, key: Hashable, question: ModelQuestion | None) -> None:
        """Ask `question` from now on, None: nothing. The same `key` as before is the same question, and changes nothing."""
        if question is not None and self._asked is not None and key == self._key:
            return
        if question is None and self._asked is None:
            return
        self._key, self._asked = key, None if question is None else TimedQuestion(question)
        self.end_rests(ask=False)
        self.question_changed.emit()

    def question(self) -> ModelQuestion | None:
        return None if self.rests() else self._asked

    def question_beside(self, cell: str) -> ModelQuestion | None:
        return self._asked if self.asks_beside and cell != "Conv1d" and not self.rests(cell) else None

    def show_answer(self, answer: Any) -> None:
        if answer is None:  # nor is there a model that a rest would be for
            self.end_rests()
        self.show_found(self._taken("", answer))

    def show_beside(self, cell: str, answer: Any) -> None:
        self.show_found_beside(cell, self._taken(cell, answer))

    def _taken(self, cell: str, answer: Any) -> Any:
        """What was found; a rest begins where it was dear."""
        if not isinstance(answer, TimedAnswer):
            return answer
        if answer.learning:
            self.rest_after(answer.seconds, cell)
        return answer.answer

    def show_found(self, found: Any) -> None:
        """Show what was found; None: there is no model."""
        raise NotImplementedError

    def show_found_beside(self, cell: str, found: Any) -> None:
        """The same of the network with `cell`, where several run side by side."""
