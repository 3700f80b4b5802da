"""The run that the training lab shows, and what each press does to it: begin, pause, step, stop, go on, begin anew.

A run is shown while the worker trains it, after its end, and, read back from its folder, after a restart of the program. The
settings beside it may be edited meanwhile, or become another experiment's; a run follows none of that but what of them may be
changed in mid-run, and is edited by the user: the learning rate, say. Called by the lab, which shows what this says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import CHANGEABLE, at_step, matters, value_of, with_values
from engine.experiments.schedules import pinned
from engine.fields import edited
from engine.runs.failures import RunError
from engine.runs.folder import Run, RunSummary, new_folder
from engine.runs.status import Asked, State, Status
from engine.runs.timeline.kept_weights import KeptWeights
from engine.training.chance import target_variance
from engine.training.turns import Turns
from gui.bridge import Latest, RunBridge
from gui.running.last_run import LastRun, WantedRun, ended_run, holds_anything, read_back
from gui.running.next_run import NextRun, epochs_beyond, rate_at
from gui.running.run_follower import Look
from gui.running.run_standing import RunStanding


class RunControl(RunStanding):
    """What is shown of it says `RunStanding`; the signals say that it stands otherwise."""

    changed = Signal(object)  # the Status, or None: a run stands otherwise than before
    advanced = Signal(object)  # the Status: only the figures of the run under way are others
    replaced = Signal()  # another run is shown, or none: forget the curves
    measured = Signal()  # there is more in the history
    ended = Signal(object)  # the last Status of a run
    read_back = Signal(object)  # the last Status of the run before a restart, which is shown now
    opened = Signal(object)  # the RunSummary of a run that was asked for, and is shown now
    last_failed = Signal(object)  # the RunError of a run that cannot be read back

    def __init__(self, root: Path, parent: QObject | None = None, *, turns: Turns | None = None) -> None:
        """`root` is the folder of all runs. With `turns` the worker takes turns with those of other runs."""
        super().__init__(root, parent, turns=turns)
        self._ready = False  # torch is there
        self._closed = False
        self._variance: Future[float | None] | None = None
        self.target_variance: float | None = None  # of a regression, once the run's thread has found it
        self.left: Path | None = None  # the folder of a run that was shown until the user had none shown instead
        self.unsaved = ""  # why the run has no folder
        self.goal_epochs: int | None = None  # of the whole run that was last begun, or gone on with
        self.bridge = RunBridge(parent=self)
        self.bridge.status_changed.connect(self._take_status)
        self.bridge.advanced.connect(self._take_figures)
        self.bridge.measured.connect(self._take_measured)
        self.bridge.run_replaced.connect(self._take_replaced)
        self.bridge.attach(self.worker)
        self._awaits_last = holds_anything(root)
        self._last: Latest[WantedRun, LastRun] = Latest(read_back, self, name="last-run")
        self._last.answered.connect(self._show_last)
        self._last.failed.connect(self._found_none)
        self._follower.looked.connect(self._take_look)
        self._follower.failed.connect(self.last_failed)

    @property
    def is_opening(self) -> bool:
        """Whether no run is shown because the last one is still being read: nobody knows yet whether there is one."""
        return self._awaits_last and self._own is None and self._next is None

    # --- commands

    def torch_ready(self) -> None:
        self._ready = True
        self._begin_next()

    def take_settings(self, changed: Mapping[str, Any]) -> None:
        """Take over settings, of `mid_run.CHANGEABLE`, that the user has edited: a run under way has them from the next step
        on, one that has ended when it goes on. A run of another network or of other data keeps its own, and so does one of
        another optimiser what that would ignore."""
        own = self._own
        if own is None or not self.follows_rate:
            return
        taken = {name: value for name, value in changed.items() if matters(own.training, name)}
        now = with_values(own, taken)
        if now.training.nesterov and now.training.momentum == 0.0:
            return
        self._own = now
        if self._in_worker and self.in_progress:
            for name, value in taken.items():
                self.worker.change(name, value)

    def play(self) -> Asked | None:
        """Go on after a pause, or do what the first button says after an end; begin a run where none is shown. A run of another
        process is left alone, also by the other presses. What was asked, as `play_or_pause`."""
        if self.is_elsewhere:
            return None
        asked: Asked | None = Asked.PLAY
        if self._shown_in_progress():
            self.worker.play()
        else:
            asked = self._start(NextRun(playing=True))
        self._tell()
        return asked

    def pause(self) -> None:
        """Wait before the next iteration."""
        if self._next is not None:
            self._next = replace(self._next, playing=False, steps=0)
        elif self._in_worker:
            self.worker.pause()
        self._tell()

    def play_or_pause(self) -> Asked | None:
        """The other one of what was asked last, whether the run and the screen have followed yet or not; after an end, or where
        no run is shown, as `play`. What is asked now; None: nothing. By the time that this is read the run may have ended."""
        if self.is_elsewhere:
            return None
        asked: Asked | None
        if self._next is not None:
            asked = Asked.PAUSE if self._next.playing else Asked.PLAY
            self._next = replace(self._next, playing=asked is Asked.PLAY, steps=0)
        elif not self._in_worker or (asked := self.worker.toggle()) is None:
            asked = self._start_after_seen_end(NextRun(playing=True))
        self._tell()
        return asked

    def step(self) -> None:
        """One iteration, then wait."""
        if self.is_elsewhere:
            return
        if self._next is not None:
            self._next = replace(self._next, playing=False, steps=self._next.steps + 1)
        elif not self._in_worker or not self.worker.step():
            self._start_after_seen_end(NextRun(playing=False, steps=1))
        self._tell()

    def stop(self) -> None:
        """End the run and keep what it has reached."""
        self._next = None
        self.worker.stop()
        self._tell()

    def reset(self) -> None:
        """End the run and show none. What it had measured stays in its folder."""
        self.left = self.folder or self.left
        self._forget()
        self.stop()

    def go_on(self) -> None:
        """Go on with the run that has ended."""
        self._begin(NextRun(playing=True, going_on=True))
        self._tell()

    def begin_anew(self) -> None:
        """Begin a new run with the settings."""
        self._begin(NextRun(playing=True))
        self._tell()

    def branch(self, step: int) -> None:
        """Begin a new run at the kept moment after `step` steps of the shown one, which ends and stays as it is."""
        if not self.can_branch:
            return
        self._begin(NextRun(playing=True, origin=step))
        if self._next is not None and self._in_worker:
            self.worker.stop()
        self._tell()

    def set_more(self, epochs: int) -> None:
        """A completed run goes on for so many epochs: that is what the first button does now, beside whatever settings."""
        self._more = epochs
        self.changed.emit(self.status())

    def close(self, deadline_s: float) -> None:
        """Stop the run, save it, join the threads."""
        self._closed = True
        self._next = None
        self.bridge.close()
        self._last.close(0.1)
        self._follower.close(0.1)
        self.worker.close(deadline_s)

    # --- beginning and going on

    def _shown_in_progress(self) -> bool:
        return self._in_worker and self.in_progress

    def _start_after_seen_end(self, run: NextRun) -> Asked | None:
        """A press that was meant for a run which has ended an instant ago, unseen, begins no other: None, as `_start`."""
        seen = self.bridge.status
        if self._in_worker and seen is not None and seen.state is not State.IDLE:
            return None
        return self._start(run)

    def _start(self, run: NextRun) -> Asked | None:
        """Go on or begin anew, whatever comes first after the end of the shown run. What is asked of the run that begins, at
        once or later; None: none does."""
        ending, before = self.ending(), self.worker.history
        self._begin(replace(run, going_on=ending is not None and ending.goes_on_first))
        begins = self._next is not None or self.worker.history is not before
        return (Asked.PLAY if run.playing else Asked.PAUSE) if begins else None

    def _begin(self, run: NextRun) -> None:
        """Begin `run` now, or as soon as torch is there and a run that has been reset has ended."""
        self._next = None
        self._last.forget()
        self._awaits_last = False
        if self._closed or not (self._runnable or run.going_on or run.origin is not None):
            return
        self.goal_epochs = self._goal(run)
        if not self._ready or self.in_progress:
            self._next = run
        elif run.origin is not None:
            self._branch(run, run.origin)
        elif run.going_on:
            self._resume(run)
        else:
            self._begin_anew(run)

    def _goal(self, run: NextRun) -> int | None:
        """The epochs of the whole run that is to begin, or to go on."""
        if self._settings is None:
            return None
        status = self.status() if run.going_on else None
        return self._settings.training.epochs if status is None else self._epochs(status) or status.epochs

    def _begin_anew(self, run: NextRun) -> None:
        assert self._settings is not None
        self._follower.leave()
        self._own, self._kept, self._in_worker = self._settings, None, True
        self._kept_weights = None
        self._began = self._settings
        self.worker.start(self._settings, folder=self._new_folder(self._settings), paused=not run.playing)
        self._begun(run)

    def _resume(self, run: NextRun) -> None:
        """Go on with the shown run. Its curves stay until the worker has read them back."""
        status, own, history = self.status(), self._own, self.history
        if status is None or own is None or history is None or status.folder is None or self._settings is None:
            return
        kept = RunSummary(own, history, status)
        wanted = {name: value_of(own, name) for name in CHANGEABLE}
        if not self.differs:
            own = with_values(self._settings, wanted)
        device = own.training.device
        try:
            self.worker.resume(status.folder, epochs=self._epochs(status), device=device, paused=True)
        except RunError as error:
            self.last_failed.emit(error)
            return
        before = with_values(at_step(status.step, self._began, history.changes), {"lr": status.lr})
        self._change(before, wanted, status.epochs, run)
        self._own, self._kept, self._in_worker = own, kept, True
        self._kept_weights = None
        self._begun(run)

    def _change(self, before: Experiment, wanted: Mapping[str, Any], epochs: int, run: NextRun) -> None:
        """Have the worker's run, which goes on with `before`, take what is wanted besides, and only then play, or it would have
        done steps without it. It had so many `epochs`: a schedule that ends with the run is the same one where that has more
        now."""
        for name, value in wanted.items():
            had = value_of(before, name)
            is_same = pinned(value, epochs) == pinned(had, epochs) if name == "schedule" else value == had
            if not is_same:
                self.worker.change(name, value)
        if run.playing:
            self.worker.play()

    def _branch(self, run: NextRun, step: int) -> None:
        """Begin a new run at a moment of the shown one, whose curves stay until the new one has come that far. It takes the
        number of epochs, and what may be changed in mid-run, from the settings where their network and data are the run's."""
        own, history, folder, settings = self._own, self.history, self.folder, self._settings
        kept = self.worker.status() if self._kept is None else self._kept.status
        if own is None or history is None or folder is None or settings is None:
            return
        rate = rate_at(step, history, self.first_rate)
        before = with_values(at_step(step, self._began, history.changes), {"lr": rate})
        like = settings if self.takes_settings else before
        wanted = {name: value_of(like, name) for name in CHANGEABLE if matters(own.training, name)}
        epochs = settings.training.epochs if self.takes_settings else own.training.epochs
        epochs = epochs_beyond(step, epochs, kept.steps // max(1, kept.epochs))
        new = with_values(edited(own, training=edited(own.training, epochs=epochs)), wanted)
        try:
            self.worker.branch(
                folder, step, folder=self._new_folder(own), epochs=epochs, device=new.training.device, paused=True
            )
        except RunError as error:
            self.last_failed.emit(error)
            return
        self.goal_epochs = epochs
        self._change(before, wanted, kept.epochs, run)
        self._follower.leave()
        self._kept, self._kept_weights = RunSummary(own, history, kept), None
        self._own, self._in_worker = new, True
        self._begun(run)

    def _epochs(self, status: Status) -> int | None:
        """The epochs of the whole run when it goes on; None: as many as it has now."""
        assert self._settings is not None
        if status.step >= status.steps:
            return status.epochs + self._more_epochs(status)
        wanted = self._settings.training.epochs
        return wanted if not self.differs and wanted > status.epochs else None

    def _begun(self, run: NextRun) -> None:
        self._more = 0
        self.target_variance, self._variance = None, self.worker.ask(target_variance)
        if run.steps:
            self.worker.step(run.steps)

    def _begin_next(self) -> None:
        if self._next is not None:
            self._begin(self._next)

    def _new_folder(self, experiment: Experiment) -> Path | None:
        """Where the run is kept; None, and why, where the disk refuses. The run goes on without."""
        self.unsaved = ""
        try:
            return new_folder(self._root, experiment.name)
        except OSError as error:
            self.unsaved = error.strerror or str(error)
            return None

    def _forget(self) -> None:
        """Show no run."""
        self._last.forget()
        self._awaits_last = False
        self._follower.leave()
        self._own, self._kept, self._in_worker = None, None, False
        self._kept_weights = None
        self._more, self.goal_epochs = 0, None
        self.target_variance = self._variance = None
        self.replaced.emit()

    # --- a run that was kept: the last one, after a restart, or one that is opened

    def look_for_last(self, suits: Callable[[Experiment], bool] | None = None, *, tells_damaged: bool = False) -> None:
        """Read the newest run back, of an experiment that `suits`, in a thread of its own, to show it where none is shown by
        then. One that the user has asked for already is waited for instead. `tells_damaged`: a newer one that cannot be read is
        said."""
        if not self._last.busy():
            self._last.ask(WantedRun(self._root, newest=True, suits=suits, tells_damaged=tells_damaged))

    def open_run(self, folder: Path) -> None:
        """Read the run in `folder` back, in a thread of its own, and show it in the place of the shown one, unless one is under
        way by then: `opened`, or `last_failed`."""
        self._last.ask(WantedRun(folder))

    @Slot(object)
    def _show_last(self, last: LastRun) -> None:
        awaited, self._awaits_last = self._awaits_last, False
        if self._next is not None or self._closed or (self.in_progress if last.opened else self._own is not None):
            return
        if last.run is not None:
            self._more = 0
            self.target_variance = self._variance = None
            self._follower.leave()
            if last.followed is not None:
                self._follower.follow(last.followed)
            self._show_kept(last.run)
            if last.opened:
                self.opened.emit(last.run)
        elif awaited:
            self.changed.emit(self.status())
        if last.damaged is not None:
            self.last_failed.emit(last.damaged)

    @Slot(object)
    def _found_none(self, _error: object) -> None:
        """The folder of runs cannot be read."""
        self._awaits_last = False
        self.changed.emit(self.status())

    def take_name(self, folder: Path, name: str) -> None:
        """The run in `folder` is called `name` now."""
        status = self.status()
        if self._own is not None and status is not None and status.folder == folder:
            self._own = edited(self._own, name=name)
            self.changed.emit(self.status())

    @property
    def own_folder(self) -> Path | None:
        """Where the run is written that is under way in this window."""
        return self._of_worker().folder if self.in_progress else None

    def _show_kept(self, found: RunSummary) -> None:
        self._take_kept(found)
        self.replaced.emit()
        self.measured.emit()
        self.changed.emit(self.status())
        if not self.is_elsewhere:
            self.read_back.emit(found.status)

    def _take_kept(self, found: RunSummary, kept_weights: KeptWeights | None = None) -> None:
        self._began = found.experiment
        at_last = at_step(found.status.step, self._began, found.history.changes)
        self._own, self._kept, self._in_worker = with_values(at_last, {"lr": found.status.lr}), found, False
        self._kept_weights = kept_weights

    @Slot(object)
    def _take_look(self, look: Look) -> None:
        """The run that another process writes has grown, or is over."""
        if look.is_over:
            try:
                self._show_kept(ended_run(Run.open(look.followed.path)))
            except RunError as error:
                self.last_failed.emit(error)
            return
        is_another = self._kept is None or look.run.history is not self._kept.history
        self._take_kept(look.run, look.kept)
        if is_another:  # it was begun anew
            self.replaced.emit()
        self.measured.emit()
        self.changed.emit(self.status())

    # --- what the worker says

    def _tell(self) -> None:
        """What was pressed is seen at once."""
        self._told = None
        self.bridge.poll()
        self.changed.emit(self.status())

    @Slot()
    def _take_replaced(self) -> None:
        if self._kept is None:
            self.replaced.emit()

    @Slot(object)
    def _take_measured(self, status: Status) -> None:
        if self._own is not None and self._kept is None:
            with self.telling(status):
                self.measured.emit()

    @Slot(object)
    def _take_status(self, status: Status) -> None:
        if not self._in_worker:  # the run that ends here has been reset
            if status.state is State.IDLE and self._next is not None:
                self._begin_next()
                self._tell()
            return
        if self._kept is not None and status.state is not State.PREPARING:
            self._leave_kept(status)
        self._take_variance()
        with self.telling(status):
            self.changed.emit(self.status())
        if status.state is State.IDLE and status.reason is not None:
            self.ended.emit(status)
            if self._next is not None and self._next.origin is not None:  # for which it was stopped
                self._begin_next()
                self._tell()

    @Slot(object)
    def _take_figures(self, status: Status) -> None:
        if self._in_worker and self._kept is None and status.state is not State.IDLE:
            self._take_variance()
            self.advanced.emit(status)
        else:
            self._take_status(status)

    def _take_variance(self) -> None:
        """The run's thread may have found the variance of the targets."""
        if self._variance is not None and self._variance.done():
            found, self._variance = self._variance, None
            if not found.cancelled() and found.exception() is None:
                self.target_variance = found.result()

    def _leave_kept(self, status: Status) -> None:
        """The worker has read back what it goes on with, or it could not: then the run is shown as it was before."""
        if status.steps > 0:
            self._kept = self._kept_weights = None
            self.replaced.emit()
            self.measured.emit()
        elif status.state is State.IDLE and self._kept is not None:
            self._own, self._in_worker = self._kept.experiment, False
