"""How long a queue will take: learned from the runs that have ended and from those under way.

A run of n steps with b samples and m multiply-adds a sample is taken to last n (p + q b m): what a step costs whatever its
size, and what its arithmetic costs; and what lies before its first step and behind its last. p and q are first guessed and then
fitted; the fit stays near one common factor of the guess until runs of different kinds tell p and q apart. No clock in here.
torch is not imported.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isclose

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, trace_of

STEP_S, MAC_S = 4e-4, 1e-10  # guessed: of a step; of a multiply-add, forwards and backwards
_STIFFNESS = 0.003  # how much the fit holds on to the guess
_LEAST_SEEN = 0.02  # of a run, before it says anything
_ALMOST_WHOLE = 0.5  # of a run, from which on it says how long its like takes
_LIKE = 0.02  # folds of one data set differ by a sample


@dataclass(frozen=True)
class RunWork:
    """What a run has to do: `base` and `arithmetic` are guessed seconds."""

    base: float
    arithmetic: float

    @property
    def guess(self) -> float:
        return self.base + self.arithmetic

    def is_like(self, other: RunWork) -> bool:
        return isclose(self.base, other.base, rel_tol=_LIKE) and isclose(self.arithmetic, other.arithmetic, rel_tol=_LIKE)

    def times(self, part: float) -> RunWork:
        return RunWork(self.base * part, self.arithmetic * part)


def work_of(experiment: Experiment) -> RunWork:
    """The work of a run; of data that cannot be had, none."""
    try:
        samples, macs = describe(experiment.data).train, trace_of(experiment).macs
    except DatasetError:
        return RunWork(0.0, 0.0)
    epochs, batch = experiment.training.epochs, min(experiment.training.batch_size, samples)
    return RunWork(epochs * ceil(samples / batch) * STEP_S, epochs * samples * macs * MAC_S)


class QueuePace:
    """Learns from runs, by their number, and foretells. `rate`: seconds a guessed second took, of an earlier run; None where
    nothing is known."""

    def __init__(self, works: Mapping[int, RunWork], rate: float | None = None) -> None:
        self._works = works
        self._seen: dict[int, tuple[RunWork, float]] = {}
        self._whole: dict[int, tuple[RunWork, float]] = {}  # those of which nearly all was seen
        self._rests: list[float] = []
        self._rate = rate
        self._factors: tuple[float, float] | None = None
        self._foretold: dict[RunWork, float] = {}  # of most queues, all runs are of a few kinds

    def saw(self, number: int, part: float, seconds: float) -> None:
        """The run has taken `seconds` for this part of its work."""
        if part >= _LEAST_SEEN and seconds > 0 and self._works[number].guess > 0:
            self._seen[number] = self._works[number].times(part), seconds
            if part >= _ALMOST_WHOLE:
                self._whole[number] = self._works[number], seconds / part
            self._factors = None
            self._foretold.clear()

    def saw_around(self, seconds: float) -> None:
        """That long a run took beside its steps: data were loaded, its end was saved."""
        self._rests.append(max(0.0, seconds))

    @property
    def _around(self) -> float:
        return sum(self._rests) / len(self._rests) if self._rests else 0.0

    @property
    def is_known(self) -> bool:
        return bool(self._seen) or self._rate is not None

    @property
    def rate(self) -> float | None:
        """Seconds that a guessed second takes, over all that was seen; None where nothing is known."""
        if not self._seen:
            return self._rate
        return sum(seconds for _, seconds in self._seen.values()) / sum(work.guess for work, _ in self._seen.values())

    def seconds_of(self, number: int) -> float:
        """How long the steps of a whole run are likely to take: as long as those of its like, where there were any."""
        work = self._works[number]
        found = self._foretold.get(work)
        if found is None:
            found = self._foretold[work] = self._foretell(work)
        return found

    def _foretell(self, work: RunWork) -> float:
        alike = [seconds for seen, seconds in self._whole.values() if work.is_like(seen)]
        if alike:
            return sum(alike) / len(alike)
        base, arithmetic = self._fitted()
        return work.base * base + work.arithmetic * arithmetic

    def seconds_left(
        self, running: Mapping[int, tuple[float, float]], waiting: Sequence[tuple[int, float]], jobs: int
    ) -> float:
        """Until all is done, `jobs` runs at a time. `running`: how much of each is to be done still, and how long the whole of
        it takes at its own speed, 0 where that is not known; `waiting`: how much of each, in the order in which they begin."""
        slots = [part * (whole or self.seconds_of(number)) for number, (part, whole) in running.items()]
        slots += [0.0] * max(0, jobs - len(slots))
        heapq.heapify(slots)
        for number, part in waiting:
            heapq.heappush(slots, heapq.heappop(slots) + part * self.seconds_of(number) + self._around)
        return max(slots, default=0.0)

    def _fitted(self) -> tuple[float, float]:
        if self._factors is None:
            self._factors = self._fit()
        return self._factors

    def _fit(self) -> tuple[float, float]:
        """Least squares of the relative errors, held to the common factor: two equations in two unknowns."""
        common = 1.0 if self.rate is None else self.rate
        if not self._seen:
            return common, common
        rows = [(work.base / seconds, work.arithmetic / seconds) for work, seconds in self._seen.values()]
        stiff = _STIFFNESS / common**2
        aa = sum(a * a for a, _ in rows) + stiff
        bb = sum(b * b for _, b in rows) + stiff
        ab = sum(a * b for a, b in rows)
        right_a, right_b = sum(a for a, _ in rows) + stiff * common, sum(b for _, b in rows) + stiff * common
        determinant = aa * bb - ab * ab
        least = common / 10
        return (
            max((right_a * bb - right_b * ab) / determinant, least),
            max((right_b * aa - right_a * ab) / determinant, least),
        )
