"""The losses of a step of all runs on their way to each run's history. On a GPU no step waits for them.

Called by `engine.training.together.stacked_step`, once a step.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import isfinite, nan
from typing import Protocol

import torch
from torch import Tensor

from engine.training.together.member_trainer import MemberTrainer


class StackedReadout(Protocol):
    def put_all(self, step: int, losses: Tensor, hits: Tensor | None, answers: int) -> None:
        """Take one step's results, one of each run. `hits` of `answers` are right; None if the task has no accuracy."""

    def put(self, step: int, loss: Tensor, hits: Tensor | None, answers: int) -> None:
        """No run of several has a step of its own."""

    def settle(self) -> None:
        """Wait until all results have been recorded. A run is told where its loss is no finite number, and says so itself."""


def stacked_readout(device: torch.device, members: Sequence[MemberTrainer]) -> StackedReadout:
    """The readout for the device."""
    return AtOnce(members) if device.type == "cpu" else InBlocks(device, members)


class AtOnce:
    """For the CPU: results are recorded at once. A run whose loss is no finite number keeps the weights that it has."""

    def __init__(self, members: Sequence[MemberTrainer]) -> None:
        self._members = members

    def put_all(self, step: int, losses: Tensor, hits: Tensor | None, answers: int) -> None:
        right = [nan] * len(self._members) if hits is None else hits.tolist()
        for member, loss, count in zip(self._members, losses.tolist(), right, strict=True):
            _tell(member, step, loss, count / answers)

    def put(self, step: int, loss: Tensor, hits: Tensor | None, answers: int) -> None:
        raise NotImplementedError

    def settle(self) -> None:
        pass


class InBlocks:
    """For a GPU, as `engine.training.readout.Ring` does it: results are collected in a block on the device, and a full block is
    copied to the host while the next one fills."""

    SIZE = 64
    INTERVAL_S = 0.02

    def __init__(self, device: torch.device, members: Sequence[MemberTrainer]) -> None:
        self._members = members
        self._filling = _StackedBlock(device, self.SIZE, len(members))
        self._travelling = _StackedBlock(device, self.SIZE, len(members))
        self._sent_at = time.perf_counter()

    def put_all(self, step: int, losses: Tensor, hits: Tensor | None, answers: int) -> None:
        block = self._filling
        block.fill(step, losses, hits, answers)
        now = time.perf_counter()
        if len(block.notes) == self.SIZE or (now - self._sent_at >= self.INTERVAL_S and self._travelling.arrived()):
            self._swap(now)

    def put(self, step: int, loss: Tensor, hits: Tensor | None, answers: int) -> None:
        raise NotImplementedError

    def settle(self) -> None:
        self._swap(time.perf_counter())
        self._take()

    def _swap(self, now: float) -> None:
        self._take()  # the travelling block must have arrived before its turn
        self._filling, self._travelling = self._travelling, self._filling
        self._travelling.send()
        self._sent_at = now

    def _take(self) -> None:
        for step, losses, shares in self._travelling.take():
            for member, loss, share in zip(self._members, losses, shares, strict=True):
                _tell(member, step, loss, share)


class _StackedBlock:
    """`size` results of `runs` runs on the device, and the host memory that they are copied to."""

    def __init__(self, device: torch.device, size: int, runs: int) -> None:
        cuda = device.type == "cuda"
        self._here = torch.zeros(2, size, runs, device=device)
        self._home = torch.zeros(2, size, runs, pin_memory=cuda)
        self._event = torch.cuda.Event() if cuda else None  # type: ignore[no-untyped-call]
        self.notes: list[tuple[int, float]] = []  # step, and answers (NaN: there is no accuracy)

    def fill(self, step: int, losses: Tensor, hits: Tensor | None, answers: int) -> None:
        row = len(self.notes)
        self._here[0, row].copy_(losses.detach())
        if hits is not None:
            self._here[1, row].copy_(hits)
        self.notes.append((step, nan if hits is None else answers))

    def send(self) -> None:
        """Start the copy to the host."""
        if self.notes:
            self._home.copy_(self._here, non_blocking=self._event is not None)
            if self._event is not None:
                self._event.record()

    def arrived(self) -> bool:
        return not self.notes or self._event is None or bool(self._event.query())  # type: ignore[no-untyped-call]

    def take(self) -> list[tuple[int, list[float], list[float]]]:
        """Wait for the copy; return step, losses and accuracies of each result, and empty the block."""
        if not self.notes:
            return []
        if self._event is not None:
            self._event.synchronize()
        losses, hits = self._home[:, : len(self.notes)].tolist()
        rows = [
            (step, of_runs, [right / answers for right in rights])
            for (step, answers), of_runs, rights in zip(self.notes, losses, hits, strict=True)
        ]
        self.notes.clear()
        return rows


def _tell(member: MemberTrainer, step: int, loss: float, accuracy: float) -> None:
    """Record a run's result; of one that has ended, nothing."""
    if not member.takes_part or member.diverged_at is not None:
        return
    if isfinite(loss):
        member.record(step, loss, accuracy)
    else:
        member.diverged_at = step
