"""What every lab that trains is: settings at the left, the run bar on top, what the run measures and its model answers in the
middle, and at the bottom the timeline, which takes all of it to a moment of the past.

The worker trains and saves in its own thread; `run_control` says which run is shown and what a press does to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment, named_within, to_toml
from engine.experiments.mid_run import taken_over, value_of
from engine.fields import edited
from engine.runs.status import Status
from engine.training.turns import Turns
from gui.frame_parts import FrameParts
from gui.lab.base import Lab, Services
from gui.lab.names import LabText
from gui.running.focus_keys import is_for_focus
from gui.running.lab.export_menu import ExportMenu
from gui.running.lab.lab_results import LabResults
from gui.running.lab.run_actions import RunActions
from gui.running.lab.run_opener import RunOpener
from gui.running.lab.settings_panel import SettingsPanel
from gui.running.lab.state import RunningState
from gui.running.looking import LOOKS_MS
from gui.running.run_control import RunControl
from gui.running.run_head import RunHead
from gui.running.timeline.shown_moment import ShownMoment
from gui.shell.undo import difference

GAP = 12
ROOMY_PX = 680  # high enough for the middle beside the timeline's pictures

StateT = TypeVar("StateT", bound=RunningState)


class RunningLab(Lab, Generic[StateT]):
    """Space does what the first button says: plays, pauses, goes on or begins anew. Right does one iteration, Backspace ends
    the run and forgets it.

    A subclass says what its settings and its results are, makes what is its own, and ends its constructor with `begin`. What it
    shows besides is brought to the state by `show_state`, to the experiment by `show_experiment` and to the run by `run_parts`;
    each press is a method here, so a lab that has more than one run says there what becomes of the others.
    """

    made_of: tuple[str, ...] = ("experiment", "opened")  # of the state: what is undone step by step, unlike how it is looked at

    run_ended = Signal(object)  # the last Status of a run

    def __init__(
        self,
        first: StateT,
        services: Services,
        panel: Callable[[QWidget], SettingsPanel],
        results: Callable[[QWidget], LabResults],
        parent: QWidget | None = None,
        *,
        turns: Turns | None = None,
        interval_ms: int = LOOKS_MS,
    ) -> None:
        """`panel` and `results` make what stands inside of the lab. With `turns` the run takes turns with others. The model in
        training is asked every `interval_ms`."""
        super().__init__(services, parent)
        self._state = first
        self._ready = False  # torch is there
        self._closed = False
        self._looked = False  # for the last run
        self.frame = FrameParts(self)
        self.control = control = RunControl(services.runs_folder, self, turns=turns)
        self.worker, self.bridge = control.worker, control.bridge
        self.head = RunHead(control, self)  # the first for the Tab key
        self.run_bar, self.notice, self.diagnosis = self.head.bar, self.head.notice, self.head.diagnosis
        self.panel, self.results = panel(self), results(self)
        self.pages = self.results.pages
        self.moment = ShownMoment(control, self.results, self.frame, self, interval_ms=interval_ms)
        self.looking, self.timeline = self.moment.looking, self.moment.timeline
        self.opener = RunOpener(control, services.runs_folder, self)
        self.exports = ExportMenu(control, lambda: self.timeline.moment, self)
        self.panel.export.setMenu(self.exports)
        self._connect_run()

    def _connect_run(self) -> None:
        control, bar, head, panel, results = self.control, self.run_bar, self.head, self.panel, self.results
        control.changed.connect(self.show_run)
        control.advanced.connect(self.follow_run)
        control.replaced.connect(self.forget_run)
        control.measured.connect(self.draw_run)
        control.ended.connect(self.show_end)
        bar.play_pressed.connect(self.play_or_pause)
        bar.step_pressed.connect(self.step)
        bar.stop_pressed.connect(self.stop)
        bar.reset_pressed.connect(self.reset)
        bar.go_on_pressed.connect(self.go_on)
        bar.begin_pressed.connect(self.begin_anew)
        head.tried.connect(self.try_remedy)
        head.gone_back.connect(self.go_back)
        panel.experiment_edited.connect(self._experiment_edited)
        panel.experiment_opened.connect(self.open_experiment)
        panel.settings_edited.connect(self.take_settings)
        results.curves.loss.view_changed.connect(lambda view: self.edit(loss=view))
        results.curves.accuracy.view_changed.connect(lambda view: self.edit(accuracy=view))
        results.pages.chosen.connect(self.show_page)
        results.curves.again.clicked.connect(self.open_left)
        self.moment.failed.connect(head.warn_of)
        self.exports.script_asked.connect(self.show_script)
        self.opener.opened.connect(self.run_opened)
        self.opener.refused.connect(head.warn)

    def begin(self, middle: QWidget, entries: RunActions) -> None:
        """Lay the lab out, with `middle` beside the settings, and show its first state."""
        self.entries = entries
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addWidget(self.panel)
        columns.addWidget(middle, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP)
        page.addWidget(self.run_bar)
        page.addLayout(columns, 1)
        page.addWidget(self.timeline)
        self.retranslate()
        self.show_state()
        self.remember(self._state)

    def presses(self) -> dict[str, Callable[[], object]]:
        """What the menu's entries of every lab that trains do, in their order."""
        return {
            "play": self.play_or_pause,
            "step": self.step,
            "stop": self.stop,
            "reset": self.reset,
            "go_on": self.go_on,
            "anew": self.begin_anew,
        }

    # --- state

    def state(self) -> StateT:
        return self._state

    def experiment(self) -> Experiment:
        """The experiment as it is set now."""
        return self._state.experiment

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, type(self._state))
        self._state = state
        self.remember(state, None)
        self.show_state()

    def brought_back(self, state: msgspec.Struct) -> StateT:
        """How it is looked at stays."""
        return msgspec.structs.replace(self._state, **{name: getattr(state, name) for name in self.made_of})

    def _go_to(self, state: msgspec.Struct | None) -> None:
        """What the shown run has taken over is undone, and redone, for the run too."""
        before, run = self._state, self.control.experiment
        super()._go_to(state)
        changed = taken_over(before.experiment, self._state.experiment)
        alone = msgspec.structs.replace(before, experiment=self._state.experiment) == self._state
        had = before.experiment
        if alone and run is not None and all(value_of(run, name) == value_of(had, name) for name in changed):
            self.take_settings(changed)
            self.show_run()

    def edit(self, **changes: object) -> None:
        """What the experiment is made of is undone step by step; how it is looked at goes along."""
        before = self._state
        self._state = edited(before, **changes)
        key = difference(before, self._state) if not changes.keys().isdisjoint(self.made_of) else None
        if before.opened != self._state.opened:
            key = ""  # another experiment joins nothing
        self.remember(self._state, key)
        self.state_changed.emit()

    def document(self) -> tuple[str, str]:
        experiment = self._state.experiment
        return experiment.name, to_toml(experiment)

    def document_at(self, path: Path) -> str:
        return to_toml(named_within(self._state.experiment, path))

    def open_text(self, found: LabText) -> None:
        """Show what a text describes: an experiment, or a whole state of this lab. Raises ValueError."""
        if found.is_setting:
            super().open_text(found)
        else:
            self.open_experiment(found.experiment)

    @Slot(object)
    def open_experiment(self, experiment: Experiment) -> None:
        """Show `experiment`. A run that is under way goes on with its own; this one comes with the next."""
        self.edit(experiment=experiment, opened=experiment)
        self.show_state()

    @Slot(object)
    def _experiment_edited(self, experiment: Experiment) -> None:
        self.edit(experiment=experiment)
        self.show_experiment()

    @Slot(object)
    def take_settings(self, changed: Mapping[str, Any]) -> None:
        """The shown run takes over what the user has edited, as far as a run does while it goes on."""
        self.control.take_settings(changed)

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show a page, in its place."""
        self.pages.set_chosen((name, *self.pages.shown))
        self.edit(pages=self.pages.shown)

    def show_state(self) -> None:
        """Bring every part to the state."""
        state = self._state
        self.panel.show_experiment(state.experiment, state.opened)
        self.results.curves.loss.set_view(state.loss)
        self.results.curves.accuracy.set_view(state.accuracy)
        self.pages.set_chosen(state.pages)
        self.show_experiment()

    def show_experiment(self) -> None:
        """Bring what lies around the settings to the experiment."""
        self.control.show_settings(self._state.experiment, runnable=not self.panel.problem)
        self.show_run()

    @Slot()
    def show_script(self) -> None:
        """Show the experiment as a PyTorch script."""
        if not self.panel.problem:
            from gui.running.lab.script_dialog import ScriptDialog

            ScriptDialog(self.control.scripted(), self).open()

    def open_run(self, folder: Path) -> None:
        self.opener.open_run(folder)

    @Slot()
    def open_left(self) -> None:
        """Show the run again that was on the screen until none was."""
        if self.control.left is not None:
            self.open_run(self.control.left)

    @Slot()
    def offer_network(self) -> None:
        """Have the network lab show this network."""
        self.network_offered.emit(self._state.experiment)

    # --- running

    def torch_ready(self) -> None:
        self._ready = True
        self.control.torch_ready()
        self.moment.torch_ready()
        self.show_run()

    def run_in_progress(self) -> bool:
        return self.control.in_progress

    @Slot()
    def play(self) -> None:
        """Go on after a pause, or do what the first button says."""
        self.control.play()

    @Slot()
    def pause(self) -> None:
        self.control.pause()

    @Slot()
    def play_or_pause(self) -> None:
        self.control.play_or_pause()

    @Slot()
    def step(self) -> None:
        """One iteration, then wait."""
        self.control.step()

    @Slot()
    def stop(self) -> None:
        """End the run and keep what it has reached."""
        self.control.stop()

    @Slot()
    def go_on(self) -> None:
        """Go on with the run that has ended."""
        self.control.go_on()

    @Slot()
    def begin_anew(self) -> None:
        """Begin a new run with the settings. One that is under way ends, and stays in its folder."""
        if self.control.in_progress:
            self.reset()
        self.control.begin_anew()

    @Slot()
    def reset(self) -> None:
        """End the run; the screen is at iteration 0 at once. What it had measured stays in its folder."""
        self.control.reset()
        self.pages.forget()
        self.notice.clear()

    @Slot(object)
    def try_remedy(self, experiment: Experiment) -> None:
        """Begin a new run of `experiment`, which mends what is wrong with the shown one. That one ends, and stays in its
        folder. The settings are what was opened, edited."""
        self._take_edited(experiment)
        self.begin_anew()

    @Slot(object)
    def go_back(self, experiment: Experiment) -> None:
        """Begin a new run at the last moment of the shown one whose numbers were finite, with the rate of `experiment`."""
        if (step := self.control.last_finite) is not None:
            self._take_edited(experiment)
            self.control.branch(step)

    def _take_edited(self, experiment: Experiment) -> None:
        self.edit(experiment=experiment)
        self.show_state()

    @Slot(object)
    def run_opened(self, experiment: Experiment) -> None:
        """The settings become those of the run that is shown now, as one step that can be undone."""
        self.open_experiment(experiment)

    # --- the run on the screen

    @Slot()
    def show_run(self) -> None:
        """Bring everything to how the shown run stands, and what is set stands to it."""
        for part in self.run_parts():
            self.frame.drop(part)
            part()

    @Slot(object)
    def follow_run(self, status: Status) -> None:
        """The same where only figures have advanced: a part a turn."""
        for part in self.run_parts():
            self.frame.add(part, partial(self._bring, part, status))

    def _bring(self, part: Callable[[], None], status: Status) -> None:
        with self.control.telling(status):
            part()

    def run_parts(self) -> tuple[Callable[[], None], ...]:
        """What of the lab follows the shown run, in the order in which it is brought to it."""
        return self._show_head, self._show_results, self.moment.follow_run, self._tell_status

    def _show_head(self) -> None:
        self.head.show_run(runnable=self.runnable, beside=self.runs_beside)
        self.exports.set_runnable(self.runnable)
        self.enable_actions()
        self.panel.set_pending(self.control.pending, follows=self.control.follows_rate)

    def _show_results(self) -> None:
        self.results.follow_run(self.control, self._state.experiment)

    def _tell_status(self) -> None:
        self.watch()
        self.status_changed.emit()

    @property
    def runnable(self) -> bool:
        """Whether the settings make a run."""
        return not self.panel.problem and not self._closed

    @property
    def runs_beside(self) -> bool:
        """Whether runs beside the shown one are under way."""
        return False

    def enable_actions(self) -> None:
        self.exports.menuAction().setEnabled(self.isVisible())
        if self.isVisible():
            self.entries.follow(self.run_bar, self.control, self.own_entries(), runnable=self.runnable)
        else:
            self.entries.disable()

    def own_entries(self) -> dict[str, bool]:
        """Whether the menu's entries that are the lab's own can be chosen, where that is not always so."""
        return {}

    @Slot(object)
    def show_end(self, status: Status) -> None:
        self.notice.tell_end(status, unsaved=self.control.unsaved)
        self.run_ended.emit(status)

    @property
    def is_looked_at(self) -> bool:
        """Whether somebody looks at the shown run."""
        return self.isVisible() and not self._closed

    def watch(self) -> None:
        """The model is asked only while somebody looks at its run."""
        self.moment.set_looking(self.is_looked_at)

    @Slot()
    def forget_run(self) -> None:
        """Another run is shown, or none."""
        self.results.forget_run(self.control)

    @Slot()
    def draw_run(self) -> None:
        """There is more in the run's history."""
        self.results.take_measured(self.control)
        for part in self.results.curves.parts():
            self.frame.add(part, part)

    # --- words and looks

    def status_text(self) -> str:
        return self.head.status_text(knows_devices=self._ready)

    def actions_for_menu(self) -> list[QAction]:
        return [*self.entries.all(), self.exports.menuAction()]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.entries.retranslate()
        self.exports.retranslate()
        self.show_run()
        if self.notice.said:
            self.head.tell_end()

    def event(self, event: QEvent) -> bool:
        """A key that the focused control needs itself is no shortcut: Space presses a button, Right moves a
        slider."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_for_focus(event):
            event.accept()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.timeline.set_compact(self.height() < ROOMY_PX)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_run()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._looked:
            self._looked = True
            QTimer.singleShot(0, self, self.look_for_last)  # once the lab is on the screen

    def look_for_last(self) -> None:
        """Show the last run, where none is shown by then."""
        self.control.look_for_last()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watch()
        self.entries.disable()
        self.exports.menuAction().setEnabled(False)

    # --- the end

    def close_lab(self, deadline_s: float) -> None:
        """Stop the run, save it, join the worker's thread."""
        self._closed = True
        self.frame.close()
        self.moment.close(0.5)
        self.pages.close_pages(0.1)
        self.exports.close_menu(0.5)
        self.close_own(deadline_s)
        self.control.close(deadline_s)

    def close_own(self, deadline_s: float) -> None:
        """End what the lab has begun besides, before the run is waited for."""
