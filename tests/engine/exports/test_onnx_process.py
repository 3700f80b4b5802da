"""An ONNX file made in a process of its own: the same file, the same refusals, and nothing left when it is stopped."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from engine.__main__ import main
from engine.exports import onnx_process
from engine.exports.export_problems import ExportError
from engine.exports.onnx_process import onnx_elsewhere
from tests.engine.exports.small_runs import changed_run


def test_the_same_file_as_the_commands(tmp_path: Path) -> None:
    run, file = changed_run(tmp_path / "run"), tmp_path / "network.onnx"
    assert main(["export", str(run), "--to", "onnx", "--step", "4", "--out", str(file)]) == 0
    assert onnx_elsewhere(run, 4, "en", lambda: False) == file.read_bytes()


def test_the_order_arrives_where_the_first_look_comes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is busy with other things the thread may be late for all that it does before a look."""
    looks_s = onnx_process.LOOKS_S
    monkeypatch.setattr(onnx_process, "LOOKS_S", 0.0)

    def looked() -> bool:
        monkeypatch.setattr(onnx_process, "LOOKS_S", looks_s)
        return False

    assert onnx_elsewhere(changed_run(tmp_path / "run"), None, "en", looked)
    assert looks_s == onnx_process.LOOKS_S, "it was looked at"


def test_what_is_refused_is_said_in_the_language(tmp_path: Path) -> None:
    run = changed_run(tmp_path / "run")
    (run / "weights.safetensors").unlink()
    with pytest.raises(ExportError) as refused:
        onnx_elsewhere(run, None, "ko", lambda: False)
    assert "읽을 수 없습니다" in refused.value.message("ko")


def test_a_process_that_is_stopped_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = changed_run(tmp_path / "run")
    (tmp_path / "places").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "places"))
    with pytest.raises(ExportError) as ended:
        onnx_elsewhere(run, None, "en", lambda: True)
    assert ended.value.code == "process_ended"
    assert list((tmp_path / "places").iterdir()) == []
