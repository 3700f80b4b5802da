"""What only a CUDA GPU can show. Skipped where there is none."""

import json
import sys
from pathlib import Path

import pytest
import torch

from engine.data.datasets import load
from engine.data.info import Data
from engine.doctor.remedies import mending
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.experiments.optimisers import OPTIMIZERS
from engine.fields import edited
from engine.layers.kinds.activation import Dropout, ReLU
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.normalization import BatchNorm2d
from engine.runs.status import Reason, State
from engine.training.trainer import Trainer
from engine.training.worker import Worker, resume, train
from tests.engine.training.test_captured_steps import NETWORKS, SETTINGS, never_captured
from tests.engine.training.test_shared_steps import free_port
from tests.engine.training.test_torchrun import losses_of, started
from tests.patience import GIVE_UP_S

pytestmark = [pytest.mark.cuda, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA")]


STEPS = 30  # in which both sizes of batch come to be captured, and are used
REL = 2e-3  # what rounding becomes in so many steps


class OnTheGpu:
    """A trainer, and the losses that it has recorded."""

    def __init__(self, made: Experiment) -> None:
        made = edited(made, training=edited(made.training, device="cuda"))
        self.losses: list[float] = []
        device = torch.device("cuda")
        self.trainer = Trainer(
            made, load(made.data, seed=made.seed), device, lambda _step, loss, _right: self.losses.append(loss)
        )

    def steps(self, count: int) -> "OnTheGpu":
        for _ in range(count):
            self.trainer.step()
        self.trainer.settle()
        self.state = self.trainer.moment().tensors  # before another run draws from the device's one generator
        return self

    @property
    def is_captured(self) -> bool:
        return bool(self.trainer._captured._replays)


def assert_near(one: OnTheGpu, other: OnTheGpu) -> None:
    assert one.losses == pytest.approx(other.losses, rel=REL, abs=1e-5)
    mine, theirs = one.state, other.state
    assert mine.keys() == theirs.keys()
    for name in mine:
        if name.startswith("random") or name.endswith((".step", ".num_batches_tracked")) or name == "order":
            assert torch.equal(mine[name], theirs[name]), name


@pytest.mark.parametrize("name", NETWORKS)
def test_captured_steps_compute_what_plain_ones_do(name: str) -> None:
    captured = OnTheGpu(NETWORKS[name]).steps(STEPS)
    assert captured.trainer.notice is None
    assert captured.is_captured
    with never_captured():
        assert_near(captured, OnTheGpu(NETWORKS[name]).steps(STEPS))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimiser_is_captured_and_learns_as_on_the_cpu(optimizer: str) -> None:
    base = NETWORKS["SGD"]
    layers = tuple(layer for layer in base.network.layers if not isinstance(layer, Dropout))  # whose draws are the device's
    made = edited(
        base,
        network=Network(layers=layers),
        training=edited(base.training, optimizer=optimizer, lr=OPTIMIZERS[optimizer].lr, weight_decay=0.01),
    )
    captured = OnTheGpu(made).steps(STEPS)
    assert captured.trainer.notice is None
    assert captured.is_captured == (optimizer != "Adagrad")
    losses: list[float] = []
    cpu = Trainer(made, load(made.data, seed=made.seed), torch.device("cpu"), lambda _step, loss, _right: losses.append(loss))
    for _ in range(STEPS):
        cpu.step()
    assert captured.losses == pytest.approx(losses, rel=2e-2, abs=1e-3)
    assert captured.state.keys() - {"random.cuda"} == cpu.moment().tensors.keys()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_changed_is_seen_from_the_next_step_on(name: str) -> None:
    training, other, last = SETTINGS[name]
    base = NETWORKS["CNN"]
    made = edited(base, training=edited(base.training, **training))

    def changed() -> OnTheGpu:
        run = OnTheGpu(made).steps(STEPS)
        run.trainer.change(name, other)
        run.steps(STEPS // 2)
        run.trainer.change(name, last)
        return run.steps(STEPS // 2)

    captured = changed()
    assert captured.trainer.notice is None and captured.is_captured
    with never_captured():
        plain = changed()
    assert captured.losses == pytest.approx(plain.losses, rel=2e-2, abs=1e-3)
    assert torch.equal(captured.state["random.cuda"], plain.state["random.cuda"])


def test_a_moment_of_a_captured_run_goes_on_captured_or_not() -> None:
    made = NETWORKS["CNN"]
    whole = OnTheGpu(made).steps(2 * STEPS)
    first = OnTheGpu(made).steps(STEPS + 1)
    moment = first.trainer.moment()
    first.steps(4).trainer.restore(moment)
    first.steps(STEPS - 1)
    assert first.losses[STEPS + 5 :] == pytest.approx(whole.losses[STEPS + 1 :], rel=REL, abs=1e-5)
    with never_captured():
        plain = OnTheGpu(made)
        plain.trainer.restore(moment)
        plain.steps(STEPS - 1)
    assert plain.losses == pytest.approx(whole.losses[STEPS + 1 :], rel=REL, abs=1e-5)


def test_a_run_that_is_stopped_goes_on(tmp_path: Path) -> None:
    made = edited(NETWORKS["CNN"], training=edited(NETWORKS["CNN"].training, device="cuda"))
    assert train(made, folder=tmp_path / "whole").reason is Reason.COMPLETED
    worker = Worker()
    worker.start(made, folder=tmp_path / "run", paused=True)
    worker.step(STEPS)
    assert worker.wait_until(lambda status: status.step == STEPS and status.state is State.PAUSED, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    status = resume(tmp_path / "run")
    assert (status.reason, status.notices) == (Reason.COMPLETED, ())
    assert losses_of(tmp_path / "run") == pytest.approx(losses_of(tmp_path / "whole"), rel=REL, abs=1e-5)


def test_a_capture_that_fails_leaves_a_run_that_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its dropout: torch's generator is told that nothing is captured any more."""
    whole = Trainer._whole

    def waiting(self: Trainer, x: torch.Tensor, y: torch.Tensor) -> object:
        loss, hits = whole(self, x, y)
        if torch.cuda.is_current_stream_capturing():
            loss.item()
        return loss, hits

    made = NETWORKS["CNN"]
    with never_captured():
        plain = OnTheGpu(made).steps(STEPS)
    monkeypatch.setattr(Trainer, "_whole", waiting)
    failed = OnTheGpu(made).steps(STEPS)
    assert failed.trainer.notice is not None and failed.trainer.notice.code == "graph_refused"
    assert torch.cuda.current_stream() == torch.cuda.default_stream()
    assert_near(failed, plain)
    monkeypatch.undo()
    again = OnTheGpu(made).steps(STEPS)  # the next run is captured
    assert again.trainer.notice is None and again.is_captured
    assert_near(again, plain)


def test_a_batch_that_is_too_large_is_a_sentence_and_a_smaller_one():
    layers = (Conv2d(out_channels=64, kernel_size=3, padding=1), ReLU(), Flatten(), Linear(out_features=10))
    training = Training(epochs=1, batch_size=1024, device="cuda")
    experiment = Experiment(data=Data(name="mnist-5k"), network=Network(layers=layers), training=training)
    share = 400e6 / torch.cuda.get_device_properties(0).total_memory  # 1024 maps of 64x28x28 alone take 205 MB
    torch.cuda.set_per_process_memory_fraction(share)
    try:
        status = train(experiment)
        assert status.reason is Reason.FAILED and status.problem is not None and status.problem.code == "out_of_memory"
        while status.reason is Reason.FAILED:
            offered = mending(status.problem, experiment)
            assert offered is not None
            experiment = offered.experiment
            status = train(experiment)
        assert status.reason is Reason.COMPLETED and experiment.training.batch_size < 1024
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="one GPU")
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="torchrun's store is not there on Windows")
def test_two_processes_with_a_gpu_each_compute_what_one_computes(tmp_path):
    layers = (Conv2d(out_channels=8, kernel_size=3), BatchNorm2d(), ReLU(), Dropout(p=0.3), Flatten(), Linear(out_features=10))
    training = Training(epochs=3, batch_size=31, optimizer="SGD", lr=0.05, momentum=0.9, device="cuda")
    experiment = Experiment(seed=2, data=Data(samples=100), network=Network(layers=layers), training=training)
    write(experiment, tmp_path / "experiment.toml")
    assert train(experiment, folder=tmp_path / "alone").reason is Reason.COMPLETED
    arguments = ("--nproc-per-node", 2, "--master-port", free_port(), "-m", "engine", "train", tmp_path / "experiment.toml")
    with started(tmp_path / "log", *arguments, "--out", tmp_path / "together", "--json") as run:
        printed = run.end()
    (line,) = [line for line in printed.splitlines() if line.startswith("{")]
    assert (json.loads(line)["reason"], json.loads(line)["processes"]) == ("completed", 2)
    assert losses_of(tmp_path / "together") == pytest.approx(losses_of(tmp_path / "alone"), rel=1e-3)
