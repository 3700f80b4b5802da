"""The last run before a restart of the program, read back from its folder.

Called by `run_control`, in a thread: the measurements of a long run take a while to read.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from engine.runs.checkpoints import checkpoint_files
from engine.runs.failures import RunError
from engine.runs.folder import Run, RunSummary, newest_run, subfolders
from engine.runs.status import Reason


class LastRun(NamedTuple):
    """The run in a folder of runs that was kept last, as far as there is one; one that was killed counts as stopped. `damaged`
    says why a newer one cannot be read."""

    run: RunSummary | None = None
    damaged: RunError | None = None


def last_run(root: Path) -> LastRun:
    """The last run in `root`. torch is not imported."""
    found, summary, damaged = newest_run(root), None, None
    newest = max(subfolders(root), key=lambda folder: folder.name, default=None)  # their names begin with the time
    try:
        if found is not None:
            summary = found.summary()
            summary = replace(summary, status=replace(summary.status, reason=summary.status.reason or Reason.STOPPED))
        if newest is not None and checkpoint_files(newest) and (found is None or found.path != newest):
            Run.open(newest).kept()
    except RunError as error:
        damaged = error
    return LastRun(summary, damaged)
