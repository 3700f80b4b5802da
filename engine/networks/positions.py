"""Where the units of a map look: the receptive field of one unit, and how far those of neighbouring units lie apart.

After windows that only make maps smaller all units see equally many cells, and three numbers an axis say it all (Araujo et al.,
"Computing Receptive Fields of Convolutional Neural Networks", Distill 2019). Behind a layer that makes them larger, units of
different phases see differently many, and neighbours may see the same: the field is then the largest of any phase, the jump a
fraction. Borders are ignored; `engine.networks.receptive` follows one unit exactly. Called by the trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from math import prod
from typing import NamedTuple, TypeAlias

from engine.layers.base import POINTWISE, Reach, Window

Jump: TypeAlias = int | Fraction
# The windows along one axis, from the network's input to the unit, joined where they can be.
Way: TypeAlias = tuple[Window, ...]

MOST_PHASES, MOST_WAYS = 1024, 8  # of one axis; where there are more, the field is not known
HERE: Way = (Window(1, 1, 0),)


class Whereabouts(NamedTuple):
    """For each axis the ways from the input to a unit: one, and more where branches were joined."""

    axes: tuple[tuple[Way, ...], ...]

    @classmethod
    def of_input(cls, axes: int) -> Whereabouts | None:
        """That of the network's input, which has `axes` axes of positions; None if it has none."""
        return cls(((HERE,),) * axes) if axes else None

    def through(self, reach: Reach) -> Whereabouts | None:
        """The position behind a layer that reads its input so; None if it is not known."""
        if reach is None:
            return None
        if reach == POINTWISE:
            return self
        axes = zip(self.axes, reach, strict=True)
        return _known(tuple(tuple(_with(way, window) for way in ways) for ways, window in axes))

    @property
    def jump(self) -> tuple[Jump, ...]:
        """Input cells between the centres of neighbouring units' fields."""
        return tuple([_jump(ways[0]) for ways in self.axes])

    @property
    def numbers(self) -> tuple[tuple[int, ...], tuple[Jump, ...], tuple[float, ...]]:
        """Along each axis: the field, input cells from the first to the last that a unit sees, the most of any unit; the jump;
        and the start, the centre of the first unit's field in input cells (0 is the centre of the first cell). Where neighbours
        see the same cells, the start is the place on the line through the centres of all."""
        return _numbers(self)


@lru_cache(maxsize=256)  # most layers leave the position as it is
def _numbers(position: Whereabouts) -> tuple[tuple[int, ...], tuple[Jump, ...], tuple[float, ...]]:
    return tuple(map(_field, position.axes)), position.jump, tuple(map(_start, position.axes))


def joined(positions: Sequence[Whereabouts | None]) -> Whereabouts | None:
    """The position of a unit over all branches. None if a branch has none, or if the branches' jumps differ, so that their
    fields drift apart."""
    known = [position for position in positions if position is not None]
    if len(known) < len(positions) or not known or len({position.jump for position in known}) != 1:
        return None
    axes = zip(*(position.axes for position in known), strict=True)
    return _known(tuple(_merged([way for ways in each for way in ways]) for each in axes))


def _known(axes: tuple[tuple[Way, ...], ...]) -> Whereabouts | None:
    many = any(len(ways) > MOST_WAYS or max(map(_phases, ways)) > MOST_PHASES for ways in axes)
    return None if many else Whereabouts(axes)


def _merged(ways: list[Way]) -> tuple[Way, ...]:
    """Different ways, of which those of one window each are one: the smallest window that holds them all."""
    plain = [way[0] for way in ways if len(way) == 1 and way[0].up == 1]
    others = tuple(dict.fromkeys(way for way in ways if len(way) > 1 or way[0].up > 1))
    if not plain:
        return others
    padding = max(window.padding for window in plain)
    stop = max(window.kernel - window.padding for window in plain)
    return ((Window(stop + padding, plain[0].stride, padding),), *others)


def _with(way: Way, window: Window) -> Way:
    """`way` and a window behind it, as one where the last of its windows and this one make nothing larger."""
    last = way[-1]
    if window.up > 1:
        return (*way, window)
    kernel = last.kernel + (window.kernel - 1) * last.stride
    padding = last.padding + window.padding * last.stride
    return (*way[:-1], Window(kernel, last.stride * window.stride, padding, last.up))


def _phases(way: Way) -> int:
    return prod([window.up for window in way])


def _jump(way: Way) -> Jump:
    strides, ups = prod([window.stride for window in way]), _phases(way)
    return strides // ups if strides % ups == 0 else Fraction(strides, ups)


def _field(ways: tuple[Way, ...]) -> int:
    if len(ways) == 1 and len(ways[0]) == 1:
        return ways[0][0].kernel
    return max(_seen(ways, unit) for unit in range(max(map(_phases, ways))))


def _seen(ways: tuple[Way, ...], unit: int) -> int:
    """The input cells from the first to the last that this unit sees."""
    spans = [reduce(_back, reversed(way), (unit, unit)) for way in ways]
    return max(last for _, last in spans) - min(first for first, _ in spans) + 1


def _back(span: tuple[int, int], window: Window) -> tuple[int, int]:
    """The first and the last cell before a window that the units from the first to the last of `span` see."""
    first, last = (end * window.stride - window.padding for end in span)
    return -(-first // window.up), (last + window.kernel - 1) // window.up


def _start(ways: tuple[Way, ...]) -> float:
    if len(ways) == 1:
        return _centre(ways[0])
    edges = [(_centre(way), _field((way,))) for way in ways]
    first = min(centre - (field - 1) / 2 for centre, field in edges)
    last = max(centre + (field - 1) / 2 for centre, field in edges)
    return (first + last) / 2


def _centre(way: Way) -> float:
    """The centre of the first unit's field, as if cells could be divided."""
    return reduce(
        lambda place, window: (place * window.stride - window.padding + (window.kernel - 1) / 2) / window.up, reversed(way), 0.0
    )
