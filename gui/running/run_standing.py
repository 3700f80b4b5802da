"""Which run a lab shows, and how it stands: one that the worker trains, one that has ended, one that was read from its folder,
or one that another process is writing.

`RunControl` derives from it, and does what is pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from msgspec.structs import replace as replaced
from PySide6.QtCore import QObject

from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import SettingChange, first, fits, with_values
from engine.runs.folder import RunSummary
from engine.runs.history import History
from engine.runs.status import Reason, State, Status
from engine.runs.timeline.kept_weights import KeptWeights
from engine.training.turns import Turns
from engine.training.worker import Worker
from gui.running.next_run import NextRun, deciding, more_epochs
from gui.running.run_bar import Ended
from gui.running.run_follower import RunFollower

T = TypeVar("T")

RESUMABLE = (Reason.STOPPED, Reason.COMPLETED)


class Scripted(NamedTuple):
    """What a script is written of: an experiment, and what was changed in mid-run."""

    experiment: Experiment
    rates: tuple[tuple[int, float], ...] = ()
    changes: tuple[SettingChange, ...] = ()


class _OfBoth(Generic[T]):
    """A function of the shown run's experiment and of the settings, which is asked many times for each pair of them."""

    def __init__(self, found: Callable[[Experiment, Experiment], T]) -> None:
        self._found = found
        self._kept: tuple[Experiment, Experiment, T] | None = None

    def __call__(self, own: Experiment, settings: Experiment) -> T:
        kept = self._kept
        if kept is None or kept[0] is not own or kept[1] is not settings:
            self._kept = kept = own, settings, self._found(own, settings)
        return kept[2]


def _decides_otherwise(own: Experiment, settings: Experiment) -> bool:
    return deciding(own) != deciding(settings)


def _is_another(own: Experiment, settings: Experiment) -> bool:
    return replaced(own, name="") != replaced(settings, name="")


class RunStanding(QObject):
    """`show_settings` says what a new run would be made of. `experiment` is what the shown run is made of, with what was
    changed on its way; None: no run is shown. What has been measured is `history`, how it stands `status()`."""

    def __init__(self, root: Path, parent: QObject | None = None, *, turns: Turns | None = None) -> None:
        """`root` is the folder of all runs. With `turns` the worker takes turns with those of other runs."""
        super().__init__(parent)
        self._root = root
        self._settings: Experiment | None = None
        self._runnable = False
        self._own: Experiment | None = None
        self._kept_weights: KeptWeights | None = None  # of a run that is read from its folder
        self._kept: RunSummary | None = None  # what is shown until the worker has a history of the shown run
        self._in_worker = False  # the shown run is, or was, the worker's
        self._next: NextRun | None = None
        self._began = Experiment()  # with these settings the shown run began
        self._more = 0  # epochs that a completed run goes on for; 0: as proposed
        self._differs, self._fits, self._is_another = _OfBoth(_decides_otherwise), _OfBoth(fits), _OfBoth(_is_another)
        self._told: Status | None = None  # while it is passed on: what is shown is of one instant, which is read once
        self.worker = Worker(turns=turns)
        self._follower = RunFollower(self)

    @property
    def experiment(self) -> Experiment | None:
        return self._own

    @property
    def first_rate(self) -> float:
        """The learning rate that the shown run began with."""
        return self._began.training.lr

    def scripted(self) -> Scripted:
        """What a script is to be written of: the settings, or the shown run with what was changed on its way, where the
        settings are its own."""
        assert self._settings is not None
        history = self.history
        if self._own is None or history is None or self.differs or not (history.rates or history.changes):
            return Scripted(self._settings)
        began = with_values(first(self._settings, history.changes), {"lr": self.first_rate})
        return Scripted(began, tuple(history.rates), tuple(history.changes))

    @property
    def history(self) -> History | None:
        if self._own is None:
            return None
        return self._kept.history if self._kept is not None else self.worker.history

    def _of_worker(self) -> Status:
        return self._told or self.worker.status()

    @contextmanager
    def telling(self, status: Status) -> Iterator[None]:
        """Within, the worker stands as `status` says."""
        self._told = status
        try:
            yield
        finally:
            self._told = None

    def status(self) -> Status | None:
        """How the shown run stands; None: there is none."""
        if self._next is not None:
            return self._next.status
        if self._own is None:
            return None
        if self._in_worker:
            return self._of_worker()
        return None if self._kept is None else self._kept.status

    @property
    def kept_weights(self) -> KeptWeights | None:
        """The weights at the moments of the shown run; None where none is shown, or it is being prepared."""
        if self._own is None:
            return None
        if self._kept is None:
            return self.worker.kept_weights if self._in_worker else None
        folder = self._kept.status.folder
        if self._kept_weights is None and folder is not None:
            self._kept_weights = KeptWeights.of_run(folder)
        return self._kept_weights

    @property
    def folder(self) -> Path | None:
        """Of the shown run; None where it has none."""
        if self._kept is not None:
            return self._kept.status.folder
        return self._of_worker().folder if self._in_worker else None

    @property
    def reached(self) -> int:
        """How many iterations the shown run has done."""
        return (self._of_worker() if self._kept is None else self._kept.status).step

    @property
    def length(self) -> int:
        """How many iterations the whole shown run has; 0 where that is not known."""
        return (self._of_worker() if self._kept is None else self._kept.status).steps

    @property
    def is_elsewhere(self) -> bool:
        """Whether another process is writing the shown run: it is shown as it grows, and paused and stopped there."""
        return self._follower.is_following

    @property
    def can_branch(self) -> bool:
        """Whether a new run can begin at a moment of the shown one."""
        status = self.status()
        return self.folder is not None and self._next is None and status is not None and status.state is not State.PREPARING

    @property
    def last_finite(self) -> int | None:
        """The last kept moment of the shown run, where that has diverged, and has done more than begin."""
        status, kept = self.status(), self.kept_weights
        if status is None or status.reason is not Reason.DIVERGED or kept is None or not self.can_branch:
            return None
        return max(kept.steps, default=0) or None

    @property
    def in_progress(self) -> bool:
        return self._of_worker().state is not State.IDLE

    @property
    def has_model(self) -> bool:
        """Whether the worker may be asked about the shown run's model."""
        return self._own is not None and self._in_worker

    def show_settings(self, experiment: Experiment, *, runnable: bool) -> None:
        """`experiment` is what a new run is made of from now on; `runnable`: it can be."""
        is_another = experiment != self._settings
        self._settings, self._runnable = experiment, runnable
        if is_another and self.differs:
            self._more = 0  # that was before

    @property
    def differs(self) -> bool:
        """Whether the settings are those of another experiment than the shown run's."""
        return self._own is not None and self._settings is not None and self._differs(self._own, self._settings)

    @property
    def pending(self) -> bool:
        """Whether a run is under way that the settings differ from in anything."""
        status = self.status()
        if self._own is None or self._settings is None or status is None or status.state is State.IDLE:
            return False
        return self._is_another(self._own, self._settings)

    @property
    def takes_settings(self) -> bool:
        """Whether a branch of the shown run takes what may be changed in mid-run from the settings: these are of its layers and
        data."""
        return self._own is not None and self._settings is not None and self._fits(self._own, self._settings)

    @property
    def follows_rate(self) -> bool:
        """Whether the shown run takes over a learning rate, and what else may be changed in mid-run, when it is edited."""
        return self.takes_settings and not self.is_elsewhere

    def ending(self) -> Ended | None:
        """What can be done after the end of the shown run; None where none has ended."""
        status = self.status()
        if status is None or status.state is not State.IDLE or self._settings is None:
            return None
        goes_on = status.folder is not None and status.reason in RESUMABLE and status.step > 0
        completed = status.step >= status.steps
        return Ended(
            can_go_on=goes_on,
            goes_on_first=goes_on and (self._more > 0 or not self.differs),
            more=self._more_epochs(status) if goes_on and completed else None,
        )

    def _more_epochs(self, status: Status) -> int:
        """As many as the user has set, or else as the settings propose."""
        assert self._settings is not None
        return self._more or more_epochs(status.epochs, self._settings)
