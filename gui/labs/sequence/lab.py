"""The sequence lab: recurrent networks from inside, while they learn.

What every lab that trains does is `RunningLab`'s. This module joins what is this lab's own: the choice of the cell in the run
bar, pages of what the model answers in the centre (the gates first) and beside it, and the runs of other cells beside the
experiment's own (`cells_beside`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.experiments.experiment import Experiment
from engine.sequences.conventions import CountingName
from engine.sequences.tasks import CELL_KINDS, cell_kind, with_cell
from engine.training.turns import Turns
from gui.lab.base import Services
from gui.labs.sequence.cell_choice import BESIDE, CONVOLUTION, CellChoice
from gui.labs.sequence.cell_edits import BesideName, beside, both_ways, is_sequence
from gui.labs.sequence.cells_beside import CellsBeside
from gui.labs.sequence.sequence_actions import SequenceActions
from gui.labs.sequence.sequence_look import SequenceLook
from gui.labs.sequence.sequence_pages import SequencePages
from gui.labs.sequence.sequence_results import SequenceResults
from gui.labs.sequence.settings.sequence_panel import SequencePanel
from gui.labs.sequence.state import SequenceState
from gui.running.lab.base import GAP, RunningLab

NARROW_PX = 1060  # too narrow for the settings and the pages beside the centre at once
LIVE_MS = 66  # between two looks at the model in training


class SequenceLab(RunningLab[SequenceState]):
    """Over the heat maps the arrow keys walk through time and units."""

    name = "sequence"
    state_type = SequenceState
    made_of = ("experiment", "opened", "cells")

    _went = False, False  # whether a run was in progress, and playing
    _went_beside = False  # whether one beside it was in progress
    panel: SequencePanel
    results: SequenceResults
    pages: SequencePages

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        turns = Turns()
        super().__init__(SequenceState(), services, SequencePanel, SequenceResults, parent, turns=turns, interval_ms=LIVE_MS)
        self.others = CellsBeside(services.runs_folder, turns, self.frame, self)
        self.cells = CellChoice(self.run_bar)
        self._put_beside_notice(self.cells)
        self._connect()
        self.begin(self.results, self._make_entries())

    # --- building

    def _put_beside_notice(self, cells: QWidget) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.notice, 1)
        foot.addWidget(cells)
        self.run_bar.foot.addLayout(foot)

    def _make_entries(self) -> SequenceActions:
        slots = {
            **self.presses(),
            "train": lambda: self.experiment_offered.emit(self._state.experiment),
            "network": self.offer_network,
            "run_folder": self.opener.ask_for_run,
        }
        return SequenceActions(slots, self)

    def _connect(self) -> None:
        others, pages = self.others, self.pages
        others.answered.connect(pages.show_beside)
        others.measured.connect(self._draw_beside)
        others.replaced.connect(self._forget_beside)
        others.changed.connect(self.status_changed)
        others.changed.connect(self._show_beside)
        pages.questions_changed.connect(self._ask_beside)
        self.timeline.moment_chosen.connect(lambda _step: self.watch())
        self.panel.parameters.convention_chosen.connect(self.count_as)
        self.cells.chosen.connect(self.choose_cell)
        self.results.settings_toggled.connect(self.show_settings)
        pages.look_edited.connect(self.look_at)
        pages.convention_chosen.connect(self.count_as)
        pages.bidirectional_asked.connect(self.read_both_ways)
        pages.view_edited.connect(lambda name, view: self.edit(**{name: view}))

    # --- state

    def show_state(self) -> None:
        state = self._state
        self.panel.parameters.set_convention(state.convention)
        self.pages.set_convention(state.convention)
        for name, page in self.pages.pages.items():
            if hasattr(state, name):
                page.set_view(getattr(state, name))
        self.pages.set_look(state.look)
        self._show_places()
        super().show_state()

    def show_experiment(self) -> None:
        state = self._state
        own = cell_kind(state.experiment)
        self.cells.show_cell(own if state.cells == "one" or own is None else state.cells)
        others = beside(state.experiment, state.cells)
        before = set(self.others.controls)
        for cell in before - set(others):
            self.pages.forget_beside(cell)
        self.pages.show_settings(state.experiment)
        self.others.show_settings(others, runnable=not self.panel.problem)
        self.others.follow(self.control, cells=set(others) - before)
        self.pages.curves.show_cells({*others, *([own] if own is not None else [])})
        if others:
            self._forget_beside("")
        super().show_experiment()

    @Slot(object)
    def open_experiment(self, experiment: Experiment) -> None:
        cells = self._state.cells if cell_kind(experiment) is not None else "one"
        self.edit(experiment=experiment, opened=experiment, cells=cells)
        self.show_state()

    @Slot(object)
    def take_settings(self, changed: Mapping[str, Any]) -> None:
        super().take_settings(changed)
        self.others.take_settings(changed)

    @Slot(str)
    def choose_cell(self, name: str) -> None:
        """Take another cell for the experiment, with the same size; BESIDE: the three recurrent ones side by side; CONVOLUTION:
        the experiment's own and causal convolutions."""
        if name in (BESIDE, CONVOLUTION):
            self.edit(cells=name)
        else:
            kind = next(each for each in CELL_KINDS if each == name)
            self.edit(experiment=with_cell(self._state.experiment, kind), cells="one")
        self.show_state()

    @Slot()
    def read_both_ways(self) -> None:
        """Have the recurrent layer read in both directions, with the next run."""
        self.edit(experiment=both_ways(self._state.experiment))
        self.show_state()

    @Slot(str)
    def count_as(self, convention: CountingName) -> None:
        """Count the parameters in that convention."""
        self.edit(convention=convention)
        self.panel.parameters.set_convention(convention)
        self.pages.set_convention(convention)

    @Slot(bool)
    def show_settings(self, shown: bool) -> None:
        """Have the settings beside the results, or their room."""
        self.edit(settings=shown)
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
            self.edit(look=look)
            self.pages.set_look(look)

    # --- running: what is pressed is for all cells that are shown

    def torch_ready(self) -> None:
        self.others.torch_ready()
        super().torch_ready()

    def run_in_progress(self) -> bool:
        return super().run_in_progress() or self.others.in_progress

    @property
    def runs_beside(self) -> bool:
        return self.others.in_progress

    @Slot()
    def play(self) -> None:
        self.others.follow(self.control, asked=self.control.play())

    @Slot()
    def pause(self) -> None:
        super().pause()
        self.others.follow(self.control)

    @Slot()
    def play_or_pause(self) -> None:
        self.others.follow(self.control, asked=self.control.play_or_pause())

    @Slot()
    def step(self) -> None:
        super().step()
        self.others.step(self.control)

    @Slot()
    def stop(self) -> None:
        super().stop()
        self.others.stop()

    @Slot()
    def go_on(self) -> None:
        super().go_on()
        self.others.go_on(self.control)

    @Slot()
    def begin_anew(self) -> None:
        super().begin_anew()
        self.others.begin_anew(self.control)

    @Slot()
    def reset(self) -> None:
        self.others.reset()
        super().reset()

    # --- the run on the screen

    def run_parts(self) -> tuple[Callable[[], None], ...]:
        return *super().run_parts(), self._show_kind_beside, self._show_beside, self._forget_refusal

    def _forget_refusal(self) -> None:
        """Data that were refused are past once a run begins, or goes on, with others."""
        before, self._went = self._went, (self.control.in_progress, self.run_bar.playing)
        if any(now and not was for was, now in zip(before, self._went, strict=True)):
            self.panel.forget_refusal()

    def _show_kind_beside(self) -> None:
        self.pages.curves.beside.show_kind(self.control.experiment or self._state.experiment)

    @Slot()
    def _show_beside(self) -> None:
        """Say of the cells beside how far each is, and of those that have no run yet what begins one."""
        waiting = self.others.waiting if self.control.experiment is not None and not self.run_bar.playing else ()
        self.results.set_waiting(waiting, self.run_bar.play.text())
        self.results.set_reached(self.others.reached)
        if self._went_beside != self.runs_beside:
            self._went_beside = self.runs_beside
            self._show_head()

    def watch(self) -> None:
        super().watch()
        self.others.set_looking(self.is_looked_at, self.timeline.moment)

    @Slot()
    def _ask_beside(self) -> None:
        self.others.set_questions(self.pages.questions_beside)

    @Slot(str)
    def _draw_beside(self, cell: BesideName) -> None:
        """Take over what the history of one of the three runs has got since the last time."""
        control = self.others.controls.get(cell) or self.control
        history, status = control.history, control.status()
        if history is not None and status is not None:
            self.pages.curves.beside.take(cell, history, status)
            self.frame.add("beside", self.pages.curves.beside.draw)

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
    def forget_run(self) -> None:
        self._forget_beside("")
        super().forget_run()

    @Slot()
    def draw_run(self) -> None:
        super().draw_run()
        if self.others.controls:
            self._draw_own_beside()

    def look_for_last(self) -> None:
        self.control.look_for_last(self._suits)
        self.others.look_for_last()

    def _suits(self, experiment: Experiment) -> bool:
        """Whether a run of `experiment` may be the one that is shown after a restart: of cells side by side the one whose
        cell the settings have, and not the one that was kept last."""
        alone = self._state.cells == "one"
        return is_sequence(experiment) and (alone or cell_kind(experiment) == cell_kind(self._state.experiment))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_places()

    def close_own(self, deadline_s: float) -> None:
        self.control.worker.stop()
        self.others.stop()  # all of them before the first is waited for: they take turns
        self.others.close(deadline_s)
