"""A run as one zip: the same zip each time, opened again by every command, and by nothing that would write elsewhere."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.__main__ import main
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, write
from engine.exports import run_zip
from engine.exports.export_problems import ExportError
from engine.exports.run_zip import unpack
from engine.files import FOLDER_VARIABLE
from engine.layers.catalog import LSTM, Flatten, Linear
from engine.runs.folder import FILES, Run
from engine.training.worker import resume, train
from tests.engine.data.idx_files import idx_folder
from tests.engine.data.own.drawn_folders import folder_of
from tests.engine.exports.small_runs import changed_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed_run(tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


def zipped(run: Path, file: Path) -> Path:
    assert main(["export", str(run), "--to", "zip", "--out", str(file)]) == 0
    return file


def test_what_is_in_it(run: Path, tmp_path: Path) -> None:
    file = zipped(run, tmp_path / "run.zip")
    with zipfile.ZipFile(file) as content:
        names = content.namelist()
        assert content.testzip() is None
        for name in names:
            if not name.endswith("experiment.toml"):
                assert content.read(name) == (run / name.partition("/")[2]).read_bytes()
    assert names == sorted(names)
    assert {name.split("/")[0] for name in names} == {"run"}
    assert {name.partition("/")[2] for name in names} == set(FILES) - {"resume.older.safetensors", "origin.json"}
    shutil.copytree(run, tmp_path / "copied" / "run")
    again = zipped(tmp_path / "copied" / "run", tmp_path / "again.zip")
    assert again.read_bytes() == file.read_bytes(), "the same run is the same zip"


def test_it_opens_again_as_the_run_that_it_was(run: Path, tmp_path: Path) -> None:
    folder = unpack(zipped(run, tmp_path / "run.zip"), tmp_path / "unpacked")
    found, before = Run.open(folder), Run.open(run)
    assert found.experiment == before.experiment
    for part in (0, 1):
        np.testing.assert_array_equal(found.history().train.since()[part], before.history().train.since()[part])
    assert found.timeline().steps == before.timeline().steps
    assert resume(folder, epochs=4).step == 16


def test_every_command_takes_it(run: Path, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(zipped(run, tmp_path / "run.zip"))
    for arguments in (["export", file, "--to", "pytorch"], ["moments", file, "--json"], ["export", file, "--to", "csv"]):
        assert main(arguments) == 0
        found = capsys.readouterr().out
        assert main([str(run) if each == file else each for each in arguments]) == 0
        assert capsys.readouterr().out == found
    tables = []
    for source in (file, str(run)):
        assert main(["summary", source]) == 0
        tables.append(capsys.readouterr().out.splitlines()[1:])
    assert tables[0] == tables[1]
    assert not (home / "runs").exists(), "what only looks leaves nothing"
    assert main(["resume", file, "--epochs", "4", "--json"]) == 0
    said = capsys.readouterr()
    (folder,) = (home / "runs").iterdir()
    assert f"is unpacked to {folder}" in said.err
    assert json.loads(said.out)["steps"] == 16
    assert len(Run.open(folder).history().train) == 16


def test_an_own_file_comes_along(tmp_path: Path) -> None:
    """And the run goes on where it is unpacked, without the file that it was trained on."""
    own = tmp_path / "own" / "값.csv"
    own.parent.mkdir()
    own.write_text("\n".join(f"{np.sin(step / 5):.5f}" for step in range(200)), "utf-8")
    layers = (LSTM(hidden_size=3, output="sequence"), Linear(out_features=1))
    data = Data(name="series", path=str(own), length=8)
    experiment = Experiment(data=data, network=Network(layers=layers), training=Training(epochs=1, device="cpu"))
    train(experiment, folder=tmp_path / "run")
    file = zipped(tmp_path / "run", tmp_path / "run.zip")
    kept = own.read_bytes()
    shutil.rmtree(own.parent)
    folder = unpack(file, tmp_path / "unpacked")
    assert Run.open(folder).experiment.data.path == str(folder / "data" / "값.csv")
    assert (folder / "data" / "값.csv").read_bytes() == kept
    assert resume(folder, epochs=2).epochs == 2
    shutil.rmtree(folder / "data")
    (note,) = run_zip.run_zip(Run.open(folder))[1]
    assert note.say("en").startswith(str(folder / "data" / "값.csv"))


def trained_on(data: Data, folder: Path, classes: int) -> Path:
    layers = (Flatten(), Linear(out_features=classes))
    train(Experiment(data=data, network=Network(layers=layers), training=Training(epochs=1, device="cpu")), folder=folder)
    return folder


def test_a_folder_of_pictures_comes_along(tmp_path: Path) -> None:
    """What takes part, as it is, and nothing else of the folder; the run goes on where it is unpacked."""
    own = folder_of(tmp_path / "own" / "동물", {"고양이": 6, "dog": 6})
    (own / "dog" / "notes.txt").write_text("no picture")
    (own / "dog" / ".hidden.png").write_bytes(b"x")
    run = trained_on(Data(name="folder", path=str(own)), tmp_path / "run", 2)
    file = zipped(run, tmp_path / "run.zip")
    kept = {f"{one.parent.name}/{one.name}": one.read_bytes() for one in own.rglob("[!.]*.png")}
    shutil.rmtree(own.parent)
    folder = unpack(file, tmp_path / "unpacked")
    inside = folder / "data" / "동물"
    assert Run.open(folder).experiment.data.path == str(inside)
    assert {one.relative_to(inside).as_posix(): one.read_bytes() for one in inside.rglob("*.*")} == kept
    assert resume(folder, epochs=2).epochs == 2


def test_idx_files_come_along(tmp_path: Path) -> None:
    idx_folder(tmp_path / "own" / "MNIST" / "raw", 60)
    run = trained_on(Data(name="mnist", path=str(tmp_path / "own")), tmp_path / "run", 10)
    file = zipped(run, tmp_path / "run.zip")
    shutil.rmtree(tmp_path / "own")
    folder = unpack(file, tmp_path / "unpacked")
    assert sorted(one.name for one in (folder / "data" / "own" / "MNIST" / "raw").iterdir()) == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
    ]
    assert resume(folder, epochs=2).epochs == 2


def test_a_folder_that_cannot_come_along_is_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder_of(tmp_path / "own", {"a": 6, "b": 6})
    run = trained_on(Data(name="folder", path=str(own)), tmp_path / "run", 2)

    def left_out() -> tuple[str, str]:
        content, notes = run_zip.run_zip(Run.open(run))
        assert not [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "/data/" in name]
        said = zipfile.ZipFile(io.BytesIO(content)).read("run/experiment.toml").decode()
        assert tomllib.loads(said)["data"]["path"] == str(own)
        (note,) = notes
        return note.code, note.say("en")

    monkeypatch.setattr(run_zip, "MOST_OWN", 1000)
    code, said = left_out()
    assert code == "own_data_large" and str(own) in said and "at most 1,000 B" in said
    monkeypatch.undo()
    (own / "a" / "1.png").rename(own / "a" / "1:1.png")
    code, said = left_out()
    assert code == "own_data_name" and "a/1:1.png" in said
    shutil.rmtree(own)
    assert left_out()[0] == "own_data_stays"


def test_what_was_begun_of_a_zip_is_removed_with_its_folders(run: Path, toml: bytes, tmp_path: Path) -> None:
    file = made(tmp_path, {"run/experiment.toml": toml, "run/data/own/a/1.png": b"x" * 100})
    content = bytearray(file.read_bytes())
    content[content.index(b"run/data/own/a/1.png") + 24] ^= 0xFF
    file.write_bytes(bytes(content))
    with pytest.raises(ExportError):
        unpack(file, tmp_path / "unpacked")
    assert list((tmp_path / "unpacked").rglob("*")) == []


def made(folder: Path, entries: dict[str, bytes], **attributes: Any) -> Path:
    """A zip with these entries, with attributes of each as they are said."""
    file = folder / "made.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as content:
        for name, what in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = attributes.get("mode", 0) << 16
            content.writestr(entry, what)
    return file


@pytest.fixture
def toml(run: Path) -> bytes:
    return (run / "experiment.toml").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "run/../../evil.txt",
        "/tmp/evil.txt",
        "run\\..\\..\\evil.txt",
        "C:/evil.txt",
        "C:evil.txt",
        "//server/share/evil.txt",
        "run/./evil.txt",
        "run//evil.txt",
        "../",
    ],
)
def test_an_entry_that_leads_out_is_refused(name: str, tmp_path: Path, toml: bytes) -> None:
    file = made(tmp_path, {"run/experiment.toml": toml, name: b"out"})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ExportError) as refused:
        unpack(file, tmp_path / "unpacked")
    assert refused.value.code == "zip_leads_out"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_is_refused(tmp_path: Path, toml: bytes) -> None:
    file = made(tmp_path, {"run/experiment.toml": toml, "run/data/a.csv": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777)
    with pytest.raises(ExportError, match="no plain file"):
        unpack(file, tmp_path / "unpacked")


def test_what_is_too_large_is_refused_before_it_is_unpacked(
    tmp_path: Path, toml: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made(tmp_path, {"run/experiment.toml": toml, "run/weights.safetensors": bytes(5_000_000)})
    monkeypatch.setattr(run_zip, "MOST_BYTES", 1 << 20)
    with pytest.raises(ExportError, match="unpacks to more than 1 MiB"):
        unpack(file, tmp_path / "unpacked")
    monkeypatch.setattr(run_zip, "MOST_ENTRIES", 1000)
    many = made(tmp_path, {"run/experiment.toml": toml} | {f"run/{number}": b"" for number in range(1001)})
    with pytest.raises(ExportError, match="1,002 files"):
        unpack(many, tmp_path / "unpacked")
    assert not (tmp_path / "unpacked").exists()


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path, toml: bytes) -> None:
    """Its directory says 10 bytes, and there are a million: nothing is left of it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("run/experiment.toml", toml)
        file.writestr("run/weights.safetensors", bytes(1_000_000))
    data = bytearray(content.getvalue())
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    (tmp_path / "lies.zip").write_bytes(data)
    with pytest.raises(ExportError) as refused:
        unpack(tmp_path / "lies.zip", tmp_path / "unpacked")
    assert refused.value.code == "zip_damaged"
    assert list((tmp_path / "unpacked").iterdir()) == []


def test_what_other_programs_add_is_left_out(tmp_path: Path, toml: bytes) -> None:
    """A Mac's second tree, a folder's entry of its own, files that no run has; and a zip without a folder."""
    entries = {
        "run/": b"",
        "run/experiment.toml": toml,
        "run/.DS_Store": b"x",
        "run/evil.py": b"x",
        "__MACOSX/run/._experiment.toml": b"x",
        "__MACOSX/run/experiment.toml": b"x",
    }
    folder = unpack(made(tmp_path, entries), tmp_path / "unpacked")
    assert [each.name for each in folder.iterdir()] == ["experiment.toml"]
    bare = unpack(made(tmp_path, {"experiment.toml": toml}), tmp_path / "bare")
    assert (bare / "experiment.toml").read_bytes() == toml


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"notes.txt": b"x"}, "zip_no_run"),
        ({"experiment.toml": b"\xff\xfe"}, "zip_no_run"),
        ({"experiment.toml": b"name = 3"}, "zip_experiment"),
        ({"a/experiment.toml": b"", "b/experiment.toml": b""}, "zip_many_runs"),
    ],
)
def test_what_is_no_run(entries: dict[str, bytes], code: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError) as refused:
        unpack(made(tmp_path, entries), tmp_path / "unpacked")
    assert refused.value.code == code
    assert refused.value.message("ko") != refused.value.message("en")


def test_what_is_no_zip(tmp_path: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.zip").write_text("no zip", "utf-8")
    assert main(["summary", str(tmp_path / "text.zip")]) == 2
    assert "is damaged, or no zip" in capsys.readouterr().err
    content = zipped(run, tmp_path / "run.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(content[: len(content) // 2])
    assert main(["export", str(tmp_path / "half.zip"), "--to", "csv"]) == 2


def test_the_names_of_the_zip_are_ones_that_every_system_knows(run: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a:b?"
    shutil.copytree(run, odd)
    with zipfile.ZipFile(zipped(odd, tmp_path / "odd.zip")) as content:
        assert {name.split("/")[0] for name in content.namelist()} == {"a-b-"}
    write(Run.open(odd).experiment, tmp_path / "own.toml")
    unpack(tmp_path / "odd.zip", tmp_path / "unpacked")
