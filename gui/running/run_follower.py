"""A run that another process is writing, followed as it grows, in a thread of its own.

Called by `run_control`, which shows what is read like any other run that is read from its folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.runs.failures import RunError
from engine.runs.folder import RunSummary
from engine.runs.library.following import FollowedRun
from engine.runs.status import State
from engine.runs.timeline.kept_weights import MOMENTS, KeptWeights
from gui.bridge import Latest

LOOKS_MS = 500


class Look(NamedTuple):
    """How the run of `followed` stands. `kept` is another object where moments have been added. `is_over`: nobody writes it any
    more."""

    followed: FollowedRun
    run: RunSummary
    kept: KeptWeights
    is_over: bool = False


class RunFollower(QObject):
    """`follow` a run; `looked` brings a `Look` about twice a second until the run is over, which the last one says, or `leave`.
    `failed`: it cannot be read any more."""

    looked = Signal(object)
    failed = Signal(object)  # an exception

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: FollowedRun | None = None
        self._reader: Latest[FollowedRun, Look] = Latest(_Reader(), self, name="followed-run")
        self._reader.answered.connect(self._take)
        self._reader.failed.connect(self._give_up)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_MS)
        self._timer.timeout.connect(self._ask)

    @property
    def is_following(self) -> bool:
        return self._run is not None

    def follow(self, run: FollowedRun) -> None:
        self.leave()
        self._run = run
        self._timer.start()
        self._ask()

    def leave(self) -> None:
        """Follow none."""
        self._run = None
        self._timer.stop()
        self._reader.forget()

    def close(self, deadline_s: float) -> None:
        self.leave()
        self._reader.close(deadline_s)

    @Slot()
    def _ask(self) -> None:
        if self._run is not None and not self._reader.busy():
            self._reader.ask(self._run)

    @Slot(object)
    def _take(self, look: Look) -> None:
        if look.followed is not self._run:
            return
        if look.is_over:
            self.leave()
        self.looked.emit(look)

    @Slot(object)
    def _give_up(self, error: Exception) -> None:
        self.leave()
        self.failed.emit(error)


class _Reader:
    """Called with one run after the other, in one thread."""

    def __init__(self) -> None:
        self._kept: tuple[Path, int, KeptWeights] | None = None

    def __call__(self, followed: FollowedRun) -> Look:
        """Raises RunError and OSError."""
        status = followed.look()
        run = RunSummary(followed.experiment, followed.history, status)
        return Look(followed, run, self._moments(followed.path), status.state is State.IDLE)

    def _moments(self, folder: Path) -> KeptWeights:
        file = folder / MOMENTS
        size = file.stat().st_size if file.exists() else 0
        if self._kept is None or self._kept[:2] != (folder, size):
            self._kept = folder, size, KeptWeights.of_run(folder)
        return self._kept[2]


def followed_run(folder: Path) -> tuple[FollowedRun, RunSummary]:
    """The run in `folder` while somebody else writes it, with all that it has written so far. Raises RunError."""
    try:
        followed = FollowedRun(folder)
        status = followed.look()
    except OSError as error:
        raise RunError("unreadable", file=folder, error=error) from None
    return followed, RunSummary(followed.experiment, followed.history, status)
