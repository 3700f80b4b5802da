"""The kept moments of a run, asked one after the other, for pages that show a course over all of them.

A page says with `next_moment` which moment it lacks, and is told by `show_moment`. A thread of its own asks while the run does
not learn: what is dragged through meanwhile is answered by another one. Called by `shown_moment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from engine.runs.timeline.kept_weights import KeptWeights
from gui.bridge import Latest
from gui.running.result_page import ModelQuestion, ResultPage
from gui.running.timeline.past_answers import Past, PastAnswer, PastReader, PastRequest, Unanswered


class SweptPages(Protocol):
    """The pages, as far as they are told of all moments."""

    @property
    def pages(self) -> Mapping[str, ResultPage]:
        """By name."""

    def questions(self) -> Mapping[str, ModelQuestion]:
        """Of the pages on the screen, by name."""


class MomentSweep(QObject):
    """`follow` says of which run; it asks for as long as a page on the screen lacks a moment."""

    def __init__(self, pages: SweptPages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._past: Past | None = None
        self._asked: PastRequest | None = None
        self._refused: KeptWeights | None = None  # whose moments cannot be asked
        self._reader: Latest[PastRequest, PastAnswer] = Latest(PastReader(), self, name="moments")
        self._reader.answered.connect(self._take)
        self._reader.failed.connect(self._give_up)

    @property
    def is_at_work(self) -> bool:
        return self._reader.busy()

    def follow(self, past: Past | None) -> None:
        """Ask the moments of that run, whichever of them `past` is; None: ask nobody."""
        self._past = past
        if not self._reader.busy():
            self._ask_next()

    def close(self, timeout_s: float) -> None:
        self._past = None
        self._reader.close(timeout_s)

    def _ask_next(self) -> None:
        past = self._past
        if past is None or past.kept is self._refused:
            return
        for name, question in self._pages.questions().items():
            step = self._pages.pages[name].next_moment(past.kept.steps)
            if step is not None:
                self._asked = PastRequest(replace(past, step=step), {name: question})
                self._reader.ask(self._asked)
                return

    @Slot(object)
    def _take(self, answer: PastAnswer) -> None:
        past = answer.request.past
        if self._past is not None and past.kept is self._past.kept and past.step is not None:
            questions = self._pages.questions()
            for name, found in answer.answers.items():
                if isinstance(found, Unanswered):
                    self._refused = past.kept
                elif questions.get(name) is answer.request.questions[name]:
                    self._pages.pages[name].show_moment(past.step, found)
        self._ask_next()

    @Slot(object)
    def _give_up(self, _error: Exception) -> None:
        """The page says it itself of the moment that it shows."""
        if self._asked is not None:
            self._refused = self._asked.past.kept
