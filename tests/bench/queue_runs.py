"""What two cores gain: 16 runs of the digits CNN as a queue of two at a time, over the same runs one after the other.

Both sides begin with a process that has imported nothing, and keep every run on disk. One after the other means: in one
process, with one thread, as a script does that calls `train` in a loop.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from engine.experiments.experiment import preset, write
from engine.fields import edited

PAIRS = 3
RUNS, EPOCHS, BATCH = 16, 30, 32
AFTER_ANOTHER = """
import sys
from pathlib import Path
from engine.experiments.experiment import read
from engine.queue.plan import QueuePlan, planned
from engine.training.worker import train

for run in planned(read(sys.argv[1]), QueuePlan(seeds=int(sys.argv[2]))):
    train(run.experiment, folder=Path(sys.argv[3]) / str(run.number), threads=1)
"""


def rows() -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as name:
        folder, base = Path(name), preset("digits-cnn")
        file = folder / "experiment.toml"
        training = edited(base.training, lr=1e-3, batch_size=BATCH, epochs=EPOCHS, device="cpu")
        write(edited(base, training=training), file)
        pairs = []
        for pair in range(PAIRS):
            sides = {}
            for side in ("queue", "script") if pair % 2 else ("script", "queue"):
                out = folder / f"{side}-{pair}"
                out.mkdir()
                command = [sys.executable, "-m", "engine", "sweep", str(file), "--seeds", str(RUNS), "--jobs", "2", "--json"]
                command += ["--out", str(out)]
                if side == "script":
                    command = [sys.executable, "-c", AFTER_ANOTHER, str(file), str(RUNS), str(out)]
                began = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                sides[side] = time.perf_counter() - began
            pairs.append(sides)
    yield {
        "name": "queue",
        "ratio": round(median(sides["script"] / sides["queue"] for sides in pairs), 3),
        "this": round(median(sides["queue"] for sides in pairs), 2),
        "other": round(median(sides["script"] for sides in pairs), 2),
        "unit": "s",
        "goal": ">= 1.8",
    }
