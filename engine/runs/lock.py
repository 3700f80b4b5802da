"""One owner for a run's folder: a file in it that the owner's process holds locked.

The lock is the operating system's, so a process that is killed holds none, and the file that it leaves hinders nobody.
Called by `engine.runs.run_writing`, `engine.training.execution`, and where runs are listed.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from engine.experiments.problems import CannotRunError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = "run.lock"
TRIES, BETWEEN_S = 4, 0.01  # `is_in_use`, which a list of runs asks all the time, holds a lock for a moment
_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL)  # some network drives


class FolderLock:
    """The right to write in a run's folder, from its construction to `release`."""

    def __init__(self, folder: Path) -> None:
        """Raises CannotRunError where another run has it, in this process or another; OSError where the folder cannot be
        written."""
        self._file = folder / LOCK
        tries = TRIES
        while True:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o666)
            if not _lock(handle):
                os.close(handle)
                tries -= 1
                if not tries:
                    raise CannotRunError("run_in_use", folder=str(folder))
                time.sleep(BETWEEN_S)
                continue
            if _is_at(handle, self._file):
                self._handle: int | None = handle
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


def _lock(handle: int) -> bool:
    """Lock the file; False where another has locked it. Where the drive knows no locks, nobody is kept out."""
    try:
        if sys.platform == "win32":
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
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    os.close(handle)


def _is_at(handle: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False
