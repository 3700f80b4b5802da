"""One owner for a run's folder: a file in it that the owner's process holds locked, and in which it says who it is.

The lock is the operating system's, so a process that is killed holds none, and the file that it leaves hinders nobody: whoever
comes next takes it over. What the file says is for people; nothing depends on it.
Called by `engine.runs.run_writing`, `engine.training.execution`, and where runs are listed.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from engine.experiments.problems import CannotRunError
from engine.words import Phrase

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = "run.lock"
MOST_BYTES = 10_000  # of what it says
TRIES, BETWEEN_S = 4, 0.01  # `is_in_use`, which a list of runs asks all the time, holds a lock for a moment
_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL)  # some network drives


class Owner(msgspec.Struct, frozen=True):
    """Who holds a lock: a process by its number on a machine, and since when, in seconds since 1970."""

    process: int
    host: str
    since: float


class FolderLock:
    """The right to write in a run's folder, from its construction to `release`."""

    def __init__(self, folder: Path) -> None:
        """Raises CannotRunError where another run has it, in this process or another, with who that is; OSError where the
        folder cannot be written."""
        self._file = folder / LOCK
        tries = TRIES
        while True:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o666)
            if not _lock(handle):
                os.close(handle)
                tries -= 1
                if not tries:
                    raise CannotRunError("run_in_use", folder=str(folder), owner=owner_of(folder))
                time.sleep(BETWEEN_S)
                continue
            if _is_at(handle, self._file):
                self._handle: int | None = handle
                _sign(handle)
                return
            _let_go(handle)  # its owner removed it between the two calls above

    def release(self) -> None:
        """Give the right up and remove the file. A second call does nothing."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        if sys.platform == "win32":  # an open file cannot be removed; one that another owner has opened stays
            _let_go(handle)
        with suppress(OSError):
            self._file.unlink()
        if sys.platform != "win32":
            _let_go(handle)


def is_in_use(folder: Path) -> bool:
    """Whether somebody holds the run in `folder`."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _lock(handle)
    finally:
        _let_go(handle)


def owner_of(folder: Path) -> Phrase:
    """Who holds the run in `folder`, as far as its lock says it."""
    try:
        with (folder / LOCK).open("rb") as file:
            said = msgspec.json.decode(file.read(MOST_BYTES), type=Owner)
        since = f"{datetime.fromtimestamp(said.since):%Y-%m-%d %H:%M:%S}"
    except (OSError, OverflowError, ValueError):  # it has just begun, or is of an early version
        return Phrase("run", "owner_unknown")
    return Phrase("run", "owner_known", {"process": said.process, "host": said.host, "since": since})


def _sign(handle: int) -> None:
    """Say who holds the file. Where the disk is full it is held all the same."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, msgspec.json.encode(Owner(os.getpid(), socket.gethostname(), time.time())) + b"\n")


def _lock(handle: int) -> bool:
    """Lock the file; False where another has locked it. Where the drive knows no locks, nobody is kept out."""
    try:
        if sys.platform == "win32":  # where a locked byte cannot be read: one behind what the file says
            os.lseek(handle, MOST_BYTES, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _NO_LOCKS:
            raise
    return True


def _let_go(handle: int) -> None:
    """Unlock and close the file. Windows would unlock it by itself, some time after it has been closed."""
    if sys.platform == "win32":
        with suppress(OSError):  # it is not locked by this handle
            os.lseek(handle, MOST_BYTES, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    os.close(handle)


def _is_at(handle: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False
