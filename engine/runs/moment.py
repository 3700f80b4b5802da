"""One moment of a run, all that it needs to go on from there. `engine.training.trainer` takes and restores it,
`engine.runs.checkpoints` keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
