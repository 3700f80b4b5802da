"""What lies across a plot of curves: iterations, epochs or seconds, and the way from one to the other.

Curves are kept by iteration; only what is drawn is moved to its place in the unit that is shown. Pure numpy, called
by `gui.plots.numbers.curve_data`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gui.plots.numbers.ranges import Range, Tick, step_limit, step_ticks, time_ticks
from gui.plots.numbers.reduction import Places
from gui.plots.numbers.view import Unit

MOST_KNOTS = 4096
TIME_PARTS = 16  # parts of the width that are reduced each by itself, as the speed of a run changes


class Pace:
    """When each iteration was done. Between two knots, of which there are at most 4,096, time runs evenly."""

    def __init__(self) -> None:
        self._steps: list[float] = [0.0]
        self._seconds: list[float] = [0.0]
        self._arrays: tuple[Places, Places] | None = None
        self._every, self._noted = 1, 0  # of so many notes one is kept; the newest always

    def note(self, step: float, seconds: float) -> None:
        """At `seconds` of running, `step` iterations are done. What is not later than the last note is left out."""
        if step <= self._steps[-1] or seconds <= self._seconds[-1]:
            return
        if self._noted % self._every:
            del self._steps[-1], self._seconds[-1]
        self._noted += 1
        self._steps.append(float(step))
        self._seconds.append(float(seconds))
        self._arrays = None
        if len(self._steps) > MOST_KNOTS and self._noted % (2 * self._every) == 0:
            del self._steps[1::2], self._seconds[1::2]
            self._every *= 2

    @property
    def known(self) -> bool:
        return len(self._steps) > 1

    def seconds(self, steps: npt.ArrayLike) -> Places:
        return self._between(np.asarray(steps, np.float64), *self._knots())

    def steps(self, seconds: npt.ArrayLike) -> Places:
        return self._between(np.asarray(seconds, np.float64), *self._knots()[::-1])

    def _knots(self) -> tuple[Places, Places]:
        if self._arrays is None:
            self._arrays = np.array(self._steps), np.array(self._seconds)
        return self._arrays

    @staticmethod
    def _between(at: Places, known: Places, sought: Places) -> Places:
        """Beyond the last knot it goes on at the mean speed so far."""
        found = np.interp(at, known, sought)
        if len(known) > 1:
            found = np.where(at > known[-1], at * (sought[-1] / known[-1]), found)
        result: Places = np.where(at < 0, at, found)
        return result


class Across:
    """The horizontal axis of curves. `epoch_steps` is how many iterations make an epoch, where that is known."""

    def __init__(self) -> None:
        self.unit: Unit = "iteration"
        self.epoch_steps: float | None = None
        self.pace = Pace()

    @property
    def offered(self) -> tuple[Unit, ...]:
        """The units that the run can be shown in."""
        epoch: tuple[Unit, ...] = ("epoch",) if self.epoch_steps else ()
        time: tuple[Unit, ...] = ("time",) if self.pace.known else ()
        return ("iteration", *epoch, *time)

    @property
    def shown(self) -> Unit:
        """The unit chosen, or iterations where the run cannot be shown in it."""
        return self.unit if self.unit in self.offered else "iteration"

    def places(self, steps: npt.ArrayLike) -> Places:
        """Iterations in the unit that is shown."""
        steps = np.asarray(steps, np.float64)
        match self.shown:
            case "epoch":
                assert self.epoch_steps
                return steps / self.epoch_steps
            case "time":
                return self.pace.seconds(steps)
        return steps

    def steps(self, places: npt.ArrayLike) -> Places:
        """The way back."""
        places = np.asarray(places, np.float64)
        match self.shown:
            case "epoch":
                assert self.epoch_steps
                return places * self.epoch_steps
            case "time":
                return self.pace.steps(places)
        return places

    def place(self, step: float) -> float:
        if self.unit == "iteration":
            return step
        return float(self.places(step))

    def step(self, place: float) -> float:
        return float(self.steps(place))

    def edges(self, limits: Range) -> list[float]:
        """The iterations at the ends of `limits`, and between them where the speed may have changed."""
        if self.shown == "iteration":
            return list(limits)
        parts = TIME_PARTS if self.shown == "time" else 1
        found: list[float] = self.steps(np.linspace(*limits, parts + 1)).tolist()
        return found

    def limit(self, latest: float, total: float | None) -> float:
        """The right end of the axis of a whole run that has reached `latest` iterations of `total`."""
        match self.shown:
            case "epoch":
                return step_limit(self.place(latest), self.place(total) if total else None, 1.0)
            case "time":
                return step_limit(self.place(latest), None, self.least())
        return step_limit(latest, total)

    def least(self) -> float:
        """The narrowest range that is shown."""
        return {"iteration": 4.0, "epoch": 4.0 / (self.epoch_steps or 1.0), "time": 0.1}[self.shown]

    def ticks(self, limits: Range, width: float) -> list[Tick]:
        if self.shown == "time":
            return time_ticks(limits, width)
        return step_ticks(limits, width, whole=self.shown == "iteration")
