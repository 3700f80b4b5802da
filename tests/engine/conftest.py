"""The engine's tests run as if PySide6 were not installed: whoever imports it there fails. They compute in one thread each: two
processes of tests whose threads wait for each other on the same cores take twice the time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from tests.engine.script_process import ScriptProcess

if "PySide6" not in sys.modules:  # it is there only where the window's tests run in the same process
    for _name in ("PySide6", "shiboken6", "pyqtgraph", "superqt"):
        sys.modules[_name] = None  # type: ignore[assignment]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Only the tests' own thread: a run's thread and a process take the threads that they take for users. And what is there by
    now, torch above all, is never garbage: it need not be searched again and again."""
    gc.collect()
    gc.freeze()
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


@pytest.fixture(scope="session")
def scripts() -> Iterator[ScriptProcess]:
    """Runs what the program exports."""
    process = ScriptProcess()
    yield process
    process.close()
