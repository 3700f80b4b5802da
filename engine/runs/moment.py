"""One moment of a run, all that it needs to go on from there. `engine.training.trainer` takes and restores it,
`engine.runs.checkpoints` keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Moment:
    """All that changes in a trainer between two steps: what must be kept to go on to the same losses to the bit.

    `tensors` are copies on the CPU: "model.NAME", "optimizer.INDEX.NAME", "order" (the generator at the epoch's start),
    "random.cpu" and, of each GPU that the run has been on, "random.cuda" or "random.mps".
    """

    step: int
    lr: float
    tensors: dict[str, Tensor]
    settings: Mapping[str, Any] = field(default_factory=dict)  # the other changeable ones; none: those of the experiment
