"""The sequence lab: recurrent networks from inside, while they learn.

The worker trains and saves in its own thread; `run_control` says which run is shown and what a press does to it. This module
joins the parts: the settings at the left, the run bar with the choice of the cell on top, pages of what the model answers in
the centre (the gates first) and beside it, and at the bottom the timeline, which takes all of it to a moment of the past.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment, to_toml
from engine.experiments.mid_run import taken_over
from engine.fields import edited
from engine.runs.status import Status
from engine.sequences.conventions import CountingName
from engine.sequences.tasks import CELL_KINDS, cell_kind, with_cell
from engine.training.turns import Turns
from gui.lab.base import Lab, Services
from gui.lab.names import LabText
from gui.labs.sequence.cell_choice import BESIDE, CONVOLUTION, CellChoice
from gui.labs.sequence.cell_edits import BesideName, beside, both_ways, is_sequence
from gui.labs.sequence.cells_beside import CellsBeside
from gui.labs.sequence.sequence_actions import SequenceActions
from gui.labs.sequence.sequence_look import SequenceLook
from gui.labs.sequence.sequence_results import SequenceResults
from gui.labs.sequence.settings.sequence_panel import SequencePanel
from gui.labs.sequence.state import SequenceState
from gui.running.experiment_names import name_in_words
from gui.running.focus_keys import is_for_focus
from gui.running.run_control import RunControl
from gui.running.run_head import RunHead
from gui.running.timeline.shown_moment import ShownMoment
from gui.shell.undo import difference

GAP = 12
ROOMY_PX = 680  # high enough for the maps beside the timeline's pictures
NARROW_PX = 1060  # too narrow for the settings and the pages beside the centre at once
LIVE_MS = 66  # between two looks at the model in training


class SequenceLab(Lab):
    """Space does what the first button says: plays, pauses, goes on or begins anew. Right does one iteration, Backspace ends
    the run and forgets it; over the heat maps the arrow keys walk through time and units instead."""

    name = "sequence"
    state_type = SequenceState

    run_ended = Signal(object)  # the last Status of a run

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = SequenceState()
        self._ready = False
        self._closed = False
        self._looked = False  # for the last run
        self._turns = turns = Turns()
        self.control = control = RunControl(services.runs_folder, self, turns=turns)
        self.others = CellsBeside(services.runs_folder, turns, self)
        self.worker, self.bridge = control.worker, control.bridge
        self.panel = SequencePanel()
        self.head = RunHead(control, self)
        self.run_bar, self.notice, self.diagnosis = self.head.bar, self.head.notice, self.head.diagnosis
        self.cells = CellChoice()
        self.results = SequenceResults()
        self.pages = self.results.pages
        self.moment = ShownMoment(control, self.results, self, interval_ms=LIVE_MS)
        self.looking, self.timeline = self.moment.looking, self.moment.timeline
        self.entries = self._make_entries()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show()
        self.remember(self._state)

    # --- building

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.notice, 1)
        foot.addWidget(self.cells)
        self.run_bar.foot.addLayout(foot)
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addWidget(self.panel)
        columns.addWidget(self.results, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP)
        page.addWidget(self.run_bar)
        page.addLayout(columns, 1)
        page.addWidget(self.timeline)

    def _make_entries(self) -> SequenceActions:
        slots = {
            "play": self.play_or_pause,
            "step": self.step,
            "stop": self.stop,
            "reset": self.reset,
            "go_on": self.go_on,
            "anew": self.begin_anew,
            "train": lambda: self.experiment_offered.emit(self._state.experiment),
            "network": lambda: self.network_offered.emit(self._state.experiment),
            "run_folder": self.ask_for_run,
        }
        return SequenceActions(slots, self)

    def _connect(self) -> None:
        control, head, panel = self.control, self.head, self.panel
        control.changed.connect(self._show_run)
        control.replaced.connect(self._forget_curves)
        control.measured.connect(self._draw)
        control.ended.connect(self._show_end)
        control.opened.connect(lambda run: self.open_experiment(run.experiment))
        bar, others = self.run_bar, self.others  # RunHead has done it for the experiment's own run by then
        bar.play_pressed.connect(self._follow_own)
        bar.step_pressed.connect(lambda: others.step(control))
        bar.stop_pressed.connect(others.stop)
        bar.go_on_pressed.connect(lambda: others.go_on(control))
        bar.begin_pressed.connect(lambda: others.begin_anew(control))
        others.answered.connect(self.pages.show_beside)
        others.measured.connect(self._draw_beside)
        others.replaced.connect(self._forget_beside)
        others.changed.connect(self.status_changed)
        self.pages.questions_changed.connect(self._ask_beside)
        self.timeline.moment_chosen.connect(lambda _step: self._watch())
        head.reset_pressed.connect(self.reset)
        head.tried.connect(self.try_remedy)
        head.gone_back.connect(self.go_back)
        panel.experiment_edited.connect(self._experiment_edited)
        panel.experiment_opened.connect(self.open_experiment)
        panel.settings_edited.connect(control.take_settings)
        panel.settings_edited.connect(others.take_settings)
        panel.parameters.convention_chosen.connect(self.count_as)
        self.cells.chosen.connect(self.choose_cell)
        self.results.settings_toggled.connect(self.show_settings)
        self.pages.chosen.connect(self.show_page)
        self.pages.look_edited.connect(self.look_at)
        self.pages.convention_chosen.connect(self.count_as)
        self.pages.bidirectional_asked.connect(self.read_both_ways)
        self.pages.view_edited.connect(lambda name, view: self._edit(**{name: view}))
        self.results.curves.loss.view_changed.connect(lambda view: self._edit(loss=view))
        self.results.curves.accuracy.view_changed.connect(lambda view: self._edit(accuracy=view))
        self.moment.failed.connect(head.warn_of)

    # --- state

    def state(self) -> SequenceState:
        return self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, SequenceState)
        self._state = state
        self.remember(state, None)
        self._show()

    def brought_back(self, state: msgspec.Struct) -> SequenceState:
        """How curves and gates are looked at stays."""
        assert isinstance(state, SequenceState)
        changes = {name: getattr(state, name) for name in ("experiment", "opened", "cells")}
        return msgspec.structs.replace(self._state, **changes)

    def _go_to(self, state: msgspec.Struct | None) -> None:
        """What the shown run has taken over is undone, and redone, for the run too."""
        before, run = self._state, self.control.experiment
        super()._go_to(state)
        changed = taken_over(before.experiment, self._state.experiment)
        alone = msgspec.structs.replace(before, experiment=self._state.experiment) == self._state
        had = before.experiment.training
        if alone and run is not None and all(getattr(run.training, name) == getattr(had, name) for name in changed):
            self.control.take_settings(changed)
            self.others.take_settings(changed)
            self._show_run()

    def document(self) -> tuple[str, str]:
        experiment = self._state.experiment
        return experiment.name, to_toml(experiment)

    def open_text(self, found: LabText) -> None:
        """Show what a text describes: an experiment, or a whole state of this lab. Raises ValueError."""
        if found.is_setting:
            super().open_text(found)
        else:
            self.open_experiment(found.experiment)

    def _edit(self, **changes: object) -> None:
        """What the experiment is made of is undone step by step; how it is looked at goes along."""
        before = self._state
        self._state = edited(before, **changes)
        key = difference(before, self._state) if "experiment" in changes or "cells" in changes else None
        if before.opened != self._state.opened:
            key = ""  # another experiment joins nothing
        self.remember(self._state, key)
        self.state_changed.emit()

    def _show(self) -> None:
        """Bring every part to the state."""
        state = self._state
        self.panel.show_experiment(state.experiment)
        self.panel.parameters.set_convention(state.convention)
        self.pages.set_convention(state.convention)
        self.results.curves.loss.set_view(state.loss)
        self.results.curves.accuracy.set_view(state.accuracy)
        for name, page in self.pages.pages.items():
            if hasattr(state, name):
                page.set_view(getattr(state, name))
        self.pages.set_look(state.look)
        self.pages.set_chosen(state.pages)
        self._show_places()
        self._show_experiment()

    def _show_experiment(self) -> None:
        """Bring what lies around the panel to the experiment."""
        state = self._state
        own = cell_kind(state.experiment)
        self.cells.show_cell(own if state.cells == "one" or own is None else state.cells)
        self.control.show_settings(state.experiment, runnable=not self.panel.problem)
        others = beside(state.experiment, state.cells)
        for cell in set(self.others.controls) - set(others):
            self.pages.forget_beside(cell)
        self.pages.show_settings(state.experiment)
        self.others.show_settings(others, runnable=not self.panel.problem)
        self.pages.curves.show_cells({*others, *([own] if own is not None else [])})
        if others:
            self._forget_beside("")
        self._show_run()

    def experiment(self) -> Experiment:
        """The experiment as it is set now."""
        return self._state.experiment

    @Slot(object)
    def open_experiment(self, experiment: Experiment) -> None:
        """Show `experiment`. A run that is under way goes on with its own; this one comes with the next."""
        cells = self._state.cells if cell_kind(experiment) is not None else "one"
        self._edit(experiment=experiment, opened=experiment, cells=cells)
        self._show()

    @Slot(object)
    def _experiment_edited(self, experiment: Experiment) -> None:
        self._edit(experiment=experiment)
        self._show_experiment()

    @Slot(str)
    def choose_cell(self, name: str) -> None:
        """Take another cell for the experiment, with the same size; BESIDE: the three recurrent ones side by side; CONVOLUTION:
        the experiment's own and causal convolutions."""
        if name in (BESIDE, CONVOLUTION):
            self._edit(cells=name)
        else:
            kind = next(each for each in CELL_KINDS if each == name)
            self._edit(experiment=with_cell(self._state.experiment, kind), cells="one")
        self._show()

    @Slot()
    def read_both_ways(self) -> None:
        """Have the recurrent layer read in both directions, with the next run."""
        self._edit(experiment=both_ways(self._state.experiment))
        self._show()

    @Slot(str)
    def count_as(self, convention: CountingName) -> None:
        """Count the parameters in that convention."""
        self._edit(convention=convention)
        self.panel.parameters.set_convention(convention)
        self.pages.set_convention(convention)

    @Slot(bool)
    def show_settings(self, shown: bool) -> None:
        """Have the settings beside the results, or their room."""
        self._edit(settings=shown)
        self._show_places()

    def _show_places(self) -> None:
        """Settings, centre and the pages beside it, as far as there is room for all of them."""
        shown = self._state.settings
        self.panel.setVisible(shown)
        self.results.set_settings_shown(shown)
        self.results.set_side_shown(not shown or self.width() >= NARROW_PX)

    @Slot(object)
    def look_at(self, look: SequenceLook) -> None:
        """Have every page look at another cell, sample, layer or direction."""
        if look != self._state.look:
            self._edit(look=look)
            self.pages.set_look(look)

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show a page, in its place."""
        self.pages.set_chosen((name, *self._state.pages))
        self._edit(pages=self.pages.shown)

    @Slot()
    def ask_for_run(self) -> None:
        """Show a run of a folder that the user chooses."""
        title = self.tr("Open run folder")
        folder = QFileDialog.getExistingDirectory(self, title, str(self.services.runs_folder))
        if folder:
            from pathlib import Path

            self.control.open_run(Path(folder))

    # --- running

    def torch_ready(self) -> None:
        self._ready = True
        self.control.torch_ready()
        self.others.torch_ready()
        self.moment.torch_ready()
        self._show_run()

    def run_in_progress(self) -> bool:
        return self.control.in_progress or self.others.in_progress

    @Slot()
    def play(self) -> None:
        """Go on after a pause, or do what the first button says; so for all cells that are shown."""
        self.control.play()
        self._follow_own()

    @Slot()
    def pause(self) -> None:
        self.control.pause()
        self._follow_own()

    @Slot()
    def play_or_pause(self) -> None:
        self.control.play_or_pause()
        self._follow_own()

    @Slot()
    def step(self) -> None:
        """One iteration of each, then wait."""
        self.control.step()
        self.others.step(self.control)

    @Slot()
    def stop(self) -> None:
        """End the runs and keep what they have reached."""
        self.control.stop()
        self.others.stop()

    @Slot()
    def go_on(self) -> None:
        self.control.go_on()
        self.others.go_on(self.control)

    @Slot()
    def begin_anew(self) -> None:
        """Begin new runs with the settings."""
        self.control.begin_anew()
        self.others.begin_anew(self.control)

    @Slot()
    def _follow_own(self) -> None:
        self.others.follow(self.control)

    @Slot()
    def reset(self) -> None:
        """End the run; the screen is at iteration 0 at once. What it had measured stays in its folder."""
        self.control.reset()
        self.others.reset()
        self.pages.forget()
        self.notice.clear()

    @Slot(object)
    def try_remedy(self, experiment: Experiment) -> None:
        """Begin a new run of `experiment`, which mends what is wrong with the shown one. That one ends, and stays in its
        folder."""
        self.open_experiment(experiment)
        if self.control.in_progress:
            self.reset()
        self.begin_anew()

    @Slot(object)
    def go_back(self, experiment: Experiment) -> None:
        """Begin a new run at the last moment of the shown one whose numbers were finite, with the rate of `experiment`."""
        if (step := self.control.last_finite) is not None:
            self.open_experiment(experiment)
            self.control.branch(step)

    # --- the run on the screen

    @Slot()
    def _show_run(self) -> None:
        """Run bar, menu, name, pending edits and status bar."""
        control, own, status = self.control, self.control.experiment, self.control.status()
        self.head.show_run(runnable=self._runnable)
        self._enable_actions()
        self.panel.set_pending(control.pending, follows=control.follows_rate)
        self.pages.show_run(own)
        self.results.show_run("" if own is None else name_in_words(own), differs=control.differs)
        if status is None:
            self.results.curves.set_length(0, 0)
        elif status.steps:  # a run that is being prepared has none
            self.results.curves.set_length(status.steps, status.epochs)
        shown = own or self._state.experiment
        self.results.curves.show_kind(shown, control.target_variance)
        self.pages.curves.beside.show_loss(loss_of(shown))
        self.moment.follow_run()
        self._watch()
        self.status_changed.emit()

    def _suits(self, experiment: Experiment) -> bool:
        """Whether a run of `experiment` may be the one that is shown after a restart: of cells side by side the one whose
        cell the settings have, and not the one that was kept last."""
        alone = self._state.cells == "one"
        return is_sequence(experiment) and (alone or cell_kind(experiment) == cell_kind(self._state.experiment))

    @property
    def _runnable(self) -> bool:
        return not self.panel.problem and not self._closed

    def _enable_actions(self) -> None:
        if self.isVisible():
            self.entries.follow(self.run_bar, self.control, runnable=self._runnable)
        else:
            self.entries.disable()

    @Slot(object)
    def _show_end(self, status: Status) -> None:
        self.notice.tell_end(status, unsaved=self.control.unsaved)
        self.run_ended.emit(status)

    def _watch(self) -> None:
        """The model is asked only while somebody looks at its run."""
        looks = self.isVisible() and not self._closed
        self.moment.set_looking(looks)
        self.others.set_looking(looks, self.timeline.moment)

    @Slot()
    def _ask_beside(self) -> None:
        self.others.set_questions(self.pages.questions_beside)

    @Slot(str)
    def _draw_beside(self, cell: BesideName) -> None:
        """Take over what the history of one of the three runs has got since the last time."""
        control = self.others.controls.get(cell) or self.control
        history, status = control.history, control.status()
        if history is not None and status is not None:
            self.pages.curves.beside.draw(cell, history, status)

    @Slot(str)
    def _forget_beside(self, _cell: str) -> None:
        """A curve that begins anew begins on an empty plot; the others are drawn again from their histories."""
        self.pages.curves.beside.forget()
        for cell in self.others.controls:
            self._draw_beside(cell)
        self._draw_own_beside()

    def _draw_own_beside(self) -> None:
        own = self.control.experiment
        cell = None if own is None else cell_kind(own)
        if cell is not None and cell not in self.others.controls:
            self._draw_beside(cell)

    @Slot()
    def _forget_curves(self) -> None:
        self.results.curves.forget()
        self._forget_beside("")
        if not (self.control.has_model and self.control.reached):  # none, or one that has answered nothing yet
            self.pages.forget()

    @Slot()
    def _draw(self) -> None:
        """Take over what the history has got since the last time, and draw."""
        history, status = self.control.history, self.control.status()
        if history is not None and status is not None:
            self.results.curves.draw(history, status, self.control.first_rate)
            if self.others.controls:
                self._draw_own_beside()

    # --- words and looks

    def status_text(self) -> str:
        return self.head.status_text(knows_devices=self._ready)

    def actions_for_menu(self) -> list[QAction]:
        return self.entries.all()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.entries.retranslate()
        self._show_run()
        if self.notice.said:
            self.head.tell_end()

    # --- keys

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
        self._show_places()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_run()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._looked:
            self._looked = True
            QTimer.singleShot(0, self.control, lambda: self.control.look_for_last(self._suits))  # once the lab is on the screen

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()
        self.entries.disable()

    # --- the end

    def close_lab(self, deadline_s: float) -> None:
        """Stop the run, save it, join the worker's thread."""
        self._closed = True
        self.moment.close(0.5)
        self.pages.close_pages(0.1)
        self.control.worker.stop()
        self.others.stop()  # all of them before the first is waited for: they take turns
        self.others.close(deadline_s)
        self.control.close(deadline_s)


def loss_of(experiment: Experiment) -> str:
    """What a run of it makes small."""
    if experiment.training.loss is not None:
        return experiment.training.loss
    try:
        return describe(experiment.data).loss
    except DatasetError:
        return "mean_squared_error"
