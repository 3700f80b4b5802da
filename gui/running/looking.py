"""The model that is looked at: it answers the questions of the pages on the screen. It is the one in training, or a kept one of
the run's past.

Called by the training lab. Several questions are one probe, so that a run is interrupted once for all of them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.training.worker import Worker
from gui.bridge import Latest, Watching
from gui.frame_parts import FrameParts
from gui.running.result_page import ModelQuestion
from gui.running.timeline.past_answers import Past, PastAnswer, PastReader, PastRequest, Unanswered, answers_to

LOOKS_MS = 250  # between two looks at a model in training, where the lab says nothing else


class Looking(QObject):
    """`set_questions` says what is asked, by name, `look_at` whom; `answered` brings (name, answer), again and again while the
    model learns. The pages cannot tell one model from the other. What the model in training has answered is brought a page a
    turn, as parts of a frame."""

    answered = Signal(str, object)
    unanswered = Signal(str, object)  # name, the exception that its question raised
    dated = Signal(str, object)  # before both: name, after how many steps the model was asked; None: as its run was left
    arrived = Signal(object)  # the Past whose answers have all been brought
    failed = Signal(object)  # why a model of the past cannot be asked: an exception

    def __init__(
        self, worker: Worker, frame: FrameParts, parent: QObject | None = None, *, interval_ms: int = LOOKS_MS
    ) -> None:
        super().__init__(parent)
        self._worker, self._frame = worker, frame
        self._waiting: dict[str, tuple[int, Any]] = {}  # step and answer of the model in training, still to be brought
        self._questions: dict[str, ModelQuestion] | None = None
        self._seen: set[str] = set()  # of the questions: those that have been answered since they are asked
        self._active = False
        self._past: Past | None = None
        self.watching = Watching(worker, self, interval_ms=interval_ms)
        self.watching.answered.connect(self._pass_on)
        self._reader: Latest[PastRequest, PastAnswer] = Latest(PastReader(), self, name="past")
        self._reader.answered.connect(self._take_past)
        self._reader.failed.connect(self.failed)

    @property
    def past(self) -> Past | None:
        """The moment that is looked at; None: the model in training."""
        return self._past

    @property
    def is_behind(self) -> bool:
        """Whether a moment is asked that has not answered yet."""
        return self._past is not None and self._reader.busy()

    def set_questions(self, questions: Mapping[str, ModelQuestion]) -> None:
        """Ask these from now on; none: nothing is asked. The same questions as before change nothing; one that is new, or is
        another one than before, is asked at once: the user has moved the pointer, say."""
        if questions == self._questions:
            return
        before = self._questions or {}
        kept = {name for name, question in questions.items() if name in before and question == before[name]}
        self._seen &= kept
        self._waiting = {name: waiting for name, waiting in self._waiting.items() if name in kept}
        self._questions = dict(questions)
        self._set_probe()
        self._follow()
        self._ask_past()

    def look_at(self, past: Past | None) -> None:
        """Ask the model of a moment from now on, or with None the one in training again."""
        if past is None and self._past is None:
            return
        if past is not None and past.is_same(self._past):
            return
        was_past, self._past = self._past is not None, past
        self._waiting.clear()
        if past is None or not was_past:
            self._reader.forget()
        if past is None:
            self._set_probe()  # also where nothing has been learned meanwhile
        self._follow()
        self._ask_past()

    def set_active(self, active: bool) -> None:
        """Ask, or leave the model in peace."""
        woken, self._active = active and not self._active, active
        if not active:
            self._waiting.clear()
        self._follow()
        if woken:
            self._ask_past()

    def close(self, timeout_s: float) -> None:
        self.set_active(False)
        self._reader.close(timeout_s)

    def _set_probe(self) -> None:
        questions = self._questions or {}
        self.watching.set_probe(partial(dated_answers, self._worker, questions), at_once=not questions.keys() <= self._seen)

    def _follow(self) -> None:
        self.watching.set_active(self._active and bool(self._questions) and self._past is None)

    def _ask_past(self) -> None:
        if self._past is not None and self._active and self._questions:
            self._reader.ask(PastRequest(self._past, self._questions))

    @Slot(object)
    def _pass_on(self, dated: tuple[int, dict[str, Any]]) -> None:
        history = self._worker.history
        step, answers = dated
        for name, answer in answers.items():
            self._waiting[name] = step, answer
            self._frame.add((self, name), partial(self._bring_waiting, name, history))
        self._frame.add(self, partial(self._rest_after, time.thread_time()))

    def _bring_waiting(self, name: str, history: object) -> None:
        """Unless it is not wanted any more, or of the run before."""
        if name in self._waiting and history is self._worker.history:
            self._bring(name, *self._waiting.pop(name))

    def _rest_after(self, began_s: float) -> None:
        """All pages have been brought, and painted: of both, and of what else the window has done meanwhile, is made how long
        the model rests."""
        self.watching.rest_after(time.thread_time() - began_s)

    @Slot(object)
    def _take_past(self, answer: PastAnswer) -> None:
        """While the moments are dragged through, also the answers of those on the way are shown."""
        if self._past is None or answer.request.past.kept is not self._past.kept:
            return
        for name, found in answer.answers.items():
            if self._questions is not None and self._questions.get(name) is answer.request.questions[name]:
                self._bring(name, answer.request.past.step, found)
        if answer.request.past.is_same(self._past):
            self.arrived.emit(self._past)

    def _bring(self, name: str, step: int | None, answer: Any) -> None:
        self._seen.add(name)
        self.dated.emit(name, step)
        if isinstance(answer, Unanswered):
            self.unanswered.emit(name, answer.error)
        else:
            self.answered.emit(name, answer)


def dated_answers(worker: Worker, questions: Mapping[str, ModelQuestion], model: Any, data: Any) -> tuple[int, dict[str, Any]]:
    """After how many steps the worker's model is asked, and its answers."""
    return worker.status().step, answers_to(questions, model, data)
