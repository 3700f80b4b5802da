"""Shakes the timing of the tests: whatever two threads may do in another order than usual they now and then do.

    make shaken TESTS=tests/gui/labs/training SEED=3 SLOW=worker

A plugin of pytest (`-p tests.shaken`), in no run unless it is asked for. It lets threads rest at the seams between them: mostly
not at all, sometimes for 1 to 50 ms, seldom for 300. `SHAKEN_SLOW` says which side is slow: the `worker` (its steps, the ends
of a run), the `answers` (probes, what is computed or read beside the window, the words of a queue's processes), the `window`
(commands, looks at a run, parts of a frame, queued signals, the test itself), or `all` of them; where it says nothing, each
test draws one. How long each rest is follows from `SHAKEN_SEED`, the test and the seam: a test that has failed meets the same
rests again, and its report says which they were.
"""

from __future__ import annotations

import functools
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

SIDES = ("worker", "answers", "window", "all")
SHORT_S, LONG_S = (0.001, 0.05), 0.3
MOST_S = 1.0  # that a seam rests in a test, in all: one of thousands of steps ends


class Shaker:
    """The rests of one test."""

    def __init__(self, seed: str, test: str, side: str) -> None:
        self._seed, self._side = f"{seed} {test}", side or random.Random(f"{seed} {test}").choice(SIDES)
        self._draws: dict[str, random.Random] = {}
        self._lock = threading.Lock()
        self.rested_s: dict[str, float] = {}  # by the seam

    def rest_s(self, side: str, seam: str, often: float) -> float:
        """How long to rest here: `often` is the share of the rests that are any."""
        if self._side not in (side, "all"):
            return 0.0
        with self._lock:
            draw = self._draws.setdefault(seam, random.Random(f"{self._seed} {seam}"))
            before_s = self.rested_s.get(seam, 0.0)
            if draw.random() >= often or before_s > MOST_S:
                return 0.0
            rest_s = LONG_S if draw.random() < 0.06 else draw.uniform(*SHORT_S)
            self.rested_s[seam] = before_s + rest_s
            return rest_s

    def __str__(self) -> str:
        seams = ", ".join(f"{seam} {rested_s:.2f} s" for seam, rested_s in self.rested_s.items())
        return f"SHAKEN_SEED={_seed} SHAKEN_SLOW={self._side}: {seams or 'no rest'}"


_seed = os.environ.get("SHAKEN_SEED") or "0"
_shaker: Shaker | None = None


def _rest(side: str, seam: str, often: float) -> None:
    if _shaker is not None and (rest_s := _shaker.rest_s(side, seam, often)):
        time.sleep(rest_s)


def _shake(side: str, often: float, owner: type, *names: str) -> None:
    """Have these methods rest before and after."""
    for name in names:
        whole, seam = getattr(owner, name), f"{owner.__name__}.{name}"

        @functools.wraps(whole)
        def shaken(*args: Any, _whole: Callable[..., Any] = whole, _seam: str = seam, **options: Any) -> Any:
            _rest(side, f"before {_seam}", often)
            result = _whole(*args, **options)
            _rest(side, f"after {_seam}", often)
            return result

        setattr(owner, name, shaken)


def _delay(often: float, owner: type, name: str) -> None:
    """Have a slot of the window, which is told by a queued signal or a timer, do its work in a later turn."""
    from PySide6.QtCore import QTimer

    whole, seam = getattr(owner, name), f"{owner.__name__}.{name}"

    @functools.wraps(whole)
    def delayed(self: Any) -> None:
        rest_s = 0.0 if _shaker is None else _shaker.rest_s("window", seam, often)
        if rest_s:
            QTimer.singleShot(round(rest_s * 1000), self, lambda: whole(self))
        else:
            whole(self)

    setattr(owner, name, delayed)


def _shake_engine() -> None:
    from engine.queue.running import Queue
    from engine.training.execution import Execution
    from engine.training.trainer import Trainer
    from engine.training.worker import Worker

    _shake("worker", 0.05, Trainer, "step")
    _shake("worker", 0.3, Trainer, "_conclude")
    _shake("worker", 0.3, Worker, "_honour")
    _shake("worker", 0.4, Execution, "prepare", "finish", "rest", "leave")
    _shake("worker", 0.3, Worker, "_enter")
    _shake("answers", 0.4, Execution, "answer")
    _shake("answers", 0.2, Queue, "_hear")
    _shake("window", 0.25, Worker, "play", "pause", "toggle", "step", "stop", "change", "ask", "wait_until")


def _shake_window() -> None:
    from gui.bridge import Latest, RunBridge, Watching
    from gui.frame_parts import FrameParts
    from gui.shell.loader import TorchLoader

    _shake("answers", 0.4, Latest, "_outcome", "_answer", "_next")
    _shake("answers", 0.4, TorchLoader, "_load")
    _shake("window", 0.2, RunBridge, "poll")
    _shake("window", 0.1, FrameParts, "_do_next")
    for owner, name in ((Latest, "_deliver"), (Watching, "_collect")):
        _delay(0.4, owner, name)


def _shake_waits() -> None:
    """The test goes on late after what it has waited for."""
    from pytestqt.qtbot import QtBot
    from pytestqt.wait_signal import SignalBlocker

    _shake("window", 0.3, QtBot, "waitUntil", "wait")
    _shake("window", 0.3, SignalBlocker, "wait")


def pytest_collection_finish(session: pytest.Session) -> None:
    _shake_engine()
    if sys.modules.get("PySide6") is not None:
        _shake_window()
        _shake_waits()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    global _shaker
    _shaker = Shaker(_seed, item.nodeid, os.environ.get("SHAKEN_SLOW", ""))
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    if report.failed:
        report.sections.append(("shaken", str(_shaker)))
    return report
