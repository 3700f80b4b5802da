"""A network as PyTorch code: what the script builds is what the description says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import torch

from engine.experiment import preset, preset_names, trace_of
from engine.export import module_code
from engine.network import trace
from engine.networks import names, network


@pytest.mark.parametrize("name", names())
def test_the_code_of_every_famous_network_builds_the_same_module(name: str, tmp_path: Path) -> None:
    found = network(name)
    assert found.input is not None
    file = tmp_path / "network.py"
    file.write_text(module_code(name, found.layers, found.input), "utf-8")
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
    file.write_text(module_code('a "name"\nof two lines', experiment.network.layers, traced.input), "utf-8")
    runpy.run_path(str(file), run_name="__main__")
    assert capsys.readouterr().out == f"{(1, *traced.output)} {traced.parameters}\n"
