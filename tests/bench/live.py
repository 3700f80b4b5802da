"""What the window costs the training, and the training the window: the real main window, the training lab
visible and drawing.

`live`: steps a second with the window over those with the GUI thread asleep, the same worker in the same
process. `frame_gap`: how far apart the ticks of a 16 ms timer lie, 99 of 100 of them, while training over
while idle.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from gui.labs.training.lab import TrainingLab

PAIRS = 5
SECONDS = 3.0
WORKS = {"digits-cnn": (">= 0.95", "digits-cnn"), "28x28": (">= 0.95", "pipeline-28x28")}


def rows() -> Iterator[dict[str, object]]:
    with opened_lab() as lab:
        show_inside(lab)
        for name, (goal, stem) in WORKS.items():
            yield _live(lab, name, goal, _endless(stem))
        yield _frame_gap(lab, _endless("digits-cnn"))


@contextmanager
def opened_lab() -> Iterator[TrainingLab]:
    """The training lab in the real main window, over a home of its own, once torch is there."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LAYERSCOPE_HOME"] = folder
        window, lab = _open(Path(folder))
        try:
            yield lab
        finally:
            window.close()  # type: ignore[attr-defined]


def _open(folder: Path) -> tuple[object, TrainingLab]:
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow
    from gui.shell import theme

    app = QApplication.instance() or QApplication([])
    theme.start(app)  # type: ignore[arg-type]
    window = MainWindow(folder / "settings.json", lab="training", chosen_language="ko")
    window.resize(1440, 900)
    window.show()
    lab = window.lab("training")
    _turn(60.0, lambda: lab._ready)  # type: ignore[attr-defined]
    return window, lab  # type: ignore[return-value]


def show_inside(lab: TrainingLab) -> None:
    """The pages that ask most, on the screen."""
    for page in ("feature_maps", "layers"):
        lab.pages.chosen.emit(page)


def _endless(stem: str) -> Experiment:
    from engine.experiments.experiment import preset
    from engine.fields import edited

    found = preset(stem)
    return edited(found, training=edited(found.training, epochs=100_000, device="cpu"))


def _turn(seconds: float, until: Callable[[], bool] | None = None) -> None:
    """Let the window live for some seconds, as `app.exec` would, with nothing else waking it; or until something is so."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    watch = QTimer()
    if until is not None:
        watch.timeout.connect(lambda: loop.quit() if until() else None)
        watch.start(50)
    loop.exec()


def _begin(lab: TrainingLab, experiment: Experiment) -> None:
    """Start a run and let it get warm."""
    lab.open_experiment(experiment)
    lab.play()
    _turn(30.0, lambda: lab.worker.status().step > 20)
    _turn(0.5)


def _end(lab: TrainingLab) -> None:
    lab.reset()
    _turn(10.0, lambda: not lab.run_in_progress())


def _live(lab: TrainingLab, name: str, goal: str, experiment: Experiment) -> dict[str, object]:
    """One run; its time is cut into pairs of slices, with the window living and with its thread asleep."""
    _begin(lab, experiment)
    drawn, asleep = [], []
    for pair in range(PAIRS):
        for slot in (drawn, asleep) if pair % 2 else (asleep, drawn):
            before, began = lab.worker.status().step, time.perf_counter()
            if slot is drawn:
                _turn(SECONDS)
            else:
                threading.Event().wait(SECONDS)
            slot.append((lab.worker.status().step - before) / (time.perf_counter() - began))
            _turn(0.3)  # what piled up meanwhile is drawn outside the measurement
    _end(lab)
    ratio = median(one / other for one, other in zip(drawn, asleep, strict=True))
    return {
        "name": f"live[{name}]",
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
        _begin(lab, experiment)
        training.append(_gap_ms())
        _end(lab)
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
    _turn(SECONDS)
    timer.stop()
    return float(np.percentile(np.diff(ticks), 99) * 1000)
