"""The menu "Export": what is set and the shown run as files that other programs open; what cannot be, and why."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import onnxruntime
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from safetensors import safe_open
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.fields import edited
from engine.layers.catalog import LSTM, BatchNorm1d, Dropout, Embedding, Flatten, Linear
from engine.runs.folder import Run
from gui.lab.base import Services
from gui.labs.sequence.lab import SequenceLab
from gui.labs.training.lab import TrainingLab
from gui.running.lab.base import RunningLab
from gui.running.lab.export_menu import OF_RUN, ExportEnd
from gui.shell.language import set_language
from tests.patience import GIVE_UP_S

SMALL = Experiment(
    name="small",
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=8), BatchNorm1d(), Dropout(), Linear(out_features=10))),
    training=Training(epochs=2, batch_size=20, device="cpu"),
)
RECURRENT = Experiment(
    name="adds",
    data=Data(name="adding", samples=60, length=6),
    network=Network(layers=(LSTM(hidden_size=4), Linear(out_features=1))),
    training=Training(epochs=1, batch_size=20, device="cpu"),
)
MakeLab = Callable[..., RunningLab[Any]]


@pytest.fixture
def make_lab(qtbot: QtBot, quick_looks: None, tmp_path: Path) -> Any:
    labs = []

    def make(kind: type[RunningLab[Any]], experiment: Experiment) -> RunningLab[Any]:
        lab = kind(Services(runs_folder=tmp_path / "runs"))
        labs.append(lab)
        qtbot.addWidget(lab)
        lab.open_experiment(experiment)
        lab.show()
        lab.torch_ready()
        return lab

    yield make
    for lab in labs:
        lab.close_lab(GIVE_UP_S)


def trained(qtbot: QtBot, lab: RunningLab[Any]) -> Path:
    with qtbot.waitSignal(lab.run_ended):
        lab.play()
    assert lab.control.folder is not None
    return lab.control.folder


def exported(qtbot: QtBot, lab: RunningLab[Any], name: str) -> ExportEnd:
    with qtbot.waitSignal(lab.exports.ended) as ended:
        lab.exports.export(name)
    found: ExportEnd = ended.args[0]
    return found


def test_a_run_goes_to_every_program(
    qtbot: QtBot, make_lab: MakeLab, save_as: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    lab = make_lab(TrainingLab, SMALL)
    folder = trained(qtbot, lab)
    run, files = Run.open(folder), {}
    for name in (*OF_RUN, "notebook"):
        end = {"tensorboard": "tfevents", "weights": "safetensors", "notebook": "ipynb"}.get(name, name)
        files[end] = tmp_path / f"out.{end}"
        suggested = save_as(files[end])
        assert exported(qtbot, lab, name).error is None
        assert Path(suggested[0]).name == f"small.{end}"
    assert files["csv"].read_text("utf-8").count("\n") == 1 + len(run.history().train)
    found = EventAccumulator(str(files["tfevents"]))
    found.Reload()
    assert len(found.Scalars("batch/loss")) == len(run.history().train)
    with safe_open(files["safetensors"], "np") as content:
        for name, values in run.weights().items():
            np.testing.assert_array_equal(content.get_tensor(name), values.numpy())
    session = onnxruntime.InferenceSession(files["onnx"].read_bytes(), providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape == ["batch", 1, 8, 8]
    with zipfile.ZipFile(files["zip"]) as content:
        assert {name.split("/")[0] for name in content.namelist()} == {folder.name}
    nbformat.validate(nbformat.read(files["ipynb"], as_version=4))


def test_the_moment_that_is_looked_at_goes_out(
    qtbot: QtBot, make_lab: MakeLab, save_as: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    lab = make_lab(TrainingLab, SMALL)
    folder = trained(qtbot, lab)
    lab.timeline.go_to(3)
    assert lab.timeline.moment == 3
    suggested = save_as(tmp_path / "w.safetensors")
    assert exported(qtbot, lab, "weights").error is None
    assert Path(suggested[0]).name == "small 3.safetensors"
    kept = Run.open(folder).timeline().read(3)
    with safe_open(tmp_path / "w.safetensors", "np") as content:
        assert json.loads(content.metadata()["layerscope"])["step"] == 3
        np.testing.assert_array_equal(content.get_tensor("1.weight"), kept["1.weight"])


def test_the_sequence_lab_has_the_menu_too(
    qtbot: QtBot, make_lab: MakeLab, save_as: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    lab = make_lab(SequenceLab, RECURRENT)
    assert lab.panel.export.menu() is lab.exports
    assert lab.exports.menuAction() in lab.actions_for_menu()
    trained(qtbot, lab)
    save_as(tmp_path / "adds.onnx")
    assert exported(qtbot, lab, "onnx").error is None
    session = onnxruntime.InferenceSession((tmp_path / "adds.onnx").read_bytes(), providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape == ["batch", "time", 2]


def test_without_a_run_only_the_settings_go_out(qtbot: QtBot, make_lab: MakeLab) -> None:
    lab = make_lab(TrainingLab, SMALL)
    lab.exports.aboutToShow.emit()
    for name, action in lab.exports.actions_by_name.items():
        assert action.isEnabled() == (name not in OF_RUN)
        assert name not in OF_RUN or action.toolTip() == "Train or open a run first."
    lab.open_experiment(edited(SMALL, network=Network(layers=(Linear(out_features=3),))))
    lab.exports.aboutToShow.emit()
    assert not any(action.isEnabled() for action in lab.exports.actions_by_name.values())


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_why_not_is_said_in_the_windows_language(
    qtbot: QtBot, make_lab: MakeLab, save_as: Callable[[Path], list[str]], said: list[str], tmp_path: Path
) -> None:
    """By the process that makes ONNX files, and by the disk."""
    layers = (LSTM(hidden_size=4, proj_size=2), Linear(out_features=1))
    lab = make_lab(SequenceLab, edited(RECURRENT, network=Network(layers=layers)))
    set_language("ko")
    trained(qtbot, lab)
    save_as(tmp_path / "adds.onnx")
    assert exported(qtbot, lab, "onnx").error is not None
    assert "투영이 있는 LSTM(proj_size = 2)은" in said[-1] and not (tmp_path / "adds.onnx").exists()
    save_as(tmp_path / "no" / "such.zip")
    assert isinstance(exported(qtbot, lab, "zip").error, OSError)
    assert "그런 폴더가 없습니다" in said[-1]


def test_what_is_not_in_the_file_is_said(
    qtbot: QtBot,
    make_lab: MakeLab,
    save_as: Callable[[Path], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = tmp_path / "own.txt"
    own.write_text("가나다라마바사 " * 60, "utf-8")
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "information", lambda _parent, _title, text: told.append(text))
    monkeypatch.setattr("engine.exports.run_zip.MOST_OWN", 10)
    text = Data(name="text", path=str(own), length=10)
    network = Network(
        layers=(Embedding(num_embeddings=8, embedding_dim=3), LSTM(hidden_size=4, output="sequence"), Linear(out_features=8))
    )
    lab = make_lab(SequenceLab, edited(RECURRENT, data=text, network=network))
    trained(qtbot, lab)
    save_as(tmp_path / "run.zip")
    assert exported(qtbot, lab, "zip").notes
    assert "is not in the zip" in told[0]
