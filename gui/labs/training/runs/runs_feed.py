"""What the page of all runs shows, read in threads of its own: the list of the folder, and the curves of the pinned runs.

Called by the page. While it is on the screen the list is read again every few seconds, and the pinned runs that somebody is
writing once a second; the rest of the time nothing is read.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.experiments.experiment import Experiment
from engine.runs.failures import RunError
from engine.runs.history import History
from engine.runs.library.following import FollowedRun
from engine.runs.library.run_list import ListedRun, RunList
from engine.runs.status import State, Status
from gui.bridge import Latest
from gui.labs.training.runs.run_rows import RunRow, rows_of

AT_ONCE = 60  # experiments that are read before the first rows are shown
FOLLOW_MS = 1000
LIST_MS = 2000
SHARE = 30  # of so many parts of the time, reading the list takes one at the most


class Listing(NamedTuple):
    """`is_whole`: all experiments have been read."""

    rows: tuple[RunRow, ...]
    is_whole: bool
    seconds: float  # that it took


class Followed(NamedTuple):
    """A pinned run. `version` is another one when it has measured more, or stands otherwise."""

    experiment: Experiment
    history: History
    status: Status

    @property
    def version(self) -> tuple[object, ...]:
        return id(self.history), len(self.history.train), len(self.history.validation), self.status.state, self.status.reason


class RunsFeed(QObject):
    """`set_active`: somebody looks. `follow` says which runs' curves are wanted."""

    listed = Signal(object)  # RunRows
    followed = Signal(object)  # folder -> Followed; a run that cannot be read is left out

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self._folders: tuple[str, ...] = ()
        self._pinned: dict[Path, ListedRun] = {}  # as they were listed
        self._list: Latest[int | None, Listing] = Latest(_Lister(root), self, name="runs-list")
        self._list.answered.connect(self._take_list)
        self._list.failed.connect(self._read_later)
        self._curves: Latest[tuple[str, ...], dict[str, Followed]] = Latest(_Follower(), self, name="runs-curves")
        self._curves.answered.connect(self._take_curves)
        self._list_timer, self._curves_timer = QTimer(self), QTimer(self)
        for timer, slot in ((self._list_timer, self.look), (self._curves_timer, self._look_at_curves)):
            timer.setSingleShot(True)
            timer.timeout.connect(slot)
        self._whole = False

    def set_active(self, active: bool) -> None:
        if active == self._active:
            return
        self._active = active
        if active:
            self.look()
            self._look_at_curves()
        else:
            self._list_timer.stop()
            self._curves_timer.stop()

    def follow(self, folders: tuple[str, ...]) -> None:
        """Read the curves of the runs in these folders."""
        if folders != self._folders:
            self._folders = folders
            self._look_at_curves()

    @Slot()
    def look(self) -> None:
        """Read the list now."""
        if self._active:
            self._list.ask(None if self._whole else AT_ONCE)

    @Slot()
    def _look_at_curves(self) -> None:
        if self._active:
            self._curves.ask(self._folders)

    @Slot(object)
    def _take_list(self, listing: Listing) -> None:
        self._whole = self._whole or listing.is_whole
        folders = set(map(Path, self._folders))
        pinned = {row.run.path: row.run for row in listing.rows if row.run.path in folders} if folders else {}
        if pinned != self._pinned:  # renamed, gone on with, taken away
            self._pinned = pinned
            self._look_at_curves()
        self.listed.emit(listing.rows)
        if not listing.is_whole:
            self._list.ask(None)
        elif self._active:
            self._list_timer.start(max(LIST_MS, round(1000 * SHARE * listing.seconds)))

    @Slot(object)
    def _read_later(self, _error: object) -> None:
        """The folder cannot be read just now: a drive that sleeps, a folder that is being moved."""
        if self._active:
            self._list_timer.start(LIST_MS)

    @Slot(object)
    def _take_curves(self, found: dict[str, Followed]) -> None:
        self.followed.emit(found)
        growing = any(run.status.state is not State.IDLE for run in found.values())
        if self._active and growing:
            self._curves_timer.start(FOLLOW_MS)

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._list.busy() or self._curves.busy()

    def close(self, timeout_s: float) -> None:
        self._active = False
        self._list_timer.stop()
        self._curves_timer.stop()
        self._list.close(timeout_s)
        self._curves.close(timeout_s)


class _Lister:
    """In the thread: the list, and what it has read so far."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._runs: RunList | None = None
        self._rows: dict[Path, RunRow] = {}

    def __call__(self, most_new: int | None) -> Listing:
        began = time.perf_counter()
        if self._runs is None:
            self._runs = RunList(self._root)
        runs = self._runs.read(most_new)
        is_whole = all(run.is_read for run in runs)
        if is_whole:
            self._runs.keep()
        rows = tuple(known if (known := self._rows.get(row.run.path)) == row else row for row in rows_of(runs))
        self._rows = {row.run.path: row for row in rows}  # the same object as long as nothing has changed
        return Listing(rows, is_whole, time.perf_counter() - began)


class _Follower:
    """In the thread: the runs that are followed."""

    def __init__(self) -> None:
        self._runs: dict[str, FollowedRun] = {}

    def __call__(self, folders: tuple[str, ...]) -> dict[str, Followed]:
        self._runs = {folder: run for folder, run in self._runs.items() if folder in folders}
        found = {}
        for folder in folders:
            try:
                run = self._runs.get(folder) or FollowedRun(Path(folder))
                self._runs[folder] = run
                status = run.look()
                found[folder] = Followed(run.experiment, run.history, status)
            except (RunError, OSError):
                self._runs.pop(folder, None)
        return found
