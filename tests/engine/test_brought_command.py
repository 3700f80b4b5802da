"""`summary` and `export --to toml` of a network from elsewhere: code, what print says, Keras, weights."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.__main__ import main
from engine.experiments import famous
from engine.experiments.experiment import parse, preset, to_toml
from engine.experiments.scripts.export import network_to_pytorch
from engine.layers.kinds.dense import Flatten, Linear

CODE = "model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))\nmodel(torch.zeros(1, 1, 28, 28))\n"


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_summary_reads_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path, "net.py", CODE)
    assert main(["summary", file, "--json"]) == 0
    printed, errors = capsys.readouterr()
    found = json.loads(printed)
    assert found["parameters"] == 7850 and found["input"] == [1, 28, 28] and errors == ""
    assert main(["summary", written(tmp_path, "bare.txt", CODE.splitlines()[0])]) == 0
    printed, errors = capsys.readouterr()
    assert "7,850" in printed and "note: The text does not say" in errors
    keras = "keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])"
    assert main(["summary", written(tmp_path, "keras.py", keras)]) == 0
    assert "7,850" in capsys.readouterr().out


def test_summary_reads_weights(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "some.safetensors"
    save_file({"fc.weight": np.zeros((10, 784), np.float32), "fc.bias": np.zeros(10, np.float32)}, file)
    assert main(["summary", str(file)]) == 0
    printed, errors = capsys.readouterr()
    assert "Linear 10" in printed and "7,850" in printed and "no activations" in errors


def test_what_cannot_be_read_is_one_line_with_the_file_and_the_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [written(tmp_path, "a.py", "import torch\nnet = nn.Sequential(nn.SiLU())"), written(tmp_path, "b.py", "x = 1")]
    (tmp_path / "c.pth").write_bytes(b"nothing")
    assert main(["summary", *files, str(tmp_path / "c.pth"), written(tmp_path, "d.py", CODE)]) == 2
    printed, errors = capsys.readouterr()
    assert "7,850" in printed  # the last one follows
    first, second, third = errors.splitlines()
    assert first.startswith("error: ") and "a.py: Line 2: SiLU" in first and "b.py: There is no network" in second
    assert "c.pth" in third and "Traceback" not in errors


def test_a_network_that_does_not_fit_together_is_shown_where_it_breaks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = written(tmp_path, "net.py", "model = nn.Sequential(nn.Linear(4, 3), nn.Linear(5, 2))")
    assert main(["summary", file]) == 1
    printed, errors = capsys.readouterr()
    assert "in_features is 5, but the input brings 3" in printed and "note:" in errors


def test_code_goes_on_as_toml(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", written(tmp_path, "my net.py", CODE), "--to", "toml"]) == 0
    experiment = parse(capsys.readouterr().out)
    assert experiment.name == "my net" and experiment.network.input == (1, 28, 28)
    assert experiment.network.layers == (Flatten(), Linear(out_features=10))
    network = famous.network("googlenet")
    code = network_to_pytorch("GoogLeNet", network.layers, network.input or ())
    out = tmp_path / "out.toml"
    assert main(["export", written(tmp_path, "g.py", code), "--to", "toml", "--out", str(out)]) == 0
    assert main(["summary", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"] == 6_624_904  # as of torchvision's, without its auxiliary heads


def test_an_experiment_goes_on_as_toml_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", "--preset", "digits-cnn", "--to", "toml"]) == 0
    assert parse(capsys.readouterr().out) == preset("digits-cnn")
    file = written(tmp_path, "e.toml", to_toml(preset("digits-mlp")))
    assert main(["export", file, "--to", "toml"]) == 0
    assert parse(capsys.readouterr().out) == preset("digits-mlp")


def test_code_is_read_without_torch(tmp_path: Path) -> None:
    file = written(tmp_path, "net.py", CODE)
    code = f"import sys\nfrom engine.__main__ import main\nmain(['summary', {file!r}])\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=Path(__file__).parents[2])
