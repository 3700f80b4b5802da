"""Small runs to export: trained in this process, some of them changed in mid-run."""

from __future__ import annotations

from pathlib import Path

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.schedules import CosineAnnealingLR
from engine.layers.catalog import BatchNorm1d, Dropout, Flatten, Linear, ReLU
from engine.runs.status import State
from engine.training.worker import Worker
from tests.patience import GIVE_UP_S

DROPPING = Experiment(
    name="Dropping *out*",
    seed=5,
    data=Data(samples=150),
    network=Network(
        layers=(Flatten(), Linear(out_features=12), BatchNorm1d(), ReLU(), Dropout(p=0.5), Linear(out_features=10))
    ),
    training=Training(
        optimizer="SGD", lr=0.1, momentum=0.9, epochs=3, batch_size=32, device="cpu", schedule=CosineAnnealingLR()
    ),
)


def changed_run(folder: Path) -> Path:
    """A run of `DROPPING`, whose rate and momentum were changed after iteration 3, and its clipping after iteration 5."""
    worker = Worker()
    worker.start(DROPPING, folder=folder, paused=True)
    for step, changes in ((3, {"lr": 0.05, "momentum": 0.5}), (5, {"clip": 0.5})):
        worker.step(step - worker.status().step)
        assert worker.wait_until(lambda status, step=step: status.step == step and status.state is State.PAUSED, GIVE_UP_S)
        for name, value in changes.items():
            worker.change(name, value)
        worker.ask(lambda _model, _data: None).result(GIVE_UP_S)  # the loop has come by
    worker.play()
    assert worker.wait_until(lambda status: status.reason is not None, GIVE_UP_S)
    assert worker.close(GIVE_UP_S)
    return folder
