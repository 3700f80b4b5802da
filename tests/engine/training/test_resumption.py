"""A run that goes on: with an experiment that was edited, more epochs, another number of threads, an early version's files."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, read, write
from engine.fields import edited
from engine.layers.catalog import Dropout, Embedding, Flatten, Linear, ReLU, Sequential
from engine.runs.checkpoints import RESUME
from engine.runs.failures import RunError
from engine.runs.folder import EXPERIMENT, METRICS, STATUS, WEIGHTS, Run, newest_run
from engine.runs.status import Reason, State
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

AT_REST = (State.PAUSED, State.IDLE)
LAYERS = (Flatten(), Linear(out_features=12), Dropout(p=0.2), Sequential(name="last", layers=(ReLU(), Linear(out_features=10))))
SMALL = Experiment(
    name="small",
    seed=4,
    data=Data(samples=100),
    network=Network(layers=LAYERS),
    training=Training(optimizer="Adam", lr=0.01, epochs=4, batch_size=16, device="cpu"),
)


def run_to(step: int, folder: Path, experiment: Experiment = SMALL, **rates: float) -> None:
    """Run it as far as `step`; `at_3=0.1`: with another learning rate from the step after the third on."""
    worker = Worker()
    worker.start(experiment, folder=folder, paused=True)
    for stop in sorted({*(int(name[3:]) for name in rates), step}):
        if stop:
            worker.step(stop - worker.status().step)
            assert worker.wait_until(lambda status, stop=stop: status.step == stop and status.state in AT_REST, GIVE_UP_S)
        if f"at_{stop}" in rates:
            worker.set_lr(rates[f"at_{stop}"])
    worker.stop()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)


def with_training(**changes: Any) -> Callable[[Experiment], Experiment]:
    return lambda experiment: edited(experiment, training=edited(experiment.training, **changes))


def edit(folder: Path, change: Callable[[Experiment], Experiment]) -> None:
    write(change(read(folder / EXPERIMENT)), folder / EXPERIMENT)


def as_an_early_version_kept_it(folder: Path) -> None:
    """Without threads and experiment in the header."""
    with safe_open(folder / RESUME, "pt") as kept:
        tensors = {name: kept.get_tensor(name).clone() for name in kept.keys()}  # noqa: SIM118
        entry = json.loads(kept.metadata()["layerscope"])
    entry = {name: entry[name] for name in ("step", "lr", "seconds")}
    save_file(tensors, folder / RESUME, {"layerscope": json.dumps(entry)})


def assert_same(one: Path, other: Path) -> None:
    mine, theirs = Run.open(one).history(), Run.open(other).history()
    for series in ("train", "epoch_train", "validation"):
        for left, right in zip(getattr(mine, series).since(), getattr(theirs, series).since(), strict=True):
            np.testing.assert_array_equal(left, right)
    assert (one / WEIGHTS).read_bytes() == (other / WEIGHTS).read_bytes()


# an experiment that was edited


@pytest.mark.parametrize("early", [False, True])
def test_another_learning_rate_is_taken(early: bool, tmp_path: Path):
    run_to(8, tmp_path / "edited")
    if early:
        as_an_early_version_kept_it(tmp_path / "edited")
    edit(tmp_path / "edited", with_training(lr=0.002))
    assert resume(tmp_path / "edited").lr == 0.002
    run_to(20, tmp_path / "changed", at_8=0.002)
    assert_same(tmp_path / "edited", tmp_path / "changed")
    assert Run.open(tmp_path / "edited").history().rates == [(0, 0.01), (8, 0.002)], "and what it began with is still known"
    assert resume(tmp_path / "edited", epochs=5).lr == 0.002
    edit(tmp_path / "edited", with_training(lr=0.001))
    resume(tmp_path / "edited", epochs=6)
    assert Run.open(tmp_path / "edited").history().rates == [(0, 0.01), (8, 0.002), (25, 0.001)]


@pytest.mark.parametrize("early", [False, True])
def test_a_rate_changed_in_mid_run_stays_where_the_experiment_was_not_edited(early: bool, tmp_path: Path):
    run_to(8, tmp_path / "run", at_5=0.002)
    if early:
        as_an_early_version_kept_it(tmp_path / "run")
    assert resume(tmp_path / "run").lr == 0.002
    assert Run.open(tmp_path / "run").history().rates == [(5, 0.002)]


@pytest.mark.parametrize("early", [False, True])
def test_more_epochs_are_taken_from_the_file_or_the_caller(early: bool, tmp_path: Path):
    train(with_training(epochs=7)(SMALL), folder=tmp_path / "whole")
    for name, epochs in (("by file", None), ("by caller", 7)):
        train(SMALL, folder=tmp_path / name)
        if early:
            as_an_early_version_kept_it(tmp_path / name)
        if epochs is None:
            edit(tmp_path / name, with_training(epochs=7))
        status = resume(tmp_path / name, epochs=epochs)
        assert (status.reason, status.step, status.epochs) == (Reason.COMPLETED, 35, 7)
        assert_same(tmp_path / name, tmp_path / "whole")
        assert read(tmp_path / name / EXPERIMENT).training.epochs == 7


@pytest.mark.parametrize("change", [
    with_training(device="auto"),
    with_training(momentum=0.5),
    lambda experiment: edited(experiment, name="another"),
    lambda experiment: edited(experiment, network=Network(layers=(*LAYERS[:3], edited(LAYERS[3], name="end")))),
    with_training(loss="cross_entropy"),
], ids=["device", "of another optimiser", "name", "a block's name", "the data's own loss"])  # fmt: skip
def test_what_decides_nothing_may_be_another(change: Callable[[Experiment], Experiment], tmp_path: Path):
    run_to(8, tmp_path / "run")
    edit(tmp_path / "run", change)
    assert resume(tmp_path / "run").reason is Reason.COMPLETED


REFUSED = {
    "training.batch_size": (with_training(batch_size=20), "16", "20"),
    "training.optimizer": (with_training(optimizer="SGD"), "Adam", "SGD"),
    "training.initialization": (with_training(initialization="zeros"), "torch", "zeros"),
    "training.loss": (with_training(loss="mean_squared_error"), "cross_entropy", "mean_squared_error"),
    "seed": (lambda experiment: edited(experiment, seed=5), "4", "5"),
    "data.samples": (lambda experiment: edited(experiment, data=Data(samples=110)), "100", "110"),
    "network.layers[3].layers[0].type": (
        lambda experiment: edited(
            experiment, network=Network(layers=(*LAYERS[:3], Sequential(layers=(Dropout(), Linear(out_features=10))))),
        ), "ReLU", "Dropout",
    ),
    "network.layers[4]": (
        lambda experiment: edited(experiment, network=Network(layers=(*LAYERS, Linear(out_features=10)))), "–", "Linear",
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", REFUSED)
def test_whatever_else_decides_the_numbers_is_refused_by_name(key: str, tmp_path: Path):
    change, before, now = REFUSED[key]
    run_to(8, tmp_path / "run")
    edit(tmp_path / "run", change)
    files = {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()}
    status = resume(tmp_path / "run")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")
    for language in ("en", "ko"):
        sentence = status.problem.sentence(language)
        assert all(re.search(rf"(?<![\w.]){re.escape(part)}(?![\w])", sentence) for part in (key, before, now)), sentence
    assert {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()} == files


def of_a_text(file: Path) -> Experiment:
    file.write_text("abcba cab bac " * 8, "utf-8")
    layers = (Embedding(num_embeddings=4, embedding_dim=3), Linear(out_features=4))
    return edited(SMALL, data=Data(name="text", path=str(file), length=5), network=Network(layers=layers))


def test_an_own_file_that_says_something_else_is_refused(tmp_path: Path):
    own = tmp_path / "own.txt"
    run_to(5, tmp_path / "run", of_a_text(own))
    files = {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()}
    text = own.read_text("utf-8")
    own.write_text("cabba cab bac " + text[14:], "utf-8")  # as long, of the same characters
    status = resume(tmp_path / "run")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")
    assert f"{own} has been changed" in status.problem.sentence("en")
    assert f"내용이 바뀌었습니다({own})" in status.problem.sentence("ko")
    assert {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()} == files
    own.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))  # the same text, in another encoding
    assert resume(tmp_path / "run").reason is Reason.COMPLETED


def test_an_own_file_may_lie_elsewhere(tmp_path: Path):
    experiment = of_a_text(tmp_path / "own.txt")
    train(experiment, folder=tmp_path / "whole")
    run_to(5, tmp_path / "run", experiment)
    moved = str((tmp_path / "own.txt").rename(tmp_path / "moved.txt"))
    edit(tmp_path / "run", lambda experiment: edited(experiment, data=edited(experiment.data, path=moved)))
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    assert_same(tmp_path / "run", tmp_path / "whole")


@pytest.mark.parametrize("batch_size", [20, 40, 80])
@pytest.mark.parametrize("damaged", [False, True], ids=["", "without its status"])
def test_another_batch_size_of_an_early_versions_run_is_refused(batch_size: int, damaged: bool, tmp_path: Path):
    run_to(8, tmp_path / "run")
    as_an_early_version_kept_it(tmp_path / "run")
    edit(tmp_path / "run", with_training(batch_size=batch_size))
    if damaged:
        (tmp_path / "run" / STATUS).unlink()
    status = resume(tmp_path / "run")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")
    assert "5" in status.problem.sentence("ko")


def test_an_early_versions_run_goes_on_to_the_bit(tmp_path: Path):
    train(SMALL, folder=tmp_path / "whole")
    run_to(8, tmp_path / "run")
    as_an_early_version_kept_it(tmp_path / "run")
    assert resume(tmp_path / "run").reason is Reason.COMPLETED
    assert_same(tmp_path / "run", tmp_path / "whole")


def test_fewer_epochs_than_were_done_are_refused(tmp_path: Path):
    run_to(13, tmp_path / "run")
    edit(tmp_path / "run", with_training(epochs=2))
    status = resume(tmp_path / "run")
    assert (status.reason, status.problem.code) == (Reason.FAILED, "run_damaged")
    assert "2.6" in status.problem.sentence("ko")


@pytest.mark.parametrize("epochs", [0, 3, 4, 10**9])
def test_epochs_that_are_not_more_are_refused_at_once(epochs: int, tmp_path: Path):
    train(SMALL, folder=tmp_path / "run")
    worker = Worker()
    for ask in (resume, worker.resume):
        with pytest.raises(RunError) as caught:
            ask(tmp_path / "run", epochs=epochs)
        assert re.search("[가-힣]", caught.value.message("ko"))
    assert worker.status().state is State.IDLE
    assert worker.close(GIVE_UP_S)


def test_a_run_that_ended_before_its_first_checkpoint_says_that_it_begins_anew(tmp_path: Path):
    run_to(8, tmp_path / "run")
    (tmp_path / "run" / RESUME).unlink()
    status = resume(tmp_path / "run")
    assert (status.step, [notice.code for notice in status.notices]) == (20, ["begun_anew"])


# threads


@pytest.mark.skipif(not hasattr(__import__("os"), "sched_getaffinity"), reason="the number of cores is told otherwise")
def test_a_run_goes_on_with_the_threads_that_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.training.devices.os.sched_getaffinity", lambda _process: range(4))
    run_to(8, tmp_path / "run")
    monkeypatch.undo()
    assert Run.open(tmp_path / "run").kept().threads == 3
    worker = Worker()
    worker.resume(tmp_path / "run", paused=True)
    assert worker.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    assert worker.ask(lambda _model, _data: torch.get_num_threads()).result(GIVE_UP_S) == 3
    worker.play()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    assert Run.open(tmp_path / "run").kept().threads == 3


# found and shown without torch


def test_the_newest_run_that_can_go_on_is_found(tmp_path: Path):
    assert newest_run(tmp_path / "none") is None
    (tmp_path / "notes").mkdir()
    (tmp_path / "file").write_text("mine")
    assert newest_run(tmp_path) is None
    for name in ("a", "c", "b"):
        run_to(3, tmp_path / name)
    assert newest_run(tmp_path).path == tmp_path / "b"
    (tmp_path / "b" / RESUME).write_bytes(b"")
    assert newest_run(tmp_path).path == tmp_path / "c"
    (tmp_path / "c" / EXPERIMENT).write_text("seed = 'x'")
    assert newest_run(tmp_path).path == tmp_path / "a"


def test_a_summary_says_what_the_worker_said(tmp_path: Path):
    worker = Worker()
    worker.start(SMALL, folder=tmp_path / "run", paused=True)
    worker.step(12)
    assert worker.wait_until(lambda status: status.step == 12 and status.state is State.PAUSED, GIVE_UP_S)
    worker.set_lr(0.003)
    worker.stop()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    told, summary = worker.status(), Run.open(tmp_path / "run").summary()
    assert summary.experiment == SMALL
    assert summary.history.rates == [(12, 0.003)]
    assert len(summary.history.train) == 12
    for name in (
        "state", "reason", "step", "steps", "epoch", "epochs", "lr", "device", "folder", "measured", "loss", "accuracy",
        "train_loss", "validation_loss", "validation_accuracy", "best_epoch", "diagnoses",
    ):  # fmt: skip
        assert getattr(summary.status, name) == getattr(told, name), name
    with (tmp_path / "run" / METRICS).open("a") as file:  # measured after the moment, then killed
        file.write('{"step":12,"lr":0.5}\n{"step":13,"loss":0.1,"accuracy":0.5}\n')
    summary = Run.open(tmp_path / "run").summary()
    assert (len(summary.history.train), summary.history.rates) == (12, [(12, 0.003)])


def test_a_run_without_a_checkpoint_has_a_summary(tmp_path: Path):
    write(SMALL, tmp_path / EXPERIMENT)
    summary = Run.open(tmp_path).summary()
    assert (summary.status.step, summary.status.reason, summary.status.lr, summary.status.epochs) == (0, None, 0.01, 4)


def test_neither_needs_torch(tmp_path: Path):
    import subprocess

    run_to(8, tmp_path / "run")
    code = (
        "import sys; from pathlib import Path; from engine.runs.folder import newest_run\n"
        "print(newest_run(Path(sys.argv[1])).summary().status.step, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "8 False\n"
