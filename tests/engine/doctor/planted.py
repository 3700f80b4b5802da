"""Faults that are planted in a run, each with the diagnosis that it must lead to; and healthy runs, which must lead to none.

What no experiment can say (labels that are shuffled, a validation that leaves dropout on) is planted in the data that are
loaded, or in the `Trainer` that the run uses. Used by the doctor's tests and its bench.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import torch

from engine.data import datasets
from engine.data.datasets import Dataset
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, preset
from engine.fields import edited
from engine.layers.catalog import (
    GRU,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from engine.training import trainer as trainers
from engine.training.trainer import Trainer

CNN, MLP = "digits-cnn", "digits-mlp"


@dataclass(frozen=True)
class Fault:
    """`experiment` is the healthy one with the fault that an experiment can have. `data` and `trainer` plant the others."""

    code: str
    healthy: Callable[[], Experiment]
    experiment: Callable[[Experiment], Experiment] = lambda experiment: experiment
    data: Callable[[Dataset, torch.Generator], Dataset] | None = None
    trainer: type[Trainer] = Trainer

    @contextmanager
    def planted(self, seed: int) -> Iterator[None]:
        """Every run that is made meanwhile has the fault."""
        load, change = datasets.load, self.data

        def changed(*arguments: Any, **named: Any) -> Dataset:
            dataset = load(*arguments, **named)
            return dataset if change is None else change(dataset, torch.Generator().manual_seed(seed))

        with patch.object(datasets, "load", changed), patch.object(trainers, "Trainer", self.trainer):
            yield


def preset_with(stem: str, **training: object) -> Experiment:
    found = preset(stem)
    return edited(found, training=edited(found.training, device="cpu", **training))


def of_layers(*layers: Any, data: str = "digits", **training: object) -> Experiment:
    settings: dict[str, object] = {"lr": 1e-3, "batch_size": 64, "epochs": 25, "device": "cpu"}
    return Experiment(seed=7, data=Data(name=data), network=Network(layers=layers), training=Training(**(settings | training)))


def cnn(**training: object) -> Experiment:
    return preset_with(CNN, **training)


def usual_cnn() -> Experiment:
    """With Adam's usual rate."""
    return cnn(lr=1e-3, batch_size=32, epochs=30)


def mlp(**training: object) -> Experiment:
    return preset_with(MLP, **training)


def normalized_cnn() -> Experiment:
    return of_layers(
        Conv2d(out_channels=16, kernel_size=3, padding=1), BatchNorm2d(), ReLU(), MaxPool2d(kernel_size=2), Flatten(),
        Dropout(p=0.3), Linear(out_features=10), lr=3e-3,
    )  # fmt: skip


def dense(kind: type, hidden: int, width: int, **training: object) -> Experiment:
    layers = [layer for _ in range(hidden) for layer in (Linear(out_features=width), kind())]
    return of_layers(Flatten(), *layers, Linear(out_features=10), **training)


def halved(experiment: Experiment) -> Experiment:
    """Half of its samples validate."""
    return edited(experiment, data=edited(experiment.data, validation=0.5))


def _trained(**changes: object) -> Callable[[Experiment], Experiment]:
    return lambda experiment: edited(experiment, training=edited(experiment.training, **changes))


def _ending(*layers: Any) -> Callable[[Experiment], Experiment]:
    def change(experiment: Experiment) -> Experiment:
        network = edited(experiment.network, layers=(*experiment.network.layers, *layers))
        return edited(experiment, network=network)

    return change


def _begun(change: Callable[[torch.nn.Parameter], None], *, biases: float | None = None) -> type[Trainer]:
    """A trainer whose model begins with other weights."""

    class Begun(Trainer):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            with torch.no_grad():
                for parameter in self.model.parameters():
                    if parameter.dim() >= 2:
                        change(parameter)
                    elif biases is not None and parameter.dim() == 1 and parameter is not list(self.model.parameters())[-1]:
                        parameter.fill_(biases)

    return Begun


class Unshuffled(Trainer):
    """Takes the samples as they lie."""

    def _shuffle(self) -> None:
        self._order_state = self._generator.get_state()
        self._batches = torch.split(torch.arange(len(self._x)), self.batch_size)


class LeftInTraining(Trainer):
    """Forgets model.eval() before the validation."""

    def validate(self) -> Iterator[None]:
        for _ in super().validate():
            yield

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.model.eval = lambda: self.model  # type: ignore[method-assign]


def _shuffled_labels(data: Dataset, random: torch.Generator) -> Dataset:
    def mixed(y: torch.Tensor) -> torch.Tensor:
        return y[torch.randperm(len(y), generator=random)]

    return replace(data, y_train=mixed(data.y_train), y_validation=mixed(data.y_validation))


def _sorted(data: Dataset, random: torch.Generator) -> Dataset:
    order = data.y_train.argsort(stable=True)
    return replace(data, x_train=data.x_train[order], y_train=data.y_train[order])


def _in_bytes(data: Dataset, random: torch.Generator) -> Dataset:
    return replace(data, x_train=data.x_train * 255, x_validation=data.x_validation * 255)


def _validation_inverted(data: Dataset, random: torch.Generator) -> Dataset:
    return replace(data, x_validation=1.0 - data.x_validation)


def _leaked(data: Dataset, random: torch.Generator) -> Dataset:
    chosen = torch.randperm(len(data.x_train), generator=random)[: len(data.x_validation) // 4]
    x, y = data.x_validation.clone(), data.y_validation.clone()
    x[: len(chosen)], y[: len(chosen)] = data.x_train[chosen], data.y_train[chosen]
    return replace(data, x_validation=x, y_validation=y)


def _mostly_one_class(data: Dataset, random: torch.Generator) -> Dataset:
    kept = (data.y_train == 3) | (torch.rand(len(data.y_train), generator=random) < 0.05)
    return replace(data, x_train=data.x_train[kept], y_train=data.y_train[kept])


def _with_nan(data: Dataset, random: torch.Generator) -> Dataset:
    x = data.x_train.clone()
    x[int(torch.randint(len(x), (1,), generator=random)), 0, 3, 3] = float("nan")
    return replace(data, x_train=x)


FAULTS: dict[str, Fault] = {
    fault.code: fault
    for fault in (
        Fault("learning_rate_high", usual_cnn, _trained(lr=1.0)),
        Fault("learning_rate_low", usual_cnn, _trained(lr=1e-7)),
        Fault("zero_start", mlp, _trained(initialization="zeros")),
        Fault("small_start", mlp, _trained(initialization="normal", initial_deviation=1e-3)),
        Fault("saturated", lambda: dense(Sigmoid, 2, 64, lr=1e-2), trainer=_begun(lambda weight: weight.mul_(30))),
        Fault("dead_units", mlp, trainer=_begun(lambda weight: None, biases=-10.0)),
        Fault("vanishing_gradient", lambda: dense(ReLU, 8, 32), lambda _: dense(Sigmoid, 8, 32)),
        Fault(
            "exploding_gradient",
            lambda: dense(ReLU, 4, 64, optimizer="SGD", lr=0.05),
            trainer=_begun(lambda weight: weight.mul_(8)),
        ),
        Fault("double_softmax", cnn, _ending(Softmax(dim=1))),
        Fault("labels_unlearnable", cnn, data=_shuffled_labels),
        Fault("not_shuffled", cnn, data=_sorted, trainer=Unshuffled),
        Fault("inputs_not_scaled", cnn, data=_in_bytes),
        Fault("validation_differs", cnn, data=_validation_inverted),
        Fault("duplicates", cnn, data=_leaked),
        Fault("class_imbalance", cnn, data=_mostly_one_class),
        Fault("nan_in_data", cnn, data=_with_nan),
        Fault(
            "batch_norm_single",
            lambda: of_layers(Flatten(), Linear(out_features=32), BatchNorm1d(), ReLU(), Linear(out_features=10)),
            lambda experiment: edited(experiment, data=edited(experiment.data, samples=1761)),  # 22 · 64 + 1 of them train
        ),
        Fault("evaluation_mode", normalized_cnn, trainer=LeftInTraining),
        Fault(
            "overfitting",
            lambda: halved(dense(ReLU, 3, 256, data="mnist-5k", lr=3e-3, epochs=40)),
            lambda experiment: edited(experiment, data=edited(experiment.data, samples=200)),
        ),
        Fault("underfitting", mlp, lambda _: dense(Tanh, 1, 1, lr=1e-2, epochs=40)),
    )
}

HEALTHY: dict[str, Callable[[], Experiment]] = {
    **{
        stem: (lambda stem=stem: preset_with(stem))
        for stem in (CNN, MLP, "lenet-5", "pipeline-28x28", "adding-lstm", "counting-lstm", "waves-lstm")
    },
    "normalized-cnn": normalized_cnn,
    "sigmoid-mlp": lambda: dense(Sigmoid, 1, 64, lr=1e-2),
    "tanh-sgd": lambda: dense(Tanh, 2, 64, optimizer="SGD", lr=0.1),
    "momentum-cnn": lambda: preset_with(CNN, optimizer="SGD", lr=0.03, momentum=0.9),
    "waves-gru": lambda: edited(
        preset_with("waves-lstm"),
        network=Network(layers=(GRU(hidden_size=32, output="sequence"), Linear(out_features=1))),
    ),
}
