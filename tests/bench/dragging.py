"""What the convolution lab costs the hand: how even the window's frames stay while a slider is dragged over passes that take
far longer than a frame, and what a step of the window costs.

`frame_gap[dragging]`: how far apart the ticks of a 16 ms timer lie, 99 of 100 of them, while a slider is dragged there and back
over a picture of 512×512, one move a tick, over the same while nothing happens. `step`: milliseconds of the window's thread for
one step of the filter over 32×32 cells, painting included.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

PAIRS = 5
SECONDS = 3.0
TICK_MS = 16
STEPS = 200


def rows() -> Iterator[dict[str, object]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAYERSCOPE_HOME"] = home
        from PySide6.QtWidgets import QApplication

        from gui.labs.convolution.lab import ConvolutionLab
        from gui.main_window import MainWindow
        from gui.shell import theme

        app = QApplication.instance()
        if not isinstance(app, QApplication):
            app = QApplication([])
            theme.start(app)
        window = MainWindow(Path(home) / "settings.json", lab="convolution", chosen_language="en")
        ready: list[bool] = []
        window.torch_is_ready.connect(lambda: ready.append(True))
        window.resize(1440, 900)
        window.show()
        lab = window.lab("convolution")
        assert isinstance(lab, ConvolutionLab)
        _turn(60.0, lambda: bool(ready))
        try:
            yield _dragging(lab)
            yield _step(lab)
        finally:
            window.close()


def _dragging(lab: object) -> dict[str, object]:
    from engine.layers.kinds.convolution import Conv2d
    from gui.labs.convolution.lab import ConvolutionLab
    from gui.labs.convolution.state import ConvolutionState

    assert isinstance(lab, ConvolutionLab)
    layer = Conv2d(out_channels=32, kernel_size=(5, 5), padding="same")
    lab.set_state(ConvolutionState(picture="stripes 3x512x512", layer=layer))
    _turn(30.0, lambda: not lab.busy())
    slider = lab.panel.form().linked("dilation").rows[0].slider
    span = range(1, 9)
    path = [*span, *reversed(span)]
    idle, dragged, passes = [], [], 0
    for _ in range(PAIRS):
        idle.append(_gap_ms(lambda number: None))
        before = lab.maps.passes
        dragged.append(_gap_ms(lambda number: slider.setValue(path[number % len(path)])))
        passes += lab.maps.passes - before
        _turn(10.0, lambda: not lab.busy())
    assert passes > 0, "no maps have followed the hand"
    return {
        "name": "frame_gap[dragging]",
        "ratio": round(median(one / other for one, other in zip(dragged, idle, strict=True)), 3),
        "this": round(median(dragged), 2),
        "other": round(median(idle), 2),
        "unit": "ms",
        "goal": "<= 1.5",
    }


def _step(lab: object) -> dict[str, object]:
    from PySide6.QtWidgets import QApplication

    from engine.layers.kinds.convolution import Conv2d
    from gui.labs.convolution.lab import ConvolutionLab
    from gui.labs.convolution.state import ConvolutionState, SceneState

    assert isinstance(lab, ConvolutionLab)
    layer = Conv2d(out_channels=8, kernel_size=(3, 3), padding=1)
    lab.set_state(ConvolutionState(picture="stripes 1x30x30", layer=layer, scene=SceneState(lens=32)))
    _turn(30.0, lambda: not lab.busy())
    spent = []
    for _ in range(STEPS):
        began = time.perf_counter()
        lab.scene_card.player.step.click()
        QApplication.processEvents()
        spent.append(time.perf_counter() - began)
        _turn(0.01)
    return {"name": "step", "value": round(1e3 * median(spent), 2), "unit": "ms", "goal": "<= 4"}


def _gap_ms(move: Callable[[int], None]) -> float:
    """The 99th percentile of the distances between the ticks of a timer that moves the hand."""
    import numpy as np
    from PySide6.QtCore import Qt, QTimer

    ticks: list[float] = []

    def tick() -> None:
        ticks.append(time.perf_counter())
        move(len(ticks))

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    _turn(SECONDS)
    timer.stop()
    return float(np.percentile(np.diff(ticks), 99) * 1000)


def _turn(seconds: float, until: Callable[[], bool] | None = None) -> None:
    """Let the window live for some seconds, as `app.exec` would, or until something is so."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    watch = QTimer()
    if until is not None:
        watch.timeout.connect(lambda: loop.quit() if until() else None)
        watch.start(20)
    loop.exec()
