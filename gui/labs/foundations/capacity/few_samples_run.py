"""Trains networks on a few digits beside the window's thread, one plan after the other, with its progress and a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.foundations.boards.capacity_digits import AccuracyEpoch, FewSamples, FewSamplesPlan, few_samples_course
from gui.bridge import Latest
from gui.patience import Superseded

LOOK_MS = 120


class FewSamplesCourse(NamedTuple):
    """What has been trained of a plan so far. `ended`: all of it, or as much as there was when it was stopped."""

    epochs: tuple[AccuracyEpoch, ...]
    ended: bool


def book_digits() -> FewSamples:
    """The digits that the books' experiments learn from."""
    from engine.books.written_digits import digits_of_mnist

    digits = digits_of_mnist()
    return FewSamples(digits.x_train, digits.t_train, digits.x_test, digits.t_test)


class FewSamplesRun(QObject):
    """`start` trains plans one after the other; `courses` holds what there is of each. `changed`: there is more of one, or the state
    of the run is another; in the window's thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, digits: Callable[[], FewSamples] = book_digits) -> None:
        super().__init__(parent)
        self.courses: dict[FewSamplesPlan, FewSamplesCourse] = {}
        self._digits = digits
        self._waiting: list[FewSamplesPlan] = []
        self._current: FewSamplesPlan | None = None
        self._found: list[AccuracyEpoch] = []  # the thread appends, the window's thread reads
        self._stopped = threading.Event()
        self._latest: Latest[FewSamplesPlan, FewSamplesPlan] = Latest(self._train, self, name="few-samples")
        self._latest.answered.connect(self._ended)
        self._latest.failed.connect(self._failed)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def current(self) -> FewSamplesPlan | None:
        """The plan that is being trained."""
        return self._current

    @property
    def waiting(self) -> Sequence[FewSamplesPlan]:
        return tuple(self._waiting)

    def start(self, plans: Iterable[FewSamplesPlan]) -> None:
        """Train these, but for those that have been trained to their end, or are about to be."""
        for plan in plans:
            course = self.courses.get(plan)
            whole = course is not None and course.ended and len(course.epochs) == plan.epochs + 1
            if not whole and plan != self._current and plan not in self._waiting:
                self._waiting.append(plan)
        self._next()

    def stop(self) -> None:
        """End what is under way; what there is of it stays."""
        self._waiting.clear()
        self._stopped.set()

    def close_run(self, deadline_s: float) -> None:
        self.stop()
        self._timer.stop()
        self._latest.close(deadline_s)

    def _next(self) -> None:
        if self._current is None and self._waiting:
            self._current = self._waiting.pop(0)
            self._found = []
            self._stopped.clear()
            self._latest.ask(self._current)
            self._timer.start()
        self.changed.emit()

    def _train(self, plan: FewSamplesPlan) -> FewSamplesPlan:
        """In the thread."""
        found = self._found
        for epoch in few_samples_course(plan, self._digits()):
            found.append(epoch)
            if self._latest.superseded():
                raise Superseded
            if self._stopped.is_set():
                break
        return plan

    def _keep(self, *, ended: bool) -> None:
        if self._current is not None and self._found:
            self.courses[self._current] = FewSamplesCourse(tuple(self._found), ended)

    @Slot()
    def _look(self) -> None:
        self._keep(ended=False)
        self.changed.emit()

    @Slot(object)
    def _ended(self, _plan: FewSamplesPlan) -> None:
        self._keep(ended=True)
        self._current = None
        self._timer.stop()
        self._next()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._current = None
        self._waiting.clear()
        self._timer.stop()
        self.changed.emit()
        raise error
