"""A process of a queue, which trains one run after the other: `python -m engine.queue.worker_process`.

Orders come as lines of JSON on stdin, the states of the run as lines of JSON on stdout; what torch or Python say otherwise goes
to stderr. The end of stdin, because whoever gave the orders is gone, stops the run, keeps it, and ends the process. torch is
imported once for all runs, which is why the process lives on between them.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, Literal

import msgspec

from engine.experiments.experiment import parse
from engine.queue.run_state import RunState, keep_answers, sentences, state_of
from engine.runs.failures import problem_of
from engine.runs.folder import EXPERIMENT
from engine.runs.status import Reason, State
from engine.training.worker import Worker

TELL_EVERY_S = 0.1
ANSWER_WITHIN_S = 600.0


class RunOrder(msgspec.Struct, frozen=True):
    """What a process is to do: "run" the experiment in its folder, or go on with what is there; "stop" the run of that
    number."""

    do: Literal["run", "stop"]
    number: int
    folder: str = ""
    experiment: str = ""  # as TOML
    threads: int = 1


class OrderService:
    """Carries out orders until there will be no more."""

    def __init__(self, orders: BinaryIO, words: BinaryIO) -> None:
        self._words = words
        self._orders: SimpleQueue[RunOrder | None] = SimpleQueue()
        self._worker = Worker()
        self._ended = False
        threading.Thread(target=self._read, args=(orders,), name="orders", daemon=True).start()

    def _read(self, orders: BinaryIO) -> None:
        with suppress(OSError, ValueError, msgspec.MsgspecError):
            for line in orders:
                self._orders.put(msgspec.json.decode(line, type=RunOrder))
        self._orders.put(None)

    def serve(self) -> None:
        import torch  # before the first order, so that "ready" means what it says

        assert torch
        self._tell(RunState(number=0))
        while not self._ended and (order := self._orders.get()) is not None:
            if order.do == "run":
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

    def _hear(self, order: RunOrder | None, number: int) -> None:
        """What comes while a run is on: that it is to stop."""
        if order is None:
            self._ended = True
        if order is None or (order.do == "stop" and order.number == number):
            self._worker.stop()

    def _end(self, order: RunOrder, folder: Path) -> RunState:
        from engine.queue.answers import answers

        status = self._worker.status()
        if status.reason is not Reason.COMPLETED:
            return state_of(order.number, status)
        try:
            found = self._worker.ask(answers).result(ANSWER_WITHIN_S)
            found = msgspec.structs.replace(found, step=status.step)
            keep_answers(folder, found)
        except Exception as error:
            problem = sentences(problem_of(error))
            return msgspec.structs.replace(state_of(order.number, status), condition="failed", problem=problem)
        return state_of(order.number, status, found)

    def _tell(self, state: RunState) -> None:
        try:
            self._words.write(msgspec.json.encode(state) + b"\n")
            self._words.flush()
        except OSError:  # nobody reads any more
            self._ended = True
            self._worker.stop()


def main() -> int:
    words = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print is no word
    OrderService(sys.stdin.buffer, words).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
