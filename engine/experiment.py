"""An experiment: network, data, training settings and seed; the TOML file; presets.

The whole of what a run needs, as one frozen value. Everything in the window can be saved as such a file and opened from one.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engine.fields import setting
from engine.layers.base import Shape
from engine.layers.catalog import AnyLayer

Seed = Annotated[int, setting(0, 2**31 - 1, slider=(0, 100))]
OptimizerName = Literal["SGD", "Adagrad", "RMSprop", "Adam", "AdamW"]
LossName = Literal["cross_entropy", "mean_squared_error"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
WaveName = Literal["mixed", "sine", "square", "saw", "sum"]


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which data, how much of it, and how it is split. An option that the named data set does not have is refused by it."""

    name: str = "digits"
    validation: Annotated[float, setting(above=0.0, below=1.0, slider=(0.05, 0.5), step=0.05)] = 0.2
    samples: Annotated[int, setting(2, 1_000_000, slider=(100, 10_000), scale="log")] | None = None  # None: all, or its default
    length: Annotated[int, setting(2, 10_000, slider=(10, 200))] | None = None  # time steps of a generated sequence
    noise: Annotated[float, setting(0.0, 10.0, slider=(0.0, 1.0), step=0.01)] | None = None
    wave: WaveName | None = None
    seed: Seed | None = None  # of generation and split; None: the experiment's


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Layers in order. `input` is (C, H, W), (T, F) or (T,) without the batch; None: taken from the data."""

    input: tuple[Annotated[int, setting(1, 1_000_000)], ...] | None = None
    layers: tuple[AnyLayer, ...] = ()


class Training(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is trained, in torch.optim's names. An option that the named optimiser does not have is ignored by it."""

    optimizer: OptimizerName = "Adam"
    lr: Annotated[float, setting(above=0.0, high=100.0, slider=(1e-5, 1.0), scale="log")] = 1e-3
    momentum: Annotated[float, setting(0.0, below=1.0, slider=(0.0, 0.99), step=0.01)] = 0.0  # SGD, RMSprop
    nesterov: bool = False  # SGD
    weight_decay: Annotated[float, setting(0.0, 10.0, slider=(0.0, 0.1), step=0.001)] = 0.0
    loss: LossName | None = None  # None: what the data's targets ask for
    batch_size: Annotated[int, setting(1, 100_000, slider=(1, 512), scale="log")] = 64
    epochs: Annotated[int, setting(1, 1_000_000, slider=(1, 100))] = 20
    clip: Annotated[float, setting(above=0.0, high=1e6, slider=(0.1, 10.0), scale="log")] | None = None  # largest gradient norm
    device: DeviceName = "auto"


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str = "untitled"
    seed: Seed = 0
    data: Data = Data()
    network: Network = Network()
    training: Training = Training()


__all__ = ["Data", "Experiment", "Network", "Shape", "Training"]
