"""What capturing a step gains on a GPU: steps a second of runs of the digits CNN that are kept on disk, captured over eager.

The eager side is a run as it is where nothing can be captured, with torch's own choice of optimiser. Both take turns.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import torch

from engine.data import datasets
from engine.data.datasets import Dataset
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.training.captured import capturable
from tests.bench.training import engine

PAIRS, EPOCHS = 5, 100


def rows() -> Iterator[dict[str, object]]:
    if not torch.cuda.is_available():
        print(json.dumps({"left_out": "graph", "needs": "a CUDA GPU"}), file=sys.stderr, flush=True)
        return
    experiment = preset("digits-cnn")
    experiment = edited(experiment, training=edited(experiment.training, epochs=EPOCHS, device="cuda"))
    dataset = datasets.load(experiment.data, seed=experiment.seed)
    for side in (engine, eager):  # once uncounted
        side(experiment, dataset)
    pairs = []
    for number in range(PAIRS):
        order = (engine, eager) if number % 2 else (eager, engine)
        speeds = {side: side(experiment, dataset) for side in order}
        pairs.append((speeds[engine], speeds[eager]))
    yield {
        "name": "graph",
        "ratio": round(median(captured / plain for captured, plain in pairs), 3),
        "this": round(median(captured for captured, _ in pairs), 1),
        "other": round(median(plain for _, plain in pairs), 1),
        "unit": "steps/s",
        "goal": ">= 3",
    }


def eager(experiment: Experiment, dataset: Dataset) -> float:
    with _nothing_captured():
        return engine(experiment, dataset)


@contextmanager
def _nothing_captured() -> Iterator[None]:
    devices, capturable.DEVICES = capturable.DEVICES, ()
    try:
        yield
    finally:
        capturable.DEVICES = devices
