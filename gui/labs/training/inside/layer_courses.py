"""The layers' numbers over the steps of a run, gathered from what the model in training answers and from its kept moments. No
Qt.

What belongs to a step of the training, the gradient's length and the update, is known where a probe has measured it; the rest
of every kept moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from engine.networks.trace import Path
from engine.passes.layer_values import LayerRow, LayerValues

LayerNumber: TypeAlias = Literal["mean", "deviation", "between", "saturated", "dead", "gradient", "update"]
NUMBERS: tuple[LayerNumber, ...] = get_args(LayerNumber)
OF_A_STEP: tuple[LayerNumber, ...] = ("gradient", "update")  # of the training, and not of the weights alone
MOST = 240  # steps of a number beside the kept moments; of more, every second one is left out
NEAR = 0.05  # of a step: how far away what was measured may be, to be shown for it

StepValues: TypeAlias = dict[int, dict[Path, float]]  # by step


@dataclass(frozen=True)
class Recorded:
    """What was measured of the layers nearest to a moment, and after which iteration; None: nothing near it."""

    values: dict[Path, float]
    step: int | None


class LayerCourses:
    """`put` takes an answer in any order; `curve` has what is known of one number of one layer, in the order of the steps."""

    def __init__(self) -> None:
        self._found: dict[LayerNumber, StepValues] = {number: {} for number in NUMBERS}
        self._moments: set[int] = set()

    def put(self, step: int, values: LayerValues, *, is_moment: bool) -> None:
        """`values` are of the model after `step` steps; `is_moment`: of one whose weights are kept."""
        if is_moment:
            self._moments.add(step)
        for number, course in self._found.items():
            at = values.update_step if number == "update" else step
            known = {row.path: value for row in values.rows if (value := getattr(row, number)) is not None}
            if known and at is not None:
                course[at] = known
                self._thin(course)

    @property
    def last(self) -> int:
        """The last step that anything is known of."""
        return max((max(course) for course in self._found.values() if course), default=0)

    def _thin(self, course: StepValues) -> None:
        others = sorted(course.keys() - self._moments)
        if len(others) > MOST:
            for step in others[1:-1:2]:
                del course[step]

    def curve(self, number: LayerNumber, path: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        course = self._found[number]
        steps = sorted(step for step, known in course.items() if path in known)
        return np.array(steps, np.int64), np.array([course[step][path] for step in steps], np.float64)

    def lacking(self, kept: Sequence[int]) -> int | None:
        """Of the `kept` moments the one that is farthest from all that have been put, in log(step): so the whole course is
        there early, and becomes finer; None: all have been put."""
        lacking = np.array([step for step in kept if step not in self._moments], np.int64)
        if not len(lacking):
            return None
        there = np.log1p(np.array(sorted(self._moments), np.float64))
        if not len(there):
            return int(lacking[-1])
        away = np.abs(np.log1p(lacking)[:, None] - there[None, :]).min(axis=1)
        return int(lacking[int(away.argmax())])

    def recorded(self, number: LayerNumber, step: int) -> Recorded:
        course = self._found[number]
        nearest = min(course, key=lambda at: (abs(at - step), at), default=None)
        if nearest is None or abs(nearest - step) > NEAR * step:
            return Recorded({}, None)
        return Recorded(course[nearest], nearest)

    def completed(self, rows: Sequence[LayerRow], step: int) -> tuple[LayerRow, ...]:
        """`rows` of the moment `step`, with what was measured near it where they lack it."""
        known = {number: self.recorded(number, step).values for number in OF_A_STEP}
        return tuple(_completed(row, known) for row in rows)


def _completed(row: LayerRow, known: dict[LayerNumber, dict[Path, float]]) -> LayerRow:
    lacking = {number: values.get(row.path) for number, values in known.items() if getattr(row, number) is None}
    return replace(row, **lacking) if lacking else row  # type: ignore[arg-type]
