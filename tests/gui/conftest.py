"""What every test of the window stands on: a home of its own, the real look, and nothing left behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # for torch, as `tests/conftest.py` says of numpy

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from engine.files import FOLDER_VARIABLE
from gui.shell import language, theme
from tests.gui.lent_labs import Lender
from tests.patience import GIVE_UP_S

GIVE_UP_MS = round(GIVE_UP_S * 1000)
FAILED = pytest.StashKey[bool]()


class PatientBot(QtBot):
    """Waits for states as long as all tests do. pytest-qt gives up after five seconds, where nothing is said."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = GIVE_UP_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: object, *, timeout: int = GIVE_UP_MS, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    theme.start(qapp)
    return qapp


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, runs and log of a test lie in its own folder."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def save_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[str]]:
    """Let the save dialog choose a path; returns what it goes on to suggest."""

    def answer(path: Path) -> list[str]:
        suggested: list[str] = []

        def choose(_parent: object, _title: str, name: str, kinds: str) -> tuple[str, str]:
            suggested.append(name)
            return str(path), kinds.split(";;")[0]

        monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
        return suggested

    return answer


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What warnings have said."""
    texts: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _parent, title, text: texts.append(f"{title}\n{text}"))
    return texts


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Labs that are made now look at their runs as often as the machine allows: no test waits for the next look."""
    monkeypatch.setattr("gui.bridge.HEARTBEAT_MS", 5)
    monkeypatch.setattr("gui.bridge.RESTING_MS", 5)
    monkeypatch.setattr("gui.frame_parts.APART_MS", 0)
    monkeypatch.setattr("gui.running.timeline.timeline_card.REPLAY_MS", 5)


@pytest.fixture(scope="module")
def lender() -> Iterator[Lender]:
    """Keeps open labs for the tests of one file."""
    made = Lender()
    yield made
    made.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def nothing_left_behind(own_home: Path, qapp: QApplication, lender: Lender, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails on a window or a thread that outlives its test; every test begins in English and light."""
    language.set_language("en")
    theme.apply("light")
    widgets = {id(widget) for widget in QApplication.topLevelWidgets()}
    threads = set(threading.enumerate())
    gc.collect()  # what the test before has left goes now that pytest has let go of it: what is frozen is never collected
    gc.freeze()  # what was there before, torch above all, need not be searched after each test
    yield
    lender.take_back(failed=FAILED in request.node.stash)
    for _ in range(3):
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
    left = [w for w in QApplication.topLevelWidgets() if id(w) not in widgets and w.parent() is None and w not in lender.labs]
    assert not left, f"windows left behind: {left}"
    ending = [thread for thread in threading.enumerate() if thread not in threads]
    if lender.labs:  # a lab that is kept keeps its threads
        lender.threads += ending
        ending = []
    for thread in ending:  # one that has been told to end, and is still inside torch
        thread.join(GIVE_UP_S)
    alive = [thread for thread in ending if thread.is_alive()]
    assert not alive, f"threads left behind: {alive}"
