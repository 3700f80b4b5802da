"""The losses of a step of all runs on their way to each run's history. On a GPU no step waits for them.

Called by `engine.training.together.stacked_step`, once a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

import torch
from torch import Tensor

from engine.training.readout import Readout, ResultBlocks
from engine.training.together.member_trainer import MemberTrainer


def stacked_readout(device: torch.device, members: Sequence[MemberTrainer]) -> Readout:
    """The readout for the device: a step's losses and right answers (R) are put at once."""
    return AtOnce(members) if device.type == "cpu" else InBlocks(device, members)


class AtOnce:
    """For the CPU: results are recorded at once. A run whose loss is no finite number keeps the weights that it has."""

    def __init__(self, members: Sequence[MemberTrainer]) -> None:
        self._members = members

    def put(self, step: int, losses: Tensor, hits: Tensor | None, answers: int) -> None:
        right = [nan] * len(self._members) if hits is None else hits.tolist()
        for member, loss, count in zip(self._members, losses.tolist(), right, strict=True):
            _tell(member, step, loss, count / answers)

    def settle(self) -> None:
        pass


class InBlocks(ResultBlocks):
    """For a GPU."""

    def __init__(self, device: torch.device, members: Sequence[MemberTrainer]) -> None:
        super().__init__(device, (len(members),))
        self._members = members

    def _deliver(self, step: int, loss: Any, hits: Any, answers: float) -> None:
        for member, value, right in zip(self._members, loss, hits, strict=True):
            _tell(member, step, value, right / answers)


def _tell(member: MemberTrainer, step: int, loss: float, accuracy: float) -> None:
    """Record a run's result; of one that has ended, nothing."""
    if not member.takes_part or member.diverged_at is not None:
        return
    if isfinite(loss):
        member.record(step, loss, accuracy)
    else:
        member.diverged_at = step
