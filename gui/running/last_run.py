"""A run that was kept, read back from its folder: the last one before a restart of the program, or one that the user opens.

Called by `run_control`, in a thread: the measurements of a long run take a while to read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from engine.experiments.experiment import Experiment
from engine.runs.checkpoints import checkpoint_files
from engine.runs.failures import RunError
from engine.runs.folder import Run, RunSummary, newest_run, subfolders
from engine.runs.library.following import FollowedRun
from engine.runs.lock import is_in_use
from engine.runs.status import Reason, State
from gui.running.run_follower import followed_run


class WantedRun(NamedTuple):
    """The run in `folder`, or where that is a folder of runs, the `newest` one in it of an experiment that `suits`; None: of
    any. `tells_damaged`: where a newer one cannot be read, that is said; of any it always is."""

    folder: Path
    newest: bool = False
    suits: Callable[[Experiment], bool] | None = None
    tells_damaged: bool = False


class LastRun(NamedTuple):
    """The run that was read, as far as there is one; one that was killed counts as stopped. `damaged` says why it, or a newer
    one, cannot be read. `opened`: the user has asked for it."""

    run: RunSummary | None = None
    damaged: RunError | None = None
    opened: bool = False
    followed: FollowedRun | None = None  # somebody else is writing it


def holds_anything(root: Path) -> bool:
    """Whether there is anything in the folder of runs."""
    try:
        return next(root.iterdir(), None) is not None
    except OSError:
        return False


def read_back(wanted: WantedRun) -> LastRun:
    """The run that is wanted. torch is not imported."""
    if not wanted.newest:
        return opened_run(wanted.folder)
    if wanted.suits is None or wanted.tells_damaged:
        return last_run(wanted.folder, wanted.suits)
    found = newest_run(wanted.folder, wanted.suits)
    return LastRun(None if found is None else ended_run(found))


def opened_run(folder: Path) -> LastRun:
    """The run in `folder`, to be followed where somebody is writing it."""
    try:
        run = Run.open(folder)
        if is_in_use(folder):
            followed, summary = followed_run(folder)
            if summary.status.state is not State.IDLE:
                return LastRun(summary, opened=True, followed=followed)
        return LastRun(ended_run(run), opened=True)
    except RunError as error:
        return LastRun(damaged=error, opened=True)


def last_run(root: Path, suits: Callable[[Experiment], bool] | None = None) -> LastRun:
    """The run in `root` that was kept last, of an experiment that `suits`; None: of any."""
    found, summary, damaged = newest_run(root) if suits is None else newest_run(root, suits), None, None
    newest = max(subfolders(root), key=lambda folder: folder.name, default=None)  # their names begin with the time
    try:
        if found is not None:
            summary = ended_run(found)
        if newest is not None and checkpoint_files(newest) and (found is None or found.path != newest):
            Run.open(newest).kept()
    except RunError as error:
        damaged = error
    return LastRun(summary, damaged)


def ended_run(run: Run) -> RunSummary:
    """What there is to show of it, and to go on with. Raises RunError."""
    summary = run.summary()
    return replace(summary, status=replace(summary.status, reason=summary.status.reason or Reason.STOPPED))
