"""The race beside the GUI thread: one pass is measured for the network that is set, and a race is run when it is started.

`passes_done` grows while it goes on. Called by the race's page.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from engine.foundations.boards.gradient.gradient_race import MeasuredPass, RacedNetwork, RaceResult, RaceSizes
from gui.bridge import Latest
from gui.labs.foundations.long_course import LongCourse


class TimedPass(NamedTuple):
    """What one pass takes, and of which network."""

    sizes: RaceSizes
    taken: MeasuredPass


class RaceWork(QObject):
    pass_timed = Signal(object)  # a TimedPass
    ended = Signal(object)  # a RaceResult
    failed = Signal(object)  # an exception

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.passes_done = 0
        self.racing = False
        self._timing: Latest[RaceSizes, TimedPass] = Latest(_time_a_pass, self, name="one-pass")
        self._race: LongCourse[RaceSizes, int | RaceResult] = LongCourse(_race, self, name="gradient-race")
        self._timing.answered.connect(self.pass_timed)
        self._timing.failed.connect(self.failed)
        self._race.advanced.connect(self._advanced)
        self._race.failed.connect(self._failed)

    def time_a_pass(self, sizes: RaceSizes) -> None:
        """Measure one pass of that network; the newest question is answered."""
        self._timing.ask(sizes)

    def start(self, sizes: RaceSizes) -> None:
        """Race. What is measured meanwhile would disturb it, so nothing is."""
        self._timing.forget()
        self.passes_done, self.racing = 0, True
        self._race.start(sizes)

    def stop(self) -> None:
        """Give the race up; no answer comes."""
        self.racing = False
        self._race.stop()

    def busy(self) -> bool:
        return self._race.busy or self._timing.busy()

    def close(self, deadline_s: float) -> None:
        self.racing = False
        self._timing.close(deadline_s / 2)
        self._race.close(deadline_s / 2)

    @Slot(object)
    def _advanced(self, found: tuple[int | RaceResult, ...]) -> None:
        last = found[-1]
        if not self.racing:
            return
        if isinstance(last, RaceResult):
            self.passes_done, self.racing = last.passes, False
            self.ended.emit(last)
        else:
            self.passes_done = last

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.racing = False
        self.failed.emit(error)


def _time_a_pass(sizes: RaceSizes) -> TimedPass:
    return TimedPass(sizes, RacedNetwork(sizes).measure())


def _race(sizes: RaceSizes) -> Iterator[int | RaceResult]:
    for each in RacedNetwork(sizes).race():
        yield each
        time.sleep(0)  # the window may want the interpreter
