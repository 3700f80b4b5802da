"""How soon the window, and the first feature maps, are on screen: from the start of the process, over the same for the least
that any such program must do."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from statistics import median

PAIRS = 7

EMPTY_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("there", flush=True)
app = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
"""

OUR_WINDOW = """
from gui import before_qt
before_qt.put_off_collecting()
before_qt.import_engine()
from PySide6.QtWidgets import QApplication
import gui.main_window, gui.shell.theme, gui.shell.settings
app = QApplication([])
gui.shell.theme.start(app)
window = gui.main_window.MainWindow(gui.shell.settings.settings_file(), lab="convolution")
window.first_painted.connect(before_qt.begin_collecting)
window.first_painted.connect(lambda: print("there", flush=True))
window.show()
app.exec()
"""

BARE_CONVOLUTION = """
import PySide6.QtWidgets, pyqtgraph, torch
torch.set_num_threads(1)
torch.nn.functional.conv2d(torch.rand(1, 3, 224, 224), torch.rand(16, 3, 3, 3), padding=1)
print("there", flush=True)
"""

OUR_MAPS = """
from gui import before_qt
before_qt.put_off_collecting()
before_qt.import_engine()
from PySide6.QtWidgets import QApplication
import gui.main_window, gui.shell.theme, gui.shell.settings
app = QApplication([])
gui.shell.theme.start(app)
window = gui.main_window.MainWindow(gui.shell.settings.settings_file(), lab="convolution")
lab = window.lab("convolution")
window.first_painted.connect(before_qt.begin_collecting)
window.torch_is_ready.connect(before_qt.begin_collecting)
lab.maps_painted.connect(lambda: print("there", flush=True))
window.show()
app.exec()
"""


def rows() -> Iterator[dict[str, object]]:
    yield _row("window", OUR_WINDOW, EMPTY_WINDOW, 1.5)
    yield _row("first_maps", OUR_MAPS, BARE_CONVOLUTION, 1.3)


def _row(name: str, ours: str, other: str, goal: float) -> dict[str, object]:
    for script in (ours, other):  # once uncounted: files into the cache
        _until_there(script)
    pairs = [(_until_there(ours), _until_there(other)) for _ in range(PAIRS)]
    return {
        "name": name,
        "ratio": round(median(a / b for a, b in pairs), 3),
        "this": round(median(a for a, _ in pairs) * 1000, 1),
        "other": round(median(b for _, b in pairs) * 1000, 1),
        "unit": "ms",
        "goal": f"<= {goal}",
    }


def _until_there(script: str) -> float:
    """Seconds from starting the process to the line "there"."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "LAYERSCOPE_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
        process.kill()
        process.wait()
        process.stdout.close()
    if line.strip() != "there":
        raise RuntimeError(f"the benchmark's process ended without a window: {line!r}")
    return seconds
