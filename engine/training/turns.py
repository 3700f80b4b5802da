"""Several workers that take turns: one computes at a time, so that each has torch's global random numbers to itself.

The sequence lab trains an RNN, an LSTM and a GRU side by side, each with a `Worker(turns=...)` of its own. torch's global
random generator is one for the whole process: two threads that drew from it at once would each get a part of the other's
numbers. Here whoever computes has the turn. At a switch the generator's state is kept, and taken back with the next turn, so
each run's losses are to the bit those of the run alone.

A turn is handed on between two steps, when it has lasted a slice and somebody waits; in a pause, at a run's end, and where
another run is being stopped, at once. Importing this imports no torch.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor

SLICE_S = 0.03  # a turn lasts that long, and to the end of its step


class Turns:
    """Who computes, and who waits for it, in order. Made once for the workers that run side by side:

        turns = Turns()
        workers = [Worker(turns=turns) for _ in range(3)]

    All of them share its lock, which nobody holds while computing.
    """

    def __init__(self, slice_s: float = SLICE_S) -> None:
        self.slice_s = slice_s
        self.lock = threading.RLock()
        self.holder: Turn | None = None
        self.last: Turn | None = None  # whose random numbers the generator gives
        self.waiting: deque[Turn] = deque()
        self.hurried = False  # whether one of them will not wait for the end of a slice

    def place(self) -> Turn:
        """A place among them, for one worker."""
        return Turn(self)


class Turn:
    """One worker's place. All methods but `is_over` are called by the worker's thread, under `condition`."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.condition = threading.Condition(turns.lock)  # notified when the turn has become one's own
        self._until = 0.0
        self._hurries = False
        self._device: torch.device | None = None
        self._states: dict[str, Tensor] = {}

    def is_over(self, *, between_steps: bool) -> bool:
        """Whether it is time to hand the turn on: the slice has passed and somebody waits, or somebody hurries. In the middle
        of a validation only the second counts. Read without the lock: the answer may be that of an instant ago."""
        turns = self._turns
        if not turns.waiting or turns.holder is not self:
            return False
        return turns.hurried or (between_steps and time.perf_counter() >= self._until)

    def take(self, *, first: bool = False) -> bool:
        """Take the turn if it is free, with the random numbers as they were when it was given away; else wait in line. `first`:
        at its head, and whoever has the turn hands it on at once. True if it is one's own now."""
        turns = self._turns
        if turns.holder is None:
            self._receive()
        if turns.holder is not self:
            if first and not self._hurries:
                self._leave_line()
                turns.waiting.appendleft(self)
                self._hurries = turns.hurried = True
            elif self not in turns.waiting:
                turns.waiting.append(self)
            return False
        if turns.last is not self:
            turns.last = self
            if self._device is not None:
                from engine.training.randomness import set_random_states

                set_random_states(self._device, self._states)
        return True

    def give(self, device: torch.device | None) -> None:
        """Hand the turn on to whoever has waited longest, keeping the random numbers of the run, which is on `device` (None: it
        has drawn none yet). Leave the line if it is not one's own."""
        turns = self._turns
        self._leave_line()
        if turns.holder is not self:
            return
        if device is not None and turns.last is self:
            from engine.training.randomness import random_states

            self._states = random_states(device)
        self._device = device
        turns.holder = None
        if turns.waiting:
            following = turns.waiting[0]
            following._receive()
            following.condition.notify_all()

    def _leave_line(self) -> None:
        turns = self._turns
        if self in turns.waiting:
            turns.waiting.remove(self)
        self._hurries = False
        turns.hurried = any(turn._hurries for turn in turns.waiting)

    def _receive(self) -> None:
        self._leave_line()
        self._turns.holder = self
        self._until = time.perf_counter() + self._turns.slice_s
