"""Files of absurd depth are damaged files like any other: refused in words, never an error that nobody expects."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from engine.experiments.experiment import Experiment, ExperimentError, read, write
from engine.files import MOST_NESTED, from_json
from engine.runs.failures import RunError
from engine.runs.folder import Run

DEEP = [b"[" * depth + b"]" * depth for depth in (MOST_NESTED + 2, 900, 100_000)]


@pytest.mark.parametrize("text", DEEP, ids=len)
def test_json_that_is_nested_too_deeply_is_no_value(text: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        from_json(text, list)
    with pytest.raises(msgspec.MsgspecError):
        from_json(b'{"a": ' + text + b"}", dict)


def test_json_of_a_usual_depth_is_read() -> None:
    assert from_json(b'{"a": [[1, 2], {"b": []}]}', dict) == {"a": [[1, 2], {"b": []}]}


@pytest.mark.parametrize("text", DEEP, ids=len)
@pytest.mark.parametrize("name", ["status.json", "metrics.jsonl"])
def test_a_runs_deep_files_are_refused_in_words(tmp_path: Path, name: str, text: bytes) -> None:
    write(Experiment(), tmp_path / "experiment.toml")
    (tmp_path / name).write_bytes(b'{"step": ' + text + b"}\n")
    with suppress(RunError):
        Run.open(tmp_path).history()


def test_a_deep_experiment_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text("[network]\nlayers = " + "[" * 100_000 + "]" * 100_000, "utf-8")
    with pytest.raises(ExperimentError, match="nested too deeply"):
        read(file)
