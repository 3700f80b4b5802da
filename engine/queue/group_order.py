"""Runs that a worker process carries out as one computation. torch is imported. Called by `engine.queue.worker_process`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.experiments.experiment import parse
from engine.experiments.problems import RunProblem
from engine.queue.answers import answers
from engine.queue.run_state import RunState, sentences, state_of
from engine.queue.worker_process import RunOrder, end_of
from engine.runs.status import Reason
from engine.training.devices import give_back_memory
from engine.training.together.company import Company

WORDS_A_SECOND = 40  # about so many states, of all runs


def carry_out_together(
    orders: Sequence[RunOrder], is_stopped: Callable[[], bool], tell: Callable[[RunState], None]
) -> tuple[list[RunOrder], dict[str, str]]:
    """Carry `orders` out, none of whose runs has begun, and `tell` the states of all. `is_stopped` is asked about ten times a
    second. Where the computation fails: the orders that are left to be carried out, and what is to be said of them."""
    group = _Group(orders, is_stopped, tell)
    group.company.run()
    failure, left = group.company.failure, group.left
    del group
    give_back_memory()
    return left, {} if failure is None else sentences(RunProblem("went_apart", {"error": failure.sentence()}))


class _Group:
    """The runs of `orders` under way."""

    def __init__(self, orders: Sequence[RunOrder], is_stopped: Callable[[], bool], tell: Callable[[RunState], None]) -> None:
        self._orders, self._is_stopped, self._tell = orders, is_stopped, tell
        self.left: list[RunOrder] = []
        self._ended: set[int] = set()
        self._next_words = 0.0
        self.company = Company(
            [parse(order.experiment) for order in orders],
            [Path(order.folder) for order in orders],
            threads=orders[0].threads,
            on_tick=self._tick,
            on_end=self._end,
        )

    def _tick(self) -> None:
        if self._is_stopped():
            self.company.stop()
        now = time.monotonic()
        if now < self._next_words:
            return
        self._next_words = now + len(self._orders) / WORDS_A_SECOND
        for run, order in enumerate(self._orders):
            if run not in self._ended:
                self._tell(state_of(order.number, self.company.status(run)))

    def _end(self, run: int) -> None:
        order, status = self._orders[run], self.company.status(run)
        self._ended.add(run)
        if self.company.failure is not None and status.reason is Reason.STOPPED:
            self.left.append(order)
        else:
            self._tell(end_of(order.number, Path(order.folder), status, lambda: self.company.answer(run, answers)))
