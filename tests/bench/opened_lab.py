"""A lab that trains in the real main window, offscreen, as the benches open it: a run begins, goes on for some seconds while
the window lives, and ends. Called by the benches of the labs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from gui.labs.training.lab import TrainingLab
    from gui.running.lab.base import RunningLab


@contextmanager
def opened_lab(name: str = "training") -> Iterator[Any]:
    """A lab that trains, in the real main window, over a home of its own, once torch is there."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LAYERSCOPE_HOME"] = folder
        from PySide6.QtWidgets import QApplication

        from gui.main_window import MainWindow
        from gui.shell import theme

        app = QApplication.instance() or QApplication([])
        theme.start(app)  # type: ignore[arg-type]
        window = MainWindow(Path(folder) / "settings.json", lab=name, chosen_language="ko")
        ready: list[bool] = []
        window.torch_is_ready.connect(lambda: ready.append(True))
        window.resize(1440, 900)
        window.show()
        try:
            lab = window.lab(name)
            live_for(60.0, lambda: bool(ready))
            yield lab
        finally:
            window.close()


def show_inside(lab: TrainingLab) -> None:
    """The pages that ask most, on the screen."""
    for page in ("feature_maps", "layers"):
        lab.pages.chosen.emit(page)


def endless(stem: str) -> Experiment:
    from engine.experiments.experiment import preset
    from engine.fields import edited

    found = preset(stem)
    return edited(found, training=edited(found.training, epochs=100_000, device="cpu"))


def live_for(seconds: float, until: Callable[[], bool] | None = None) -> None:
    """Let the window live for some seconds, as `app.exec` would, with nothing else waking it; or until something is so."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    watch = QTimer()
    if until is not None:
        watch.timeout.connect(lambda: loop.quit() if until() else None)
        watch.start(50)
    loop.exec()


def begin_run(lab: RunningLab[Any], experiment: Experiment) -> None:
    """Start a run and let it get warm."""
    lab.open_experiment(experiment)
    lab.play()
    live_for(30.0, lambda: lab.worker.status().step > 20)
    live_for(0.5)


def end_run(lab: RunningLab[Any]) -> None:
    lab.reset()
    live_for(10.0, lambda: not lab.run_in_progress())
