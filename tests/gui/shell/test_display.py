"""Why no window can be opened is one line, and no core dump."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui.shell import display
from tests.patience import GIVE_UP_S

ROOT = Path(__file__).parents[3]


def _start(**variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py")], env=environment | variables, capture_output=True, text=True, timeout=GIVE_UP_S
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ":4711"}, {"DISPLAY": "nonsense"}, {"WAYLAND_DISPLAY": "wayland-77"}])
def test_without_a_display_one_line_and_exit_code_2(variables: dict[str, str]) -> None:
    done = _start(**variables)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "no display" in done.stderr and "make demo" in done.stderr


def test_a_missing_library_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(display.sys, "platform", "linux")
    monkeypatch.setattr(display.ctypes, "CDLL", refuse)
    line = display.why_no_window()
    assert line is not None and len(line.splitlines()) == 1
    assert "libxcb-cursor.so.0" in line and "sudo apt-get install libxcb-cursor0" in line


@pytest.mark.parametrize(
    ("qt", "python", "bad"),
    [("6.12.0", (3, 11, 7), True), ("6.12.1", (3, 11, 0), True), ("6.11.3", (3, 11, 7), False), ("6.12.0", (3, 12, 0), False)],
)
def test_the_bad_pair_of_pyside_and_python_is_named(
    monkeypatch: pytest.MonkeyPatch, qt: str, python: tuple[int, int, int], bad: bool
) -> None:
    monkeypatch.setattr(display, "version", lambda name: qt)
    monkeypatch.setattr(display.sys, "version_info", python)
    line = display.why_no_window()
    assert (line is not None) is bad
    if bad:
        assert line is not None
        assert qt in line and ".".join(map(str, python)) in line and "install" in line


def test_help_needs_no_display() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "app.py"), "--help"], capture_output=True, text=True, timeout=GIVE_UP_S)
    assert done.returncode == 0
    assert "--lab" in done.stdout and "--language" in done.stdout and "FILE" in done.stdout


def test_an_experiment_that_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text('name = "x"\nseed = "seven"\n', "utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), str(file)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=GIVE_UP_S,
    )  # fmt: skip
    assert done.returncode == 2
    assert "broken.toml" in done.stderr and "seed" in done.stderr and "Traceback" not in done.stderr
