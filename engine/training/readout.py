"""The transfer of a step's loss from the device to the history. On a GPU no step waits for it.

Called by `engine.training.trainer`, once a step.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import isfinite, nan
from typing import Any, Protocol, TypeAlias

import torch
from torch import Tensor

from engine.runs.failures import DivergedError

Record: TypeAlias = Callable[[int, float, float], None]  # (step, loss, accuracy)


class Readout(Protocol):
    def put(self, step: int, loss: Tensor, hits: Tensor | None, answers: int) -> None:
        """Take one step's results. `hits` of `answers` are right; None if the task has no accuracy. Raises DivergedError for
        this or an earlier step."""

    def settle(self) -> None:
        """Wait until all results have been recorded. Raises DivergedError."""


def readout(device: torch.device, record: Record) -> Readout:
    """The readout for the device."""
    return Immediate(record) if device.type == "cpu" else Ring(device, record)


class Immediate:
    """For the CPU: results are recorded at once."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def put(self, step: int, loss: Tensor, hits: Tensor | None, answers: int) -> None:
        value = loss.item()
        if not isfinite(value):
            raise DivergedError(step)
        self._record(step, value, nan if hits is None else hits.item() / answers)

    def settle(self) -> None:
        pass


class ResultBlocks:
    """For a GPU: results are collected in a block on the device, and a full block is copied to the host while the next one
    fills.

    Two blocks take turns. A block is sent when it is full or `INTERVAL_S` old, and read when its event says that it has
    arrived. The loop waits only when it is a whole block ahead of the device, which also keeps pause and stop prompt.
    """

    SIZE = 64
    INTERVAL_S = 0.02

    def __init__(self, device: torch.device, runs: tuple[int, ...] = ()) -> None:
        """`runs`: the shape of a step's loss, (R,) where several runs learn together."""
        self._filling = _Block(device, self.SIZE, runs)
        self._travelling = _Block(device, self.SIZE, runs)
        self._sent_at = time.perf_counter()

    def put(self, step: int, loss: Tensor, hits: Tensor | None, answers: int) -> None:
        block = self._filling
        block.put(step, loss, hits, answers)
        now = time.perf_counter()
        if len(block.notes) == self.SIZE or (now - self._sent_at >= self.INTERVAL_S and self._travelling.arrived()):
            self._swap(now)

    def settle(self) -> None:
        self._swap(time.perf_counter())
        self._take()

    def _swap(self, now: float) -> None:
        self._take()  # the travelling block must have arrived before its turn
        self._filling, self._travelling = self._travelling, self._filling
        self._travelling.send()
        self._sent_at = now

    def _take(self) -> None:
        for step, loss, hits, answers in self._travelling.take():
            self._deliver(step, loss, hits, answers)

    def _deliver(self, step: int, loss: Any, hits: Any, answers: float) -> None:
        """Record a result, as numbers: lists of them for several runs."""
        raise NotImplementedError


class Ring(ResultBlocks):
    """The results of one run."""

    def __init__(self, device: torch.device, record: Record) -> None:
        super().__init__(device)
        self._record = record

    def _deliver(self, step: int, loss: Any, hits: Any, answers: float) -> None:
        if not isfinite(loss):
            raise DivergedError(step)
        self._record(step, loss, hits / answers)


class _Block:
    """`size` results on the device, each of the shape `runs`, and the host memory that they are copied to."""

    def __init__(self, device: torch.device, size: int, runs: tuple[int, ...] = ()) -> None:
        cuda = device.type == "cuda"
        self._here = torch.zeros(2, size, *runs, device=device)
        self._home = torch.zeros(2, size, *runs, pin_memory=cuda)
        self._event = torch.cuda.Event() if cuda else None  # type: ignore[no-untyped-call]
        self.notes: list[tuple[int, float]] = []  # step, and answers (NaN: there is no accuracy)

    def put(self, step: int, loss: Tensor, hits: Tensor | None, answers: int) -> None:
        row = len(self.notes)
        self._here[0, row].copy_(loss.detach())
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

    def take(self) -> list[tuple[int, Any, Any, float]]:
        """Wait for the copy; return step, loss, right answers and answers of each result, and empty the block."""
        if self.notes and self._event is not None:
            self._event.synchronize()
        losses, hits = self._home[:, : len(self.notes)].tolist()
        rows = [(step, loss, right, answers) for (step, answers), loss, right in zip(self.notes, losses, hits, strict=True)]
        self.notes.clear()
        return rows
