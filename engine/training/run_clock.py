"""The time that a run takes: a clock that stands still in pauses, and how many steps it does in a second.

Called by `execution`.
"""

from __future__ import annotations

import time
from collections import deque

OVER_TICKS = 20


class Clock:
    """Seconds of running, without pauses. One thread runs and halts the clock; any thread may read it."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._reading: tuple[float, float | None] = (seconds, None)  # (seconds before, time since it runs or None)

    @property
    def seconds(self) -> float:
        before, since = self._reading
        return before if since is None else before + time.perf_counter() - since

    def run(self) -> None:
        if self._reading[1] is None:
            self._reading = (self._reading[0], time.perf_counter())

    def halt(self) -> None:
        self._reading = (self.seconds, None)


class Speed:
    """Steps in a second of the clock: over the last ticks, and in the end over all since `begin`. Before a second tick it is
    what it was."""

    def __init__(self) -> None:
        self.per_second = 0.0
        self._begun = 0.0, 0  # seconds and step
        self._ticks: deque[tuple[float, int]] = deque(maxlen=OVER_TICKS + 1)

    def begin(self, seconds: float, step: int) -> None:
        """The run begins, or is taken up, here."""
        self._begun = seconds, step

    def tick(self, seconds: float, step: int) -> None:
        if self._ticks and seconds > self._ticks[0][0]:
            self.per_second = (step - self._ticks[0][1]) / (seconds - self._ticks[0][0])
        self._ticks.append((seconds, step))

    def pause(self) -> None:
        """The next tick is the first of a new stretch."""
        self._ticks.clear()

    def end(self, seconds: float, step: int) -> None:
        """The mean since the beginning, where any time has gone by."""
        if seconds > self._begun[0]:
            self.per_second = (step - self._begun[1]) / (seconds - self._begun[0])
