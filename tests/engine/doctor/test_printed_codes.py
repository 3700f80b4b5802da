"""`python -m engine train FILE --json` names a fault that a plain experiment file has, in its last line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.experiments.experiment import to_toml
from engine.fields import edited
from engine.training.trainer import Trainer
from tests.engine.doctor.planted import FAULTS

IN_A_FILE = sorted(code for code, fault in FAULTS.items() if fault.data is None and fault.trainer is Trainer)
LATE = {"overfitting", "underfitting"}  # seen over many epochs


@pytest.mark.parametrize("code", IN_A_FILE)
def test_a_fault_of_the_file_is_named_in_the_last_line(code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fault = FAULTS[code]
    experiment = fault.experiment(fault.healthy())
    epochs = experiment.training.epochs if code in LATE else 5
    path = tmp_path / "planted.toml"
    path.write_text(to_toml(edited(experiment, training=edited(experiment.training, epochs=epochs, device="cpu"))), "utf-8")
    main(["train", str(path), "--out", str(tmp_path / "run"), "--json"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])["diagnoses"]
    assert found[0]["code"] == code
    assert found[0]["step"] >= 0 and found[0]["message"]
