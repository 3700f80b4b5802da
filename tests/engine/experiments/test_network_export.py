"""The network alone as PyTorch code: what it builds has the shapes, parameters and weight names that the description
promises."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import torch
from torch import nn

from engine.experiments.experiment import preset, preset_names, trace_of
from engine.experiments.famous import names, network
from engine.experiments.scripts.export import network_to_pytorch
from engine.layers.base import Layer, Shape
from engine.layers.catalog import Concat, Conv2d, Embedding, Linear, MaxPool2d, ReLU, Residual
from engine.layers.kinds.recurrent import LSTM
from engine.networks.trace import trace
from engine.passes.modules import build
from tests.engine import known_networks
from tests.engine.script_process import ScriptProcess

BRANCHED = (
    Concat(branches=((Conv2d(out_channels=4, kernel_size=3, padding=1),), (MaxPool2d(kernel_size=3, stride=1, padding=1),))),
    Residual(main=(Conv2d(out_channels=7, kernel_size=3, padding=0, padding_after=2), ReLU())),
)
NETWORKS: dict[str, tuple[tuple[Layer, ...], Shape, Shape, int]] = {
    "pipeline": (known_networks.PIPELINE, (1, 28, 28), (10,), 126_090),
    "lenet": (known_networks.LENET_5, (1, 28, 28), (10,), 61_706),
    "alexnet 2012": (known_networks.ALEXNET_2012, (3, 227, 227), (1000,), 60_965_224),
    "vgg-19": (known_networks.VGG_19, (3, 224, 224), (1000,), 143_667_240),
    "resnet-34": (known_networks.RESNET_34, (3, 224, 224), (1000,), 21_797_672),
    "branches": (BRANCHED, (3, 9, 9), (7, 9, 9), 4 * 28 + 7 * 64),
    "tokens": ((Embedding(num_embeddings=50, embedding_dim=8), LSTM(hidden_size=6), Linear(out_features=3)), (12,), (3,), 805),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_code_builds_the_network(name: str) -> None:
    layers, shape, output, parameters = NETWORKS[name]
    found: dict[str, object] = {"__name__": "exported"}
    with torch.device("meta"):
        exec(network_to_pytorch(name, layers, shape), found)
        model = found["model"]
        assert isinstance(model, nn.Module)
        model.eval()
        x = torch.zeros(2, *shape, dtype=torch.long if name == "tokens" else torch.float32)
        assert tuple(model(x).shape) == (2, *output)
        own = build(layers, shape)
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters
    assert {key: value.shape for key, value in model.state_dict().items()} == {
        key: value.shape for key, value in own.state_dict().items()
    }


def test_the_script_says_what_it_has_built(tmp_path: Path, scripts: ScriptProcess) -> None:
    script = tmp_path / "network.py"
    script.write_text(network_to_pytorch('Le"Net\n\\', known_networks.LENET_5, (1, 28, 28)), "utf-8")
    assert scripts.run(script) == {"printed": ["output: (10,)", "parameters: 61706"]}


def test_what_cannot_be_built_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than"):
        network_to_pytorch("too large", (Conv2d(out_channels=1, kernel_size=9),), (1, 4, 4))


@pytest.mark.parametrize("name", names())
def test_the_code_of_every_famous_network_builds_the_same_module(name: str, tmp_path: Path) -> None:
    found = network(name)
    assert found.input is not None
    file = tmp_path / "network.py"
    file.write_text(network_to_pytorch(name, found.layers, found.input), "utf-8")
    with torch.device("meta"):  # shapes and counts, without 500 MB of weights
        model = runpy.run_path(str(file))["model"].eval()
        output = model(torch.zeros(1, *found.input))
    traced = trace(found.layers, found.input)
    assert tuple(output.shape[1:]) == traced.output
    assert sum(weight.numel() for weight in model.parameters()) == traced.parameters


@pytest.mark.parametrize("name", preset_names())
def test_the_code_of_every_preset_runs_as_a_script(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    experiment = preset(name)
    traced = trace_of(experiment)
    file = tmp_path / "network.py"
    file.write_text(network_to_pytorch('a "name"\nof two lines', experiment.network.layers, traced.input), "utf-8")
    runpy.run_path(str(file), run_name="__main__")
    assert capsys.readouterr().out == f"output: {tuple(traced.output)}\nparameters: {traced.parameters}\n"
