"""`timeline`: milliseconds from a move of the scrubber to every open page at that moment, painted, 95 of 100 moves: the real
main window, a run that has ended."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

MOVES = 120
WORKS = {"digits-cnn": ("<= 50", 25), "lenet-5": ("<= 100", 2)}  # preset -> goal in ms, epochs


def rows() -> Iterator[dict[str, object]]:
    import numpy as np

    from tests.bench.opened_lab import live_for, opened_lab

    with opened_lab() as lab:
        for stem, (goal, epochs) in WORKS.items():
            _trained(lab, stem, epochs)
            times = _moves(lab)
            yield {
                "name": f"timeline[{stem}]",
                "value": round(float(np.percentile(times, 95)), 1),
                "median": round(float(np.median(times)), 1),
                "moments": len(lab.control.kept_weights.steps),  # type: ignore[union-attr]
                "bytes": lab.control.kept_weights.bytes_used,  # type: ignore[union-attr]
                "unit": "ms",
                "goal": goal,
            }
            lab.reset()
            live_for(10.0, lambda: not lab.run_in_progress())


def _trained(lab: object, stem: str, epochs: int) -> None:
    """A run of the preset that has ended, on the screen."""
    from engine.experiments.experiment import preset
    from engine.fields import edited
    from gui.labs.training.lab import TrainingLab
    from tests.bench.opened_lab import live_for

    assert isinstance(lab, TrainingLab)
    found = preset(stem)
    lab.open_experiment(edited(found, training=edited(found.training, epochs=epochs, device="cpu")))
    lab.play()
    live_for(600.0, lambda: lab.worker.status().reason is not None)
    live_for(1.0)


def _moves(lab: object) -> list[float]:
    """Moves to moments in no order, each as a press on the strip, until all pages have shown their answer and are painted."""
    from PySide6.QtWidgets import QApplication

    from gui.labs.training.lab import TrainingLab

    assert isinstance(lab, TrainingLab)
    draw, times = random.Random(1), []
    count = len(lab.control.kept_weights.steps)  # type: ignore[union-attr]
    for move in range(MOVES + 5):
        number = draw.randrange(count)
        if lab.control.kept_weights.steps[number] == lab.timeline.moment:  # type: ignore[union-attr]
            continue
        began = time.perf_counter()
        lab.timeline.strip.setValue(number)
        lab.timeline.strip.chosen.emit(number)
        while lab.looking.is_behind:
            QApplication.processEvents()
        QApplication.processEvents()
        if move >= 5:  # the first ones load the data and build the network
            times.append(1000 * (time.perf_counter() - began))
    return times
