"""What each of three processes does for `test_shared_steps`: the same experiments by one trainer alone and by all together.

    python shared_cases.py FILE      (WORLD_SIZE, MASTER_ADDR and MASTER_PORT are set)

The three are forked where there is a fork, so that torch is imported once for all. Rank 0 writes what it has measured of both
to FILE, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any

import torch

from engine.data.datasets import Dataset, load
from engine.data.info import Data
from engine.experiments.augmentation import Augmentation
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.schedules import CosineAnnealingLR, ReduceLROnPlateau
from engine.experiments.stopping import EarlyStopping
from engine.layers.catalog import Residual
from engine.layers.kinds.activation import Dropout, ReLU, Tanh
from engine.layers.kinds.convolution import Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d
from engine.layers.kinds.pooling import MaxPool2d
from engine.layers.kinds.recurrent import GRU, LSTM
from engine.runs.status import Status
from engine.training.devices import take_threads
from engine.training.distributed.following_rank import serve
from engine.training.distributed.launch import launched
from engine.training.distributed.leader import Leader
from engine.training.distributed.leading_trainer import LeadingTrainer
from engine.training.distributed.meeting import Command, MeetingPoint
from engine.training.distributed.shared_trainer import SharedTrainer
from engine.training.readout import Record
from engine.training.trainer import Trainer
from engine.training.worker import train
from tests.patience import GIVE_UP_S

EPOCHS = 3
CPU = torch.device("cpu")
DIGITS = Data(samples=100)  # 80 to learn from: six batches of 13 and one of 2, in which the first of three has no part
PLAIN = Training(epochs=EPOCHS, batch_size=13, optimizer="SGD", lr=0.05, momentum=0.9)
CASES = {
    "dropout": Experiment(
        seed=1, data=DIGITS, training=PLAIN,
        network=Network(layers=(Conv2d(out_channels=4, kernel_size=3), ReLU(), Dropout(p=0.3), MaxPool2d(kernel_size=2),
                                Flatten(), Dropout(p=0.5), Linear(out_features=10))),
    ),
    "batch norm": Experiment(
        seed=2, data=DIGITS, training=PLAIN,
        network=Network(layers=(Conv2d(out_channels=4, kernel_size=3), BatchNorm2d(), ReLU(),
                                Residual(main=(Conv2d(out_channels=4, kernel_size=3, padding=1), BatchNorm2d(momentum=None),
                                               Dropout(p=0.2))),
                                Flatten(), Linear(out_features=16), BatchNorm1d(affine=False), ReLU(),
                                Linear(out_features=10))),
    ),
    "statistics of the batch": Experiment(
        seed=3, data=DIGITS, training=PLAIN,
        network=Network(layers=(Conv2d(out_channels=4, kernel_size=3), BatchNorm2d(track_running_stats=False), ReLU(),
                                Flatten(), Linear(out_features=10))),
    ),
    "weights of classes, smoothed labels": Experiment(
        seed=4, data=DIGITS,
        training=Training(epochs=EPOCHS, batch_size=13, optimizer="Adam", lr=0.01, class_weights=True, label_smoothing=0.1,
                          clip=0.5),
        network=Network(layers=(Flatten(), Linear(out_features=16), ReLU(), Linear(out_features=10))),
    ),
    "augmentation, cosine": Experiment(
        seed=5, data=DIGITS,
        training=Training(epochs=EPOCHS, batch_size=32, optimizer="AdamW", lr=0.01, weight_decay=0.01,
                          loss="mean_squared_error", schedule=CosineAnnealingLR(),
                          augmentation=Augmentation(shift=1, rotate=10.0, flip=True, noise=0.1)),
        network=Network(layers=(Conv2d(out_channels=4, kernel_size=3), Tanh(), Flatten(), Linear(out_features=10))),
    ),
    "tokens": Experiment(
        seed=7, data=Data(name="copy", samples=60, length=12, symbols=2),
        training=Training(epochs=EPOCHS, batch_size=20, optimizer="Adam", lr=0.01, label_smoothing=0.1),
        network=Network(layers=(Embedding(num_embeddings=10, embedding_dim=4), LSTM(hidden_size=6, output="sequence"),
                                Dropout(p=0.3), Linear(out_features=10))),
    ),
    "series, plateau": Experiment(
        seed=6, data=Data(name="random-walk", samples=60, length=12),
        training=Training(epochs=EPOCHS, batch_size=20, optimizer="RMSprop", lr=0.01, truncated_steps=5, clip=1.0,
                          schedule=ReduceLROnPlateau(patience=0, threshold=0.5)),
        network=Network(layers=(LSTM(hidden_size=6, output="sequence"), Dropout(p=0.3), GRU(hidden_size=5, output="sequence"),
                                Linear(out_features=1))),
    ),
}  # fmt: skip


# what is changed on the way: after which step, what, to what
CHANGES: dict[str, dict[int, tuple[str, Any]]] = {
    "dropout": {4: ("momentum", 0.0), 9: ("momentum", 0.5), 12: ("dropout", (0.1, 0.6)), 16: ("lr", 0.01)},
    "weights of classes, smoothed labels": {5: ("label_smoothing", 0.3), 12: ("clip", None)},
    "augmentation, cosine": {4: ("augmentation", Augmentation(flip=True))},
}
# whole runs, whose ends are decided by the process that leads
RUNS = {
    "stopped early": Experiment(
        seed=8, data=DIGITS, network=CASES["dropout"].network,
        training=Training(epochs=40, batch_size=13, optimizer="SGD", lr=0.3, device="cpu",
                          early_stopping=EarlyStopping(patience=2, restore_best=True)),
    ),
    "diverged": Experiment(
        seed=9, data=DIGITS, network=Network(layers=(Flatten(), *(Linear(out_features=16),) * 4, Linear(out_features=10))),
        training=Training(epochs=20, batch_size=13, optimizer="SGD", lr=100.0, loss="mean_squared_error", device="cpu"),
    ),
}  # fmt: skip


class LeaderOfAGroup(Leader):
    """One whose processes have met already."""

    def __init__(self, meeting: MeetingPoint) -> None:
        super().__init__(meeting.launch)
        self.meeting = meeting

    def trainer(self, experiment: Experiment, dataset: Dataset, *others: Any) -> LeadingTrainer:
        self._trainer = LeadingTrainer(self, self.meeting, experiment, dataset, CPU, others[1])
        return self._trainer


def ended(status: Status) -> dict[str, Any]:
    return {
        "reason": str(status.reason),
        "step": status.step,
        "processes": status.processes,
        "best": status.best_epoch,
        "notices": [notice.code for notice in status.notices],
        "problem": status.problem and status.problem.code,
        "validation": status.validation_loss,
    }


def measured(trainer: Trainer, losses: list[tuple[float, float]], changes: dict[int, tuple[str, Any]]) -> dict[str, Any]:
    validations = []
    while trainer.step_count < EPOCHS * trainer.steps_per_epoch:
        if trainer.step_count in changes:
            trainer.change(*changes[trainer.step_count])
        trainer.step()
        if trainer.step_count % trainer.steps_per_epoch == 0:
            for _ in trainer.validate():
                pass
            validations.append(trainer.validation)
    moment = trainer.moment().tensors
    drawn = {name: value.tolist() for name, value in moment.items() if name.startswith(("random", "order", "augmentation"))}
    return {
        "losses": losses,
        "validations": validations,
        "rate": trainer.rate,
        "weights": {name: value.flatten().tolist() for name, value in trainer.weights().items()},
        "drawn": drawn,
    }


def _appending(losses: list[tuple[float, float]]) -> Record:
    return lambda _step, loss, accuracy: losses.append((loss, accuracy))


def compute(rank: int, file: Path) -> None:
    os.environ["RANK"] = str(rank)
    launch = launched()
    assert launch is not None
    take_threads(1)
    meeting = MeetingPoint(launch)
    meeting.join(CPU)
    found = {}
    for name, experiment in CASES.items():
        data = load(experiment.data, seed=experiment.seed)
        if not launch.leads:
            serve(meeting, SharedTrainer(meeting, experiment, data, CPU, lambda *_: None))
            continue
        changes = CHANGES.get(name, {})
        alone: list[tuple[float, float]] = []
        together: list[tuple[float, float]] = []
        found[name] = {"alone": measured(Trainer(experiment, data, CPU, _appending(alone)), alone, changes)}
        leading = LeadingTrainer(Leader(launch), meeting, experiment, data, CPU, _appending(together))
        found[name]["together"] = measured(leading, together, changes)
        for _ in leading.validate():  # one that is broken off keeps nobody waiting
            break
        meeting.command(Command.END)
    for name, experiment in RUNS.items():
        if not launch.leads:
            data = load(experiment.data, seed=experiment.seed)
            serve(meeting, SharedTrainer(meeting, experiment, data, CPU, lambda *_: None))
            continue
        found[name] = {
            "alone": ended(train(experiment, threads=1)),
            "together": ended(train(experiment, threads=1, leader=LeaderOfAGroup(meeting))),
        }
        meeting.command(Command.END)
    if launch.leads:
        file.write_text(json.dumps(found))
    meeting.leave()


def main(file: Path) -> None:
    import_module("torch._dynamo")  # for seconds; torch's DistributedDataParallel asks for it
    how = get_context("fork" if "fork" in get_all_start_methods() else "spawn")
    ranks = [how.Process(target=compute, args=(rank, file), daemon=True) for rank in range(3)]
    for rank in ranks:
        rank.start()
    for rank in ranks:
        rank.join(2 * GIVE_UP_S)
    assert [rank.exitcode for rank in ranks] == [0, 0, 0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
