"""All runs on disk: how long it takes to list a thousand, and to find in what fifty of them differ."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from engine.experiments.experiment import Experiment, Network, preset
from engine.fields import edited
from engine.layers.catalog import BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from engine.runs.library.run_list import RunList
from engine.runs.library.setting_differences import setting_differences

RUNS, COMPARED = 1000, 50
SETTINGS = 60
TURNS = 15


def rows() -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_runs(root, RUNS)
        first = _ms(lambda: RunList(root).read(most_new=60), 1)
        listed = RunList(root)
        listed.read()
        listed.keep()
        value = _ms(lambda: RunList(root).read(), 5)
        yield {"name": "run_list", "value": round(value, 1), "unit": "ms", "goal": "<= 300"}
        yield {"name": "run_list[never read before]", "value": round(first, 1), "unit": "ms", "goal": "<= 300"}
        value = median(shown_ms(root) for _ in range(5))
        yield {"name": "run_list[in the window]", "value": round(value, 1), "unit": "ms", "goal": "<= 300"}
    experiments = compared_experiments()
    value = _ms(lambda: setting_differences(experiments), TURNS)
    yield {"name": "compare", "value": round(value, 2), "unit": "ms", "goal": "<= 16"}


def shown_ms(root: Path) -> float:
    """From opening the view of all runs to the painted table with every run."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from gui.labs.training.runs.runs_page import RunsPage
    from gui.labs.training.runs.runs_view import RunsView
    from gui.shell import theme

    if QApplication.instance() is None:
        theme.start(QApplication([]))
        theme.apply("light")
    loop = QEventLoop()
    began = time.perf_counter()
    page = RunsPage(root)
    page.resize(1240, 760)
    page.set_view(RunsView())
    page.feed.listed.connect(lambda rows: len(rows) == RUNS and all(row.run.is_read for row in rows) and loop.quit())
    page.show()
    QTimer.singleShot(60_000, loop.quit)
    loop.exec()
    page.table.grab()
    spent = 1000 * (time.perf_counter() - began)
    page.close_page(2.0)
    page.deleteLater()
    return spent


def compared_experiments() -> list[Experiment]:
    """Experiments that differ in 60 settings, layers among them."""
    made = []
    for number in range(COMPARED):
        layers = []
        for block in range(9):  # six settings each
            layers += [
                Conv2d(out_channels=8 + number + block, kernel_size=3 + 2 * (number % 3), padding=number % 2),
                BatchNorm2d(eps=1e-5 * (number + 1)),
                ReLU(),
                Dropout(p=0.01 * (number % 10)),
            ]
            layers.append(MaxPool2d(kernel_size=2 + number % 2))
        layers += [Flatten(), Linear(out_features=10 + number)]
        base = preset("digits-cnn")
        training = edited(
            base.training, lr=1e-4 * (number + 1), batch_size=16 + number, epochs=number + 1, weight_decay=number / 99
        )
        made.append(edited(base, seed=number, training=training, network=Network(layers=tuple(layers))))
    assert len(setting_differences(made)) == SETTINGS
    return made


def write_runs(root: Path, count: int) -> None:
    """Folders of runs as they are long after their end."""
    from tests.engine.runs.library.kept_runs import keep

    for number in range(count):
        base = preset(("digits-cnn", "digits-mlp", "adding-lstm")[number % 3])
        training = edited(base.training, lr=1e-3 * (number % 7 + 1))
        name = f"2026{number // 28 % 12 + 1:02}{number % 28 + 1:02}-120000-run-{number}"
        keep(root / name, edited(base, seed=number, training=training))
    long_ago = time.time() - 1e6
    for file in root.rglob("*"):
        os.utime(file, (long_ago, long_ago))


def _ms(work: Callable[[], object], turns: int) -> float:
    spent = []
    for _ in range(turns):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return 1000 * median(spent)
