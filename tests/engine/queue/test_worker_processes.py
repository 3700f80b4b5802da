"""A queue with real processes: the losses are those of the same experiment alone, to the bit, whatever happens on the way;
every fold's answers are those of its own model."""

from __future__ import annotations

import os
import signal
import sys

import msgspec
import numpy as np
import pytest
import torch

from engine.data import datasets
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.layers.catalog import Conv2d, Dropout, Flatten, Linear, ReLU, Tanh
from engine.passes.modules import build
from engine.queue.plan import QueuePlan, Swept
from engine.queue.queue_folder import QueueFolder
from engine.queue.results import results
from engine.queue.run_state import kept_answers
from engine.queue.running import Queue, QueueState
from engine.runs.folder import EXPERIMENT, Run
from engine.training.worker import train
from tests.patience import GIVE_UP_S

LONGEST_S = 2 * GIVE_UP_S  # processes that begin with torch, one after the other
pytestmark = pytest.mark.timeout(300)  # each process imports torch
LAYERS = (Conv2d(out_channels=4, kernel_size=3), ReLU(), Flatten(), Dropout(p=0.2), Linear(out_features=10))
SMALL = Experiment(
    name="small",
    seed=3,
    data=Data(samples=200),
    network=Network(layers=LAYERS),
    training=Training(epochs=6, batch_size=16, device="cpu"),
)


def losses(folder):
    return Run.open(folder).history().train.since()[1].tobytes()


def test_runs_are_those_of_the_experiment_alone_to_the_bit_and_one_that_cannot_be_run_hinders_none(tmp_path):
    plan = QueuePlan(swept=(Swept(key="training.batch_size", values=(16, 50, -1)),), seeds=2)
    queue = Queue(QueueFolder.create(tmp_path / "queue", SMALL, plan), jobs=2)
    queue.start()
    assert queue.wait(LONGEST_S)
    states = queue.status().runs
    assert [state.condition for state in states] == ["completed", "completed", "refused"] * 2
    for run, state in zip(queue.folder.runs, states, strict=True):
        if run.problem is None:
            alone = train(run.experiment, folder=tmp_path / f"alone-{run.number}", threads=1)
            assert losses(queue.folder.run_folder(run.number)) == losses(alone.folder)
            assert state.validation_accuracy == alone.validation_accuracy
            assert Run.open(queue.folder.run_folder(run.number)).kept().threads == 1
            assert (state.step, state.steps, state.epochs) == (alone.step, alone.steps, 6)
    kept = queue.folder.states()
    assert [(state.condition, state.answers) for state in kept] == [(state.condition, state.answers) for state in states]


def test_pause_kill_and_restart_change_no_bit(tmp_path):
    """One run, which is paused, whose process is killed, and whose queue is closed and opened again. It ends a few epochs after
    all that, because its file is edited, however late that comes."""

    def lasting(epochs):
        training = Training(epochs=epochs, device="cpu")
        return Experiment(name="long", seed=5, data=Data(samples=400), network=Network(layers=LAYERS), training=training)

    folder = QueueFolder.create(tmp_path / "queue", lasting(1_000_000), QueuePlan())
    queue = Queue(folder, jobs=1)
    queue.start()
    assert queue.wait_until(lambda status: status.runs[0].step > 5, LONGEST_S)
    queue.pause()
    assert queue.wait_until(lambda status: status.state is QueueState.PAUSED, LONGEST_S)
    paused = queue.status().runs[0]
    assert (paused.condition, 0 < paused.step < paused.steps) == ("stopped", True)
    assert Run.open(folder.run_folder(1)).kept().step == paused.step, "stopped after the step, and kept"
    queue.start()
    assert queue.wait_until(lambda status: status.runs[0].step > paused.step, LONGEST_S)
    (process,) = queue._processes
    os.kill(process.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    assert queue.wait_until(lambda status: status.runs[0].condition == "stopped", LONGEST_S)
    assert queue.wait_until(lambda status: status.runs[0].condition == "running", LONGEST_S)
    assert queue.close(LONGEST_S)
    assert folder.states()[0].condition in ("stopped", "waiting")
    whole = lasting(Run.open(folder.run_folder(1)).kept().step // 5 + 3)
    write(whole, folder.run_folder(1) / EXPERIMENT)
    again = Queue(QueueFolder.open(tmp_path / "queue"), jobs=1)
    assert again.status().state is QueueState.READY
    again.start()
    assert again.wait(LONGEST_S)
    assert again.status().runs[0].condition == "completed"
    alone = train(whole, folder=tmp_path / "alone", threads=1)
    assert alone.step == 5 * whole.training.epochs
    assert losses(folder.run_folder(1)) == losses(alone.folder)


def test_the_out_of_fold_matrix_is_every_folds_own_models(tmp_path, monkeypatch):
    """Also where the user's files in the current folder have the names of modules."""
    for name in ("random", "engine", "torch"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)\n")
    monkeypatch.chdir(tmp_path)
    folder = QueueFolder.create(tmp_path / "queue", SMALL, QueuePlan(folds=3))
    queue = Queue(folder, jobs=1)
    queue.start()
    assert queue.wait(LONGEST_S)
    assert [(state.condition, state.problem) for state in queue.status().runs] == [("completed", {})] * 3
    found = results(SMALL, folder.runs, queue.status().runs)
    ((_, out_of_fold),) = found.out_of_fold
    expected, right, seen = np.zeros((10, 10), int), 0, 0
    for run in folder.runs:
        dataset = datasets.load(run.experiment.data, seed=run.experiment.seed)
        model = build(LAYERS, dataset.input)
        model.load_state_dict(Run.open(folder.run_folder(run.number)).weights())
        with torch.no_grad():
            said = model.eval()(dataset.x_validation).argmax(1)
        for truth, answer in zip(dataset.y_validation.tolist(), said.tolist(), strict=True):
            expected[truth, answer] += 1
            right += truth == answer
            seen += 1
    assert np.array_equal(out_of_fold.confusion, expected)
    assert (out_of_fold.count, out_of_fold.right, seen) == (200, right, 200)
    assert out_of_fold.is_whole
    assert out_of_fold.accuracy == right / 200
    shares = [kept_answers(folder.run_folder(run.number)).right / kept_answers(folder.run_folder(run.number)).count
              for run in folder.runs]  # fmt: skip
    assert found.all.values == pytest.approx(shares)
    assert found.all.error.mean == pytest.approx(np.mean(shares))
    assert found.all.error.deviation == pytest.approx(np.std(shares, ddof=1))


def test_seeds_that_learn_together_survive_a_kill_one_by_one(tmp_path):
    """Three seeds as one computation, whose process is killed; each goes on alone, from what it has kept or from its beginning,
    and ends a few epochs later."""

    def lasting(epochs):
        network = Network(layers=(Flatten(), Linear(out_features=12), Tanh(), Linear(out_features=10)))
        training = Training(epochs=epochs, optimizer="SGD", lr=0.01, batch_size=64, device="cpu")
        return Experiment(name="long", seed=5, data=Data(samples=400), network=network, training=training)

    plan = QueuePlan(seeds=3, together=True)
    folder = QueueFolder.create(tmp_path / "queue", lasting(1_000_000), plan)
    queue = Queue(folder, jobs=1)
    queue.start()
    assert queue.wait_until(lambda status: all(run.step > 50 for run in status.runs), LONGEST_S)
    assert [run.together for run in queue.status().runs] == [3] * 3
    (process,) = queue._processes
    assert process.runs == (1, 2, 3)
    os.kill(process.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    assert queue.wait_until(lambda _: any(process.runs == (1,) for process in queue._processes), LONGEST_S)
    assert queue.wait_until(lambda status: status.runs[0].condition == "running", LONGEST_S)
    assert queue.close(LONGEST_S)
    kept = [Run.open(folder.run_folder(number)).kept() for number in (1, 2, 3)]
    epochs = max(0 if each is None else each.step for each in kept) // 5 + 3
    for run in folder.runs:
        whole = msgspec.structs.replace(lasting(epochs), seed=run.seed, name=run.experiment.name)
        write(whole, folder.run_folder(run.number) / EXPERIMENT)
    again = Queue(QueueFolder.open(tmp_path / "queue"), jobs=2)
    again.start()
    assert again.wait(LONGEST_S)
    for run, state in zip(folder.runs, again.status().runs, strict=True):
        assert (state.condition, state.step) == ("completed", 5 * epochs)
        alone = train(msgspec.structs.replace(lasting(epochs), seed=run.seed), threads=1)
        assert state.validation_loss == pytest.approx(alone.validation_loss, rel=1e-4)
