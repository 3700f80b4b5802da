"""What one batched computation gains on a GPU: 32 seeds of the digits CNN at once, over the same runs one after the other.

Both sides are computed in this process, with a folder for each run, after both have been done once in short: no start of a
process and of the GPU counts, everything else does. Without a GPU the row is left out, with a line that says so.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from engine.experiments.experiment import Experiment, preset
from engine.fields import edited

PAIRS = 3
RUNS, EPOCHS, BATCH = 32, 30, 32
WARM_RUNS, WARM_EPOCHS = 2, 2


def rows() -> Iterator[dict[str, object]]:
    import torch

    if not torch.cuda.is_available():
        print(json.dumps({"left_out": "seeds32", "needs": "a CUDA GPU"}), file=sys.stderr, flush=True)
        return
    pairs = []
    for pair in range(-1, PAIRS):  # the first is not counted
        runs, epochs = (RUNS, EPOCHS) if pair >= 0 else (WARM_RUNS, WARM_EPOCHS)
        took = {side: _seconds(side, _experiments(runs, epochs, "cuda")) for side in ((True, False), (False, True))[pair % 2]}
        if pair >= 0:
            pairs.append(took)
    yield {
        "name": "seeds32",
        "ratio": round(median(took[False] / took[True] for took in pairs), 3),
        "this": round(median(took[True] for took in pairs), 2),
        "other": round(median(took[False] for took in pairs), 2),
        "unit": "s",
        "goal": ">= 10",
    }


def _experiments(runs: int, epochs: int, device: str) -> list[Experiment]:
    base = preset("digits-cnn")
    training = edited(base.training, lr=1e-3, batch_size=BATCH, epochs=epochs, device=device)
    return [edited(base, seed=base.seed + run, training=training) for run in range(runs)]


def _seconds(at_once: bool, experiments: list[Experiment]) -> float:
    from engine.training.together.company import Company
    from engine.training.worker import train

    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / str(run) for run in range(len(experiments))]
        began = time.perf_counter()
        if at_once:
            company = Company(experiments, folders, threads=1)
            company.run()
            assert company.failure is None, company.failure
        else:
            for experiment, folder in zip(experiments, folders, strict=True):
                train(experiment, folder=folder, threads=1)
        return time.perf_counter() - began
