"""What looking inside costs the training: the real main window, with the feature maps and the layers' numbers on the screen.

`probe`: steps a second while the model is asked what the pages on the screen want, over those while nothing is asked; the
window lives and draws its curves in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.bench.live import PAIRS, SECONDS, WORKS
from tests.bench.opened_lab import begin_run, end_run, endless, live_for, opened_lab, show_inside

if TYPE_CHECKING:
    from engine.experiments.experiment import Experiment
    from gui.labs.training.lab import TrainingLab


def rows() -> Iterator[dict[str, object]]:
    with opened_lab() as lab:
        show_inside(lab)
        for name, (_, stem) in WORKS.items():
            yield _probe(lab, name, endless(stem))


def _probe(lab: TrainingLab, name: str, experiment: Experiment) -> dict[str, object]:
    """One run; its time is cut into pairs of slices, with the pages asking and without."""
    begin_run(lab, experiment)
    asking, silent = [], []
    for pair in range(PAIRS):
        for slot in (asking, silent) if pair % 2 else (silent, asking):
            lab.looking.set_questions(lab.pages.questions() if slot is asking else {})
            live_for(0.5)
            before, began = lab.worker.status().step, perf_counter()
            live_for(SECONDS)
            slot.append((lab.worker.status().step - before) / (perf_counter() - began))
    end_run(lab)
    ratio = median(one / other for one, other in zip(asking, silent, strict=True))
    return {
        "name": f"probe[{name}]",
        "ratio": round(ratio, 3),
        "this": round(median(asking), 1),
        "other": round(median(silent), 1),
        "unit": "steps/s",
        "goal": ">= 0.95",
    }
