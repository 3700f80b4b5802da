"""What the window costs the training, and the training the window: the real main window, the training lab
visible and drawing.

`live`: steps a second with the window over those with the GUI thread asleep, the same worker in the same
process. `frame_gap`: how far apart the ticks of a 16 ms timer lie, 99 of 100 of them, while training over
while idle.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.bench.opened_lab import begin_run, end_run, endless, live_for, opened_lab, show_inside
from tests.bench.paired_slices import PAIRS, SECONDS, WORKS, Slice, speed_row

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from gui.labs.training.lab import TrainingLab
    from gui.running.lab.base import RunningLab


def rows() -> Iterator[dict[str, object]]:
    with opened_lab() as lab:
        show_inside(lab)
        for name, stem in WORKS.items():
            yield live_row(lab, f"live[{name}]", ">= 0.95", endless(stem))
        yield _frame_gap(lab, endless("digits-cnn"))


def live_row(lab: RunningLab[Any], name: str, goal: str, experiment: Experiment) -> dict[str, object]:
    """With the window living, and with its thread asleep."""
    drawn = Slice(_draw_what_waits, lambda: live_for(SECONDS))
    asleep = Slice(_draw_what_waits, lambda: threading.Event().wait(SECONDS))
    return speed_row(lab, name, goal, experiment, drawn, asleep)


def _draw_what_waits() -> None:
    """What piled up in a slice is drawn outside the measurement."""
    live_for(0.3)


def _frame_gap(lab: TrainingLab, experiment: Experiment) -> dict[str, object]:
    training, idle = [], []
    for _ in range(PAIRS):
        idle.append(_gap_ms())
        begin_run(lab, experiment)
        training.append(_gap_ms())
        end_run(lab)
    ratio = median(one / other for one, other in zip(training, idle, strict=True))
    return {
        "name": "frame_gap",
        "ratio": round(ratio, 3),
        "this": round(median(training), 2),
        "other": round(median(idle), 2),
        "unit": "ms",
        "goal": "<= 1.2",
    }


def _gap_ms() -> float:
    """The 99th percentile of the distances between the ticks of a 16 ms timer."""
    import numpy as np
    from PySide6.QtCore import Qt, QTimer

    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(16)
    live_for(SECONDS)
    timer.stop()
    return float(np.percentile(np.diff(ticks), 99) * 1000)
