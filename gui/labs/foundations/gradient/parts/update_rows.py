"""The steps of a descent as rows of a table, each written when it is first seen. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from engine.figures import measured
from engine.foundations.boards.gradient.descent_course import DescentCourse

FIGURES, UNMOVED_FIGURES = 6, 10


def place_figures(course: DescentCourse) -> int:
    """In how many figures coordinates are written: so many that one that has hardly moved is not the one before."""
    return UNMOVED_FIGURES if course.verdict == "unmoved" and course.taken else FIGURES


class UpdateRows(Sequence[tuple[str, ...]]):
    """Step, both coordinates, the height there, both derivatives, and what the step adds to each coordinate."""

    def __init__(self, course: DescentCourse, rate: float) -> None:
        self._course, self._rate = course, rate
        self._figures = place_figures(course)
        self._written: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._course.places)

    @overload
    def __getitem__(self, number: int) -> tuple[str, ...]: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[tuple[str, ...]]: ...

    def __getitem__(self, number: int | slice) -> tuple[str, ...] | Sequence[tuple[str, ...]]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        number = range(len(self))[number]
        if number not in self._written:
            self._written[number] = self._write(number)
        return self._written[number]

    def _write(self, number: int) -> tuple[str, ...]:
        course, (x, y) = self._course, self._course.places[number].tolist()
        place = (str(number), *(measured(each, self._figures) for each in (x, y)), measured(float(course.heights[number])))
        if number >= course.taken:
            return (*place, "", "", "", "")
        slopes = course.gradients[number].tolist()
        return (*place, *(measured(each) for each in slopes), *(measured(-self._rate * each) for each in slopes))
