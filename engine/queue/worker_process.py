"""A process of a queue, which trains one run after the other, or several as one computation: `python -m
engine.queue.worker_process`.

Orders come as lines of JSON on stdin, the states of the run as lines of JSON on stdout; what torch or Python say otherwise goes
to stderr. The end of stdin, because whoever gave the orders is gone, stops the run, keeps it, and ends the process. torch is
imported once for all runs, which is why the process lives on between them.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, Literal

import msgspec

from engine.experiments.experiment import parse
from engine.queue.run_state import RunState, ValidationAnswers, keep_answers, keep_notice, kept_state, sentences, state_of
from engine.runs.failures import problem_of
from engine.runs.folder import EXPERIMENT
from engine.runs.status import Reason, State, Status
from engine.training.worker import Worker

TELL_EVERY_S = 0.1
ANSWER_WITHIN_S = 600.0


class RunOrder(msgspec.Struct, frozen=True):
    """What a process is to do: "run" the experiment in its folder, or go on with what is there; with `others` as one
    computation, where none of them has begun; "stop" the run of that number, and those that learn with it."""

    do: Literal["run", "stop"]
    number: int
    folder: str = ""
    experiment: str = ""  # as TOML
    threads: int = 1
    others: tuple[RunOrder, ...] = ()


class OrderService:
    """Carries out orders until there will be no more."""

    def __init__(self, orders: BinaryIO, words: BinaryIO) -> None:
        self._words = words
        self._orders: SimpleQueue[RunOrder | None] = SimpleQueue()
        self._worker = Worker()
        self._ended = False
        self._together_stopped = False  # runs that were under way as one computation
        threading.Thread(target=self._read, args=(orders,), name="orders", daemon=True).start()

    def _read(self, orders: BinaryIO) -> None:
        with suppress(OSError, ValueError, msgspec.MsgspecError):
            for line in orders:
                self._orders.put(msgspec.json.decode(line, type=RunOrder))
        self._orders.put(None)

    def serve(self) -> None:
        import torch  # before the first order, so that "ready" means what it says

        from engine.training.devices import choose

        assert torch
        self._tell(RunState(number=0, device=choose("auto").type))
        while not self._ended and (order := self._orders.get()) is not None:
            if order.do == "run" and order.others:
                self._together_stopped = False
                self._carry_out_together((order, *order.others))
            elif order.do == "run":
                self._tell(self._carried_out(order))
        self._worker.close(ANSWER_WITHIN_S)

    def _carried_out(self, order: RunOrder) -> RunState:
        """The state at the end of a run."""
        worker, folder = self._worker, Path(order.folder)
        try:
            if (folder / EXPERIMENT).exists():
                worker.resume(folder, threads=order.threads)
            else:
                worker.start(parse(order.experiment), folder=folder, threads=order.threads)
        except Exception as error:  # whatever it is, it concerns this run only
            return RunState(number=order.number, condition="failed", problem=sentences(problem_of(error)))
        self._tell(RunState(number=order.number, condition="running"))
        while not worker.wait_until(lambda status: status.state is State.IDLE, TELL_EVERY_S):
            self._tell(state_of(order.number, worker.status()))
            with suppress(Empty):
                while True:
                    self._hear(self._orders.get_nowait(), order.number)
        return self._end(order, folder)

    def _carry_out_together(self, orders: tuple[RunOrder, ...]) -> None:
        """Runs as one computation. Where that fails, those that have not come to their end go on one after the other."""
        from engine.queue.group_order import carry_out_together

        numbers = {order.number for order in orders}
        left, notice = carry_out_together(orders, lambda: self._is_stopped(numbers), self._tell)
        for order in left:
            state = kept_state(order.number, Path(order.folder)) if self._is_stopped(numbers) else self._carried_out(order)
            if notice:
                with suppress(OSError):  # it has been said, and hinders nothing
                    keep_notice(Path(order.folder), notice)
            self._tell(msgspec.structs.replace(state, notice=notice))

    def _is_stopped(self, numbers: set[int]) -> bool:
        """Whether runs with these numbers, which are under way together, are to stop."""
        with suppress(Empty):
            while True:
                order = self._orders.get_nowait()
                self._ended |= order is None
                self._together_stopped |= order is not None and order.do == "stop" and order.number in numbers
        return self._ended or self._together_stopped

    def _hear(self, order: RunOrder | None, number: int) -> None:
        """What comes while a run is on: that it is to stop."""
        if order is None:
            self._ended = True
        if order is None or (order.do == "stop" and order.number == number):
            self._worker.stop()

    def _end(self, order: RunOrder, folder: Path) -> RunState:
        from engine.queue.answers import answers

        return end_of(order.number, folder, self._worker.status(), lambda: self._worker.ask(answers).result(ANSWER_WITHIN_S))

    def _tell(self, state: RunState) -> None:
        try:
            self._words.write(msgspec.json.encode(state) + b"\n")
            self._words.flush()
        except OSError:  # nobody reads any more
            self._ended = True
            self._worker.stop()


def end_of(number: int, folder: Path, status: Status, ask: Callable[[], ValidationAnswers]) -> RunState:
    """The state of a run that has come to an end; of one that is complete, with what `ask` has answered, which is kept."""
    if status.reason is not Reason.COMPLETED:
        return state_of(number, status)
    try:
        found = msgspec.structs.replace(ask(), step=status.step)
        keep_answers(folder, found)
    except Exception as error:
        problem = sentences(problem_of(error))
        return msgspec.structs.replace(state_of(number, status), condition="failed", problem=problem)
    return state_of(number, status, found)


def main() -> int:
    words = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print is no word
    OrderService(sys.stdin.buffer, words).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
