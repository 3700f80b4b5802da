"""The race beside the GUI thread: one pass is measured for the network that is set, and a race is run when it is started.

`passes_done` may be read at any time. Called by the race's page.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from engine.foundations.boards.gradient_race import MeasuredPass, RacedNetwork, RaceResult, RaceSizes
from gui.bridge import Latest
from gui.patience import Superseded


class TimedPass(NamedTuple):
    """What one pass takes, and of which network."""

    sizes: RaceSizes
    taken: MeasuredPass


class _Start(NamedTuple):
    number: int
    sizes: RaceSizes


class RaceWork(QObject):
    pass_timed = Signal(object)  # a TimedPass
    ended = Signal(object)  # a RaceResult
    failed = Signal(object)  # an exception

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.passes_done = 0
        self.racing = False
        self._number = 0  # of the race that is wanted; the thread gives an older one up
        self._timing: Latest[RaceSizes, TimedPass] = Latest(_time_a_pass, self, name="one-pass")
        self._race: Latest[_Start, RaceResult] = Latest(self._run, self, name="gradient-race")
        self._timing.answered.connect(self.pass_timed)
        self._timing.failed.connect(self.failed)
        self._race.answered.connect(self._ended)
        self._race.failed.connect(self._ended_badly)

    def time_a_pass(self, sizes: RaceSizes) -> None:
        """Measure one pass of that network; the newest question is answered."""
        self._timing.ask(sizes)

    def start(self, sizes: RaceSizes) -> None:
        """Race. What is measured meanwhile would disturb it, so nothing is."""
        self._timing.forget()
        self._number += 1
        self.passes_done, self.racing = 0, True
        self._race.ask(_Start(self._number, sizes))

    def stop(self) -> None:
        """Give the race up; no answer comes."""
        self._number += 1
        self._race.forget()
        self.racing = False

    def busy(self) -> bool:
        return self.racing or self._timing.busy() or self._race.busy()

    def close(self, deadline_s: float) -> None:
        self.stop()
        self._timing.close(deadline_s / 2)
        self._race.close(deadline_s / 2)

    def _run(self, start: _Start) -> RaceResult:
        """In the race's thread."""

        def look(done: int) -> None:
            if start.number != self._number:
                raise Superseded
            self.passes_done = done
            time.sleep(0)  # the window may want the interpreter

        return RacedNetwork(start.sizes).race(look)

    @Slot(object)
    def _ended(self, result: RaceResult) -> None:
        self.racing = False
        self.ended.emit(result)

    @Slot(object)
    def _ended_badly(self, error: Exception) -> None:
        self.racing = False
        self.failed.emit(error)


def _time_a_pass(sizes: RaceSizes) -> TimedPass:
    return TimedPass(sizes, RacedNetwork(sizes).measure())
