"""What a run in the calling thread borrows of it: its signals, and torch's number of threads.

Called by `engine.training.worker`.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Turn the first Ctrl-C or SIGTERM into `stop()`, so that it falls between two steps and the run is saved; a second one
    does what it did before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            if handler is not None:  # None: it was not set from Python
                signal.signal(number, handler)

    def stop_once(_number: int, _frame: FrameType | None) -> None:
        restore()
        stop()

    for number in _SIGNALS:
        if before[number] is not None:
            signal.signal(number, stop_once)
    try:
        yield
    finally:
        restore()


@contextmanager
def own_threads() -> Iterator[None]:
    """Give the calling thread its number of torch threads back, if it had one."""
    torch = sys.modules.get("torch")
    threads = torch.get_num_threads() if torch is not None else None
    try:
        yield
    finally:  # also where a second Ctrl-C interrupts
        if torch is not None:
            torch.set_num_threads(threads)
