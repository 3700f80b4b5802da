"""The path of CUDA and MPS, driven on the CPU: a read-out ring whose blocks come home late, devices that fail, their random
states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open

from engine.__main__ import main
from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, Dropout, Flatten, Linear
from engine.runs.checkpoints import OLDER, RESUME, KeptMoment, read_checkpoint
from engine.runs.folder import WEIGHTS, Run
from engine.runs.history import History
from engine.runs.run_writing import RunFolder
from engine.runs.status import Reason, State, Status
from engine.training import devices, execution, readout, trainer
from engine.training.readout import Ring
from engine.training.trainer import Trainer
from engine.training.worker import Worker, resume, train
from tests.engine.training.late_blocks import LateBlock
from tests.patience import GIVE_UP_S

LAYERS = (Flatten(), Linear(out_features=12), BatchNorm1d(), Dropout(p=0.2), Linear(out_features=10))
SMALL = Experiment(
    seed=4, data=Data(samples=100), network=Network(layers=LAYERS), training=Training(epochs=6, batch_size=16, device="cpu")
)
HOT = Experiment(
    seed=4,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=16), Linear(out_features=16), Linear(out_features=10))),
    training=Training(optimizer="SGD", lr=3.5, batch_size=8, epochs=50, loss="mean_squared_error", device="cpu"),
)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results come home as late as they can: when a block is full, or somebody waits."""
    monkeypatch.setattr(readout, "_Block", LateBlock)
    monkeypatch.setattr(trainer, "readout", lambda device, record: Ring(device, record))


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint at every step and epoch."""
    for name in ("CHECKPOINT_AFTER_S", "CHECKPOINT_WITHIN_S", "CHECKPOINT_SPACING", "TICK_S", "METRICS_EVERY_S"):
        monkeypatch.setattr(execution, name, 0.0)


def rows(folder: Path) -> dict[str, list[list[float]]]:
    history = Run.open(folder).history()
    return {
        name: [column.tolist() for column in getattr(history, name).since()] for name in ("train", "epoch_train", "validation")
    }


def test_a_run_has_the_same_measurements_and_weights(late: None, tmp_path: Path):
    with pytest.MonkeyPatch.context() as at_once:
        at_once.setattr(trainer, "readout", readout.readout)
        train(SMALL, folder=tmp_path / "at once")
    status = train(SMALL, folder=tmp_path / "late")
    assert (status.reason, status.step) == (Reason.COMPLETED, 30)
    assert rows(tmp_path / "late") == rows(tmp_path / "at once")
    assert (tmp_path / "late" / WEIGHTS).read_bytes() == (tmp_path / "at once" / WEIGHTS).read_bytes()


def test_a_checkpoint_settles_what_is_under_way(late: None, often: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = []
    save = RunFolder.save_moment

    def looked_at(self: RunFolder, moment: Any, *more: Any) -> None:
        save(self, moment, *more)
        kept.append((moment.step, len(Run.open(self.path).history().train)))

    monkeypatch.setattr(RunFolder, "save_moment", looked_at)
    train(SMALL, folder=tmp_path / "run")
    assert len(kept) > 30
    assert all(step == measured for step, measured in kept)


@pytest.mark.parametrize("stop", [3, 5, 13])
def test_a_run_that_is_stopped_goes_on_to_the_same_losses(late: None, stop: int, tmp_path: Path):
    train(SMALL, folder=tmp_path / "whole")
    worker = Worker()
    worker.start(SMALL, folder=tmp_path / "run", paused=True)
    worker.step(stop)
    assert worker.wait_until(lambda status: status.step == stop and status.state is State.PAUSED, GIVE_UP_S)
    assert len(worker.history.train) == stop, "a pause has all that was measured"
    assert worker.close(GIVE_UP_S)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    assert rows(tmp_path / "run") == rows(tmp_path / "whole")


def diverged(folder: Path, lr: float = 3.5) -> Status:
    status = train(edited(HOT, training=edited(HOT.training, lr=lr)), folder=folder)
    assert status.reason is Reason.DIVERGED
    return status


def finite(checkpoint: KeptMoment) -> bool:
    return all(bool(tensor.isfinite().all()) for name, tensor in checkpoint.moment.tensors.items() if name.startswith("model."))


@pytest.mark.parametrize("keep", ["often", "at its end"])
@pytest.mark.parametrize("lr", [3.5, 2.5], ids=["in an epoch", "in the validation after it"])
def test_a_divergence_is_told_with_its_own_step_and_loses_no_row(
    late: None, lr: float, keep: str, tmp_path: Path, request: pytest.FixtureRequest
):
    if keep == "often":
        request.getfixturevalue("often")
    with pytest.MonkeyPatch.context() as at_once:
        at_once.setattr(trainer, "readout", readout.readout)
        expected = diverged(tmp_path / "at once", lr)
    found = diverged(tmp_path / "late", lr)
    assert found.problem == expected.problem
    assert rows(tmp_path / "late")["train"] == rows(tmp_path / "at once")["train"]


def test_weights_that_are_no_numbers_take_no_good_ones_place(late: None, often: None, tmp_path: Path):
    folder = tmp_path / "run"
    status = diverged(folder)
    step = status.problem.values["step"]
    for name in (RESUME, OLDER):
        kept = read_checkpoint(folder / name)
        assert finite(kept)
        assert kept.moment.step < step
    with safe_open(folder / WEIGHTS, "pt") as weights:
        assert all(bool(weights.get_tensor(name).isfinite().all()) for name in weights.keys())  # noqa: SIM118
    assert len(Run.open(folder).summary().history.train) == read_checkpoint(folder / RESUME).moment.step


def test_weights_that_are_no_numbers_although_the_loss_was_one_are_not_kept(tmp_path: Path, often: None):
    """The last step's update overflowed: nothing has told yet."""
    worker = Worker()
    worker.start(SMALL, folder=tmp_path / "run", paused=True)
    worker.step(7)
    assert worker.wait_until(lambda status: status.step == 7 and status.state is State.PAUSED, GIVE_UP_S)

    def spoil(model: torch.nn.Module, _data: object) -> None:
        with torch.no_grad():
            model[1].bias[0] = float("nan")

    worker.ask(spoil).result(GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    kept = read_checkpoint(tmp_path / "run" / RESUME)
    assert finite(kept) and kept.moment.step <= 7


def test_a_failure_in_mid_run_keeps_what_was_measured(late: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    step = Trainer.step
    monkeypatch.setattr(Trainer, "step", lambda self: step(self) if self.step_count < 8 else 1 // 0)
    status = train(SMALL, folder=tmp_path / "run")
    assert (status.reason, status.step) == (Reason.FAILED, 8)
    assert rows(tmp_path / "run")["train"][0] == list(range(1, 9))


# the device


@pytest.fixture
def broken_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU that torch says is there, and that cannot do anything."""
    if torch.cuda.is_available():
        pytest.skip("there is one that can")
    monkeypatch.setattr(devices, "available", lambda name: name in ("cuda", "cpu"))


def test_auto_falls_back_with_a_sentence_and_to_the_same_losses(broken_gpu: None, tmp_path: Path):
    auto = Experiment(seed=4, data=SMALL.data, network=SMALL.network, training=Training(epochs=6, batch_size=16, device="auto"))
    status = train(auto, folder=tmp_path / "auto")
    assert (status.reason, status.device, [notice.code for notice in status.notices]) == (
        Reason.COMPLETED, "cpu", ["device_unfit"],
    )  # fmt: skip
    assert "cuda" in status.notices[0].sentence("en")
    assert re.search("cuda.*[가-힣]", status.notices[0].sentence("ko"))
    train(SMALL, folder=tmp_path / "cpu")
    assert rows(tmp_path / "auto") == rows(tmp_path / "cpu"), "the trial draws from no generator of the run"


def test_a_device_that_was_named_is_not_exchanged(broken_gpu: None, tmp_path: Path):
    status = train(SMALL, folder=tmp_path / "run", device="cuda")
    assert status.reason is Reason.FAILED
    assert not (tmp_path / "run").exists()


def test_a_device_that_can_do_it_is_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(devices, "available", lambda _name: True)
    tried: list[str] = []

    def step(device: torch.device) -> None:
        tried.append(device.type)
        if device.type == "cuda":
            raise RuntimeError("no kernel image\nis available")

    device, unfit = devices.chosen("auto", step)
    assert (device.type, tried) == ("mps", ["cuda", "mps"])
    assert unfit is not None and "no kernel image" in unfit.sentence() and "\n" not in unfit.sentence()
    assert devices.chosen("cuda", step) == (torch.device("cuda"), None)


def test_a_gpu_that_has_failed_for_good_ends_no_thread(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    asked: list[int] = []

    def failed() -> None:
        asked.append(1)
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    worker = Worker()
    worker.start(SMALL, paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    for name, what in {"is_available": lambda: True, "is_initialized": lambda: True, "empty_cache": failed}.items():
        monkeypatch.setattr(torch.cuda, name, what)
    for _ in range(2):
        worker.stop()
        assert worker.wait_until(lambda status: status.reason is Reason.STOPPED, GIVE_UP_S)
        worker.start(SMALL, paused=True)
        assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert len(asked) >= 2


def test_a_trial_has_room_for_a_batch_norm_and_forgives_a_divergence():
    for experiment in (SMALL, HOT):
        trainer.small_step(experiment, load(experiment.data, seed=4), torch.device("cpu"))


def test_resume_takes_a_device(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(devices, "available", lambda name: name == "cpu")
    elsewhere = Experiment(seed=4, data=SMALL.data, network=SMALL.network, training=Training(epochs=2, device="cuda"))
    write(elsewhere, tmp_path / "elsewhere.toml")
    train(elsewhere, folder=tmp_path / "run", device="cpu")
    before = Run.open(tmp_path / "run").experiment
    write(
        Experiment(seed=4, data=SMALL.data, network=SMALL.network, training=Training(epochs=3, device="cuda")),
        tmp_path / "run/experiment.toml",
    )
    assert main(["resume", str(tmp_path / "run"), "--json"]) == 1
    assert "cuda" in capsys.readouterr().err
    assert main(["resume", str(tmp_path / "run"), "--device", "cpu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 3
    assert (before.training.device, Run.open(tmp_path / "run").experiment.training.device) == ("cpu", "cuda"), "this time only"
    assert main(["resume", str(tmp_path / "run"), "--device", "tpu"]) == 2


# random states


class Generators:
    """Stand-ins for the generators of a GPU."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
        self.state = torch.tensor([1, 2, 3], dtype=torch.uint8)
        place = getattr(torch, kind)
        monkeypatch.setattr(place, "get_rng_state", lambda *_: self.state.clone())
        monkeypatch.setattr(place, "set_rng_state", lambda state, *_: setattr(self, "state", state.clone()))


def trainers() -> Iterator[Trainer]:
    data = load(SMALL.data, seed=4)
    while True:
        yield Trainer(SMALL, data, torch.device("cpu"), History().append_step)


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_the_random_state_of_each_device_is_kept(kind: str, monkeypatch: pytest.MonkeyPatch):
    generators = Generators(monkeypatch, kind)
    made = trainers()
    on_gpu, on_cpu, back = next(made), next(made), next(made)
    on_gpu.device = torch.device(kind)
    moment = on_gpu.moment()
    assert moment.tensors[f"random.{kind}"].tolist() == [1, 2, 3]
    on_cpu.restore(moment)  # then it is resumed on the CPU, and later again where it began
    on_cpu.step()
    generators.state = torch.tensor([9], dtype=torch.uint8)
    back.device = torch.device(kind)
    back.restore(on_cpu.moment())
    assert generators.state.tolist() == [1, 2, 3]
    generators.state = torch.tensor([4, 5, 6], dtype=torch.uint8)
    assert back.moment().tensors[f"random.{kind}"].tolist() == [4, 5, 6], "the newest, not the one it was restored with"


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_a_probe_draws_from_no_generator_of_the_run(kind: str, monkeypatch: pytest.MonkeyPatch):
    generators = Generators(monkeypatch, kind)
    worker = Worker()
    worker.start(SMALL, paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    worker._execution.trainer.device = torch.device(kind)

    def draw(_model: object, _data: object) -> float:
        generators.state = torch.tensor([9], dtype=torch.uint8)
        return float(torch.rand(1))

    cpu = worker.ask(lambda _model, _data: torch.get_rng_state()).result(GIVE_UP_S)
    worker.ask(draw).result(GIVE_UP_S)
    assert generators.state.tolist() == [1, 2, 3]
    assert torch.equal(worker.ask(lambda _model, _data: torch.get_rng_state()).result(GIVE_UP_S), cpu)
    assert worker.close(GIVE_UP_S)


def test_losses_are_those_that_a_ring_hands_on_late():
    found: list[tuple[int, float, float]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readout, "_Block", LateBlock)
        ring = Ring(torch.device("cpu"), lambda *row: found.append(row))
        for step in range(1, 2 * Ring.SIZE + 6):
            ring.put(step, torch.tensor(step / 2), torch.tensor(step % 4), 4)
        assert len(found) <= Ring.SIZE
        ring.settle()
    np.testing.assert_array_equal(found, [(step, step / 2, step % 4 / 4) for step in range(1, 2 * Ring.SIZE + 6)])
