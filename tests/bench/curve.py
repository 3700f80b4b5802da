"""What a frame of the live plot costs with a million points, over one with ten thousand: taking in a batch of
new points, reducing, drawing, painting."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from statistics import median

import numpy as np

FEW, MANY = 10_000, 1_000_000
FRAMES = 60
PAIRS = 7
NEW = 40  # points that come between two frames of a fast run


def rows() -> Iterator[dict[str, object]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from gui.shell import theme

    app = QApplication.instance() or QApplication([])
    theme.start(app)  # type: ignore[arg-type]
    theme.apply("light")
    few, many = _Plot(FEW), _Plot(MANY)
    pairs = [(many.frame_ms(), few.frame_ms()) for _ in range(PAIRS)]
    yield {
        "name": "curve",
        "ratio": round(median(one / other for one, other in pairs), 3),
        "this": round(median(one for one, _ in pairs), 3),
        "other": round(median(other for _, other in pairs), 3),
        "unit": "ms",
        "goal": "<= 1.2",
    }


class _Plot:
    def __init__(self, points: int) -> None:
        from gui.plots.curves import Curves

        self.plot = Curves()
        self.plot.add("train", 0)
        self.plot.add("validation", 1, dashed=True, smoothed=False)
        self.plot.resize(560, 300)
        self.plot.show()
        self._random = np.random.default_rng(0)
        self._next = 1
        self._feed(points)

    def _feed(self, count: int) -> None:
        steps = np.arange(self._next, self._next + count)
        self._next += count
        losses = 2.3 * np.exp(-steps / 3000) + 0.1 * self._random.random(count) + 0.02
        self.plot.append("train", steps, losses)
        epochs = steps % 45 == 0
        self.plot.append("validation", steps[epochs], losses[epochs] + 0.05)

    def frame_ms(self) -> float:
        """The median frame: new points, reduction, drawing, painting."""
        from PySide6.QtWidgets import QApplication

        app = QApplication.instance()
        assert app is not None
        spent = []
        for _ in range(FRAMES):
            began = time.perf_counter()
            self._feed(NEW)
            self.plot.draw()
            app.processEvents()
            spent.append(time.perf_counter() - began)
        return median(spent) * 1000
