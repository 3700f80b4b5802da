"""How much the process grows over a million recorded steps."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from engine.runs.history import History
from engine.runs.metrics import MetricsLog

STEPS = 1_000_000
STEPS_A_SECOND = 1_000  # of the run that is played here in fast motion


def rows() -> Iterator[dict[str, object]]:
    yield {"name": "memory", "value": round(growth_mb(), 1), "unit": "MB", "goal": "<= 64"}


def growth_mb() -> float:
    """The most that the process has grown while a history recorded them, the file followed twice a second and a reader, as
    the window does, sixteen times."""
    process = psutil.Process()
    gc.collect()
    before = most = process.memory_info().rss
    with tempfile.TemporaryDirectory() as folder:
        history, cursor = History(), 0
        log = MetricsLog(Path(folder) / "metrics.jsonl", history)
        for step in range(1, STEPS + 1):
            history.append_step(step, 1.0 / step, 0.5)
            if step % (STEPS_A_SECOND // 16) == 0:
                cursor += len(history.train.since(cursor)[0])
            if step % (STEPS_A_SECOND // 2) == 0:
                history.append_epoch(step, 0.5, 0.5, 0.5, 0.5)
                log.append()
                most = max(most, process.memory_info().rss)
    return (most - before) / 1e6
