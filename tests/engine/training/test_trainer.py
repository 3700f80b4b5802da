"""The step, against loops written out with torch alone."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import msgspec
import numpy as np
import pytest
import torch
from torch import nn

from engine.data.datasets import Dataset, load
from engine.data.info import Data, Task
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.optimisers import OPTIMIZERS as ROWS
from engine.layers.catalog import LSTM, BatchNorm1d, Conv2d, Dropout, Embedding, Flatten, Linear, ReLU
from engine.passes.modules import build
from engine.runs.failures import DivergedError, RunError
from engine.runs.history import History
from engine.runs.moment import Moment
from engine.training.readout import Ring
from engine.training.trainer import Trainer, optimizer

CPU = torch.device("cpu")
DENSE = (Flatten(), Linear(out_features=16), ReLU(), Linear(out_features=10))


def digits(**training: object) -> Experiment:
    return Experiment(
        seed=3, data=Data(samples=100), network=Network(layers=DENSE), training=Training(batch_size=32, **training)
    )


def trainer_of(experiment: Experiment) -> tuple[Trainer, History]:
    history = History()
    dataset = load(experiment.data, seed=experiment.seed)
    return Trainer(experiment, dataset, CPU, history.append_step), history


def losses_of(experiment: Experiment, steps: int) -> np.ndarray:
    trainer, history = trainer_of(experiment)
    for _ in range(steps):
        trainer.step()
    return history.train.since()[1]


OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.01}),
    "SGD, momentum": (torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    "SGD, Nesterov": (torch.optim.SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "Adagrad": (torch.optim.Adagrad, {"lr": 0.05, "weight_decay": 0.01}),
    "RMSprop": (torch.optim.RMSprop, {"lr": 0.002, "momentum": 0.5}),
    "Adam": (torch.optim.Adam, {"lr": 0.01, "weight_decay": 0.01}),
    "AdamW": (torch.optim.AdamW, {"lr": 0.01, "weight_decay": 0.1}),
    "Adadelta": (torch.optim.Adadelta, {"lr": 0.5, "weight_decay": 0.01}),
    "Adamax": (torch.optim.Adamax, {"lr": 0.01, "weight_decay": 0.01}),
    "NAdam": (torch.optim.NAdam, {"lr": 0.01, "weight_decay": 0.01}),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_losses_are_those_of_a_loop_with_torchs_own_optimiser(name: str):
    kind, settings = OPTIMIZERS[name]
    experiment = digits(optimizer=kind.__name__, clip=0.5, **settings)
    data = load(experiment.data, seed=3)

    torch.manual_seed(3)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
    plain = kind(model.parameters(), **settings, foreach=False)
    order = torch.Generator().manual_seed(3)
    expected = []
    for _ in range(3):
        for index in torch.randperm(len(data.x_train), generator=order).split(32):
            plain.zero_grad()
            loss = nn.CrossEntropyLoss()(model(data.x_train[index]), data.y_train[index])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            plain.step()
            expected.append(loss.item())

    measured = losses_of(experiment, len(expected))
    np.testing.assert_allclose(measured, expected, rtol=2e-4)
    assert measured[0] == np.float32(expected[0])


def test_clipping_changes_the_losses():
    assert not np.array_equal(losses_of(digits(clip=0.01, lr=0.1), 4), losses_of(digits(lr=0.1), 4))


def test_an_option_of_another_optimiser_is_ignored():
    parameters = [nn.Parameter(torch.zeros(1))]
    adam = optimizer(Training(optimizer="Adam", momentum=0.9), parameters, CPU)
    assert "momentum" not in adam.param_groups[0]


def made(task: Task, x: torch.Tensor, y: torch.Tensor, outputs: int) -> Dataset:
    cross = task != "regression"
    return Dataset(
        "made", x, y, x, y,
        classes=(), input=tuple(x.shape[1:]), tokens=task == "next_token", outputs=outputs, task=task,
        loss="cross_entropy" if cross else "mean_squared_error",
    )  # fmt: skip


def test_next_token_loss_is_the_mean_over_all_time_steps():
    tokens = torch.arange(12).reshape(3, 4) % 5
    targets = (tokens + 1) % 5
    layers = (Embedding(num_embeddings=5, embedding_dim=6), LSTM(hidden_size=7, output="sequence"), Linear(out_features=5))
    experiment = Experiment(seed=1, network=Network(layers=layers), training=Training(batch_size=3))
    history = History()
    trainer = Trainer(experiment, made("next_token", tokens, targets, 5), CPU, history.append_step)
    with torch.no_grad():
        logits = trainer.model(tokens)
    by_hand = -torch.stack([logits[n, t].log_softmax(0)[targets[n, t]] for n in range(3) for t in range(4)]).mean()
    right = sum(int(logits[n, t].argmax() == targets[n, t]) for n in range(3) for t in range(4))
    trainer.step()
    loss, accuracy = history.train.last()
    assert loss == pytest.approx(float(by_hand), rel=1e-6)
    assert accuracy == pytest.approx(right / 12)


@pytest.mark.parametrize("output", ["last", "sequence"])
def test_regression_has_a_squared_error_and_no_accuracy(output: str):
    torch.manual_seed(0)
    x, y = torch.randn(6, 5, 2), torch.randn(6, 1) if output == "last" else torch.randn(6, 5, 1)
    layers = (LSTM(hidden_size=4, output=output), Linear(out_features=1))
    experiment = Experiment(seed=1, network=Network(layers=layers), training=Training(batch_size=6))
    history = History()
    trainer = Trainer(experiment, made("regression", x, y, 1), CPU, history.append_step)
    with torch.no_grad():
        expected = float(((trainer.model(x) - y) ** 2).sum() / y.numel())
    trainer.step()
    loss, accuracy = history.train.last()
    assert loss == pytest.approx(expected, rel=1e-6)
    assert isnan(accuracy)
    for _ in trainer.validate():
        pass
    assert isnan(trainer.validation[1])


def test_classes_may_be_learned_with_the_squared_error_to_the_one_hot():
    experiment = digits(loss="mean_squared_error")
    trainer, history = trainer_of(experiment)
    data = load(experiment.data, seed=3)
    index = torch.randperm(len(data.x_train), generator=torch.Generator().manual_seed(3))[:32]
    with torch.no_grad():
        outputs = trainer.model(data.x_train[index])
    target = torch.eye(10)[data.y_train[index]]
    trainer.step()
    assert history.train.last()[0] == pytest.approx(float(((outputs - target) ** 2).mean()), rel=1e-6)


def test_an_epoch_takes_every_sample_once_and_ends_in_a_smaller_batch():
    experiment = digits()
    seen: list[torch.Tensor] = []
    trainer, _ = trainer_of(experiment)
    trainer.model.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0].clone()))
    for _ in range(trainer.steps_per_epoch):
        trainer.step()
    assert [len(batch) for batch in seen] == [32, 32, 16]
    assert trainer.rest == 16
    rows = torch.cat(seen).flatten(1)
    expected = load(experiment.data, seed=3).x_train.flatten(1)
    assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, expected.tolist()))


def test_validation_is_the_loss_of_all_samples_in_evaluation_mode_and_changes_nothing():
    layers = (Flatten(), Linear(out_features=12), BatchNorm1d(), ReLU(), Dropout(p=0.5), Linear(out_features=10))
    experiment = Experiment(seed=2, data=Data(samples=900, validation=0.4), network=Network(layers=layers))
    trainer, _ = trainer_of(experiment)
    for _ in range(3):
        trainer.step()
    before = trainer.moment()
    batches = sum(1 for _ in trainer.validate())
    after = trainer.moment()
    assert batches == 2  # 360 samples
    assert all(torch.equal(after.tensors[name], tensor) for name, tensor in before.tensors.items())
    assert trainer.model.training

    data = trainer.dataset
    model = build(layers, data.input)
    model.load_state_dict(trainer.model.state_dict())
    model.eval()
    with torch.no_grad():
        outputs = model(data.x_validation)
    assert trainer.validation[0] == pytest.approx(float(nn.functional.cross_entropy(outputs, data.y_validation)), rel=1e-5)
    assert trainer.validation[1] == pytest.approx(float((outputs.argmax(1) == data.y_validation).float().mean()))


@pytest.mark.parametrize("steps", [3, 4, 5], ids=["at an epoch's end", "after its first step", "in its middle"])
@pytest.mark.parametrize(
    "training",
    [{"optimizer": "SGD", "momentum": 0.9}, {"optimizer": "Adam"}, {"optimizer": "RMSprop", "momentum": 0.5}],
    ids=lambda training: training["optimizer"],
)
def test_a_moment_brings_back_the_same_losses_to_the_bit(steps: int, training: dict):
    layers = (Flatten(), Linear(out_features=16), BatchNorm1d(), Dropout(p=0.3), Linear(out_features=10))
    experiment = Experiment(
        seed=5, data=Data(samples=100), network=Network(layers=layers), training=Training(batch_size=32, lr=0.01, **training)
    )
    first, whole = trainer_of(experiment)
    for _ in range(steps):
        first.step()
    moment = first.moment()
    for _ in range(7):
        first.step()

    torch.manual_seed(12345)
    second, rest = trainer_of(experiment)
    second.restore(moment)
    for _ in range(7):
        second.step()
    np.testing.assert_array_equal(rest.train.since()[1], whole.train.since(steps)[1])
    assert second.step_count == first.step_count


@pytest.mark.parametrize("training", [{"optimizer": "Adam"}, {"optimizer": "SGD", "momentum": 0.9}], ids=["Adam", "SGD"])
def test_a_run_broken_off_at_any_two_places_has_the_losses_of_one_without_a_break(training: dict):
    """Also where nothing lies between the two: what restoring sets is everything that a moment reads."""
    layers = (Flatten(), Linear(out_features=8), BatchNorm1d(), Dropout(p=0.3), Linear(out_features=10))
    experiment = Experiment(
        seed=5, data=Data(samples=60), network=Network(layers=layers), training=Training(batch_size=20, lr=0.01, **training)
    )
    data = load(experiment.data, seed=experiment.seed)

    def fresh(moment: Moment | None = None) -> tuple[Trainer, History]:
        history = History()
        trainer = Trainer(experiment, data, CPU, history.append_step)
        if moment is not None:
            trainer.restore(moment)
        return trainer, history

    def moments(trainer: Trainer, until: int) -> dict[int, Moment]:
        """At every step from where it is: as a run that is stopped there keeps them."""
        found = {trainer.step_count: trainer.moment()}
        while trainer.step_count < until:
            trainer.step()
            found[trainer.step_count] = trainer.moment()
        return found

    whole, measured = fresh()
    steps = 2 * whole.steps_per_epoch + 2
    once = moments(whole, steps)
    expected = measured.train.since()[1]
    for first in range(steps + 1):
        middle, before = fresh(once[first])
        twice = moments(middle, steps)
        np.testing.assert_array_equal(before.train.since()[1], expected[first:])
        for second in range(first, steps + 1):
            last, after = fresh(twice[second])
            assert same_moment(moments(last, steps)[steps], once[steps]), (first, second)
            np.testing.assert_array_equal(after.train.since()[1], expected[second:], err_msg=f"{first}, {second}")


def same_moment(one: Moment, other: Moment) -> bool:
    return (one.step, one.lr, one.tensors.keys()) == (other.step, other.lr, other.tensors.keys()) and all(
        torch.equal(tensor, other.tensors[name]) for name, tensor in one.tensors.items()
    )


@pytest.mark.parametrize("optimizer", list(ROWS))
def test_a_moment_of_a_convolutional_network_keeps_its_layout(optimizer: str):
    layers = (
        Conv2d(out_channels=5, kernel_size=3), Conv2d(out_channels=6, kernel_size=3), Flatten(), Linear(out_features=10),
    )  # fmt: skip
    experiment = Experiment(
        data=Data(samples=100), network=Network(layers=layers),
        training=Training(batch_size=32, optimizer=optimizer, momentum=0.9, lr=0.01),
    )  # fmt: skip
    first, whole = trainer_of(experiment)
    for _ in range(4):
        first.step()
    moment = first.moment()
    for _ in range(8):
        first.step()
    second, rest = trainer_of(experiment)
    second.restore(moment)
    for _ in range(8):
        second.step()
    np.testing.assert_array_equal(rest.train.since()[1], whole.train.since(4)[1])
    for name, weight in moment.tensors.items():
        assert weight.is_contiguous(), name


def test_a_moment_of_another_network_is_refused():
    trainer, _ = trainer_of(digits())
    smaller = Network(layers=(Flatten(), Linear(out_features=10)))
    other, _ = trainer_of(msgspec.structs.replace(digits(), network=smaller))
    with pytest.raises(RunError):
        trainer.restore(other.moment())


def test_a_loss_that_is_no_number_stops_before_it_is_recorded_or_applied():
    experiment = digits(optimizer="SGD", lr=1.0)
    dataset = load(experiment.data, seed=3)
    broken = replace(dataset, x_train=torch.full_like(dataset.x_train, float("nan")))
    history = History()
    trainer = Trainer(experiment, broken, CPU, history.append_step)
    before = trainer.moment()
    with pytest.raises(DivergedError) as caught:
        trainer.step()
    assert caught.value.step == 1
    assert len(history.train) == 0
    assert all(bool(parameter.isfinite().all()) for parameter in trainer.model.parameters())
    assert torch.equal(trainer.moment().tensors["model.1.weight"], before.tensors["model.1.weight"])


def ring_of(device: str) -> tuple[Ring, list[tuple[int, float, float]]]:
    rows: list[tuple[int, float, float]] = []
    return Ring(torch.device(device), lambda *row: rows.append(row)), rows


DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA"))]


@pytest.mark.parametrize("device", DEVICES)
def test_the_ring_hands_on_every_result_once_and_in_order(device: str):
    ring, rows = ring_of(device)
    for step in range(1, 3 * Ring.SIZE + 6):
        ring.put(step, torch.tensor(step / 2, device=device), torch.tensor(step % 4, device=device), 4)
    ring.settle()
    assert rows == [(step, step / 2, step % 4 / 4) for step in range(1, 3 * Ring.SIZE + 6)]
    ring.settle()
    assert len(rows) == 3 * Ring.SIZE + 5


@pytest.mark.parametrize("device", DEVICES)
def test_the_ring_finds_the_step_that_diverged_and_records_nothing_of_it(device: str):
    ring, rows = ring_of(device)
    for step in range(1, 8):
        ring.put(step, torch.tensor(float("inf") if step >= 5 else 1.0, device=device), None, 1)
    with pytest.raises(DivergedError) as caught:
        ring.settle()
    assert caught.value.step == 5
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert isnan(rows[0][2])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA")
def test_training_on_a_gpu_reaches_the_losses_of_the_cpu():
    experiment = digits()
    history = History()
    trainer = Trainer(experiment, load(experiment.data, seed=3), torch.device("cuda"), history.append_step)
    for _ in range(20):
        trainer.step()
    trainer.settle()
    np.testing.assert_allclose(history.train.since()[1], losses_of(experiment, 20), rtol=1e-3)
