"""Ahead of every peer: steps a second of ours over those of the fastest peer, and 16 runs as a queue over the fastest peer's.

`peers[WORK]`: the same network, data, optimiser and batches of 64, each side in a process of its own, on one and the same
core, taking turns after it has warmed up and compiled; a second is one in which the core worked for that side. `peers_queue`:
16 runs of the digits CNN, two at a time, over the fastest peer's 16 runs one after the other in one warm process with all
cores. Peers that are not installed are left out, with a line that says so: they are the extra `peers` of pyproject.toml.
`LAYERSCOPE_PEERS_PYTHON` names another interpreter that has them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import numpy as np

PEERS = {"jax": "jax", "keras": "keras, jax", "lightning": "lightning, torch"}  # and what each needs
WORKS = {"digits-cnn": 8, "adding-lstm": 1}  # preset -> epochs of one turn
BATCH, TURNS = 64, 9
RUNS, RUN_EPOCHS, RUN_BATCH = 16, 30, 32
ROOT = Path(__file__).parents[2]
BACKEND = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}


def rows() -> Iterator[dict[str, object]]:
    peers = list(_installed())
    if not peers:
        return
    with tempfile.TemporaryDirectory() as name:
        files = {work: _data(Path(name), work) for work in WORKS}
        for work, epochs in WORKS.items():
            yield _beside(work, files[work], epochs, peers)
        yield _queue(Path(name), files["digits-cnn"], peers)


def _python(peer: str) -> str:
    return sys.executable if peer == "ours" else os.environ.get("LAYERSCOPE_PEERS_PYTHON", sys.executable)


def _installed() -> Iterator[str]:
    """The peers that are there; a line for each that is not."""
    for peer, needed in PEERS.items():
        tried = [_python(peer), "-c", f"import {needed}"]
        if subprocess.run(tried, capture_output=True, env=os.environ | BACKEND, check=False).returncode == 0:
            yield peer
        else:
            print(json.dumps({"left_out": f"peers: {peer}", "needs": needed}), file=sys.stderr, flush=True)


def _data(folder: Path, work: str) -> Path:
    """The training data of the preset, for all sides."""
    from engine.data import datasets
    from engine.experiments.experiment import preset

    experiment = preset(work)
    data = datasets.load(experiment.data, seed=experiment.seed)
    file = folder / f"{work}.npz"
    np.savez(file, x=data.x_train.numpy(), y=data.y_train.numpy())
    return file


class _Side:
    """A process that trains when it is told to."""

    def __init__(self, peer: str, work: str, file: Path, batch: int, cores: set[int] | None) -> None:
        self.peer = peer
        environment = os.environ | BACKEND | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [_python(peer), str(ROOT / "tests" / "bench" / "peer_loops.py"), peer, work, str(file), str(batch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | (ONE_THREAD if cores else {}),
            preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
            text=True,
        )
        while self._line() != "ready":
            pass

    def seconds(self, epochs: int, *, of_processor: bool = False) -> float:
        """`of_processor`: only those in which the processor worked for it."""
        assert self._process.stdin is not None
        print(epochs, file=self._process.stdin, flush=True)
        return float(self._line().split()[of_processor])

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise RuntimeError(f"the process of {self.peer} has ended")
        return line.strip()


def _beside(work: str, file: Path, epochs: int, peers: list[str]) -> dict[str, object]:
    """All sides take turns on one core."""
    with np.load(file) as data:
        steps = epochs * -(-len(data["x"]) // BATCH)
    core = {max(os.sched_getaffinity(0))}
    sides = [_Side(peer, work, file, BATCH, core) for peer in ("ours", *peers)]
    try:
        turns = []
        for turn in range(TURNS):
            order = sides if turn % 2 else sides[::-1]
            turns.append({side.peer: steps / side.seconds(epochs, of_processor=True) for side in order})
    finally:
        for side in sides:
            side.end()
    fastest = _fastest(turns, peers)
    return {
        "name": f"peers[{work}]",
        "ratio": round(median(turn["ours"] / turn[fastest] for turn in turns), 3),
        "fastest": fastest,
        **{peer: round(median(turn[peer] for turn in turns), 1) for peer in ("ours", *peers)},
        "unit": "steps/s",
        "goal": ">= 1.15",
    }


def _fastest(turns: list[Mapping[str, float]], peers: list[str]) -> str:
    return max(peers, key=lambda peer: median(turn[peer] for turn in turns))


def _queue(folder: Path, file: Path, peers: list[str]) -> dict[str, object]:
    """The peers take turns with all cores first, to see which is the fastest."""
    from engine.experiments.experiment import preset, write
    from engine.fields import edited

    sides = {peer: _Side(peer, "digits-cnn", file, RUN_BATCH, None) for peer in peers}
    try:
        tried = [{peer: 1 / side.seconds(RUN_EPOCHS) for peer, side in sides.items()} for _ in range(3)]
        fastest = _fastest(list(tried), peers)
        for peer in peers:
            if peer != fastest:
                sides[peer].end()
        base = preset("digits-cnn")
        training = edited(base.training, lr=1e-3, batch_size=RUN_BATCH, epochs=RUN_EPOCHS, device="cpu")
        experiment = folder / "experiment.toml"
        write(edited(base, training=training), experiment)
        pairs = []
        for pair in range(3):
            theirs = sides[fastest].seconds(RUNS * RUN_EPOCHS)
            command = [sys.executable, "-m", "engine", "sweep", str(experiment), "--seeds", str(RUNS), "--jobs", "2", "--json"]
            began = time.perf_counter()
            subprocess.run([*command, "--out", str(folder / str(pair))], check=True, capture_output=True, cwd=ROOT)
            pairs.append((theirs, time.perf_counter() - began))
    finally:
        for side in sides.values():
            side.end()
    return {
        "name": "peers_queue",
        "ratio": round(median(theirs / ours for theirs, ours in pairs), 3),
        "fastest": fastest,
        "this": round(median(ours for _, ours in pairs), 2),
        "other": round(median(theirs for theirs, _ in pairs), 2),
        "unit": "s",
        "goal": ">= 1.6",
    }
