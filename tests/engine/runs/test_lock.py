"""A run's folder has one owner at a time, and a dead one owns nothing."""

from __future__ import annotations

import errno
import os
import re
import socket
import subprocess
import sys
import textwrap
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.data.info import Data
from engine.experiments.experiment import Experiment, Network, Training
from engine.experiments.problems import CannotRunError
from engine.layers.catalog import Flatten, Linear
from engine.runs import lock
from engine.runs.folder import Run, newest_run
from engine.runs.lock import LOCK, FolderLock, is_in_use
from engine.runs.status import Reason, State
from engine.training.worker import Worker, resume, train
from tests.patience import GIVE_UP_S

TINY = Experiment(
    data=Data(samples=100),
    network=Network(layers=(Flatten(), Linear(out_features=10))),
    training=Training(epochs=6, batch_size=16, device="cpu"),
)


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != LOCK}


def test_the_second_owner_is_refused_until_the_first_has_left(tmp_path: Path):
    first = FolderLock(tmp_path)
    assert is_in_use(tmp_path)
    with pytest.raises(CannotRunError) as caught:
        FolderLock(tmp_path)
    assert caught.value.problem.code == "run_in_use"
    for language in ("en", "ko"):
        said = caught.value.problem.sentence(language)
        assert str(tmp_path) in said and str(os.getpid()) in said and socket.gethostname() in said
    first.release()
    first.release()
    assert list(tmp_path.iterdir()) == []
    assert not is_in_use(tmp_path)
    FolderLock(tmp_path).release()


def test_a_file_that_nobody_holds_hinders_nobody(tmp_path: Path):
    (tmp_path / LOCK).write_text("of a process that was killed")
    assert not is_in_use(tmp_path)
    FolderLock(tmp_path).release()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("left", [b"", b"\xff\x00", b"[1, 2]", b'{"process": 1, "host": "here", "since": 1e300}'])
def test_an_owner_who_does_not_say_who_it_is_owns_all_the_same(tmp_path: Path, left: bytes):
    held = FolderLock(tmp_path)
    (tmp_path / LOCK).write_bytes(left)
    with pytest.raises(CannotRunError) as caught:
        FolderLock(tmp_path)
    assert "in another window or on the command line" in caught.value.problem.sentence()
    held.release()


def test_a_drive_without_locks_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def unsupported(*_: object) -> None:
        raise OSError(lock.errno.ENOLCK, "No locks available")

    monkeypatch.setattr(*((lock.msvcrt, "locking") if sys.platform == "win32" else (lock.fcntl, "flock")), unsupported)
    FolderLock(tmp_path).release()


class SlowToUnlock:
    """msvcrt, as Windows may be: what is closed without having been unlocked stays locked for a while."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self) -> None:
        self.locked: dict[int, int] = {}  # the file -> the handle

    def locking(self, handle: int, mode: int, _bytes: int) -> None:
        file = os.fstat(handle).st_ino
        if (self.locked.get(file) == handle) != (mode == self.LK_UNLCK) or (mode == self.LK_NBLCK and file in self.locked):
            raise PermissionError(errno.EACCES, "Permission denied")
        if mode == self.LK_NBLCK:
            self.locked[file] = handle
        else:
            del self.locked[file]


def test_windows_is_told_to_unlock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    windows = SlowToUnlock()
    monkeypatch.setattr(lock, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(lock, "msvcrt", windows, raising=False)
    (tmp_path / LOCK).touch()
    assert not is_in_use(tmp_path)
    held = FolderLock(tmp_path)
    assert is_in_use(tmp_path)
    held.release()
    assert windows.locked == {}


def test_of_many_at_once_one_has_it(tmp_path: Path):
    inside, most, had = [], [], []

    def fight() -> None:
        for _ in range(200):
            try:
                held = FolderLock(tmp_path)
            except CannotRunError:
                continue
            inside.append(1)
            most.append(len(inside))
            had.append(1)
            inside.pop()
            held.release()

    threads = [threading.Thread(target=fight) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert had and max(most) == 1
    assert list(tmp_path.iterdir()) == []


def test_two_resumes_of_one_run_do_no_harm(tmp_path: Path):
    train(TINY, folder=tmp_path / "whole")
    first = Worker()
    first.start(TINY, folder=tmp_path / "run", paused=True)
    first.step(8)
    assert first.wait_until(lambda status: status.step == 8, GIVE_UP_S)
    assert first.close(GIVE_UP_S)

    first = Worker()
    first.resume(tmp_path / "run", paused=True)
    assert first.wait_until(lambda status: status.state is State.PAUSED, GIVE_UP_S)
    before = content(tmp_path / "run")
    assert newest_run(tmp_path).path == tmp_path / "whole", "the other is under way"
    second = resume(tmp_path / "run")
    assert (second.reason, second.problem.code) == (Reason.FAILED, "run_in_use")
    assert content(tmp_path / "run") == before
    assert train(TINY, folder=tmp_path / "run").problem.code == "run_in_use"
    assert content(tmp_path / "run") == before

    first.play()
    assert first.wait_until(lambda status: status.state is State.IDLE, GIVE_UP_S)
    assert first.close(GIVE_UP_S)
    losses = [Run.open(tmp_path / name).history().train.since()[1].tolist() for name in ("run", "whole")]
    assert losses[0] == losses[1]
    assert not (tmp_path / "run" / LOCK).exists()


@pytest.mark.parametrize(
    "experiment",
    [
        TINY,
        Experiment(network=TINY.network, data=TINY.data, training=Training(epochs=1, nesterov=True)),
        Experiment(
            network=Network(layers=(Flatten(), *(Linear(out_features=10),) * 12)), data=TINY.data,
            training=Training(optimizer="SGD", lr=100.0, momentum=0.9, epochs=500, device="cpu"),
        ),
    ],
    ids=["completed", "failed", "diverged"],
)  # fmt: skip
def test_no_end_leaves_the_lock(experiment: Any, tmp_path: Path):
    (tmp_path / "run").mkdir()
    train(experiment, folder=tmp_path / "run")
    assert not (tmp_path / "run" / LOCK).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the killed process's handles close a little later there")
def test_another_process_holds_it_as_long_as_it_lives(tmp_path: Path):
    folder = tmp_path / "run"
    train(TINY, folder=folder)
    holds = """
        import sys
        from pathlib import Path
        from engine.runs.lock import FolderLock
        held = FolderLock(Path(sys.argv[1]))
        print("held", flush=True)
        sys.stdin.read()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(holds), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert process.stdout is not None
    before = datetime.now().replace(microsecond=0)
    assert process.stdout.readline() == b"held\n"
    refused = resume(folder)
    assert (refused.reason, refused.problem.code) == (Reason.FAILED, "run_in_use")
    found = re.search(r"in process (\d+) on (\S+), since (.+)\. Stop it there first\.", refused.problem.sentence())
    assert found is not None and (int(found[1]), found[2]) == (process.pid, socket.gethostname())
    assert before - timedelta(minutes=5) <= datetime.fromisoformat(found[3]) <= datetime.now()
    process.kill()
    process.communicate()
    assert (folder / LOCK).exists()
    assert resume(folder, epochs=7).reason is Reason.COMPLETED
    assert not (folder / LOCK).exists()


def test_somebody_who_only_asks_whether_a_run_is_in_use_keeps_no_owner_out(tmp_path, monkeypatch):
    (tmp_path / LOCK).touch()  # left by a killed process
    found = iter([False, False, True])  # a list of runs is just looking
    locked = lock._lock
    monkeypatch.setattr(lock, "BETWEEN_S", 0.0)
    monkeypatch.setattr(lock, "_lock", lambda handle: next(found) and locked(handle))
    FolderLock(tmp_path).release()
