"""Early stopping: when a run ends because its validation loss has not become better. No torch.

Called by `engine.training.execution`, and by the window, which says when it would end.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Annotated, NamedTuple

import msgspec

from engine.fields import setting


class EarlyStopping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The run ends when the validation loss has not been below its best by more than `min_change` for `patience` epochs.
    `restore_best`: at its own end, early or not, its weights are those of its best epoch."""

    patience: Annotated[int, setting(1, 1_000_000, slider=(1, 50))] = 5
    min_change: Annotated[float, setting(0.0, 1000.0, slider=(0.0, 0.1), step=0.001)] = 0.0
    restore_best: bool = True


class Waiting(NamedTuple):
    """How a run stands: its best epoch, from 1 (0: there is none), with its loss, and the epochs since then, or since a stop
    after which it was gone on with. `ends`: it stops here."""

    best_epoch: int
    best: float
    waited: int
    ends: bool


def waiting(stopping: EarlyStopping, losses: Iterable[float]) -> Waiting:
    """How a run with these validation losses of its epochs stands. A run that was gone on with after it had stopped waits as
    long again."""
    best_epoch, best, waited, ends = 0, inf, 0, False
    for epoch, loss in enumerate(losses, 1):
        if ends:
            waited, ends = 0, False
        if loss < best - stopping.min_change:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            ends = waited >= stopping.patience
    return Waiting(best_epoch, best, waited, ends)
