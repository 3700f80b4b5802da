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
from typing import TYPE_CHECKING

from tests.bench.opened_lab import begin_run, end_run, endless, live_for, opened_lab, show_inside

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from gui.labs.training.lab import TrainingLab
    from tests.bench.opened_lab import RunningLab

PAIRS = 5
SECONDS = 3.0
WORKS = {"digits-cnn": (">= 0.95", "digits-cnn"), "28x28": (">= 0.95", "pipeline-28x28")}


def rows() -> Iterator[dict[str, object]]:
    with opened_lab() as lab:
        show_inside(lab)
        for name, (goal, stem) in WORKS.items():
            yield live_row(lab, f"live[{name}]", goal, endless(stem))
        yield _frame_gap(lab, endless("digits-cnn"))


def live_row(lab: RunningLab, name: str, goal: str, experiment: Experiment) -> dict[str, object]:
    """One run; its time is cut into pairs of slices, with the window living and with its thread asleep."""
    begin_run(lab, experiment)
    drawn, asleep = [], []
    for pair in range(PAIRS):
        for slot in (drawn, asleep) if pair % 2 else (asleep, drawn):
            before, began = lab.worker.status().step, time.perf_counter()
            if slot is drawn:
                live_for(SECONDS)
            else:
                threading.Event().wait(SECONDS)
            slot.append((lab.worker.status().step - before) / (time.perf_counter() - began))
            live_for(0.3)  # what piled up meanwhile is drawn outside the measurement
    end_run(lab)
    ratio = median(one / other for one, other in zip(drawn, asleep, strict=True))
    return {
        "name": name,
        "ratio": round(ratio, 3),
        "this": round(median(drawn), 1),
        "other": round(median(asleep), 1),
        "unit": "steps/s",
        "goal": goal,
    }


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
