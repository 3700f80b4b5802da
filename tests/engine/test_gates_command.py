"""`python -m engine gates`: every gate, state and gradient of a sample, as a file and as a table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.__main__ import main
from engine.data.datasets import load
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, preset, write
from engine.fields import edited
from engine.layers.catalog import GRU, LSTM, RNN, AnyLayer, Flatten, Linear
from engine.passes.modules import build
from engine.runs.folder import Run
from engine.training.worker import train
from tests.engine.sequences.small_networks import answer, loss_terms, totals
from tests.patience import GIVE_UP_S

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")

WAVES = Experiment(
    name="small waves",
    seed=3,
    data=Data(name="waves", samples=40, length=12),
    network=Network(
        layers=(
            LSTM(hidden_size=5, proj_size=3, num_layers=2, bidirectional=True, output="sequence"),
            GRU(hidden_size=4, output="sequence"),
            RNN(hidden_size=3, output="sequence"),
            Linear(out_features=1),
        )
    ),
    training=Training(epochs=2, device="cpu", clip=0.01),
)


def held(file: Path, experiment: Experiment, weights: dict[str, torch.Tensor], sample: int) -> None:
    """The file's arrays against the network unrolled in double precision."""
    data = load(experiment.data, seed=experiment.seed)
    model = build(experiment.network.layers, data.input, tokens=data.tokens).eval()
    model.load_state_dict(weights)
    x, y = data.x_validation[sample], data.y_validation[sample]
    output, layers = answer(model, x)
    terms = loss_terms(output, y, data.task)
    with np.load(file) as found:
        names = set(found.files)
        np.testing.assert_array_equal(found["x"], x.numpy())
        np.testing.assert_array_equal(found["y"], y.numpy())
        np.testing.assert_allclose(found["output"], output.detach().numpy(), atol=1e-5)
        names -= {"x", "y", "output"}
        for name, values in weights.items():
            np.testing.assert_array_equal(found[f"weights/{name}"], values.numpy())
            names.remove(f"weights/{name}")
        before = 0
        for directions in layers:
            for one in directions:
                start = f"layer{before + one.layer}.{'backward' if one.backward else 'forward'}"
                for name in one.arrays:
                    expected = one.array(name).numpy()
                    assert found[f"{start}.{name}"].shape == expected.shape
                    np.testing.assert_allclose(found[f"{start}.{name}"], expected, atol=1e-6)
                    names.remove(f"{start}.{name}")
                for name in {"h", "c"} & one.arrays.keys():
                    slopes = totals([sum(terms)], one, name)[0].numpy()  # type: ignore[list-item]
                    np.testing.assert_allclose(found[f"{start}.d{name}"], slopes, atol=1e-6)
                    names.remove(f"{start}.d{name}")
            before += directions[-1].layer + 1
    assert names == set()


def begun(experiment: Experiment) -> dict[str, torch.Tensor]:
    """The weights that a training of it begins with."""
    data = load(experiment.data, seed=experiment.seed)
    torch.manual_seed(experiment.seed)
    return dict(build(experiment.network.layers, data.input, tokens=data.tokens).state_dict())


def test_all_arrays_of_a_network_that_has_not_been_trained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(WAVES, tmp_path / "waves.toml")
    out = tmp_path / "gates.npz"
    assert main(["gates", str(tmp_path / "waves.toml"), "--sample", "3", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.endswith(f"arrays: {out}\n")
    held(out, WAVES, begun(WAVES), 3)


def test_all_arrays_of_a_run(tmp_path: Path) -> None:
    train(WAVES, folder=tmp_path / "run")
    assert main(["gates", str(tmp_path / "run"), "--out", str(tmp_path / "gates.npz")]) == 0
    weights = Run.open(tmp_path / "run").weights()
    assert not torch.equal(weights["0.rnn.weight_ih_l0"], begun(WAVES)["0.rnn.weight_ih_l0"])
    held(tmp_path / "gates.npz", WAVES, weights, 0)


@pytest.mark.parametrize("name", ["counting-lstm", "adding-lstm", "waves-lstm"])
def test_presets(name: str, tmp_path: Path) -> None:
    assert main(["gates", "--preset", name, "--out", str(tmp_path / "gates.npz")]) == 0
    experiment = preset(name)
    held(tmp_path / "gates.npz", experiment, begun(experiment), 0)


def test_the_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The numbers of one GRU, found again from the file."""
    layers: tuple[AnyLayer, ...] = (GRU(hidden_size=2, output="sequence", bidirectional=True), Linear(out_features=1))
    experiment = edited(WAVES, network=Network(layers=layers))
    write(experiment, tmp_path / "waves.toml")
    assert main(["gates", str(tmp_path / "waves.toml"), "--out", str(tmp_path / "gates.npz")]) == 0
    capsys.readouterr()
    assert main(["gates", str(tmp_path / "waves.toml")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("small waves (")
    assert lines[1].startswith("sample 0 of 8, untrained; its loss: ")
    rows = {line.split()[0]: line.split() for line in lines if line.startswith("layer")}
    with np.load(tmp_path / "gates.npz") as found:
        z = found["layer0.backward.z"].astype(float)
        row = rows["layer0.backward.z"]
        assert row[1:3] == [f"{100 * (z < 0.1).mean():.1f}%", f"{100 * (z > 0.9).mean():.1f}%"]
        assert float(row[3]) == pytest.approx(z.mean(), abs=6e-4)
        lives = -np.log(2) / np.log(z).mean(0)
        assert [float(text) for text in row[5:]] == pytest.approx([lives.min(), np.median(lives), lives.max()], rel=6e-3)
        gradient = [line.split() for line in lines if line.startswith("layer0.forward.h")][1]
        norms = np.linalg.norm(found["layer0.forward.dh"], axis=1)
        assert float(gradient[1]) == pytest.approx(norms[0], rel=6e-3)
        assert float(gradient[3]) == pytest.approx(norms.max(), rel=6e-3)
    assert "clipping at 0.01 leaves " in lines[-1]


REFUSED = {
    "no recurrent layer": (["{plain}"], "no recurrent layer"),
    "no such sample": (["{waves}", "--sample", "8"], "validation samples are 0 to 7"),
    "a sample that is no number": (["{waves}", "--sample", "-1"], "expected a whole number"),
    "no such file": (["{folder}/none.toml"], "none.toml"),
    "a folder that is no run": (["{folder}"], "is no run: there is no experiment.toml in it"),
    "nothing at all": ([], "expected either RUN or FILE, or --preset NAME"),
    "no such preset": (["--preset", "none"], "none"),
    "nowhere to write": (["{waves}", "--out", "{folder}/none/file.npz"], "cannot be written"),
    "no weights": (["{run}"], "weights.safetensors"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_looked_at_is_refused_in_a_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(WAVES, tmp_path / "waves.toml")
    write(edited(WAVES, data=Data(), network=Network(layers=(Flatten(), Linear(out_features=10)))), tmp_path / "plain.toml")
    (tmp_path / "run").mkdir()
    write(WAVES, tmp_path / "run" / "experiment.toml")
    (tmp_path / "empty").mkdir()
    places = {
        "waves": tmp_path / "waves.toml",
        "plain": tmp_path / "plain.toml",
        "folder": tmp_path / "empty",
        "run": tmp_path / "run",
    }
    arguments, said = REFUSED[name]
    assert main(["gates", *(part.format(**places) for part in arguments)]) == 2
    printed, errors = capsys.readouterr()
    assert printed == ""
    assert "error: " in errors
    assert said in errors
    assert "Traceback" not in errors


def test_a_network_that_cannot_be_built_is_refused_as_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = edited(WAVES, network=Network(layers=(LSTM(hidden_size=4), Linear(out_features=1))))
    write(wrong, tmp_path / "wrong.toml")
    assert main(["gates", str(tmp_path / "wrong.toml")]) == 1
    assert "error: " in capsys.readouterr().err


def test_a_run_whose_network_was_edited_afterwards_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(WAVES, folder=tmp_path / "run")
    layers = (LSTM(hidden_size=5, output="sequence"), Linear(out_features=1))
    write(edited(WAVES, network=Network(layers=layers)), tmp_path / "run" / "experiment.toml")
    assert main(["gates", str(tmp_path / "run")]) == 2
    assert "not those of this network" in capsys.readouterr().err


def test_a_truncated_gradient_is_said_and_torch_says_nothing_of_its_own(tmp_path: Path) -> None:
    layers = (LSTM(hidden_size=5, proj_size=3, output="sequence"), Linear(out_features=1))
    experiment = edited(WAVES, network=Network(layers=layers), training=edited(WAVES.training, truncated_steps=4))
    write(experiment, tmp_path / "waves.toml")
    command = [sys.executable, "-m", "engine", "gates", str(tmp_path / "waves.toml")]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=GIVE_UP_S)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("truncated: it goes back through 4 steps at most\n")
