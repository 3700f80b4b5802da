"""The training lab: set up an experiment, run it, watch it learn.

The worker trains and saves in its own thread; `run_control` says which run is shown and what a press does to it. This module
joins the parts: the experiment at the left, the run bar on top, the curves in the middle, pages of what the model answers at
the right, over both the name of their run with the switch to the lab's other views (`other_views`), and at the bottom the
timeline, which takes all of it to a moment of the past (`shown_moment`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.experiments.experiment import Experiment, to_toml
from engine.experiments.mid_run import taken_over
from engine.fields import edited
from engine.runs.status import Status
from engine.sequences.tasks import cell_kind
from gui.lab.base import Lab, Services
from gui.lab.names import SEQUENCE, LabText
from gui.labs.training.experiment_panel import ExperimentPanel
from gui.labs.training.judged.judged_page import TakenSample
from gui.labs.training.lab_dialogs import LabDialogs
from gui.labs.training.results_look import ResultsLook
from gui.labs.training.run_results import RunResults
from gui.labs.training.state import TrainingState
from gui.labs.training.training_actions import TrainingActions
from gui.labs.training.views.other_views import OtherViews
from gui.labs.training.views.training_views import TrainingViews, ViewRow
from gui.running.experiment_names import name_in_words
from gui.running.focus_keys import is_for_focus
from gui.running.run_control import RunControl
from gui.running.run_head import RunHead
from gui.running.timeline.shown_moment import ShownMoment
from gui.shell.undo import difference

if TYPE_CHECKING:
    from gui.labs.training.queue.queue_page import QueuePage
    from gui.labs.training.runs.runs_page import RunsPage

GAP = 12
ROOMY_PX = 680  # high enough for the curves beside the timeline's pictures


class TrainingLab(Lab):
    """Space does what the first button says: plays, pauses, goes on or begins anew. Right does one iteration, Backspace ends
    the run and forgets it."""

    name = "training"
    state_type = TrainingState

    run_ended = Signal(object)  # the last Status of a run

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = TrainingState()
        self._ready = False
        self._closed = False
        self._looked = False  # for the last run
        self.control = control = RunControl(services.runs_folder, self)
        self.worker, self.bridge = control.worker, control.bridge
        self.play, self.pause, self.play_or_pause = control.play, control.pause, control.play_or_pause
        self.step, self.stop = control.step, control.stop
        self.panel = ExperimentPanel()
        self.head = RunHead(control, self)
        self.run_bar, self.notice, self.diagnosis = self.head.bar, self.head.notice, self.head.diagnosis
        self.results = RunResults()
        self.loss, self.accuracy = self.results.curves.loss, self.results.curves.accuracy
        self.pages, self.prediction = self.results.pages, self.results.pages.prediction
        self.look = ResultsLook(self.results, control, self.state, self)
        self.moment = ShownMoment(control, self.results, self)
        self.looking, self.timeline = self.moment.looking, self.moment.timeline
        self.others = OtherViews(control, services.runs_folder, self.state, self)
        this_run = ViewRow("run", lambda: self.tr("This run"), lambda: self.results)
        self.views = TrainingViews(self.results.name, (this_run, *self.others.rows()))
        self.dialogs = LabDialogs(control, services.runs_folder, self)
        self.entries = self._make_entries()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show()
        self.remember(self._state)

    @property
    def runs(self) -> RunsPage | None:
        """All runs, once their view has been opened."""
        return self.others.runs

    @property
    def queue(self) -> QueuePage | None:
        """The queue, once its view has been opened."""
        return self.others.queue

    # --- building

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addWidget(self.panel)
        columns.addWidget(self.views, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP)
        page.addWidget(self.run_bar)
        page.addLayout(columns, 1)
        page.addWidget(self.timeline)

    def _make_entries(self) -> TrainingActions:
        control = self.control
        slots = {
            "play": control.play_or_pause,
            "step": control.step,
            "stop": control.stop,
            "reset": self.reset,
            "go_on": control.go_on,
            "anew": control.begin_anew,
            "network": self._offer_network,
            "sequence": self._offer_sequence,
            "script": self.show_script,
            "moved": self.dialogs.compare_moved,
            "run_folder": self.others.ask_for_run,
        }
        return TrainingActions(slots, self)

    def _connect(self) -> None:
        control, head, panel, others = self.control, self.head, self.panel, self.others
        control.changed.connect(self._show_run)
        control.replaced.connect(self._forget_curves)
        control.measured.connect(self._draw)
        control.ended.connect(self._show_end)
        head.reset_pressed.connect(self.reset)
        head.tried.connect(self.try_remedy)
        head.gone_back.connect(self.go_back)
        panel.experiment_edited.connect(self._experiment_edited)
        panel.experiment_opened.connect(self.open_experiment)
        panel.settings_edited.connect(control.take_settings)
        panel.network_asked.connect(self._offer_network)
        panel.script_asked.connect(self.show_script)
        panel.folds_changed.connect(lambda folds: self._edit(folds=folds))
        self.look.edited.connect(lambda changes: self._edit(**changes))
        self.moment.failed.connect(head.warn_of)
        self.pages.taken.connect(self._take_sample)
        self.pages.try_page.compare_asked.connect(self.dialogs.compare_moved)
        self.dialogs.train_asked.connect(self._train_anew)
        self.views.chosen.connect(self.show_view)
        others.runs_edited.connect(lambda view: self._edit(runs=view))
        others.plan_edited.connect(lambda plan: self._edit(plan=plan))
        others.opened.connect(self._run_opened)
        others.deleted.connect(self.reset)
        others.refused.connect(head.warn)

    # --- state

    def state(self) -> TrainingState:
        return self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, TrainingState)
        self._state = state
        self.remember(state, None)
        self._show()

    def brought_back(self, state: msgspec.Struct) -> TrainingState:
        """How curves and predictions are looked at stays."""
        assert isinstance(state, TrainingState)
        return msgspec.structs.replace(self._state, experiment=state.experiment, opened=state.opened)

    def _go_to(self, state: msgspec.Struct | None) -> None:
        """What the shown run has taken over is undone, and redone, for the run too."""
        before, run = self._state, self.control.experiment
        super()._go_to(state)
        changed = taken_over(before.experiment, self._state.experiment)
        alone = msgspec.structs.replace(before, experiment=self._state.experiment) == self._state
        had = before.experiment.training
        if alone and run is not None and all(getattr(run.training, name) == getattr(had, name) for name in changed):
            self.control.take_settings(changed)
            self._show_run()

    def document(self) -> tuple[str, str]:
        experiment = self._state.experiment
        return experiment.name, to_toml(experiment)

    def open_text(self, found: LabText) -> None:
        """Show the experiment that a text describes. Raises ExperimentError."""
        self.open_experiment(found.experiment)

    def _edit(self, **changes: object) -> None:
        """What the experiment is made of is undone step by step; how it is looked at goes along."""
        before = self._state
        self._state = edited(before, **changes)
        key = difference(before, self._state) if "experiment" in changes else None
        if before.opened != self._state.opened:
            key = ""  # another experiment joins nothing
        self.remember(self._state, key)
        self.state_changed.emit()

    def _show(self) -> None:
        """Bring every part to the state."""
        self.panel.show_experiment(self._state.experiment, self._state.opened)
        self.panel.set_folds(self._state.folds)
        self.look.show_look()
        self._show_view()
        self.others.show_runs()
        self._show_experiment()

    def _show_experiment(self) -> None:
        """Bring what lies around the panel to the experiment."""
        self.control.show_settings(self._state.experiment, runnable=not self.panel.problem)
        self.others.show_queue()
        self._show_run()

    def experiment(self) -> Experiment:
        """The experiment as it is set now."""
        return self._state.experiment

    @Slot(object)
    def open_experiment(self, experiment: Experiment) -> None:
        """Show `experiment`. A run that is under way goes on with its own; this one comes with the next."""
        self._edit(experiment=experiment, opened=experiment)
        self._show()

    @Slot(object)
    def _experiment_edited(self, experiment: Experiment) -> None:
        self._edit(experiment=experiment)
        self._show_experiment()

    @Slot(str)
    def show_view(self, name: str) -> None:
        """Show one of the lab's views: "run", the run that is shown, "runs", all of them, or "queue"."""
        self._edit(view=name)
        self._show_view()
        self._watch()
        self._enable_actions()

    def _show_view(self) -> None:
        self.views.show_view(self._state.view)
        self.panel.setVisible(self.views.beside_settings)
        self.timeline.setVisible(self.views.shown == "run")

    @Slot(object)
    def _run_opened(self, experiment: Experiment) -> None:
        """The settings become the run's own, as one step that can be undone."""
        self.open_experiment(experiment)
        self.show_view("run")

    # --- taken along

    @Slot()
    def _offer_network(self) -> None:
        """Have the network lab show this network."""
        self.network_offered.emit(self._state.experiment)

    @Slot()
    def _offer_sequence(self) -> None:
        """Have the sequence lab show this experiment."""
        experiment = self._state.experiment
        self.setting_offered.emit(LabText(to_toml(experiment), experiment.name, SEQUENCE, is_setting=False))

    @Slot(object)
    def _take_sample(self, taken: TakenSample) -> None:
        """Have another lab show a sample, with the network and the weights that have judged it."""
        from gui.labs.training.judged.taking_samples import setting_of

        try:
            self.setting_offered.emit(setting_of(taken, self.services.runs_folder.parent / "looked-at"))
        except OSError as error:
            text = self.tr("The sample cannot be taken along: {error}")
            self.head.warn(text.format(error=error.strerror or str(error)))

    @Slot(object)
    def _train_anew(self, experiment: Experiment) -> None:
        """Begin a run of `experiment` now, where none is under way."""
        if not self.control.in_progress:
            self.open_experiment(experiment)
            self.control.begin_anew()

    @Slot()
    def show_script(self) -> None:
        """Show the experiment as a PyTorch script."""
        if not self.panel.problem:
            self.dialogs.show_script()

    # --- running

    def torch_ready(self) -> None:
        self._ready = True
        from engine.training.devices import available

        self.panel.set_devices([name for name in ("auto", "cpu", "cuda", "mps") if available(name)])
        self.panel.torch_ready()
        self.control.torch_ready()
        self.moment.torch_ready()
        self._show_run()

    def run_in_progress(self) -> bool:
        return self.control.in_progress

    @Slot()
    def reset(self) -> None:
        """End the run; the screen is at iteration 0 at once. What it had measured stays in its folder."""
        self.control.reset()
        self.pages.forget()
        self.dialogs.give_up()
        self.notice.clear()

    @Slot(object)
    def try_remedy(self, experiment: Experiment) -> None:
        """Begin a new run of `experiment`, which mends what is wrong with the shown one. That one ends, and stays in its
        folder."""
        self.open_experiment(experiment)
        if self.control.in_progress:
            self.reset()
        self.control.begin_anew()

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
        self.panel.show_run(None if control.differs else status)
        self.pages.show_run(own)
        self.results.show_run("" if own is None else name_in_words(own), differs=control.differs)
        if status is None:
            self.results.curves.set_length(0, 0)
        elif status.steps:  # a run that is being prepared has none
            self.results.curves.set_length(status.steps, status.epochs)
        self.results.curves.show_kind(own or self._state.experiment, control.target_variance)
        self.look.show_samples()
        self.moment.follow_run()
        self._watch()
        self.others.follow_run()
        self.dialogs.follow_run()
        self.status_changed.emit()

    @property
    def _runnable(self) -> bool:
        return not self.panel.problem and not self._closed

    def _enable_actions(self) -> None:
        if self.isVisible():
            shown, runnable = self.views.shown, self._runnable
            recurrent = cell_kind(self._state.experiment) is not None
            self.entries.follow(
                self.run_bar, self.control, view=shown, runnable=runnable, ready=self._ready, recurrent=recurrent
            )
        else:
            self.entries.disable()

    @Slot(object)
    def _show_end(self, status: Status) -> None:
        self.others.note_end(status)
        self.notice.tell_end(status, unsaved=self.control.unsaved)
        self.run_ended.emit(status)
        self.dialogs.note_end(status)

    def _watch(self) -> None:
        """The model is asked only while somebody looks at its run."""
        self.moment.set_looking(self.isVisible() and self.views.shown == "run" and not self._closed)

    @Slot()
    def _forget_curves(self) -> None:
        self.results.curves.forget()
        if not (self.control.has_model and self.control.reached):  # none, or one that has answered nothing yet
            self.pages.forget()

    @Slot()
    def _draw(self) -> None:
        """Take over what the history has got since the last time, and draw."""
        history, status = self.control.history, self.control.status()
        if history is not None and status is not None:
            self.results.curves.draw(history, status, self.control.first_rate)

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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_run()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._looked:
            self._looked = True
            QTimer.singleShot(0, self.control, self._look_for_last)  # once the lab is on the screen

    @Slot()
    def _look_for_last(self) -> None:
        """The last run of a recurrent network where the settings are of one, else of another: the sequence lab has runs too."""
        self.control.look_for_last(self._suits, tells_damaged=True)

    def _suits(self, experiment: Experiment) -> bool:
        return (cell_kind(experiment) is None) == (cell_kind(self._state.experiment) is None)

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
        self.panel.close_panel(0.1)
        self.dialogs.close(0.5)
        self.others.close(deadline_s)
        self.control.close(deadline_s)
