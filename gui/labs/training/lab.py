"""The training lab: set up an experiment, run it, watch it learn.

The worker trains and saves in its own thread; `run_control` says which run is shown and what a press does to it. This module
joins the parts: the experiment at the left, the run bar on top, the curves in the middle, pages of what the model answers at
the right, over both the name of their run with the switch to the lab's other views, and at the bottom the timeline, which takes
all of it to a moment of the past.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from engine.experiments.experiment import Experiment, to_toml
from engine.experiments.meaning import meaning_of
from engine.fields import edited
from engine.runs.folder import RunSummary
from engine.runs.status import Reason, State, Status
from gui.lab.base import Lab, Services
from gui.lab.names import LabText
from gui.labs.training.doctor.diagnosis_line import DiagnosisLine
from gui.labs.training.end_notice import EndNotice
from gui.labs.training.experiment_panel import ExperimentPanel, name_in_words
from gui.labs.training.inside.inside_view import InsideView
from gui.labs.training.judged.judged_page import TakenSample
from gui.labs.training.looking import Looking
from gui.labs.training.queue.plan_form import PlanForm
from gui.labs.training.run_bar import RunBar
from gui.labs.training.run_control import RunControl
from gui.labs.training.run_results import RunResults
from gui.labs.training.state import TrainingState
from gui.labs.training.timeline.past_answers import Past
from gui.labs.training.timeline.timeline_card import ShownRun, TimelineCard
from gui.labs.training.training_views import TrainingViews, ViewRow
from gui.plots.numbers.view import CurveView
from gui.shell.language import language, say, told
from gui.shell.on_screen import show_in_front
from gui.shell.undo import difference

if TYPE_CHECKING:  # imported when they are first opened
    from gui.labs.training.moved.moved_dialog import MovedDialog
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
        self._moved: MovedDialog | None = None  # once it has been opened
        self.queue: QueuePage | None = None  # once its view has been opened
        self._going_on: tuple[Path, int | None] | None = None  # a run that goes on once it is open, for so many epochs more
        self.runs: RunsPage | None = None
        self.control = RunControl(services.runs_folder, self)
        self.worker, self.bridge = self.control.worker, self.control.bridge
        self.looking = Looking(self.worker, self)
        self.run_bar = RunBar()
        self.panel = ExperimentPanel()
        self.notice = EndNotice()
        self.diagnosis = DiagnosisLine()
        self.results = RunResults()
        self.timeline = TimelineCard()
        self.loss, self.accuracy = self.results.loss, self.results.accuracy
        self.pages, self.prediction = self.results.pages, self.results.pages.prediction
        self.views = TrainingViews(
            self.results.name,
            (
                ViewRow("run", lambda: self.tr("This run"), lambda: self.results),
                ViewRow("runs", lambda: self.tr("All runs"), self._make_runs, beside_settings=False),
                ViewRow("queue", lambda: self.tr("Queue"), self._make_queue, beside_settings=False),
            ),
        )
        self._actions = self._make_actions()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show()
        self.remember(self._state)

    # --- building

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addWidget(self.panel)
        columns.addWidget(self.views, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP)
        self.run_bar.foot.addWidget(self.notice)
        self.notice.take_in(self.diagnosis)
        page.addWidget(self.run_bar)
        page.addLayout(columns, 1)
        page.addWidget(self.timeline)

    def _make_runs(self) -> QWidget:
        from gui.labs.training.runs.runs_page import RunsPage

        self.runs = page = RunsPage(self.services.runs_folder)
        page.view_edited.connect(lambda view: self._edit(runs=view))
        page.open_asked.connect(self.open_run)
        page.resume_asked.connect(self.resume_run)
        page.renamed.connect(self.control.take_name)
        page.deleted.connect(self._forget_deleted)
        page.set_view(self._state.runs)
        page.set_own(self.control.own_folder)
        return page

    def _make_queue(self) -> QWidget:
        from gui.labs.training.queue.queue_page import QueuePage

        self.queue = queue = QueuePage(self.services.runs_folder)
        queue.form_edited.connect(self._plan_edited)
        self._show_queue()
        queue.open_newest()
        return queue

    def _connect(self) -> None:
        bar, control, panel = self.run_bar, self.control, self.panel
        bar.play_pressed.connect(self.play_or_pause)
        bar.step_pressed.connect(self.step)
        bar.stop_pressed.connect(self.stop)
        bar.reset_pressed.connect(self.reset)
        bar.go_on_pressed.connect(control.go_on)
        bar.begin_pressed.connect(control.begin_anew)
        bar.more_set.connect(control.set_more)
        self.diagnosis.tried.connect(self.try_remedy)
        self.diagnosis.gone_back.connect(self.go_back)
        control.changed.connect(self._show_run)
        control.replaced.connect(self._forget_curves)
        control.measured.connect(self._draw)
        control.ended.connect(self._show_end)
        control.read_back.connect(self.notice.tell_end)
        control.opened.connect(self._run_opened)
        control.last_failed.connect(self._tell_failure)
        panel.experiment_edited.connect(self._experiment_edited)
        panel.experiment_opened.connect(self.open_experiment)
        panel.rate_edited.connect(control.set_rate)
        panel.network_asked.connect(self._offer_network)
        panel.script_asked.connect(self.show_script)
        panel.folds_changed.connect(self._folds_changed)
        self.loss.view_changed.connect(self._loss_view_changed)
        self.accuracy.view_changed.connect(self._accuracy_view_changed)
        self.prediction.next_asked.connect(self._next_sample)
        self.prediction.view.picture_chosen.connect(self._picture_chosen)
        for page in (self.pages.feature_maps, self.pages.layers):
            page.view_edited.connect(self._inside_edited)
        self.looking.answered.connect(self.pages.show_answer)
        self.looking.arrived.connect(self._moment_arrived)
        self.looking.failed.connect(self._moment_failed)
        self.timeline.moment_chosen.connect(self._show_moment)
        self.timeline.branch_asked.connect(control.branch)
        self.pages.questions_changed.connect(self._ask)
        self.pages.chosen.connect(self._page_chosen)
        self.pages.taken.connect(self._take_sample)
        self.pages.try_page.compare_asked.connect(self.compare_moved)
        self.views.chosen.connect(self.show_view)

    def _make_actions(self) -> dict[str, QAction]:
        made = {}
        for name, keys, slot in (
            ("play", [Qt.Key.Key_Space], self.play_or_pause),
            ("step", [Qt.Key.Key_Right], self.step),
            ("stop", [], self.stop),
            ("reset", [Qt.Key.Key_Backspace], self.reset),
            ("go_on", [], self.control.go_on),
            ("anew", [], self.control.begin_anew),
            ("network", [], self._offer_network),
            ("script", [], self.show_script),
            ("moved", [], self.compare_moved),
            ("run_folder", [], self.ask_for_run),
        ):
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setAutoRepeat(False)  # a key that is held is one press
            action.triggered.connect(lambda _on=False, slot=slot: slot())
            action.setEnabled(False)
            self.addAction(action)
            made[name] = action
        return made

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
        """A learning rate that the shown run has taken over is undone, and redone, for the run too."""
        before, run = self._state, self.control.experiment
        super()._go_to(state)
        lr = self._state.experiment.training.lr
        edit = msgspec.structs.replace(before, experiment=_with_rate(before.experiment, lr)) == self._state
        if edit and run is not None and run.training.lr == before.experiment.training.lr:
            self.control.set_rate(lr)
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
        self.loss.set_view(self._state.loss)
        self.accuracy.set_view(self._state.accuracy)
        self.pages.set_chosen(self._state.pages)
        self.prediction.view.set_chosen(self._state.chosen)
        self._show_inside()
        self._show_view()
        if self.runs is not None:
            self.runs.set_view(self._state.runs)
        self._set_probe()
        self._show_experiment()

    def _show_experiment(self) -> None:
        """Bring what lies around the panel to the experiment."""
        self.control.show_settings(self._state.experiment, runnable=not self.panel.problem)
        self._show_queue()
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

    @Slot(object)
    def _folds_changed(self, folds: tuple[str, ...]) -> None:
        self._edit(folds=folds)

    @Slot(object)
    def _loss_view_changed(self, view: CurveView) -> None:
        self._edit(loss=view)

    @Slot(object)
    def _accuracy_view_changed(self, view: CurveView) -> None:
        self._edit(accuracy=view)

    @Slot(object)
    def _plan_edited(self, plan: PlanForm) -> None:
        self._edit(plan=plan)

    def _show_queue(self) -> None:
        """Bring the queue's plan to the state, where the queue has been opened."""
        if self.queue is not None:
            self.queue.set_form(self._state.plan)
            self.queue.show_experiment(self._state.experiment)

    @Slot()
    def _next_sample(self) -> None:
        self._edit(sample=(self._state.sample + 1) % 10_000)
        self._set_probe()

    @Slot(int)
    def _picture_chosen(self, number: int) -> None:
        self._edit(chosen=number)

    @Slot(object)
    def _inside_edited(self, view: InsideView) -> None:
        """One of the two pages edits what is its own; the other follows."""
        self._edit(inside=view)
        self._show_inside()

    def _show_inside(self) -> None:
        for page in (self.pages.feature_maps, self.pages.layers):
            page.set_view(self._state.inside)

    @Slot(str)
    def _page_chosen(self, name: str) -> None:
        self.pages.set_chosen((name, *self._state.pages))
        self._edit(pages=self.pages.shown)

    @Slot(str)
    def show_view(self, name: str) -> None:
        """Show one of the lab's views: "run", the run that is shown, or "runs", all of them."""
        self._edit(view=name)
        self._show_view()
        self._watch()
        self._enable_actions()

    def _show_view(self) -> None:
        self.views.show_view(self._state.view)
        self.panel.setVisible(self.views.beside_settings)
        self.timeline.setVisible(self.views.shown == "run")

    # --- all runs

    @Slot(object)
    def open_run(self, folder: Path) -> None:
        """Show the run in `folder` as this run, with its settings. While a run is under way here, say that it must end
        first."""
        self._going_on = None
        self._open_run(folder)

    @Slot(object, object)
    def resume_run(self, folder: Path, more: int | None = None) -> None:
        """Go on with the run in `folder`, for so many epochs `more` than it has, if it has done all of them."""
        self._going_on = folder, more
        self._open_run(folder)

    def _open_run(self, folder: Path) -> None:
        if self.control.in_progress:
            self.notice.tell(self.tr("A run is under way here. Stop it before you open another one."), "warn")
        else:
            self.control.open_run(folder)

    @Slot(object)
    def _run_opened(self, run: RunSummary) -> None:
        """The settings become the run's own, as one step that can be undone."""
        own = self.control.experiment
        assert own is not None
        self.open_experiment(own)
        self.show_view("run")
        going_on, self._going_on = self._going_on, None
        if going_on is None or going_on[0] != run.status.folder:
            return
        if going_on[1] is not None:
            self.control.set_more(going_on[1])
        self.control.go_on()

    @Slot(object)
    def _forget_deleted(self, folder: Path) -> None:
        """A run that is in the trash now is shown no longer."""
        status = self.control.status()
        if status is not None and status.folder == folder and not self.control.in_progress:
            self.reset()

    @Slot()
    def ask_for_run(self) -> None:
        """Let the user choose the folder of a run, anywhere, and open it."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Open the folder of a run"), str(self.services.runs_folder))
        if chosen:
            self.open_run(Path(chosen))

    # --- taken along

    @Slot()
    def _offer_network(self) -> None:
        """Have the network lab show this network."""
        self.network_offered.emit(self._state.experiment)

    @Slot(object)
    def _take_sample(self, taken: TakenSample) -> None:
        """Have another lab show a sample, with the network and the weights that have judged it."""
        from gui.labs.training.judged.taking_samples import setting_of

        try:
            self.setting_offered.emit(setting_of(taken, self.services.runs_folder.parent / "looked-at"))
        except OSError as error:
            text = self.tr("The sample cannot be taken along: {error}")
            self.notice.tell(text.format(error=error.strerror or str(error)), "warn")

    @Slot()
    def compare_moved(self) -> None:
        """Show how well two trained networks bear shifted and turned pictures."""
        from gui.labs.training.moved.moved_dialog import MovedDialog

        if self._moved is None:
            self._moved = MovedDialog(self.services.runs_folder, self)
            self._moved.train_asked.connect(self._train_anew)
            self._moved.set_may_train(not self.control.in_progress)
        show_in_front(self._moved)

    @Slot(object)
    def _train_anew(self, experiment: Experiment) -> None:
        """Begin a run of `experiment` now, where none is under way."""
        if not self.control.in_progress:
            self.open_experiment(experiment)
            self.control.begin_anew()

    @Slot()
    def show_script(self) -> None:
        """Show the experiment as a PyTorch script."""
        from gui.labs.training.script_dialog import ScriptDialog

        if not self.panel.problem:
            ScriptDialog(*self.control.scripted(), self).open()

    # --- running

    def torch_ready(self) -> None:
        self._ready = True
        from engine.training.devices import available

        self.panel.set_devices([name for name in ("auto", "cpu", "cuda", "mps") if available(name)])
        self.panel.torch_ready()
        self.control.torch_ready()
        self._show_run()

    def run_in_progress(self) -> bool:
        return self.control.in_progress

    @Slot()
    def play(self) -> None:
        """Go on, or begin a run."""
        self.control.play()

    @Slot()
    def pause(self) -> None:
        """Wait before the next iteration."""
        self.control.pause()

    @Slot()
    def play_or_pause(self) -> None:
        """What the first button says."""
        self.control.play_or_pause()

    @Slot()
    def step(self) -> None:
        """One iteration, then wait; begins a run where none is shown."""
        self.control.step()

    @Slot()
    def stop(self) -> None:
        """End the run and keep what it has reached."""
        self.control.stop()

    @Slot()
    def reset(self) -> None:
        """End the run; the screen is at iteration 0 at once. What it had measured stays in its folder."""
        self.control.reset()
        self.pages.forget()
        if self._moved is not None:
            self._moved.give_up()
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
        control = self.control
        status, ended = control.status(), control.ending()
        ready = not self.panel.problem and not self._closed
        self.run_bar.show_status(status, ready=ready, ended=ended)
        self._enable_actions()
        if status is not None and status.state is not State.IDLE:
            self._tell_of_run(status)
        self.panel.set_pending(control.pending, follows=control.follows_rate)
        self.panel.show_run(None if control.differs else status)
        own = control.experiment
        self.diagnosis.show_diagnoses(() if status is None else status.diagnoses, own, control.last_finite)
        self.pages.show_run(own)
        self.results.show_run("" if own is None else name_in_words(own), differs=control.differs)
        if status is None:
            self.results.set_length(0, 0)
        elif status.steps:  # a run that is being prepared has none
            self.results.set_length(status.steps, status.epochs)
        self._show_kind()
        self._set_probe()
        self._show_timeline()
        self._watch()
        if self.runs is not None:
            self.runs.set_own(control.own_folder)
        self.status_changed.emit()

    def _tell_of_run(self, status: Status) -> None:
        """What is wrong with a run that goes on all the same, a disk that is full, say; of the run before, nothing."""
        if status.problem is not None:
            self.notice.tell(status.problem.sentence(language()), "warn", status.folder)
        elif told_now := [notice for notice in status.notices if notice.code in ("step_left_out", "steps_left_out")]:
            self.notice.tell(told_now[0].sentence(language()), "warn", status.folder)
        elif self.notice.said and status.state is not State.FINISHING:
            self.notice.clear()

    def _enable_actions(self) -> None:
        control = self.control
        shown, ended, runnable = self.isVisible(), control.ending(), not self.panel.problem and not self._closed
        for name in ("play", "step", "stop", "reset"):
            button: QWidget = getattr(self.run_bar, name)
            here = name != "reset" or self.views.shown == "run"  # in a list Backspace would end what is not looked at
            self._actions[name].setEnabled(button.isEnabled() and shown and here)
        self._actions["go_on"].setEnabled(shown and ended is not None and ended.can_go_on)
        self._actions["anew"].setEnabled(shown and ended is not None and runnable)
        self._actions["network"].setEnabled(shown)
        self._actions["moved"].setEnabled(shown and self._ready)
        if self._moved is not None:
            self._moved.set_may_train(not control.in_progress)
        self._actions["run_folder"].setEnabled(shown and not self.control.in_progress)
        self._actions["script"].setEnabled(shown and not self.panel.problem)

    @Slot(object)
    def _show_end(self, status: Status) -> None:
        own = self.control.experiment
        if self.queue is not None and own is not None:
            self.queue.note_speed(own, status.steps_per_second, status.steps)
        self.notice.tell_end(status, unsaved=self.control.unsaved)
        self.run_ended.emit(status)
        if self._moved is not None:
            self._moved.run_ended(completed=status.reason is Reason.COMPLETED)

    @Slot(object)
    def _tell_failure(self, error: Exception) -> None:
        """Say why a run cannot be read back."""
        if self.control.experiment is None or self.control.ending() is not None:
            self.notice.tell(told(error), "warn")

    def _watch(self) -> None:
        """Ask the model only while there is one and somebody looks: the one in training, the one of the moment that is looked
        at, or of a run that is read from its folder the one that was kept last."""
        past = self._past()
        self.looking.look_at(past)
        there_is = self.control.has_model or (past is not None and self._ready)
        looks = self.isVisible() and self.views.shown == "run"
        self.looking.set_active(there_is and looks and not self._closed)

    def _past(self) -> Past | None:
        control, step = self.control, self.timeline.moment
        own, kept = control.experiment, control.kept_weights
        if own is None or kept is None:
            return None
        if step is None and not control.has_model and (control.folder is not None and kept.steps):
            return Past(own, kept, None, control.folder)
        return None if step is None else Past(own, kept, step)

    def _show_timeline(self) -> None:
        """Bring the strip to the run: what has been kept since is on it."""
        control, status = self.control, self.control.status()
        own, kept = control.experiment, control.kept_weights
        if own is None or kept is None or status is None:
            self.timeline.show_run(None)
            return
        steps = control.length or max(kept.steps, default=0)
        self.timeline.show_run(ShownRun(own, kept, control.reached, steps, control.can_branch))

    @Slot(object)
    def _show_moment(self, step: int | None) -> None:
        """Everything on the screen as it was after `step` steps; None: as it is."""
        self._watch()
        self.results.set_moment(step)  # whose pages may have more to ask of a moment
        if self.looking.is_behind:
            self.timeline.wait_for_pages()

    @Slot(object)
    def _moment_arrived(self, past: Past) -> None:
        if past.step == self.timeline.moment:
            self.timeline.arrived()

    @Slot(object)
    def _moment_failed(self, error: Exception) -> None:
        self.timeline.arrived()
        self.pages.forget()  # what they show is another moment's
        if self.timeline.moment is not None:
            self.notice.tell(told(error), "warn")

    def _set_probe(self) -> None:
        own = self.control.experiment
        self.prediction.set_samples(self._state.sample, "scores" if own is None else meaning_of(own))

    @Slot()
    def _ask(self) -> None:
        self.looking.set_questions(self.pages.questions())

    @Slot()
    def _forget_curves(self) -> None:
        self.results.forget()
        if not (self.control.has_model and self.control.reached):  # none, or one that has answered nothing yet
            self.pages.forget()

    @Slot()
    def _draw(self) -> None:
        """Take over what the history has got since the last time, and draw."""
        history, status = self.control.history, self.control.status()
        if history is not None and status is not None:
            self.results.draw(history, status, self.control.first_rate)
            self._show_timeline()

    # --- words and looks

    def _show_kind(self) -> None:
        """Titles and cards as the task of the run, or of the experiment, asks."""
        self.results.show_kind(self.control.experiment or self._state.experiment, self.control.target_variance)

    def status_text(self) -> str:
        status = self.control.status()
        if status is None:
            return self.tr("No run yet")
        words = {
            State.PREPARING: self.tr("Preparing"),
            State.RUNNING: self.tr("Training", "state"),
            State.PAUSED: self.tr("Paused"),
            State.FINISHING: self.tr("Saving"),
        }
        ends = {
            Reason.COMPLETED: self.tr("Completed"),
            Reason.STOPPED: self.tr("Stopped"),
            Reason.DIVERGED: self.tr("Diverged"),
            Reason.FAILED: self.tr("Failed"),
        }
        text = words.get(status.state) or (ends[status.reason] if status.reason is not None else "")
        return " · ".join(part for part in (text, self._other_device(status)) if part)

    def _other_device(self, status: Status) -> str:
        """The run's device where it is not the machine's own choice, which the window says already."""
        if not self._ready or not status.device:
            return ""
        from engine.training.devices import choose

        return "" if status.device == choose("auto").type else say("choices", status.device)

    def actions_for_menu(self) -> list[QAction]:
        return list(self._actions.values())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        texts = {
            "play": self.tr("Play or pause"),
            "step": self.tr("One iteration"),
            "stop": self.tr("Stop the run"),
            "reset": self.tr("From the beginning"),
            "go_on": self.tr("Go on with the run"),
            "anew": self.tr("Begin anew"),
            "network": self.tr("Edit network"),
            "script": self.tr("PyTorch script..."),
            "moved": self.tr("MLP against CNN..."),
            "run_folder": self.tr("Open run folder..."),
        }
        for name, action in self._actions.items():
            action.setText(texts[name])
        self._show_run()
        if self.notice.said and (status := self.control.status()) is not None and status.state is State.IDLE:
            self.notice.tell_end(status, unsaved=self.control.unsaved)

    # --- keys

    def event(self, event: QEvent) -> bool:
        """A key that the focused control needs itself is no shortcut: Space presses a button, Right moves a
        slider."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._needed_by_focus(event):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _needed_by_focus(event: QKeyEvent) -> bool:
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Space:
            return isinstance(focus, QAbstractButton | QComboBox)
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            return isinstance(focus, QAbstractSlider | QComboBox | QAbstractItemView)
        return False

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
            QTimer.singleShot(0, self.control, self.control.look_for_last)  # once the lab is on the screen

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()
        for action in self._actions.values():
            action.setEnabled(False)

    # --- the end

    def close_lab(self, deadline_s: float) -> None:
        """Stop the run, save it, join the worker's thread."""
        self._closed = True
        self.looking.close(0.5)
        self.timeline.close_timeline(0.5)
        self.pages.close_pages(0.1)
        self.panel.close_panel(0.1)
        if self._moved is not None:
            self._moved.end(0.5)
        if self.queue is not None:
            self.queue.close_queue(deadline_s / 2)
        if self.runs is not None:
            self.runs.close_page(deadline_s / 4)
        self.control.close(deadline_s)


def _with_rate(experiment: Experiment, lr: float) -> Experiment:
    return edited(experiment, training=edited(experiment.training, lr=lr))
