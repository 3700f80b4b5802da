"""A course that takes seconds to compute and is shown while it grows: a training on a board.

Hides the thread: a generator is followed in it, and what it has given so far arrives in the window's thread some ten times a
second. Called by boards that train.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.bridge import Latest

AskedT = TypeVar("AskedT")
FoundT = TypeVar("FoundT")
LOOK_MS = 90
REST_MS = 120  # a slider that is dragged has come to rest


class LongCourse(QObject, Generic[AskedT, FoundT]):
    """`start` follows `course(asked)` to its end, or until `stop` or another start. `advanced` carries all that has come, in a
    new tuple each time; `ended` says that nothing more comes, `failed` carries the exception that ended it."""

    advanced = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, course: Callable[[AskedT], Iterator[FoundT]], parent: QObject | None = None, *, name: str) -> None:
        super().__init__(parent)
        self._course = course
        self._found: list[FoundT] = []  # of the course under way; the thread appends to it, the window reads
        self._told = 0
        self._stopped: list[bool] = [True]  # one for each course: an old one can not take a new one's
        self._busy = False
        self._latest: Latest[tuple[AskedT, list[FoundT], list[bool]], tuple[list[FoundT], Exception | None]]
        self._latest = Latest(self._follow, self, name=name, rest_ms=REST_MS)
        self._latest.answered.connect(self._answered)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether a course is under way."""
        return self._busy

    def start(self, asked: AskedT) -> None:
        """Follow a course from its beginning; another one that is under way ends."""
        self._stopped[0] = True
        self._found, self._stopped, self._told, self._busy = [], [False], 0, True
        self._latest.ask((asked, self._found, self._stopped))
        self._timer.start()

    def stop(self) -> None:
        """End it where it is: what has come stays."""
        self._stopped[0] = True

    def close(self, timeout_s: float = 2.0) -> bool:
        """Returns whether the thread has ended in time."""
        self._timer.stop()
        self._stopped[0] = True
        return self._latest.close(timeout_s)

    def _follow(self, request: tuple[AskedT, list[FoundT], list[bool]]) -> tuple[list[FoundT], Exception | None]:
        """In the thread. An exception is a part of the answer, which says whose it is: another course may be under way by the
        time it comes."""
        asked, found, stopped = request
        try:
            for each in self._course(asked):
                found.append(each)
                if stopped[0]:
                    break
        except Exception as error:
            return found, error
        return found, None

    @Slot()
    def _look(self) -> None:
        if len(self._found) > self._told:
            self._told = len(self._found)
            self.advanced.emit(tuple(self._found[: self._told]))

    @Slot(object)
    def _answered(self, end: tuple[list[FoundT], Exception | None]) -> None:
        found, error = end
        if found is self._found:
            self._end()
            if error is not None:
                self.failed.emit(error)

    def _end(self) -> None:
        self._timer.stop()
        self._look()
        self._busy = False
        self.ended.emit()
