"""Runs under torchrun as users begin them: what is printed and written, how they end, and that any number of processes goes on
with them."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.__main__ import main
from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.layers.kinds.activation import Dropout, ReLU
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.recurrent import LSTM
from engine.runs.folder import Run
from engine.runs.library.following import FollowedRun
from engine.runs.status import State
from engine.training.distributed.launch import Launch
from engine.training.distributed.leader import Leader
from engine.training.trainer import Trainer
from engine.training.worker import Worker
from tests.engine.training.test_shared_steps import ROOT, TORCHRUN, free_port
from tests.patience import GIVE_UP_S

pytestmark = [
    pytest.mark.timeout(600),  # each process imports torch
    pytest.mark.skipif(sys.platform == "win32", reason="torchrun's store is not there on Windows"),
]
LONG = Experiment(  # ends when it is told to
    name="long",
    seed=4,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=16), ReLU(), Dropout(p=0.2), Linear(out_features=10))),
    training=Training(epochs=100_000, batch_size=31, optimizer="SGD", lr=1e-3, device="cpu"),
)


class Torchrun:
    """`torchrun` on one machine, or on one of several that each have an address of the loopback range."""

    def __init__(self, log: Path, *arguments: object) -> None:
        self.log = log
        self._out = log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "torch.distributed.run", *map(str, arguments)],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=self._out, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def workers(self) -> list[int]:
        """The process of each rank of this machine, in order."""
        rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        found = [row.split(None, 2) for row in rows.splitlines()]
        return sorted(int(pid) for pid, parent, args in found if int(parent) == self.process.pid and "-m engine" in args)

    def end(self) -> str:
        """Wait for its end; what all have printed."""
        self.process.wait(GIVE_UP_S)
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        left = self.workers() if self.process.poll() is None else []
        self.process.kill()
        self.process.wait()
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._out.close()


@contextmanager
def started(log: Path, *arguments: object):
    run = Torchrun(log, *arguments)
    try:
        yield run
    finally:
        run.kill()


def wait_for(condition, run: Torchrun) -> None:
    until = time.monotonic() + GIVE_UP_S
    while not condition():
        assert run.process.poll() is None, run.log.read_text(errors="replace")
        assert time.monotonic() < until, run.log.read_text(errors="replace")
        time.sleep(0.05)


def said(text: str, start: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(start)]


def losses_of(folder: Path) -> np.ndarray:
    return Run.open(folder).history().train.since()[1]


def alone(steps: int) -> np.ndarray:
    """The losses of the first steps of one process."""
    losses: list[float] = []
    trainer = Trainer(LONG, load(LONG.data, seed=4), torch.device("cpu"), lambda _, loss, __: losses.append(loss))
    for _ in range(steps):
        trainer.step()
    return np.array(losses, dtype=np.float32)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A run of two processes that is followed while it goes on, and stopped by a signal; what was seen of it."""
    folder = tmp_path_factory.mktemp("torchrun")
    write(LONG, folder / "long.toml")
    run_folder = folder / "run"
    arguments = ("--nproc-per-node", 2, "--master-port", free_port(), "-m", "engine", "train")
    with started(folder / "log", *arguments, folder / "long.toml", "--out", run_folder, "--json") as run:
        wait_for(lambda: (run_folder / "status.json").exists(), run)
        followed = FollowedRun(run_folder)
        seen = []

        def goes_on() -> bool:
            status = followed.look()
            seen.append((len(followed.history.train), status.state, status.processes))
            return seen[-1][0] > 40

        wait_for(goes_on, run)
        run.process.send_signal(signal.SIGTERM)
        printed = run.end()
    return run_folder, printed, seen


def test_the_first_process_alone_prints(stopped):
    folder, printed, _ = stopped
    (line,) = said(printed, "{")
    found = json.loads(line)
    assert (found["reason"], found["processes"], found["run"]) == ("stopped", 2, str(folder))
    epochs = said(printed, "epoch ")
    assert len(epochs) == len(set(epochs)) > 0
    assert "Warning" not in printed and "Gloo" not in printed


def test_it_is_followed_while_it_goes_on(stopped):
    _, _, seen = stopped
    steps = [count for count, _, _ in seen]
    assert steps == sorted(steps) and seen[-1][1:] == (State.RUNNING, 2)


def test_a_signal_stops_and_saves_as_in_one_process(stopped):
    folder, _, _ = stopped
    run = Run.open(folder)
    kept = run.kept()
    assert kept is not None and kept.step == len(losses_of(folder)) > 40, "nothing is lost"
    assert (kept.processes, run.status["processes"], run.status["reason"]) == (2, 2, "stopped")


def test_the_losses_are_those_of_one_process(stopped):
    losses = losses_of(stopped[0])
    np.testing.assert_allclose(losses, alone(len(losses)), rtol=1e-4)


@pytest.fixture(scope="module")
def went_on(stopped, tmp_path_factory):
    """The same run, gone on with in one process, and then by two machines, one of whose processes is killed."""
    folder = stopped[0]
    begun = len(losses_of(folder))
    worker = Worker()
    worker.resume(folder, paused=True)
    worker.step(20)
    assert worker.wait_until(lambda status: status.state is State.PAUSED and status.step >= begun + 20, GIVE_UP_S), (
        worker.status()
    )
    worker.stop()
    assert worker.wait_until(lambda status: status.state is State.IDLE, GIVE_UP_S)
    single = Run.open(folder)
    assert single.status["processes"] == 1
    assert worker.close(GIVE_UP_S)
    log = tmp_path_factory.mktemp("two machines")
    port = free_port()

    def machine(number: int) -> tuple[object, ...]:
        meeting = ("--nnodes", 2, "--node-rank", number, "--master-addr", "127.0.0.1", "--master-port", port)
        return (*meeting, "--local-addr", f"127.0.0.{number + 1}", "--nproc-per-node", 1, "-m", "engine", "resume", folder)

    with started(log / "first", *machine(0)) as first, started(log / "second", *machine(1)) as second:
        wait_for(lambda: len(losses_of(folder)) > begun + 40, first)
        (victim,) = second.workers()
        os.kill(victim, signal.SIGKILL)
        printed = first.end(), second.end()
        code = first.process.returncode
    return folder, begun, printed, code


def test_a_killed_process_ends_the_run_with_a_sentence(went_on):
    _, _, (first, second), code = went_on
    assert code == 1
    (error,) = said(first + second, "error: ")
    assert error.startswith("error: One of the 2 processes has ended")
    assert "Traceback (most recent call last)" not in first.partition("torch/distributed/elastic")[0]


def test_what_was_reached_before_it_is_kept(went_on):
    folder, begun, _, _ = went_on
    run = Run.open(folder)
    kept = run.kept()
    assert run.status["reason"] == "failed" and run.status["problem"]["code"] == "process_lost"
    assert kept is not None and kept.step == len(losses_of(folder)) > begun + 40
    worker = Worker()
    worker.resume(folder, paused=True)
    worker.step(5)
    assert worker.wait_until(lambda status: status.state is State.PAUSED and status.step >= kept.step + 5, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)


def test_over_different_numbers_of_processes_the_losses_stay_those_of_one(went_on):
    losses = losses_of(went_on[0])
    np.testing.assert_allclose(losses, alone(len(losses)), rtol=1e-3)


@pytest.fixture
def as_rank(monkeypatch):
    def set_rank(rank: int) -> None:
        for name, value in (TORCHRUN | {"RANK": str(rank)}).items():
            monkeypatch.setenv(name, value)

    return set_rank


@pytest.mark.parametrize("command", [["sweep", "--preset", "digits-mlp"], ["list", "presets"], ["runs"]])
def test_a_command_for_one_process_is_refused_once(as_rank, capfd, monkeypatch, command):
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, getattr(sys, stream))  # they come back
    as_rank(0)
    assert main(command) == 2
    printed, errors = capfd.readouterr()
    assert printed == "" and errors.startswith(f"error: The command {command[0]} is for one process.")
    as_rank(1)
    assert main(command) == 2
    sys.stdout.close()  # where it has fallen silent
    assert capfd.readouterr() == ("", "")


def test_what_cannot_be_shared_is_refused_before_the_run(as_rank, capfd, monkeypatch, tmp_path):
    ends = []
    monkeypatch.setattr(Leader, "end", lambda _, code: ends.append(code))
    layers = (LSTM(hidden_size=4, num_layers=2, dropout=0.5), Linear(out_features=1))
    write(Experiment(data=Data(name="waves"), network=Network(layers=layers)), tmp_path / "deep.toml")
    as_rank(0)
    assert main(["train", str(tmp_path / "deep.toml"), "--out", str(tmp_path / "run")]) == 2
    assert capfd.readouterr().err.startswith("error: Layer 1 (LSTM) drops out between its recurrent layers")
    assert ends == [2], "the other processes hear it"
    assert not (tmp_path / "run").exists()
    assert Leader(Launch(0, 2, 0, 2)).processes == 2
