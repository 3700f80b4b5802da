"""Going on from a moment of a run's past: a new run, with the same settings to the same losses, to the bit."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, read
from engine.fields import edited
from engine.layers.catalog import BatchNorm1d, Dropout, Flatten, Linear
from engine.runs.folder import EXPERIMENT, Run
from engine.runs.library.run_list import RunList
from engine.runs.status import Reason, State, Status
from engine.runs.timeline.kept_weights import MOMENTS
from engine.runs.timeline.origin import ORIGIN, RunOrigin
from engine.training.branching import BranchPoint, replay
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

SMALL = Experiment(
    seed=4,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=12), BatchNorm1d(), Dropout(p=0.2), Linear(out_features=10))),
    training=Training(epochs=4, batch_size=16, device="cpu"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 20 steps whose learning rate was changed after the 7th and twice after the 12th."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    worker = Worker()
    worker.start(SMALL, folder=folder, paused=True)
    for step, rates in ((7, (0.004,)), (12, (0.1, 0.002))):
        worker.step(step - worker.status().step)
        assert worker.wait_until(lambda status, step=step: (status.step, status.state) == (step, State.PAUSED), GIVE_UP_S)
        for lr in rates:
            worker.set_lr(lr)
            assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    ended(worker)
    assert Run.open(folder).history().rates[-1] == (12, 0.002)
    return folder


def ended(worker: Worker) -> Status:
    worker.play()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    return worker.status()


def branched(run: Path, step: int, folder: Path | None, **more: object) -> Status:
    worker = Worker()
    worker.branch(run, step, folder=folder, **more)
    return ended(worker)


def assert_same(one: Path, other: Path, steps: int | None = None) -> None:
    ours, theirs = Run.open(one).history(steps), Run.open(other).history(steps)
    for mine, yours in ((ours.train, theirs.train), (ours.epochs, theirs.epochs)):
        for left, right in zip(mine.since(), yours.since(), strict=True):
            np.testing.assert_array_equal(left, right)
    assert ours.rates == theirs.rates
    mine, yours = Run.open(one).timeline(), Run.open(other).timeline()
    for step in yours.steps:
        if steps is None or step <= steps:
            for name, values in yours.read(step).items():
                np.testing.assert_array_equal(mine.read(step)[name], values)


@pytest.mark.parametrize("step", [0, 1, 6, 7, 10, 12, 19, 20])
def test_a_branch_has_the_losses_of_its_run_to_the_bit(step: int, whole: Path, tmp_path: Path) -> None:
    before = {file.name: file.read_bytes() for file in whole.iterdir()}
    status = branched(whole, step, tmp_path / "branch")
    assert (status.reason, status.step, status.notices) == (Reason.COMPLETED, 20, ())
    if step >= 12:  # all changes of the rate are in its past
        assert_same(tmp_path / "branch", whole)
    else:
        assert_same(tmp_path / "branch", whole, 6 if step < 7 else 11)
    assert {file.name: file.read_bytes() for file in whole.iterdir()} == before, "the run itself stays as it was"
    assert read(tmp_path / "branch" / EXPERIMENT) == read(whole / EXPERIMENT)


def test_a_branch_is_a_run_from_its_first_moment_on(whole: Path, tmp_path: Path) -> None:
    worker = Worker()
    worker.branch(whole, 13, folder=tmp_path / "branch", paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    assert (worker.status().step, len(worker.history.train)) == (13, 13)
    run = Run.open(tmp_path / "branch")
    assert run.summary().status.step == 13, "killed now, it goes on from here"
    assert run.timeline().steps == tuple(range(14))
    origin = RunOrigin("whole", SMALL.name, 13)
    assert worker.status().origin == origin == run.summary().status.origin
    assert_same(tmp_path / "branch", whole, 13)
    assert worker.close(GIVE_UP_S)
    assert resume(tmp_path / "branch").origin == origin, "it still comes from there"
    assert_same(tmp_path / "branch", whole)
    assert [found.origin for found in RunList(tmp_path).read()] == [origin]
    assert Run.open(whole).summary().status.origin is None
    (tmp_path / "branch" / ORIGIN).write_text('{"run": 5}')
    assert Run.open(tmp_path / "branch").summary().status.origin is None, "nothing depends on it"


def test_a_branch_of_a_branch(whole: Path, tmp_path: Path) -> None:
    branched(whole, 15, tmp_path / "one")
    branched(tmp_path / "one", 13, tmp_path / "two")
    assert_same(tmp_path / "two", whole)


def test_another_rate_makes_another_run_and_is_replayed(whole: Path, tmp_path: Path) -> None:
    worker = Worker()
    worker.branch(whole, 9, folder=tmp_path / "branch", paused=True)
    worker.set_lr(0.03)
    assert ended(worker).lr == 0.03
    history = Run.open(tmp_path / "branch").history()
    assert history.rates == [(7, 0.004), (9, 0.03)]
    assert_same(tmp_path / "branch", whole, 8)
    assert history.train.since()[1][10] != Run.open(whole).history().train.since()[1][10]
    branched(tmp_path / "branch", 14, tmp_path / "again")
    assert_same(tmp_path / "again", tmp_path / "branch")


def test_more_epochs(whole: Path, tmp_path: Path) -> None:
    status = branched(whole, 20, tmp_path / "branch", epochs=6)
    assert (status.reason, status.step) == (Reason.COMPLETED, 30)
    assert_same(tmp_path / "branch", whole, 20)


def test_a_checkpoint_before_the_moment_shortens_the_way(tmp_path: Path) -> None:
    """The run was stopped at 8, and its checkpoint of then is the older one when it is stopped at 11."""
    run = tmp_path / "run"
    for number, step in enumerate((8, 11)):
        worker = Worker()
        worker.resume(run, paused=True) if number else worker.start(SMALL, folder=run, paused=True)
        worker.step(step - 8 * number)
        assert worker.wait_until(lambda status, step=step: (status.step, status.state) == (step, State.PAUSED), GIVE_UP_S)
        assert worker.close(GIVE_UP_S)
    steps = []
    import torch

    from engine.data import datasets
    from engine.training.trainer import Trainer

    trainer = Trainer(SMALL, datasets.load(SMALL.data, seed=4), torch.device("cpu"), lambda *_: None)
    replay(BranchPoint(run, 10), trainer, lambda done, count: steps.append((done, count)), lambda: False)
    assert steps == [(1, 2), (2, 2)]
    train(SMALL, folder=tmp_path / "whole")
    branched(run, 10, tmp_path / "branch")
    assert_same(tmp_path / "branch", tmp_path / "whole")


def test_other_bits_are_said_and_the_kept_weights_are_taken(whole: Path, tmp_path: Path) -> None:
    """As on a machine that rounds otherwise: the kept numbers are others than those that are computed again."""
    import shutil

    import torch

    from engine.runs.timeline.kept_weights import KeptWeights, WeightLog

    shutil.copytree(whole, tmp_path / "run")
    kept = KeptWeights.of_run(whole)
    tensors = {name: torch.from_numpy(values.copy()) for name, values in kept.read(0).items()}
    (tmp_path / "run" / MOMENTS).unlink()
    log = WeightLog(tmp_path / "run" / MOMENTS, tensors, 20)
    for step in (0, 5):
        for name, values in kept.read(step).items():
            tensors[name].copy_(torch.from_numpy(values.copy()))
        tensors["1.weight"] += 0.001
        log.take(step)
    log.flush(5)
    worker = Worker()
    worker.branch(tmp_path / "run", 5, folder=tmp_path / "branch", paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    assert [notice.code for notice in worker.status().notices] == ["replay_differs"]
    assert re.search("[가-힣]", worker.status().notices[0].sentence("ko"))
    weight = worker.ask(lambda model, _data: model.state_dict()["1.weight"].numpy().copy()).result(GIVE_UP_S)
    np.testing.assert_array_equal(weight, log.read(5)["1.weight"])
    assert worker.close(GIVE_UP_S)


@pytest.mark.parametrize("step", [21, 10**6])
def test_a_moment_that_was_not_kept_is_refused(step: int, whole: Path, tmp_path: Path) -> None:
    status = branched(whole, step, tmp_path / "branch")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")
    assert not (tmp_path / "branch").exists()


def test_the_way_to_a_moment_can_be_stopped(whole: Path) -> None:
    import torch

    from engine.data import datasets
    from engine.training.trainer import Trainer

    trainer = Trainer(SMALL, datasets.load(SMALL.data, seed=4), torch.device("cpu"), lambda *_: None)
    assert replay(BranchPoint(whole, 10), trainer, lambda *_: None, lambda: trainer.step_count == 4) is None
    assert trainer.step_count == 4


def test_a_run_that_diverged_goes_on_from_its_last_finite_moment(tmp_path: Path) -> None:
    training = edited(SMALL.training, optimizer="SGD", lr=100.0, loss="mean_squared_error", epochs=30)
    wild = edited(SMALL, training=training, network=Network(layers=(Flatten(), Linear(out_features=10))))
    assert train(wild, folder=tmp_path / "run").reason is Reason.DIVERGED
    step = Run.open(tmp_path / "run").timeline().steps[-1]
    assert step > 0
    worker = Worker()
    worker.branch(tmp_path / "run", step // 2, folder=tmp_path / "branch", epochs=2, paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    assert worker.status().step == step // 2
    assert worker.status().notices == ()
    assert worker.close(GIVE_UP_S)
    assert_same(tmp_path / "branch", tmp_path / "run", step // 2)
