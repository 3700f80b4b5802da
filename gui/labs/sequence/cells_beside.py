"""The other cells beside the experiment's own: the same experiment with each of them, its runs, and who answers the pages.

Every run has a worker of its own; all of them take turns, so each run's numbers are to the bit those of the run alone. What is
pressed for the experiment's own run is done for the others, too. Called by the sequence lab.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.experiments.experiment import Experiment
from engine.fields import edited
from engine.runs.status import Asked, State
from engine.training.turns import Turns
from gui.frame_parts import FrameParts
from gui.labs.sequence.cell_edits import BesideName
from gui.running.looking import Looking
from gui.running.next_run import deciding
from gui.running.result_page import ModelQuestion
from gui.running.run_control import RunControl
from gui.running.timeline.past_answers import Past

LOOKS_MS = 120  # between two looks at each of the others: three models share the machine


class CellsBeside(QObject):
    """`show_settings` says which runs there are: none, or one for each other cell. `answered` brings (page, cell, answer);
    None: no model of that cell answers any more."""

    answered = Signal(str, str, object)
    measured = Signal(str)  # there is more in the history of that cell's run
    replaced = Signal(str)  # another run of that cell is shown, or none
    changed = Signal()  # a run stands otherwise than before

    def __init__(self, runs_folder: Path, turns: Turns, frame: FrameParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder, self._turns, self._frame = runs_folder, turns, frame
        self._made: dict[BesideName, tuple[RunControl, Looking]] = {}
        self._settings: dict[BesideName, Experiment] = {}
        self._runnable = False
        self._questions: Callable[[BesideName], Mapping[str, ModelQuestion]] = lambda _cell: {}
        self._ready = False
        self._is_looked_at = False
        self._moment: int | None = None

    # --- which runs there are

    @property
    def controls(self) -> dict[BesideName, RunControl]:
        """The runs of the other cells that are shown now."""
        return {cell: self._made[cell][0] for cell in self._settings}

    def show_settings(self, experiments: Mapping[BesideName, Experiment], *, runnable: bool) -> None:
        """New runs of the other cells are made of these; a cell that is not among them ends its run, which stays in its
        folder."""
        for cell in set(self._settings) - set(experiments):
            self._leave(cell)
        self._settings, self._runnable = dict(experiments), runnable
        for cell, experiment in experiments.items():
            self._control(cell).show_settings(experiment, runnable=runnable)
        self._watch()

    def look_for_last(self) -> None:
        """After a restart: show the last run of each cell with the settings of today, where none is shown by then."""
        for cell, experiment in self._settings.items():
            wanted = deciding(experiment)
            self._control(cell).look_for_last(lambda found, wanted=wanted: deciding(found) == wanted)  # type: ignore[misc]

    def _control(self, cell: BesideName) -> RunControl:
        if cell not in self._made:
            control = RunControl(self._folder, self, turns=self._turns)
            looking = Looking(control.worker, self._frame, self, interval_ms=LOOKS_MS)
            looking.answered.connect(lambda name, answer, cell=cell: self._pass_on(cell, name, answer))
            control.changed.connect(self._follow)
            control.advanced.connect(self._follow_soon)
            control.measured.connect(lambda cell=cell: self._tell_measured(cell))
            control.replaced.connect(lambda cell=cell: self._forget(cell))
            self._made[cell] = control, looking
            if self._ready:
                control.torch_ready()
        return self._made[cell][0]

    def _leave(self, cell: BesideName) -> None:
        control, looking = self._made[cell]
        looking.set_active(False)
        control.reset()

    # --- commands, as for the experiment's own run

    def follow(self, own: RunControl, *, asked: Asked | None = None, cells: Collection[BesideName] | None = None) -> None:
        """Play where the experiment's own run plays, wait where that waits: all the others, or those of `cells`. `asked` is
        what a press has asked of it: a short run may have ended before the others are told."""
        status = own.status()
        if status is None:
            return
        asked = asked or status.asked
        plays = status.state in (State.RUNNING, State.PREPARING) if asked is None else asked is Asked.PLAY
        for cell, control in self.controls.items():
            if cells is not None and cell not in cells:
                continue
            if plays and not self._plays(control):
                self._aim(own)
                control.play()
            elif not plays and control.in_progress:
                control.pause()

    def _aim(self, own: RunControl) -> None:
        """All cells are to learn for as many epochs as the experiment's own run, which may have gone on beyond its settings."""
        if own.goal_epochs is None:
            return
        for cell, experiment in self._settings.items():
            longer = edited(experiment, training=edited(experiment.training, epochs=own.goal_epochs))
            self._control(cell).show_settings(longer, runnable=self._runnable)

    @staticmethod
    def _plays(control: RunControl) -> bool:
        status = control.status()
        if status is None or status.state is State.IDLE:
            return False
        return status.state is not State.PAUSED if status.asked is None else status.asked is Asked.PLAY

    def step(self, own: RunControl) -> None:
        self._aim(own)
        for control in self.controls.values():
            control.step()

    def stop(self) -> None:
        for control in self.controls.values():
            control.stop()

    def reset(self) -> None:
        for control in self.controls.values():
            control.reset()

    def go_on(self, own: RunControl) -> None:
        """Go on with those runs that can, and begin the others."""
        self._aim(own)
        for control in self.controls.values():
            ending = control.ending()
            if ending is not None and ending.can_go_on:
                control.go_on()
            else:
                control.play()

    def begin_anew(self, own: RunControl) -> None:
        self._aim(own)
        for control in self.controls.values():
            if control.in_progress:
                control.reset()
            control.begin_anew()

    def take_settings(self, changed: Mapping[str, Any]) -> None:
        """What the user has edited, and a run takes over while it goes on."""
        for control in self.controls.values():
            control.take_settings(changed)

    def torch_ready(self) -> None:
        self._ready = True
        for control, _ in self._made.values():
            control.torch_ready()

    @property
    def waiting(self) -> tuple[BesideName, ...]:
        """The cells that are to be shown and have no run yet."""
        return tuple(cell for cell, control in self.controls.items() if control.status() is None)

    @property
    def reached(self) -> dict[BesideName, tuple[int, int]]:
        """Of the shown cells that have a run: how many iterations it has done, of how many."""
        statuses = {cell: control.status() for cell, control in self.controls.items()}
        return {cell: (status.step, status.steps) for cell, status in statuses.items() if status is not None and status.steps}

    @property
    def in_progress(self) -> bool:
        return any(control.in_progress for control, _ in self._made.values())

    def close(self, deadline_s: float) -> None:
        """Stop the runs, save them, join their threads."""
        for _, looking in self._made.values():
            looking.close(0.2)
        for control, _ in self._made.values():
            control.close(deadline_s)

    # --- whom the pages ask

    def set_questions(self, questions: Callable[[BesideName], Mapping[str, ModelQuestion]]) -> None:
        """What the model of each other cell is asked, by the name of the page."""
        self._questions = questions
        for cell, (_, looking) in self._made.items():
            looking.set_questions(questions(cell))

    def set_looking(self, looks: bool, moment: int | None) -> None:
        """Whether somebody looks at the answers, and at which iteration; None: now. Of a run that has not kept that one, the
        nearest one answers."""
        self._is_looked_at, self._moment = looks, moment
        self._watch()

    def _watch(self) -> None:
        for cell, (control, looking) in self._made.items():
            past = self._past(control)
            looking.look_at(past)
            looking.set_questions(self._questions(cell))
            there_is = control.has_model or past is not None
            looking.set_active(there_is and self._ready and self._is_looked_at and cell in self._settings)

    def _past(self, control: RunControl) -> Past | None:
        own, kept = control.experiment, control.kept_weights
        if own is None or kept is None or not kept.steps:
            return None
        if self._moment is None:  # of a run that was read from its folder the weights that it has kept last
            return None if control.has_model or control.folder is None else Past(own, kept, None, control.folder)
        nearest = min(kept.steps, key=lambda step: abs(step - (self._moment or 0)))
        return Past(own, kept, nearest, control.folder)

    def _pass_on(self, cell: BesideName, name: str, answer: Any) -> None:
        if cell in self._settings:
            self.answered.emit(name, cell, answer)

    def _follow(self, *_: object) -> None:
        self._watch()
        self.changed.emit()

    def _follow_soon(self, *_: object) -> None:
        self._frame.add(self, self._follow)

    def _tell_measured(self, cell: BesideName) -> None:
        if cell in self._settings:
            self.measured.emit(cell)

    def _forget(self, cell: BesideName) -> None:
        for name in self._questions(cell):
            self.answered.emit(name, cell, None)
        self.replaced.emit(cell)
