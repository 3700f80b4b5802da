"""Weights as a safetensors file that says what they are of."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from engine.__main__ import main
from engine.experiments.experiment import preset
from engine.passes.modules import build
from engine.runs.folder import Run
from tests.engine.exports.small_runs import DROPPING, changed_run


def test_of_a_run_and_of_a_kept_moment(tmp_path: Path) -> None:
    run = changed_run(tmp_path / "run")
    files = [tmp_path / f"{name}.safetensors" for name in ("last", "again", "early")]
    assert main(["export", str(run), "--to", "weights", "--out", str(files[0])]) == 0
    assert main(["export", str(run), "--to", "weights", "--out", str(files[1])]) == 0
    assert main(["export", str(run), "--to", "weights", "--step", "2", "--out", str(files[2])]) == 0
    assert files[0].read_bytes() == files[1].read_bytes(), "the same weights are the same file"
    own = build(DROPPING.network.layers, (1, 8, 8)).state_dict()
    last, early = Run.open(run).weights(), Run.open(run).timeline().read(2)
    for file, step, truth in ((files[0], 12, last), (files[2], 2, early)):
        with safe_open(file, "np") as content:
            metadata = content.metadata()
            assert list(metadata) == ["layerscope"], "more than one entry has no order"
            said = json.loads(metadata["layerscope"])
            assert metadata["layerscope"] == json.dumps(said, sort_keys=True, ensure_ascii=False)
            assert said["tensors"] == list(own), "in the order of the layers"
            assert [layer["type"] for layer in said["layers"]] == [type(layer).__name__ for layer in DROPPING.network.layers]
            assert (said["step"], said["experiment"], said["input"]) == (step, DROPPING.name, [1, 8, 8])
            for name in said["tensors"]:
                np.testing.assert_array_equal(content.get_tensor(name), np.asarray(truth[name]))


def test_of_an_experiment_that_is_no_run(tmp_path: Path) -> None:
    """The first weights: those that a training begins with."""
    file = tmp_path / "first.safetensors"
    assert main(["export", "--preset", "digits-cnn", "--to", "weights", "--out", str(file)]) == 0
    experiment = preset("digits-cnn")
    torch.manual_seed(experiment.seed)
    truth = build(experiment.network.layers, (1, 8, 8)).state_dict()
    with safe_open(file, "pt") as content:
        assert json.loads(content.metadata()["layerscope"])["step"] == 0
        for name, values in truth.items():
            assert torch.equal(content.get_tensor(name), values)


def test_what_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = changed_run(tmp_path / "run")
    assert main(["export", str(run), "--to", "weights"]) == 2
    assert "weights is no text; expected --out FILE.safetensors" in capsys.readouterr().err
    assert main(["export", str(run), "--to", "csv", "--step", "3"]) == 2
    assert "--step: expected with --to onnx or --to weights" in capsys.readouterr().err
    edited = (run / "experiment.toml").read_text("utf-8").replace("out_features = 12", "out_features = 13")
    (run / "experiment.toml").write_text(edited, "utf-8")
    assert main(["export", str(run), "--to", "weights", "--out", str(tmp_path / "w")]) == 2
    assert "not those of this network" in capsys.readouterr().err
