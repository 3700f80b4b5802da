"""A page whose question is dear: while a run is on, it rests after every answer for as long as the answer's share of the run's
time asks for, so that a run loses at most a fortieth to it. What the user changes is asked at once, and a kept moment of the
past, which costs the run nothing, without any rest.

Derived from by pages that compute gradients, generate texts or go through many samples.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui.running.result_page import ModelQuestion, ResultPage

SHARE = 0.025  # of a run's time, at most
BETWEEN_S = 0.25  # from one question to the next, where nothing rests
FREE_S = SHARE * BETWEEN_S  # what an answer may cost without a rest


@dataclass(frozen=True, eq=False)
class TimedAnswer:
    """`answer` took `seconds`; `learning`: the model has gradients of a step, so it is in training."""

    answer: Any
    seconds: float
    learning: bool


class TimedQuestion:
    """`question`, and how long it took."""

    def __init__(self, question: ModelQuestion) -> None:
        self.question = question

    def __call__(self, model: Any, data: Any) -> TimedAnswer:
        began = time.perf_counter()
        answer = self.question(model, data)
        learning = any(weights.grad is not None for weights in model.parameters())
        return TimedAnswer(answer, time.perf_counter() - began, learning)


class RestingPage(ResultPage):
    """A subclass says with `ask` what is asked, and shows in `show_found` what was found."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._key: Hashable = None
        self._asked: TimedQuestion | None = None
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.question_changed)

    def ask(self, key: Hashable, question: ModelQuestion | None) -> None:
        """Ask `question` from now on, None: nothing. The same `key` as before is the same question, and changes nothing."""
        if question is not None and self._asked is not None and key == self._key:
            return
        if question is None and self._asked is None:
            return
        self._key, self._asked = key, None if question is None else TimedQuestion(question)
        self._rest.stop()
        self.question_changed.emit()

    @property
    def rests(self) -> bool:
        """Whether nothing is asked for a while."""
        return self._rest.isActive()

    def question(self) -> ModelQuestion | None:
        return None if self._rest.isActive() else self._asked

    def set_past(self, is_past: bool) -> None:
        if is_past:
            self._end_rest()

    def _end_rest(self) -> None:
        if self._rest.isActive():
            self._rest.stop()
            self.question_changed.emit()

    def show_answer(self, answer: Any) -> None:
        if answer is None:  # nor is there a model that a rest would be for
            self._end_rest()
            self.show_found(None)
            return
        if not isinstance(answer, TimedAnswer):
            self.show_found(answer)
            return
        if answer.learning and answer.seconds > FREE_S:
            self._rest.start(round(1e3 * answer.seconds * (1 / SHARE - 1)))
            self.question_changed.emit()
        self.show_found(answer.answer)

    def show_found(self, found: Any) -> None:
        """Show what was found; None: there is no model."""
        raise NotImplementedError
