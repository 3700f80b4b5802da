"""The model that is looked at: it answers the questions of the pages on the screen.

Called by the training lab. Several questions are one probe, so that a run is interrupted once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.training.worker import Worker
from gui.bridge import Watching
from gui.labs.training.pages.result_page import ModelQuestion


class Looking(QObject):
    """`set_questions` says what is asked, by name; `answered` brings (name, answer), again and again while the model learns."""

    answered = Signal(str, object)

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions: dict[str, ModelQuestion] | None = None
        self._active = False
        self.watching = Watching(worker, self)
        self.watching.answered.connect(self._pass_on)

    def set_questions(self, questions: Mapping[str, ModelQuestion]) -> None:
        """Ask these from now on; none: nothing is asked. The same questions as before change nothing."""
        if questions == self._questions:
            return
        self._questions = dict(questions)
        self.watching.set_probe(partial(_all_answers, self._questions))
        self.set_active(self._active)

    def set_active(self, active: bool) -> None:
        """Ask, or leave the model in peace."""
        self._active = active
        self.watching.set_active(active and bool(self._questions))

    @Slot(object)
    def _pass_on(self, answers: dict[str, Any]) -> None:
        for name, answer in answers.items():
            self.answered.emit(name, answer)


def _all_answers(questions: Mapping[str, ModelQuestion], model: Any, data: Any) -> dict[str, Any]:
    return {name: question(model, data) for name, question in questions.items()}
