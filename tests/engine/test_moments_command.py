"""`python -m engine moments RUN`: lists the kept moments, writes the weights of one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from engine.__main__ import main
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.layers.catalog import Flatten, Linear
from engine.passes.modules import build
from engine.runs.folder import Run
from engine.runs.timeline.kept_weights import MOMENTS
from engine.training.worker import train

TINY = Experiment(
    seed=3,
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=50, device="cpu"),  # of 5 steps
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    train(TINY, folder=folder)
    return folder


def test_the_list(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["moments", str(run), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    kept, history = Run.open(run).timeline(), Run.open(run).history()
    each = int(history.epochs.since()[0][0])
    assert [row["step"] for row in rows] == list(kept.steps)
    assert 190 <= len(rows) <= 200 or rows[-1]["step"] < 200
    losses = history.train.since()[1]
    for row in rows:
        assert row["epoch"] == pytest.approx(row["step"] / each, abs=1e-6)
        assert row["loss"] == (None if row["step"] == 0 else float(losses[row["step"] - 1]))
        assert row["bytes"] == 4 * (64 * 10 + 10)


def test_the_list_for_people(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["moments", str(run)]) == 0
    head, *rows, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["step", "epoch", "loss"]
    assert len(rows) == len(Run.open(run).timeline().steps)
    assert rows[0].split()[0] == "0"
    assert re.fullmatch(r"\d+ moments, \d+\.\d MB of 64 MB", last)


@pytest.mark.parametrize("step", [0, 1, 137, 249, 10**6])
def test_the_weights_of_the_last_one_up_to_a_step(
    step: int, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Run.open(run).timeline()
    wanted = max(moment for moment in kept.steps if moment <= step)
    file = tmp_path / "weights.safetensors"
    assert main(["moments", str(run), "--step", str(step), "--out", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"step": wanted, "out": str(file)}
    found = load_file(file)
    truth = kept.read(wanted)
    assert found.keys() == truth.keys()
    for name, values in truth.items():
        np.testing.assert_array_equal(found[name], values)


def test_the_first_and_the_last_weights_against_torch_and_the_runs_own_file(run: Path, tmp_path: Path) -> None:
    torch.manual_seed(TINY.seed)
    first = build(TINY.network.layers, (1, 8, 8)).state_dict()
    last = load_file(run / "weights.safetensors")
    for step, truth in ((0, first), (10**9, last)):
        assert main(["moments", str(run), "--step", str(step), "--out", str(tmp_path / "file")]) == 0
        found = load_file(tmp_path / "file")
        for name, values in truth.items():
            np.testing.assert_array_equal(found[name], np.asarray(values))


@pytest.mark.parametrize("arguments", [
    ["nowhere"], ["{run}", "--step", "3"], ["{run}", "--out", "file"], ["{run}", "--step", "-1", "--out", "file"],
    ["{run}", "--step", "x", "--out", "file"], ["{run}", "--step", "3", "--out", "{run}/none/file"], [],
])  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_line(arguments: list[str], run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["moments", *(part.format(run=run) for part in arguments)]) == 2
    printed, errors = capsys.readouterr()
    assert printed == ""
    assert "error: " in errors
    assert "Traceback" not in errors


def test_a_run_without_moments(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("experiment.toml", "metrics.jsonl"):
        (tmp_path / name).write_bytes((run / name).read_bytes())
    assert main(["moments", str(tmp_path)]) == 2
    assert "no moments" in capsys.readouterr().err
    (tmp_path / MOMENTS).write_bytes(b"rubbish")
    assert main(["moments", str(tmp_path), "--json"]) == 2
