"""Experiments whose runs learn together, and what is compared of a run that did with the one that learned alone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import torch

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.layers.catalog import Concat, Residual
from engine.layers.kinds.activation import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from engine.layers.kinds.convolution import Conv1d, Conv2d
from engine.layers.kinds.dense import Flatten, Linear
from engine.layers.kinds.embedding import Embedding
from engine.layers.kinds.normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, LocalResponseNorm
from engine.layers.kinds.permute import Permute
from engine.layers.kinds.pooling import AdaptiveAvgPool2d, AdaptiveMaxPool2d, AvgPool2d, MaxPool1d, MaxPool2d
from engine.layers.kinds.transposed import ConvTranspose2d
from engine.layers.kinds.upsample import Upsample
from engine.runs.checkpoints import RESUME, read_checkpoint
from engine.runs.folder import Run
from engine.training.together.company import Company

DIGITS = Data(samples=100)  # 80 to learn from: four batches of 18 and one of 8
HEAD = (Flatten(), Linear(out_features=10))
CONV = Conv2d(out_channels=4, kernel_size=3)
SAME = Conv2d(out_channels=4, kernel_size=3, padding=1)
UNBIASED = Conv2d(out_channels=4, kernel_size=3, bias=False)  # before a normalisation a bias has no gradient but rounding
PICTURES = {
    "convolution, pooling behind a ReLU": (CONV, ReLU(), MaxPool2d(kernel_size=2), *HEAD),
    "groups, strides": (SAME, LeakyReLU(), Conv2d(out_channels=4, kernel_size=3, groups=2, stride=2), *HEAD),
    "padded by reflection": (Conv2d(out_channels=4, kernel_size=3, padding=1, padding_mode="reflect"), GELU(), *HEAD),
    "means": (CONV, AvgPool2d(kernel_size=2), Tanh(), AdaptiveAvgPool2d(output_size=2), *HEAD),
    "largest of places": (CONV, AdaptiveMaxPool2d(output_size=2), *HEAD),
    "batch norm": (UNBIASED, BatchNorm2d(), Tanh(), Flatten(), Linear(out_features=8, bias=False), BatchNorm1d(), *HEAD[1:]),
    "statistics of the batch": (UNBIASED, BatchNorm2d(affine=False, track_running_stats=False), Tanh(), *HEAD),
    "norms": (CONV, GroupNorm(num_groups=2), Sigmoid(), LocalResponseNorm(size=3), Flatten(),
              LayerNorm(normalized_shape=(144,)), Linear(out_features=10), Softmax()),
    "larger again": (CONV, Upsample(scale_factor=2), ConvTranspose2d(out_channels=3, kernel_size=3, stride=2), *HEAD),
    "branches": (SAME, Residual(main=(SAME, ReLU())), Concat(branches=((SAME,), (SAME, ReLU()))),
                 Permute(dims=(0, 2, 3, 1)), *HEAD),
}  # fmt: skip
DENSE = Network(layers=(Flatten(), Linear(out_features=16), ReLU(), Linear(out_features=10)))
PLAIN = Training(epochs=3, batch_size=18, optimizer="SGD", lr=0.05, momentum=0.9, device="cpu")
CASES = {
    name: Experiment(seed=3, data=DIGITS, network=Network(layers=layers), training=PLAIN) for name, layers in PICTURES.items()
}
CASES |= {
    "tokens, weights of classes": Experiment(
        seed=4, data=Data(name="copy", samples=60, length=12, symbols=2),
        training=msgspec.structs.replace(PLAIN, batch_size=20, class_weights=True, label_smoothing=0.1),
        network=Network(layers=(Embedding(num_embeddings=10, embedding_dim=4), Permute(dims=(0, 2, 1)),
                                Conv1d(out_channels=5, kernel_size=3, padding=1), ReLU(), MaxPool1d(kernel_size=1),
                                Permute(dims=(0, 2, 1)), Linear(out_features=10))),
    ),
    "series": Experiment(
        seed=5, data=Data(name="random-walk", samples=60, length=12), training=msgspec.structs.replace(PLAIN, batch_size=20),
        network=Network(layers=(Linear(out_features=8), Tanh(), Linear(out_features=1))),
    ),
    "squared error, data of all": Experiment(
        seed=6, data=Data(samples=100, seed=1), network=DENSE,
        training=msgspec.structs.replace(PLAIN, loss="mean_squared_error", initialization="he_normal"),
    ),
}  # fmt: skip


def of_seeds(experiment: Experiment, runs: int) -> list[Experiment]:
    return [msgspec.structs.replace(experiment, seed=experiment.seed + run) for run in range(runs)]


def learned(experiments: list[Experiment], root: Path) -> tuple[Company, list[Path]]:
    """The runs after they have learned together, and their folders."""
    folders = [root / f"together-{run}" for run in range(len(experiments))]
    company = Company(experiments, list(folders), threads=1)
    company.run()
    return company, folders


def require_alike(together: Path, alone: Path, rel: float, weights: float) -> None:
    """Steps, epochs, moments and what is kept to go on are the same; losses to `rel` of them, weights to `weights`. What is
    drawn is the same to the bit: the first weights, the order of the samples, the random states."""
    ours, theirs = Run.open(together), Run.open(alone)
    history, expected = ours.history(), theirs.history()
    for found, wanted in zip(
        (history.train, history.epochs, history.validation), (expected.train, expected.epochs, expected.validation), strict=True
    ):
        (steps, *values), (wanted_steps, *wanted_values) = found.since(), wanted.since()
        assert steps.tolist() == wanted_steps.tolist()
        for column, wanted_column in zip(values, wanted_values, strict=True):
            np.testing.assert_allclose(column, wanted_column, rtol=rel, atol=1e-7, equal_nan=True)
    moments, wanted_moments = ours.timeline(), theirs.timeline()
    assert moments.steps == wanted_moments.steps
    for step in moments.steps:
        for name, kept in wanted_moments.read(step).items():
            np.testing.assert_allclose(moments.read(step)[name], kept, rtol=0, atol=weights if step else 0.0)
    kept_moment, wanted_moment = (read_checkpoint(folder / RESUME).moment for folder in (together, alone))
    assert (kept_moment.step, kept_moment.lr, kept_moment.settings) == (
        wanted_moment.step,
        wanted_moment.lr,
        wanted_moment.settings,
    )
    assert kept_moment.tensors.keys() == wanted_moment.tensors.keys()
    for name, tensor in wanted_moment.tensors.items():
        exact = not tensor.is_floating_point() or name.endswith(".step")
        torch.testing.assert_close(kept_moment.tensors[name], tensor, rtol=0, atol=0.0 if exact else weights)
