"""What a second process gains: LeNet-5 on mnist-5k with batches of 256, trained by two processes under torchrun, over one.

Samples a second from the first step to the end, each epoch's validation and all files of the run included; the time that the
processes take to start is not. One process is `python -m engine train` as users begin it, with its usual threads.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from engine.experiments.experiment import preset, write
from engine.fields import edited

PAIRS = 3
EPOCHS, BATCH = 8, 256
ALONE = [sys.executable, "-m", "engine"]
TOGETHER = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "-m", "engine"]


def rows() -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as name:
        folder, base = Path(name), preset("lenet-5")
        file = folder / "experiment.toml"
        training = edited(base.training, batch_size=BATCH, epochs=EPOCHS, device="cpu")
        write(edited(base, training=training), file)
        pairs = []
        for pair in range(PAIRS):
            speeds = {}
            for side in (ALONE, TOGETHER) if pair % 2 else (TOGETHER, ALONE):
                command = [*side, "train", str(file), "--out", str(folder / f"{len(side)}-{pair}"), "--json"]
                printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found = json.loads(printed.splitlines()[-1])
                speeds[len(side)] = found["steps"] * BATCH / found["seconds"]
            pairs.append((speeds[len(TOGETHER)], speeds[len(ALONE)]))
    yield {
        "name": "ddp2",
        "ratio": round(median(together / alone for together, alone in pairs), 3),
        "this": round(median(together for together, _ in pairs)),
        "other": round(median(alone for _, alone in pairs)),
        "unit": "samples/s",
        "goal": ">= 1.5",
    }
