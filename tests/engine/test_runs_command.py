"""`python -m engine runs`: all runs in a folder, for people and as JSON."""

from __future__ import annotations

import json

from engine.__main__ import main
from engine.experiments.experiment import preset
from engine.fields import edited
from engine.files import FOLDER_VARIABLE
from engine.runs.folder import EXPERIMENT
from engine.runs.library.run_notes import write_note
from engine.runs.status import Reason
from tests.engine.runs.library.kept_runs import keep, of


def test_one_line_a_run_the_newest_first(capsys, tmp_path):
    keep(tmp_path / "20260101-120000-first", of(lr=0.001), losses=(1.0, 0.25), accuracies=(0.5, 0.75))
    keep(tmp_path / "20260102-120000-second", of(lr=0.01), reason=Reason.STOPPED)
    write_note(tmp_path / "20260101-120000-first", "the good one")
    assert main(["runs", str(tmp_path), "--json"]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [run["run"] for run in printed] == [
        str(tmp_path / name) for name in ("20260102-120000-second", "20260101-120000-first")
    ]
    first = printed[1]
    assert first | {"run": ""} == {
        "run": "",
        "name": "Digits CNN",
        "data": "digits",
        "network": "Conv2d 16 → ReLU → MaxPool2d 2 → Conv2d 32 → ReLU → MaxPool2d 2 → Flatten → Linear 10",
        "seed": preset("digits-cnn").seed,
        "state": "completed",
        "problem": None,
        "begun": "2026-01-01T12:00:00",
        "steps": 6,
        "epochs": 2,
        "epochs_planned": 25,
        "seconds": 1.5,
        "best_validation_loss": 0.25,
        "best_validation_accuracy": 0.75,
        "can_go_on": False,
        "note": "the good one",
        "origin": None,
        "differs": {"training.lr": 0.001},
    }
    assert printed[0]["state"] == "stopped" and printed[0]["differs"] == {"training.lr": 0.01}


def test_an_aligned_table_for_people(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert main(["runs"]) == 0
    assert "no runs" in capsys.readouterr().out
    keep(tmp_path / "runs" / "one", edited(preset("digits-cnn"), name="이름"))
    keep(tmp_path / "runs" / "two")
    (tmp_path / "runs" / "two" / EXPERIMENT).write_text("seed = -1\n")
    assert main(["runs"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["name", "data", "network", "state", "epochs", "accuracy", "loss", "folder"]
    one = next(line for line in printed if line.endswith("one"))
    assert "이름" in one and "completed" in one and "80.0%" in one and "0.5000" in one and "2/25" in one
    assert any("damaged" in line for line in printed) and "seed" in printed[-1]  # and why


def test_a_folder_that_is_not_there_is_said(capsys, tmp_path):
    assert main(["runs", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_name_that_the_terminal_cannot_write_leaves_a_line_of_json(capsys, tmp_path):
    keep(tmp_path / "one", edited(preset("digits-cnn"), name="é 이름 😀"))
    assert main(["runs", str(tmp_path), "--json"]) == 0
    printed = capsys.readouterr().out
    assert printed.isascii(), "what a code page lacks would become \\xe9, which is no JSON"
    assert json.loads(printed)["name"] == "é 이름 😀"
