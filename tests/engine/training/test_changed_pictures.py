"""A folder of pictures that is another one than a run has learned from is refused, as a changed text is; a copy is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training, read, write
from engine.fields import edited
from engine.layers.kinds.dense import Flatten, Linear
from engine.runs.failures import RunError
from engine.runs.folder import EXPERIMENT, Run
from engine.runs.status import Reason
from engine.training.worker import resume, train
from tests.engine.data.own.drawn_folders import draw, folder_of


@pytest.fixture
def root(tmp_path: Path, monkeypatch) -> Path:
    """The folder, from which the run in `run` beside it has learned."""
    monkeypatch.setenv("LAYERSCOPE_HOME", str(tmp_path / "home"))
    root = folder_of(tmp_path / "own", {"a": 9, "b": 9})
    network = Network(layers=(Flatten(), Linear(out_features=2)))
    training = Training(epochs=2, batch_size=8, device="cpu")
    data = Data(name="folder", path=str(root))
    assert train(Experiment(data=data, network=network, training=training), folder=tmp_path / "run").reason is Reason.COMPLETED
    return root


def change(root: Path, how: str) -> None:
    match how:
        case "another picture":
            draw(root / "a" / "2.png", seed=77)
        case "one more":
            draw(root / "a" / "99.png", seed=77)
        case "one less":
            (root / "a" / "2.png").unlink()
        case "of another class":
            (root / "a" / "2.png").rename(root / "b" / "2b.png")
        case "one more class":
            folder_of(root, {"c": 4})


CHANGES = ("another picture", "one more", "one less", "of another class", "one more class")


@pytest.mark.parametrize("how", CHANGES)
def test_nothing_goes_on_from_it(root: Path, how: str, tmp_path: Path, capsys) -> None:
    change(root, how)
    status = resume(tmp_path / "run", epochs=3)
    assert (status.reason, status.problem and status.problem.code) == (Reason.FAILED, "run_damaged")
    assert status.problem is not None
    assert f"the pictures in {root} have been changed since the run was kept; bring them back" in status.problem.sentence("en")
    assert f"폴더의 그림이 바뀌었습니다({root})" in status.problem.sentence("ko")
    capsys.readouterr()
    assert main(["export", str(tmp_path / "run"), "--to", "pytorch", "--out", str(tmp_path / "script.py")]) == 2
    assert "have been changed since the run was kept" in capsys.readouterr().err


def test_other_files_and_other_times_change_nothing(root: Path, tmp_path: Path) -> None:
    (root / "a" / "notes.txt").write_text("x")
    file = root / "a" / "1.png"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    Run.open(tmp_path / "run").require_own_data()
    assert resume(tmp_path / "run", epochs=3).reason is Reason.COMPLETED


def test_a_copy_of_the_folder_may_be_named(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "copy")
    shutil.rmtree(root)
    run = tmp_path / "run"
    experiment = read(run / EXPERIMENT)
    write(edited(experiment, data=edited(experiment.data, path=str(tmp_path / "copy"))), run / EXPERIMENT)
    Run.open(run).require_own_data()
    assert resume(run, epochs=3).reason is Reason.COMPLETED
    draw(tmp_path / "copy" / "b" / "1.png", seed=55)
    with pytest.raises(RunError):
        Run.open(run).require_own_data()


def test_a_path_is_relative_to_the_experiments_file(root: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[data]\nname = "folder"\npath = "own"\nsize = [4, 3]\nchannels = 1\n', "utf-8")
    experiment = read(tmp_path / "own.toml")
    assert experiment.data == Data(name="folder", path=str(root), size=(4, 3), channels=1)
    write(experiment, tmp_path / "again.toml")
    assert 'path = "own"' in (tmp_path / "again.toml").read_text("utf-8")
    assert read(tmp_path / "again.toml") == experiment
