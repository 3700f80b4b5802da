"""The ends of what a sequence may be, through every command: one time step, 5,000 of them, own files that are empty, of one
character, full of gaps, of several scripts. Each makes sense of it, or says in a line why not and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.__main__ import main
from engine.data.info import Data
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.layers.catalog import GRU, LSTM, RNN, AnyLayer, Embedding, Linear

KINDS = {"LSTM": LSTM, "GRU": GRU, "RNN": RNN}
MIXED = "한글 漢字 кириллица עברית العربية 🙂👩‍👧 é ﬁ \u202e" * 4
GAPS = "day,value\n" + "\n".join(f"{day},{'NA' if day % 7 in (3, 4) else day * day % 11}" for day in range(1, 61))


def small(data: Data, kind: str = "LSTM") -> Experiment:
    """A network of two units that fits the data."""
    info = describe(data)
    cell: AnyLayer = KINDS[kind](hidden_size=2, output="last" if len(info.target) < 2 and not info.tokens else "sequence")
    begin: tuple[AnyLayer, ...] = (Embedding(num_embeddings=info.outputs, embedding_dim=2),) if info.tokens else ()
    training = Training(epochs=1, batch_size=4, device="cpu")
    return Experiment(
        name="edge",
        seed=1,
        data=data,
        network=Network(layers=(*begin, cell, Linear(out_features=info.outputs))),
        training=training,
    )


def own(folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content, "utf-8")
    return str(folder / name)


def held(experiment: Experiment, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, np.ndarray]:
    """Every command with it; the arrays of `gates`."""
    file, info = folder / "edge.toml", describe(experiment.data)
    write(experiment, file)
    capsys.readouterr()
    assert main(["summary", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problem"] is None
    assert main(["train", str(file), "--out", str(folder / "run"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["reason"] == "completed"
    assert np.isfinite(result["train_loss"]) and np.isfinite(result["validation_loss"])
    if describe(experiment.data).length != 5_000:
        assert main(["resume", str(folder / "run"), "--epochs", "2", "--json"]) == 0
    assert main(["moments", str(folder / "run")]) == 0
    assert main(["gates", str(folder / "run")]) == 0
    printed, errors = capsys.readouterr()
    assert "layer0.forward.h" in printed and "Traceback" not in errors and "nan" not in printed
    assert main(["gates", str(folder / "run"), "--out", str(folder / "gates.npz")]) == 0
    assert main(["export", str(folder / "run"), "--to", "pytorch", "--out", str(folder / "script.py")]) == 0
    compile((folder / "script.py").read_text("utf-8"), "script.py", "exec")
    with np.load(folder / "gates.npz") as arrays:
        found = dict(arrays)
    steps = info.length or info.input[0]
    for name in ("h", "dh"):
        assert found[f"layer0.forward.{name}"].shape == (steps, 2)
        assert np.isfinite(found[f"layer0.forward.{name}"]).all()
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["waves", "random-walk", "counting", "text", "series"])
def test_one_time_step(name: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The state before it is zero, so nothing is kept: c = i·g."""
    samples = None if name in ("text", "series") else 12
    found = held(small(Data(name=name, length=1, samples=samples), kind), tmp_path, capsys)
    if kind == "LSTM":
        np.testing.assert_allclose(
            found["layer0.forward.c"], found["layer0.forward.i"] * found["layer0.forward.g"], rtol=0, atol=1e-6
        )


@pytest.mark.parametrize(
    ("data", "least"),
    [(Data(name="adding", length=1, samples=12), "at least 2"), (Data(name="copy", length=1, samples=12), "at least 7")],
)
def test_one_time_step_is_too_few_for_a_task_that_needs_more(
    data: Data, least: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f'[data]\nname = "{data.name}"\nlength = 1\n\n[[network.layers]]\ntype = "LSTM"\nhidden_size = 2\n'
    refused(own(tmp_path, "edge.toml", text), tmp_path, least, capsys)


@pytest.mark.parametrize("kind", KINDS)
def test_five_thousand_time_steps(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held(small(Data(name="waves", length=5_000, samples=4, validation=0.25), kind), tmp_path, capsys)


def test_five_thousand_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own(tmp_path, "own.txt", "가나다라 " * 3_000)
    held(small(Data(name="text", path=path, length=5_000)), tmp_path, capsys)


def test_several_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own(tmp_path, "글 עברית.txt", MIXED)
    found = held(small(Data(name="text", path=path, length=6)), tmp_path, capsys)
    assert int(found["x"].max()) < len(set(MIXED))


def test_a_table_with_gaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    experiment = small(Data(name="series", path=own(tmp_path, "own.csv", GAPS), length=4))
    assert "16 of 58 values in column value were missing" in " ".join(note.say() for note in describe(experiment.data).notes)
    found = held(experiment, tmp_path, capsys)
    assert np.isfinite(found["x"]).all() and np.isfinite(found["y"]).all()


def refused(file: str, folder: Path, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By every command in one line, and nothing is written."""
    out = str(folder / "made")
    before = sorted(folder.rglob("*"))
    for command in (
        ["train", file, "--out", out],
        ["gates", file, "--out", out],
        ["export", file, "--to", "pytorch", "--out", out],
        ["sweep", file, "--seeds", "2", "--out", out],
        ["summary", file],
    ):
        capsys.readouterr()
        assert main(command) == 2, command
        printed, errors = capsys.readouterr()
        assert printed == "" and len(errors.splitlines()) == 1 and errors.startswith("error: "), errors
        assert said in errors
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("text", "", "is empty; expected a text"),
        ("text", " \n \n", "is empty; expected a text"),
        ("text", "가", "1 times the same character"),
        ("text", "ㅋㅋㅋㅋㅋㅋ", "6 times the same character"),
        ("text", "가나", "too few for pieces of 1; expected at least 3"),
        ("series", "", "is empty; expected a table with a column of numbers"),
        ("series", "day,value\n", "has no column of numbers"),
        ("series", "value\n1\n", "expected at least 3"),
        ("series", "value\n5\n5\n5\n5\n5\n5\n", "values are 5; expected values that change"),
        ("series", "value\nNA\nNA\nNA\nNA\n", "has no column of numbers"),
        ("series", "value\n1\nNA\nNA\nNA\nNA\n2\n3\n", "4 of 7 values are missing; at most half can be filled"),
        ("series", "value\n1\n2\nx7\n4\n5\n", "line 4, column value: x7 is no number"),
    ],
)
def test_own_files_that_make_no_sense(
    name: str, content: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = "own.txt" if name == "text" else "own.csv"
    own(tmp_path, file, content)
    layers = '[[network.layers]]\ntype = "Embedding"\nnum_embeddings = 2\nembedding_dim = 2\n' if name == "text" else ""
    layers += '[[network.layers]]\ntype = "LSTM"\nhidden_size = 2\noutput = "sequence"\n'
    text = f'[data]\nname = "{name}"\npath = "{file}"\n\n{layers}[[network.layers]]\ntype = "Linear"\nout_features = 1\n'
    refused(own(tmp_path, "edge.toml", text), tmp_path, said, capsys)
