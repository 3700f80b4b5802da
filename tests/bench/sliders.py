"""How long a slider of the convolution lab takes to reach the screen, over the bare convolution that it asks for.

One side is the real window: a slider is set, and the time runs until all maps of the new setting are painted. The other is what
a script of one line pays for the same `conv2d`, on one thread, in a process of its own: there every result goes into fresh
memory, as it does in any script (13 MB for 64 maps). In a process that has already freed larger results the C library may hand
out warm memory instead, so the other side never shares our process, nor our memory with it. Pairs are interleaved.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

PAIRS = 60
UNCOUNTED = 10  # first pairs: both sides compile their kernels
GOALS = {16: 2.5, 64: 2.0}

BARE = """
import sys, time
import numpy, torch
maps = int(sys.argv[1])
picture = torch.from_numpy(numpy.load(sys.argv[2]))[None]
weight, bias = torch.randn(maps, 3, 3, 3), torch.zeros(maps)
torch.set_num_threads(1)
with torch.inference_mode():
    for line in sys.stdin:
        dilation = int(line)
        began = time.perf_counter()
        torch.nn.functional.conv2d(picture, weight, bias, padding=dilation, dilation=dilation)
        print(time.perf_counter() - began, flush=True)
"""


def rows() -> Iterator[dict[str, object]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAYERSCOPE_HOME"] = home
        with _Window(Path(home)) as window:
            for maps in GOALS:
                yield _row(maps, window, Path(home))


def _row(maps: int, window: _Window, home: Path) -> dict[str, object]:
    picture = home / "picture.npy"
    window.prepare(maps, picture)
    pairs: list[tuple[float, float]] = []
    command = [sys.executable, "-c", BARE, str(maps), str(picture)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as bare:
        assert bare.stdin is not None and bare.stdout is not None
        for number in range(PAIRS + UNCOUNTED):
            dilation = 1 + (number + 1) % 3
            bare.stdin.write(f"{dilation}\n")
            other = float(bare.stdout.readline())
            pairs.append((window.slide(dilation), other))
        bare.stdin.close()
    counted = pairs[UNCOUNTED:]
    return {
        "name": f"slider_{maps}",
        "ratio": round(median(ours / other for ours, other in counted), 3),
        "this": round(1000 * median(ours for ours, _ in counted), 2),
        "other": round(1000 * median(other for _, other in counted), 2),
        "unit": "ms",
        "goal": f"<= {GOALS[maps]}",
    }


class _Window:
    """The real window on the convolution lab, driven from outside its event loop."""

    def __init__(self, home: Path) -> None:
        from PySide6.QtCore import QEventLoop
        from PySide6.QtWidgets import QApplication

        from gui.main_window import MainWindow
        from gui.shell import theme

        app = QApplication.instance()
        if not isinstance(app, QApplication):
            app = QApplication([])
            theme.start(app)
        self._app = app
        self._ready: list[bool] = []
        self._loop = QEventLoop()
        self._wanted: int | None = None  # the dilation of the maps that are waited for
        self._window = MainWindow(home / "settings.json", lab="convolution", chosen_language="en")
        self._window.torch_is_ready.connect(lambda: self._ready.append(True))
        self._window.resize(1440, 900)

    def __enter__(self) -> _Window:
        from gui.labs.convolution.lab import ConvolutionLab

        self._window.show()
        lab = self._window.lab("convolution")
        assert isinstance(lab, ConvolutionLab)
        self._lab = lab
        lab.maps_painted.connect(self._note)
        self._until(lambda: bool(self._ready))
        return self

    def __exit__(self, *_: object) -> None:
        self._window.close()

    def prepare(self, maps: int, picture: Path) -> None:
        """Show the photograph as `maps` maps of a 3x3 filter, and write it down for the other side."""
        import numpy as np

        from engine.layers.kinds.convolution import Conv2d
        from gui.labs.convolution.state import ConvolutionState
        from gui.widgets.pictures.picture_files import sample

        self._lab.set_state(ConvolutionState(layer=Conv2d(out_channels=maps, kernel_size=(3, 3), padding="same")))
        values = sample("china").values_CHW
        assert values.shape == (3, 224, 224)
        np.save(picture, values)
        self._settle()

    def slide(self, dilation: int) -> float:
        """Seconds from the slider's move to its maps on the screen."""
        self._settle()
        slider = self._lab.panel.form().linked("dilation").rows[0].slider
        assert slider.value() != dilation
        began = time.perf_counter()
        slider.setValue(dilation)
        self._wanted = dilation
        self._loop.exec()  # as the program itself waits: a loop that asks without pause would take turns from the preview
        return time.perf_counter() - began

    def _note(self) -> None:
        shown = self._lab.shown
        if shown is not None and shown.request.work.layer.dilation == self._wanted:
            self._wanted = None
            self._loop.quit()

    def _settle(self) -> None:
        """Let everything that was begun come to its end, texts that follow slowly too."""
        from PySide6.QtCore import QTimer

        QTimer.singleShot(60, self._loop.quit)
        self._loop.exec()
        self._until(lambda: not self._lab.busy())

    def _until(self, come: object) -> None:
        assert callable(come)
        until = time.perf_counter() + 30
        while not come():
            self._app.processEvents()
            assert time.perf_counter() < until
