"""Killed with SIGKILL at 50 random moments, also inside an epoch and in the middle of writing each of its files: every folder
opens, and what is gone on with has the losses and the moments of a run that was never broken off, to the bit."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.layers.catalog import BatchNorm1d, Dropout, Flatten, Linear
from engine.runs.folder import METRICS, Run
from engine.runs.lock import LOCK
from engine.runs.status import Reason
from engine.training.worker import resume, train

SMALL = Experiment(
    seed=4,
    data=Data(samples=120),
    network=Network(layers=(Flatten(), Linear(out_features=12), BatchNorm1d(), Dropout(p=0.2), Linear(out_features=10))),
    training=Training(epochs=8, batch_size=16, device="cpu"),
)
KILLS = 50

# Trains in a process of its own each time, which is killed: of itself in the middle of its n-th write, or from outside after a
# while. One that has not been killed before its last step waits for it there.
SCRIPT = """
    import os, random, signal, sys, time
    from pathlib import Path
    from engine import files
    from engine.experiments.experiment import read
    from engine.runs import metrics
    from engine.runs.timeline import kept_weights
    from engine.training import execution
    from engine.training.trainer import Trainer
    from engine.training.worker import train

    experiment, root, kills, lines = read(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    execution.CHECKPOINT_AFTER_S = execution.CHECKPOINT_WITHIN_S = execution.CHECKPOINT_SPACING = 0.0
    execution.METRICS_EVERY_S = execution.TICK_S = 0.0
    train(experiment)  # torch and its first steps, once for all

    class Killing:
        # What a file takes of a write; after some writes half of it, and that is the end.
        def __init__(self, writes):
            self.left = writes
        def over(self, file, content):
            self.left -= 1
            if self.left == 0:
                file.write(bytes(content)[: random.randrange(len(content)) if content else 0])
                file.flush()
                os.kill(os.getpid(), signal.SIGKILL)
            return file.write(content)

    class Half:
        def __init__(self, file, killing):
            self.file, self.killing = file, killing
        def write(self, content):
            return self.killing.over(self.file, content)
        def __getattr__(self, name):
            return getattr(self.file, name)
        def __enter__(self):
            self.file.__enter__()
            return self
        def __exit__(self, *what):
            return self.file.__exit__(*what)

    def breaking(writes):
        killing, opened, fdopen = Killing(writes), Path.open, os.fdopen
        def open_path(self, mode="r", *more, **named):
            file = opened(self, mode, *more, **named)
            return Half(file, killing) if "a" in mode or "w" in mode else file
        Path.open = open_path
        files.os = type("os", (), {"__getattr__": lambda _, name: getattr(os, name)})()
        files.os.fdopen = lambda *more: Half(fdopen(*more), killing)

    def waiting_at_the_end(mark):
        step = Trainer.step
        def held(trainer):
            if trainer.step_count == 47:
                mark.touch()
                signal.pause()
            step(trainer)
        Trainer.step = held

    def size(file):
        return file.stat().st_size if file.exists() else 0

    for number in range(kills):
        random.seed(number)
        folder, at_the_end = root / f"{number:02}", root.parent / f"{number:02}"
        child = os.fork()
        if child == 0:
            if number % 2:
                breaking(3 + random.randrange(60))  # the first two make the folder a run
            else:
                waiting_at_the_end(at_the_end)
            train(experiment, folder=folder)
            os._exit(0)
        if number % 2 == 0:
            enough = 1 + random.randrange(lines)  # bytes of measurements
            while size(folder / "metrics.jsonl") < enough and not at_the_end.exists():
                time.sleep(0.002)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
"""


@pytest.mark.timeout(600)
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="kills processes that it has forked")
def test_a_run_that_is_killed_at_any_moment_goes_on_to_the_bit(tmp_path: Path) -> None:
    write(SMALL, tmp_path / "experiment.toml")
    train(SMALL, folder=tmp_path / "whole")
    whole = Run.open(tmp_path / "whole")
    truth, kept = whole.history(), whole.timeline()
    (tmp_path / "runs").mkdir()
    lines = str((tmp_path / "whole" / METRICS).stat().st_size)
    subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(SCRIPT),
            str(tmp_path / "experiment.toml"),
            str(tmp_path / "runs"),
            str(KILLS),
            lines,
        ],
        cwd=Path(__file__).parents[3],
        check=True,
        timeout=500,
    )
    folders = sorted((tmp_path / "runs").iterdir())
    assert len(folders) == KILLS
    killed, inside, left_half = 0, 0, 0
    for folder in folders:
        run = Run.open(folder)
        killed += (folder / LOCK).exists()
        left_half += bool(list(folder.glob(".*.part")))
        moment = run.moment()
        done = 0 if moment is None else moment.kept.step
        inside += done % 6 != 0 or len(run.history().train) % 6 != 0
        assert run.summary().status.step == done
        for step in run.timeline().steps:
            np.testing.assert_array_equal(run.timeline().read(step)["1.weight"], kept.read(step)["1.weight"])
        assert resume(folder).reason is Reason.COMPLETED
        run = Run.open(folder)
        for one, other in ((run.history().train, truth.train), (run.history().validation, truth.validation)):
            for ours, theirs in zip(one.since(), other.since(), strict=True):
                np.testing.assert_array_equal(ours, theirs)
        timeline = run.timeline()
        assert timeline.steps == kept.steps
        for step in kept.steps:
            for name, values in kept.read(step).items():
                np.testing.assert_array_equal(timeline.read(step)[name], values)
    assert killed == KILLS, "the runs were long enough"
    assert inside >= 10, "some were killed inside an epoch"
    assert left_half >= 3, "some were killed while writing"
