"""How soon a run has its first step: from Play in a fresh window, torch being imported, over what a plain script needs after its
`import torch` for the same: load the digits, build the network, construct Adam, make one step."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from statistics import median

PAIRS = 5

OURS = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import gui.main_window, gui.shell.theme, gui.shell.settings
app = QApplication([])
gui.shell.theme.start(app)
window = gui.main_window.MainWindow(gui.shell.settings.settings_file(), lab="training")
lab = window.lab("training")

def press():
    began = time.perf_counter()
    lab.play()
    lab.worker.wait_until(lambda status: status.state.value == "running", 60)
    while not len(lab.worker.history.train):
        time.sleep(0.0005)
    print(time.perf_counter() - began, flush=True)

window.torch_is_ready.connect(lambda: QTimer.singleShot(300, press))
window.show()
app.exec()
"""

PLAIN = """
import torch, time
torch.set_num_threads(1)
began = time.perf_counter()
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
digits = load_digits()
x = (digits.images / 16).astype(np.float32).reshape(-1, 1, 8, 8)
parts = train_test_split(x, digits.target, train_size=1438, test_size=359, stratify=digits.target, random_state=0)
x, _, y, _ = (torch.from_numpy(part) for part in parts)
model = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
                      nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss = nn.functional.cross_entropy(model(x[:64]), y[:64])
loss.backward()
optimizer.step()
loss.item()
print(time.perf_counter() - began, flush=True)
"""


def rows() -> Iterator[dict[str, object]]:
    for script in (OURS, PLAIN):  # once uncounted: files into the cache
        _seconds(script)
    pairs = [(_seconds(OURS), _seconds(PLAIN)) for _ in range(PAIRS)]
    yield {
        "name": "first_step",
        "ratio": round(median(a / b for a, b in pairs), 3),
        "this": round(median(a for a, _ in pairs) * 1000, 1),
        "other": round(median(b for _, b in pairs) * 1000, 1),
        "unit": "ms",
        "goal": "<= 0.4",
    }


def _seconds(script: str) -> float:
    """What the script prints."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "LAYERSCOPE_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
    return float(line)
