"""A run that another process is writing, followed as it grows: its measurements and how it stands.

Nothing in the folder is changed, and of the measurements only the new part is read. Also of a run that has ended: then there is
nothing new. Called by the window's comparison of runs.
"""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import Any

from engine.doctor.diagnoses import read_back
from engine.experiments.experiment import Experiment
from engine.runs.folder import EXPERIMENT, METRICS, STATUS, Run, read_status
from engine.runs.history import History, measured_last
from engine.runs.lock import is_in_use
from engine.runs.metrics import MetricsTail
from engine.runs.status import Reason, State, Status, together_notices
from engine.runs.timeline.origin import read_origin

MOST_BYTES = 8_000_000  # read at once


class FollowedRun:
    """`look` reads what is new and says how the run stands. `history` is another one where the run was begun anew meanwhile."""

    def __init__(self, path: Path) -> None:
        """Raises RunError where there is no such run."""
        self.path = path
        self._stamp = _changed_at(path / EXPERIMENT)  # before it is read
        self.experiment: Experiment = Run.open(path).experiment
        self._tail = MetricsTail(path / METRICS)

    @property
    def history(self) -> History:
        return self._tail.history

    def look(self) -> Status:
        """How the run stands now, with everything that it has written; its experiment is read again where it was given
        another name or more epochs. Raises RunError or OSError."""
        stamp = _changed_at(self.path / EXPERIMENT)
        if stamp != self._stamp:
            self._stamp, self.experiment = stamp, Run.open(self.path).experiment
        in_use = is_in_use(self.path)  # before the rest: what an owner wrote before it let go is read below
        while self._tail.read_on(MOST_BYTES):
            pass
        return _status(self.path, self.experiment, self.history, in_use=in_use)


def _status(path: Path, experiment: Experiment, history: History, *, in_use: bool) -> Status:
    said = read_status(path / STATUS)
    step = max(_count(said, "step"), history.train.last_step())
    epochs = _count(said, "epochs") or experiment.training.epochs
    steps = _count(said, "steps")
    each = steps // epochs if epochs else 0
    together = _count(said, "together") or 1
    return Status(
        state=_state(said) if in_use else State.IDLE,
        reason=None if in_use else _reason(said),
        step=step,
        steps=steps,
        epoch=min(step // each + 1, epochs) if each else 0,
        epochs=epochs,
        seconds=_number(said, "seconds"),
        samples_per_second=_number(said, "samples_per_second"),
        device=str(said.get("device", "")),
        processes=_count(said, "processes") or 1,
        together=together,
        notices=together_notices(together),
        lr=history.rates[-1][1] if history.rates else _number(said, "lr") or experiment.training.lr,
        origin=read_origin(path),
        folder=path,
        measured=len(history.epochs),
        diagnoses=read_back(said.get("diagnoses")),
        **measured_last(history),
    )


def _changed_at(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:  # that it has gone is said by whoever reads it
        return 0, 0
    return found.st_mtime_ns, found.st_ino


def _state(said: dict[str, Any]) -> State:
    """Of a run that somebody owns."""
    try:
        state = State(said.get("state"))
    except ValueError:
        return State.PREPARING
    return State.RUNNING if state is State.IDLE else state


def _reason(said: dict[str, Any]) -> Reason:
    """A run that was killed counts as stopped."""
    try:
        return Reason(said.get("reason"))
    except ValueError:
        return Reason.STOPPED


def _count(said: dict[str, Any], name: str) -> int:
    value = said.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62 else 0


def _number(said: dict[str, Any], name: str) -> float:
    value = said.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) else 0.0
