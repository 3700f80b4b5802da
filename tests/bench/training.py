"""How fast the engine trains: steps a second, over the loop of a tutorial (`train_tutorial`) and over the best loop that hands
can write, of the digits CNN (`train_tuned`) and of the adding LSTM, 50 time steps and 64 units in batches of 64 (`lstm_tuned`).

All sides do the same: the same network, batches, optimiser, threads, and a validation after each epoch. The engine's side is
the whole of it, as the window and the command line use it: accuracy of every step, history, run folder on disk, commands
looked at before every step.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss
from torch.utils.data import DataLoader, TensorDataset

from engine.data import datasets
from engine.data.datasets import Dataset
from engine.experiments.experiment import Experiment, preset
from engine.fields import edited
from engine.passes.modules import build
from engine.training.devices import take_threads
from engine.training.worker import train

PAIRS = 9
EPOCHS = {"digits-cnn": 16, "adding-lstm": 1}  # of one measurement, by preset


def rows() -> Iterator[dict[str, object]]:
    take_threads()
    yield _row("train_tutorial", "digits-cnn", tutorial, 1.3)
    yield _row("train_tuned", "digits-cnn", tuned, 0.97)
    yield _row("lstm_tuned", "adding-lstm", tuned, 0.95)


def engine(experiment: Experiment, _dataset: Dataset) -> float:
    """Steps a second of a run that is kept on disk."""
    with tempfile.TemporaryDirectory() as folder:
        return train(experiment, folder=Path(folder) / "run").steps_per_second


def tutorial(experiment: Experiment, dataset: Dataset) -> float:
    """The loop of torch's own quickstart: DataLoader, plain Adam, loss.item() at every step."""
    model, training = _model(experiment, dataset), experiment.training
    loader = DataLoader(TensorDataset(dataset.x_train, dataset.y_train), training.batch_size, shuffle=True)
    validation = DataLoader(TensorDataset(dataset.x_validation, dataset.y_validation), 256)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=training.lr)
    steps, began = 0, time.perf_counter()
    for _ in range(training.epochs):
        model.train()
        total = 0.0
        for x, y in loader:
            loss = loss_function(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
            steps += 1
        model.eval()
        correct = 0.0
        with torch.no_grad():
            for x, y in validation:
                outputs = model(x)
                total += loss_function(outputs, y).item()
                correct += (outputs.argmax(1) == y).type(torch.float).sum().item()
    return steps / (time.perf_counter() - began)


def tuned(experiment: Experiment, dataset: Dataset) -> float:
    """No DataLoader, weights with the channels last, fused Adam, gradients dropped by hand, losses read once an epoch, no
    accuracy of the steps."""
    model, training = _model(experiment, dataset), experiment.training
    model = model.to(memory_format=torch.channels_last)
    parameters = list(model.parameters())
    optimizer = torch.optim.Adam(parameters, lr=training.lr, fused=True)
    loss_function = mse_loss if dataset.task == "regression" else cross_entropy
    x_train, y_train = dataset.x_train, dataset.y_train
    steps, began = 0, time.perf_counter()
    for _ in range(training.epochs):
        model.train()
        losses = []
        for index in torch.randperm(len(x_train)).split(training.batch_size):
            loss = loss_function(model(x_train.index_select(0, index)), y_train.index_select(0, index))
            for parameter in parameters:
                parameter.grad = None
            loss.backward()
            if training.clip is not None:
                nn.utils.clip_grad_norm_(parameters, training.clip)
            optimizer.step()
            losses.append(loss.detach())
        steps += len(losses)
        torch.stack(losses).mean().item()
        model.eval()
        with torch.no_grad():
            for x, y in zip(dataset.x_validation.split(256), dataset.y_validation.split(256), strict=True):
                outputs = model(x)
                loss_function(outputs, y).item()
                if dataset.task != "regression":
                    (outputs.argmax(1) == y).sum().item()
    return steps / (time.perf_counter() - began)


def _model(experiment: Experiment, dataset: Dataset) -> nn.Module:
    torch.manual_seed(experiment.seed)
    return build(experiment.network.layers, dataset.input)


def _row(name: str, work: str, other: Callable[[Experiment, Dataset], float], goal: float) -> dict[str, object]:
    experiment = preset(work)
    experiment = edited(experiment, training=edited(experiment.training, epochs=EPOCHS[work], device="cpu"))
    dataset = datasets.load(experiment.data, seed=experiment.seed)
    for side in (engine, other):  # once uncounted
        side(experiment, dataset)
    pairs = []
    for number in range(PAIRS):
        if number % 2:  # whoever comes second has the warmer processor
            ours = engine(experiment, dataset)
            theirs = other(experiment, dataset)
        else:
            theirs = other(experiment, dataset)
            ours = engine(experiment, dataset)
        pairs.append((ours, theirs))
    return {
        "name": name,
        "ratio": round(median(ours / theirs for ours, theirs in pairs), 3),
        "this": round(median(ours for ours, _ in pairs), 1),
        "other": round(median(theirs for _, theirs in pairs), 1),
        "unit": "steps/s",
        "goal": f">= {goal}",
    }
