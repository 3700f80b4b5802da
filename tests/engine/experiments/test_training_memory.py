"""What a training takes of memory at the least, against what torch allocates; what cannot fit is refused before that."""

from __future__ import annotations

from typing import Any

import psutil
import pytest
import torch

from engine.__main__ import main
from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Network, Training, preset, write
from engine.experiments.optimisers import OPTIMIZERS
from engine.experiments.problems import CannotRunError
from engine.experiments.training_memory import require_memory, training_memory
from engine.layers.catalog import (
    LSTM,
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Concat,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
)
from engine.passes.modules import build
from engine.training.devices import memory_of
from engine.words import LANGUAGES

STACK = (Conv2d(out_channels=4, kernel_size=3, padding=1), ReLU(), MaxPool2d(kernel_size=2), Flatten(), Linear(out_features=10))
BRANCHES = Concat(branches=((Conv2d(out_channels=2, kernel_size=1),), (Conv2d(out_channels=3, kernel_size=1), ReLU())))
BLOCKS = (
    Conv2d(out_channels=4, kernel_size=3, padding=1),
    BRANCHES,
    Residual(main=(Conv2d(out_channels=5, kernel_size=3, padding=1), BatchNorm2d()), shortcut=()),
    AdaptiveAvgPool2d(output_size=1),
    Flatten(),
    Linear(out_features=10),
)
HUGE = Experiment(
    data=Data(name="adding"),
    network=Network(layers=(LSTM(hidden_size=999_999, output="last"), Linear(out_features=1))),
    training=Training(device="cpu"),
)


def digits(layers: Any = STACK, **training: Any) -> Experiment:
    return Experiment(data=Data(name="digits", samples=100), network=Network(layers=layers), training=Training(**training))


def kept_by_torch(experiment: Experiment, samples: int) -> int:
    """Bytes of the different tensors, weights left out, that torch saves for the way back."""
    info = describe(experiment.data)
    model = build(experiment.network.layers, info.input)
    weights = {each.untyped_storage().data_ptr() for each in model.parameters()}
    saved = dict[int, torch.Tensor]()

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if (place := tensor.untyped_storage().data_ptr()) not in weights:
            saved[place] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        out = model(torch.randn(samples, *info.input)).sum()
    assert out.requires_grad
    return sum(each.untyped_storage().nbytes() for each in saved.values())


@pytest.mark.parametrize("layers", [STACK, BLOCKS])
def test_never_more_than_torch_keeps(layers: Any) -> None:
    experiment = digits(layers, batch_size=16)
    assert 0 < training_memory(experiment).activations <= kept_by_torch(experiment, 16)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_as_much_as_torch_s_optimiser_keeps(name: Any, momentum: float) -> None:
    experiment = digits(optimizer=name, momentum=momentum)
    model = build(STACK, describe(experiment.data).input)
    optimizer = getattr(torch.optim, name)(model.parameters(), **OPTIMIZERS[name].arguments(experiment.training))
    model(torch.randn(2, *describe(experiment.data).input)).sum().backward()
    optimizer.step()
    kept = [value for state in optimizer.state.values() for value in state.values() if torch.is_tensor(value) and value.dim()]
    needed = training_memory(experiment)
    assert needed.weights == needed.gradients == sum(each.nbytes for each in model.parameters())
    assert needed.moments == sum(each.nbytes for each in kept)


def test_what_cannot_fit_is_refused_with_what_is_needed() -> None:
    with pytest.raises(CannotRunError) as refused:
        require_memory(HUGE, 2**34)
    sentences = [refused.value.problem.sentence(language) for language in LANGUAGES]
    assert all("58.2 TiB" in said and "14.6 TiB" in said and "16 GiB" in said for said in sentences)
    require_memory(digits(), training_memory(digits()).total)


@pytest.mark.parametrize("name", ["digits-cnn", "adding-lstm", "text-lstm", "lenet-5"])
def test_the_presets_fit_a_small_machine(name: str) -> None:
    require_memory(preset(name), 2**30)


def test_the_command_line_says_so_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    write(HUGE, tmp_path / "huge.toml")
    assert main(["train", str(tmp_path / "huge.toml"), "--out", str(tmp_path / "run")]) != 0
    assert "TiB for weights" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_the_memory_that_there_is_is_the_system_s() -> None:
    there = psutil.virtual_memory().total + psutil.swap_memory().total
    assert there <= memory_of(torch.device("cpu")) <= max(there, 4 * psutil.virtual_memory().total)
