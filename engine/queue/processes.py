"""The worker processes of a queue, seen from outside: started, given orders, listened to.

Called by `engine.queue.running`. It is the same from a checkout and from an installed program, on every system: each is a
Python of its own with pipes, nothing is forked.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from engine.queue.run_state import RunState
from engine.queue.worker_process import RunOrder

MODULE = "engine.queue.worker_process"
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # none is made that would only wait
_LOG_BYTES = 4000
if sys.platform == "win32":
    _APART = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _APART = 0


class WorkerProcess:
    """One process. `heard(process, state)` is called, from a thread of its own, for every word of it, and with None when it has
    ended; a word about run 0 says that it is ready."""

    def __init__(self, heard: Callable[[WorkerProcess, RunState | None], None]) -> None:
        """Raises OSError where no process can be started."""
        self.runs: tuple[int, ...] = ()  # that it has, by their numbers, kept by the owner
        self.is_ready = False
        self.device = ""  # that "auto" leads to, once it is ready; kept by the owner
        self.is_warm = False  # it has had a run, for which it has imported all there is; kept by the owner
        self._heard = heard
        self._last_line = ""
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (as long as the process)
        root = str(Path(__file__).parents[2])
        before = os.environ.get("PYTHONPATH")
        environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
        environment |= {"PYTHONPATH": os.pathsep.join([root, before] if before else [root])}
        environment["PYTHONSAFEPATH"] = "1"  # a random.py where the user happens to be is not Python's own
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            creationflags=_APART,
            start_new_session=True,  # a Ctrl-C in the terminal is for whoever gives the orders
        )
        self._listener = threading.Thread(target=self._listen, name="queue-words", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def order(self, order: RunOrder) -> None:
        """Say what to do. A process that is gone does not hear it; that it is gone is heard of."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            self._process.stdin.flush()

    def dismiss(self) -> None:
        """Let it go: it stops its run, keeps it, and ends by itself."""
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once. What its run has not kept is lost."""
        with suppress(OSError):
            self._process.kill()

    def wait(self, timeout_s: float) -> bool:
        """Whether it has ended, and been heard of."""
        self._listener.join(timeout_s)
        return not self._listener.is_alive()

    def ending(self) -> str:
        """How it ended: its exit code, and what it said last."""
        code = self._process.poll()
        return f"{code}: {self._last_line}" if self._last_line else str(code)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as words, suppress(OSError, ValueError, msgspec.MsgspecError):
            for line in words:
                self._heard(self, msgspec.json.decode(line, type=RunState))
        self.dismiss()
        self._process.wait()
        with self._log as log, suppress(OSError):
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_BYTES))
            self._last_line = (log.read().decode("utf-8", "replace").strip().splitlines() or [""])[-1]
        self._heard(self, None)


def free_cores() -> int:
    """How many runs may go at a time without taking a processor from each other: the physical cores that this process may
    use."""
    if not hasattr(os, "sched_getaffinity"):  # Windows and macOS do not say which of their cores are one
        return os.cpu_count() or 1
    allowed = os.sched_getaffinity(0)
    cores = set()
    for number in allowed:
        file = Path(f"/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list")
        try:
            cores.add(file.read_text())
        except OSError:
            cores.add(str(number))
    return max(1, len(cores))
