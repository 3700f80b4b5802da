"""What of the recurrent layers is looked at, which all pages of the sequence lab share. No Qt: a part of the lab's state."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta
from numpy.typing import NDArray

from engine.data.info import Task
from engine.networks.trace import Path

Numbered: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]


class SequenceLook(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of one heat map: validation sample, recurrent layer, direction, time step and unit, all counted from 0.

    `path` is the place of the recurrent module in the network; None: the first one. `layer` is the one of the stacked layers
    inside of it. `gate` is the array that was pointed at last, by its name in `OpenedDirection.arrays`; "": none yet. `t` None:
    no step was chosen yet, and `looked_at` says which one is shown. A number may lie beyond what the shown run has: pages clip
    it to what they are given (`clipped`).
    """

    sample: Numbered = 0
    path: Path | None = None
    layer: Numbered = 0
    backward: bool = False
    t: Numbered | None = None
    unit: Numbered = 0
    gate: Annotated[str, Meta(max_length=8)] = ""


def is_picture(task: Task, x: NDArray[Any]) -> bool:
    """Whether a sample (T, F) is a picture that is read row by row: each row is what is read at one time step."""
    return task == "classification" and x.ndim == 2 and x.shape[1] > 2


def looked_at(t: int | None, steps: int, *, backward: bool = False) -> int:
    """The step of `steps` that is looked at. Where none was chosen it is the one in the middle: the step that a direction reads
    first begins with states of zeros, by which its gates multiply nothing."""
    if t is None:
        return (steps - 1) // 2 if backward else steps // 2
    return clipped(t, steps)


def clipped(number: int, count: int) -> int:
    """`number` as the index of one of `count` things, at least one: what lies beyond is the last one."""
    return min(max(number, 0), max(count, 1) - 1)
