"""The moment that everything on the screen belongs to: now, or one of the run's past that the timeline says.

The strip at the bottom says which, the pages what they ask, and the model of that moment answers: the one in training, a kept
one, or of a run that is read from its folder the one that was kept last. Called by the labs that train.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from engine.runs.status import State
from gui.frame_parts import FrameParts
from gui.running.looking import LOOKS_MS, Looking
from gui.running.result_page import ModelQuestion, ResultPage
from gui.running.run_control import RunControl
from gui.running.timeline.moment_sweep import MomentSweep
from gui.running.timeline.past_answers import Past
from gui.running.timeline.timeline_card import ShownRun, TimelineCard


class AskingPages(Protocol):
    """The pages of a lab, as far as they ask the model."""

    @property
    def questions_changed(self) -> SignalInstance: ...

    @property
    def pages(self) -> Mapping[str, ResultPage]:
        """By name."""

    def questions(self) -> Mapping[str, ModelQuestion]:
        """By the name of the page."""

    def show_answer(self, name: str, answer: Any) -> None: ...

    def forget(self) -> None:
        """Show no answers."""

    def set_learning(self, is_learning: bool) -> None:
        """Whether the shown run is under way."""

    def set_awaited(self, is_awaited: bool) -> None:
        """Whether a run that was kept is being opened."""


class MomentResults(Protocol):
    """What a lab shows of a run."""

    @property
    def pages(self) -> AskingPages: ...

    def set_moment(self, step: int | None) -> None:
        """Say that what the pages show is of a moment of the past, after `step` steps; None: of now."""


class ShownMoment(QObject):
    """`follow_run` brings the strip to the run, `set_looking` says whether somebody looks at the results."""

    failed = Signal(object)  # why the model of the moment that is looked at cannot be asked: an exception

    def __init__(
        self,
        control: RunControl,
        results: MomentResults,
        frame: FrameParts,
        parent: QObject | None = None,
        *,
        interval_ms: int = LOOKS_MS,
    ) -> None:
        """The model in training is asked every `interval_ms`, unless it has learned nothing meanwhile."""
        super().__init__(parent)
        self._control, self._results = control, results
        self._ready = False  # torch is there
        self._is_looked_at = False
        self.looking = Looking(control.worker, frame, self, interval_ms=interval_ms)
        self.sweep = MomentSweep(results.pages, self)
        self.timeline = TimelineCard()
        self.looking.dated.connect(self._date)
        self.looking.answered.connect(self._show_answer)
        self.looking.unanswered.connect(self._show_trouble)
        self.looking.arrived.connect(self._moment_arrived)
        self.looking.failed.connect(self._moment_failed)
        self.timeline.moment_chosen.connect(self._show_moment)
        self.timeline.branch_asked.connect(control.branch)
        results.pages.questions_changed.connect(self._ask)

    def torch_ready(self) -> None:
        self._ready = True
        self.timeline.torch_ready()

    def set_looking(self, looks: bool) -> None:
        """Ask the model only while there is one and somebody looks."""
        self._is_looked_at = looks
        self._watch()

    def follow_run(self) -> None:
        """Bring the strip to the run: what has been kept since is on it."""
        control, status = self._control, self._control.status()
        self._results.pages.set_learning(status is not None and status.state is State.RUNNING)
        self._results.pages.set_awaited(control.is_opening or (not control.has_model and self._past() is not None))
        own, kept = control.experiment, control.kept_weights
        if own is None or kept is None or status is None:
            self.timeline.show_run(None)
            self.sweep.follow(None)
            return
        steps = control.length or max(kept.steps, default=0)
        self.timeline.show_run(ShownRun(own, kept, control.reached, steps, control.can_branch, control.takes_settings))
        self._sweep()

    def close(self, timeout_s: float) -> None:
        self._is_looked_at = False
        self.looking.close(timeout_s)
        self.sweep.close(timeout_s)
        self.timeline.close_timeline(timeout_s)

    # --- whom the pages ask

    def _watch(self) -> None:
        past = self._past()
        self.looking.look_at(past)
        there_is = self._control.has_model or (past is not None and self._ready)
        self.looking.set_active(there_is and self._is_looked_at)
        self._sweep()

    def _sweep(self) -> None:
        """Have all kept moments asked while nothing is learned here."""
        control, status = self._control, self._control.status()
        own, kept = control.experiment, control.kept_weights
        rests = status is not None and status.state in (State.IDLE, State.PAUSED) and not control.is_elsewhere
        asked = self._ready and self._is_looked_at and rests
        if asked and own is not None and kept is not None and kept.steps:
            self.sweep.follow(Past(own, kept, kept.steps[-1], control.folder))
        else:
            self.sweep.follow(None)

    def _past(self) -> Past | None:
        control, step = self._control, self.timeline.moment
        own, kept = control.experiment, control.kept_weights
        if own is None or kept is None:
            return None
        if step is None and control.is_elsewhere and kept.steps:
            return Past(own, kept, max(kept.steps), control.folder)
        if step is None and not control.has_model and (control.folder is not None and kept.steps):
            return Past(own, kept, None, control.folder)
        return None if step is None else Past(own, kept, step, control.folder)

    @Slot()
    def _ask(self) -> None:
        self.looking.set_questions(self._results.pages.questions())
        self._sweep()

    @Slot(str, object)
    def _date(self, name: str, step: int | None) -> None:
        self._results.pages.pages[name].set_asked_after(self._control.reached if step is None else step)

    @Slot(str, object)
    def _show_answer(self, name: str, answer: Any) -> None:
        self._results.pages.pages[name].show_trouble(None)
        self._results.pages.show_answer(name, answer)

    @Slot(str, object)
    def _show_trouble(self, name: str, error: Exception) -> None:
        self._results.pages.pages[name].show_trouble(error)

    @Slot(object)
    def _show_moment(self, step: int | None) -> None:
        """Everything on the screen as it was after `step` steps; None: as it is."""
        self._watch()
        self._results.set_moment(step)  # whose pages may have more to ask of a moment
        if self.looking.is_behind:
            self.timeline.wait_for_pages()

    @Slot(object)
    def _moment_arrived(self, past: Past) -> None:
        if past.step == self.timeline.moment:
            self.timeline.arrived()

    @Slot(object)
    def _moment_failed(self, error: Exception) -> None:
        """The pages say it themselves: what they have shown is another moment's."""
        self.timeline.arrived()
        pages = self._results.pages
        pages.forget()
        for name in pages.questions():
            pages.pages[name].show_trouble(error)
        if self.timeline.moment is not None:
            self.failed.emit(error)
